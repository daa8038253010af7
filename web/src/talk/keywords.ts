// A member's own words, found in what others write: compared as the server's search compares, on this device. A word counts
// wherever it stands; one that begins with a Latin letter or a digit only where such a run begins.
import type { Message } from '../base/types.ts';

/** As the server takes them. */
export const KEYWORDS_MAX = 20;
export const KEYWORD_CHARS = 40;

export interface Span {
  from: number;
  to: number;
}
export interface Keyword {
  word: string;
  folded: string;
}

/** Folded text, character by character, with where in the text each one came from. */
interface Places {
  text: string;
  from: number[];
  to: number[];
}

const LETTER = /[0-9a-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F]/u;

const isBlank = (c: number): boolean => c <= 0x20 || c === 0xA0 || c === 0x3000 || (c >= 0x2000 && c <= 0x200B);
/** A sound mark that stands apart joins the kana before it. */
const isMark = (c: number): boolean => (c >= 0x3099 && c <= 0x309C) || c === 0xFF9E || c === 0xFF9F;
/** Kanji, hiragana, small letters, digits: most of what is written is folded already. */
const isFolded = (c: number): boolean => (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x61 && c <= 0x7A) || (c >= 0x21 && c <= 0x40);

const plain = (group: string): string => group.replace(/\u309B/gu, '\u3099').replace(/\u309C/gu, '\u309A').normalize('NFKC').toLowerCase()
  .replace(/[\u30A1-\u30F6]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

function places(text: string): Places {
  const out: Places = { text: '', from: [], to: [] };
  for (let at = 0, end = 0; at < text.length; at = end) {
    const code = text.codePointAt(at)!;
    const blank = isBlank(code);
    end = at + (code > 0xFFFF ? 2 : 1);
    if (!blank && isMark(text.charCodeAt(end))) end += 1;
    if (blank && out.text.endsWith(' ')) {
      out.to[out.to.length - 1] = end;
      continue;
    }
    const chars = blank ? ' ' : end === at + 1 && isFolded(code) ? text.charAt(at) : plain(text.slice(at, end));
    out.text += chars;
    for (let i = 0; i < chars.length; i += 1) {
      out.from.push(at);
      out.to.push(end);
    }
  }
  return out;
}

export const foldKeyword = (word: string): string => places(word).text.trim();

export const keywordsOf = (words: readonly string[]): Keyword[] =>
  words.map((word) => ({ word, folded: foldKeyword(word) })).filter((k) => k.folded !== '');

function* standing(text: Places, word: string): Generator<number> {
  const run = LETTER.test(word.charAt(0));
  for (let at = text.text.indexOf(word); at >= 0; at = text.text.indexOf(word, at + 1)) {
    if (!run || at === 0 || !LETTER.test(text.text.charAt(at - 1))) yield at;
  }
}

/** Where words stand in the text, in order; what touches or overlaps is one. */
export function keywordSpans(text: string, words: readonly Keyword[]): Span[] {
  if (words.length === 0) return [];
  const folded = places(text);
  const all = words.flatMap(({ folded: word }) => [...standing(folded, word)]
    .map((at): Span => ({ from: folded.from[at]!, to: folded.to[at + word.length - 1]! }))).sort((a, b) => a.from - b.from);
  const spans: Span[] = [];
  for (const s of all) {
    const last = spans.at(-1);
    if (last && s.from <= last.to) last.to = Math.max(last.to, s.to);
    else spans.push({ ...s });
  }
  return spans;
}

/** A text cut at the words in it. */
export function keywordPieces(text: string, words: readonly Keyword[]): { text: string; hit: boolean }[] {
  const pieces: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const { from, to } of keywordSpans(text, words)) {
    if (from > at) pieces.push({ text: text.slice(at, from), hit: false });
    pieces.push({ text: text.slice(from, to), hit: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}

/** Somebody else wrote one of the words. What the house itself says is nobody's. */
export function holdsKeyword(m: Pick<Message, 'author' | 'kind' | 'gone' | 'text'>, me: string, words: readonly Keyword[]): boolean {
  if (words.length === 0 || m.author === me || m.kind === 'system' || m.gone) return false;
  const folded = places(m.text);
  return words.some(({ folded: word }) => !standing(folded, word).next().done);
}

const QUOTES = [['"', '"'], ['\u300C', '\u300D'], ['\u201C', '\u201D'], ['\u300E', '\u300F']] as const;

/** The word as a phrase, for search; null: it holds every kind of quote. */
export function asPhrase(word: string): string | null {
  const quotes = QUOTES.find(([, close]) => !word.includes(close));
  return quotes ? quotes[0] + word + quotes[1] : null;
}

/** The unread messages with a word, by room. */
export type Hits = ReadonlyMap<string, readonly number[]>;

export function withHit(hits: Hits, room: string, seq: number): Hits {
  const here = hits.get(room) ?? [];
  return here.includes(seq) ? hits : new Map(hits).set(room, [...here, seq]);
}

function only(hits: Hits, room: string, stays: (seq: number) => boolean): Hits {
  const here = hits.get(room);
  const rest = here?.filter(stays) ?? [];
  if (!here || rest.length === here.length) return hits;
  const next = new Map(hits);
  if (rest.length > 0) next.set(room, rest);
  else next.delete(room);
  return next;
}

export const withoutHit = (hits: Hits, room: string, seq: number): Hits => only(hits, room, (s) => s !== seq);
export const withoutRead = (hits: Hits, room: string, seq: number): Hits => only(hits, room, (s) => s > seq);
