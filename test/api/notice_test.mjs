// Service notices: a room of each member's own that only the server writes into.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, ben;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    ben = await acme.add('ben', { language: 'en' });
    for (const p of [ann, ben])
        await p.signIn();
});
after(() => house.remove());

const noticeRoom = async (p) => (await p.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
const texts = async (p, room) => (await p.get(`/rooms/${room}/messages`)).json.messages.map((m) => m.text);

test('a notice makes the member\'s room when it is first needed, is heard live, and cannot be answered', async () => {
    proves('OVR-06');
    assert.equal(await noticeRoom(ann), undefined);
    const [wa, wb] = [await ann.socket(), await ben.socket()];
    const group = await acme.group('店長会', { masters: [ann] });
    await (await acme.admin()).put(`/console/groups/${group}`, { name: '店長会議' });
    const said = await wa.event('talk.message.posted');
    const room = await noticeRoom(ann);
    assert.equal(said.room, room.id);
    assert.equal(said.data.author, '0');
    assert.equal(said.data.kind, 'text');
    assert.deepEqual(wa.seen.filter((e) => e.event === 'room.joined').map((e) => e.data.kind).sort(), ['group', 'notice']);
    assert.equal(room.members, 1);

    // The member's post, by either door, is refused and nothing of it is stored; the twin is any other room.
    const body = { key: newKey(), text: 'はい' };
    const refused = await ann.post(`/rooms/${room.id}/messages`, body);
    assert.equal(refused.status, 403);
    assert.equal(refused.json.error.code, 'denied');
    const byWs = await wa.call('talk.post', { room: room.id }, body);
    assert.equal(byWs.status, 403);
    assert.equal((await ann.say(await acme.room('ほか', ann), 'はい')).status, 200);
    assert.equal((await texts(ann, room.id)).includes('はい'), false);

    // Nobody else sees it: not a colleague, not the super admin.
    assert.equal((await ben.get(`/rooms/${room.id}`)).status, 404);
    assert.equal((await (await acme.admin()).get(`/rooms/${room.id}`)).status, 404);
    assert.equal((await ben.post(`/rooms/${room.id}/messages`, body)).status, 404);
    assert.deepEqual(wb.seen.filter((e) => e.room === room.id), []);
    for (const op of [['room.join', { room: room.id, member: ben.id }], ['room.leave', { room: room.id, member: ann.id }]])
        await assert.rejects(acme.op(...op), /denied/);
    wa.end();
    wb.end();
});

test('a notice is in the member\'s own language', async () => {
    proves('OVR-06');
    const group = await acme.group('配送連絡', { masters: [ann], members: [ben] });
    await (await acme.admin()).put(`/console/groups/${group}`, { description: '配送の連絡' });
    const [ja, en] = [await noticeRoom(ann), await noticeRoom(ben)];
    assert.equal(ja.name, 'サービス通知');
    assert.equal(en.name, 'Service notices');
    assert.equal((await texts(ann, ja.id))[0], 'グループ「配送連絡」が変更されました。変更した項目: 説明');
    assert.equal((await texts(ben, en.id))[0], 'Group "配送連絡": it was changed (description).');
});

test('a deleted member is in no room, and its notices are gone', async () => {
    const cho = await acme.add('cho');
    await cho.signIn();
    const several = await acme.room('三人', ann, ben, cho);
    const group = await acme.group('品質', { masters: [ann], members: [cho] });
    const notices = (await noticeRoom(cho)).id;
    await cho.say(several, '残る');
    await acme.op('member.delete', { member: cho.id });
    const { member_ids } = (await ann.get(`/rooms/${several}`)).json;
    assert.deepEqual(member_ids.sort(), [ann.id, ben.id].sort());
    assert.deepEqual(await texts(ann, several), ['残る']);
    const { group: seen, people } = (await ann.get(`/groups/${group}`)).json;
    assert.equal(seen.members, 1);
    assert.deepEqual(people.map((p) => p.id), [ann.id]);
    assert.equal((await ann.get(`/rooms/${seen.room}`)).json.room.members, 1);
    assert.equal((await ann.get(`/rooms/${notices}`)).status, 404);
});

test('control characters of the second set are refused in a message and a name as those of the first are', async () => {
    const room = await acme.room('字', ann);
    for (const c of ['\u0080', '\u0085', '\u009b', '\u009f', '\u0007', '\u007f']) {
        const r = await ann.say(room, `a${c}b`);
        assert.equal(r.status, 400);
        assert.equal(r.json.error.field, 'text');
        const g = await ann.post('/groups', { name: `a${c}b` });
        assert.equal(g.status, 400);
        assert.equal(g.json.error.field, 'name');
    }
    assert.equal((await ann.say(room, 'a\u00a0b\u00e9')).status, 200);
});
