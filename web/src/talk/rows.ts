// What stands in the log of a room, row by row: day chips, system lines, bubbles in runs, and unsent messages last.
import type { OutItem } from './outbox.ts';
import type { Message } from '../base/types.ts';

export type Row =
  | { kind: 'day'; key: string; date: Date }
  | { kind: 'system'; key: string; message: Message }
  | { kind: 'unread'; key: string }
  /** Replies of one thread with nothing between them: `message` is the last, `from` the number of the first. */
  | { kind: 'threaded'; key: string; message: Message; from: number; count: number }
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

export const rowKey = (m: Message): string => m.key || m.id;

const RUN_GAP = 5 * 60_000;

const sameSender = (a: Message, b: Message): boolean =>
  a.author === b.author && a.author_name === b.author_name;

/** Where the day of a moment begins. Moments come in their order: most fall into the day of the one before. */
function dayStarts(): (time: number) => number {
  let from = 0;
  let until = 0;
  return (time) => {
    if (time < from || time >= until) {
      const day = new Date(time);
      from = day.setHours(0, 0, 0, 0);
      until = day.setDate(day.getDate() + 1);
    }
    return from;
  };
}

interface Said {
  m: Message;
  time: number;
  day: number;
}

function continues(before: Said | undefined, { m, time, day }: Said): boolean {
  if (!before || before.m.thread || m.thread || before.m.kind === 'system' || m.kind === 'system' || !sameSender(before.m, m)) return false;
  return time - before.time < RUN_GAP && day === before.day;
}

const sameMinute = (a: Message, b: Message): boolean => a.sent.slice(0, 16) === b.sent.slice(0, 16);

/** messages in the order of seq; items in the order they were written. The last row is the space below. */
export function buildRows(
  messages: readonly Message[], items: readonly OutItem[], me: string, unread: Unread | null = null, ends: Ends = WHOLE,
): Row[] {
  const rows: Row[] = [];
  /* What begins further down does not show where the unread begins. */
  let line = unread !== null && (!ends.more || (messages[0]?.seq ?? 0) <= unread.read + 1);
  const dayOf = dayStarts();
  const said = messages.map((m): Said => {
    const time = Date.parse(m.sent);
    return { m, time, day: dayOf(time) };
  });
  said.forEach((one, i) => {
    const { m } = one;
    const before = said[i - 1];
    const after = said[i + 1];
    const date = new Date(one.time);
    if (before ? before.day !== one.day : !ends.more) {
      rows.push({ kind: 'day', key: `day-${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`, date });
    }
    const begins = line && unread !== null && m.seq > unread.read && m.seq <= unread.last && m.author !== me && m.kind !== 'system';
    if (begins) {
      rows.push({ kind: 'unread', key: 'unread' });
      line = false;
    }
    const key = rowKey(m);
    if (m.kind === 'system') {
      rows.push({ kind: 'system', key, message: m });
      return;
    }
    if (m.thread) {
      const run = rows.at(-1);
      if (run?.kind === 'threaded' && run.message.thread === m.thread && !ends.seams.has(m.seq)) Object.assign(run, { message: m, count: run.count + 1 });
      else rows.push({ kind: 'threaded', key, message: m, from: m.seq, count: 1 });
      return;
    }
    const first = begins || ends.seams.has(m.seq) || !continues(before, one);
    const showTime = !after || !continues(one, after) || !sameMinute(m, after.m);
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

/** Whether a message stands in this row. */
export function holds(row: Row, seq: number): boolean {
  if (row.kind === 'threaded') return row.from <= seq && seq <= row.message.seq;
  return 'message' in row && row.message.seq === seq;
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
