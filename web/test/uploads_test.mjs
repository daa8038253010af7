// Uploads: part after part from where the server says, again after a lost line, in order, and gone when taken away.
import './browser.mjs';
import fs from 'node:fs';
import { assert, test, until } from '../../test/lib/test.mjs';
import { ApiError } from '../src/base/api.ts';
import { SHOWN, sizeText } from '../src/talk/file_kinds.ts';
import { sumOf, Uploads } from '../src/talk/uploads.ts';

const PART = 4;

/** A server that keeps what it gets; `fails` are errors of the next calls, in order. */
function server(keeper = null) {
  const kept = new Map(), calls = [], fails = [], pauses = [];
  let ids = 0;
  const fault = (name) => {
    calls.push(name);
    const e = fails.shift();
    if (e) throw e;
  };
  const answer = (id) => {
    const u = kept.get(id);
    return { id, name: u.name, stored: u.bytes.length, part_max: PART, ready: u.bytes.length === u.size };
  };
  const ports = {
    begin: async (room, { name, size }) => {
      fault('begin');
      const id = String(ids += 1);
      kept.set(id, { room, name, size, bytes: '' });
      return answer(id);
    },
    part: async (id, at, bytes) => {
      const u = kept.get(id), text = await bytes.text();
      if (at !== u.bytes.length) throw new ApiError('conflict', 409);
      u.bytes += text;
      fault('part');
      return answer(id);
    },
    ask: async (id) => {
      fault('ask');
      if (!kept.has(id)) throw new ApiError('not_found', 404);
      return answer(id);
    },
    cancel: async (id) => kept.delete(id),
    sum: async () => 'sum',
    pause: async (s) => void pauses.push(s),
  };
  return { uploads: new Uploads(ports, Promise.resolve(keeper)), kept, calls, fails, pauses };
}

const ready = (s, room, n) => until(() => s.uploads.of(room).filter((u) => u.state === 'ready').length === n, `${n} whole`);

test('files go part after part, one after the other, and leave with the message', async () => {
  const s = server();
  s.uploads.add('7', [new File(['0123456789'], 'a.txt'), new File(['xyz'], 'b.txt'), new File([], 'none.txt'), new File(['1'], 'd.txt')]);
  s.uploads.add('8', [new File(['other'], 'c.txt')]);
  await ready(s, '7', 3);
  await ready(s, '8', 1);
  assert.deepEqual([...s.kept.values()].filter((u) => u.room === '7').map((u) => u.bytes), ['0123456789', 'xyz', '1']);
  assert.deepEqual(s.uploads.take('7').map((u) => u.name), ['a.txt', 'b.txt', 'd.txt']);
  assert.deepEqual(s.uploads.of('7').map((u) => [u.name, u.state]), [['none.txt', 'failed']], 'an empty one is not sent');
  assert.equal(s.uploads.of('8').length, 1);
});

test('after a lost answer it goes on where the server is: no byte twice, none missing', async () => {
  const s = server();
  s.fails.push(null, new ApiError('offline', 0), null, new ApiError('too_many', 429, '', '', 9));
  s.uploads.add('7', [new File(['0123456789'], 'a.txt')]);
  await ready(s, '7', 1);
  assert.equal([...s.kept.values()][0].bytes, '0123456789');
  assert.deepEqual(s.pauses, [3, 9], 'as long as the server asks for');
  assert.deepEqual(s.calls, ['begin', 'part', 'ask', 'part', 'ask', 'part']);
});

test('a refusal says why, the others go on, and it can be tried again', async () => {
  const s = server();
  s.fails.push(new ApiError('forbidden_file', 403, 'この種類のファイルは送れません。'));
  s.uploads.add('7', [new File(['0123'], 'a.exe'), new File(['0123'], 'b.txt')]);
  await ready(s, '7', 1);
  const [refused] = s.uploads.of('7');
  assert.deepEqual([refused.state, refused.reason], ['failed', 'この種類のファイルは送れません。']);
  s.uploads.again(refused.key);
  await ready(s, '7', 2);
});

/** What was left lying: a file of which the server has `stored` under the name `id`. */
function keeper(...rows) {
  const k = {
    kept: [], noted: [], forgotten: [], letGone: 0,
    keep: (place, name) => { k.kept.push([place, name]); return `k${k.kept.length}`; },
    note: async (key, known) => void k.noted.push([key, known]),
    forget: async (key) => void k.forgotten.push(key),
    left: async () => rows.map(([key, id, text, place = '7']) => ({ row: { key, place, name: `${key}.txt`, size: text.length, sha256: 'sum', id, at: 0 }, bytes: new Blob([text]) })),
    letGo: () => { k.letGone += 1; },
  };
  return k;
}

test('what an earlier page left goes on from the last part that the server has, also where the server has forgotten it', async () => {
  const k = keeper(['old', '50', '0123456789'], ['lost', '99', 'abcdef'], ['new', '', 'xyz', '7/5']);
  const s = server(k);
  s.kept.set('50', { room: '7', name: 'old.txt', size: 10, bytes: '01234567' });
  await ready(s, '7', 2);
  await ready(s, '7/5', 1);
  assert.deepEqual(s.uploads.of('7').map((u) => [u.name, u.earlier]), [['old.txt', true], ['lost.txt', true]]);
  assert.equal(s.kept.get('50').bytes, '0123456789');
  assert.deepEqual([...s.kept.values()].map((u) => [u.room, u.bytes]).sort(), [['7', '0123456789'], ['7', 'abcdef'], ['7', 'xyz']]);
  assert.equal(s.calls.filter((c) => c === 'part').length, 1 + 2 + 1, 'no part twice');
  assert.ok(k.noted.some(([key, known]) => key === 'lost' && known.id === s.uploads.of('7')[1].id), 'its new name is kept');
  assert.deepEqual(k.forgotten, []);
  s.uploads.take('7');
  s.uploads.remove(s.uploads.of('7/5')[0].key);
  await until(() => k.forgotten.length === 3, 'nothing is kept of what was sent or taken away');
  assert.deepEqual(k.forgotten.sort(), ['lost', 'new', 'old']);
});

test('what is chosen is kept, and no longer when it is refused; an account that is left lets its files go', async () => {
  const k = keeper();
  const s = server(k);
  s.fails.push(new ApiError('forbidden_file', 403, 'no'));
  s.uploads.add('7', [new File(['0123'], 'a.exe'), new File(['0123'], 'b.txt'), new File([], 'none.txt')]);
  await ready(s, '7', 1);
  assert.deepEqual(k.kept, [['7', 'a.exe'], ['7', 'b.txt']], 'an empty one is not');
  await until(() => k.forgotten.length === 1, 'the refused one is forgotten');
  assert.deepEqual(k.forgotten, ['k1']);
  s.uploads.stop();
  await until(() => k.letGone === 1, 'they are let go');
  assert.deepEqual(k.forgotten, ['k1'], 'and stay kept');
});

test('a server that forgets again and again is not asked for ever', async () => {
  const s = server(keeper(['old', '99', '0123']));
  const part = s.calls;
  s.fails.push(null, null, new ApiError('not_found', 404), null, new ApiError('not_found', 404), null, new ApiError('not_found', 404));
  await until(() => s.uploads.of('7')[0]?.state === 'failed', 'it to be said');
  assert.ok(part.length < 12);
});

test('what is taken away is taken away on the server, too', async () => {
  const s = server();
  s.uploads.add('7', [new File(['0123456789'], 'a.txt')]);
  await until(() => s.uploads.of('7')[0].stored > 0, 'a part is there');
  s.uploads.remove(s.uploads.of('7')[0].key);
  await until(() => s.kept.size === 0, 'the server has none of it');
  assert.deepEqual(s.uploads.of('7'), []);
});

test('the sum of a large file is the sum of the whole', async () => {
  const bytes = new Uint8Array(33 * 1024 * 1024).map((_, i) => i * 31);
  const whole = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  assert.equal(await sumOf(new Blob([bytes]), () => false), whole);
  assert.equal(await sumOf(new Blob(['abc']), () => false), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('the client shows in place what the server shows in place', () => {
  const table = fs.readFileSync(new URL('../../src/svc/file/file_type.c', import.meta.url), 'utf8');
  const shown = new Set([...table.matchAll(/\{"([a-z]+\/[^"]+)", true, /g)].map(([, type]) => type));
  assert.ok(shown.size > 5, 'the rows of the table');
  assert.deepEqual([...SHOWN].sort(), [...shown].sort());
});

test('sizes are read at a glance', () => {
  assert.deepEqual([0, 1, 999, 1000, 1536, 10_240, 1_048_576, 5_368_709_120].map(sizeText), ['0 B', '1 B', '999 B', '1 KB', '1.5 KB', '10 KB', '1 MB', '5 GB']);
});
