// The app as the system shows it: the two manifests say the same but for their language, and their colours are our tokens.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, test } from '../../test/lib/test.mjs';

const read = (name) => fs.readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
const ja = JSON.parse(read('public/engawa.webmanifest'));
const en = JSON.parse(read('public/engawa.en.webmanifest'));
const words = (lang) => JSON.parse(read(`src/base/words/${lang}.json`));
const token = (name) => [...read('src/base/tokens.css').matchAll(new RegExp(`--${name}: (#\\w+);`, 'g'))].map((m) => m[1]);
const TRANSLATED = ['name', 'short_name', 'description', 'lang'];

test('the manifests differ in their words alone', () => {
  const bare = (m) => ({ ...m, ...Object.fromEntries(TRANSLATED.map((k) => [k, ''])), shortcuts: m.shortcuts.map((s) => ({ ...s, name: '' })) });
  assert.deepEqual(bare(ja), bare(en));
  assert.deepEqual([ja.lang, en.lang], ['ja', 'en']);
  assert.deepEqual([ja.name, en.name], [words('ja').app.name, words('en').app.name]);
  ja.shortcuts.forEach((s, i) => assert.notEqual(s.name, en.shortcuts[i].name));
});

test('other apps hand over words and files, to an address of which the service worker makes a page', () => {
  assert.deepEqual(ja.share_target, {
    action: '/share', method: 'POST', enctype: 'multipart/form-data', params: { title: 'title', text: 'text', url: 'url', files: [{ name: 'files', accept: ['*/*'] }] },
  });
  const worker = read('src/worker/sw.ts');
  for (const name of ["'/share'", "'title'", "'text'", "'url'", "'files'"]) assert.ok(worker.includes(name), name);
});

test('the colours around the app are those of its headers and its ground', () => {
  const [light, dark] = token('surface2');
  const html = read('index.html');
  const frame = read('src/base/frame.ts');
  assert.equal(ja.theme_color, light);
  assert.equal(ja.background_color, token('canvas')[0]);
  assert.match(html, new RegExp(`light\\)" content="${light}"`));
  assert.match(html, new RegExp(`dark\\)" content="${dark}"`));
  assert.ok(frame.includes(`light: '${light}'`) && frame.includes(`dark: '${dark}'`));
});
