// tool/pack: what is packed is what was built, findable by path, smaller forms only where they are smaller.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { join } from 'node:path';

const script = 'export const x = 1;\n'.repeat(400);
const built = { 'd/index.html': '<!doctype html><title>a</title>', 'd/assets/main-D34db33f.js': script, 'd/sw.js': 'x', 'd/assets/a-b.png': 'PNG' };
const rows = (dir) => [...readFileSync(join(dir, 'out/web_files.c'), 'utf8').matchAll(/^ {4}\{ "(\/[^"]*)", "([^"]*)", "\\"([^"]+)\\"", (\w+), (\w+), (\w+), (\w+), (\d+),/gm)]
    .map(([, path, type, , forever, , gzip, br, n]) => ({ path, type, forever, gzip: gzip !== 'NULL', br: br !== 'NULL', n: Number(n) }));

test('files become sorted rows with type, lifetime and smaller forms', (t) => {
    const dir = folder(t, built);
    assert.equal(run('tool/pack', [join(dir, 'd'), join(dir, 'out')]).status, 0);
    assert.deepEqual(rows(dir), [
        { path: '/assets/a-b.png', type: 'image/png', forever: 'false', gzip: false, br: false, n: 3 },
        { path: '/assets/main-D34db33f.js', type: 'text/javascript; charset=utf-8', forever: 'true', gzip: true, br: true, n: script.length },
        { path: '/index.html', type: 'text/html; charset=utf-8', forever: 'false', gzip: false, br: rows(dir)[2].br, n: 31 },
        { path: '/sw.js', type: 'text/javascript; charset=utf-8', forever: 'false', gzip: false, br: false, n: 1 },
    ]);
    assert.equal(gunzipSync(readFileSync(join(dir, 'out/web/1.gz'))).toString(), script);
    assert.equal(brotliDecompressSync(readFileSync(join(dir, 'out/web/1.br'))).toString(), script);
});

test('a file without a known type, or empty, ends the build', (t) => {
    for (const more of [{ 'd/x.exe': 'MZ' }, { 'd/empty.js': '' }, { 'd/a b.js': 'x' }]) {
        const dir = folder(t, { ...built, ...more });
        assert.notEqual(run('tool/pack', [join(dir, 'd'), join(dir, 'out')]).status, 0);
    }
});
