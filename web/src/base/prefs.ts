// What this browser remembers without any secret: how the screen looks, and which accounts have been used here.
// A tab keeps its own account in sessionStorage, so two tabs can show two tenants.
import { useSyncExternalStore } from 'react';
import type { SendKey } from './ime.ts';
import { PREFS, storedPrefs, TENANT } from './stored.ts';
import type { Lang } from './time.ts';

export { currentTenant } from './stored.ts';

export type Theme = 'auto' | 'light' | 'dark';
export type Sound = 'on' | 'off';
export type TextSize = 'small' | 'normal' | 'large' | 'huge';
/** An account that has been used in this browser; who and where, for the list of accounts. */
export interface Account {
  tenant: string;
  login: string;
  workgroup: string;
  member?: string;
  name?: string;
  company?: string;
}
export interface Prefs {
  lang: Lang | null;
  theme: Theme;
  textSize: TextSize;
  sendKey: SendKey;
  sound: Sound;
  /** No sound from … until, "22:00", of this browser's clock. */
  quiet: boolean;
  quietFrom: string;
  quietUntil: string;
  listWidth: number;
  accounts: Account[];
  /** Whose guide of the console's first day is put away: tenant/member. */
  guideAway: string[];
  /** When the list of talks was shown first in this browser; 0: not yet. */
  usedSince: number;
  /** The invitation to install the app is put away. */
  installAway: boolean;
}

const INITIAL: Prefs = { lang: null, theme: 'auto', textSize: 'normal', sendKey: 'enter', sound: 'on', quiet: false, quietFrom: '22:00', quietUntil: '07:00', listWidth: 320, accounts: [], guideAway: [], usedSince: 0, installAway: false };

const listeners = new Set<() => void>();
let prefs: Prefs = read();

function read(): Prefs {
  return { ...INITIAL, ...(storedPrefs() as Partial<Prefs>) };
}

function tell(): void {
  listeners.forEach((f) => f());
}

window.addEventListener('storage', (e) => {
  if (e.key !== PREFS) return;
  prefs = read();
  tell();
});

export const getPrefs = (): Prefs => prefs;

export function setPrefs(change: Partial<Prefs>): void {
  prefs = { ...prefs, ...change };
  localStorage.setItem(PREFS, JSON.stringify(prefs));
  tell();
}

export const usePrefs = (): Prefs => useSyncExternalStore((f) => {
  listeners.add(f);
  return () => listeners.delete(f);
}, getPrefs);

export function setCurrentTenant(tenant: string): void {
  sessionStorage.setItem(TENANT, tenant);
  localStorage.setItem(TENANT, tenant);
}

/** Each keeps its place in the list; a new one comes last. */
export function rememberAccount(account: Account): void {
  const known = prefs.accounts.some((a) => a.tenant === account.tenant);
  setPrefs({ accounts: known ? prefs.accounts.map((a) => (a.tenant === account.tenant ? account : a)) : [...prefs.accounts, account] });
}

export function forgetAccount(tenant: string): void {
  setPrefs({ accounts: prefs.accounts.filter((a) => a.tenant !== tenant) });
  for (const store of [sessionStorage, localStorage]) {
    if (store.getItem(TENANT) === tenant) store.removeItem(TENANT);
  }
}

export const isTouch = (): boolean => window.matchMedia('(pointer: coarse)').matches;
