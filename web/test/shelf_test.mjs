// What is kept of talk for reading without a network, and what is not.
import './browser.mjs';
import { mock } from 'node:test';
import { assert, test } from '../../test/lib/test.mjs';
import { Shelf } from '../src/talk/shelf.ts';
import { sorted } from '../src/talk/state.ts';

const log = (n, more = {}) => ({ status: 'ready', messages: Array.from({ length: n }, (_, i) => ({ seq: i + 1, text: `m${i + 1}` })), more: false, newer: false, ...more });

/** A vault in memory; what lies in it is what JSON carries. */
function desk(state = {}) {
  const d = { rows: new Map(), state: { rooms: [], folders: [], members: new Map(), logs: new Map(), keywords: [], hits: new Map(), here: new Map(), pos: 1, at: 5, ...state } };
  const vault = {
    get: async (name) => (d.rows.has(name) ? JSON.parse(d.rows.get(name)) : undefined),
    put: async (name, value) => void d.rows.set(name, JSON.stringify(value)),
    remove: async (name) => void d.rows.delete(name),
    names: async (prefix) => [...d.rows.keys()].filter((n) => n.startsWith(prefix)),
  };
  d.shelf = new Shelf(vault, () => d.state);
  d.becomes = (part) => {
    const before = d.state;
    d.state = { ...before, ...part };
    d.shelf.changed(before, d.state);
  };
  return d;
}

test('the list, its folders and the names are kept; the own words, their finds and who is here are not', async () => {
  const d = desk();
  assert.equal(await d.shelf.read(), null, 'nothing was kept yet');
  d.becomes({ rooms: [{ id: '1', name: '大船店' }], members: new Map([['8', { id: '8', family: '柳' }]]) });
  d.becomes({ folders: [{ id: '3', name: '店舗' }], keywords: [{ word: '冷蔵庫' }], hits: new Map([['1', [4]]]), here: new Map([['8', 'on']]) });
  await d.shelf.keep();
  assert.deepEqual(await d.shelf.read(), {
    rooms: [{ id: '1', name: '大船店' }], folders: [{ id: '3', name: '店舗' }], members: [{ id: '8', family: '柳' }], pos: 1, at: 5,
  });
  assert.deepEqual([...d.rows.keys()].sort(), ['members', 'rooms']);
  for (const word of ['冷蔵庫', '"on"']) assert.ok(![...d.rows.values()].some((row) => row.includes(word)), word);
});

test('of a room the last fifty are kept, the newest first; a part further up is not, and what is not true any more goes', async () => {
  const d = desk();
  d.becomes({ logs: new Map([['1', log(60)], ['2', log(10, { newer: true })], ['3', log(0, { status: 'loading' })]]) });
  await d.shelf.keep();
  const page = await d.shelf.page('1');
  assert.deepEqual([page.messages.length, page.messages[0].seq, page.messages.at(-1).seq, page.more], [50, 60, 11, true]);
  assert.deepEqual([await d.shelf.page('2'), await d.shelf.page('3')], [null, null]);
  d.becomes({ logs: new Map([['4', log(3)]]) });
  await d.shelf.keep();
  assert.equal((await d.shelf.page('4')).more, false);
  await d.shelf.dropUnseen();
  assert.deepEqual([...d.rows.keys()], ['log-4'], 'only what is shown is known to be true');
  d.becomes({ logs: new Map([['4', log(4)]]) });
  await d.shelf.drop('4');
  await d.shelf.keep();
  assert.deepEqual([...d.rows.keys()], [], 'what was about to be kept is not');
});

test('while older messages come and go, what is kept of the room is not written again', async () => {
  const d = desk();
  const whole = log(200);
  d.becomes({ logs: new Map([['1', { ...whole, messages: whole.messages.slice(-100) }]]) });
  await d.shelf.keep();
  d.rows.clear();
  d.becomes({ logs: new Map([['1', { ...whole, older: 'loading', messages: whole.messages.slice(-100) }]]) });
  d.becomes({ logs: new Map([['1', whole]]) });
  await d.shelf.keep();
  assert.deepEqual([...d.rows.keys()], []);
  const changed = whole.messages.map((m) => (m.seq === 170 ? { ...m, text: 'another' } : m));
  d.becomes({ logs: new Map([['1', { ...whole, messages: changed }]]) });
  await d.shelf.keep();
  assert.equal((await d.shelf.page('1')).messages.find((m) => m.seq === 170).text, 'another');
  d.becomes({ logs: new Map([['1', { ...whole, messages: changed.slice(0, -1) }]]) });
  await d.shelf.keep();
  assert.equal((await d.shelf.page('1')).messages[0].seq, 199, 'the last one was hidden');
});

test('a hundred rooms are kept, those with the newest messages', async () => {
  const rooms = Array.from({ length: 103 }, (_, i) => ({ id: String(i + 1) }));
  const d = desk({ rooms });
  d.becomes({ logs: new Map(rooms.map((r) => [r.id, log(1)])) });
  await d.shelf.keep();
  assert.equal(d.rows.size, 100);
  assert.deepEqual(['1', '100', '101', '103'].map((id) => d.rows.has(`log-${id}`)), [true, true, false, false]);
});

test('what changes in a moment is written once, half a second later', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const d = desk();
    let kept = 0;
    d.shelf.keep = async () => { kept += 1; };
    d.becomes({ rooms: [{ id: '1' }] });
    d.becomes({ folders: [{ id: '3', name: '店舗' }] });
    mock.timers.tick(499);
    assert.equal(kept, 0);
    mock.timers.tick(1);
    assert.equal(kept, 1);
  } finally {
    mock.timers.reset();
  }
});

test('the pinned rooms stand first, then those with the newest message', () => {
  const room = (id, sent, pinned = false) => ({ id, pinned, last: sent ? { sent } : null });
  const rooms = [room('1', '2026-11-01'), room('2', null), room('3', '2026-11-03'), room('4', '2026-10-01', true)];
  assert.deepEqual(sorted(rooms).map((r) => r.id), ['4', '3', '1', '2']);
  assert.deepEqual(rooms.map((r) => r.id), ['1', '2', '3', '4'], 'what was given stays');
});
