// The log of talk: one row for each message, and who received it out of who was in the room when it was sent.
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, ann, ben, cho, room;

const search = async (query = {}) => {
    const r = await acme.chief.get(`/console/audit/talk?${new URLSearchParams({ limit: 200, ...query })}`);
    assert.equal(r.status, 200, r.text);
    return r.json.rows;
};
const posts = async (query = {}) => (await search({ act: 'talk.post', ...query })).map((r) => [r.actor, r.receivers.map((p) => p.id).sort()]);
const names = (rows) => rows.map((r) => r.object_name);

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    ann = await acme.add('ann', { family: '\u6d45\u91ce', given: '\u6d0b\u5b50' });
    ben = await acme.add('ben', { family: '\u67f3', given: '\u6d0b' });
    cho = await acme.add('cho', { family: '\u68ee\u4e0b', given: '\u771f\u7531' });
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = (await ann.post('/rooms', { kind: 'several', name: '\u65e9\u756a', members: [ben.id] })).json.id;
});
after(() => house.remove());

test('who received a message is who was in the room when it was sent; one row is stored', async () => {
    proves('AUD-10', 'AUD-01');
    await ann.say(room, 'one');
    assert.equal((await ann.post(`/rooms/${room}/members`, { members: [cho.id] })).status, 200);
    await ben.say(room, 'two');
    assert.equal((await ben.post(`/rooms/${room}/leave`)).status, 200);
    await ann.say(room, 'three');
    assert.deepEqual(await posts({ room }), [[ann.id, [cho.id]], [ben.id, [ann.id, cho.id].sort()], [ann.id, [ben.id]]]);
    // The same as rows of receiving, and as rows of sending.
    assert.deepEqual(await posts({ receiver: cho.id }), [[ann.id, [cho.id]], [ben.id, [ann.id, cho.id].sort()]]);
    assert.deepEqual(await posts({ receiver: ben.id }), [[ann.id, [ben.id]]]);
    assert.deepEqual(await posts({ receiver: ann.id }), [[ben.id, [ann.id, cho.id].sort()]]);
    assert.deepEqual(await posts({ actor: ben.id }), [[ben.id, [ann.id, cho.id].sort()]]);
    assert.deepEqual(await search({ receiver: acme.chief.id }), []);
    const rows = await search({ act: 'talk.post' });
    assert.equal(rows.length, 3);
    assert.deepEqual(rows.map((r) => [r.room, r.object_kind, r.object_name, r.received]), [[room, 'message', '\u65e9\u756a', 1], [room, 'message', '\u65e9\u756a', 2], [room, 'message', '\u65e9\u756a', 1]]);
    assert.ok(!JSON.stringify(rows).includes('three'), 'never what was said');
    const acts = new Set((await search({ room })).map((r) => r.act));
    for (const act of ['talk.room.add', 'talk.room.join', 'talk.room.leave', 'talk.post'])
        assert.ok(acts.has(act), act);
});

test('deleting is a row, a room is found by its name or by its people, and other rooms stay out', async () => {
    proves('AUD-10', 'AUD-04');
    const m = await ann.say(room, 'gone');
    const pair = (await ann.post('/rooms', { kind: 'direct', members: [ben.id] })).json.id;
    await ben.say(pair, 'of two');
    assert.equal((await ann.post(`/messages/${m.json?.id ?? m.id}/take-back`)).status, 200);
    const [gone] = await search({ act: 'talk.take_back' });
    assert.deepEqual([gone.object, gone.room, gone.actor], [m.json?.id ?? m.id, room, ann.id]);
    assert.deepEqual(names(await search({ room: pair, act: 'talk.post' })).map((n) => n.split('\u30fb').sort()), [['\u67f3 \u6d0b', '\u6d45\u91ce \u6d0b\u5b50']]);
    assert.ok((await search({ word: '\u65e9\u756a' })).every((r) => r.room === room));
    assert.ok((await search({ word: '\u65e9\u756a' })).length >= 4);
    for (const [query, field] of [[{ receiver: ann.id, act: 'talk.edit' }, 'receiver']])
        assert.equal((await acme.chief.get(`/console/audit/talk?${new URLSearchParams(query)}`)).json.error.field, field);
    for (const query of [{ room }, { receiver: ann.id }])
        assert.equal((await acme.chief.get(`/console/audit/login?${new URLSearchParams(query)}`)).status, 400);
});

test('all receivers of a large room by one call, and the file holds each row with them', async () => {
    proves('AUD-10', 'AUD-05');
    const more = [];
    for (let i = 0; i < 7; i++)
        more.push(await acme.add(`p${i}`, { family: `\u7530${i}`, given: '\u82b1' }));
    const large = (await ann.post('/rooms', { kind: 'several', name: '\u5168\u54e1', members: more.map((p) => p.id) })).json.id;
    await ann.say(large, 'to all');
    const [row] = await search({ room: large, act: 'talk.post' });
    assert.deepEqual([row.received, row.receivers.length], [7, 5]);
    const r = await acme.chief.get(`/console/audit/talk/receivers?seq=${row.seq}`);
    assert.deepEqual(r.json.receivers.map((p) => p.id).sort(), more.map((p) => p.id).sort());
    assert.equal(r.json.received, 7);
    const [view] = (await acme.chief.get('/console/audit/console?act=audit.view&limit=1')).json.rows;
    assert.deepEqual(JSON.parse(view.detail), { log: 'talk', receivers: row.seq });
    assert.equal((await acme.chief.get(`/console/audit/login/receivers?seq=${row.seq}`)).status, 404);
    assert.equal((await ann.get(`/console/audit/talk/receivers?seq=${row.seq}`)).status, 403);

    const file = await acme.chief.post('/console/audit/talk/downloads', { room: large, act: 'talk.post' });
    assert.equal(file.status, 200, file.text);
    await until(async () => (await acme.chief.get('/console/downloads')).json.downloads.find((d) => d.id === file.json.id).state === 'ready', 'the file');
    const text = (await acme.chief.get(`/console/downloads/${file.json.id}`)).text;
    const [head, line] = text.replace('\ufeff', '').split('\r\n');
    assert.equal(head.split(',').at(-2), '"\u53d7\u4fe1\u8005\u6570"');
    assert.match(line, /,7,"(\u7530\d \u82b1(\n|")){7}$/);
    assert.equal(text.split('\r\n').length, 3);
});
