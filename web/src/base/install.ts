// Whether this browser can make an app of the client, and how: by its own question, which is kept until it is wanted, or by hand
// through its menus. Of what is installed already nothing is said.
import { useSyncExternalStore } from 'react';
import { isStandalone } from './device.ts';
import { getPrefs, isTouch, setPrefs, type Prefs } from './prefs.ts';

/** The browser asks; the steps are shown (iPhone, and where a phone's browser has no question); there is no way. */
export type InstallWay = 'ask' | 'steps' | 'none';
interface InstallQuestion extends Event {
  prompt: () => Promise<unknown>;
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

const FIRST_MINUTES = 3 * 60_000;

let question: InstallQuestion | null = null;
let installed = false;
const listeners = new Set<() => void>();

function put(next: InstallQuestion | null): void {
  question = next;
  listeners.forEach((f) => f());
}

export function watchInstall(): void {
  window.addEventListener('beforeinstallprompt', (e) => {
    e.preventDefault(); // it is asked where the person looks for it, and not above what is being read
    put(e as InstallQuestion);
  });
  window.addEventListener('appinstalled', () => {
    installed = true;
    put(null);
  });
}

/** iPads call themselves Macs; no Mac has a touch screen. */
export const isApple = (): boolean => /iPhone|iPad|iPod/.test(navigator.userAgent)
  || (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1);

function way(): InstallWay {
  if (installed || isStandalone()) return 'none';
  if (question) return 'ask';
  return isTouch() ? 'steps' : 'none';
}

export const useInstallWay = (): InstallWay => useSyncExternalStore((f) => {
  listeners.add(f);
  return () => listeners.delete(f);
}, way);

/** The browser's own question; it can be asked once. */
export async function askToInstall(): Promise<void> {
  const asked = question;
  if (!asked) return;
  await asked.prompt();
  const { outcome } = await asked.userChoice;
  if (outcome === 'accepted') installed = true;
  put(null);
}

/** The invitation of the list is due on a phone, after the first minutes of use, until it is put away for good. */
export const inviteDue = (prefs: Prefs, now: number): boolean => isTouch() && !prefs.installAway && prefs.usedSince > 0 && now - prefs.usedSince >= FIRST_MINUTES;

export function noteUse(): void {
  if (getPrefs().usedSince === 0) setPrefs({ usedSince: Date.now() });
}
