// The service worker. It keeps the shell of the client (its page, scripts and styles, all of one version), so that the app
// opens without a network and never mixes two versions. No answer of the server, no file and no word of anybody comes
// into its cache: what is read without a network lies sealed in the page's vault. What another app hands over goes through its
// memory to the page that opens for it.
import { taken, type Handed } from './handed.ts';

interface Shell {
  version: string;
  /** Their names carry the hash of their content. */
  files: string[];
  /** Other files of this version, with their SHA-256. */
  pages: Record<string, string>;
}
declare const self: ServiceWorkerGlobalScope & { SHELL: Shell };

const PREFIX = 'engawa-shell-';
const { version, files, pages } = self.SHELL;
const CACHE = PREFIX + version;
const PAGE = '/index.html';
const mine = new Set([...files, ...Object.keys(pages)]);

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');

/** A file without a hash in its name is taken only if it is the one of this version. */
async function keep(cache: Cache, path: string, hash: string): Promise<void> {
  const answer = await fetch(path, { cache: 'no-cache', redirect: 'error' });
  const found = hex(await crypto.subtle.digest('SHA-256', await answer.clone().arrayBuffer()));
  if (!answer.ok || found !== hash) throw new Error(`${path} is of another version`);
  await cache.put(path, answer);
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all([cache.addAll(files), ...Object.entries(pages).map(([path, hash]) => keep(cache, path, hash))]);
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** As the server decides it: a page of the client, or something else below the same host. */
function isPage(path: string): boolean {
  if (path.startsWith('/t/')) return /^\/t\/\d{1,19}\/(?:app(?:\/|$)|setup$)/.test(path);
  return !/^\/(?:w\/|healthz$|\.well-known|(?:terms|privacy|sending)(?:\/|$))/.test(path) && !path.slice(path.lastIndexOf('/')).includes('.');
}

/** From the cache; where a browser has thrown that away, from the server. */
async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/* ---- what another app hands over (share_target of the manifest) ---- */

const SHARE = '/share';
const WORDS_MOST = 20_000;
/** The page asks for it as soon as it opens; after so long nobody will. */
const HELD_MS = 240_000;
const handed = new Map<string, Handed>();

/** Words go on in the address, as they did before there were files; the files wait here. */
async function receive(request: Request, id: string): Promise<Response> {
  const query = new URLSearchParams();
  const form = await request.formData().catch(() => new FormData());
  for (const name of ['title', 'text', 'url']) {
    const words = form.get(name);
    if (typeof words === 'string' && words !== '') query.set(name, words.slice(0, WORDS_MOST));
  }
  const files = form.getAll('files').filter((f): f is File => typeof f !== 'string' && (f.size > 0 || f.name !== ''));
  if (files.length > 0) {
    handed.set(id, taken(files));
    query.set('files', id);
  }
  return Response.redirect(`${SHARE}?${query}`, 303);
}

self.addEventListener('install', (e) => e.waitUntil(install()));
self.addEventListener('activate', (e) => e.waitUntil(activate()));
self.addEventListener('message', (e) => {
  const { act, id = '' } = (e.data ?? {}) as { act?: string; id?: string };
  if (act === 'activate') e.waitUntil(self.skipWaiting());
  if (act === 'handed') {
    e.ports[0]?.postMessage(handed.get(id) ?? null);
    handed.delete(id);
  }
});
self.addEventListener('fetch', (e) => {
  const { request } = e;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === 'POST' && request.mode === 'navigate' && pathname === SHARE) {
    const id = crypto.randomUUID();
    e.respondWith(receive(request, id));
    e.waitUntil(new Promise((done) => { setTimeout(done, HELD_MS); }).then(() => handed.delete(id))); // it lives for as long
    return;
  }
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) e.respondWith(fromShell(PAGE, request));
  } else if (mine.has(pathname)) {
    e.respondWith(fromShell(pathname, request));
  }
});
