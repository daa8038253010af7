// A login on another device that waits for a word from this one: looked for when the app opens or comes to the front, and when the
// server tells of it.
import type { SecondAsking } from '../../gen/api.ts';
import { call } from './api.ts';

export type Asking = SecondAsking;

const listeners = new Set<(tenant: string) => void>();

export const tellAsked = (tenant: string): void => listeners.forEach((f) => f(tenant));

/** f is told of what waits, and of nothing once it waits no more. */
export function watchAsked(tenant: string, f: (asking: Asking | null) => void): () => void {
  let gone = false;
  /* One that fails is made again at the next occasion. */
  const look = async () => {
    const found = await call(tenant, 'me.second.asking').catch(() => null);
    if (found && !gone) f(found.asking);
  };
  const told = (t: string) => t === tenant && void look();
  const front = () => document.visibilityState === 'visible' && void look();
  listeners.add(told);
  document.addEventListener('visibilitychange', front);
  void look();
  return () => {
    gone = true;
    listeners.delete(told);
    document.removeEventListener('visibilitychange', front);
  };
}
