// How people are called on screen: family and given name parted by one space.
import type { TFunction } from 'i18next';
import type { Member, Message, Room } from '../base/types.ts';

export const fullName = (m: { family: string; given: string }): string => `${m.family} ${m.given}`.trim();

/** A room of two is called by the other one. Service notices have one name in each language, whatever the server called their room when it made it. */
export function roomName(t: TFunction, room: Room, members: ReadonlyMap<string, Member>): string {
  if (room.kind === 'notice') return t('talk.notice.name');
  if (room.kind !== 'direct' || room.name) return room.name;
  const peer = members.get(room.peer ?? '');
  return peer ? fullName(peer) : t('talk.room.no_name');
}

/** Said by the server itself, and by nobody. */
export const isNotice = (m: Pick<Message, 'author' | 'author_name'>): boolean => m.author === '0' && m.author_name === '';

/** Who wrote a message: a member, or the name that came with it (an imported history). */
export function senderName(t: TFunction, members: ReadonlyMap<string, Member>, m: Pick<Message, 'author' | 'author_name'>): string {
  if (isNotice(m)) return t('talk.notice.name');
  const member = members.get(m.author);
  return (member && fullName(member)) || m.author_name || t('talk.room.no_name');
}

/** In the list only the family name stands before the text. */
export function shortSender(t: TFunction, members: ReadonlyMap<string, Member>, m: Message): string {
  return members.get(m.author)?.family || m.author_name || t('talk.room.no_name');
}
