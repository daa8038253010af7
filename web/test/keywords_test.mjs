// A member's own words: where they stand in a text, which messages are for their sake the reader's, and what waits to be read.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { asPhrase, foldKeyword, holdsKeyword, keywordPieces, keywordsOf, keywordSpans, withHit, withoutHit, withoutRead } from '../src/talk/keywords.ts';

const marked = (text, ...words) => keywordPieces(text, keywordsOf(words)).map((p) => (p.hit ? `[${p.text}]` : p.text)).join('');

test('width, case and kana do not count, and the mark stands about what was written', () => {
  const table = [
    ['\u767a\u6ce8\u304a\u9858\u3044\u3057\u307e\u3059', ['\u767a\u6ce8'], '[\u767a\u6ce8]\u304a\u9858\u3044\u3057\u307e\u3059'],
    ['\uff76\uff9a\uff70\uff8a\uff9f\uff9d\u304c\u6b8b\u308a4', ['\u304b\u308c\u30fc\u3071\u3093'], '[\uff76\uff9a\uff70\uff8a\uff9f\uff9d]\u304c\u6b8b\u308a4'],
    ['\u30ab\u3099\u30e9\u30b9', ['\uff76\uff9e'], '[\u30ab\u3099]\u30e9\u30b9'],
    ['\uff30\uff2f\u3068po', ['Po'], '[\uff30\uff2f]\u3068[po]'],
    ['a  \u3000b', ['A B'], '[a  \u3000b]'],
    ['\u2460\u306f\u4e00', ['1'], '[\u2460]\u306f\u4e00'],
    ['\ud83d\ude00\u767a\u6ce8\ud83d\ude00', ['\u767a\u6ce8'], '\ud83d\ude00[\u767a\u6ce8]\ud83d\ude00'],
    ['\u9001\u4ed8\u5148\u306a\u3057', ['\u8fd4\u54c1'], '\u9001\u4ed8\u5148\u306a\u3057'],
    ['', ['x'], ''],
  ];
  for (const [text, words, want] of table) assert.equal(marked(text, ...words), want);
  assert.equal(foldKeyword(' \uff21\uff22\u3000\uff43 '), 'ab c');
});

test('a word of Latin letters or digits counts where such a run begins, as in search', () => {
  assert.equal(marked('report PO-1 po', 'po'), 'report [PO]-1 [po]');
  assert.equal(marked('Engawa', 'gawa'), 'Engawa');
  assert.equal(marked('\u7b2c12\u4fbf', '12', '2'), '\u7b2c[12]\u4fbf');
  assert.equal(marked('\u65b0\u767a\u6ce8\u66f8', '\u767a\u6ce8'), '\u65b0[\u767a\u6ce8]\u66f8');
});

test('words that overlap are one mark, and the pieces are the text again', () => {
  assert.equal(marked('\u5927\u8239\u5e97\u9577', '\u5927\u8239\u5e97', '\u5e97\u9577'), '[\u5927\u8239\u5e97\u9577]');
  assert.equal(marked('\u3042\u3042\u3042', '\u3042\u3042'), '[\u3042\u3042\u3042]');
  let seed = 20261126;
  const next = (n) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor(seed / 65536) % n;
  };
  const signs = ['\u304b', '\u30ab', '\uff76', '\uff9e', '\u3099', '\u309b', 'A', '\uff21', ' ', '\u3000', '1', '\u338f', '\ud83d\ude00', '\n', '\u30fc', '\u1e9e'];
  const some = (n) => Array.from({ length: n }, () => signs[next(signs.length)]).join('');
  let hits = 0;
  for (let i = 0; i < 3_000; i += 1) {
    const [text, words] = [some(next(30)), keywordsOf([some(1 + next(3)), some(1 + next(2))])];
    const pieces = keywordPieces(text, words);
    hits += pieces.filter((p) => p.hit).length;
    assert.equal(pieces.map((p) => p.text).join(''), text, 'seed 20261126');
    assert.ok(pieces.every((p) => p.text !== ''));
    const holds = holdsKeyword({ author: '2', kind: 'text', text }, '1', words);
    assert.equal(holds, keywordSpans(text, words).length > 0);
  }
  assert.ok(hits > 1_000, `${hits} marks`);
});

test('own messages, taken back ones and what the house says are for nobody', () => {
  const words = keywordsOf(['\u767a\u6ce8']);
  const m = { author: '2', kind: 'text', text: '\u767a\u6ce8' };
  assert.ok(holdsKeyword(m, '1', words));
  assert.ok(holdsKeyword({ ...m, kind: 'poll' }, '1', words));
  assert.ok(!holdsKeyword(m, '2', words));
  assert.ok(!holdsKeyword({ ...m, kind: 'system' }, '1', words));
  assert.ok(!holdsKeyword({ ...m, gone: true }, '1', words));
  assert.ok(!holdsKeyword(m, '1', []));
});

test('a message of the greatest length is marked as a whole where the word repeats', () => {
  const words = keywordsOf(['\u3042\u3042', ...Array.from({ length: 19 }, (_, i) => `\u3042\u3042${i}`)]);
  const began = performance.now();
  assert.deepEqual(keywordSpans('\u3042'.repeat(10_000), words), [{ from: 0, to: 10_000 }]);
  const took = performance.now() - began;
  const short = '\u660e\u65e5\u306e\u65e9\u756a\u30019\u6642\u304b\u3089\u306b\u5909\u3048\u3066\u3044\u305f\u3060\u3051\u307e\u3059\u304b\u3002'.repeat(2);
  const then = performance.now();
  for (let i = 0; i < 5_000; i += 1) holdsKeyword({ author: '2', kind: 'text', text: short }, '1', words);
  console.log(`20 words: 10,000 characters ${took.toFixed(2)} ms, ${[...short].length} characters ${((performance.now() - then) / 5).toFixed(1)} \u00b5s`);
});

test('hits wait until they are read, and none is counted twice', () => {
  let hits = withHit(withHit(new Map(), '7', 3), '7', 5);
  assert.equal(withHit(hits, '7', 5), hits);
  hits = withHit(hits, '8', 1);
  assert.deepEqual([...withoutRead(hits, '7', 3)], [['7', [5]], ['8', [1]]]);
  assert.deepEqual([...withoutHit(hits, '8', 1)], [['7', [3, 5]]]);
  assert.equal(withoutRead(hits, '9', 9), hits);
  assert.equal(withoutHit(hits, '7', 4), hits);
});

test('a word is looked for as a phrase, in quotes that it does not hold', () => {
  assert.deepEqual(['a b', 'a"b', '\u300c"', '"\u300d', '"\u300d\u201d\u300f'].map(asPhrase),
    ['"a b"', '\u300ca"b\u300d', '\u300c\u300c"\u300d', '\u201c"\u300d\u201d', null]);
});
