// Files that another app handed over: from the service worker's memory, at once, whether or not somebody is logged in. Until a talk
// is chosen they are this page's, and lie sealed in a vault of no account, so that a page that is loaded anew still has them.
import { forgetVault, NOBODY, openVault } from '../base/vault.ts';
import { KeptUploads } from './kept_uploads.ts';

const ANSWER_MS = 5_000;
const KEPT_DAYS = 1;

export interface Handed {
  files: File[];
  /** So many were left out, because they were too many or too large together. */
  many: number;
  large: number;
}

let got: Promise<Handed> | null = null;

export const handedId = (search: string): string => new URLSearchParams(search).get('files') ?? '';

/** null: the worker has nothing of that name. */
function ask(id: string): Promise<Handed | null> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(null);
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => done(null), ANSWER_MS);
    port1.onmessage = (e) => {
      clearTimeout(timer);
      done(e.data as Handed | null);
    };
    worker.postMessage({ act: 'handed', id }, [port2]);
  });
}

async function keep(id: string, files: readonly File[]): Promise<void> {
  await forgetVault(...NOBODY);                            // one share at a time
  const vault = await openVault(...NOBODY);
  await vault.renew(KEPT_DAYS);
  const kept = new KeptUploads(vault);
  for (const f of files) kept.keep(id, f.name, f);
}

async function kept(id: string): Promise<Handed> {
  const files: File[] = [];
  const vault = await openVault(...NOBODY, false).catch(() => null);
  for (const { row, bytes } of vault ? await new KeptUploads(vault).left() : [])
    if (row.place === id) files.push(new File([await bytes.slice(0, row.size)], row.name));
  return { files, many: 0, large: 0 };
}

async function receive(id: string): Promise<Handed> {
  const fresh = await ask(id);
  if (!fresh) return kept(id);
  void keep(id, fresh.files).catch(() => undefined);
  return fresh;
}

/** What the address of the page tells of. */
export function handed(id: string): Promise<Handed> {
  got ??= receive(id);
  return got;
}

/** They are in a talk, or nobody wants them. */
export async function letHandedGo(): Promise<void> {
  got = null;
  await forgetVault(...NOBODY);
}
