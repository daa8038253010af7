// What the screens of talk show, as talk.ts keeps it.
import type { Ops } from '../../gen/api.ts';
import type { ApiError } from '../base/api.ts';
import type { SocketState } from '../base/socket.ts';
import type { Member, Message, Room } from '../base/types.ts';
import type { Chosen } from './chosen.ts';
import type { Folder } from './folders.ts';
import type { HereState } from './here.ts';
import type { Hits, Keyword } from './keywords.ts';
import type { RoomLog } from './logs.ts';
import type { OutItem } from './outbox.ts';
import type { Typing } from './typing.ts';

export type Span = Ops['room.open']['output']['reads'][number];

export interface TalkState {
  status: 'loading' | 'ready' | 'error';
  error: ApiError | null;
  rooms: Room[];
  /** The person's own sorting of the rooms. */
  folders: readonly Folder[];
  members: ReadonlyMap<string, Member>;
  logs: ReadonlyMap<string, RoomLog>;
  left: ReadonlySet<string>;
  outbox: readonly OutItem[];
  drafts: ReadonlyMap<string, string>;
  /** How far the members of a room that is open have read. */
  reads: ReadonlyMap<string, readonly Span[]>;
  /** Which message the next one answers, by room. */
  replies: ReadonlyMap<string, Message>;
  /** The messages that are being chosen in a room. */
  chosen: Chosen | null;
  /** The reader's own words, and the unread messages of others that hold one, by room. */
  keywords: readonly Keyword[];
  hits: Hits;
  /** The thread that stands beside its room. */
  thread: { room: string; root: number } | null;
  /** Who is writing in a room, until when. */
  typing: Typing;
  /** Colleagues on the screen who are here. */
  here: ReadonlyMap<string, HereState>;
  socket: SocketState;
  /** The connection was lost and is not back yet. */
  offline: boolean;
  /** When the server was last heard, in milliseconds; while it is heard: when it began to be. */
  updated: number;
}

const lastTime = (r: Room): string => r.last?.sent ?? '';

/** The pinned ones first, then by their last message. */
export const sorted = (rooms: readonly Room[]): Room[] => [...rooms].sort((a, b) => (
  a.pinned !== b.pinned ? (a.pinned ? -1 : 1) : lastTime(a) < lastTime(b) ? 1 : lastTime(a) > lastTime(b) ? -1 : 0));
