// Messages that are chosen: their order, their most, what becomes of them, and what is copied.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { ApiError } from '../src/base/api.ts';
import { asText, choose, CHOSEN_MAX, inOrder, oneByOne, renewed } from '../src/talk/chosen.ts';

process.env.TZ = 'Asia/Tokyo';
const message = (seq, more = {}) => ({ id: String(seq), room: '1', seq, author: 'a', author_name: '', kind: 'text', text: `m${seq}`, sent: '2026-11-25T01:05:00.000Z', key: '', ...more });
const seqs = (c) => inOrder(c).map((m) => m.seq);

test('messages are chosen and taken out, in the order of the room whatever the order of the hand; another room begins anew', () => {
  let c = [9, 2, 5, 2, 7].reduce((now, n) => choose(now, message(n)), null);
  assert.deepEqual(seqs(c), [5, 7, 9]);
  c = renewed(c, '1', 7, null);
  c = renewed(c, '1', 9, message(9, { text: 'another' }));
  c = renewed(c, '2', 5, null);
  assert.deepEqual(inOrder(c).map((m) => m.text), ['m5', 'another']);
  assert.deepEqual(seqs(choose(c, message(1, { room: '2' }))), [1]);
  for (let n = 100; n < 300; n += 1) c = choose(c, message(n));
  assert.equal(c.messages.size, CHOSEN_MAX);
  assert.equal(choose(c, message(5)).messages.size, CHOSEN_MAX - 1, 'taking out stays possible');
});

test('what is copied is name, time and words, a line each', () => {
  assert.equal(asText([message(1), message(2, { text: '二行\n目' })], () => '柳 さつき', (m) => m.text), '柳 さつき 2026/11/25 10:05 m1\n柳 さつき 2026/11/25 10:05 二行\n目');
});

test('one after the other: a pause that the server asks for is kept, a refusal ends it', async () => {
  const done = [];
  let busy = true;
  await oneByOne([message(1), message(2)], async (m) => {
    if (m.seq === 2 && busy) {
      busy = false;
      throw new ApiError('too_many', 429);
    }
    done.push(m.seq);
  }, (n) => done.push(`${n} done`));
  assert.deepEqual(done, [1, '1 done', 2, '2 done']);
  await assert.rejects(oneByOne([message(1), message(2)], async (m) => {
    if (m.seq === 1) throw new ApiError('not_found', 404);
    done.push('never');
  }, () => undefined));
  assert.ok(!done.includes('never'));
});
