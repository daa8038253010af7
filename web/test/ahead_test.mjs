// What a page asks for before its screens are there: which answers, each used once, and none that is refused or too old.
import './browser.mjs';
import { mock } from 'node:test';
import { assert, test } from '../../test/lib/test.mjs';

mock.timers.enable({ apis: ['setTimeout'] });
const at = (pathname) => { window.location = new URL(`https://engawa.test${pathname}`); };
const { askAhead, firstCalls } = await import('../src/base/ahead.ts');
const { callPlainly } = await import('../src/base/api.ts');

/** Every request that leaves, with an answer by its path. */
async function watched(answers, work) {
  const real = globalThis.fetch;
  const left = [];
  globalThis.fetch = async (url, { method = 'GET' } = {}) => {
    left.push(`${method} ${url}`);
    const answer = answers(url);
    if (answer === null) throw new TypeError('no network');
    return new Response(JSON.stringify(answer.body ?? {}), { status: answer.status ?? 200 });
  };
  try {
    await work(left);
  } finally {
    globalThis.fetch = real;
  }
}
const known = (tenant) => localStorage.setItem('engawa.prefs', JSON.stringify({ accounts: [{ tenant, login: 'a', workgroup: 'b' }] }));

test('an address tells what its screens begin with', () => {
  const of = (path, here = null) => { const c = firstCalls(path, here); return c && [c.tenant, c.history]; };
  assert.deepEqual(of('/t/7/app'), ['7', null]);
  assert.deepEqual(of('/t/7/app/talk'), ['7', null]);
  assert.deepEqual(of('/t/7/app/talk/5', '9'), ['7', '/rooms/5/messages?limit=50']);
  assert.deepEqual(of('/t/7/app/talk/5/12'), ['7', '/rooms/5/messages?around=12&limit=100']);
  assert.deepEqual(of('/talk/5', '9'), ['9', '/rooms/5/messages?limit=50']);
  assert.deepEqual(of('/', '9'), ['9', null]);
  for (const path of ['/', '/login', '/t/7/setup', '/t/7/app/console', '/t/7/app/talk/x', '/t/7/app/talk/5/0', '/t/7/app/settings']) assert.equal(of(path), null, path);
});

test('what was asked for ahead answers one call; after that the server is asked again', async () => {
  known('7');
  at('/t/7/app/talk/5');
  await watched((url) => ({ body: { from: url } }), async (left) => {
    askAhead();
    const page = () => callPlainly('7', 'talk.history', { params: { room: '5' }, query: { limit: 50 } });
    assert.equal((await callPlainly('7', 'room.list')).from, '/t/7/rooms');
    assert.equal((await page()).from, '/t/7/rooms/5/messages?limit=50');
    assert.deepEqual(left, ['GET /t/7/me', 'GET /t/7/rooms', 'GET /t/7/members?limit=1000', 'GET /t/7/rooms/5/messages?limit=50'], 'the messages after the list');
    await page();
    assert.equal(left.length, 5);
  });
});

test('nothing is asked for an account that this browser does not know, and what changes something makes old what is known', async () => {
  known('8');
  await watched(() => ({}), async (left) => {
    askAhead();
    assert.deepEqual(left, []);
    known('7');
    askAhead();
    await callPlainly('7', 'session.close');
    await callPlainly('7', 'me.read');
    assert.equal(left.filter((l) => l === 'GET /t/7/me').length, 2);
  });
});

test('what nobody has asked for after ten seconds is too old', async () => {
  await watched(() => ({}), async (left) => {
    askAhead();
    mock.timers.tick(10_000);
    await callPlainly('7', 'me.read');
    assert.equal(left.filter((l) => l === 'GET /t/7/me').length, 2);
  });
});

test('what is refused is asked for again by whoever needs it; without a network the call ends at once', async () => {
  let refused = true;
  await watched(() => (refused ? { status: 401 } : { body: { id: '1' } }), async () => {
    askAhead();
    await new Promise(setImmediate);
    refused = false;
    assert.equal((await callPlainly('7', 'me.read')).id, '1');
  });
  await watched(() => null, async (left) => {
    askAhead();
    await assert.rejects(callPlainly('7', 'me.read'), (e) => e.code === 'offline');
    assert.equal(left.filter((l) => l.endsWith('/me')).length, 1);
    await assert.rejects(callPlainly('7', 'room.list'), (e) => e.code === 'offline');
    assert.equal(left.filter((l) => l.endsWith('/rooms')).length, 2, 'what failed meanwhile is tried again');
  });
});
