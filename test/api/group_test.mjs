// Groups: what an admin, a master, a member and an outsider may do and see, and that rights end with the reply.
import { House, until } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000;
const ALL = { talk: true, note: true, event: true, task: true, folder: true };
let house, acme, admin, ann, ben, cho;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho] = [await acme.add('ann', { family: '青柳' }), await acme.add('ben', { family: '別府' }), await acme.add('cho', { family: '長田' })];
    for (const p of [ann, ben, cho])
        await p.signIn();
    admin = await acme.admin();
});
after(() => house.remove());

const ok = (r) => {
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const refused = (r, status, code) => {
    assert.equal(r.status, status, r.text);
    assert.equal(r.json.error.code, code);
    return r.json.error;
};
const read = async (id) => ok(await admin.get(`/console/groups/${id}`));
const names = (r) => ok(r).groups.map((g) => g.name);
const roomOf = async (id) => (await read(id)).group.room;
const notices = async (p) => {
    const room = ok(await p.get('/rooms')).rooms.find((r) => r.kind === 'notice');
    return room ? ok(await p.get(`/rooms/${room.id}/messages?limit=100`)).messages.map((m) => m.text) : [];
};

test('a group has a room which its members follow; the type is fixed; external ones do not exist yet', async () => {
    proves('MEM-25', 'TLK-01');
    const id = await acme.group('店長会', { masters: [ann], members: [ben], description: '月に一度' });
    const { group, people } = await read(id);
    assert.equal(group.kind, 'internal');
    assert.deepEqual(group.functions, ALL);
    assert.deepEqual(group.advanced, { delegation: false, notify: true, public: false });
    assert.deepEqual(people.map((p) => [p.id, p.master]), [[ann.id, true], [ben.id, false]]);
    const seen = ok(await ben.get(`/rooms/${group.room}`));
    assert.equal(seen.room.kind, 'group');
    assert.equal(seen.room.name, '店長会');
    assert.deepEqual(seen.place, { id, kind: 'group', name: '店長会', description: '月に一度', masters: [ann.id] });
    ok(await ann.say(group.room, '昨日の話'));
    assert.equal((await cho.get(`/rooms/${group.room}`)).status, 404);
    ok(await admin.put(`/console/groups/${id}`, { add: [cho.id], name: '店長会議' }));
    assert.deepEqual(ok(await cho.get(`/rooms/${group.room}/messages`)).messages.map((m) => m.text), ['昨日の話']);
    assert.equal(ok(await cho.get(`/rooms/${group.room}`)).room.name, '店長会議');

    const input = { kind: 'external', name: '潮見フーズ', masters: [ann.id] };
    refused(await admin.post('/console/groups', input), 409, 'external_unavailable');
    assert.equal(refused(await admin.post('/console/groups', { ...input, advanced: { delegation: false, notify: true, public: true } }), 400, 'invalid_value').field, 'public');
    assert.equal(refused(await admin.put(`/console/groups/${id}`, { kind: 'external' }), 400, 'invalid_value').field, 'kind');
    refused(await ann.post('/groups', { kind: 'external', name: 'x' }), 409, 'external_unavailable');
    for (const wrong of [{ name: '' }, { name: ' ' }, { name: 'あ'.repeat(81) }, { masters: ['1'] }, { members: ['1'] }, { kind: 'line' }])
        assert.equal(refused(await admin.post('/console/groups', { kind: 'internal', name: 'x', masters: [ann.id], ...wrong }), 400, 'invalid_value').field, Object.keys(wrong)[0]);
    refused(await admin.post('/console/groups', { kind: 'internal', name: 'x', masters: [] }), 409, 'last_master');
});

test('functions are changed by a master only where that is delegated, and only in the own group', async () => {
    proves('MEM-26');
    const [mine, other] = [await acme.group('甲', { masters: [ann], members: [ben] }), await acme.group('乙', { masters: [ben], members: [ann] })];
    const functions = { ...ALL, folder: false };
    refused(await ann.put(`/groups/${mine}`, { functions }), 403, 'denied');
    assert.equal(ok(await ann.get(`/groups/${mine}`)).group.may_functions, false);
    const delegated = { delegation: true, notify: true, public: false };
    for (const id of [mine, other])
        ok(await admin.put(`/console/groups/${id}`, { advanced: delegated }));
    assert.equal(ok(await ann.get(`/groups/${mine}`)).group.may_functions, true);
    ok(await ann.put(`/groups/${mine}`, { functions }));
    assert.deepEqual((await read(mine)).group.functions, functions);
    refused(await ann.put(`/groups/${other}`, { functions }), 403, 'denied');
    refused(await ben.put(`/groups/${mine}`, { functions }), 403, 'denied');
    refused(await ann.put(`/groups/${mine}`, { advanced: delegated }), 400, 'invalid_value');
    assert.deepEqual((await read(other)).group.functions, ALL);
    // The right ends with the switch and with the role.
    ok(await admin.put(`/console/groups/${mine}`, { masters: [ann.id, ben.id] }));
    ok(await admin.put(`/console/groups/${mine}`, { masters: [ben.id] }));
    refused(await ann.put(`/groups/${mine}`, { functions: ALL }), 403, 'denied');
    ok(await ben.put(`/groups/${mine}`, { functions: ALL }));
});

test('without talk the room is absent; with it, it is back with what was said', async () => {
    proves('MEM-26');
    const id = await acme.group('丙', { masters: [ann], members: [ben] });
    const room = await roomOf(id);
    ok(await ann.say(room, '残る'));
    const ws = await ben.socket();
    ok(await admin.put(`/console/groups/${id}`, { functions: { ...ALL, talk: false } }));
    await ws.event('room.left', (e) => e.data.room === room);
    assert.equal((await ben.get(`/rooms/${room}`)).status, 404);
    assert.equal((await ann.say(room, 'x')).status, 404);
    assert.equal(ok(await ann.get('/rooms')).rooms.some((r) => r.id === room), false);
    assert.equal(await roomOf(id), '0');
    ok(await admin.put(`/console/groups/${id}`, { functions: ALL }));
    await ws.event('room.joined', (e) => e.data.id === room);
    assert.deepEqual(ok(await ben.get(`/rooms/${room}/messages`)).messages.map((m) => m.text), ['残る']);
    // A group made without talk gets its room when talk comes.
    const bare = await acme.group('丁', { masters: [ann], functions: { ...ALL, talk: false } });
    assert.equal(await roomOf(bare), '0');
    ok(await admin.put(`/console/groups/${bare}`, { functions: ALL }));
    ok(await ann.say(await roomOf(bare), 'はじめ'));
    ws.end();
});

test('one notice to each member for a saved change, none where the group is silent', async () => {
    proves('MEM-27', 'OVR-06');
    const id = await acme.group('静', { masters: [ann], members: [ben], advanced: { delegation: false, notify: false, public: false } });
    const before = [await notices(ann), await notices(ben)];
    ok(await admin.put(`/console/groups/${id}`, { name: '静かな会' }));
    assert.deepEqual([await notices(ann), await notices(ben)], before);
    ok(await admin.put(`/console/groups/${id}`, { advanced: { delegation: false, notify: true, public: false } }));
    ok(await admin.put(`/console/groups/${id}`, { name: '話す会', description: '話す' }));
    for (const [p, old] of [[ann, before[0]], [ben, before[1]]])
        assert.deepEqual((await notices(p)).slice(0, -old.length || undefined), [
            'グループ「話す会」が変更されました。変更した項目: 名前、説明', 'グループ「静かな会」が変更されました。変更した項目: 詳細設定']);
    ok(await admin.put(`/console/groups/${id}`, { name: '話す会' }));                 // nothing changed: nothing to tell
    assert.equal((await notices(ben)).length, before[1].length + 2);
    ok(await ann.put(`/groups/${id}`, { remove: [ben.id], add: [cho.id] }));
    assert.equal((await notices(ben))[0], 'グループ「話す会」のメンバーではなくなりました。');
    assert.equal((await notices(cho))[0], 'グループ「話す会」のメンバーになりました。');
    assert.equal((await notices(ann))[0], 'グループ「話す会」が変更されました。変更した項目: メンバー');
});

test('who is no member finds an unpublished group nowhere, and of a published one not its members', async () => {
    proves('MEM-27', 'B5.01');
    const id = await acme.group('秘密の会', { masters: [ann], members: [ben] });
    const open = await acme.group('開かれた会', { masters: [ann], members: [ben], advanced: { delegation: false, notify: true, public: true } });
    assert.deepEqual(names(await cho.get(`/groups?q=${encodeURIComponent('会')}`)).filter((n) => /秘密|開かれた/.test(n)), ['開かれた会']);
    assert.deepEqual(names(await ben.get(`/groups?q=${encodeURIComponent('秘密')}`)), ['秘密の会']);
    assert.deepEqual(names(await cho.get(`/groups?q=${encodeURIComponent('別府')}`)), []);
    for (const r of [await cho.get(`/groups/${id}`), await cho.put(`/groups/${id}`, { name: 'x' }), await cho.delete(`/groups/${id}`)])
        refused(r, 404, 'not_found');
    const seen = ok(await cho.get(`/groups/${open}`));
    assert.equal(seen.group.role, 'none');
    assert.equal(seen.group.room, '0');
    assert.deepEqual(seen.people, []);
    assert.deepEqual(ok(await ben.get(`/groups/${open}`)).people.map((p) => p.id), [ann.id, ben.id]);
    refused(await cho.put(`/groups/${open}`, { name: 'x' }), 403, 'denied');
    refused(await cho.delete(`/groups/${open}`), 403, 'denied');
    refused(await ben.delete(`/groups/${open}`), 403, 'denied');
});

test('the console finds by name, type and member', async () => {
    proves('MEM-28');
    await acme.group('探す会', { masters: [cho], members: [ben] });
    const q = (text) => admin.get(`/console/groups?limit=200&q=${encodeURIComponent(text)}`);
    assert.deepEqual(names(await q('探す')), ['探す会']);
    assert.ok(names(await q('長田')).includes('探す会'));
    assert.deepEqual(names(await admin.get('/console/groups?kind=external')), []);
    assert.ok(names(await admin.get('/console/groups?kind=internal&limit=200')).includes('探す会'));
    const ofCho = names(await admin.get(`/console/groups?member=${cho.id}&limit=200`));
    assert.ok(ofCho.includes('探す会') && !ofCho.includes('甲'));
    const [first, second] = [ok(await admin.get('/console/groups?limit=1')), ok(await admin.get('/console/groups?limit=2'))];
    assert.ok(first.more && first.total > 2);
    assert.deepEqual(ok(await admin.get(`/console/groups?limit=1&after=${first.groups[0].id}`)).groups, [second.groups[1]]);
});

test('the last master stays; whoever is removed hears and reads nothing from the reply on', async () => {
    proves('MEM-29', 'B5.09');
    const id = await acme.group('修正', { masters: [ann], members: [ben, cho] });
    const room = await roomOf(id);
    refused(await admin.put(`/console/groups/${id}`, { remove: [ann.id] }), 409, 'last_master');
    refused(await admin.put(`/console/groups/${id}`, { masters: [] }), 409, 'last_master');
    refused(await ann.put(`/groups/${id}`, { remove: [ann.id], name: 'x' }), 409, 'last_master');
    assert.equal((await read(id)).group.name, '修正');
    assert.equal(refused(await admin.put(`/console/groups/${id}`, { masters: [(await acme.add('dai')).id] }), 400, 'invalid_value').field, 'masters');

    const ws = await ben.socket();
    const pos = ok(await ben.get('/rooms')).pos;
    ok(await ann.say(room, '前'));
    await ws.event('talk.message.posted', (e) => e.room === room);
    ok(await ann.put(`/groups/${id}`, { remove: [ben.id] }));
    ok(await ann.say(room, '後'));
    for (const path of [`/rooms/${room}`, `/rooms/${room}/messages`, `/groups/${id}`])
        assert.equal((await ben.get(path)).status, 404, path);
    assert.equal((await ben.say(room, 'x')).status, 404);
    assert.equal((await ws.call('talk.history', { room })).status, 404);
    assert.equal(ok(await ben.get('/rooms')).rooms.some((r) => r.id === room), false);
    const heard = ok(await ben.get(`/sync?since=${pos}`)).events;
    assert.deepEqual(heard.filter((e) => e.room === room), []);
    assert.ok(heard.some((e) => e.event === 'room.left' && e.data.room === room));
    // What comes next on the socket is of another room: nothing of this one came between.
    const other = await acme.room('ほか', ben);
    await ben.say(other, 'しるし');
    await ws.event('talk.message.posted', (e) => e.room === other);
    assert.deepEqual(ws.seen.filter((e) => e.event === 'talk.message.posted' && e.data.text === '後'), []);
    assert.ok(ws.seen.some((e) => e.event === 'room.left' && e.data.room === room));
    // The twin: who stayed reads both.
    assert.deepEqual(ok(await cho.get(`/rooms/${room}/messages`)).messages.map((m) => m.text), ['後', '前']);
    ws.end();
});

test('a deleted group is gone for all at once; an admin brings it back for thirty days, nobody else ever', async () => {
    proves('MEM-30', 'MEM-31', 'B5.09');
    const id = await acme.group('消える会', { masters: [ann], members: [ben] });
    const room = await roomOf(id);
    ok(await ann.say(room, '残る言葉'));
    const ws = await ben.socket();
    refused(await ben.delete(`/groups/${id}`), 403, 'denied');
    ok(await ann.delete(`/groups/${id}`));
    const gone = async () => {
        for (const p of [ann, ben])
            for (const path of [`/rooms/${room}`, `/rooms/${room}/messages`, `/groups/${id}`])
                assert.equal((await p.get(path)).status, 404, path);
        assert.equal((await ann.say(room, 'x')).status, 404);
        assert.equal((await admin.get(`/console/groups/${id}`)).status, 404);
    };
    await gone();
    await ws.event('room.left', (e) => e.data.room === room);
    assert.equal((await ws.call('talk.history', { room })).status, 404);
    ws.end();
    assert.deepEqual(ok(await admin.get('/console/gone-groups')).groups.filter((g) => g.id === id).map((g) => [g.name, g.members]), [['消える会', 2]]);
    assert.equal((await ann.post(`/console/gone-groups/${id}/restore`)).status, 403);
    assert.equal((await ann.get('/console/gone-groups')).status, 403);

    const t0 = 30 * DAY - 60_000;                          // a minute before the end of day 30
    await acme.clock(t0);
    for (const p of [ann, ben])
        await p.signIn();
    admin = await acme.admin();
    ok(await admin.post(`/console/gone-groups/${id}/restore`));
    refused(await admin.post(`/console/gone-groups/${id}/restore`), 404, 'not_found');
    assert.deepEqual(ok(await ben.get(`/rooms/${room}/messages`)).messages.map((m) => m.text), ['残る言葉']);
    assert.equal((await read(id)).group.room, room);
    ok(await ben.say(room, '戻った'));

    ok(await admin.delete(`/console/groups/${id}`));
    await gone();
    await acme.clock(t0 + 30 * DAY + 1000);
    admin = await acme.admin();
    refused(await admin.post(`/console/gone-groups/${id}/restore`), 404, 'not_found');
    assert.deepEqual(ok(await admin.get('/console/gone-groups')).groups, []);
    await until('the group to be erased', async () => (await admin.audit()).some((r) => r.act === 'group.erase' && r.object === id));
    assert.equal((await admin.audit()).filter((r) => r.act === 'group.erase').length, 1);      // the others stay
    await assert.rejects(acme.op('room.join', { room, member: ann.id }), /not_found/);
    for (const p of [ann, ben, cho])
        await p.signIn();
});

test('the room of a unit says whose it is, and is gone for who leaves the unit from the reply on', async () => {
    proves('B5.09', 'TLK-01');
    admin = await acme.admin();
    const unit = ok(await admin.post('/console/units', { name: '大船店', code: 'ofuna' })).id;
    for (const p of [ann, ben])
        ok(await admin.put(`/console/members/${p.id}/units`, { units: [{ unit }] }));
    const { room } = ok(await ann.get('/rooms')).rooms.filter((r) => r.kind === 'unit').map((r) => ({ room: r.id }))[0];
    const { place } = ok(await ben.get(`/rooms/${room}`));
    assert.deepEqual([place.kind, place.id, place.name, place.masters], ['unit', unit, '大船店', []]);
    ok(await ann.say(room, '前'));
    const ws = await ben.socket();
    const pos = ok(await ben.get('/rooms')).pos;
    ok(await admin.put(`/console/members/${ben.id}/units`, { units: [] }));
    ok(await ann.say(room, '後'));
    for (const path of [`/rooms/${room}`, `/rooms/${room}/messages`])
        assert.equal((await ben.get(path)).status, 404, path);
    assert.equal((await ben.say(room, 'x')).status, 404);
    assert.equal((await ws.call('talk.post', { room }, { key: newKey(), text: 'x' })).status, 404);
    assert.deepEqual(ok(await ben.get(`/sync?since=${pos}`)).events.filter((e) => e.room === room), []);
    assert.deepEqual(ws.seen.filter((e) => e.event === 'talk.message.posted' && e.room === room), []);
    assert.ok(ws.seen.some((e) => e.event === 'room.left' && e.data.room === room));
    assert.deepEqual(ok(await ann.get(`/rooms/${room}/messages`)).messages.map((m) => m.text), ['後', '前']);
    ws.end();
});

test('who may make groups is what the setting says', async () => {
    proves('ADB-07');
    admin = await acme.admin();
    const made = ok(await ann.post('/groups', { name: '作った会', members: [ben.id], publication: 'public' }));
    const { group, people } = await read(made.id);
    assert.equal(group.advanced.public, true);
    assert.deepEqual(people.map((p) => [p.id, p.master]), [[ann.id, true], [ben.id, false]]);
    ok(await ann.say(group.room, 'はじめまして'));
    ok(await admin.put('/console/settings/addressbook.group.creators', { value: 'admins' }));
    refused(await ann.post('/groups', { name: 'x' }), 403, 'forbidden');
    assert.equal(ok(await ann.get('/groups')).may_make, false);
    const op = await (await acme.add('op', { role: 'operator' })).signIn();
    ok(await op.post('/groups', { name: '運用の会' }));
    assert.equal(ok(await op.get('/groups')).may_make, true);
    ok(await admin.put('/console/settings/addressbook.group.creators', { value: 'members' }));
    ok(await ann.post('/groups', { name: 'y' }));
});

test('when the last master is deleted, who is longest in the group follows', async () => {
    admin = await acme.admin();
    const eri = await acme.add('eri');
    const id = await acme.group('跡継ぎ', { masters: [eri], members: [ben] });
    ok(await admin.put(`/console/groups/${id}`, { add: [ann.id] }));
    const op = await acme.add('op2', { role: 'operator' });
    await (await op.signIn()).openConsole();
    const held = await acme.group('主の会', { masters: [acme.chief], members: [ben] });
    refused(await op.post(`/console/members/${acme.chief.id}/delete`), 403, 'denied');
    assert.deepEqual((await read(held)).people.map((p) => [p.id, p.master]), [[acme.chief.id, true], [ben.id, false]]);
    await acme.op('member.delete', { member: eri.id });
    assert.deepEqual((await read(id)).people.map((p) => [p.id, p.master]), [[ben.id, true], [ann.id, false]]);
    assert.equal((await notices(ben))[0], 'グループ「跡継ぎ」のグループマスターになりました。');
    const [row, ...more] = (await admin.audit()).filter((r) => r.act === 'group.master');
    assert.deepEqual(more, []);
    assert.equal(row.object, id);
    assert.deepEqual(JSON.parse(row.detail), { old: eri.id, new: ben.id });
});

test('every change of a group is a row of the audit log, with what changed', async () => {
    proves('MEM-29', 'MEM-30');
    const id = await acme.group('記録', { masters: [ann], members: [ben] });
    ok(await ann.put(`/groups/${id}`, { name: '記録会', remove: [ben.id] }));
    refused(await ben.put(`/groups/${id}`, { name: 'x' }), 404, 'not_found');
    ok(await admin.delete(`/console/groups/${id}`));
    ok(await admin.post(`/console/gone-groups/${id}/restore`));
    const rows = (await admin.audit()).filter((r) => r.object === id && r.act.startsWith('group.'));
    assert.deepEqual(rows.map((r) => [r.act, r.result, r.actor]).reverse(), [
        ['group.add', 'ok', admin.id], ['group.edit', 'ok', ann.id], ['group.edit', 'not_found', ben.id],
        ['group.delete', 'ok', admin.id], ['group.restore', 'ok', admin.id],
    ]);
    assert.deepEqual(JSON.parse(rows.find((r) => r.actor === ann.id).detail),
        { changed: ['name', 'people'], old: '記録', new: '記録会', removed: [ben.id] });
});
