// What is written and not sent: saved and shared once writing rests, and never over what the others do not know.
import './browser.mjs';
import { mock } from 'node:test';
import { assert, test } from '../../test/lib/test.mjs';
import { Drafts } from '../src/talk/drafts.ts';

function desk() {
  const d = { saved: [], shared: [], states: [] };
  d.drafts = new Drafts({
    save: (room, text) => d.saved.push([room, text]), share: (room, text) => d.shared.push([room, text]), changed: (all) => d.states.push(new Map(all)),
  });
  return d;
}
const timed = (f) => () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    f();
  } finally {
    mock.timers.reset();
  }
};

test('a draft is kept half a second after the last key and shared two seconds after it; an emptied one at once', timed(() => {
  const d = desk();
  d.drafts.set('1', 'お');
  mock.timers.tick(400);
  d.drafts.set('1', 'おは');
  mock.timers.tick(499);
  assert.deepEqual([d.saved, d.shared], [[], []]);
  mock.timers.tick(1);
  assert.deepEqual([d.saved, d.shared], [[['1', 'おは']], []]);
  mock.timers.tick(1_500);
  assert.deepEqual(d.shared, [['1', 'おは']]);
  d.drafts.set('1', '');
  mock.timers.tick(0);
  assert.deepEqual([d.saved.at(-1), d.shared.at(-1), d.drafts.get('1')], [['1', ''], ['1', ''], '']);
}));

test('a page that goes keeps and shares what waits; an account that is logged out keeps nothing', timed(() => {
  const d = desk();
  d.drafts.set('1', '途中');
  d.drafts.flush();
  assert.deepEqual([d.saved, d.shared], [[['1', '途中']], [['1', '途中']]]);
  d.drafts.set('1', '途中です');
  d.drafts.drop();
  mock.timers.tick(10_000);
  d.drafts.flush();
  assert.deepEqual([d.saved.length, d.shared.length], [1, 1]);
}));

test('what another device wrote is taken where nothing unshared stands', timed(() => {
  const d = desk();
  d.drafts.elsewhere('1', '電話で');
  assert.equal(d.drafts.get('1'), '電話で');
  d.drafts.elsewhere('1', '');
  assert.equal(d.drafts.get('1'), '', 'sent there: gone here');
  d.drafts.set('1', '机で');
  d.drafts.elsewhere('1', '電話で');
  assert.equal(d.drafts.get('1'), '机で', 'the others do not know it yet');
  mock.timers.tick(2_000);
  d.drafts.elsewhere('1', '電話で');
  assert.equal(d.drafts.get('1'), '電話で');
  d.drafts.merge([{ room: '2', text: '二' }, { room: '9', text: '知らない部屋' }], (room) => room === '2');
  assert.deepEqual([d.drafts.get('2'), d.drafts.get('9')], ['二', '']);
}));

test('a text that is too long stays on this device; what was written while the vault opened stays', timed(() => {
  const d = desk();
  d.drafts.set('1', 'あ'.repeat(10_001));
  mock.timers.tick(5_000);
  assert.deepEqual([d.saved.length, d.shared], [1, []]);
  d.drafts.set('2', '新しい');
  d.drafts.restore(new Map([['2', '古い'], ['3', '三']]));
  assert.deepEqual([d.drafts.get('2'), d.drafts.get('3')], ['新しい', '三']);
}));
