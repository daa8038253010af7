// What events told while answers were under way. An answer that was made before them does not undo them.
import type { Message } from '../base/types.ts';
import type { Page } from './logs.ts';

export class Told {
  /** By room and number; null: hidden. */
  private readonly all = new Map<string, Message | null>();
  private asking = 0;

  async whileAsking<T>(ask: () => Promise<T>): Promise<T> {
    this.asking += 1;
    try {
      return await ask();
    } finally {
      this.asking -= 1;
      if (this.asking === 0) this.all.clear();
    }
  }

  tell(room: string, seq: number, m: Message | null): void {
    if (this.asking > 0) this.all.set(`${room} ${seq}`, m);
  }

  newest(m: Message): Message {
    return this.all.get(`${m.room} ${m.seq}`) ?? m;
  }

  /** A page as it is with what was told meanwhile; to one that `ends` a room belongs what was posted behind it, too. */
  page<P extends Page>(room: string, page: P, ends: boolean): P {
    const last = page.messages[0]?.seq ?? 0;
    const behind = ends ? [...this.all.values()].filter((m) => m !== null && m.room === room && m.seq > last) as Message[] : [];
    const there = page.messages.filter((m) => this.all.get(`${room} ${m.seq}`) !== null);
    return { ...page, messages: [...behind.sort((a, b) => b.seq - a.seq), ...there.map((m) => this.newest(m))] };
  }
}
