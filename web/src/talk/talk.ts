// Everything a signed-in member sees of talk, for one tenant: rooms, logs, unsent messages, drafts. Events of the server
// and answers of calls change the state here; screens read parts of it through useTalk.
import { limits, type Events } from '../../gen/api.ts';
import { ApiError, call, passes, patiently } from '../base/api.ts';
import { tellAsked } from '../base/asked.ts';
import { colleagues } from '../base/colleagues.ts';
import { uuid7 } from '../base/ids.ts';
import { Socket, type ServerEvent, type SocketState } from '../base/socket.ts';
import { forgetVault, NOBODY } from '../base/vault.ts';
import { askForVersion } from '../base/version.ts';
import { choose, renewed } from './chosen.ts';
import { Drafts } from './drafts.ts';
import { Here } from './here.ts';
import { Folders } from './folders.ts';
import { withoutHit, withoutRead } from './keywords.ts';
import { Keep, setAside, takeBack } from './keep.ts';
import { Logs, type Page } from './logs.ts';
import type { KeptUploads } from './kept_uploads.ts';
import { Outbox, type OutItem, type Post } from './outbox.ts';
import { asKept, readTo, readUpTo, renamed, withChanged, withLast, withNewest, withRoom } from './rooms.ts';
import type { Kept } from './shelf.ts';
import { sorted, type Span, type TalkState } from './state.ts';
import { Told } from './told.ts';
import { withoutTyping, withTyping } from './typing.ts';
import { OwnWords } from './own_words.ts';
import { Watches } from './watch.ts';
import type { Ops } from '../../gen/api.ts';
import type { Me, Message, Room } from '../base/types.ts';

export { readTo } from './rooms.ts';
export type { Span, TalkState } from './state.ts';
export { TalkProvider, useTalk, useTalkStore } from './use.ts';

export const MAX_TEXT: number = limits['talk.post.text'];
const RESEND_PAUSE = 3_000;
const MEMBERS_PAUSE = 15_000;
/** How long the server may say nothing where something is kept that can be shown instead. */
const PATIENCE = 4_000;
const RENEWED = 3_600_000;

const asApiError = (e: unknown): ApiError => (e instanceof ApiError ? e : new ApiError('internal', 0, String(e)));

/** Whether the end of a room holds what is asked for. */
const reaches = (page: Page, seq = Infinity): boolean => !page.more || (page.messages.at(-1)?.seq ?? Infinity) <= seq;

export class Talk {
  readonly me: Me;
  state: TalkState = {
    status: 'loading', error: null, rooms: [], folders: [], members: new Map(), logs: new Map(), left: new Set(), outbox: [],
    drafts: new Map(), reads: new Map(), replies: new Map(), chosen: null, thread: null, keywords: [], hits: new Map(), typing: new Map(), here: new Map(),
    socket: 'connecting', offline: false, updated: 0,
  };
  /** Called with every message of somebody else that arrives while the client is running. */
  onArrival: (message: Message, room: Room) => void = () => undefined;

  readonly folders: Folders;
  /** What is held of the rooms' histories; screens move in it. */
  readonly logs: Logs;
  readonly watches = new Watches();
  private readonly listeners = new Set<() => void>();
  private readonly outbox: Outbox<Message>;
  private readonly keep: Keep;
  private readonly drafts: Drafts;
  private readonly socket: Socket;
  readonly here: Here;
  private pos = 0;
  private held: ServerEvent[] | null = [];
  private resendTimer: ReturnType<typeof setTimeout> | undefined;
  /** Rooms that are shown as they were kept. */
  private readonly fromShelf = new Set<string>();
  /** The page began with what was kept. */
  private shownKept = false;
  /** What was kept has been read. */
  private opened = Promise.resolve();
  private renewedAt = 0;
  private stopped = false;
  /** Told when the account is left or another one is opened. */
  readonly ends = new Set<() => void>();
  private gone = false;
  private membersAt = 0;
  private readonly told = new Told();
  private readonly ownWords: OwnWords;

  constructor(me: Me) {
    this.me = me;
    this.socket = new Socket(me.tenant, {
      onState: (socket) => this.socketChanged(socket),
      onEvent: (e) => this.received(e),
      onOpen: () => {
        void this.folders.load().catch(() => undefined);
        return this.sync();
      },
    });
    this.keep = new Keep(me, () => ({ ...this.state, pos: this.pos, at: this.state.updated }));
    this.here = new Here((op, body) => this.socket.request(op, {}, body), (here) => this.set({ here }));
    this.folders = new Folders(me.tenant, (folders) => this.set({ folders }));
    this.logs = new Logs({
      me: me.id,
      ask: (room, query) => this.history(room, query),
      changed: (logs) => this.set({ logs }),
    });
    this.drafts = new Drafts({
      save: (room, text) => this.keep.draft(room, text),
      share: (room, text) => void call(me.tenant, 'talk.draft', { params: { room }, body: { text } }).catch(() => undefined),
      changed: (drafts) => this.set({ drafts }),
    });
    this.ownWords = new OwnWords({
      me, state: () => this.state, room: (id) => this.room(id), set: (part) => this.set(part), stopped: () => this.stopped,
    });
    this.outbox = new Outbox({
      newKey: uuid7,
      now: Date.now,
      save: (item) => this.keep.item(item),
      forget: (key) => this.keep.forgetItem(key),
      send: (item) => this.send(item),
      sent: (m) => this.addMessage(m),
      refusal: (e) => this.refusal(asApiError(e)),
      changed: (outbox) => this.set({ outbox }),
    });
  }

  readonly subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };

  async start(): Promise<void> {
    if (!this.me.talk) return this.load();
    window.addEventListener('pagehide', this.settle);
    this.here.start();
    this.opened = this.openKept();
    await this.load();
  }

  /** What an earlier page left behind. The server is asked meanwhile: who is in a hurry waits for no disk. */
  private async openKept(): Promise<void> {
    const nothing = this.state;
    const written = await this.keep.open();
    this.outbox.restore(written?.items ?? []);
    this.drafts.restore(written?.drafts ?? new Map());
    this.takeBack();
    if (this.state.status === 'ready') this.keep.shelf?.changed(nothing, this.state);
    if (this.socket.isOpen) this.outbox.flush();
  }

  /** Where files wait that were chosen and not sent; null: nothing is kept here. */
  async keptUploads(): Promise<KeptUploads | null> {
    await this.opened;
    return this.stopped ? null : this.keep.uploads;
  }

  stop(): void {
    this.stopped = true;
    this.ends.forEach((f) => f());
    window.removeEventListener('pagehide', this.settle);
    this.settle();
    clearTimeout(this.resendTimer);
    this.here.stop();
    this.socket.stop();
  }

  /** What was about to be written down is written now. */
  private readonly settle = (): void => {
    this.drafts.flush();
    void this.keep.shelf?.keep();
  };

  /** The session is over and what is kept goes with it; what this person wrote stays with the page, for the next log-in. */
  setAside(): void {
    if (!this.gone) setAside(this.me, { items: this.outbox.all, drafts: this.state.drafts });
  }

  private takeBack(): void {
    const { items, drafts } = takeBack(this.me);
    this.outbox.restore(items);
    items.forEach((item) => void this.keep.item(item));
    drafts.forEach((text, room) => this.state.drafts.has(room) || this.setDraft(room, text));
  }

  /** Now and then: the server was heard, so what is kept may stay; or it was not for too long, and the page begins anew without it. */
  async mind(): Promise<void> {
    const { offline, updated, status } = this.state;
    if (this.socket.isOpen && Date.now() - this.renewedAt > RENEWED) await this.renew();
    if (!offline || status !== 'ready' || !this.keep.isOpen || Date.now() - updated < this.me.offline_days * 86_400_000) return;
    await this.keep.drop();
    window.location.reload();
  }

  /** Forgets all that this browser keeps of the account: the person leaves it. */
  async destroyLocal(): Promise<void> {
    this.gone = true;
    this.drafts.drop();
    takeBack(this.me);
    await this.opened;
    await this.keep.drop();
    await forgetVault(...NOBODY);
  }

  /** Where talk is not to be used: the colleagues alone. */
  private async loadPeople(): Promise<void> {
    try {
      const members = await colleagues(this.me.tenant);
      if (!this.stopped) this.set({ status: 'ready', error: null, members: new Map(members.map((m) => [m.id, m])), updated: Date.now() });
    } catch (e) {
      this.set({ status: 'error', error: asApiError(e) });
    }
  }

  /** Also the way back from the state 'error'. */
  async load(): Promise<void> {
    if (!this.me.talk) return this.loadPeople();
    const asked = Promise.all([call(this.me.tenant, 'room.list'), colleagues(this.me.tenant)]);
    const read = this.opened.then(() => this.keep.shelf?.read() ?? null);
    try {
      const [list, members] = await Promise.race([asked, read.then((kept) => (kept ? patiently(asked, PATIENCE) : asked))]);
      if (this.stopped) return;
      this.pos = list.pos;
      this.set({
        status: 'ready', error: null, rooms: sorted(list.rooms), members: new Map(members.map((m) => [m.id, m])), updated: Date.now(),
      });
      this.socket.start();
      const kept = await read;
      if (kept && this.state.folders.length === 0) this.set({ folders: kept.folders });
      void this.folders.load().catch(() => undefined);
      void this.loadDrafts().catch(() => undefined);
    } catch (e) {
      const error = asApiError(e);
      const kept = error.code === 'offline' ? await read : null;
      if (kept && !this.stopped) this.showKept(kept);
      else this.set({ status: 'error', error });
    }
  }

  /** Without the server: what was kept, until it is there again. */
  private showKept(kept: Kept): void {
    this.pos = kept.pos;
    this.shownKept = true;
    this.set({
      status: 'ready', error: null, rooms: kept.rooms, folders: kept.folders, members: new Map(kept.members.map((m) => [m.id, m])), updated: kept.at, offline: true,
    });
    this.socket.start();
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

  openRoom(id: string): Promise<void> {
    return this.logs.open(id);
  }

  /** Where the member left off, if something is unread; else the end. */
  enterRoom(id: string, unread: boolean): Promise<void> {
    const room = this.room(id);
    return room && unread ? this.logs.enter(id, readTo(room), room.last_seq) : this.logs.toEnd(id);
  }

  /** Nobody looks at it any more. */
  closeRoom(id: string): void {
    this.logs.close(id);
    if (this.state.chosen?.room === id) this.endChoice();
    this.forgetLeft(id);
  }

  /** A message of a room is brought into view, however far up it stands; or it is said that it cannot be. */
  jump(id: string, seq: number): Promise<void> {
    return this.logs.show(id, seq);
  }

  forgetLeft(id: string): void {
    if (!this.state.left.has(id)) return;
    this.set({ left: new Set([...this.state.left].filter((r) => r !== id)) });
  }

  // ---- writing

  post(room: string, text: string, mentions: NonNullable<Post['mentions']> = []): void {
    const reply = this.state.replies.get(room);
    this.outbox.add(room, { text, ...(reply ? { reply: reply.seq } : {}), ...(mentions.length ? { mentions } : {}) });
    this.setReply(room, null);
    this.setDraft(room, '');
    this.outbox.flush();
  }

  /** A stamp, a poll …: whatever is no text of the composer. */
  postOther(room: string, post: Post): void {
    this.outbox.add(room, post);
    this.outbox.flush();
  }
  openThread(room: string, root: number | null): void {
    this.set({ thread: root === null ? null : { room, root } });
  }

  setReply(room: string, message: Message | null): void {
    if (!message && !this.state.replies.has(room)) return;
    const replies = new Map(this.state.replies);
    if (message) replies.set(room, message);
    else replies.delete(room);
    this.set({ replies });
  }

  /** Begins a choice with a message, adds it to the one there is, or takes it out. */
  choose(message: Message): void {
    this.set({ chosen: choose(this.state.chosen, message) });
  }

  endChoice(): void {
    this.set({ chosen: null });
  }

  /** Something is done with a message; the answer is the message as it is then. */
  async act<K extends 'talk.edit' | 'talk.take_back' | 'talk.react' | 'talk.vote' | 'talk.poll.close' | 'talk.pin'>(
    op: K, message: Message, body?: Ops[K]['body'],
  ): Promise<void> {
    const args = { params: { message: message.id }, ...(body === undefined ? {} : { body }) };
    const ask = () => (call as (tenant: string, op: string, args: object) => Promise<Message>)(this.me.tenant, op, args);
    await this.told.whileAsking(async () => this.changed(this.told.newest(await ask())));
  }

  async hide(message: Message): Promise<void> {
    await call(this.me.tenant, 'talk.hide', { params: { message: message.id } });
    this.hidden(message.room, message.seq);
  }

  // ---- rooms of one's own

  async createRoom(body: Ops['room.create']['body']): Promise<Room> {
    const room = await call(this.me.tenant, 'room.create', { body });
    if (!this.room(room.id)) this.joined(room);
    return room;
  }

  async setPrefs(room: Room, prefs: { muted: boolean; pinned: boolean }): Promise<void> {
    this.kept(await call(this.me.tenant, 'room.prefs', { params: { room: room.id }, body: prefs }));
  }

  async putInFolder(room: Room, folder: string): Promise<void> {
    this.kept(await call(this.me.tenant, 'room.folder', { params: { room: room.id }, body: folder ? { folder } : {} }));
  }

  /** A room as an act of the person has left it. */
  roomKept(room: Room): void {
    this.kept(room);
  }

  /** This connection shows the room: it hears how far others read. Again after each new connection. */
  async showRoom(room: string, on: boolean): Promise<void> {
    if (!this.socket.isOpen) return;
    try {
      const answer = (await this.socket.request('room.open', { room }, { on })) as Ops['room.open']['output'];
      if (on) this.setReads(room, answer.reads);
    } catch {
      // the room was left, or the connection is gone: the next one asks anew
    }
  }

  markRead(id: string, seq: number): void {
    const room = this.room(id);
    if (!room || room.read_seq >= seq) return;
    this.readUpTo(id, seq);
    const sent = this.socket.isOpen ? this.socket.request('talk.read', { room: id }, { seq })
      : call(this.me.tenant, 'talk.read', { params: { room: id }, body: { seq } });
    void sent.catch(() => undefined);
  }

  private typedAt = 0;
  /** The server tells it once in three seconds: a little slower, so that none comes to it too early and is lost. */
  typing(room: string): void {
    if (!this.socket.isOpen || Date.now() - this.typedAt < 3_500) return;
    this.typedAt = Date.now();
    void this.socket.request('talk.typing', { room }, {}).catch(() => undefined);
  }

  setKeywords(words: readonly string[]): Promise<void> {
    return this.ownWords.replace(words);
  }

  loadKeywords(): Promise<void> {
    return this.ownWords.load();
  }

  resend(key: string): void {
    this.outbox.resend(key);
  }

  discard(key: string): OutItem | undefined {
    return this.outbox.take(key);
  }

  setDraft(room: string, text: string): void {
    this.drafts.set(room, text);
  }

  private draftElsewhere({ room, text }: Events['talk.draft']): void {
    if (this.room(room)) this.drafts.elsewhere(room, text);
  }

  private async loadDrafts(): Promise<void> {
    const { drafts } = await call(this.me.tenant, 'talk.drafts');
    if (!this.stopped) this.drafts.merge(drafts, (room) => this.room(room) !== undefined);
  }

  private async send(item: OutItem): Promise<Message> {
    const params = { room: item.room };
    const body = { ...item.post, key: item.key };
    if (this.socket.isOpen) return (await this.socket.request('talk.post', params, body)) as Message;
    return call(this.me.tenant, 'talk.post', { params, body });
  }

  private refusal(e: ApiError): { final: boolean; reason: string } {
    const final = !passes(e);
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
    const lost = offline && !this.state.offline;
    this.set({ socket, offline, ...(lost ? { updated: Date.now() } : {}) });
    if (lost) this.keep.shelf?.touch();
    this.here.connection(socket === 'open');
    if (socket !== 'open') return;
    askForVersion(); // a server that was away may be back as a newer one
    this.outbox.flush();
  }

  private received(e: ServerEvent): void {
    if (e.event === 'sync') void this.sync().catch(() => this.socket.again()); // what waits for it comes with the next one
    else if (e.event === 'member.here') this.here.told(e.data as Events['member.here']); // of now: it waits for nothing
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
    this.isBack();
    void this.ownWords.load().catch(() => undefined);
  }

  /** What is shown as it was kept is read anew; and from time to time, how long what is kept may stay. */
  private isBack(): void {
    if (this.shownKept) {
      this.shownKept = false;
      void this.loadMembers(true).catch(() => undefined);
      void this.loadDrafts().catch(() => undefined);
    }
    this.fromShelf.forEach((room) => void this.logs.again(room));
    this.fromShelf.clear();
    if (Date.now() - this.renewedAt > RENEWED) void this.renew().catch(() => undefined);
  }

  private async renew(): Promise<void> {
    this.renewedAt = Date.now();
    await this.keep.renew(await call(this.me.tenant, 'me.read'));
  }

  private apply(e: ServerEvent): void {
    if (e.pos !== undefined) {
      if (e.pos <= this.pos) return;
      this.pos = e.pos;
    }
    if (e.event === 'talk.message.posted') this.posted(e.data as Message);
    else if (e.event === 'room.joined') this.joined(e.data as Room);
    else if (e.event === 'talk.message.changed' || e.event === 'talk.message.changed_for') this.changed(e.data as Message);
    else if (e.event === 'talk.message.hidden') this.hidden((e.data as { room: string; seq: number }).room, (e.data as { seq: number }).seq);
    else if (e.event === 'talk.folders') this.folders.told(e.data as Events['talk.folders']);
    else if (e.event === 'room.prefs') this.kept(e.data as Room);
    else if (e.event === 'room.read') this.setReads((e.data as Events['room.read']).room, (e.data as Events['room.read']).reads);
    else if (e.event === 'room.read.own') this.readUpTo((e.data as Events['room.read.own']).room, (e.data as Events['room.read.own']).seq);
    else if (e.event === 'talk.draft') this.draftElsewhere(e.data as Events['talk.draft']);
    else if (e.event === 'session.second.asked') tellAsked(this.me.tenant);
    else if (e.event === 'talk.keywords') this.ownWords.told(e.data as Events['talk.keywords']);
    else if (e.event === 'talk.typing') this.isTyping(e.data as Events['talk.typing']);
    else if (e.event === 'room.changed') this.set({ rooms: renamed(this.state.rooms, e.data as Events['room.changed']) });
    else if (e.event === 'room.left') this.leftRoom((e.data as Events['room.left']).room);
  }

  private tell(room: string, seq: number, m: Message | null): void {
    this.told.tell(room, seq, m);
    this.watches.tell(room, seq, m);
  }

  private posted(m: Message): void {
    this.tell(m.room, m.seq, m);
    this.logs.posted(m);
    this.addToRoom(m);
    this.ownWords.compare(m);
    if (m.author === this.me.id && m.key) this.outbox.settle(m.key);
    const typing = withoutTyping(this.state.typing, m.room, m.author);
    if (typing !== this.state.typing) this.set({ typing });
    const room = this.room(m.room);
    if (room && m.author !== this.me.id && m.kind !== 'system') this.onArrival(m, room);
  }

  /** A message is another one now. One that is beyond what is known is new here. */
  private changed(m: Message): void {
    this.tell(m.room, m.seq, m);
    const room = this.room(m.room);
    this.dropUnseen(m.room);
    this.logs.changed(m);
    this.set({ chosen: renewed(this.state.chosen, m.room, m.seq, m) });
    if (room && m.seq > room.last_seq) this.posted(m);
    else if (room?.last?.seq === m.seq) this.set({ rooms: withChanged(this.state.rooms, m) });
    this.ownWords.compare(m);
  }

  private hidden(room: string, seq: number): void {
    this.tell(room, seq, null);
    this.dropUnseen(room);
    this.logs.hidden(room, seq);
    this.set({ chosen: renewed(this.state.chosen, room, seq, null), hits: withoutHit(this.state.hits, room, seq) });
  }

  private dropUnseen(room: string): void {
    if (!this.logs.get(room)) void this.keep.shelf?.drop(room);
  }

  private kept(room: Room): void {
    this.set({ rooms: asKept(this.state.rooms, room) });
  }

  /** What is told of a room that one comes into holds nothing that was said: the newest message is asked for. */
  private async peek(id: string): Promise<void> {
    const page = await call(this.me.tenant, 'talk.history', { params: { room: id }, query: { limit: 1 } });
    const [last] = page.messages;
    if (last) this.set({ rooms: withLast(this.state.rooms, last) });
  }

  private setReads(room: string, reads: readonly Span[]): void {
    this.set({ reads: new Map(this.state.reads).set(room, reads) });
  }

  private readUpTo(id: string, seq: number): void {
    this.set({ hits: withoutRead(this.state.hits, id, seq), rooms: readUpTo(this.state.rooms, id, seq) });
  }

  private isTyping({ room, member }: Events['talk.typing']): void {
    if (member !== this.me.id) this.set({ typing: withTyping(this.state.typing, room, member, Date.now()) });
  }

  private joined(room: Room): void {
    this.set({ rooms: withRoom(this.state.rooms, room) });
    this.forgetLeft(room.id);
    if (!room.last && room.last_seq > 0) void this.peek(room.id).catch(() => undefined);
  }

  private leftRoom(id: string): void {
    this.logs.drop(id);
    void this.keep.shelf?.drop(id);
    this.set({ hits: withoutRead(this.state.hits, id, Infinity), rooms: this.state.rooms.filter((r) => r.id !== id), left: new Set(this.state.left).add(id) });
  }

  private async reset(): Promise<void> {
    const list = await call(this.me.tenant, 'room.list');
    this.pos = list.pos;
    this.set({ rooms: sorted(list.rooms) });
    void this.ownWords.find().catch(() => undefined);
    this.watches.tellAll();
    await Promise.all([this.keep.shelf?.dropUnseen(), ...this.logs.rooms().map((id) => this.logs.renew(id))]);
  }

  private addMessage(m: Message): void {
    this.logs.add(m);
    this.watches.tell(m.room, m.seq, m);
    this.addToRoom(m);
  }

  private addToRoom(m: Message): void {
    const rooms = withNewest(this.state.rooms, m, this.me.id);
    if (rooms !== this.state.rooms) this.set({ rooms });
  }

  /** A page from the server, or, without it, the end of the room as it was kept. */
  private async history(room: string, query: Ops['talk.history']['query']): Promise<Page> {
    try {
      return await this.historyThere(room, query);
    } catch (e) {
      const end = query.before === undefined && query.after === undefined;
      const page = end && e instanceof ApiError && e.code === 'offline' ? await this.keep.shelf?.page(room) : null;
      if (!page || !reaches(page, query.around)) throw e;
      this.fromShelf.add(room);
      return page;
    }
  }

  private historyThere(room: string, query: Ops['talk.history']['query']) {
    return this.told.whileAsking(async () => {
      const page = await call(this.me.tenant, 'talk.history', { params: { room }, query });
      return this.told.page(room, page, query.before === undefined && !page.newer);
    });
  }

  private set(part: Partial<TalkState>): void {
    const before = this.state;
    this.state = { ...before, ...part };
    if (this.state.status === 'ready') this.keep.shelf?.changed(before, this.state);
    this.listeners.forEach((f) => f());
  }
}
