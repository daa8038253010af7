// What a browser says of being in use, and whom it names; on a clock of the test.
import './browser.mjs';
import { mock } from 'node:test';
import { after, assert, before, test } from '../../test/lib/test.mjs';
import { Here } from '../src/talk/here.ts';

before(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_790_000_000_000 }));
after(() => mock.timers.reset());

const settled = async () => { for (let i = 0; i < 5; i++) await null; };

function client(answers = []) {
  const asked = [];
  let now = new Map();
  const here = new Here((op, body) => {
    asked.push([op, body]);
    return Promise.resolve(op === 'member.watch' ? { here: answers.shift() ?? [] } : {});
  }, (states) => { now = states; });
  return { here, asked, states: () => [...now] };
}

test('whom the screen shows is named at once and once, and no longer when nothing shows it', async () => {
  const { here, asked, states } = client([[{ member: '1', state: 'on' }]]);
  here.connection(true);
  asked.length = 0;
  const [one, again, two] = [here.watch('1'), here.watch('1'), here.watch('2')];
  mock.timers.tick(200);
  await settled();
  assert.deepEqual(asked, [['member.watch', { members: ['1', '2'] }]]);
  assert.deepEqual(states(), [['1', 'on']]);
  one();
  mock.timers.tick(200);
  assert.equal(asked.length, 1, 'another place still shows it');
  here.told({ member: '2', state: 'away' });
  here.told({ member: '3', state: 'on' });
  assert.deepEqual(states(), [['1', 'on'], ['2', 'away']], 'of others nothing is kept');
  here.told({ member: '2', state: 'gone' });
  assert.deepEqual(states(), [['1', 'on']]);
  again();
  two();
  mock.timers.tick(200);
  await settled();
  assert.deepEqual(asked.at(-1), ['member.watch', { members: [] }]);
  for (let i = 0; i < 150; i++) here.watch(`${i}`);
  mock.timers.tick(200);
  assert.equal(asked.at(-1)[1].members.length, 100, 'as many as the server takes');
  here.stop();
});

test('nobody touches anything for five minutes: away, until somebody does', () => {
  const { here, asked } = client();
  here.start();
  here.connection(true);
  assert.deepEqual(asked.filter(([op]) => op === 'me.here'), [['me.here', { away: false }]]);
  mock.timers.tick(4 * 60_000);
  window.dispatchEvent(new Event('keydown'));
  mock.timers.tick(4 * 60_000);
  assert.equal(asked.filter(([op]) => op === 'me.here').length, 1);
  mock.timers.tick(75_000);
  assert.deepEqual(asked.at(-1), ['me.here', { away: true }]);
  window.dispatchEvent(new Event('pointerdown'));
  assert.deepEqual(asked.at(-1), ['me.here', { away: false }]);
  here.stop();
  mock.timers.tick(20 * 60_000);
  assert.deepEqual(asked.at(-1), ['me.here', { away: false }], 'nobody looks any more');
});

test('a new connection is told all anew; a short loss changes nothing on the screen, a long one empties it', async () => {
  const { here, asked, states } = client([[{ member: '1', state: 'on' }], [{ member: '1', state: 'away' }]]);
  here.watch('1');
  mock.timers.tick(200);
  assert.deepEqual(asked, [], 'nothing is sent without a connection');
  here.connection(true);
  await settled();
  assert.deepEqual(asked, [['me.here', { away: false }], ['member.watch', { members: ['1'] }]]);
  here.connection(false);
  mock.timers.tick(9_000);
  assert.deepEqual(states(), [['1', 'on']]);
  here.connection(true);
  await settled();
  assert.equal(asked.length, 4);
  assert.deepEqual(states(), [['1', 'away']]);
  here.connection(false);
  mock.timers.tick(10_000);
  assert.deepEqual(states(), []);
  here.stop();
});
