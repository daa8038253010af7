// Rooms that members make: of two people, of several. Who comes and goes is told, logged, and sees what it may.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, ben, cho, dan;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho, dan] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho'), await acme.add('dan')];
    for (const p of [ann, ben, cho, dan])
        await p.signIn();
});
after(() => house.remove());

const create = async (p, name, members, more = {}) => {
    const r = await p.post('/rooms', { kind: 'several', name, members: members.map((m) => m.id), ...more });
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const refused = (a, status, code, field) => {
    assert.equal(a.status, status, a.text);
    assert.equal(a.json.error.code, code);
    if (field)
        assert.equal(a.json.error.field, field);
};
const texts = async (p, r) => (await p.get(`/rooms/${r}/messages`)).json.messages.map((m) => m.content?.system?.what ?? m.text);
const listed = async (p, r) => (await p.get('/rooms')).json.rooms.find((x) => x.id === r);

test('two people have one room, whoever begins', async () => {
    proves('TLK-01');
    const w = await ben.socket();
    const a = await ann.post('/rooms', { kind: 'direct', members: [ben.id] });
    assert.equal(a.status, 200, a.text);
    assert.equal(a.json.kind, 'direct');
    assert.equal(a.json.peer, ben.id);
    const told = await w.event('room.joined', (e) => e.data.id === a.json.id);
    assert.equal(told.data.peer, ann.id);
    assert.equal((await ben.post('/rooms', { kind: 'direct', members: [ann.id] })).json.id, a.json.id);
    assert.equal((await ann.post('/rooms', { kind: 'direct', members: [ben.id] })).json.id, a.json.id);
    refused(await ann.post('/rooms', { kind: 'direct', members: [ann.id] }), 400, 'invalid_value', 'members');
    refused(await ann.post('/rooms', { kind: 'direct', members: [ben.id, cho.id] }), 400, 'invalid_value', 'members');
    refused(await ann.post('/rooms', { kind: 'direct', members: ['4611686018427387905'] }), 400, 'invalid_value', 'members');
    for (const [path, body] of [['leave'], ['members', { members: [cho.id] }], ['remove', { member: ben.id }]])
        refused(await ann.post(`/rooms/${a.json.id}/${path}`, body), 403, 'denied');
    w.end();
});

test('a room of several: made, asked into, left; who left reads nothing from the reply on', async () => {
    proves('TLK-01');
    const r = await create(ann, '試作会', [ben, ben, ann]);
    assert.equal(r.members, 2);
    assert.equal(r.maker, ann.id);
    const [wb, wc] = [await ben.socket(), await cho.socket()];
    await ann.say(r.id, '昨日の話');
    assert.equal((await ben.post(`/rooms/${r.id}/members`, { members: [cho.id] })).json.members, 3);
    await wc.event('room.joined', (e) => e.data.id === r.id);
    const line = await wc.event('talk.message.posted', (e) => e.data.room === r.id);
    assert.deepEqual(line.data.content.system, { what: 'joined', actor: ben.id, members: [cho.id] });
    assert.deepEqual(await texts(cho, r.id), ['joined']);
    assert.deepEqual(await texts(ben, r.id), ['joined', '昨日の話', 'created']);
    const heard = wb.seen.length;
    assert.equal((await ben.post(`/rooms/${r.id}/leave`)).status, 200);
    await wb.event('room.left', (e) => e.data.room === r.id);
    for (const path of ['', '/messages', '/pins'])
        refused(await ben.get(`/rooms/${r.id}${path}`), 404, 'not_found');
    const said = await ann.say(r.id, 'もういない');
    await wc.event('talk.message.posted', (e) => e.data.id === said.json.id);
    const own = await create(ben, '目印', [dan]);
    await wb.event('room.joined', (e) => e.data.id === own.id);
    assert.deepEqual(wb.seen.slice(heard).filter((e) => e.room === r.id && e.event === 'talk.message.posted'
        && e.data.content?.system?.what !== 'joined'), []);
    const since = await ben.get('/sync?since=0');
    assert.doesNotMatch(JSON.stringify(since.json), /もういない|昨日の話/);
    assert.equal((await listed(ann, r.id)).members, 2);
    wb.end();
    wc.end();
});

test('newcomers see what was said before where the room\'s maker says so, from then on', async () => {
    proves('TLK-01');
    const r = await create(ann, '履歴', [ben]);
    await ann.say(r.id, '前の話');
    await ann.post(`/rooms/${r.id}/members`, { members: [cho.id] });
    refused(await ben.put(`/rooms/${r.id}/history`, { history: true }), 403, 'denied');
    assert.equal((await ann.put(`/rooms/${r.id}/history`, { history: true })).json.history, true);
    await ann.post(`/rooms/${r.id}/members`, { members: [dan.id] });
    assert.ok((await texts(dan, r.id)).includes('前の話'));
    assert.ok(!(await texts(cho, r.id)).includes('前の話'));
});

test('only the maker takes others out; the name is everybody\'s to change', async () => {
    const r = await create(ann, '旧', [ben, cho]);
    refused(await ben.post(`/rooms/${r.id}/remove`, { member: cho.id }), 403, 'denied');
    refused(await ann.post(`/rooms/${r.id}/remove`, { member: dan.id }), 400, 'invalid_value', 'member');
    assert.equal((await ann.post(`/rooms/${r.id}/remove`, { member: cho.id })).json.members, 2);
    refused(await cho.get(`/rooms/${r.id}`), 404, 'not_found');
    const w = await ann.socket();
    assert.equal((await ben.put(`/rooms/${r.id}`, { name: '新' })).json.name, '新');
    assert.deepEqual((await w.event('room.changed')).data, { room: r.id, name: '新' });
    w.end();
    for (const name of ['', '　', ' \u2003\u2800']) {
        refused(await ann.put(`/rooms/${r.id}`, { name }), 400, 'invalid_value', 'name');
        refused(await ann.post('/rooms', { kind: 'several', name, members: [ben.id] }), 400, 'invalid_value', 'name');
    }
    assert.equal((await ben.put(`/rooms/${r.id}`, { name: '　新 名　' })).json.name, '新 名');
});

test('how a member keeps its list is its own, on all its devices', async () => {
    const r = await create(ann, '一覧', [ben]);
    const w = await ann.socket();
    const set = await ann.put(`/rooms/${r.id}/prefs`, { muted: true, pinned: true });
    assert.deepEqual([set.json.muted, set.json.pinned], [true, true]);
    const told = await w.event('room.prefs');
    assert.deepEqual([told.data.id, told.data.muted, told.data.pinned, told.data.last], [r.id, true, true, null]);
    w.end();
    assert.deepEqual([(await listed(ann, r.id)).muted, (await listed(ben, r.id)).muted], [true, undefined]);
});

test('mentions are counted until they are read', async () => {
    const r = await create(ann, '呼ぶ', [ben]);
    await ann.post(`/rooms/${r.id}/messages`, { key: newKey(), text: '@ben', mentions: [{ kind: 'member', id: ben.id, at: 0, length: 4 }] });
    await ann.post(`/rooms/${r.id}/messages`, { key: newKey(), text: '@全員', mentions: [{ kind: 'all', at: 0, length: 3 }] });
    assert.equal((await listed(ben, r.id)).mentions, 2);
});

test('the log says who came and went, with the version of the membership', async () => {
    proves('AUD-01');
    const r = await create(ann, '記録', [ben]);
    await ann.post(`/rooms/${r.id}/members`, { members: [cho.id] });
    await ann.post(`/rooms/${r.id}/remove`, { member: ben.id });
    const rows = (await (await acme.admin()).audit()).filter((x) => x.object === r.id).reverse()
        .map((x) => [x.act, x.actor, x.detail ? JSON.parse(x.detail) : null]);
    assert.deepEqual(rows.filter(([act]) => act !== 'talk.room.add'), [
        ['talk.room.join', ann.id, { members: [ben.id, ann.id], membership: 1 }],
        ['talk.room.join', ann.id, { members: [cho.id], membership: 2 }],
        ['talk.room.leave', ann.id, { members: [ben.id], membership: 3 }],
    ]);
    assert.equal(rows.length, 4);
});

test('what changes nothing leaves no row; a talk with somebody who works here no more is still there', async () => {
    const admin = await acme.admin();
    const acts = async () => (await admin.audit()).filter((x) => x.act.startsWith('talk.')).map((x) => x.act);
    const r = await create(ann, '同じ', [ben]);
    const two = (await ann.post('/rooms', { kind: 'direct', members: [dan.id] })).json.id;
    const before = await acts();
    assert.equal((await ann.post(`/rooms/${r.id}/members`, { members: [ben.id] })).json.members, 2);
    assert.equal((await ann.post('/rooms', { kind: 'direct', members: [dan.id] })).json.id, two);
    assert.deepEqual(await acts(), before);
    await admin.post(`/console/members/${dan.id}/suspend`);
    assert.equal((await ann.post('/rooms', { kind: 'direct', members: [dan.id] })).json.id, two);
    refused(await ben.post('/rooms', { kind: 'direct', members: [dan.id] }), 400, 'invalid_value', 'members');
    await admin.post(`/console/members/${dan.id}/resume`);
});

test('500 members and not one more', { timeout: 120_000 }, async () => {
    proves('TLK-01');
    const ids = [];
    for (let i = 0; i < 500; i++)
        ids.push((await acme.add(`many-${i}`)).id);
    refused(await ann.post('/rooms', { kind: 'several', name: '多', members: ids }), 400, 'invalid_value', 'members');
    const r = await ann.post('/rooms', { kind: 'several', name: '多', members: ids.slice(0, 499) });
    assert.equal(r.json.members, 500);
    refused(await ann.post(`/rooms/${r.json.id}/members`, { members: [ids[499]] }), 400, 'invalid_value', 'members');
});
