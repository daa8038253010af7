// What of talk is kept for reading without a network: the list with its folders, colleagues' names, and the last messages of
// the rooms that were opened. It lies in the account's vault and follows the state of the screens half a second behind. The
// person's own words and who is here are not kept.
import type { Vault } from '../base/vault.ts';
import type { Me, Member, Room } from '../base/types.ts';
import type { Folder } from './folders.ts';
import type { Page, RoomLog } from './logs.ts';

export const ME = 'me';
const ROOMS = 'rooms';
const MEMBERS = 'members';
const LOG = 'log-';
const BEHIND = 500;
/** Of each room so many messages, and of so many rooms. */
const KEPT = 50;
const MOST_ROOMS = 100;

export interface Kept {
  rooms: Room[];
  folders: readonly Folder[];
  members: Member[];
  /** Up to which event of the server it is known, and when that was. */
  pos: number;
  at: number;
}
export interface Shown {
  rooms: readonly Room[];
  folders: readonly Folder[];
  members: ReadonlyMap<string, Member>;
  logs: ReadonlyMap<string, RoomLog>;
}

/** Older messages come and go while somebody reads further up: what is kept of the room stays as it is. */
function sameEnd(a: RoomLog | undefined, b: RoomLog): boolean {
  if (a?.messages === b.messages) return a.status === b.status && a.newer === b.newer && a.more === b.more;
  if (!a || a.status !== b.status || a.newer !== b.newer || Math.min(a.messages.length, b.messages.length) <= KEPT) return false;
  return b.messages.slice(-KEPT).every((m, i) => m === a.messages.at(i - KEPT));
}

export class Shelf {
  private readonly vault: Vault;
  private readonly now: () => Shown & { pos: number; at: number };
  private readonly due = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(vault: Vault, now: () => Shown & { pos: number; at: number }) {
    this.vault = vault;
    this.now = now;
  }

  keepMe(me: Me): Promise<void> {
    return this.vault.put(ME, me);
  }

  async read(): Promise<Kept | null> {
    const [list, members] = await Promise.all([this.vault.get<Omit<Kept, 'members'>>(ROOMS), this.vault.get<Member[]>(MEMBERS)]);
    return list && members ? { ...list, members } : null;
  }

  /** The end of a room's log, as the server tells it: the newest first. */
  async page(room: string): Promise<Page | null> {
    return (await this.vault.get<Page>(LOG + room)) ?? null;
  }

  /** Notes what has become another, to be kept in a moment. */
  changed(before: Shown, after: Shown): void {
    if (before.rooms !== after.rooms || before.folders !== after.folders) this.due.add(ROOMS);
    if (before.members !== after.members) this.due.add(MEMBERS);
    for (const [room, log] of after.logs) if (!sameEnd(before.logs.get(room), log)) this.due.add(LOG + room);
    if (this.due.size > 0) this.timer ??= setTimeout(() => void this.keep(), BEHIND);
  }

  /** The list again, with the time of this moment. */
  touch(): void {
    this.due.add(ROOMS);
    void this.keep();
  }

  /** A message that nobody sees here was changed or taken back, or the room was left: what is kept of it is not true any more. */
  drop(room: string): Promise<void> {
    this.due.delete(LOG + room);
    return this.vault.remove(LOG + room);
  }

  /** So much has happened that no log is known to be true but those that are shown. */
  async dropUnseen(): Promise<void> {
    const { logs } = this.now();
    const kept = await this.vault.names(LOG);
    await Promise.all(kept.filter((name) => !logs.has(name.slice(LOG.length))).map((name) => this.vault.remove(name)));
  }

  async keep(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { rooms, folders, members, logs, pos, at } = this.now();
    const names = [...this.due];
    this.due.clear();
    await Promise.all(names.map((name) => {
      if (name === ROOMS) return this.vault.put(ROOMS, { rooms, folders, pos, at });
      if (name === MEMBERS) return this.vault.put(MEMBERS, [...members.values()]);
      return this.keepLog(name, logs.get(name.slice(LOG.length)));
    }));
    if (names.some((name) => name.startsWith(LOG))) await this.forgetOldest(rooms);
  }

  private async keepLog(name: string, log: RoomLog | undefined): Promise<void> {
    if (log?.status !== 'ready' || log.newer) return;
    const messages = log.messages.slice(-KEPT).reverse();
    await this.vault.put(name, { messages, more: log.more || log.messages.length > KEPT } satisfies Page);
  }

  /** The rooms stand by their last message: those far down go first. */
  private async forgetOldest(rooms: readonly Room[]): Promise<void> {
    const kept = await this.vault.names(LOG);
    if (kept.length <= MOST_ROOMS) return;
    const order = new Map(rooms.map((r, i) => [LOG + r.id, i]));
    const sorted = kept.sort((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity));
    await Promise.all(sorted.slice(MOST_ROOMS).map((name) => this.vault.remove(name)));
  }
}
