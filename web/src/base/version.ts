// The service worker as the page sees it: it is registered once, and asked now and then whether the server has a new
// version. One that is ready waits until the person takes it; every page of the browser then loads anew, so that none
// goes on with files of two versions.
import { useSyncExternalStore } from 'react';

const WORKER = '/sw.js';
/** An open page hears of a new version within ten minutes (PLT-27). */
const ASK_EVERY = 5 * 60_000;
const NOT_TWICE_IN = 30_000;

let registration: ServiceWorkerRegistration | undefined;
let ready = false;
let asked = 0;
const listeners = new Set<() => void>();

/** Trusted Types: the one policy of the client passes the one address of its worker. */
function workerAddress(): string {
  const types = (window as { trustedTypes?: { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => unknown } } }).trustedTypes;
  if (!types) return WORKER;
  const policy = types.createPolicy('engawa', {
    createScriptURL: (url: string) => {
      if (url !== WORKER) throw new TypeError('not the address of the worker');
      return url;
    },
  });
  return policy.createScriptURL(WORKER) as string;
}

function look(): void {
  const now = Boolean(registration?.waiting && registration.active);
  if (now === ready) return;
  ready = now;
  listeners.forEach((f) => f());
}

function follow(worker: ServiceWorker | null): void {
  worker?.addEventListener('statechange', look);
}

/** Asks the server for a newer version; not twice in a moment. */
export function askForVersion(): void {
  if (!registration || Date.now() - asked < NOT_TWICE_IN) return;
  asked = Date.now();
  void registration.update().then(look, () => undefined);
}

export async function startWorker(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const controlled = Boolean(serviceWorker.controller);
  let first = !controlled;
  serviceWorker.addEventListener('controllerchange', () => {
    if (!first) window.location.reload();
    first = false;
  });
  try {
    registration = await serviceWorker.register(workerAddress(), { updateViaCache: 'none' });
  } catch {
    return; // a certificate that is not trusted, or storage that is blocked: the client works over the network alone
  }
  if (!registration) return;
  asked = Date.now();
  follow(registration.installing);
  registration.addEventListener('updatefound', () => follow(registration?.installing ?? null));
  look();
  setInterval(() => document.visibilityState === 'visible' && askForVersion(), ASK_EVERY);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && askForVersion());
}

export const useNewVersion = (): boolean => useSyncExternalStore((f) => {
  listeners.add(f);
  return () => listeners.delete(f);
}, () => ready);

/** The waiting worker takes over; the change of hands loads every page anew. */
export function takeNewVersion(): void {
  const waiting = registration?.waiting;
  if (!waiting) {
    window.location.reload();
    return;
  }
  waiting.addEventListener('statechange', () => waiting.state === 'activated' && window.location.reload());
  waiting.postMessage({ act: 'activate' });
}
