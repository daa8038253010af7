// Unread numbers: what is new in this browser, by account and room.
import './browser.mjs';
import { assert, proves, test } from '../../test/lib/test.mjs';
import { adopt, badge, forgetMarks, markRead, marksOf, unreadIn, unreadOfAll } from '../src/talk/unread.ts';

const room = (id, last_seq, author = '9', first_seq = 1) => ({ id, first_seq, last_seq, last: last_seq ? { author } : null });

test('what stands there at the first opening is read; what comes later is not', () => {
  proves('OVR-10');
  assert.equal(unreadIn(room('1', 5), marksOf('7', '1'), '1'), 0, 'an account that was never opened here counts nothing');
  adopt('7', '1', [room('1', 5), room('2', 0)]);
  const marks = () => marksOf('7', '1');
  assert.equal(unreadIn(room('1', 5), marks(), '1'), 0);
  assert.equal(unreadIn(room('1', 8), marks(), '1'), 3);
  assert.equal(unreadIn(room('2', 2), marks(), '1'), 2);
  assert.equal(unreadIn(room('3', 9, '9', 7), marks(), '1'), 3, 'of a new room what the member may see');
  assert.equal(unreadOfAll([room('1', 8), room('2', 2), room('3', 0)], marks(), '1'), 5);
  adopt('7', '1', [room('1', 8)]);
  assert.equal(unreadIn(room('1', 8), marks(), '1'), 3, 'once is enough');
});

test('reading goes forward only; the own last message reads what is before it; accounts do not mix', () => {
  adopt('8', '1', [room('1', 5)]);
  markRead('8', '1', '1', 7);
  markRead('8', '1', '1', 6);
  assert.equal(unreadIn(room('1', 8), marksOf('8', '1'), '1'), 1);
  assert.equal(unreadIn(room('1', 8, '1'), marksOf('8', '1'), '1'), 0);
  assert.equal(unreadIn(room('1', 8), marksOf('8', '2'), '2'), 0);
  forgetMarks('8', '1');
  assert.equal(marksOf('8', '1'), null);
  assert.equal(localStorage.getItem('engawa.read.8.1'), null);
});

test('a badge has at most three signs', () => {
  assert.deepEqual([1, 99, 100, 5000].map(badge), ['1', '99', '99+', '99+']);
});
