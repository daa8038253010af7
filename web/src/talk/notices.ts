// That something arrived: a short sound, and a dot on the icon. When it is quiet, how it sounds, and for which messages.
import { useEffect } from 'react';
import { getPrefs, type Prefs } from '../base/prefs.ts';
import { holdsKeyword, type Keyword } from './keywords.ts';
import type { Message, Room } from '../base/types.ts';

const GAP = 2_000;
const NOTES = [{ at: 0, pitch: 784 }, { at: 0.11, pitch: 1_047 }];
const LENGTH = 0.22;

const minutes = (clock: string): number => {
  const [hour = '0', minute = '0'] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
};

/** From "22:00" until "7:00" goes over midnight; the same twice is no time at all. */
export function isQuiet(prefs: Pick<Prefs, 'quiet' | 'quietFrom' | 'quietUntil'>, now: Date): boolean {
  if (!prefs.quiet) return false;
  const [from, until, at] = [minutes(prefs.quietFrom), minutes(prefs.quietUntil), now.getHours() * 60 + now.getMinutes()];
  return from <= until ? from <= at && at < until : at >= from || at < until;
}

const named = (m: Message, me: string): boolean => (m.content?.mentions ?? []).some((x) => x.kind === 'all' || x.id === me);

/** A muted room is heard when it names the person or holds one of its words; what is being looked at is seen anyway. */
export const isHeard = (m: Message, room: Pick<Room, 'muted'>, me: string, looking: boolean, words: readonly Keyword[]): boolean =>
  !looking && (!room.muted || named(m, me) || holdsKeyword(m, me, words));

let context: AudioContext | null = null;
let last = 0;

/** Two notes, made here. A page that nobody has touched yet may not sound; then it stays silent. */
export function sound(): void {
  if (Date.now() - last < GAP) return;
  last = Date.now();
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
  for (const { at, pitch } of NOTES) {
    const [tone, gain, from] = [context.createOscillator(), context.createGain(), context.currentTime + at];
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(0.12, from + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + LENGTH);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + LENGTH);
  }
}

export function arrived(m: Message, room: Room, me: string, looking: boolean, words: readonly Keyword[]): void {
  const prefs = getPrefs();
  if (prefs.sound === 'on' && !isQuiet(prefs, new Date()) && isHeard(m, room, me, looking, words)) sound();
}

/** The icon of the tab has a dot, that of an installed app the number. */
export function useIconBadge(unread: number): void {
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = unread > 0 ? '/mark-unread.svg' : '/mark.svg';
    const app = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
    void app?.catch(() => undefined);
  }, [unread]);
}
