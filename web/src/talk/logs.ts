// What the client holds of the rooms' histories: of each room one stretch of messages without gaps. It ends at the newest
// one, or it is detached: a part further up, whose reader only counts what arrives. A stretch grows at either end, page by
// page, and loses messages at the other one: a long room takes no more memory than a short one.
import { ApiError } from '../base/api.ts';
import { mergeMessages } from './rows.ts';
import type { Message } from '../base/types.ts';

type Ends = 'idle' | 'loading' | 'error';
export interface RoomLog {
  status: 'loading' | 'ready' | 'error';
  error: ApiError | null;
  messages: Message[];
  /** There are older ones. */
  more: boolean;
  /** There are newer ones: the stretch is detached from the end. */
  newer: boolean;
  older: Ends;
  later: Ends;
  /** Each was the first message once, before older ones came. */
  seams: ReadonlySet<number>;
  /** Another number: another stretch, that has nothing to do with what was shown. */
  made: number;
  /** What arrived from others while detached. */
  fresh: { n: number; first: Message } | null;
  /** The message to be brought into view, the first unread one, or the end. */
  target: number | null;
  /** Why the message that was asked for is not shown. */
  lost: 'missing' | 'failed' | null;
}
export interface Page {
  messages: Message[];
  more: boolean;
  newer?: boolean;
}
export interface LogPorts {
  me: string;
  ask: (room: string, query: { before?: number; after?: number; around?: number; limit: number }) => Promise<Page>;
  changed: (logs: ReadonlyMap<string, RoomLog>) => void;
}

/** How many messages of a room are held while nobody scrolls, at most; and so many are left of them. */
export const WINDOW = 600;
const LEFT = 450;
/** More than this are never held. */
export const MOST = 800;
const KEPT = 100;
const PAGE = 50;
const WIDE = 100;
export const TO_END = Infinity;
export const TO_UNREAD = -1;
const EMPTY: RoomLog = {
  status: 'loading', error: null, messages: [], more: false, newer: false, older: 'idle', later: 'idle', seams: new Set(), made: 0, fresh: null, target: null, lost: null,
};
type Found = 'there' | 'missing' | 'failed' | 'late';

export class Logs {
  private readonly ports: LogPorts;
  private all: ReadonlyMap<string, RoomLog> = new Map();
  /** Rooms whose reader is not at the end. */
  private readonly away = new Set<string>();
  /** The newest message that was told of and is in no stretch. */
  private readonly heard = new Map<string, number>();
  private readonly asked = new Map<string, object>();
  private made = 0;

  constructor(ports: LogPorts) {
    this.ports = ports;
  }

  get(room: string): RoomLog | undefined {
    return this.all.get(room);
  }

  rooms(): string[] {
    return [...this.all.keys()];
  }

  async open(room: string): Promise<void> {
    const log = this.all.get(room);
    if (!log || log.status === 'error') await this.replace(room, { limit: PAGE }, null);
  }

  /** Where the reader left off: at what comes behind `read`. The newest message is `last`. Where that part cannot be had: the end. */
  async enter(room: string, read: number, last: number): Promise<void> {
    const log = this.all.get(room);
    const reaches = log?.status === 'ready' && !log.newer && (!log.more || (log.messages[0]?.seq ?? Infinity) <= read + 1);
    if (reaches) {
      this.asked.delete(room);
      this.put(room, { target: TO_UNREAD, lost: null });
      return;
    }
    if (last - read >= PAGE && (await this.replace(room, { around: read + 1, limit: WIDE }, null, TO_UNREAD)) !== 'failed') return;
    await this.replace(room, { limit: PAGE }, null, TO_UNREAD);
  }

  /** The live end, whatever is shown now. */
  async toEnd(room: string): Promise<void> {
    const log = this.all.get(room);
    if (log?.status === 'ready' && !log.newer) {
      this.asked.delete(room);
      this.put(room, { target: TO_END, lost: null });
    } else {
      await this.replace(room, { limit: PAGE }, null);
    }
  }

  /** A message, from what is held or from a stretch about it. */
  async show(room: string, seq: number): Promise<void> {
    const log = this.all.get(room);
    if (log?.status === 'ready' && log.messages.some((m) => m.seq === seq)) {
      this.asked.delete(room);
      this.put(room, { target: seq, lost: null });
      return;
    }
    const found = await this.replace(room, { around: seq, limit: WIDE }, seq);
    if (found === 'there' || found === 'late') return;
    await this.open(room);
    this.put(room, { lost: found });
  }

  /** The message that was asked for is in view. */
  reached(room: string): void {
    this.put(room, { target: null });
  }

  forgetLost(room: string): void {
    this.put(room, { lost: null });
  }

  setAway(room: string, away: boolean): void {
    if (away) this.away.add(room);
    else this.away.delete(room);
  }

  async older(room: string): Promise<void> {
    const log = this.all.get(room);
    const first = log?.messages[0];
    if (!log || !first || !log.more || log.older === 'loading' || log.messages.length + PAGE > MOST) return;
    this.put(room, { older: 'loading' });
    const page = await this.ports.ask(room, { before: first.seq, limit: PAGE }).catch(() => null);
    const now = this.all.get(room);
    if (now?.made !== log.made) return;
    if (!page || now.messages[0]?.seq !== first.seq) {
      this.put(room, { older: page ? 'idle' : 'error' });
      return;
    }
    this.put(room, { older: 'idle', more: page.more, seams: new Set(now.seams).add(first.seq), messages: mergeMessages(now.messages, page.messages) });
  }

  async later(room: string): Promise<void> {
    const log = this.all.get(room);
    const last = log?.messages.at(-1);
    if (!log || !last || !log.newer || log.later === 'loading' || log.messages.length + PAGE > MOST) return;
    this.put(room, { later: 'loading' });
    const page = await this.ports.ask(room, { after: last.seq, limit: PAGE }).catch(() => null);
    const now = this.all.get(room);
    if (now?.made !== log.made) return;
    if (!page || now.messages.at(-1)?.seq !== last.seq) {
      this.put(room, { later: page ? 'idle' : 'error' });
      return;
    }
    const newer = page.newer ?? false;
    this.put(room, { later: 'idle', newer, messages: mergeMessages(now.messages, page.messages), ...(newer ? {} : { fresh: null }) });
    await this.meet(room);
  }

  /** Nothing moves on the screen: what is far from the reader, at that end, is dropped. */
  trim(room: string, end: 'older' | 'newer'): void {
    const log = this.all.get(room);
    if (!log || log.messages.length <= WINDOW || log.older === 'loading' || log.later === 'loading') return;
    if (end === 'newer') this.put(room, { messages: log.messages.slice(0, LEFT), newer: true });
    else this.put(room, { messages: log.messages.slice(-LEFT), more: true });
  }

  /** Someone's message is told of; what is missing before it is asked for. */
  posted(m: Message): void {
    const log = this.all.get(m.room);
    const last = log?.messages.at(-1);
    if (log && !log.newer && last && m.seq > last.seq + 1) void this.refill(m.room);
    this.add(m);
  }

  add(m: Message): void {
    const { room, seq } = m;
    const log = this.all.get(room);
    if (!log) return;
    const held = log.messages;
    const full = held.length >= MOST && seq > held.at(-1)!.seq;
    if (log.status === 'ready' && !log.newer && !(full && this.away.has(room))) {
      const messages = mergeMessages(held, [m]);
      this.put(room, full ? { messages: messages.slice(-LEFT), more: true } : { messages });
      return;
    }
    const told = seq <= (this.heard.get(room) ?? 0) || held.some((h) => h.seq === seq);
    this.heard.set(room, Math.max(seq, this.heard.get(room) ?? 0));
    if (log.status !== 'ready') return;
    const counts = !told && m.author !== this.ports.me && m.kind !== 'system';
    this.put(room, { newer: true, ...(counts ? { fresh: { n: (log.fresh?.n ?? 0) + 1, first: log.fresh?.first ?? m } } : {}) });
  }

  changed(m: Message): void {
    const held = this.all.get(m.room)?.messages ?? [];
    if (held.some((k) => k.seq === m.seq)) this.put(m.room, { messages: held.map((k) => (k.seq === m.seq ? m : k)) });
  }

  hidden(room: string, seq: number): void {
    const held = this.all.get(room)?.messages ?? [];
    if (held.some((m) => m.seq === seq)) this.put(room, { messages: held.filter((m) => m.seq !== seq) });
  }

  /** Closes the gap at the end of a stretch. Where it is longer than a page, a reader at the end begins anew there, and one further up is detached. */
  async refill(room: string): Promise<void> {
    const log = this.all.get(room);
    if (!log || log.status !== 'ready' || log.newer) return;
    const last = log.messages.at(-1)?.seq ?? 0;
    try {
      const page = await this.ports.ask(room, { limit: PAGE });
      const now = this.all.get(room);
      if (now?.made !== log.made || now.newer) return;
      const oldest = page.messages.at(-1);
      const first = now.messages[0];
      const meets = !oldest || !page.more || oldest.seq <= last + 1;
      if (meets) this.put(room, { messages: mergeMessages(now.messages, page.messages), ...(oldest && first && oldest.seq < first.seq ? { more: page.more } : {}) });
      else if (this.away.has(room)) this.put(room, { newer: true });
      else this.put(room, { ...EMPTY, status: 'ready', messages: mergeMessages([], page.messages), more: page.more, made: this.next() });
    } catch {
      this.put(room, { status: 'error' });
    }
  }

  /** What happened meanwhile is not known in single: what is held is read anew. */
  async renew(room: string): Promise<void> {
    const log = this.all.get(room);
    const [first] = log?.messages ?? [];
    if (!log?.newer || !first) {
      await this.refill(room);
      return;
    }
    const last = log.messages.at(-1)!.seq;
    const found: Message[] = [];
    try {
      for (let at = first.seq - 1; at < last;) {
        const page = await this.ports.ask(room, { after: at, limit: WIDE });
        found.push(...page.messages);
        at = page.newer ? page.messages[0]?.seq ?? last : last;
      }
      const now = this.all.get(room);
      if (now?.made !== log.made) return;
      if (found.length > 0) this.put(room, { messages: mergeMessages([], found.filter((m) => m.seq <= last)) });
      else await this.replace(room, { limit: PAGE }, null);
    } catch {
      this.put(room, { status: 'error' });
    }
  }

  /** What is shown was kept from before: its end as it is now. */
  async again(room: string): Promise<void> {
    if (this.all.has(room)) await this.replace(room, { limit: PAGE }, null);
  }

  /** Nobody looks at the room: of its end a little is kept, of another part nothing. */
  close(room: string): void {
    const log = this.all.get(room);
    this.away.delete(room);
    if (!log || (log.status === 'ready' && log.newer) || log.status === 'loading') this.drop(room);
    else if (log.messages.length > KEPT) this.put(room, { messages: log.messages.slice(-KEPT), more: true, made: this.next() });
  }

  drop(room: string): void {
    this.asked.delete(room);
    if (!this.all.has(room)) return;
    const all = new Map(this.all);
    all.delete(room);
    this.set(all);
  }

  private async replace(room: string, query: { around?: number; limit: number }, seq: number | null, target = seq): Promise<Found> {
    const token = {};
    this.asked.set(room, token);
    if (this.all.get(room)?.status !== 'ready') this.set(new Map(this.all).set(room, EMPTY));
    try {
      const page = await this.ports.ask(room, query);
      if (this.asked.get(room) !== token) return 'late';
      if (seq !== null && !page.messages.some((m) => m.seq === seq)) {
        if (this.all.get(room)?.status !== 'ready') this.drop(room);
        return 'missing';
      }
      this.put(room, {
        ...EMPTY, status: 'ready', messages: mergeMessages([], page.messages), more: page.more, newer: page.newer ?? false, made: this.next(), target,
      });
      await this.meet(room);
      return 'there';
    } catch (e) {
      if (this.asked.get(room) !== token) return 'late';
      if (this.all.get(room)?.status !== 'ready') this.put(room, { status: 'error', error: e instanceof ApiError ? e : new ApiError('internal', 0, String(e)) });
      return 'failed';
    }
  }

  /** A stretch has come to the end: what was told of meanwhile belongs to it. */
  private async meet(room: string): Promise<void> {
    const log = this.all.get(room);
    if (!log || log.newer) return;
    const heard = this.heard.get(room) ?? 0;
    this.heard.delete(room);
    if (heard > (log.messages.at(-1)?.seq ?? 0)) await this.refill(room);
  }

  private next(): number {
    this.made += 1;
    return this.made;
  }

  private put(room: string, part: Partial<RoomLog>): void {
    const log = this.all.get(room);
    if (log) this.set(new Map(this.all).set(room, { ...log, ...part }));
  }

  private set(all: ReadonlyMap<string, RoomLog>): void {
    this.all = all;
    this.ports.changed(all);
  }
}
