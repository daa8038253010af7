// The hooks of typescript.mjs; they run in the loader's own thread.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

export async function load(url, context, next) {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return next(url, context);
  if (/\.tsx?$/.test(url)) {
    const file = fileURLToPath(url);
    const { code } = await transformWithOxc(fs.readFileSync(file, 'utf8'), file, { jsx: { runtime: 'automatic' } });
    return { format: 'module', source: code, shortCircuit: true };
  }
  if (url.endsWith('.json')) {
    return { format: 'module', source: `export default ${fs.readFileSync(fileURLToPath(url), 'utf8')}`, shortCircuit: true };
  }
  return next(url, context);
}
