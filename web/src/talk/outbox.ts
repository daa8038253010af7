// Messages on their way to the server. Each has its key from the first moment and keeps it through every attempt, so a
// repeat makes no second message. Within a room they go one after the other, in the order they were written; one that
// was refused for good steps aside and the others go on.

/** As talk.post takes it, without its key. */
export interface Post {
  text?: string;
  kind?: 'text' | 'stamp' | 'location' | 'contact' | 'poll' | 'file';
  reply?: number;
  thread?: number;
  mentions?: { kind: 'member' | 'unit' | 'all'; id?: string; at: number; length: number }[];
  stamp?: string;
  location?: { latitude: number; longitude: number; label?: string };
  contact?: { member?: string };
  important?: boolean;
  deadline?: number;
  /** Uploads that are whole. */
  files?: string[];
  poll?: { choices: { text: string }[]; many: boolean; closed: boolean };
}

export interface OutItem {
  key: string;
  room: string;
  /** What of it stands in the list while it waits. */
  text: string;
  post: Post;
  /** When it was written, in milliseconds. */
  at: number;
  state: 'waiting' | 'sending' | 'failed';
  /** Why it was refused, in the language of that moment. */
  reason: string;
}
export interface Refusal {
  final: boolean;
  reason: string;
}
export interface OutboxPorts<M> {
  newKey: () => string;
  now: () => number;
  save: (item: OutItem) => Promise<void>;
  forget: (key: string) => Promise<void>;
  send: (item: OutItem) => Promise<M>;
  sent: (message: M) => void;
  refusal: (error: unknown) => Refusal;
  changed: (items: OutItem[]) => void;
}

export class Outbox<M> {
  private readonly ports: OutboxPorts<M>;
  private items: OutItem[] = [];

  constructor(ports: OutboxPorts<M>) {
    this.ports = ports;
  }

  get all(): readonly OutItem[] {
    return this.items;
  }

  /** Takes up what an earlier page left behind. What was under way then waits again. */
  restore(kept: Iterable<OutItem>): void {
    const known = new Set(this.items.map((i) => i.key));
    const back = [...kept].filter((i) => !known.has(i.key)).map((i) => ({ ...i, post: i.post ?? { text: i.text } }))
      .map((i): OutItem => (i.state === 'sending' ? { ...i, state: 'waiting' } : i));
    this.set([...this.items, ...back].sort((a, b) => (a.key < b.key ? -1 : 1)));
  }

  add(room: string, post: Post | string): OutItem {
    const whole = typeof post === 'string' ? { text: post } : post;
    const item: OutItem = { key: this.ports.newKey(), room, text: whole.text ?? '', post: whole, at: this.ports.now(), state: 'waiting', reason: '' };
    this.set([...this.items, item]);
    void this.ports.save(item);
    return item;
  }

  /** Sends the first waiting message of every room that has none under way. */
  flush(): void {
    const busy = new Set(this.items.filter((i) => i.state === 'sending').map((i) => i.room));
    for (const item of this.items) {
      if (item.state !== 'waiting' || busy.has(item.room)) continue;
      busy.add(item.room);
      void this.attempt(item);
    }
  }

  /** Again, with the key it has. */
  resend(key: string): void {
    this.change(key, { state: 'waiting', reason: '' });
    this.flush();
  }

  /** Takes a message out; a changed text is another message and gets another key. */
  take(key: string): OutItem | undefined {
    const item = this.items.find((i) => i.key === key);
    if (item) this.settle(key);
    return item;
  }

  /** The server has it: by the answer or by the event, whichever came first. */
  settle(key: string): void {
    if (!this.items.some((i) => i.key === key)) return;
    this.set(this.items.filter((i) => i.key !== key));
    void this.ports.forget(key);
    this.flush();
  }

  private async attempt(item: OutItem): Promise<void> {
    this.change(item.key, { state: 'sending' });
    try {
      const message = await this.ports.send(item);
      this.ports.sent(message);
      this.settle(item.key);
    } catch (e) {
      const { final, reason } = this.ports.refusal(e);
      this.change(item.key, { state: final ? 'failed' : 'waiting', reason: final ? reason : '' });
      if (final) this.flush();
    }
  }

  private change(key: string, part: Partial<OutItem>): void {
    const old = this.items.find((i) => i.key === key);
    if (!old) return;
    const next = { ...old, ...part };
    this.set(this.items.map((i) => (i === old ? next : i)));
    if (next.state !== 'sending') void this.ports.save(next);
  }

  private set(items: OutItem[]): void {
    this.items = items;
    this.ports.changed(items);
  }
}
