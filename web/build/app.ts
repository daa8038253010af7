// What makes the client an app that can be installed: its icons, and the service worker with the list of the files of
// which this version consists. Files with their content's hash in the name are told by it; the others by their SHA-256, so
// that a worker never takes a page of the next version for its own.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { iconsOf } from './icons.ts';

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const PUBLIC = at('../public');
const WORKER = 'sw.js';

/** Plain files that a page without a network shows; manifests and icons are asked for by the system, over the network. */
const SHOWN = ['mark.svg', 'mark-unread.svg'];

const sha256 = (data: string | Uint8Array): string => crypto.createHash('sha256').update(data).digest('hex');

/** `hashed`: paths of files that never change; `plain`: other files of the version with their hash. */
export function shellOf(hashed: readonly string[], plain: ReadonlyMap<string, string>, worker: string) {
  const files = [...hashed].sort();
  const pages = Object.fromEntries([...plain].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { version: sha256(JSON.stringify([files, pages, worker])).slice(0, 16), files, pages };
}

export function installable(): Plugin {
  return {
    name: 'engawa-installable',
    enforce: 'post',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: at('../src/worker/sw.ts'), fileName: WORKER });
      for (const [fileName, source] of iconsOf(path.join(PUBLIC, 'mark.svg'))) this.emitFile({ type: 'asset', fileName, source });
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle[WORKER];
        const page = bundle['index.html'];
        if (worker?.type !== 'chunk' || page?.type !== 'asset') this.error('the build has no page or no service worker');
        if (worker.imports.length > 0 || worker.exports.length > 0) this.error('the service worker must stand alone');
        const hashed = Object.keys(bundle).filter((f) => f.startsWith('assets/')).map((f) => `/${f}`);
        const plain = new Map([['/index.html', sha256(page.source)],
          ...SHOWN.map((f): [string, string] => [`/${f}`, sha256(fs.readFileSync(path.join(PUBLIC, f)))])]);
        worker.code = `self.SHELL=${JSON.stringify(shellOf(hashed, plain, worker.code))};\n${worker.code}`;
      },
    },
  };
}
