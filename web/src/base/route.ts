// Pages are paths: / and /talk (list), /new (the list and the form of a new talk), /talk/<room>, /talk/<room>/<message>, /members,
// /members/<member>, /settings, /install, /more, /share?title=&text=&url= (words of another app), /console, /console/<page>, and below a page of the console what it shows: /console/<page>/<id or view>.
// All of them stand below /t/<number of the tenant>/app, so that an address opens in the account it is of; without that
// they belong to the account used last. /login alone is of no account.
import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'talk'; room: string | null; seq: number | null; adding?: true }
  | { page: 'members'; member: string | null }
  | { page: 'settings' }
  | { page: 'install' }
  | { page: 'share' }
  | { page: 'more' }
  | { page: 'console'; menu: string | null; sub: string[] }
  | { page: 'missing' };

const OF_TENANT = /^\/t\/(\d{1,19})\/app(?=\/|$)/;
const LOGIN = '/login';
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((f) => f());
const here = (): string => window.location.pathname;

/** What stands behind the path, after ?: what is looked for in talk. A browser that takes no more changes of its address keeps it here alone. */
let behind: string = window.location.search ?? '';
const ofTalk = (page: string): boolean => parseRoute(page).page === 'talk';

export const tenantOfPath = (path: string): string | null => OF_TENANT.exec(path)?.[1] ?? null;
const pageOfPath = (path: string): string => path.replace(OF_TENANT, '') || '/';
const below = (tenant: string | null, page: string): string => (tenant === null ? page : `/t/${tenant}/app${page}`);

const isId = (text: string | null): boolean => text === null || /^\d{1,19}$/.test(text);

/** The number of a message in its room, as the server counts. */
const isSeq = (text: string): boolean => /^[1-9]\d{0,9}$/.test(text) && Number(text) < 2 ** 32;

export function parseRoute(path: string): Route {
  const [first = '', second = null, ...rest] = pageOfPath(path).split('/').filter(Boolean);
  if (first === 'console' && rest.length <= 2) return { page: 'console', menu: second, sub: rest };
  const message = first === 'talk' && isId(second) && rest.length === 1 && isSeq(rest[0]!);
  if (message) return { page: 'talk', room: second, seq: Number(rest[0]) };
  if (rest.length > 0) return { page: 'missing' };
  if (first === 'new' && second === null) return { page: 'talk', room: null, seq: null, adding: true };
  if (first === '' || first === 'talk') return isId(second) ? { page: 'talk', room: second, seq: null } : { page: 'missing' };
  if (first === 'members') return isId(second) ? { page: 'members', member: second } : { page: 'missing' };
  if ((first === 'settings' || first === 'more' || first === 'install' || first === 'share') && second === null) return { page: first };
  return { page: 'missing' };
}

function move(path: string, replace: boolean, search = ''): void {
  if (path === here() && search === behind) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', path + search);
  behind = search;
  tell();
}

export const search = (): string => behind;

export function setSearch(text: string): void {
  if (text === behind) return;
  behind = text;
  try {
    window.history.replaceState(null, '', here() + text);
  } catch {
    // Safari takes 100 changes in half a minute: the next one brings this one along
  }
  tell();
}

/** The address of a page of the account that is open. */
export const addressOf = (page: string): string => below(tenantOfPath(here()), page);

/** The address of a page as it can be handed on. */
export const linkTo = (page: string): string => window.location.origin + addressOf(page);

/** The page of the open account that an address leads to; null: it leads elsewhere. */
export function pageOfLink(href: string): string | null {
  const url = new URL(href);
  const inside = url.origin === window.location.origin && tenantOfPath(url.pathname) !== null && tenantOfPath(url.pathname) === tenantOfPath(here());
  return inside && parseRoute(url.pathname).page !== 'missing' ? pageOfPath(url.pathname) : null;
}

export const isOpen = (page: string): boolean => addressOf(page) === here();

/** From one page of talk to another the search stays. */
export function go(page: string, replace = false): void {
  move(addressOf(page), replace, ofTalk(page) && ofTalk(here()) ? behind : '');
}

/** The account `tenant` is open: its number stands in the address. A page of another account is left for its first one. */
export function settleIn(tenant: string): void {
  const stray = here() === LOGIN || (tenantOfPath(here()) ?? tenant) !== tenant;
  move(below(tenant, stray ? '/talk' : pageOfPath(here())), true, stray ? '' : behind);
}

export function goToAccount(tenant: string, page = '/talk'): void {
  move(below(tenant, page), false);
}

export function goToLogin(replace: boolean): void {
  move(LOGIN, replace);
}

window.addEventListener('popstate', () => {
  behind = window.location.search;
  tell();
});

const heed = (f: () => void): (() => void) => {
  listeners.add(f);
  return () => listeners.delete(f);
};
const usePath = (): string => useSyncExternalStore(heed, here);

export const useSearch = (): string => useSyncExternalStore(heed, search);

/** A page behind a link, which is of no account: /t/<n>/setup of a setup slip, /t/<n>/join of an invitation. */
export function useLinkPage(): { tenant: string; page: 'setup' | 'join' } | null {
  const [, tenant, page] = /^\/t\/(\d{1,19})\/(setup|join)$/.exec(usePath()) ?? [];
  return tenant === undefined ? null : { tenant, page: page === 'join' ? 'join' : 'setup' };
}

export const useRoute = (): Route => parseRoute(usePath());

/** Whose pages the address is of: a tenant's number, 'login', or 'any' for the account used last. */
export const useAddressed = (): string => {
  const path = usePath();
  return path === LOGIN ? 'login' : tenantOfPath(path) ?? 'any';
};
