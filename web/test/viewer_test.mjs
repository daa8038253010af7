// What the viewer reckons: how a picture lies in its window, and a file as text in the encoding that it is in.
import { assert, test } from '../../test/lib/test.mjs';
import { isViewed } from '../src/talk/file_kinds.ts';
import { isText } from '../src/talk/text_kinds.ts';
import { decode, headOf, rowsOfText } from '../src/talk/text_read.ts';
import { bounded, fitOf, moved, mostOf, turnedRight, WHOLE, zoomAt } from '../src/talk/zoom.ts';

const PHONE = { w: 390, h: 600 };
const PHOTO = { w: 4000, h: 3000 };

test('all of a picture is seen at first, also when it is turned; a small one is not enlarged', () => {
  assert.equal(fitOf(PHONE, PHOTO, 0), 390 / 4000);
  assert.equal(fitOf(PHONE, PHOTO, 90), 390 / 3000);
  assert.equal(fitOf(PHONE, { w: 100, h: 50 }, 0), 1);
  assert.equal(fitOf({ w: 0, h: 0 }, { w: 0, h: 0 }, 0), 1, 'before either has come');
});

test('what is under the finger stays under it, until the edges say otherwise', () => {
  const at = { x: 40, y: -30 };
  const under = (v) => ({ x: (at.x - v.x) / v.zoom, y: (at.y - v.y) / v.zoom });
  const once = zoomAt(WHOLE, 4, at, PHONE, PHOTO), twice = zoomAt(once, 1.5, at, PHONE, PHOTO);
  assert.ok(Math.abs(under(once).x - under(twice).x) < 1e-9 && Math.abs(under(once).y - under(twice).y) < 1e-9);
  assert.deepEqual(zoomAt(twice, 0.01, at, PHONE, PHOTO), WHOLE, 'no smaller than the whole, and in the middle again');
  assert.equal(zoomAt(WHOLE, 1e6, at, PHONE, PHOTO).zoom, mostOf(PHONE, PHOTO, 0));
});

test('a picture is moved as far as its edges, and not at all where it is smaller than the window', () => {
  const close = zoomAt(WHOLE, 4, { x: 0, y: 0 }, PHONE, PHOTO);
  const far = moved(close, { x: 1e5, y: -1e5 }, PHONE, PHOTO);
  assert.equal(far.x, (390 * 4 - 390) / 2);
  assert.equal(far.y, -((390 * 4 * 0.75 - 600) / 2));
  assert.deepEqual(moved(WHOLE, { x: 50, y: 50 }, PHONE, PHOTO), WHOLE);
  const lying = bounded({ zoom: 2, x: 1e5, y: 1e5, turn: 90 }, PHONE, PHOTO);
  assert.deepEqual([lying.x, lying.y], [390 / 2, (4000 * (390 / 3000) * 2 - 600) / 2], 'turned: the other edges');
});

test('a turn goes to the right and shows all of it again', () => {
  let v = zoomAt(WHOLE, 3, { x: 10, y: 10 }, PHONE, PHOTO);
  for (let i = 1; i <= 4; i++) {
    v = turnedRight(v);
    assert.deepEqual(v, { zoom: 1, x: 0, y: 0, turn: i * 90 });
  }
});

const bytes = (...parts) => Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...Buffer.from(p)] : p)));
/* 「縁側の日報です。カレー」 in the encodings of Japanese files. */
const SJIS = [0x89, 0x8f, 0x91, 0xa4, 0x82, 0xcc, 0x93, 0xfa, 0x95, 0xf1, 0x82, 0xc5, 0x82, 0xb7, 0x81, 0x42, 0x83, 0x4a, 0x83, 0x8c, 0x81, 0x5b];
const EUC = [0xb1, 0xef, 0xc2, 0xa6, 0xa4, 0xce, 0xc6, 0xfc, 0xca, 0xf3, 0xa4, 0xc7, 0xa4, 0xb9, 0xa1, 0xa3, 0xa5, 0xab, 0xa5, 0xec, 0xa1, 0xbc];
const NARROW = [0xb6, 0xda, 0xb0];   // ｶﾚｰ, as old machines print it

test('text is read in the encoding that it is in: by its mark, as UTF-8, as Shift_JIS or EUC-JP', () => {
  const words = '縁側の日報です。カレー';
  const of = (b, cut = false) => decode({ bytes: bytes(b), cut });
  const cases = [
    [[...Buffer.from(words)], 'utf-8'], [[0xef, 0xbb, 0xbf, ...Buffer.from(words)], 'utf-8'], [SJIS, 'shift_jis'], [EUC, 'euc-jp'],
    [[0xff, 0xfe, ...Buffer.from(words, 'utf16le')], 'utf-16le'], [[0xfe, 0xff, ...Buffer.from(words, 'utf16le').swap16()], 'utf-16be'],
  ];
  for (const [b, as] of cases) assert.deepEqual(of(b), { text: words, as });
  assert.equal(of(NARROW).as, 'shift_jis', 'narrow kana alone');
  assert.equal(of([]).text, '');
});

test('a character that is cut at the end spoils nothing; what is no text is none', () => {
  const whole = [...Buffer.from('あいう')];
  assert.deepEqual(decode({ bytes: bytes(whole.slice(0, -1)), cut: true }), { text: 'あい', as: 'utf-8' });
  assert.equal(decode({ bytes: bytes(SJIS.slice(0, -1)), cut: true }).text, '縁側の日報です。カレ');
  assert.equal(decode({ bytes: bytes([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfd]), cut: false }), null);
  assert.equal(decode({ bytes: bytes('a\0b'), cut: false }), null);
});

test('of a long file the beginning alone is fetched', async () => {
  let pulled = 0, cancelled = false;
  const stream = new ReadableStream({
    pull: (c) => { pulled += 1; c.enqueue(new Uint8Array(1000).fill(pulled)); },
    cancel: () => { cancelled = true; },
  }, { highWaterMark: 0 });
  const head = await headOf({ body: stream }, 2500);
  assert.deepEqual([head.bytes.length, head.cut, head.bytes[0], head.bytes[2499]], [2500, true, 1, 3]);
  assert.equal(pulled, 3);
  assert.ok(cancelled);
  const short = await headOf(new Response('abc'), 3);
  assert.deepEqual([Buffer.from(short.bytes).toString(), short.cut], ['abc', false]);
});

test('every line has its number once, however long it is', () => {
  assert.deepEqual(rowsOfText('a\r\nb\rc\n\nd\n').map((r) => [r.line, r.text]), [[1, 'a'], [2, 'b'], [3, 'c'], [4, ''], [5, 'd']]);
  assert.deepEqual(rowsOfText(''), [{ line: 1, text: '' }]);
  const long = `${'x'.repeat(1999)}😀${'y'.repeat(3000)}`;
  const rows = rowsOfText(`${long}\nend`);
  assert.deepEqual(rows.map((r) => r.line), [1, 0, 0, 2]);
  assert.equal(rows.slice(0, 3).map((r) => r.text).join(''), long);
  assert.ok(rows.every((r) => r.text.isWellFormed()));
});

test('what is text is told by the server, or by its name where the server cannot tell', () => {
  const file = (name, type) => ({ id: '1', name, type, size: 1 });
  assert.ok(isText(file('a', 'text/plain')) && isText(file('集計.CSV', 'application/octet-stream')) && isViewed(file('page.html', 'text/plain')));
  for (const f of [file('a.csv', 'application/zip'), file('a.bin', 'application/octet-stream'), file('csv', 'application/octet-stream'), file('a.pdf', 'application/pdf')])
    assert.ok(!isText(f) && !isViewed(f), f.name);
  assert.ok(isViewed(file('a', 'image/png')) && isViewed(file('a', 'audio/wav')));
});
