// What happens to a message after it was written: changed, taken back, hidden, reacted to, voted on, pinned, forwarded,
// answered in a thread. What was taken back is read by nobody any more, by no operation.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, ben, cho, room;
const HOUR = 3_600_000;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho')];
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

const post = async (p, r, body) => {
    const a = await p.post(`/rooms/${r}/messages`, { key: newKey(), ...body });
    assert.equal(a.status, 200, JSON.stringify(a.json));
    return a.json;
};
const refused = (a, status, code, field) => {
    assert.equal(a.status, status, JSON.stringify(a.json));
    assert.equal(a.json.error.code, code);
    if (field)
        assert.equal(a.json.error.field, field);
};
const idOf = (r, seq) => String((BigInt(r) << 32n) + BigInt(seq));
const history = async (p, r, query = 'limit=100') => (await p.get(`/rooms/${r}/messages?${query}`)).json;
const sync = async (p, since) => (await p.get(`/sync?since=${since}`)).json;
const pos = async (p) => (await p.get('/rooms')).json.pos;

/** Everything a member can read, as one text. */
async function everything(p, since) {
    const rooms = (await p.get('/rooms')).json.rooms;
    const parts = [rooms, await sync(p, since)];
    for (const r of rooms) {
        const all = await history(p, r.id);
        parts.push(all, (await p.get(`/rooms/${r.id}`)).json, (await p.get(`/rooms/${r.id}/pins`)).json);
        for (const m of all.messages ?? [])
            parts.push((await p.get(`/messages/${m.id}`)).json, (await p.get(`/messages/${m.id}/thread`)).json,
                await history(p, r.id, `around=${m.seq}&limit=5`));
    }
    return JSON.stringify(parts);
}

test('an own text can be changed: the others see it at once, as changed', async () => {
    proves('TLK-04');
    const since = await pos(ben);
    const ws = await ben.socket();
    const m = await post(ann, room, { text: '九時から' });
    const edited = await ann.put(`/messages/${m.id}`, { text: '十時から' });
    assert.equal(edited.status, 200);
    assert.equal(edited.json.text, '十時から');
    assert.ok(edited.json.edited);
    assert.equal(edited.json.seq, m.seq);
    const told = await ws.event('talk.message.changed', (e) => e.data.id === m.id);
    assert.deepEqual(told.data, edited.json);
    ws.end();
    assert.doesNotMatch(await everything(ben, since), /九時から/);
    // The same key is still the same message: it answers what it is now.
    const again = await ann.post(`/rooms/${room}/messages`, { key: m.key, text: '九時から' });
    assert.equal(again.status, 200);
    assert.equal(again.json.text, '十時から');
    refused(await ann.post(`/rooms/${room}/messages`, { key: m.key, text: '十時から' }), 409, 'key_reused');
});

test('what was taken back is read by nobody, by no operation', async () => {
    proves('TLK-04', 'B6.05');
    const since = await pos(ben);
    const secret = 'かくしごと';
    const root = await post(ann, room, { text: '話題' });
    const m = await post(ann, room, { text: `${secret} @全員`, thread: root.seq, mentions: [{ kind: 'all', at: 6, length: 3 }] });
    await post(ben, room, { text: '見ました', reply: m.seq });
    assert.equal((await ben.put(`/messages/${m.id}/reactions`, { mark: '👀', on: true })).status, 200);
    assert.equal((await ben.put(`/messages/${m.id}/pin`, { on: true })).status, 200);
    assert.match(await everything(ben, since), new RegExp(secret));
    const ws = await ben.socket();
    const back = await ann.post(`/messages/${m.id}/take-back`);
    assert.equal(back.status, 200);
    const told = await ws.event('talk.message.changed', (e) => e.data.id === m.id);
    ws.end();
    assert.equal(told.data.gone, true);
    assert.equal(told.data.text, '');
    for (const field of ['content', 'reactions', 'pinned', 'votes', 'reply'])
        assert.equal(told.data[field], undefined, field);
    for (const p of [ann, ben])
        assert.doesNotMatch(await everything(p, since), new RegExp(secret));
    assert.equal((await ben.get(`/messages/${root.id}`)).json.replies, undefined);
    // Nothing more is done with it; its place and its key stay.
    refused(await ben.put(`/messages/${m.id}/reactions`, { mark: '👀', on: true }), 403, 'denied');
    refused(await ben.post(`/messages/${m.id}/forward`, { to: [{ room, key: newKey() }] }), 403, 'denied');
    refused(await ann.put(`/messages/${m.id}`, { text: 'また' }), 403, 'denied');
    const again = await ann.post(`/rooms/${room}/messages`,
        { key: m.key, text: `${secret} @全員`, thread: root.seq, mentions: [{ kind: 'all', at: 6, length: 3 }] });
    assert.equal(again.status, 200);
    assert.equal(again.json.gone, true);
    assert.equal(again.json.text, '');
    const rows = (await (await acme.admin()).audit()).filter((r) => r.object === m.id && r.result === 'ok').map((r) => r.act);
    assert.deepEqual(rows.sort(), ['talk.pin', 'talk.post', 'talk.react', 'talk.take_back']);
});

test('a repeat is answered by the message that stands, whatever changed since it was sent', async () => {
    proves('TLK-02');
    const r = (await ann.post('/rooms', { kind: 'several', name: '再送', members: [ben.id, cho.id] })).json.id;
    const quoted = await post(ben, r, { text: '元の話' });
    const body = { key: newKey(), text: '@cho はい', reply: quoted.seq, mentions: [{ kind: 'member', id: cho.id, at: 0, length: 4 }] };
    const first = await ann.post(`/rooms/${r}/messages`, body);
    assert.equal(first.status, 200, first.text);
    await ann.post(`/messages/${quoted.id}/hide`);
    await ann.post(`/rooms/${r}/remove`, { member: cho.id });
    const again = await ann.post(`/rooms/${r}/messages`, body);
    assert.equal(again.status, 200, again.text);
    assert.equal(again.json.id, first.json.id);
    refused(await ann.post(`/rooms/${r}/messages`, { ...body, text: '@cho いいえ' }), 409, 'key_reused');
    refused(await ann.post(`/rooms/${r}/messages`, { ...body, key: newKey() }), 400, 'invalid_value', 'mentions');
    // And a forwarded one, after its source was taken back.
    const source = await post(ben, r, { text: '転送される' });
    const to = [{ room, key: newKey() }];
    const once = await ann.post(`/messages/${source.id}/forward`, { to });
    assert.equal((await ben.post(`/messages/${source.id}/take-back`)).status, 200);
    const twice = await ann.post(`/messages/${source.id}/forward`, { to });
    assert.equal(twice.status, 200, twice.text);
    assert.deepEqual(twice.json, once.json);
    refused(await ann.post(`/messages/${source.id}/forward`, { to: [{ room: r, key: to[0].key }] }), 409, 'key_reused');
    refused(await ann.post(`/messages/${source.id}/forward`, { to: [{ room, key: newKey() }] }), 403, 'denied');
});

test('another\'s message is neither changed nor taken back, nor is what is no text changed', async () => {
    proves('B6.02');
    const m = await post(ann, room, { text: '私の' });
    const stamp = await post(ann, room, { kind: 'stamp', stamp: 'ryokai' });
    refused(await ben.put(`/messages/${m.id}`, { text: '君の' }), 403, 'denied');
    refused(await ben.post(`/messages/${m.id}/take-back`), 403, 'denied');
    refused(await ann.put(`/messages/${stamp.id}`, { text: '文' }), 403, 'denied');
    refused(await ann.put(`/messages/${m.id}`, { text: '' }), 400, 'invalid_value', 'text');
    assert.deepEqual((await ann.get(`/messages/${m.id}`)).json, m);
});

test('who cannot see a message can do nothing with it', async () => {
    proves('B6.03', 'B6.01');
    const m = await post(ann, room, { text: '間だけ' });
    const own = await acme.room('別', cho, ann);
    const calls = [['get', ''], ['put', '', { text: 'x' }], ['post', '/take-back'], ['post', '/hide'],
        ['put', '/reactions', { mark: '👍', on: true }], ['put', '/votes', { votes: [] }], ['post', '/close'], ['put', '/pin', { on: true }],
        ['post', '/forward', { to: [{ room: own, key: newKey() }] }], ['get', '/thread'], ['get', '/answers'], ['get', '/readers'], ['post', '/remind']];
    for (const [method, path, body] of calls)
        refused(await cho[method](`/messages/${m.id}${path}`, body), 404, 'not_found');
    refused(await cho.post(`/rooms/${own}/messages`, { key: newKey(), text: '返', reply: m.seq }), 404, 'not_found');
    refused(await cho.post(`/rooms/${own}/messages`, { key: newKey(), text: '続', thread: m.seq }), 404, 'not_found');
    refused(await cho.post(`/rooms/${room}/messages`, { key: newKey(), text: '外から' }), 404, 'not_found');
    for (const [method, path, body] of [['put', 'read', { seq: 1 }], ['put', 'open', { on: true }], ['post', 'typing'], ['get', 'pins'], ['get', 'messages']])
        refused(await cho[method](`/rooms/${room}/${path}`, body), 404, 'not_found');
    refused(await cho.get(`/search?q=${encodeURIComponent('間だけ')}&room=${room}`), 404, 'not_found');
    assert.deepEqual((await cho.get(`/search?q=${encodeURIComponent('間だけ')}`)).json.hits, []);
    // A message that Ann may see does not go where she is not.
    const other = await acme.room('他', cho, ben);
    refused(await ann.post(`/messages/${m.id}/forward`, { to: [{ room: own, key: newKey() }, { room: other, key: newKey() }] }), 404, 'not_found');
    assert.equal((await history(ann, own)).messages.filter((x) => x.text === '間だけ').length, 0);
    assert.deepEqual((await ann.get(`/messages/${m.id}`)).json, m);
});

test('a newcomer without the history sees nothing of it: no change, reaction, pin, thread or quote', async () => {
    proves('B6.04', 'B6.05');
    const r = await acme.room('続', ann, ben);
    const m = await post(ann, r, { text: '以前の話' });
    await acme.op('room.join', { room: r, member: cho.id });
    const since = await pos(cho);
    const [wc, wb] = [await cho.socket(), await ben.socket()];
    assert.equal((await ann.put(`/messages/${m.id}`, { text: '以前の話、直し' })).status, 200);
    assert.equal((await ben.put(`/messages/${m.id}/reactions`, { mark: '🙏', on: true })).status, 200);
    assert.equal((await ben.put(`/messages/${m.id}/pin`, { on: true })).status, 200);
    await post(ben, r, { text: 'そのとおり', reply: m.seq });
    await wb.event('talk.message.changed_for', (e) => e.data.id === m.id && e.data.pinned);
    const last = await post(ann, r, { text: 'これから' });
    await wc.event('talk.message.posted', (e) => e.data.id === last.id);
    assert.doesNotMatch(JSON.stringify(wc.seen), /以前の話/);
    wc.end();
    wb.end();
    assert.doesNotMatch(await everything(cho, since), /以前の話/);
    assert.match(await everything(ben, since), /以前の話、直し/);
    assert.deepEqual((await cho.get(`/search?q=${encodeURIComponent('以前の話')}`)).json.hits, []);
    assert.deepEqual((await ben.get(`/search?q=${encodeURIComponent('以前の話')}`)).json.hits.map((h) => h.message.id), [m.id]);
    refused(await cho.get(`/messages/${m.id}`), 404, 'not_found');
    assert.deepEqual((await history(cho, r, `around=${m.seq}`)).messages.map((x) => x.text), ['これから', 'そのとおり']);
});

test('what was told to a member itself of a message is not told any more when the member is out, nor when it is in again', async () => {
    proves('TLK-01');
    const r = (await ann.post('/rooms', { kind: 'several', name: '去る', members: [ben.id] })).json.id;
    const m = await post(ann, r, { text: '見積もりは三百万' });
    await ann.post(`/rooms/${r}/members`, { members: [cho.id] });
    const since = await pos(ben);
    assert.equal((await ann.put(`/messages/${m.id}`, { text: '見積もりは四百万' })).status, 200);
    const texts = async (p) => (await sync(p, since)).events.filter((e) => e.event.startsWith('talk.message')).map((e) => e.data.text);
    assert.deepEqual(await texts(ben), ['見積もりは四百万']);
    assert.equal((await ann.post(`/rooms/${r}/remove`, { member: ben.id })).status, 200);
    assert.deepEqual(await texts(ben), []);
    assert.doesNotMatch(await everything(ben, since), /四百万/);
    assert.equal((await ann.post(`/rooms/${r}/members`, { members: [ben.id] })).status, 200);
    assert.doesNotMatch((await texts(ben)).join(), /万/);
    assert.ok((await texts(ann)).includes('見積もりは四百万'), 'who stayed is told');
});

test('who deletes a message for oneself alone no longer sees it; the others do', async () => {
    const since = await pos(ben);
    const m = await post(ann, room, { text: 'じゃまな文' });
    const ws = await ben.socket();
    assert.equal((await ben.post(`/messages/${m.id}/hide`)).status, 200);
    const told = await ws.event('talk.message.hidden');
    assert.deepEqual(told.data, { room, seq: m.seq });
    ws.end();
    assert.doesNotMatch(await everything(ben, since), /じゃまな文/);
    refused(await ben.get(`/messages/${m.id}`), 404, 'not_found');
    assert.match(await everything(ann, since), /じゃまな文/);
});

test('reactions: who, in which order, and 20 kinds at most', async () => {
    proves('B6.07');
    const m = await post(ann, room, { text: 'どう?' });
    const react = (p, mark, on = true) => p.put(`/messages/${m.id}/reactions`, { mark, on });
    assert.equal((await react(ben, '👍')).status, 200);
    assert.deepEqual((await react(ann, '👍')).json.reactions, [{ mark: '👍', n: 2, members: [ben.id, ann.id] }]);
    assert.deepEqual((await react(ann, '👍')).json.reactions, [{ mark: '👍', n: 2, members: [ben.id, ann.id] }]);
    assert.equal((await react(ben, '👍', false)).json.reactions.length, 1);
    assert.equal((await react(ann, '👍', false)).json.reactions, undefined);
    refused(await react(ann, 'x'), 400, 'invalid_value', 'mark');
    assert.deepEqual((await ben.get(`/messages/${m.id}/answers`)).json, { reactions: [], votes: [] });
    const marks = '👍 🙇 👏 😊 ✅ 🙏 😂 😄 😍 🤔 😮 😢 😭 😅 😴 😷 🙌 👌 👎 💪 👀'.split(' ');
    for (const mark of marks.slice(0, 20))
        assert.equal((await react(ann, mark)).status, 200);
    refused(await react(ann, marks[20]), 400, 'invalid_value', 'mark');
    assert.equal((await react(ben, marks[3])).status, 200);
});

test('limits of what a message holds: the limit is right, one more is not', async () => {
    proves('B6.07');
    const many = (n) => Array.from({ length: n }, (_, i) => ({ kind: 'member', id: ben.id, at: i, length: 1 }));
    const choices = (n) => Array.from({ length: n }, (_, i) => ({ text: `案${i}` }));
    const tries = [
        ['mentions', (n) => ({ text: 'あ'.repeat(60), mentions: many(n) }), 50],
        ['choices', (n) => ({ kind: 'poll', text: '?', poll: { choices: choices(n) } }), 10],
        ['text', (n) => ({ text: 'あ'.repeat(n) }), 10000],
    ];
    for (const [field, body, limit] of tries) {
        await post(ann, room, body(limit));
        const over = await ann.post(`/rooms/${room}/messages`, { key: newKey(), ...body(limit + 1) });
        assert.equal(over.status, 400, field);
        assert.deepEqual([over.json.error.code, over.json.error.field], ['invalid_value', field], field);
    }
    refused(await ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'poll', text: '?', poll: { choices: choices(1) } }), 400, 'invalid_value');
    refused(await ann.post(`/rooms/${room}/messages`, { key: newKey(), text: '短い', mentions: [{ kind: 'all', at: 0, length: 3 }] }), 400, 'invalid_value', 'mentions');
});

test('a poll: one vote or several, changed, closed by who asked', async () => {
    const poll = await post(ann, room, { kind: 'poll', text: '土曜は?', poll: { choices: [{ text: '早番' }, { text: '遅番' }] } });
    const vote = (p, id, ...choices) => p.put(`/messages/${id}/votes`, { votes: choices.map((choice) => ({ choice })) });
    assert.deepEqual((await vote(ben, poll.id, 1)).json.votes, [{ choice: 1, n: 1, members: [ben.id] }]);
    assert.deepEqual((await vote(ben, poll.id, 0)).json.votes, [{ choice: 0, n: 1, members: [ben.id] }]);
    refused(await vote(ben, poll.id, 0, 1), 400, 'invalid_value', 'votes');
    refused(await vote(ben, poll.id, 2), 400, 'invalid_value', 'votes');
    refused(await ben.post(`/messages/${poll.id}/close`), 403, 'denied');
    assert.equal((await ann.post(`/messages/${poll.id}/close`)).json.content.poll.closed, true);
    refused(await vote(ann, poll.id, 0), 403, 'denied');
    const many = await post(ann, room, { kind: 'poll', text: 'どれ?', poll: { many: true, choices: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] } });
    assert.deepEqual((await vote(ben, many.id, 2, 0)).json.votes, [{ choice: 0, n: 1, members: [ben.id] }, { choice: 2, n: 1, members: [ben.id] }]);
    assert.equal((await vote(ben, many.id)).json.votes, undefined);
});

test('forwarded words say whose they are, once under each key', async () => {
    const to = await acme.room('転', ann, cho);
    const m = await post(ben, room, { text: '@ann 明日は休みです', mentions: [{ kind: 'member', id: ann.id, at: 0, length: 4 }] });
    const key = newKey();
    const once = await ann.post(`/messages/${m.id}/forward`, { to: [{ room: to, key }] });
    assert.equal(once.status, 200);
    const [copy] = once.json.messages;
    assert.equal(copy.text, m.text);
    assert.equal(copy.author, ann.id);
    assert.deepEqual(copy.content, { forward: { author: ben.id, author_name: '', sent: Date.parse(m.sent) } });
    assert.deepEqual((await ann.post(`/messages/${m.id}/forward`, { to: [{ room: to, key }] })).json, once.json);
    assert.equal((await history(cho, to)).messages.length, 1);
});

test('a thread: its first message says how many, the room goes on', async () => {
    const root = await post(ann, room, { text: '件について' });
    const under = [await post(ben, room, { text: '一', thread: root.seq }), await post(ann, room, { text: '二', thread: root.seq })];
    const page = (await ben.get(`/messages/${root.id}/thread?limit=1`)).json;
    assert.deepEqual(page.messages.map((m) => m.text), ['二']);
    assert.equal(page.more, true);
    assert.deepEqual((await ben.get(`/messages/${root.id}/thread`)).json.messages.map((m) => m.seq), under.map((m) => m.seq).reverse());
    const now = (await ben.get(`/messages/${root.id}`)).json;
    assert.equal(now.replies, 2);
    assert.equal(now.replied, under[1].sent);
    refused(await ben.post(`/rooms/${room}/messages`, { key: newKey(), text: '三', thread: under[0].seq }), 400, 'invalid_value', 'thread');
});

test('pages before, after and around a message', async () => {
    const r = await acme.room('頁', ann, ben);
    for (let i = 1; i <= 9; i++)
        await post(ann, r, { text: `${i}` });
    const seqs = async (query) => {
        const p = await history(ben, r, query);
        return [p.messages.map((m) => m.seq).join(' '), p.more, p.newer ?? false];
    };
    assert.deepEqual(await seqs('limit=3'), ['9 8 7', true, false]);
    assert.deepEqual(await seqs('before=4&limit=5'), ['3 2 1', false, false]);
    assert.deepEqual(await seqs('after=4&limit=3'), ['7 6 5', true, true]);
    assert.deepEqual(await seqs('after=6&limit=3'), ['9 8 7', true, false]);
    assert.deepEqual(await seqs('around=5&limit=4'), ['6 5 4 3', true, true]);
    assert.deepEqual(await seqs('around=1&limit=4'), ['2 1', false, true]);
    assert.deepEqual(await seqs('around=9&limit=4'), ['9 8 7', true, false]);
    // One that was deleted for oneself is not counted either.
    await ben.post(`/messages/${idOf(r, 6)}/hide`);
    assert.deepEqual(await seqs('after=4&limit=3'), ['8 7 5', true, true]);
    assert.deepEqual(await seqs('around=5&limit=4'), ['7 5 4 3', true, true]);
});

test('what is pinned in a room', async () => {
    const r = await acme.room('留', ann, ben);
    const m = [await post(ann, r, { text: '一' }), await post(ben, r, { text: '二' })];
    const pins = async () => (await ben.get(`/rooms/${r}/pins`)).json.messages.map((x) => x.text);
    for (const x of m)
        assert.equal((await ben.put(`/messages/${x.id}/pin`, { on: true })).json.pinned_by, ben.id);
    assert.deepEqual((await pins()).sort(), ['一', '二']);
    assert.equal((await ann.put(`/messages/${m[0].id}/pin`, { on: false })).json.pinned, undefined);
    assert.deepEqual(await pins(), ['二']);
    const rows = (await (await acme.admin()).audit()).filter((x) => x.object === m[0].id && x.act !== 'talk.post');
    assert.deepEqual(rows.map((x) => [x.act, x.actor, x.detail]), [['talk.pin', ann.id, '{"on":false}'], ['talk.pin', ben.id, '{"on":true}']]);
});

test('service notices are as they are', async () => {
    proves('B6.01');
    const group = await acme.group('店長会', { masters: [ben] });
    await (await acme.admin()).put(`/console/groups/${group}`, { name: '店長会議' });
    const n = (await ben.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
    assert.ok(n);
    refused(await ben.post(`/rooms/${n.id}/messages`, { key: newKey(), text: 'はい' }), 403, 'denied');
    refused(await ben.put(`/messages/${idOf(n.id, 1)}/pin`, { on: true }), 403, 'denied');
    // A room whose group is gone is gone as well.
    const place = (await ben.get('/rooms')).json.rooms.find((r) => r.kind === 'group');
    assert.equal((await post(ben, place.id, { text: 'まだある' })).seq > 0, true);
    await (await acme.admin()).delete(`/console/groups/${group}`);
    refused(await ben.post(`/rooms/${place.id}/messages`, { key: newKey(), text: 'もうない' }), 404, 'not_found');
});

test('24 hours after it was written a message is taken back, a second later no more', async () => {
    proves('TLK-04', 'B6.02');
    const [late, right] = [await post(ann, room, { text: '遅い' }), await post(ann, room, { text: 'まにあう' })];
    await acme.clock(24 * HOUR - 60_000);
    assert.equal((await ann.post(`/messages/${right.id}/take-back`)).status, 200);
    await acme.clock(24 * HOUR + 1_000);
    refused(await ann.post(`/messages/${late.id}/take-back`), 403, 'too_late');
    refused(await ann.put(`/messages/${late.id}`, { text: '直し' }), 403, 'too_late');
});
