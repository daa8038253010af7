// How many messages wait to be read. How far the person has read is kept by the server, so that every device knows.
import { useEffect } from 'react';
import { readTo, useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';

type Counted = Pick<Room, 'first_seq' | 'last_seq' | 'read_seq'> & { last: { author: string } | null };

/** In front of the person for so long, a message counts as read. */
const READ_AFTER = 1_000;

/** Whoever wrote the last message has read what stands before it. */
export function unreadIn(room: Counted, me: string): number {
  if (room.last === null || room.last.author === me) return 0;
  return Math.max(0, room.last_seq - Math.max(room.read_seq, room.first_seq - 1));
}

export const unreadOfAll = (rooms: readonly Counted[], me: string): number => rooms.reduce((n, r) => n + unreadIn(r, me), 0);

/** As it stands on a badge. */
export const badge = (n: number): string => (n > 99 ? '99+' : String(n));

/** Whether all that is unread up to `seq` was written by the person, who needs no moment to look at it. */
export function ownAlone(messages: readonly { seq: number; author: string }[], read: number, seq: number, me: string): boolean {
  const unread = messages.filter((m) => m.seq > read && m.seq <= seq);
  return unread.length === seq - read && unread.every((m) => m.author === me);
}

/** The open room is read as far as its messages have come into view, as long as the window is in front. */
export function useReading(room: Room, seen: number): void {
  const talk = useTalkStore();
  const { id } = room;
  const seq = Math.min(room.last_seq, seen);
  const unread = room.read_seq < seq;
  useEffect(() => {
    if (!unread) return undefined;
    const here = talk.room(id);
    if (here && ownAlone(talk.state.logs.get(id)?.messages ?? [], readTo(here), seq, talk.me.id)) {
      talk.markRead(id, seq);
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
      timer = setTimeout(() => talk.markRead(id, seq), READ_AFTER);
    };
    look();
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [talk, id, seq, unread]);
}

/** How many have read a message, of those who can see it. Its author, who has read up to `own`, is not counted. */
export function readersOf(reads: readonly { from: number; to: number; n: number }[], seq: number, own = 0): number {
  const all = reads.reduce((n, s) => n + (s.from <= seq && seq <= s.to ? s.n : 0), 0);
  return Math.max(0, own >= seq ? all - 1 : all);
}
