// Pages are paths: / and /talk (list), /talk/<room>, /settings, /more, /console, /console/<page>,
// and below a page of the console what it shows: /console/<page>/<id or view>.
import { useSyncExternalStore } from 'react';

export type Route =
  | { page: 'talk'; room: string | null }
  | { page: 'settings' }
  | { page: 'more' }
  | { page: 'console'; menu: string | null; sub: string[] }
  | { page: 'missing' };

const listeners = new Set<() => void>();

export function parseRoute(path: string): Route {
  const [first = '', second = null, ...rest] = path.split('/').filter(Boolean);
  if (first === 'console' && rest.length <= 2) return { page: 'console', menu: second, sub: rest };
  if (rest.length > 0) return { page: 'missing' };
  if (first === '' || first === 'talk') {
    return second === null || /^\d{1,19}$/.test(second) ? { page: 'talk', room: second } : { page: 'missing' };
  }
  if ((first === 'settings' || first === 'more') && second === null) return { page: first };
  return { page: 'missing' };
}

export function go(path: string, replace = false): void {
  if (path === window.location.pathname) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', path);
  listeners.forEach((f) => f());
}

window.addEventListener('popstate', () => listeners.forEach((f) => f()));

export const useRoute = (): Route => parseRoute(useSyncExternalStore((f) => {
  listeners.add(f);
  return () => listeners.delete(f);
}, () => window.location.pathname));
