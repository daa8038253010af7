// What makes the client an app that can be installed: its icons, and the service worker with the list of the files of
// which this version consists. Files with their content's hash in the name are told by it; the others by their SHA-256, so
// that a worker never takes a page of the next version for its own.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rolldown } from 'vite';

type OutputBundle = Rolldown.OutputBundle;
import { iconsOf } from './icons.ts';

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const PUBLIC = at('../public');
const WORKER = 'sw.js';
/** The script of the page, and the first of the screens, which it loads. */
export const MAIN = at('../src/main.ts');
export const START = at('../src/start.tsx');

/** Plain files that a page without a network shows; manifests and icons are asked for by the system, over the network. */
const SHOWN = ['mark.svg', 'mark-unread.svg'];

const sha256 = (data: string | Uint8Array): string => crypto.createHash('sha256').update(data).digest('hex');

/** `hashed`: paths of files that never change; `plain`: other files of the version with their hash. */
export function shellOf(hashed: readonly string[], plain: ReadonlyMap<string, string>, worker: string) {
  const files = [...hashed].sort();
  const pages = Object.fromEntries([...plain].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { version: sha256(JSON.stringify([files, pages, worker])).slice(0, 16), files, pages };
}

/** The screens are loaded by the script of the page: the page names their files, so that they are fetched beside it and not behind. */
function namesOf(start: string, page: string, bundle: OutputBundle): string {
  const found = new Set<string>();
  const styles = new Set<string>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || found.has(name)) return;
    found.add(name);
    chunk.viteMetadata?.importedCss.forEach((css) => styles.add(css));
    chunk.imports.forEach(visit);
  };
  visit(start);
  const links = [...[...styles].map((f) => ['stylesheet', f]), ...[...found].map((f) => ['modulepreload', f])];
  return links.filter(([, f]) => !page.includes(`/${f}"`)).map(([rel, f]) => `<link rel="${rel}" crossorigin href="/${f}">`).join('\n    ');
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
        const start = Object.values(bundle).find((f) => f.type === 'chunk' && f.moduleIds.includes(START));
        if (!start) this.error('the build has no start');
        page.source = String(page.source).replace('  </head>', `  ${namesOf(start.fileName, String(page.source), bundle)}\n  </head>`);
        const hashed = Object.keys(bundle).filter((f) => f.startsWith('assets/')).map((f) => `/${f}`);
        const plain = new Map([['/index.html', sha256(page.source)],
          ...SHOWN.map((f): [string, string] => [`/${f}`, sha256(fs.readFileSync(path.join(PUBLIC, f)))])]);
        worker.code = `self.SHELL=${JSON.stringify(shellOf(hashed, plain, worker.code))};\n${worker.code}`;
      },
    },
  };
}
