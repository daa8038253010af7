// Rows of the kana index, and the square that is cut from a picture.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { base64url, squareOf } from '../src/account/photo.ts';
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

test('bytes as base64url', () => {
  assert.equal(base64url(new Uint8Array([251, 255, 190, 0])), '-_--AA');
});
