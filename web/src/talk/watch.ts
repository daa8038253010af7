// What happens to the messages of a room, for screens that hold some of them beside the log.
import { useEffect, useRef } from 'react';
import { useTalkStore } from './talk.ts';
import type { Message } from '../base/types.ts';

/** A message has come or is another one now; null: it is gone for the reader. Seq 0: what happened is not known in single. */
export type Heard = (seq: number, message: Message | null) => void;

export class Watches {
  private readonly all = new Set<{ room: string; heard: Heard }>();

  add(room: string, heard: Heard): () => void {
    const one = { room, heard };
    this.all.add(one);
    return () => this.all.delete(one);
  }

  tell(room: string, seq: number, message: Message | null): void {
    this.all.forEach((w) => w.room === room && w.heard(seq, message));
  }

  tellAll(): void {
    this.all.forEach((w) => w.heard(0, null));
  }
}

export function useWatch(room: string, heard: Heard): void {
  const talk = useTalkStore();
  const now = useRef(heard);
  now.current = heard;
  useEffect(() => talk.watches.add(room, (seq, m) => now.current(seq, m)), [talk, room]);
}
