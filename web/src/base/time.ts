// Time as people read it. Every function takes the present moment, so a caller decides how fresh it is.

export type Lang = 'ja' | 'en';

const JA_DAYS = ['日', '月', '火', '水', '木', '金', '土'];
const EN_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (n: number): string => String(n).padStart(2, '0');

const dayStart = (d: Date): number => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();

/** Whole calendar days from a to b, whatever the clocks did between. */
const daysBetween = (a: Date, b: Date): number => Math.round((dayStart(b) - dayStart(a)) / 86_400_000);

export const sameDay = (a: Date, b: Date): boolean => dayStart(a) === dayStart(b);

/** 7:46 */
export const clock = (d: Date): string => `${d.getHours()}:${two(d.getMinutes())}`;

/** In lists: 7:46 · 昨日 · 土曜 · 11/20 · 2025/11/20 */
export function listTime(d: Date, now: Date, lang: Lang): string {
  const days = daysBetween(d, now);
  if (days <= 0) return clock(d);
  if (days === 1) return lang === 'ja' ? '昨日' : 'Yesterday';
  if (days <= 6) return lang === 'ja' ? `${JA_DAYS[d.getDay()]}曜` : EN_DAYS[d.getDay()]!;
  const date = `${d.getMonth() + 1}/${d.getDate()}`;
  return d.getFullYear() === now.getFullYear() ? date : `${d.getFullYear()}/${date}`;
}

/** Where no day stands above: 7:46 · 昨日 7:46 · 土曜 7:46 · 11/20 7:46 */
export const postTime = (d: Date, now: Date, lang: Lang): string =>
  (daysBetween(d, now) <= 0 ? clock(d) : `${listTime(d, now, lang)} ${clock(d)}`);

/** On the chip between days: 11/23(月), with the year if it is not this one. */
export function dayChip(d: Date, now: Date, lang: Lang): string {
  const year = d.getFullYear() === now.getFullYear() ? '' : `${d.getFullYear()}/`;
  const date = `${year}${d.getMonth() + 1}/${d.getDate()}`;
  return lang === 'ja' ? `${date}(${JA_DAYS[d.getDay()]})` : `${EN_DAYS[d.getDay()]} ${date}`;
}

/** For tooltips and screen readers: 2026年11月23日 月曜日 7時46分 */
export function spoken(d: Date, lang: Lang): string {
  if (lang === 'ja') {
    return `${d.getFullYear()}年${d.getMonth() + 1}月${d.getDate()}日 ${JA_DAYS[d.getDay()]}曜日 `
      + `${d.getHours()}時${d.getMinutes()}分`;
  }
  const date = d.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return `${date} ${clock(d)}`;
}

/** In the console: 2026/11/23 07:46:05 */
export const auditTime = (d: Date): string =>
  `${d.getFullYear()}/${two(d.getMonth() + 1)}/${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

/** A day without its time, as the server keeps it: 2026-11-23 → 2026/11/23 */
export const dayText = (iso: string): string => iso.replaceAll('-', '/');

/** The zone that auditTime uses, named once per table: Asia/Tokyo */
export const zoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
