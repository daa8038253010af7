// The service worker. It keeps the shell of the client (its page, scripts and styles, all of one version), so that the app
// opens without a network and never mixes two versions. No answer of the server, no file and no word of anybody comes
// into its cache: what is read without a network lies sealed in the page's vault.
export {};

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

self.addEventListener('install', (e) => e.waitUntil(install()));
self.addEventListener('activate', (e) => e.waitUntil(activate()));
self.addEventListener('message', (e) => {
  if ((e.data as { act?: string } | null)?.act === 'activate') e.waitUntil(self.skipWaiting());
});
self.addEventListener('fetch', (e) => {
  const { request } = e;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) e.respondWith(fromShell(PAGE, request));
  } else if (mine.has(pathname)) {
    e.respondWith(fromShell(pathname, request));
  }
});
