// Everything a signed-in member sees of talk, for one tenant: rooms, logs, unsent messages, drafts. Events of the server
// and answers of calls change the state here; screens read parts of it through useTalk.
import { createContext, useContext, useSyncExternalStore } from 'react';
import { limits, type Events } from '../../gen/api.ts';
import { ApiError, call } from '../base/api.ts';
import { colleagues } from '../base/colleagues.ts';
import { uuid7 } from '../base/ids.ts';
import { Socket, type ServerEvent, type SocketState } from '../base/socket.ts';
import { openVault, type Vault } from '../base/vault.ts';
import { Outbox, type OutItem } from './outbox.ts';
import { mergeMessages } from './rows.ts';
import type { Me, Member, Message, Room } from '../base/types.ts';

export interface RoomLog {
  status: 'loading' | 'ready' | 'error';
  messages: Message[];
  more: boolean;
  older: 'idle' | 'loading' | 'error';
  error: ApiError | null;
}
export interface TalkState {
  status: 'loading' | 'ready' | 'error';
  error: ApiError | null;
  rooms: Room[];
  members: ReadonlyMap<string, Member>;
  logs: ReadonlyMap<string, RoomLog>;
  left: ReadonlySet<string>;
  outbox: readonly OutItem[];
  drafts: ReadonlyMap<string, string>;
  socket: SocketState;
  /** The connection was lost and is not back yet. */
  offline: boolean;
}

export const MAX_TEXT: number = limits['talk.post.text'];
const PAGE = 50;
const RESEND_PAUSE = 3_000;
const MEMBERS_PAUSE = 15_000;
const DRAFT = 'draft-';
const OUT = 'out-';
const EMPTY_LOG: RoomLog = { status: 'loading', messages: [], more: false, older: 'idle', error: null };
const RETRIED = new Set(['offline', 'retry', 'too_many', 'session_ended', 'suspended', 'not_started', 'internal', 'misdirected']);

const asApiError = (e: unknown): ApiError => (e instanceof ApiError ? e : new ApiError('internal', 0, String(e)));

const lastTime = (r: Room): string => r.last?.sent ?? '';

export class Talk {
  readonly me: Me;
  state: TalkState = {
    status: 'loading', error: null, rooms: [], members: new Map(), logs: new Map(), left: new Set(), outbox: [],
    drafts: new Map(), socket: 'connecting', offline: false,
  };
  /** Called with every message of somebody else that arrives while the client is running. */
  onArrival: (message: Message, room: Room) => void = () => undefined;

  private readonly listeners = new Set<() => void>();
  private readonly outbox: Outbox<Message>;
  private readonly socket: Socket;
  private vault: Vault | null = null;
  private pos = 0;
  private held: ServerEvent[] | null = [];
  private resendTimer: ReturnType<typeof setTimeout> | undefined;
  private draftTimers = new Map<string, ReturnType<typeof setTimeout>>();
  private stopped = false;
  private membersAt = 0;

  constructor(me: Me) {
    this.me = me;
    this.socket = new Socket(me.tenant, {
      onState: (socket) => this.socketChanged(socket),
      onEvent: (e) => this.received(e),
      onOpen: () => this.sync(),
    });
    this.outbox = new Outbox({
      newKey: uuid7,
      now: Date.now,
      save: async (item) => this.vault?.put(OUT + item.key, item),
      forget: async (key) => this.vault?.remove(OUT + key),
      send: (item) => this.send(item),
      sent: (m) => this.addMessages(m.room, [m]),
      refusal: (e) => this.refusal(asApiError(e)),
      changed: (outbox) => this.set({ outbox }),
    });
  }

  readonly subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };

  async start(): Promise<void> {
    window.addEventListener('pagehide', this.saveDrafts);
    await this.openVault();
    if (!this.stopped) await this.load();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener('pagehide', this.saveDrafts);
    this.saveDrafts();
    clearTimeout(this.resendTimer);
    this.socket.stop();
  }

  /** Forgets drafts and unsent messages of this account in this browser. */
  async destroyLocal(): Promise<void> {
    this.draftTimers.forEach((t) => clearTimeout(t));
    this.draftTimers.clear();
    const { vault } = this;
    this.vault = null;
    await vault?.destroy();
  }

  /** Also the way back from the state 'error'. */
  async load(): Promise<void> {
    try {
      const [list, members] = await Promise.all([call(this.me.tenant, 'room.list'), colleagues(this.me.tenant)]);
      if (this.stopped) return;
      this.pos = list.pos;
      this.set({
        status: 'ready', error: null, rooms: this.sorted(list.rooms), members: new Map(members.map((m) => [m.id, m])),
      });
      this.socket.start();
    } catch (e) {
      this.set({ status: 'error', error: asApiError(e) });
    }
  }

  /** Names, photos and states of colleagues, anew; not twice in a moment unless something is known to have changed. */
  async loadMembers(changed = false): Promise<void> {
    if (this.state.status !== 'ready' || (!changed && Date.now() - this.membersAt < MEMBERS_PAUSE)) return;
    this.membersAt = Date.now();
    const members = await colleagues(this.me.tenant);
    if (!this.stopped) this.set({ members: new Map(members.map((m) => [m.id, m])) });
  }

  // ---- rooms and their logs

  room(id: string): Room | undefined {
    return this.state.rooms.find((r) => r.id === id);
  }

  async openRoom(id: string): Promise<void> {
    const log = this.state.logs.get(id);
    if (log && log.status !== 'error') return;
    this.setLog(id, { ...EMPTY_LOG });
    try {
      const page = await this.history(id);
      this.setLog(id, { status: 'ready', messages: mergeMessages(this.messagesOf(id), page.messages), more: page.more });
    } catch (e) {
      this.setLog(id, { status: 'error', error: asApiError(e) });
    }
  }

  async loadOlder(id: string): Promise<void> {
    const log = this.state.logs.get(id);
    const [first] = log?.messages ?? [];
    if (!log || !first || !log.more || log.older === 'loading') return;
    this.setLog(id, { older: 'loading' });
    try {
      const page = await this.history(id, first.seq);
      this.setLog(id, { older: 'idle', more: page.more, messages: mergeMessages(this.messagesOf(id), page.messages) });
    } catch {
      this.setLog(id, { older: 'error' });
    }
  }

  forgetLeft(id: string): void {
    if (!this.state.left.has(id)) return;
    this.set({ left: new Set([...this.state.left].filter((r) => r !== id)) });
  }

  // ---- writing

  post(room: string, text: string): void {
    this.outbox.add(room, text);
    this.setDraft(room, '');
    this.outbox.flush();
  }

  resend(key: string): void {
    this.outbox.resend(key);
  }

  discard(key: string): OutItem | undefined {
    return this.outbox.take(key);
  }

  /** Kept in memory at once and in the vault half a second after the last key. */
  setDraft(room: string, text: string): void {
    if ((this.state.drafts.get(room) ?? '') === text) return;
    const drafts = new Map(this.state.drafts);
    if (text) drafts.set(room, text);
    else drafts.delete(room);
    this.set({ drafts });
    clearTimeout(this.draftTimers.get(room));
    this.draftTimers.set(room, setTimeout(() => this.saveDraft(room), text ? 500 : 0));
  }

  private saveDraft(room: string): void {
    clearTimeout(this.draftTimers.get(room));
    this.draftTimers.delete(room);
    const text = this.state.drafts.get(room);
    void (text ? this.vault?.put(DRAFT + room, text) : this.vault?.remove(DRAFT + room));
  }

  private readonly saveDrafts = (): void => {
    [...this.draftTimers.keys()].forEach((room) => this.saveDraft(room));
  };

  private async openVault(): Promise<void> {
    try {
      this.vault = await openVault(this.me.tenant, this.me.id);
      const [kept, drafts] = await Promise.all([this.vault.all<OutItem>(OUT), this.vault.all<string>(DRAFT)]);
      this.outbox.restore(kept.values());
      this.set({ drafts });
    } catch {
      this.vault = null; // a private window without storage: drafts and unsent messages live as long as the page
    }
  }

  private async send(item: OutItem): Promise<Message> {
    const params = { room: item.room };
    const body = { key: item.key, text: item.text };
    if (this.socket.isOpen) return (await this.socket.request('talk.post', params, body)) as Message;
    return call(this.me.tenant, 'talk.post', { params, body });
  }

  private refusal(e: ApiError): { final: boolean; reason: string } {
    const final = !RETRIED.has(e.code);
    if (!final && !this.stopped) {
      clearTimeout(this.resendTimer);
      this.resendTimer = setTimeout(() => this.outbox.flush(), Math.max(RESEND_PAUSE, e.retryAfter * 1000));
    }
    return { final, reason: e.message };
  }

  // ---- events

  private socketChanged(socket: SocketState): void {
    if (socket !== 'open') this.held ??= [];
    const offline = socket === 'waiting' || (socket === 'connecting' && this.state.offline);
    this.set({ socket, offline });
    if (socket === 'open') this.outbox.flush();
  }

  private received(e: ServerEvent): void {
    if (e.event === 'sync') void this.sync().catch(() => undefined);
    else if (this.held) this.held.push(e);
    else this.apply(e);
  }

  /** Fetches what happened since pos. Events that arrive meanwhile wait and follow in order. */
  private async sync(): Promise<void> {
    this.held ??= [];
    const answer = await call(this.me.tenant, 'sync', { query: { since: this.pos } });
    if (answer.reset) await this.reset();
    else answer.events.forEach((e) => this.apply(e as ServerEvent));
    this.pos = Math.max(this.pos, answer.pos);
    const { held } = this;
    this.held = null;
    held?.forEach((e) => this.apply(e));
  }

  private apply(e: ServerEvent): void {
    if (e.pos !== undefined) {
      if (e.pos <= this.pos) return;
      this.pos = e.pos;
    }
    if (e.event === 'talk.message.posted') this.posted(e.data as Message);
    else if (e.event === 'room.joined') this.joined(e.data as Room);
    else if (e.event === 'room.changed') this.renamed(e.data as Events['room.changed']);
    else if (e.event === 'room.left') this.leftRoom((e.data as Events['room.left']).room);
  }

  private posted(m: Message): void {
    const known = this.messagesOf(m.room);
    const gap = known.length > 0 && m.seq > known.at(-1)!.seq + 1;
    if (gap) void this.refill(m.room);
    this.addMessages(m.room, [m]);
    if (m.author === this.me.id && m.key) this.outbox.settle(m.key);
    const room = this.room(m.room);
    if (room && m.author !== this.me.id && m.kind !== 'system') this.onArrival(m, room);
  }

  private joined(room: Room): void {
    this.set({ rooms: this.sorted([room, ...this.state.rooms.filter((r) => r.id !== room.id)]) });
    this.forgetLeft(room.id);
  }

  private renamed({ room, name }: Events['room.changed']): void {
    this.set({ rooms: this.state.rooms.map((r) => (r.id === room ? { ...r, name } : r)) });
  }

  private leftRoom(id: string): void {
    const logs = new Map(this.state.logs);
    logs.delete(id);
    this.set({ rooms: this.state.rooms.filter((r) => r.id !== id), left: new Set(this.state.left).add(id), logs });
  }

  private async reset(): Promise<void> {
    const list = await call(this.me.tenant, 'room.list');
    this.pos = list.pos;
    this.set({ rooms: this.sorted(list.rooms) });
    await Promise.all([...this.state.logs.keys()].map((id) => this.refill(id)));
  }

  /** Closes the gap at the end of a log; when it is longer than a page, the log starts anew. */
  private async refill(id: string): Promise<void> {
    const log = this.state.logs.get(id);
    if (!log || log.status !== 'ready') return;
    try {
      const page = await this.history(id);
      const oldest = page.messages.at(-1);
      const known = this.messagesOf(id);
      const meets = !oldest || known.some((m) => m.seq === oldest.seq) || !page.more;
      if (meets) this.setLog(id, { messages: mergeMessages(known, page.messages) });
      else this.setLog(id, { messages: mergeMessages([], page.messages), more: page.more });
    } catch {
      this.setLog(id, { status: 'error' });
    }
  }

  private addMessages(room: string, messages: Message[]): void {
    if (this.state.logs.get(room)?.status === 'ready') {
      this.setLog(room, { messages: mergeMessages(this.messagesOf(room), messages) });
    }
    const newest = messages.at(-1);
    const old = this.room(room);
    if (!newest || !old || newest.seq <= old.last_seq) return;
    const next = { ...old, last_seq: newest.seq, last: newest };
    this.set({ rooms: this.sorted(this.state.rooms.map((r) => (r.id === room ? next : r))) });
  }

  private history(room: string, before?: number) {
    const query = before === undefined ? { limit: PAGE } : { before, limit: PAGE };
    return call(this.me.tenant, 'talk.history', { params: { room }, query });
  }

  private messagesOf(room: string): Message[] {
    return this.state.logs.get(room)?.messages ?? [];
  }

  private sorted(rooms: Room[]): Room[] {
    return [...rooms].sort((a, b) => (lastTime(a) < lastTime(b) ? 1 : lastTime(a) > lastTime(b) ? -1 : 0));
  }

  private setLog(room: string, part: Partial<RoomLog>): void {
    const logs = new Map(this.state.logs);
    logs.set(room, { ...(logs.get(room) ?? EMPTY_LOG), ...part });
    this.set({ logs });
  }

  private set(part: Partial<TalkState>): void {
    this.state = { ...this.state, ...part };
    this.listeners.forEach((f) => f());
  }
}

const Context = createContext<Talk | null>(null);
export const TalkProvider = Context.Provider;

export function useTalkStore(): Talk {
  const talk = useContext(Context);
  if (!talk) throw new Error('no talk here');
  return talk;
}

/** The part of the state that `pick` returns; it must return the same object while nothing changed. */
export function useTalk<T>(pick: (state: TalkState) => T): T {
  const talk = useTalkStore();
  return useSyncExternalStore(talk.subscribe, () => pick(talk.state));
}
