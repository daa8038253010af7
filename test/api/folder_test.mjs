// A member's own sorting of its room list: folders made, named, ordered, deleted, in step on the member's devices and seen
// by nobody else; and the picture of a room.
import fs from 'node:fs';
import path from 'node:path';
import { photo } from '../lib/calls.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, other, ann, ben, cho, eve;

before(async () => {
    house = await House.start();
    [acme, other] = [await openTenant(house, 'acme'), await openTenant(house, 'other')];
    [ann, ben, cho, eve] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho'), await other.add('eve')];
    for (const p of [ann, ben, cho, eve])
        await p.signIn();
});
after(() => house.remove());

const ok = (r) => {
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const refused = (r, status, code, field = '') => assert.deepEqual([r.status, r.json.error.code, r.json.error.field ?? ''], [status, code, field], r.text);
const room = async (p, name, ...members) => ok(await p.post('/rooms', { kind: 'several', name, members: members.map((m) => m.id) })).id;
const folders = async (p) => ok(await p.get('/talk-folders')).folders;
const names = async (p) => (await folders(p)).map((f) => f.name);
const listed = async (p, r) => ok(await p.get('/rooms')).rooms.find((x) => x.id === r);
const add = async (p, name) => ok(await p.post('/talk-folders', { name })).folders.at(-1).id;
const clear = async (p) => {
    for (const f of await folders(p))
        ok(await p.delete(`/talk-folders/${f.id}`));
};

test('folders are made, named, ordered and deleted, alike on the member\'s devices', async () => {
    const elsewhere = ann.elsewhere();
    await elsewhere.signIn();
    const [w, stranger] = [await elsewhere.socket(), await ben.socket()];
    assert.deepEqual(await folders(ann), []);
    const work = await add(ann, ' 仕事　');
    assert.deepEqual((await w.event('talk.folders')).data, { folders: [{ id: work, name: '仕事' }] });
    const [shops, people] = [await add(ann, '店舗'), await add(ann, '取引先')];
    await w.event('talk.folders', (e) => e.data.folders.length === 3);
    assert.deepEqual(await names(elsewhere), ['仕事', '店舗', '取引先']);
    ok(await elsewhere.put('/talk-folders', { folders: [people, work, shops] }));
    assert.deepEqual(await names(ann), ['取引先', '仕事', '店舗']);
    ok(await ann.put(`/talk-folders/${work}`, { name: '本部' }));
    await w.event('talk.folders', (e) => e.data.folders.some((f) => f.name === '本部'));
    assert.deepEqual(await names(ann), ['取引先', '本部', '店舗']);
    const fourth = await add(ann, '新');
    assert.deepEqual(await names(ann), ['取引先', '本部', '店舗', '新'], 'behind those that were put in another order');
    for (const ids of [[people, work, shops], [people, work, shops, shops], [people, work, shops, fourth, '5'], []])
        refused(await ann.put('/talk-folders', { folders: ids }), 409, 'conflict');
    refused(await ann.post('/talk-folders', { name: '本部' }), 409, 'name_taken');
    refused(await ann.put(`/talk-folders/${shops}`, { name: '本部' }), 409, 'name_taken');
    ok(await ann.put(`/talk-folders/${shops}`, { name: '店舗' }));
    for (const name of ['', '　', 'x'.repeat(21), undefined])
        refused(await ann.post('/talk-folders', { name }), 400, 'invalid_value', 'name');
    await add(ann, '二十文字まで使える長いフォルダの名前です');
    ok(await elsewhere.delete(`/talk-folders/${work}`));
    assert.ok(!(await names(ann)).includes('本部'));
    for (let i = (await folders(ann)).length; i < 20; i++)
        await add(ann, `f${i}`);
    refused(await ann.post('/talk-folders', { name: 'one more' }), 400, 'invalid_value', 'name');
    // Nobody else has, sees or hears any of it.
    assert.deepEqual(await folders(ben), []);
    refused(await ben.put(`/talk-folders/${shops}`, { name: 'x' }), 404, 'not_found');
    refused(await ben.delete(`/talk-folders/${shops}`), 404, 'not_found');
    refused(await ben.put('/talk-folders', { folders: [shops] }), 409, 'conflict');
    await ben.say(await room(ben, 'end', ann), 'x');
    await stranger.event('talk.message.posted', (e) => e.data.text === 'x');
    assert.deepEqual(stranger.seen.filter((e) => e.event === 'talk.folders'), []);
    await acme.chief.signIn();
    await acme.chief.openConsole();
    const rows = ok(await acme.chief.get('/console/audit/talk?act=talk.folder')).rows;
    assert.ok(rows.length >= 20 && rows.some((r) => r.actor === ann.id));
    assert.doesNotMatch(JSON.stringify(rows), /本部|取引先/, 'how somebody calls a folder is in no log');
    await clear(ann);
    w.end();
    stranger.end();
});

test('a room is in one folder at most, for this member alone; a deleted folder leaves its rooms', async () => {
    const [a, b] = [await room(ann, '早番', ben), await room(ann, '遅番', ben)];
    const [one, two] = [await add(ann, '一'), await add(ann, '二')];
    const bens = await add(ben, '一');
    const w = await ann.socket(), wb = await ben.socket();
    assert.equal(ok(await ann.put(`/rooms/${a}/folder`, { folder: one })).folder, one);
    assert.equal((await w.event('room.prefs', (e) => e.data.id === a)).data.folder, one);
    ok(await ann.put(`/rooms/${b}/folder`, { folder: one }));
    ok(await ann.put(`/rooms/${a}/folder`, { folder: two }));
    assert.deepEqual([(await listed(ann, a)).folder, (await listed(ann, b)).folder], [two, one]);
    assert.equal((await listed(ben, a)).folder, undefined);
    // Who keeps it otherwise keeps it in its folder.
    ok(await ann.put(`/rooms/${a}/prefs`, { muted: true, pinned: true }));
    assert.equal((await listed(ann, a)).folder, two);
    for (const folder of [bens, '4611686018427387905', a])
        refused(await ann.put(`/rooms/${a}/folder`, { folder }), 400, 'invalid_value', 'folder');
    refused(await cho.put(`/rooms/${a}/folder`, {}), 404, 'not_found');
    refused(await eve.put(`/rooms/${a}/folder`, {}), 404, 'not_found');
    ok(await ann.put(`/rooms/${a}/folder`, {}));
    assert.equal((await listed(ann, a)).folder, undefined);
    ok(await ann.delete(`/talk-folders/${one}`));
    assert.ok(await listed(ann, b), 'the room stays');
    assert.equal((await listed(ann, b)).folder, undefined);
    // Another device that was away learns where the room is from what it missed.
    const { pos } = ok(await ann.get('/rooms'));
    ok(await ann.put(`/rooms/${b}/folder`, { folder: two }));
    const missed = ok(await ann.get(`/sync?since=${pos}`)).events.find((e) => e.event === 'room.prefs' && e.data.id === b);
    assert.equal(missed.data.folder, two);
    // Who leaves and comes back finds it in none.
    ok(await ben.put(`/rooms/${b}/folder`, { folder: bens }));
    ok(await ben.post(`/rooms/${b}/leave`));
    refused(await ben.put(`/rooms/${b}/folder`, {}), 404, 'not_found');
    ok(await ann.post(`/rooms/${b}/members`, { members: [ben.id] }));
    assert.equal((await listed(ben, b)).folder, undefined);
    assert.deepEqual(wb.seen.filter((e) => e.event === 'room.prefs' && e.data.folder === one), []);
    w.end();
    wb.end();
});

const picture = (name) => fs.readFileSync(path.join(ROOT, 'test/pictures', name));
const system = async (p, r) => ok(await p.get(`/rooms/${r}/messages`)).messages.map((m) => m.content?.system?.what).filter(Boolean);

test('a room of several has a picture that its members change and its members alone fetch', async () => {
    proves('TLK-01');
    const r = await room(ann, '試作会', ben, cho);
    const url = `/rooms/${r}/photo`;
    const w = await ben.socket();
    refused(await ann.get(url), 404, 'not_found');
    const first = ok(await ben.putPhoto(url, photo)).photo;
    assert.ok(first > 0);
    assert.deepEqual((await w.event('room.changed', (e) => e.data.room === r)).data, { room: r, name: '試作会', photo: first });
    const line = (await w.event('talk.message.posted', (e) => e.data.room === r)).data;
    assert.deepEqual([line.kind, line.content.system], ['system', { what: 'photo', actor: ben.id }]);
    assert.equal((await listed(cho, r)).photo, first);
    const got = await cho.get(`${url}?v=${first}`);
    assert.equal(got.status, 200);
    assert.equal(got.header('Content-Type'), 'image/webp');
    assert.equal(got.header('Cache-Control'), 'private, no-cache');
    assert.equal((await cho.get(url, { headers: { 'If-None-Match': got.header('ETag') } })).status, 304);
    const second = ok(await ann.putPhoto(url, picture('webp-lossy'))).photo;
    assert.ok(second > first, 'another address');
    assert.equal((await cho.get(url)).header('Content-Type'), 'image/webp');
    assert.equal((await cho.get(url, { headers: { 'If-None-Match': got.header('ETag') } })).status, 200);
    assert.deepEqual((await ok(await ann.put(`/rooms/${r}`, { name: '試作会 2' }))).photo, second, 'another name leaves it');
    assert.equal((await w.event('room.changed', (e) => e.data.name === '試作会 2')).data.photo, second);
    for (const bad of [photo.subarray(0, photo.length - 30), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')])
        refused(await ann.putPhoto(url, bad), 415, 'not_picture', 'upload');
    refused(await ann.put(url, { upload: '1' }), 404, 'not_found');
    assert.equal((await listed(ann, r)).photo, second);
    // Others are told that there is no such room; who is taken out as well, from the reply on.
    for (const p of [eve, acme.chief]) {
        await p.signIn();
        refused(await p.get(url), 404, 'not_found');
        refused(await p.putPhoto(url, photo), 404, 'not_found');
        refused(await p.delete(url), 404, 'not_found');
    }
    assert.equal((await cho.get(url)).status, 200);
    ok(await ann.post(`/rooms/${r}/remove`, { member: cho.id }));
    refused(await cho.get(url), 404, 'not_found');
    refused(await cho.get(`${url}?v=${second}`, { headers: { 'If-None-Match': `"${r}-${second}"` } }), 404, 'not_found');
    refused(await cho.putPhoto(url, photo), 404, 'not_found');
    refused(await cho.delete(url), 404, 'not_found');
    ok(await ben.post(`/rooms/${r}/leave`));
    refused(await ben.get(url), 404, 'not_found');
    assert.equal(ok(await ann.delete(url)).photo, undefined);
    refused(await ann.get(url), 404, 'not_found');
    ok(await ann.delete(url));
    assert.deepEqual((await system(ann, r)).filter((s) => s.startsWith('photo')), ['photo_removed', 'photo', 'photo']);
    await acme.chief.openConsole();
    const rows = ok(await acme.chief.get('/console/audit/talk?act=talk.room.photo')).rows;
    assert.ok(rows.some((x) => x.actor === ben.id) && rows.some((x) => x.actor === cho.id), 'done and refused');
    w.end();
});

test('of a group its masters, of a unit its leader where that is delegated, and the admins of either; not of talks of two', async () => {
    proves('TLK-01');
    const direct = ok(await ann.post('/rooms', { kind: 'direct', members: [ben.id] })).id;
    refused(await ann.putPhoto(`/rooms/${direct}/photo`, photo), 403, 'denied');
    assert.equal(ok(await ann.get(`/rooms/${direct}`)).may_picture, false);
    const group = await acme.group('店長会', { masters: [ann], members: [ben, acme.chief] });
    const shared = ok(await ann.get(`/groups/${group}`)).group.room;
    refused(await ben.putPhoto(`/rooms/${shared}/photo`, photo), 403, 'denied');
    refused(await ben.delete(`/rooms/${shared}/photo`), 403, 'denied');
    ok(await ann.putPhoto(`/rooms/${shared}/photo`, photo));
    assert.equal((await ben.get(`/rooms/${shared}/photo`)).status, 200);
    refused(await cho.get(`/rooms/${shared}/photo`), 404, 'not_found');
    ok(await acme.chief.delete(`/rooms/${shared}/photo`));
    assert.deepEqual([ok(await ann.get(`/rooms/${shared}`)).may_picture, ok(await ben.get(`/rooms/${shared}`)).may_picture], [true, false]);
    const { chief } = acme;
    await chief.openConsole();
    const unit = ok(await chief.post('/console/units', { name: '大船店', code: 'ofuna' })).id;
    ok(await chief.post(`/console/units/${unit}/members`, { put: [ann, ben, chief].map((p) => ({ member: p.id })) }));
    const record = { name: '大船店', code: 'ofuna', talk: true, note: true, event: true, task: true, folder: true, public: true, notify: false, leader: ann.id };
    ok(await chief.put(`/console/units/${unit}`, { ...record, delegation: false }));
    const shop = ok(await ann.get(`/units/${unit}`)).room;
    refused(await ann.putPhoto(`/rooms/${shop}/photo`, photo), 403, 'denied');
    ok(await chief.put(`/console/units/${unit}`, { ...record, delegation: true }));
    ok(await ann.putPhoto(`/rooms/${shop}/photo`, photo));
    refused(await ben.putPhoto(`/rooms/${shop}/photo`, photo), 403, 'denied');
    ok(await chief.putPhoto(`/rooms/${shop}/photo`, photo));
    assert.equal((await ben.get(`/rooms/${shop}/photo`)).status, 200);
    // Who leaves the unit fetches nothing from the reply on.
    ok(await chief.post(`/console/units/${unit}/members`, { remove: [ben.id] }));
    refused(await ben.get(`/rooms/${shop}/photo`), 404, 'not_found');
});
