// Messages that were chosen in a room, to do one thing with all of them.
import { ApiError } from '../base/api.ts';
import { clock } from '../base/time.ts';
import type { Message } from '../base/types.ts';

export const CHOSEN_MAX = 100;

export interface Chosen {
  room: string;
  messages: ReadonlyMap<number, Message>;
}

/** Adds a message, or takes it out; the first one of a room begins. Beyond the most there may be nothing changes. */
export function choose(chosen: Chosen | null, m: Message): Chosen {
  const messages = new Map(chosen?.room === m.room ? chosen.messages : []);
  if (!messages.delete(m.seq) && messages.size < CHOSEN_MAX) messages.set(m.seq, m);
  return { room: m.room, messages };
}

/** What became of a message that is chosen; null: it is gone from the screen. */
export function renewed(chosen: Chosen | null, room: string, seq: number, m: Message | null): Chosen | null {
  if (chosen?.room !== room || !chosen.messages.has(seq)) return chosen;
  const messages = new Map(chosen.messages);
  if (m) messages.set(seq, m);
  else messages.delete(seq);
  return { room, messages };
}

/** In the order in which they were said. */
export const inOrder = (chosen: Chosen): Message[] => [...chosen.messages.values()].sort((a, b) => a.seq - b.seq);

/** Name, time and words, a line each. */
export function asText(messages: readonly Message[], nameOf: (m: Message) => string, lineOf: (m: Message) => string): string {
  return messages.map((m) => {
    const d = new Date(m.sent);
    return `${nameOf(m)} ${d.getFullYear()}/${d.getMonth() + 1}/${d.getDate()} ${clock(d)} ${lineOf(m)}`;
  }).join('\n');
}

const PATIENCE = 5;

/** One after the other, so that their order stays; where the server asks to wait, it is waited. */
export async function oneByOne<M>(messages: readonly M[], act: (m: M) => Promise<void>, done: (n: number) => void): Promise<void> {
  for (const [i, m] of messages.entries()) {
    for (let tries = 1; ; tries += 1) {
      try {
        await act(m);
        break;
      } catch (e) {
        if (!(e instanceof ApiError) || e.code !== 'too_many' || tries === PATIENCE) throw e;
        await new Promise((again) => { setTimeout(again, Math.max(1, e.retryAfter) * 1_000); });
      }
    }
    done(i + 1);
  }
}
