// The list of rooms as an event or an act leaves it.
import { sorted } from './state.ts';
import type { Events } from '../../gen/api.ts';
import type { Message, Room } from '../base/types.ts';

/** The newest message that the member has read, or could never see. */
export const readTo = (r: Room): number => Math.max(r.read_seq, r.first_seq - 1);

const mentions = (m: Message, me: string): boolean => (m.content?.mentions ?? []).some((x) => x.kind === 'all' || x.id === me);

/** How the member keeps a room; its last message is not told. */
export const asKept = (rooms: readonly Room[], room: Room): Room[] =>
  sorted(rooms.map((r) => (r.id === room.id ? { ...room, last: r.last, last_seq: r.last_seq } : r)));

export const withRoom = (rooms: readonly Room[], room: Room): Room[] => sorted([room, ...rooms.filter((r) => r.id !== room.id)]);

/** What a room that one came into holds as its last message, unless that is known meanwhile. */
export const withLast = (rooms: readonly Room[], last: Message): Room[] =>
  sorted(rooms.map((r) => (r.id === last.room && !r.last ? { ...r, last } : r)));

/** The last message of its room is another one now. */
export const withChanged = (rooms: readonly Room[], m: Message): Room[] => rooms.map((r) => (r.id === m.room ? { ...r, last: m } : r));

/** The room's newest message, and whether it names the reader. */
export function withNewest(rooms: Room[], m: Message, me: string): Room[] {
  const old = rooms.find((r) => r.id === m.room);
  if (!old || m.seq <= old.last_seq) return rooms;
  const named = m.author !== me && mentions(m, me);
  const next = { ...old, last_seq: m.seq, last: m, ...(named ? { mentions: (old.mentions ?? 0) + 1 } : {}) };
  return sorted(rooms.map((r) => (r.id === m.room ? next : r)));
}

export const readUpTo = (rooms: readonly Room[], id: string, seq: number): Room[] => rooms.map((r) => {
  if (r.id !== id || r.read_seq >= seq) return r;
  const { mentions: _, ...rest } = r;
  return seq >= r.last_seq ? { ...rest, read_seq: seq } : { ...r, read_seq: seq };
});

export const renamed = (rooms: readonly Room[], { room, name, photo }: Events['room.changed']): Room[] => rooms.map((r) => {
  if (r.id !== room) return r;
  const { photo: _, ...rest } = r;
  return { ...rest, name, ...(photo ? { photo } : {}) };
});
