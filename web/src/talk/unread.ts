// Which messages have not been in front of the person in this browser: per account and room the last seq that was.
// Nothing of a message is kept, only numbers of rooms and places in them.
import { useEffect, useSyncExternalStore } from 'react';
import { useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';

/** By room. null: the account has not been opened in this browser. */
export type Marks = Readonly<Record<string, number>> | null;
type Counted = Pick<Room, 'id' | 'first_seq' | 'last_seq'> & { last: { author: string } | null };

const keyOf = (tenant: string, member: string): string => `engawa.read.${tenant}.${member}`;
const listeners = new Set<() => void>();
const cache = new Map<string, Marks>();

function read(key: string): Marks {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Marks;
  } catch {
    return null;
  }
}

export function marksOf(tenant: string, member: string): Marks {
  const key = keyOf(tenant, member);
  if (!cache.has(key)) cache.set(key, read(key));
  return cache.get(key) ?? null;
}

function setMarks(tenant: string, member: string, marks: Marks): void {
  const key = keyOf(tenant, member);
  cache.set(key, marks);
  if (marks === null) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(marks));
  listeners.forEach((f) => f());
}

window.addEventListener('storage', (e) => {
  if (!e.key?.startsWith('engawa.read.')) return;
  cache.delete(e.key);
  listeners.forEach((f) => f());
});

/** The first time an account is opened here, what is there counts as read; a room that comes later is new. */
export function adopt(tenant: string, member: string, rooms: readonly Counted[]): void {
  if (marksOf(tenant, member) === null) setMarks(tenant, member, Object.fromEntries(rooms.map((r) => [r.id, r.last_seq])));
}

export function markRead(tenant: string, member: string, room: string, seq: number): void {
  const marks = marksOf(tenant, member) ?? {};
  if ((marks[room] ?? -1) < seq) setMarks(tenant, member, { ...marks, [room]: seq });
}

export const forgetMarks = (tenant: string, member: string): void => setMarks(tenant, member, null);

/** Whoever wrote the last message has read what stands before it. */
export function unreadIn(room: Counted, marks: Marks, me: string): number {
  if (marks === null || room.last === null || room.last.author === me) return 0;
  return Math.max(0, room.last_seq - (marks[room.id] ?? room.first_seq - 1));
}

export const unreadOfAll = (rooms: readonly Counted[], marks: Marks, me: string): number =>
  rooms.reduce((n, r) => n + unreadIn(r, marks, me), 0);

/** As it stands on a badge. */
export const badge = (n: number): string => (n > 99 ? '99+' : String(n));

export const useMarks = (tenant: string, member: string): Marks => useSyncExternalStore((f) => {
  listeners.add(f);
  return () => listeners.delete(f);
}, () => marksOf(tenant, member));

export function useAdopted(rooms: readonly Room[], ready: boolean): void {
  const { me } = useTalkStore();
  useEffect(() => {
    if (ready) adopt(me.tenant, me.id, rooms);
  }, [me, rooms, ready]);
}

/** The open room is read as long as the window is in front. */
export function useReading(room: Room | undefined): void {
  const { me } = useTalkStore();
  const id = room?.id;
  const seq = room?.last_seq ?? 0;
  useEffect(() => {
    if (id === undefined) return undefined;
    const look = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) markRead(me.tenant, me.id, id, seq);
    };
    look();
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [me, id, seq]);
}
