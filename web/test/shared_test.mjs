// What another app hands over: its words become text, once and in order; its files are taken as far as they fit.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { FILES_MAX } from '../src/talk/uploads.ts';
import { sharedText } from '../src/talk/shared.ts';
import { BYTES_MOST, FILES_MOST, taken } from '../src/worker/handed.ts';

const of = (o) => sharedText(`?${new URLSearchParams(o)}`);

test('title, words and address stand in their order, none of them twice', () => {
  assert.equal(of({ title: '献立', text: '今週分です', url: 'https://a.example/x' }), '献立\n今週分です\nhttps://a.example/x');
  assert.equal(of({ title: '献立', text: '献立 https://a.example/x', url: 'https://a.example/x' }), '献立 https://a.example/x');
  assert.equal(of({ title: '同じ', text: '同じ' }), '同じ');
  assert.equal(of({ other: 'x' }), '');
  assert.equal(of({ text: '  ', url: '\n' }), '');
});

test('what looks like a page or a program stays text, and steers no terminal', () => {
  const text = '<img src=x onerror=alert(1)> javascript:alert(1)';
  assert.equal(of({ text }), text);
  assert.equal(of({ text: 'a\u0000b\u001b[31mc\r\nd\te' }), 'ab[31mc\nd\te');
});

test('of files as many are taken as a message carries, and as large as can be kept; it is said how many were left out', () => {
  const of = (...sizes) => {
    const all = sizes.map((size, i) => ({ name: `${i}`, size }));
    const { files, many, large } = taken(all);
    return [files.map((f) => f.name).join(' '), many, large];
  };
  assert.equal(FILES_MOST, FILES_MAX);
  assert.deepEqual(of(1, 2, 3), ['0 1 2', 0, 0]);
  assert.deepEqual(of(...Array(23).fill(1)), [Array.from({ length: 20 }, (_, i) => i).join(' '), 3, 0]);
  assert.deepEqual(of(BYTES_MOST - 1, 2, 1), ['0 2', 0, 1]);
  assert.deepEqual(of(BYTES_MOST + 1), ['', 0, 1]);
});
