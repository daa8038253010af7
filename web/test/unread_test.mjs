// Unread numbers: by how far the server says that the member has read; and how many have read a message.
import './browser.mjs';
import { assert, proves, test } from '../../test/lib/test.mjs';
import { badge, ownAlone, readersOf, unreadIn, unreadOfAll } from '../src/talk/unread.ts';

const room = (last_seq, read_seq, author = '9', first_seq = 1) => ({ first_seq, last_seq, read_seq, last: last_seq ? { author } : null });

test('what came after the last message read is unread; the own last message reads what is before it', () => {
  proves('OVR-10');
  assert.equal(unreadIn(room(5, 5), '1'), 0);
  assert.equal(unreadIn(room(8, 5), '1'), 3);
  assert.equal(unreadIn(room(9, 0, '9', 7), '1'), 3, 'of a room with an earlier history what the member may see');
  assert.equal(unreadIn(room(8, 5, '1'), '1'), 0);
  assert.equal(unreadIn(room(0, 0), '1'), 0);
  assert.equal(unreadOfAll([room(8, 5), room(2, 0), room(3, 3)], '1'), 5);
});

test('what one wrote oneself is read at once, unless something of another stands between or is not here', () => {
  const [own, other] = [{ author: '1' }, { author: '9' }];
  const log = [{ seq: 3, ...other }, { seq: 4, ...own }, { seq: 5, ...own }, { seq: 6, ...other }];
  assert.ok(ownAlone(log, 3, 5, '1'));
  assert.ok(!ownAlone(log, 2, 5, '1'), 'somebody else wrote');
  assert.ok(!ownAlone(log, 3, 6, '1'));
  assert.ok(!ownAlone(log.slice(2), 3, 5, '1'), 'one is not here');
});

test('readers are those whose history holds the message and who have come as far', () => {
  const reads = [{ from: 1, to: 4, n: 2 }, { from: 3, to: 9, n: 1 }];
  assert.deepEqual([1, 3, 4, 5, 9, 10].map((seq) => readersOf(reads, seq)), [2, 3, 3, 1, 1, 0]);
  assert.equal(readersOf(reads, 3, 3), 2, 'its author is not counted');
  assert.equal(readersOf(reads, 3, 2), 3);
});

test('a badge has at most three signs', () => {
  assert.deepEqual([1, 99, 100, 5000].map(badge), ['1', '99', '99+', '99+']);
});
