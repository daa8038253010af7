// What another app hands over becomes text, once and in order.
import { assert, test } from '../../test/lib/test.mjs';
import { sharedText } from '../src/talk/shared.ts';

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
