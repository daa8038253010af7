// Who is here now: this browser says whether it is in use, and names those whom the screen shows; the server tells of them
// and of nobody else. Nothing of it is kept.
import type { Events, Ops } from '../../gen/api.ts';

export type HereState = 'on' | 'away';
type Ask = <K extends 'me.here' | 'member.watch'>(op: K, body: Ops[K]['body']) => Promise<unknown>;

/** So long nobody touched anything: away. */
const AWAY_AFTER = 5 * 60_000;
const LOOK = 15_000;
/** What a screen shows comes in one message. */
const GATHER = 150;
/** Without a connection for so long, nobody knows who is here. */
const STALE = 10_000;
/** As many as the server takes. */
const WATCH_MAX = 100;
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focus'] as const;

export class Here {
  private readonly ask: Ask;
  private readonly changed: (here: ReadonlyMap<string, HereState>) => void;
  /** How many places of the screen show a member. */
  private readonly shown = new Map<string, number>();
  private states: ReadonlyMap<string, HereState> = new Map();
  private open = false;
  private away = false;
  private usedAt = Date.now();
  private watched = '';
  private gather: ReturnType<typeof setTimeout> | undefined;
  private stale: ReturnType<typeof setTimeout> | undefined;
  private look: ReturnType<typeof setInterval> | undefined;

  constructor(ask: Ask, changed: (here: ReadonlyMap<string, HereState>) => void) {
    this.ask = ask;
    this.changed = changed;
  }

  start(): void {
    TOUCHES.forEach((name) => window.addEventListener(name, this.used, { capture: true, passive: true }));
    this.look = setInterval(this.unused, LOOK);
  }

  stop(): void {
    TOUCHES.forEach((name) => window.removeEventListener(name, this.used, { capture: true }));
    clearInterval(this.look);
    clearTimeout(this.gather);
    clearTimeout(this.stale);
  }

  /** A new connection knows nothing of this browser. */
  connection(open: boolean): void {
    if (open === this.open) return;
    this.open = open;
    clearTimeout(this.stale);
    if (!open) {
      this.stale = setTimeout(() => this.set(new Map()), STALE);
      return;
    }
    this.say();
    this.watched = '';
    void this.send();
  }

  told({ member, state }: Events['member.here']): void {
    if (!this.shown.has(member)) return;
    const next = new Map(this.states);
    if (state === 'gone') next.delete(member);
    else next.set(member, state);
    this.set(next);
  }

  /** The screen shows a member, until the answer is called. */
  watch(member: string): () => void {
    this.shown.set(member, (this.shown.get(member) ?? 0) + 1);
    this.soon();
    return () => {
      const n = (this.shown.get(member) ?? 1) - 1;
      if (n > 0) this.shown.set(member, n);
      else this.shown.delete(member);
      this.soon();
    };
  }

  private soon(): void {
    clearTimeout(this.gather);
    this.gather = setTimeout(() => void this.send(), GATHER);
  }

  private async send(): Promise<void> {
    const members = [...this.shown.keys()].slice(0, WATCH_MAX);
    const text = [...members].sort().join(' ');
    if (!this.open || text === this.watched) return;
    this.watched = text;
    try {
      const { here } = (await this.ask('member.watch', { members })) as Ops['member.watch']['output'];
      if (this.watched === text) this.set(new Map(here.flatMap((h) => (h.state === 'gone' ? [] : [[h.member, h.state]]))));
    } catch {
      if (this.watched === text) this.watched = ''; // the connection is gone: the next one asks anew
    }
  }

  private say(): void {
    if (this.open) void this.ask('me.here', { away: this.away }).catch(() => undefined);
  }

  private readonly used = (): void => {
    this.usedAt = Date.now();
    if (!this.away) return;
    this.away = false;
    this.say();
  };

  private readonly unused = (): void => {
    if (this.away || Date.now() - this.usedAt < AWAY_AFTER) return;
    this.away = true;
    this.say();
  };

  private set(states: ReadonlyMap<string, HereState>): void {
    if (states.size === 0 && this.states.size === 0) return;
    this.states = states;
    this.changed(states);
  }
}
