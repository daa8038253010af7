// How people are called on screen: family and given name parted by one space.
import type { TFunction } from 'i18next';
import type { Member, Message } from '../base/types.ts';

export const fullName = (m: { family: string; given: string }): string => `${m.family} ${m.given}`.trim();

/** Who wrote a message: a member, or the name that came with it (an imported history). */
export function senderName(t: TFunction, members: ReadonlyMap<string, Member>, m: Message): string {
  const member = members.get(m.author);
  return (member && fullName(member)) || m.author_name || t('talk.room.no_name');
}

/** In the list only the family name stands before the text. */
export function shortSender(t: TFunction, members: ReadonlyMap<string, Member>, m: Message): string {
  return members.get(m.author)?.family || m.author_name || t('talk.room.no_name');
}
