// The built client (`npm run build` comes first): its size before the first room, and that it asks for nothing that the
// Content-Security-Policy forbids.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { ICONS, linesOf } from '../build/icons.ts';
import { assert, test } from '../../test/lib/test.mjs';

const BUILD = fileURLToPath(new URL('../../build/web', import.meta.url));
const LIMIT = 250 * 1024;
const read = (name) => fs.readFileSync(path.join(BUILD, name), 'utf8');

/** The scripts that the page needs before it can show a room: the entry and all that it imports at once. */
function firstScripts() {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, file] of read(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) visit(`assets/${file}`);
  };
  for (const [, name] of read('index.html').matchAll(/<(?:script|link)[^>]+(?:src|href)="\/(assets\/[^"]+\.js)"/g)) visit(name);
  return [...found];
}

test('the first room needs no more than 250 KB of script, gzipped', () => {
  const scripts = firstScripts();
  assert.ok(scripts.length >= 1);
  const size = scripts.reduce((n, s) => n + zlib.gzipSync(read(s), { level: 9 }).length, 0);
  console.log(`first room: ${scripts.length} scripts, ${(size / 1024).toFixed(1)} KB gzip`);
  assert.ok(size > 50 * 1024, 'a size that cannot be true');
  assert.ok(size <= LIMIT, `${size} bytes`);
  assert.ok(!scripts.some((s) => s.includes('console')), 'the console is not part of the first room');
});

test('the page asks for its first answers alone, and names beside it every file of the first screen: few', () => {
  const named = [...read('index.html').matchAll(/<(?:script|link)[^>]+(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, name]) => name);
  assert.match(read('index.html'), /<script (?=[^>]*async)(?=[^>]*type="module")/);
  assert.deepEqual(firstScripts().filter((name) => !named.includes(name)), []);
  assert.ok(named.length <= 8, named.join(' '));
  const [entry] = named;
  assert.ok(!/(?:from|import)\s*["']/.test(read(entry)), 'what asks waits for no other file');
  assert.ok(read(entry).length < 8_000);
  assert.ok(read(entry).includes('start-'), 'the screens are loaded by it');
});

test('no inline script or style, nothing from another host', () => {
  const html = read('index.html');
  assert.ok(!/<style|\sstyle=|\son\w+=/i.test(html));
  assert.ok(!/<script(?![^>]*\ssrc=)/i.test(html));
  for (const name of fs.readdirSync(path.join(BUILD, 'assets'))) {
    const text = read(`assets/${name}`);
    if (name.endsWith('.js')) assert.ok(!/data-mantine-styles["'`]?\s*:\s*["'`]inline/.test(text), `${name}: Mantine's own style tags are back`);
    if (name.endsWith('.css')) assert.ok(!/url\(\s*["']?(?:https?:|\/\/)/.test(text), `${name} loads from elsewhere`);
  }
});

test('Mantine finds its variables in a static style sheet', () => {
  const css = fs.readdirSync(path.join(BUILD, 'assets')).filter((f) => f.endsWith('.css')).map((f) => read(`assets/${f}`)).join('');
  for (const name of ['--mantine-font-size-md', '--mantine-radius-md', '--mantine-z-index-modal', '--mantine-spacing-md']) {
    assert.ok(css.includes(`${name}:`), name);
  }
});

test('the service worker stands alone and knows every file of its version', () => {
  const [, list, code] = read('sw.js').match(/^self\.SHELL=(.*);\n([\s\S]*)$/);
  const shell = JSON.parse(list);
  assert.match(shell.version, /^[0-9a-f]{16}$/);
  assert.deepEqual(shell.files, fs.readdirSync(path.join(BUILD, 'assets')).map((f) => `/assets/${f}`).sort());
  for (const [name, hash] of Object.entries(shell.pages)) {
    assert.equal(crypto.createHash('sha256').update(fs.readFileSync(path.join(BUILD, name))).digest('hex'), hash, name);
  }
  assert.ok('/index.html' in shell.pages);
  assert.ok(!/\bimport\b|\bexport\b|importScripts|indexedDB/.test(code), 'it loads nothing else and opens no vault');
});

test('the icons are drawn from the mark', () => {
  const { lines, pixels } = { lines: linesOf('M5 14.5 16 6.5l11 8M9 13v10M4 23h24'), pixels: (name) => fs.readFileSync(path.join(BUILD, name)) };
  assert.deepEqual(lines, [[[5, 14.5], [16, 6.5]], [[16, 6.5], [27, 14.5]], [[9, 13], [9, 23]], [[4, 23], [28, 23]]]);
  assert.throws(() => linesOf('M5 5c1 1 2 2 3 3'), /not drawn/);
  for (const { file, size } of ICONS) {
    const png = pixels(file);
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG', file);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size], file);
  }
});
