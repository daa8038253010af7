// The reader's own words, and the messages of others that wait to be read because they hold one.
import { call } from '../base/api.ts';
import { asPhrase, holdsKeyword, keywordsOf, withHit, withoutHit } from './keywords.ts';
import type { Events } from '../../gen/api.ts';
import type { Me, Message, Room } from '../base/types.ts';
import type { TalkState } from './state.ts';

const HITS = 50;

export interface OwnWordsPorts {
  me: Me;
  state: () => Pick<TalkState, 'rooms' | 'keywords' | 'hits'>;
  room: (id: string) => Room | undefined;
  set: (part: Partial<Pick<TalkState, 'keywords' | 'hits'>>) => void;
  stopped: () => boolean;
}

export class OwnWords {
  private readonly ports: OwnWordsPorts;

  constructor(ports: OwnWordsPorts) {
    this.ports = ports;
  }

  /** All of them anew; the answer and what the other devices are told are the same. */
  async replace(words: readonly string[]): Promise<void> {
    this.told(await call(this.ports.me.tenant, 'talk.keywords.set', { body: { words: words.map((word) => ({ word })) } }));
  }

  async load(): Promise<void> {
    const list = await call(this.ports.me.tenant, 'talk.keywords');
    if (!this.ports.stopped()) this.told(list);
  }

  told({ words }: Events['talk.keywords']): void {
    const before = this.ports.state().keywords;
    if (before.length === words.length && words.every((w, i) => w.word === before[i]?.word)) return;
    this.ports.set({ keywords: keywordsOf(words.map((w) => w.word)) });
    void this.find().catch(() => undefined);
  }

  /** The server compares no message with anybody's words: what came while nothing was running here is searched for, one word after the other. */
  async find(): Promise<void> {
    const { keywords } = this.ports.state();
    this.ports.set({ hits: new Map() });
    for (const { word } of keywords) {
      const q = asPhrase(word);
      if (q === null || !this.ports.state().rooms.some((r) => r.last_seq > r.read_seq)) continue;
      const { hits } = await call(this.ports.me.tenant, 'talk.search', { query: { q, limit: HITS } });
      if (this.ports.stopped() || this.ports.state().keywords !== keywords) return;
      hits.forEach(({ message }) => this.compare(message));
    }
  }

  /** Whether a message, as it is now, waits for the reader because of a word. */
  compare(m: Message): void {
    const room = this.ports.room(m.room);
    const { keywords, hits: before } = this.ports.state();
    const waits = room !== undefined && m.seq > room.read_seq && holdsKeyword(m, this.ports.me.id, keywords);
    const hits = waits ? withHit(before, m.room, m.seq) : withoutHit(before, m.room, m.seq);
    if (hits !== before) this.ports.set({ hits });
  }
}
