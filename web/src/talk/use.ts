// How screens read the state of talk.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { TalkState } from './state.ts';
import type { Talk } from './talk.ts';

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
