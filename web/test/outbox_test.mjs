// The outbox: one key for every attempt, order within a room, refusals step aside, nothing lost over a restart.
import { assert, proves, test } from '../../test/lib/test.mjs';
import { Outbox } from '../src/talk/outbox.ts';

/** A server that answers when it is told to, and remembers keys as the real one does. */
function make(disk = new Map()) {
  const calls = [];
  const sent = [];
  const stored = new Map();
  let n = 0;
  const outbox = new Outbox({
    newKey: () => `key-${String(disk.size + (n += 1)).padStart(4, '0')}`,
    now: () => 1_000,
    save: async (i) => void disk.set(i.key, structuredClone(i)),
    forget: async (key) => void disk.delete(key),
    send: (item) => new Promise((done, fail) => {
      calls.push({
        key: item.key, room: item.room, text: item.text,
        accept: async () => {
          if (!stored.has(item.key)) stored.set(item.key, { seq: stored.size + 1, text: item.text });
          done(stored.get(item.key));
          await settle();
        },
        storeAndLose: async () => {
          if (!stored.has(item.key)) stored.set(item.key, { seq: stored.size + 1, text: item.text });
          fail({ final: false, reason: '' });
          await settle();
        },
        refuse: async (final) => {
          fail({ final, reason: 'why' });
          await settle();
        },
      });
    }),
    sent: (m) => sent.push(m.text),
    refusal: (e) => e,
    changed: () => undefined,
  });
  return { outbox, calls, sent, stored, disk };
}
const settle = () => new Promise((done) => setImmediate(done));

test('a repeat carries the same key and makes no second message', async () => {
  proves('TLK-02');
  const { outbox, calls, stored, disk } = make();
  outbox.add('1', 'a');
  outbox.flush();
  await calls[0].storeAndLose();
  assert.equal(outbox.all[0].state, 'waiting');
  outbox.flush();
  assert.equal(calls.length, 2);
  assert.equal(calls[1].key, calls[0].key);
  await calls[1].accept();
  assert.equal(stored.size, 1);
  assert.equal(outbox.all.length, 0);
  assert.equal(disk.size, 0);
});

test('within a room one after the other, in the order of writing; rooms do not wait for each other', async () => {
  proves('TLK-02');
  const { outbox, calls, stored } = make();
  ['a', 'b', 'c'].forEach((text) => outbox.add('1', text));
  outbox.add('2', 'x');
  outbox.flush();
  outbox.flush();
  assert.deepEqual(calls.map((c) => c.text), ['a', 'x']);
  await calls[0].storeAndLose();
  outbox.flush();
  assert.equal(calls.at(-1).text, 'a', 'the next one never overtakes');
  for (let i = 1; i < calls.length; i += 1) await calls[i].accept();
  assert.deepEqual([...stored.values()].map((m) => m.text).filter((t) => t !== 'x'), ['a', 'b', 'c']);
});

test('a refused message stays with its reason and the others go on', async () => {
  const { outbox, calls, sent } = make();
  ['a', 'b'].forEach((text) => outbox.add('1', text));
  outbox.flush();
  await calls[0].refuse(true);
  assert.deepEqual([outbox.all[0].state, outbox.all[0].reason], ['failed', 'why']);
  await calls[1].accept();
  assert.deepEqual(sent, ['b']);
  outbox.resend(outbox.all[0].key);
  assert.equal(calls[2].key, calls[0].key);
  assert.equal(outbox.take(calls[0].key).text, 'a');
  assert.equal(outbox.all.length, 0);
});

test('after a restart everything is there again, in order, with its key', async () => {
  proves('TLK-02');
  const first = make();
  ['a', 'b', 'c'].forEach((text) => first.outbox.add('1', text));
  first.outbox.flush();
  await settle();
  const keys = first.outbox.all.map((i) => i.key);
  const second = make(first.disk);
  second.outbox.restore([...first.disk.values()].reverse());
  assert.deepEqual(second.outbox.all.map((i) => [i.key, i.text, i.state]), keys.map((k, i) => [k, 'abc'[i], 'waiting']));
  second.outbox.restore(first.disk.values());
  assert.equal(second.outbox.all.length, 3, 'restoring twice doubles nothing');
  second.outbox.flush();
  for (let i = 0; i < second.calls.length; i += 1) await second.calls[i].accept();
  assert.deepEqual(second.sent, ['a', 'b', 'c']);
  assert.equal(first.disk.size, 0);
});

test('the event may come before the answer', async () => {
  const { outbox, calls, sent } = make();
  const { key } = outbox.add('1', 'a');
  outbox.add('1', 'b');
  outbox.flush();
  outbox.settle(key);
  assert.deepEqual(calls.map((c) => c.text), ['a', 'b']);
  await calls[0].accept();
  assert.deepEqual(outbox.all.map((i) => i.text), ['b']);
  assert.deepEqual(sent, ['a']);
});
