// The log of a room: runs, day chips, order, links; and the small pure parts of routes and connections.
import './browser.mjs';
import { assert, proves, test } from '../../test/lib/test.mjs';
import { buildRows, holds, linkPieces, mergeMessages } from '../src/talk/rows.ts';

process.env.TZ = 'Asia/Tokyo';
const message = (seq, author, time, more = {}) => ({
  id: String(seq), room: '1', seq, author, author_name: '', kind: 'text', text: `m${seq}`, sent: `2026-11-25T${time}Z`, key: '', ...more,
});

test('same sender within five minutes is one run', () => {
  const rows = buildRows([
    message(1, 'a', '01:00:00.000'), message(2, 'a', '01:00:30.000'), message(3, 'a', '01:04:00.000'), message(4, 'a', '01:09:00.000'),
    message(5, 'b', '01:09:10.000'), message(6, '0', '01:09:20.000', { kind: 'system' }), message(7, 'b', '01:09:30.000'),
    message(8, 'b', '15:00:10.000'),
  ], [], 'a');
  assert.deepEqual(rows.map((r) => r.kind),
    ['day', 'message', 'message', 'message', 'message', 'message', 'system', 'message', 'day', 'message', 'end']);
  const bubbles = rows.filter((r) => r.kind === 'message');
  assert.deepEqual(bubbles.map((r) => r.first), [true, false, false, true, true, true, true]);
  assert.deepEqual(bubbles.map((r) => r.showTime), [false, true, true, true, true, true, true]);
  assert.deepEqual(bubbles.map((r) => r.mine), [true, true, true, true, false, false, false]);
});

test('what stands on screen stays as it was when older messages are put before it: one row each, no day above the unknown, no face taken away', () => {
  const all = [1, 2, 3, 4].map((n) => message(n, 'b', `01:00:0${n}.000`));
  const shape = (rows) => rows.filter((r) => r.kind !== 'end').map((r) => (r.kind === 'message' ? `${r.message.seq}${r.first ? '!' : ''}` : r.kind));
  assert.deepEqual(shape(buildRows(all.slice(2), [], 'a', null, { more: true, seams: new Set() })), ['3!', '4']);
  assert.deepEqual(shape(buildRows(all.slice(1), [], 'a', null, { more: true, seams: new Set([3]) })), ['2!', '3!', '4']);
  assert.deepEqual(shape(buildRows(all, [], 'a', null, { more: false, seams: new Set([3, 2]) })), ['day', '1!', '2!', '3!', '4']);
});

test('replies of one thread that follow each other stand as one line, which is where each of them is found', () => {
  const reply = (seq, thread, time = `01:00:0${seq}.000`) => message(seq, 'b', time, { thread });
  const shape = (rows) => rows.filter((r) => r.kind !== 'end').map((r) => (r.kind === 'threaded' ? `${r.message.thread}:${r.from}-${r.message.seq} ${r.count}` : r.kind));
  const log = [message(1, 'b', '01:00:01.000'), reply(2, 1), reply(3, 1), reply(4, 1), message(5, 'b', '01:00:05.000'), reply(6, 1), reply(7, 5), reply(8, 5, '15:00:00.000')];
  const rows = buildRows(log, [], 'a');
  assert.deepEqual(shape(rows), ['day', 'message', '1:2-4 3', 'message', '1:6-6 1', '5:7-7 1', 'day', '5:8-8 1']);
  for (const m of log) assert.equal(rows.filter((r) => holds(r, m.seq)).length, 1, `message ${m.seq} stands in one row`);
  assert.equal(rows.findIndex((r) => holds(r, 3)), 2);
  assert.deepEqual(shape(buildRows(log.slice(0, 4), [], 'a', { read: 2, last: 4 })), ['day', 'message', '1:2-2 1', 'unread', '1:3-4 2'], 'what is unread begins a line');
  assert.deepEqual(shape(buildRows(log.slice(1, 4), [], 'a', null, { more: true, seams: new Set([4]) })), ['1:2-3 2', '1:4-4 1'], 'what stood on screen stays');
});

test('imported names part runs, unsent messages come last', () => {
  const rows = buildRows([message(1, '0', '01:00:00.000', { author_name: 'A' }), message(2, '0', '01:00:01.000', { author_name: 'B' })],
    [{ key: 'k', room: '1', text: 't', at: 0, state: 'waiting', reason: '' }], 'a');
  assert.deepEqual(rows.map((r) => [r.kind, r.first ?? null]),
    [['day', null], ['message', true], ['message', true], ['pending', true], ['end', null]]);
  assert.deepEqual(buildRows([], [], 'a'), []);
});

test('messages are merged by their number: one of each, in the order of the server', () => {
  proves('TLK-02');
  const a = [message(3, 'a', '01:00:00.000'), message(4, 'a', '01:00:00.000')];
  assert.deepEqual(mergeMessages(a, [message(5, 'a', '01:00:00.000')]).map((m) => m.seq), [3, 4, 5]);
  assert.deepEqual(mergeMessages(a, [message(4, 'a', '01:00:00.000')]).map((m) => m.seq), [3, 4]);
  assert.deepEqual(mergeMessages(a, [message(4, 'a', '01:00:00.000'), message(2, 'a', '01:00:00.000'), message(1, 'a', '01:00:00.000')])
    .map((m) => m.seq), [1, 2, 3, 4]);
});

test('only http and https become links, and the text stays whole', () => {
  const table = [
    ['見て https://example.jp/a?b=1。', ['https://example.jp/a?b=1']],
    ['(http://example.jp/x)、次', ['http://example.jp/x']],
    ['javascript:alert(1) data:text/html,x <a href="https://e.jp">', ['https://e.jp']],
    ['https:// だけ', []],
    ['', []],
  ];
  for (const [text, links] of table) {
    const pieces = linkPieces(text);
    assert.equal(pieces.map((p) => p.text).join(''), text);
    assert.deepEqual(pieces.filter((p) => p.href).map((p) => p.href), links);
  }
});

test('pages are paths', async () => {
  const { parseRoute } = await import('../src/base/route.ts');
  const table = [
    ['/', { page: 'talk', room: null, seq: null }], ['/talk', { page: 'talk', room: null, seq: null }], ['/talk/12', { page: 'talk', room: '12', seq: null }],
    ['/talk/x', { page: 'missing' }], ['/talk/1/2', { page: 'talk', room: '1', seq: 2 }], ['/settings', { page: 'settings' }],
    ['/console', { page: 'console', menu: null, sub: [] }], ['/console/member-member', { page: 'console', menu: 'member-member', sub: [] }],
    ['/elsewhere', { page: 'missing' }], ['/members/7', { page: 'members', member: '7' }], ['/members/x', { page: 'missing' }],
    ['/t/12/app', { page: 'talk', room: null, seq: null }], ['/t/12/app/talk/3', { page: 'talk', room: '3', seq: null }], ['/t/12/apple', { page: 'missing' }],
  ];
  for (const [path, route] of table) assert.deepEqual(parseRoute(path), route, path);
});

test('an address of an account names its tenant', async () => {
  const { tenantOfPath } = await import('../src/base/route.ts');
  const table = [['/t/12/app', '12'], ['/t/12/app/talk/3', '12'], ['/talk/3', null], ['/t/x/app', null], ['/t/12/rooms', null], ['/t/12/apple', null]];
  for (const [path, tenant] of table) assert.equal(tenantOfPath(path), tenant, path);
});

test('the pause before a new connection grows, is scattered and has an end', async () => {
  const { pauseBefore } = await import('../src/base/socket.ts');
  assert.deepEqual([0, 1, 2].map((n) => pauseBefore(n, 1)), [500, 1000, 2000]);
  assert.equal(pauseBefore(3, 0), 2000);
  assert.equal(pauseBefore(50, 1), 30_000);
});

test('an Engawa ID has two parts', async () => {
  const { splitId } = await import('../src/account/sign_in.tsx');
  assert.deepEqual(splitId(' Morishita＠hiyodori '), { id: 'morishita', workgroup: 'hiyodori' });
  for (const wrong of ['', 'morishita', '@hiyodori', 'morishita@']) assert.equal(splitId(wrong), null, wrong);
});

test('an answer that is no error of ours is still a sentence', async () => {
  const { initLanguage } = await import('../src/base/i18n.ts');
  initLanguage();
  const { toError, opPath } = await import('../src/base/api.ts');
  const known = toError(404, { error: { code: 'not_found', message: 'm', ref: '7' } });
  assert.deepEqual([known.code, known.status, known.message, known.ref], ['not_found', 404, 'm', '7']);
  assert.equal(toError(502, null).code, 'internal');
  assert.equal(toError(503, '<html>').code, 'retry');
  assert.ok(toError(500, { error: { code: 'made_up' } }).message.length > 5);
  assert.equal(opPath('talk.history', { params: { room: '1/2' }, query: { before: 3, limit: undefined } }), '/rooms/1%2F2/messages?before=3');
});

test('a browser is called by its name and system', async () => {
  const { agentName } = await import('../src/account/agent.ts');
  const tail = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
  const table = [
    [`Mozilla/5.0 (X11; Linux x86_64) ${tail}`, 'Chrome · Linux'], [`Mozilla/5.0 (Windows NT 10.0) ${tail} Edg/156.0`, 'Edge · Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1', 'Safari · iPhone'],
    ['Mozilla/5.0 (Linux; Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0', 'Firefox · Android'],
    ['curl/8.0', 'curl/8.0'], ['', ''],
  ];
  for (const [agent, name] of table) assert.equal(agentName(agent), name);
});

test('what was unread at the opening begins at a line; it stays where it is', () => {
  const message = (seq, author) => ({ seq, author, author_name: '', kind: 'text', key: `k${seq}`, id: `${seq}`, sent: '2026-11-26T01:00:00.000Z', text: 'x' });
  const kinds = (unread, messages) => buildRows(messages, [], 'me', unread).map((r) => (r.kind === 'message' ? r.message.seq : r.kind)).join(' ');
  const all = [message(1, 'a'), message(2, 'a'), message(3, 'me'), message(4, 'a')];
  assert.equal(kinds({ read: 1, last: 2 }, all), 'day 1 unread 2 3 4 end');
  assert.equal(kinds({ read: 2, last: 4 }, all), 'day 1 2 3 unread 4 end');
  assert.equal(kinds({ read: 4, last: 4 }, all), 'day 1 2 3 4 end');
  assert.equal(kinds({ read: 2, last: 2 }, all), 'day 1 2 3 4 end', 'what comes after the opening is no line');
  assert.equal(kinds(null, all), 'day 1 2 3 4 end');
});

test('a stretch that begins below the first unread message does not say where the unread begins', () => {
  const all = [7, 8].map((seq) => message(seq, 'a', `01:00:0${seq}.000`));
  const lines = (read, more) => buildRows(all, [], 'me', { read, last: 8 }, { more, seams: new Set() }).filter((r) => r.kind === 'unread').length;
  assert.deepEqual([lines(3, true), lines(6, true), lines(3, false)], [0, 1, 1]);
});
