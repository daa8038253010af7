// Moments to come, as people choose and read them. Of this browser's zone.
import { currentLang } from '../base/i18n.ts';
import { clock, dayChip } from '../base/time.ts';

const two = (n: number): string => String(n).padStart(2, '0');
/** As the browser's own picker takes it. */
export const asInput = (d: Date): string => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;

/** 11/27(金) 9:00 */
export const momentText = (d: Date): string => `${dayChip(d, new Date(), currentLang())} ${clock(d)}`;

/** In an hour; tomorrow and next Monday at nine. */
export function usualMoments(now: Date): { name: 'hour' | 'tomorrow' | 'monday'; at: Date }[] {
  const hour = new Date(now.getTime() + 3_600_000);
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  const monday = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ((8 - now.getDay()) % 7 || 7), 9);
  return [{ name: 'hour', at: hour }, { name: 'tomorrow', at: tomorrow }, { name: 'monday', at: monday }];
}
