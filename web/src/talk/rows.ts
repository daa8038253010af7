// What stands in the log of a room, row by row: day chips, system lines, bubbles in runs, and unsent messages last.
import { sameDay } from '../base/time.ts';
import type { OutItem } from './outbox.ts';
import type { Message } from '../base/types.ts';

export type Row =
  | { kind: 'day'; key: string; date: Date }
  | { kind: 'system'; key: string; message: Message }
  | { kind: 'unread'; key: string }
  | { kind: 'threaded'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; date: Date; mine: boolean; first: boolean; showTime: boolean }
  | { kind: 'pending'; key: string; item: OutItem; first: boolean }
  | { kind: 'end'; key: string };

/** As it was when the room was opened: read up to, and what was the last message. */
export interface Unread {
  read: number;
  last: number;
}

/** What is above the first message; and the messages before which older ones were put later: what stood on screen stays as it was. */
export interface Ends {
  more: boolean;
  seams: ReadonlySet<number>;
}
const WHOLE: Ends = { more: false, seams: new Set() };

const RUN_GAP = 5 * 60_000;

const sameSender = (a: Message, b: Message): boolean =>
  a.author === b.author && a.author_name === b.author_name;

function continues(before: Message | undefined, m: Message): boolean {
  if (!before || before.thread || m.thread || before.kind === 'system' || m.kind === 'system' || !sameSender(before, m)) return false;
  const a = new Date(before.sent);
  const b = new Date(m.sent);
  return b.getTime() - a.getTime() < RUN_GAP && sameDay(a, b);
}

const sameMinute = (a: Message, b: Message): boolean => a.sent.slice(0, 16) === b.sent.slice(0, 16);

/** messages in the order of seq; items in the order they were written. The last row is the space below. */
export function buildRows(
  messages: readonly Message[], items: readonly OutItem[], me: string, unread: Unread | null = null, ends: Ends = WHOLE,
): Row[] {
  const rows: Row[] = [];
  /* What begins further down does not show where the unread begins. */
  let line = unread !== null && (!ends.more || (messages[0]?.seq ?? 0) <= unread.read + 1);
  messages.forEach((m, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const date = new Date(m.sent);
    if (before ? !sameDay(new Date(before.sent), date) : !ends.more) {
      rows.push({ kind: 'day', key: `day-${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`, date });
    }
    const begins = line && unread !== null && m.seq > unread.read && m.seq <= unread.last && m.author !== me && m.kind !== 'system';
    if (begins) {
      rows.push({ kind: 'unread', key: 'unread' });
      line = false;
    }
    const key = m.key || m.id;
    if (m.kind === 'system') {
      rows.push({ kind: 'system', key, message: m });
      return;
    }
    if (m.thread) {
      rows.push({ kind: 'threaded', key, message: m });
      return;
    }
    const first = begins || ends.seams.has(m.seq) || !continues(before, m);
    const showTime = !after || !continues(m, after) || !sameMinute(m, after);
    rows.push({ kind: 'message', key, message: m, date, mine: m.author === me, first, showTime });
  });
  const last = messages.at(-1);
  items.filter((item) => !item.post?.thread).forEach((item, i) => {
    const first = i === 0 && !(last && last.kind !== 'system' && last.author === me);
    rows.push({ kind: 'pending', key: item.key, item, first });
  });
  if (rows.length > 0) rows.push({ kind: 'end', key: 'end' });
  return rows;
}

/** Adds messages to a log: order by seq, one of each. */
export function mergeMessages(old: readonly Message[], more: readonly Message[]): Message[] {
  const last = old.at(-1);
  const [only] = more;
  if (more.length === 1 && only && (!last || only.seq > last.seq)) return [...old, only];
  const bySeq = new Map(old.map((m) => [m.seq, m]));
  for (const m of more) bySeq.set(m.seq, m);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

export type Piece = { text: string; href: string | null };

const URL_PATTERN = /https?:\/\/[^\s<>"'「」『』（）、。，．]+/gu;

/** A sentence goes on behind an address: its marks are no part of it. */
function withoutTail(url: string): string {
  let end = url.length;
  while (end > 0 && '.,;:!?)]}'.includes(url[end - 1]!)) end -= 1;
  return url.slice(0, end);
}

/** Text cut at its web addresses; everything stays text, only http and https become links. */
export function linkPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(URL_PATTERN)) {
    const url = withoutTail(found[0]);
    if (!URL.canParse(url)) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), href: null });
    pieces.push({ text: url, href: url });
    end = found.index + url.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}
