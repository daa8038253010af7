// tool/gen on small tables: types, calls, documents; and what it refuses. tool/pack on a small folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe } from '../../tool/pack.mjs';
import { generate } from '../../tool/gen.mjs';
import { assert, test } from '../../test/lib/test.mjs';

const field = (name, type, more = {}) => ({ name, type, of: '', need: true, null: false, doc: '', ...more });
const op = (name, method, path_, more = {}) => ({
  name, method, path: path_, ws: false, who: 'member', menu: '', input: '', output: 'note', query: '', audit: 'none', doc: '', ...more,
});
const tables = () => ({
  version: '1.2.3',
  ops: [
    op('note.read', 'GET', '/notes/:note', { query: 'page' }),
    op('note.post', 'POST', '/notes', { input: 'note_in', ws: true }),
    op('secret.op', '', '', { who: 'operator', input: 'secret_in' }),
  ],
  schemas: [
    { name: 'note', fields: [field('id', 'id', { need: false }), field('kind', 'text', { need: false, one_of: 'a|b' }), field('tags', 'array', { of: 'text' }), field('last', 'object', { of: 'note', null: true })] },
    { name: 'note_in', fields: [field('text', 'text', { min: 1, max: 9, doc: "it's | text" })] },
    { name: 'secret_in', fields: [field('x', 'text')] },
    { name: 'page', fields: [field('before', 'int', { need: false })] },
  ],
  settings: [{ key: 'a.b', requirement: 'X-1', type: 'bool', allowed: 'on|off', default: 'on', strict: '=', paper: '=', menu: 'm', ja: 'あ', en: 'A', obeyed: true, menus: ['m.m'], each: '', weaker: '=off', words: 'w', text_ja: { help: '何', risk: '危', example: '例' }, text_en: { help: 'What', risk: 'Risk', example: "It's" }, values: [{ value: 'on', ja: 'オン', en: 'On' }] }],
  roles: [{ id: 'super', ja: '最', en: 'S' }],
  menus: [{ id: 'm.m', group: 'm', ja: 'メ', en: 'M', group_ja: 'グ', group_en: 'G', super: true }],
  events: [{ name: 'note.posted', to: 'room', notify: '', audited: true, schema: 'note', doc: '' }],
  errors: [{ code: 'not_found', status: 404, ja: '無い', en: "isn't there" }],
  audit_kinds: [{ id: 'note.post', log: 'talk', ja: 'メモ', en: 'Note' }],
  stamps: [{ name: 'hai', ja: 'はい', en: "It's yes", words: 'うん' }], marks: [{ name: '👍', ja: 'いいね', en: 'Good', words: '' }],
});
const output = (t) => Object.fromEntries(generate(t));

test('types and calls', () => {
  const ts = output(tables())['web/gen/api.ts'];
  for (const want of [
    'export interface NoteIn {', 'last: Note | null;', 'tags: string[];', 'before?: number;', "  'note.post.text': 9,", "kind: 'a' | 'b';",
    "'note.read': { params: { note: string }; query: Page; body: undefined; output: Note };",
    "'note.post': { method: 'POST', path: '/notes', ws: true,", "| 'not_found'", "'not_found': 404", "isn\\'t there",
    "'note.posted': Note;", "eventNames: EventName[] = ['note.posted']", "export const version = '1.2.3';",
  ]) {
    assert.ok(ts.includes(want), want);
  }
  assert.ok(ts.includes('  id: string;'), 'what goes out is always there');
  assert.ok(!ts.includes('secret'), 'operator operations are not for the client');
});

test('documents', () => {
  const out = output(tables());
  const api = JSON.parse(out['doc/gen/openapi.json']);
  assert.equal(api.openapi, '3.1.0');
  assert.deepEqual(Object.keys(api.paths), ['/t/{tenant}/notes/{note}', '/t/{tenant}/notes'], 'operator operations are not published');
  assert.deepEqual(Object.keys(api.components.schemas).sort(), ['Error', 'Note', 'NoteIn']);
  assert.equal(api.components.schemas.NoteIn.properties.text.maxLength, 9);
  assert.ok(out['doc/gen/api.md'].includes("it's \\| text"));
  assert.ok(out['doc/gen/settings.md'].includes('| `a.b` | X-1 |'));
  assert.ok(out['doc/gen/settings.md'].includes("## a.b\n\nあ: A. Values: `on` オン (On)\n\n- 何\n- 危\n- 例\n- What\n- Risk\n- It's\n"));
  assert.ok(out['web/gen/settings.ts'].includes("{ key: 'a.b', type: 'bool',"));
  assert.ok(out['web/gen/settings_en.ts'].includes("example: 'It\\'s',\n    values: { 'on': 'On' },"));
  assert.ok(out['doc/gen/errors.md'].includes('| `not_found` | 404 |'));
  assert.ok(out['doc/gen/permissions.md'].includes('| `m.m` | グ > メ | G > M | yes |'));
  assert.deepEqual(generate(tables()), generate(tables()), 'the same tables give the same bytes');
});

test('operations for tests alone leave no trace', () => {
  const more = tables();
  more.ops.push(op('test.clock', '', '', { who: 'operator', input: 'test_in', test: true }));
  more.schemas.push({ name: 'test_in', fields: [field('value', 'int')] });
  assert.deepEqual(generate(more), generate(tables()));
});

test('a table that names what is not there is refused', () => {
  const wrong = tables();
  wrong.ops[0].output = 'nothing';
  assert.throws(() => generate(wrong), /no schema "nothing"/);
  const missing = tables();
  delete missing.errors;
  assert.throws(() => generate(missing), /no "errors"/);
});

test('the pack is sorted by bytes and knows types, tags and what never changes', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pack-'));
  try {
    fs.mkdirSync(path.join(folder, 'assets'));
    fs.writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
    fs.writeFileSync(path.join(folder, 'assets/b-AbCd1234.js'), 'x'.repeat(5_000));
    fs.writeFileSync(path.join(folder, 'Z.svg'), '<svg/>');
    const files = describe(folder);
    assert.deepEqual(files.map((f) => f.path), ['/Z.svg', '/assets/b-AbCd1234.js', '/index.html']);
    assert.deepEqual(files.map((f) => f.immutable), [false, true, false]);
    assert.deepEqual(files.map((f) => f.gzip !== null), [false, true, false]);
    assert.match(files[1].etag, /^"[0-9a-f]{32}"$/);
    assert.equal(files[2].type, 'text/html; charset=utf-8');
    fs.writeFileSync(path.join(folder, 'x.exe'), '');
    assert.throws(() => describe(folder), /no content type/);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
