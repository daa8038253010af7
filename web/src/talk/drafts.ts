// What was written and not sent, by room: in memory at once, in this browser's vault half a second after the last key, and
// on the member's other devices two seconds after it.
import { limits } from '../../gen/api.ts';

const SAVED = 500;
const SHARED = 2_000;
const LONGEST: number = limits['talk.post.text'];

export type Texts = ReadonlyMap<string, string>;
export interface DraftPorts {
  /** Into the vault; '': out of it. */
  save: (room: string, text: string) => void;
  /** To the other devices. */
  share: (room: string, text: string) => void;
  changed: (drafts: Texts) => void;
}

export class Drafts {
  private readonly ports: DraftPorts;
  private texts: Texts = new Map();
  /** As the other devices know them. */
  private readonly known = new Map<string, string>();
  private readonly saving = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly sharing = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(ports: DraftPorts) {
    this.ports = ports;
  }

  get(room: string): string {
    return this.texts.get(room) ?? '';
  }

  /** Takes up what an earlier page left behind; what was written meanwhile stays. */
  restore(kept: Texts): void {
    this.put(new Map([...kept, ...this.texts]));
  }

  set(room: string, text: string): void {
    if (this.get(room) === text) return;
    this.change(room, text);
    clearTimeout(this.saving.get(room));
    this.saving.set(room, setTimeout(() => this.save(room), text ? SAVED : 0));
    clearTimeout(this.sharing.get(room));
    this.sharing.set(room, setTimeout(() => this.share(room), text ? SHARED : 0));
  }

  /** What was written on another device: not over what the others do not know yet. */
  elsewhere(room: string, text: string): void {
    const here = this.get(room);
    if ((here !== '' && here !== this.known.get(room)) || here === text) return;
    this.known.set(room, text);
    this.change(room, text);
    this.save(room);
  }

  /** All that stands on the other devices: it is taken where nothing stands here. */
  merge(others: readonly { room: string; text: string }[], has: (room: string) => boolean): void {
    for (const { room, text } of others) {
      if (this.get(room) === text) this.known.set(room, text);
      else if (this.get(room) === '' && has(room)) this.elsewhere(room, text);
    }
  }

  /** The page goes: nothing waits any longer. */
  readonly flush = (): void => {
    [...this.saving.keys()].forEach((room) => this.save(room));
    [...this.sharing.keys()].forEach((room) => this.share(room));
  };

  /** Nothing of it goes anywhere any more. */
  drop(): void {
    for (const timers of [this.saving, this.sharing]) {
      timers.forEach((t) => clearTimeout(t));
      timers.clear();
    }
  }

  private save(room: string): void {
    clearTimeout(this.saving.get(room));
    this.saving.delete(room);
    this.ports.save(room, this.get(room));
  }

  /** A text that is too long is kept here alone until it is shortened. */
  private share(room: string): void {
    clearTimeout(this.sharing.get(room));
    this.sharing.delete(room);
    const text = this.get(room);
    if ([...text].length > LONGEST) return;
    this.known.set(room, text);
    this.ports.share(room, text);
  }

  private change(room: string, text: string): void {
    const texts = new Map(this.texts);
    if (text) texts.set(room, text);
    else texts.delete(room);
    this.put(texts);
  }

  private put(texts: Texts): void {
    this.texts = texts;
    this.ports.changed(texts);
  }
}
