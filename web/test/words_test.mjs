// Words: every key exists in both languages, none is left over, and no sentence stands in the code.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventNames, limits, ops } from '../gen/api.ts';
import { assert, test } from '../../test/lib/test.mjs';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
/* src/talk/words/ja.json holds the words `talk.…`, src/console/words/kit.ja.json holds `kit.…`. */
const FILES = fs.readdirSync(SRC, { recursive: true }).filter((f) => /\/words\/([a-z]+\.)?ja\.json$/.test(f))
  .map((f) => [f.match(/([a-z]+)\.ja\.json$/)?.[1] ?? path.basename(path.dirname(path.dirname(f))), f]);
const DOMAINS = FILES.map(([domain]) => domain);
const ANY = DOMAINS.join('|');
const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60]/u;
/** Formats of dates and the pattern of an address are not sentences. */
const FORMATS = new Set(['base/time.ts', 'talk/rows.ts']);

const flat = (o, base = '') => Object.entries(o).flatMap(([k, v]) => (typeof v === 'string' ? [[base + k, v]] : flat(v, `${base}${k}.`)));
const words = (lang) => new Map(FILES.flatMap(([d, f]) => flat(
  JSON.parse(fs.readFileSync(path.join(SRC, f.replace(/ja\.json$/, `${lang}.json`)), 'utf8')), `${d}.`)));
const sources = fs.readdirSync(SRC, { recursive: true }).filter((f) => /\.tsx?$/.test(f)).map((f) => [
  f, fs.readFileSync(path.join(SRC, f), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')]);
const ja = words('ja');
/* English has a form for one of something beside the one for several; Japanese needs none. */
const one = new Map([...words('en')].filter(([key]) => key.endsWith('_one') && !ja.has(key)));
const en = new Map([...words('en')].filter(([key]) => !one.has(key)));

test('no two files of words have one name', () => {
  assert.ok(DOMAINS.length >= 5);
  assert.equal(new Set(DOMAINS).size, DOMAINS.length);
});

test('every key exists in Japanese and English, with the same values to insert', () => {
  const inserts = (s) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
  assert.deepEqual([...ja.keys()].sort(), [...en.keys()].sort());
  for (const [key, text] of ja) {
    assert.ok(text.trim() && en.get(key).trim(), `${key} is empty`);
    assert.deepEqual(inserts(text), inserts(en.get(key)), `${key} inserts different values`);
    if (key !== 'base.lang.ja') assert.ok(!JAPANESE.test(en.get(key)), `${key} is not English`);
  }
});

test('the form for one of something stands beside the one for several, with the same values to insert', () => {
  assert.ok(one.size > 3);
  for (const [key, text] of one) {
    const several = en.get(key.replace(/_one$/, ''));
    assert.ok(several && several !== text, key);
    assert.ok(text.includes('{{n}}') && several.includes('{{n}}'), key);
  }
});

test('the code names only keys that exist, and every key is used', () => {
  const exact = new Set();
  const prefixes = new Set();
  for (const [file, text] of sources) {
    for (const [, , key] of text.matchAll(new RegExp(`(['\`])((?:${ANY})\\.[a-z_]+\\.[a-z_.A-Z]+)\\1`, 'g'))) {
      if (key in ops || key in limits || eventNames.includes(key)) continue;
      assert.ok(ja.has(key), `${file}: no words for ${key}`);
      exact.add(key);
    }
    for (const [, key] of text.matchAll(new RegExp(`'((?:${ANY})\\.[a-z_]+)'`, 'g'))) if (ja.has(key)) exact.add(key);
    for (const [, prefix] of text.matchAll(new RegExp(`\`((?:${ANY})\\.[a-z_.]*)\\$\\{`, 'g'))) {
      assert.ok([...ja.keys()].some((k) => k.startsWith(prefix)), `${file}: no words begin with ${prefix}`);
      prefixes.add(prefix);
    }
  }
  const unused = [...ja.keys()].filter((k) => !exact.has(k) && ![...prefixes].some((p) => k.startsWith(p)));
  assert.deepEqual(unused, []);
});

test('no sentence stands in the code', () => {
  for (const [file, text] of sources) {
    if (!FORMATS.has(file)) assert.ok(!JAPANESE.test(text), `${file}: ${text.match(JAPANESE)?.[0]} stands in the code`);
    if (!file.endsWith('.tsx')) continue;
    const inTag = text.match(/>\s*([A-Za-z][A-Za-z ,.']*[a-z.])\s*<\//);
    assert.equal(inTag, null, `${file}: ${inTag?.[1]}`);
    const inAttribute = text.match(/\b(?:aria-label|title|placeholder|label|alt|description)="([^"]+)"/);
    assert.equal(inAttribute, null, `${file}: ${inAttribute?.[1]}`);
  }
});
