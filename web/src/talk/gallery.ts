// What stands in the gallery of a room, month by month. Its months are those of Japan, as the days that it is asked for.
import type { Ops } from '../../gen/api.ts';
import type { Lang } from '../base/time.ts';
import { isBarred, isFilm, isPicture, type TalkFile } from './file_kinds.ts';

export type Thing = Ops['talk.gallery']['output']['items'][number];
export const KINDS = ['photo', 'file', 'link'] as const;
export type Kind = (typeof KINDS)[number];

const JAPAN_MS = 9 * 3_600_000; // and no summer time

/** 2026-11 */
const monthOf = (sent: string): string => new Date(Date.parse(sent) + JAPAN_MS).toISOString().slice(0, 7);

/** 2026年11月, November 2026 */
export const monthText = (month: string, lang: Lang): string => (
  new Date(`${month}-01T00:00Z`).toLocaleDateString(lang === 'ja' ? 'ja-JP' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' }));

/** In the order they stand in the room: the newest month first; of a history that was imported later, a month may come again. */
export function byMonth(things: readonly Thing[]): { key: string; month: string; things: Thing[] }[] {
  const months: { key: string; month: string; things: Thing[] }[] = [];
  for (const thing of things) {
    const month = monthOf(thing.sent);
    if (months.at(-1)?.month !== month) months.push({ key: `${month}-${months.filter((m) => m.month === month).length}`, month, things: [] });
    months.at(-1)!.things.push(thing);
  }
  return months;
}

/** One thing is in a message once. */
export const thingKey = (thing: Thing): string => thing.file?.id ?? `${thing.seq} ${thing.url}`;

/** What an address is called: where it leads. Letters of other scripts are told apart from those they look like. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** What can be seen one after the other; of the rest there is a name, and it is saved. */
export const seenAtOnce = (file: TalkFile | undefined): file is TalkFile => file !== undefined && !isBarred(file) && (isPicture(file) || isFilm(file));
