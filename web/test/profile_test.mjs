// Rows of the kana index, and the square that is cut from a picture.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { Refused, sendPhoto, squareOf, Stopped } from '../src/account/photo.ts';
import { ApiError } from '../src/base/api.ts';
import { OTHER, rowOf } from '../src/members/kana.ts';

test('a reading stands in its row, whatever it is written with', () => {
  const table = [
    ['あいざわ', 0], ['おおさわ', 0], ['かしわぎ', 1], ['がもう', 1], ['さえぐさ', 2], ['ざいつ', 2], ['つじ', 3], ['っ', 3], ['にしわき', 4],
    ['ぱく', 5], ['もりした', 6], ['ょ', 7], ['らん', 8], ['わたらい', 9], ['んだ', 9], ['グエン', 1], ['ｸﾞｴﾝ', 1], ['ヴァン', 0], ['ァ', 0],
    ['Nguyen', OTHER], ['7', OTHER], ['', OTHER], ['森', OTHER], [' やなぎ', 7],
  ];
  for (const [reading, row] of table) assert.equal(rowOf(reading, ''), row, reading);
  assert.equal(rowOf('', 'さくら'), 2, 'without a reading by the name');
});

test('the square never leaves the picture', () => {
  assert.deepEqual(squareOf(400, 300, { zoom: 1, x: 0, y: 0 }), { left: 50, top: 0, side: 300 });
  assert.deepEqual(squareOf(400, 300, { zoom: 1, x: 1, y: 1 }), { left: 100, top: 0, side: 300 });
  assert.deepEqual(squareOf(300, 600, { zoom: 2, x: -1, y: 1 }), { left: 0, top: 450, side: 150 });
  assert.deepEqual(squareOf(300, 600, { zoom: 0, x: -9, y: 9 }), { left: 0, top: 300, side: 300 });
});

const ready = { id: '9', name: 'a.png', part_max: 65536, ready: true };

test('a picture is sent part after part; how far it is is told; the server\'s name for it comes back', async () => {
  const file = new File([new Uint8Array(100_000)], 'a.png'), told = [], parts = [];
  const ports = {
    begin: async (_, body) => ({ ...ready, ready: false, stored: 0, size: body.size }),
    part: async (id, at, bytes) => { parts.push([id, at, bytes.size]); return { ...ready, ready: at + bytes.size === 100_000, stored: at + bytes.size }; },
    ask: () => assert.fail('nothing was lost'), cancel: () => assert.fail('nobody stopped it'), sum: async () => 'x', pause: async () => undefined,
  };
  assert.equal(await sendPhoto(ports, file, (p) => told.push(p.share), new AbortController().signal), '9');
  assert.deepEqual(parts, [['9', 0, 65536], ['9', 65536, 34464]]);
  assert.equal(told.at(-1), 1);
  assert.ok(told.some((n) => n > 0 && n < 1), told.join(' '));
});

test('a picture that is refused says why; one that is stopped is taken back from the server', async () => {
  const file = new File([new Uint8Array(10)], 'a.png'), stop = new AbortController(), cancelled = [];
  const ports = {
    begin: async () => ({ ...ready, ready: false, stored: 0 }), ask: async () => ready, cancel: async (id) => { cancelled.push(id); }, sum: async () => 'x',
    pause: async () => undefined, part: async () => { throw new ApiError('malware', 403, 'マルウェア'); },
  };
  await assert.rejects(sendPhoto(ports, file, () => undefined, stop.signal), (e) => e instanceof Refused && e.message === 'マルウェア');
  let go;
  const held = sendPhoto({ ...ports, part: () => new Promise((done) => { go = () => done({ ...ready, stored: 10 }); stop.abort(); }) }, file, () => undefined, stop.signal);
  await assert.rejects(held, Stopped);
  go();
  assert.deepEqual([...new Set(cancelled)], ['9']);
  await assert.rejects(sendPhoto(ports, file, () => undefined, stop.signal), Stopped);
});
