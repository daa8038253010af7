// Who is named in a text: words that begin with @, counted in code points as the server counts them.
import type { Message } from '../base/types.ts';

export interface Named {
  kind: 'member' | 'unit' | 'all';
  id?: string;
  at: number;
  length: number;
}
export interface Nameable {
  kind: 'member' | 'unit' | 'all';
  id: string;
  name: string;
}

const MOST = 50;
const count = (s: string): number => [...s].length;

/** Every "@name" of these people in the text; of names that begin alike the longest. */
export function mentionsIn(text: string, people: readonly Nameable[]): Named[] {
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length);
  const found: Named[] = [];
  let points = 0;
  let from = 0;
  for (const sign of text.matchAll(/[@\uFF20]/gu)) {
    if (sign.index < from || found.length >= MOST) continue;
    const who = byLength.find((p) => text.startsWith(p.name, sign.index + 1));
    if (!who) continue;
    points += count(text.slice(from, sign.index));
    const length = count(who.name) + 1;
    found.push({ kind: who.kind, ...(who.kind === 'all' ? {} : { id: who.id }), at: points, length });
    points += length;
    from = sign.index + 1 + who.name.length;
  }
  return found;
}

/** Those named in a message whose words still stand in its new text. */
export function mentionsKept(message: Message, text: string): Named[] {
  const points = [...message.text];
  const people = (message.content?.mentions ?? [])
    .map((m): Nameable => ({ kind: m.kind, id: m.id ?? '', name: points.slice(m.at + 1, m.at + m.length).join('') }));
  return mentionsIn(text, people.filter((p) => p.name !== ''));
}

/** A text cut at those who are named in it. */
export function mentionPieces(text: string, mentions: readonly { id?: string; at: number; length: number }[]): { text: string; named: boolean; id: string }[] {
  const points = [...text];
  const pieces: { text: string; named: boolean; id: string }[] = [];
  let at = 0;
  for (const m of [...mentions].sort((a, b) => a.at - b.at)) {
    if (m.at < at || m.at + m.length > points.length) continue;
    if (m.at > at) pieces.push({ text: points.slice(at, m.at).join(''), named: false, id: '' });
    pieces.push({ text: points.slice(m.at, m.at + m.length).join(''), named: true, id: m.id ?? '' });
    at = m.at + m.length;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(''), named: false, id: '' });
  return pieces;
}

/** What stands between the last @ and the caret, when a name may be meant. */
export function askedName(text: string, caret: number): { from: number; query: string } | null {
  const found = /(?:^|[\s\u3001\u3002\u300C\uFF08])[@\uFF20]([^\s@\uFF20]{0,20})$/u.exec(text.slice(Math.max(0, caret - 24), caret));
  if (!found) return null;
  const query = found[1] ?? '';
  return { from: caret - query.length - 1, query };
}
