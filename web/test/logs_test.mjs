// What is held of a long room: one stretch without gaps that grows at either end, and never too many messages.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { Logs, MOST, TO_END, TO_UNREAD, WINDOW } from '../src/talk/logs.ts';
import { parseRoute } from '../src/base/route.ts';

const ME = '7';
const message = (seq, author = '8') => ({ id: String(seq), room: '1', seq, author, author_name: '', kind: 'text', text: `m${seq}`, sent: '2026-11-25T01:00:00.000Z', key: '' });

/** A server that knows the messages 1 … last but for the hidden ones. */
function house(last) {
  const h = { last, hidden: new Set(), asked: [], fails: false, waits: null, states: [] };
  const page = ({ before = Infinity, after, around, limit }) => {
    const seen = (from, to, n, up) => {
      const found = [];
      for (let s = up ? from : to; found.length < n && s >= from && s <= to; s += up ? 1 : -1)
        if (!h.hidden.has(s)) found.push(message(s));
      return up ? found.reverse() : found;
    };
    if (around !== undefined) {
      const newer = seen(around, h.last, limit - limit / 2 + 1, true);
      const older = seen(1, around - 1, limit / 2 + 1, false);
      return { messages: [...newer.slice(-(limit - limit / 2)), ...older.slice(0, limit / 2)], newer: newer.length > limit / 2, more: older.length > limit / 2 };
    }
    const found = after === undefined ? seen(1, Math.min(h.last, before - 1), limit + 1, false) : seen(after + 1, h.last, limit + 1, true);
    if (after !== undefined) return { messages: found.slice(-limit), more: true, newer: found.length > limit };
    return { messages: found.slice(0, limit), more: found.length > limit };
  };
  h.logs = new Logs({
    me: ME,
    ask: async (_, query) => {
      h.asked.push(query);
      const answer = page(query);
      await h.waits;
      if (h.fails) throw new Error('away');
      return answer;
    },
    changed: (all) => h.states.push(all.get('1')),
  });
  h.log = () => h.logs.get('1');
  h.seqs = () => h.log().messages.map((m) => m.seq);
  h.span = () => [h.seqs()[0], h.seqs().at(-1), h.seqs().length];
  return h;
}

const without = (seqs) => seqs.every((s, i) => i === 0 || s === seqs[i - 1] + 1);

test('a room of 100,000 messages is read to its beginning and back: no gap, no double, never more than can be held', async () => {
  const h = house(100_000);
  await h.logs.open('1');
  assert.deepEqual(h.span(), [99_951, 100_000, 50]);
  h.logs.setAway('1', true);
  for (let i = 0; i < 30; i += 1) await h.logs.older('1');
  assert.equal(h.seqs().length, MOST, 'who scrolls on and on waits for what is dropped');
  while (h.log().more) {
    h.logs.trim('1', 'newer');
    await h.logs.older('1');
  }
  assert.equal(h.seqs()[0], 1);
  assert.ok(h.seqs().length <= WINDOW + 50);
  assert.equal(h.log().newer, true);
  while (h.log().newer) {
    h.logs.trim('1', 'older');
    await h.logs.later('1');
  }
  assert.equal(h.seqs().at(-1), 100_000);
  assert.ok(h.states.every((s) => s.messages.length <= MOST));
  assert.ok(h.states.every((s) => without(s.messages.map((m) => m.seq))));
  // one end at a time: what comes and what goes are two changes
  h.states.forEach((s, i) => {
    const before = h.states[i - 1];
    if (i === 0 || before.messages.length === 0) return;
    assert.ok(s.messages[0].seq === before.messages[0].seq || s.messages.at(-1).seq === before.messages.at(-1).seq, `change ${i}`);
  });
});

test('a message far up is shown with what stands about it; what arrives meanwhile is only counted; the way back leads to the end', async () => {
  const h = house(5_000);
  await h.logs.open('1');
  const { made } = h.log();
  await h.logs.show('1', 1_000);
  assert.deepEqual(h.span(), [950, 1_049, 100]);
  assert.equal(h.log().target, 1_000);
  assert.notEqual(h.log().made, made, 'another stretch');
  h.logs.reached('1');
  h.logs.posted(message(5_001));
  h.logs.posted(message(5_002));
  h.logs.add(message(5_002));
  h.logs.posted(message(5_003, ME));
  assert.deepEqual(h.span(), [950, 1_049, 100]);
  assert.deepEqual([h.log().fresh.n, h.log().fresh.first.seq], [2, 5_001]);
  h.last = 5_003;
  await h.logs.toEnd('1');
  assert.deepEqual(h.span(), [4_954, 5_003, 50]);
  assert.deepEqual([h.log().newer, h.log().fresh], [false, null]);
  const now = h.log().made;
  h.logs.posted(message(5_004));
  assert.equal(h.seqs().at(-1), 5_004);
  await h.logs.show('1', 4_960);
  assert.deepEqual([h.log().made, h.log().target], [now, 4_960], 'what is held is not asked for');
  await h.logs.toEnd('1');
  assert.deepEqual([h.log().made, h.log().target], [now, TO_END]);
});

test('what may not be seen or is gone is said to be missing, and the end of the room is shown', async () => {
  const h = house(300);
  h.hidden.add(40);
  await h.logs.show('1', 40);
  assert.deepEqual([h.log().status, h.log().lost, h.log().target], ['ready', 'missing', null]);
  assert.deepEqual(h.span(), [251, 300, 50]);
  await h.logs.show('1', 9_999);
  assert.equal(h.log().lost, 'missing');
  await h.logs.show('1', 41);
  assert.deepEqual([h.log().lost, h.log().target], [null, 41]);
  h.fails = true;
  await h.logs.show('1', 290);
  assert.deepEqual([h.log().lost, h.log().target], ['failed', 41], 'what is shown stays');
});

test('what is told of while a page is under way is not lost; an answer that comes too late changes nothing', async () => {
  const h = house(300);
  await h.logs.show('1', 30);
  while (h.log().messages.at(-1).seq < 250) await h.logs.later('1');
  let go;
  h.waits = new Promise((r) => { go = r; });
  const late = h.logs.later('1');
  h.logs.posted(message(301));
  h.last = 301;
  go();
  await late;
  assert.deepEqual([h.seqs().at(-1), h.log().newer, without(h.seqs())], [301, false, true]);
  h.waits = new Promise((r) => { go = r; });
  const first = h.logs.show('1', 1);
  const older = h.logs.older('1');
  const second = h.logs.toEnd('1');
  go();
  await Promise.all([first, older, second]);
  assert.equal(h.seqs().at(-1), 301);
  assert.ok(without(h.seqs()));
});

test('a gap at the end is closed for a reader at the end; one further up is detached, and what is held of a busy room stays bounded', async () => {
  const h = house(500);
  await h.logs.open('1');
  h.last = 520;
  h.logs.posted(message(520));
  await new Promise(setImmediate);
  assert.ok(without(h.seqs()));
  assert.equal(h.seqs().at(-1), 520);
  for (let s = 521; s <= 3_000; s += 1) {
    h.last = s;
    h.logs.posted(message(s));
    if (s % 100 === 0) await new Promise(setImmediate);
    if (s === 2_000) h.logs.trim('1', 'older');
  }
  await new Promise(setImmediate);
  assert.ok(h.seqs().length <= MOST && h.seqs().at(-1) === 3_000 && without(h.seqs()));
  h.logs.setAway('1', true);
  for (let s = 3_001; s <= 4_000; s += 1) {
    h.last = s;
    h.logs.posted(message(s));
  }
  assert.ok(h.seqs().length <= MOST && without(h.seqs()));
  assert.equal(h.log().newer, true);
  assert.ok(h.log().fresh.n > 0);
  h.last = 9_000;
  h.logs.setAway('1', false);
  await h.logs.toEnd('1');
  assert.equal(h.seqs().at(-1), 9_000);
});

test('what is held is read anew after a long sleep, hidden messages are gone; a room that nobody looks at keeps little', async () => {
  const h = house(2_000);
  await h.logs.show('1', 700);
  h.hidden.add(701);
  await h.logs.renew('1');
  assert.deepEqual([h.seqs()[0], h.seqs().at(-1), h.seqs().includes(701)], [650, 749, false]);
  h.logs.close('1');
  assert.equal(h.log(), undefined);
  await h.logs.open('1');
  for (let i = 0; i < 8; i += 1) await h.logs.older('1');
  h.logs.close('1');
  assert.deepEqual(h.span(), [1_901, 2_000, 100]);
  assert.equal(h.log().more, true);
});

test('the address of a message is a room and a number that the server can count', () => {
  assert.deepEqual(parseRoute('/t/5/app/talk/12/345'), { page: 'talk', room: '12', seq: 345 });
  assert.deepEqual(parseRoute('/talk/12'), { page: 'talk', room: '12', seq: null });
  for (const bad of ['/talk/12/0', '/talk/12/x', '/talk/12/5/6', '/talk/12/4294967296', '/talk/12/-1', '/talk/x/1', '/members/12/5'])
    assert.deepEqual(parseRoute(bad), { page: 'missing' }, bad);
});

test('a room opens where one left off: in the newest page, in a stretch about it, or in what is held already', async () => {
  const h = house(300);
  await h.logs.enter('1', 280, 300);
  assert.deepEqual([h.asked.at(-1), h.log().target, h.span()], [{ limit: 50 }, TO_UNREAD, [251, 300, 50]]);
  h.logs.reached('1');
  await h.logs.enter('1', 260, 300);
  assert.deepEqual([h.asked.length, h.log().target], [1, TO_UNREAD], 'it is held');
  await h.logs.enter('1', 100, 300);
  assert.deepEqual([h.asked.at(-1), h.log().target, h.log().newer], [{ around: 101, limit: 100 }, TO_UNREAD, true]);
  assert.ok(h.seqs().includes(100) && h.seqs().includes(101));
  await h.logs.enter('1', 100, 300);
  assert.equal(h.asked.length, 3, 'a stretch that is detached is asked for anew: what was told since may be missing');
});

test('where the part with what is unread cannot be had, the end is shown; what was kept is asked for anew', async () => {
  const h = house(300);
  const { ask } = h.logs.ports;
  h.logs.ports.ask = async (room, query) => {
    const answer = await ask(room, query);
    if (query.around) throw new Error('away');
    return answer;
  };
  await h.logs.enter('1', 100, 300);
  assert.deepEqual([h.asked, h.log().status, h.span()], [[{ around: 101, limit: 100 }, { limit: 50 }], 'ready', [251, 300, 50]]);
  assert.equal(h.log().target, TO_UNREAD);
  h.hidden.add(300);
  await h.logs.again('1');
  assert.deepEqual(h.span(), [250, 299, 50]);
  await h.logs.again('2');
  assert.equal(h.asked.length, 3, 'nobody looks at that room');
});
