// A company that was cancelled in this tab: what its confirmation says, kept until it is put away. The session is over, so it
// stands in front of everything else.
import { useSyncExternalStore } from 'react';
import type { Ops } from '../../gen/api.ts';

export type Closed = Ops['console.cancellation']['output'] & { tenant: string };

let now: Closed | null = null;
const listeners = new Set<() => void>();

export function tellClosed(closed: Closed | null): void {
  now = closed;
  for (const f of listeners) f();
}

const listen = (f: () => void): (() => void) => {
  listeners.add(f);
  return () => listeners.delete(f);
};

export const useClosed = (): Closed | null => useSyncExternalStore(listen, () => now);
