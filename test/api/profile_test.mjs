// The member's own side: what is kept about it, what it changes itself, what colleagues see of it, its photo and status.
import fs from 'node:fs';
import path from 'node:path';
import { httpOps, photo, rightCall, send } from '../lib/calls.mjs';
import { Client } from '../lib/http.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const HOUR = 3_600_000;
let house;

before(async () => {
    house = await House.start();
});
after(() => house.remove());

const picture = (name) => fs.readFileSync(path.join(ROOT, 'test/pictures', name));

async function open(workgroup) {
    const t = await openTenant(house, workgroup);
    t.ann = await t.add('ann', { family: '安西', given: '彩' });
    t.ben = await t.add('ben');
    for (const p of [t.chief, t.ann, t.ben])
        await p.signIn();
    await t.chief.openConsole();
    t.set = async (key, value) => {
        const r = await t.chief.put(`/console/settings/${key}`, { value });
        assert.equal(r.status, 200, r.text);
    };
    return t;
}

const denied = (r, code, status) => {
    assert.equal(r.status, status, r.text);
    assert.equal(r.json.error.code, code);
};
const own = async (p) => Object.fromEntries((await p.get('/me/data')).json.fields.map((f) => [f.field, f]));
/** All that members are told in their service notices. */
const notices = async (p) => {
    const room = (await p.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
    return room ? (await p.get(`/rooms/${room.id}/messages`)).json.messages.map((m) => m.text) : [];
};

const FILLED = {
    nickname: 'あやちゃん', employee_number: 'E-4711', language: 'ja', phone: '+81467123456', mobile: '+819012345678',
    private_mail: 'aya@example.jp', workplace: '大船店', duties: '卸営業', sns: '@aya', birthday: '1990-02-28', join_date: '2020-04-01',
    related_contact: '安西 父 0467-00-0000',
};
const ALL_BY_MEMBER = 'nickname:member,photo:member,language:member,*:member';

test('a member changes the fields that members fill in, and no other; a refusal changes nothing', async () => {
    proves('MEM-05');
    const t = await open('fields');
    assert.equal((await t.ann.put('/me/profile', { nickname: 'あや', language: 'ja' })).status, 200);
    assert.equal((await own(t.ann)).nickname.value, 'あや');
    for (const [field, value] of Object.entries(FILLED).filter(([f]) => f !== 'nickname' && f !== 'language')) {
        denied(await t.ann.put('/me/profile', { [field]: value }), 'denied', 403);
        assert.equal((await own(t.ann))[field].value, '', field);
        assert.equal((await own(t.ann))[field].by, 'admin', field);
    }
    denied(await t.ann.put('/me/profile', { nickname: 'ほか', join_date: '2020-04-01' }), 'denied', 403);
    assert.equal((await own(t.ann)).nickname.value, 'あや', 'all or nothing');
    for (const field of ['family', 'given', 'login', 'role', 'grade', 'photo'])
        denied(await t.ann.put('/me/profile', { [field]: 'x' }), 'invalid_value', 400);

    await t.set('member.field.editable', 'nickname:admin,photo:admin,language:admin,join_date:member,*:admin');
    denied(await t.ann.put('/me/profile', { nickname: 'ほか' }), 'denied', 403);
    denied(await t.ann.put('/me/profile', { language: 'en' }), 'denied', 403);
    denied(await t.ann.putPhoto('/me/photo', photo), 'denied', 403);
    assert.equal((await t.ann.put('/me/profile', { join_date: '2020-04-01' })).status, 200);
    assert.deepEqual((await own(t.ann)).join_date, { field: 'join_date', value: '2020-04-01', by: 'member', shown: false });
    await t.set('member.field.editable', 'nickname:unused,photo:unused,*:member');
    denied(await t.ann.put('/me/profile', { nickname: 'ほか' }), 'denied', 403);
    denied(await t.ann.putPhoto('/me/photo', photo), 'denied', 403);
    assert.equal((await own(t.ann)).nickname.by, 'unused');
    assert.equal((await t.ann.put('/me/profile', { phone: '+81467123456' })).status, 200);
    denied(await t.ann.put('/me/profile', { birthday: '2023-02-30' }), 'invalid_value', 400);
    assert.equal((await t.ann.put('/me/profile', {})).status, 200);

    const rows = (await t.chief.audit()).filter((r) => r.act === 'me.profile' && r.result === 'ok');
    assert.deepEqual(JSON.parse(rows.at(-1).detail), { fields: ['nickname'] }, 'names of what changed, no values');
});

test('the own data hold every field that is stored, with who fills it; a correction is asked of all admins of members', async () => {
    proves('MEM-07');
    const t = await open('own');
    await t.set('member.field.editable', ALL_BY_MEMBER);
    assert.equal((await t.ann.put('/me/profile', FILLED)).status, 200);
    await t.set('member.field.editable', 'nickname:member,photo:member,language:member,sns:unused,*:admin');
    const data = await own(t.ann);
    for (const [field, value] of Object.entries(FILLED))
        assert.equal(data[field].value, value, field);
    assert.equal(data.sns.by, 'unused', 'what is left from before is told too');
    assert.equal(data.phone.by, 'admin');
    assert.equal(data.nickname.by, 'member');
    assert.deepEqual([data.family.value, data.given.value, data.login.value, data.role.value], ['安西', '彩', 'ann', 'member']);
    assert.ok(Math.abs(Date.parse(data.made.value) - Date.now()) < 60_000);
    for (const kept of ['start', 'seen', 'leave_from', 'leave_until', 'password_set', 'presence', 'devices', 'browsers', 'accesses', 'app_suspended', 'grade', 'permtype', 'photo'])
        assert.equal(typeof data[kept].value, 'string', kept);
    assert.equal(data.sessions.value, '1');

    const operator = await t.add('operator', { role: 'operator' }), sub = await t.add('sub', { role: 'sub' });
    for (const p of [operator, sub])
        await p.signIn();
    assert.equal((await sub.put('/me/profile', { language: 'en' })).status, 200);
    assert.equal((await t.ann.post('/me/correction', { field: 'phone', text: '内線が変わりました。\n新しい番号は 0467-99-9999 です。' })).status, 200);
    for (const p of [t.chief, operator]) {
        const [text] = await notices(p);
        assert.match(text, /安西 彩さん.*修正を依頼/);
        assert.match(text, /電話番号/);
        assert.match(text, /0467-99-9999/);
    }
    assert.match((await notices(sub))[0], /Field: phone/, 'in the language of who reads it');
    for (const p of [t.ann, t.ben])
        assert.deepEqual(await notices(p), []);
    const row = (await t.chief.audit()).find((r) => r.act === 'me.correction');
    assert.deepEqual([row.actor, JSON.parse(row.detail)], [t.ann.id, { field: 'phone' }]);
    denied(await t.ann.post('/me/correction', { field: 'salary', text: 'x' }), 'invalid_value', 400);
    denied(await t.ann.post('/me/correction', { field: 'phone', text: '' }), 'invalid_value', 400);
});

test('the language of the account is that of every answer, at once and in all sessions', async () => {
    proves('OVR-05');
    const t = await open('tongue');
    const phone = t.ann.elsewhere();
    await phone.signIn();
    const ws = await phone.socket();
    const message = async (p, headers) => (await p.get('/rooms/12', { headers })).json.error.message;
    assert.match(await message(t.ann), /見つかりませんでした/);
    assert.match(await message(t.ann, { 'Accept-Language': 'en' }), /見つかりませんでした/, 'the account decides, not the browser');
    assert.equal((await t.ann.put('/me/profile', { language: 'en' })).status, 200);
    for (const p of [t.ann, phone])
        assert.match(await message(p, { 'Accept-Language': 'ja' }), /does not exist/);
    assert.match((await ws.call('room.read', { room: '12' })).error.message, /does not exist/);
    assert.equal((await t.ann.get('/me')).json.language, 'en');
    assert.match(await message(t.ben), /見つかりませんでした/);
    assert.equal((await phone.put('/me/profile', { language: 'ja' })).status, 200);
    assert.match(await message(t.ann), /見つかりませんでした/);
    ws.end();
});

test('a photo is kept as the picture alone, seen by colleagues, kept privately by its tag, and hidden where the tenant says so', async () => {
    proves('MEM-06');
    const t = await open('photo');
    const url = `/members/${t.ann.id}/photo`;
    denied(await t.ben.get(url), 'not_found', 404);
    assert.equal((await t.ann.putPhoto('/me/photo', picture('jpeg-exif'))).status, 200);
    const got = await t.ben.get(url);
    assert.equal(got.status, 200);
    assert.equal(got.header('Content-Type'), 'image/webp');
    assert.equal(got.header('X-Content-Type-Options'), 'nosniff');
    assert.match(got.header('Cache-Control'), /private/);
    assert.ok(picture('jpeg-exif').includes('canary') && !got.body.includes('canary'), 'what the camera wrote is gone');
    const tag = got.header('ETag');
    assert.equal((await t.ben.get(url, { headers: { 'If-None-Match': tag } })).status, 304);
    assert.equal((await t.ann.putPhoto('/me/photo', photo)).status, 200);
    const next = await t.ben.get(url, { headers: { 'If-None-Match': tag } });
    assert.equal(next.status, 200);
    assert.notEqual(next.header('ETag'), tag);
    assert.ok((await own(t.ann)).photo.value);

    denied(await t.ann.putPhoto('/me/photo', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 'not_picture', 415);
    denied(await t.ann.put('/me/photo', { type: 'image/png', data: 'PHN2Zz4' }), 'invalid_value', 400);
    assert.equal((await t.ben.get(url)).header('ETag'), next.header('ETag'), 'a refused one changes nothing');

    await t.set('member.field.visible', 'name|unit|title|grade|phone');
    denied(await t.ben.get(url), 'not_found', 404);
    denied(await t.ben.get(url, { headers: { 'If-None-Match': next.header('ETag') } }), 'not_found', 404);
    assert.equal((await t.ann.get('/me/photo')).status, 200, 'one sees oneself');
    assert.equal((await t.chief.get(`/console${url}`)).status, 200, 'and so do the admins of members');
    await t.set('member.field.visible', 'name|photo');
    assert.equal((await t.ben.get(url)).status, 200);

    // The admins' way: the same checks, and nobody with more reach than they have.
    const sub = await t.add('sub', { role: 'sub' });
    await sub.signIn();
    await sub.openConsole();
    assert.equal((await sub.putPhoto(`/console${url}`, picture('webp-alpha'))).status, 200);
    assert.notEqual((await t.ben.get(url)).header('ETag'), next.header('ETag'));
    denied(await sub.putPhoto(`/console/members/${t.chief.id}/photo`, photo), 'denied', 403);
    denied(await sub.putPhoto(`/console${url}`, Buffer.from('x')), 'not_picture', 415);
    assert.equal((await sub.delete(`/console${url}`)).status, 200);
    denied(await t.ben.get(url), 'not_found', 404);
    const rows = (await t.chief.audit()).filter((r) => r.act === 'member.photo' && r.result === 'ok');
    assert.deepEqual(rows.map((r) => [r.actor, r.object]), [[sub.id, t.ann.id], [sub.id, t.ann.id]]);
    assert.equal((await t.ann.putPhoto('/me/photo', photo)).status, 200);
    assert.equal((await t.ann.delete('/me/photo')).status, 200);
    denied(await t.ben.get(url), 'not_found', 404);
});

/** Every answer that a member can get of operations that read, as one text; those of the console are not the member's. */
async function walk(p, world) {
    const answers = {};
    for (const op of httpOps.filter((o) => o.method === 'GET' && o.who === 'member' && !/^me\./.test(o.name))) {
        const r = await send(op, p, await rightCall(op, p, world));
        answers[op.name] = `${r.head}\n${r.text}`;
    }
    return answers;
}

/** A published unit, a title in it, a grade and a permission type, all held by ann; ben is in a unit of his own. */
async function plant(t) {
    const made = async (path, body) => {
        const r = await t.chief.post(path, body);
        assert.equal(r.status, 200, r.text);
        return r.json.id;
    };
    const held = { unit: '帆布加工課', title: '裁断主任', grade: '七等級', permtype: '内勤嘱託型' };
    const unit = await made('/console/units', { name: held.unit, code: 'canvas' });
    const own = await made('/console/units', { name: '染色課', code: 'dye' });
    const title = await made('/console/labels', { kind: 'title', name: held.title });
    const grade = await made('/console/labels', { kind: 'grade', name: held.grade });
    const permtype = await made('/console/labels', { kind: 'permtype', name: held.permtype });
    await made(`/console/units/${unit}/members`, { put: [{ member: t.ann.id, title }] });
    await made(`/console/units/${own}/members`, { put: [{ member: t.ben.id }, { member: t.chief.id, title }] });
    for (const key of ['grade', 'permtype'])
        await t.set(`member.${key}.enabled`, 'true');
    const r = await t.chief.put(`/console/members/${t.ann.id}`, { grade, permtype });
    assert.equal(r.status, 200, r.text);
    const edited = { description: '', talk: true, note: true, event: true, task: true, folder: true, delegation: false, notify: false, public: true };
    assert.equal((await t.chief.put(`/console/units/${unit}`, { ...edited, name: held.unit, code: 'canvas', leader: t.ann.id })).status, 200);
    assert.equal((await t.chief.put(`/console/units/${own}`, { ...edited, name: '染色課', code: 'dye', leader: t.chief.id })).status, 200);
    return { held, unit, own };
}

test('units, titles and grades that the tenant hides or does not use are in no answer to members', async () => {
    proves('MEM-06', 'MEM-32', 'MEM-33', 'MEM-34', 'MEM-35', 'B5.11');
    const t = await open('planted');
    const { held, unit, own: mine } = await plant(t);
    const room = await t.room('間', t.ann, t.ben, t.chief);
    const inUnit = { victim: t.ann, room, device: t.ben, unit };
    const VISIBLE = ['name', 'unit', 'title', 'grade'];
    const show = (...fields) => t.set('member.field.visible', fields.join('|'));
    /* Which operations tell the word. */
    const tellers = async (word, world = inUnit) => Object.entries(await walk(t.ben, world)).filter(([, text]) => text.includes(word)).map(([name]) => name);
    const profile = async () => (await t.ben.get(`/members/${t.ann.id}`)).json;
    const listed = async (id) => (await t.ben.get(`/units/${id}/members`)).json.members?.map((m) => m.id);

    // The twin: all that is shown and used is there, and nothing of the permission type ever.
    await show(...VISIBLE);
    assert.deepEqual(await tellers(held.unit), ['member.read', 'unit.list', 'unit.read']);
    assert.deepEqual(await tellers(held.title), ['member.read', 'unit.people']);
    assert.deepEqual(await tellers(held.grade), ['member.read']);
    assert.deepEqual(await tellers(held.permtype), []);
    assert.deepEqual((await profile()).units, [{ unit, name: held.unit, title_name: held.title }]);
    assert.equal((await profile()).grade_name, held.grade);
    assert.deepEqual(await listed(unit), [t.ann.id]);
    assert.equal((await t.ben.get(`/units/${unit}`)).json.leader, t.ann.id);

    for (const field of ['title', 'grade']) {
        await show(...VISIBLE.filter((f) => f !== field));
        assert.deepEqual(await tellers(held[field]), [], `${field} is hidden`);
        assert.ok((await tellers(held.unit)).length, `only ${field} is`);
        await show(...VISIBLE);
        await t.set(`member.${field}.enabled`, 'false');
        assert.deepEqual(await tellers(held[field]), [], `${field} is not used`);
        await t.set(`member.${field}.enabled`, 'true');
        assert.ok((await tellers(held[field])).length);
    }
    await show('name', 'title', 'grade');
    for (const word of [held.unit, held.title])
        assert.deepEqual(await tellers(word), [], word);
    assert.deepEqual((await profile()).units, []);
    assert.deepEqual((await t.ben.get('/units')).json.units, []);
    for (const path of [`/units/${unit}`, `/units/${unit}/members`])
        denied(await t.ben.get(path), 'not_found', 404);
    // One's own unit has a room; who else belongs to it the address book does not tell.
    const seen = (await t.ben.get(`/units/${mine}`)).json;
    assert.deepEqual([seen.name, seen.leader, seen.leader_name], ['染色課', '0', '']);
    assert.deepEqual(await listed(mine), []);
    assert.deepEqual(await tellers(held.title, { ...inUnit, unit: mine }), []);
    assert.equal((await t.chief.get(`/units/${mine}`)).json.leader, t.chief.id, 'a leader knows that it is one');
    assert.deepEqual((await t.chief.get(`/units/${mine}/members`)).json.members, [], 'an admin who asks as a colleague is one');
    assert.equal((await t.chief.get(`/console/units/${mine}/members`)).json.members.length, 2, 'and the admins see all');
    for (const word of Object.values(held))
        assert.equal((await t.ben.get(`/members?q=${encodeURIComponent(word)}`)).json.total, 0, word);
    await show(...VISIBLE);
    assert.equal((await listed(mine)).length, 2);
    assert.equal((await t.ben.get(`/units/${mine}`)).json.leader, t.chief.id);
});

test('what the tenant hides is in no answer to members, in no search, and cannot be told from what nobody filled in', async () => {
    proves('MEM-06', 'B5.11', 'ADB-08', 'ADB-09', 'ADB-11', 'ADB-12');
    const t = await open('hidden');
    const canary = (field) => FILLED[field];
    await t.set('member.field.editable', ALL_BY_MEMBER);
    assert.equal((await t.ann.put('/me/profile', FILLED)).status, 200);
    const room = await t.room('間', t.ann, t.ben, t.chief);
    const world = { victim: t.ann, room, device: t.ben };
    await t.set('member.field.visible', 'phone');
    const hidden = Object.keys(FILLED).filter((f) => f !== 'phone' && f !== 'language');
    const answers = await walk(t.ben, world);
    assert.ok(Object.keys(answers).length >= 5);
    answers['search'] = (await t.ben.get(`/members/${t.ann.id}`)).text;
    assert.ok(answers['search'].includes(canary('phone')), 'the twin: what is shown is there');
    let cells = 0;
    for (const [name, text] of Object.entries(answers))
        for (const field of hidden) {
            for (const word of field === 'birthday' ? [canary(field), '02-28'] : [canary(field)])
                assert.ok(!text.includes(word), `${name}: ${field}`);
            if (field === 'birthday')
                assert.doesNotMatch(text, /(?<!\d)1990(?!\d)/, `${name}: a year, not a part of an id`);
            cells++;
        }
    for (const field of hidden) {
        const found = (await t.ben.get(`/members?q=${encodeURIComponent(canary(field))}`)).json;
        assert.deepEqual([found.members, found.total], [[], 0], `search by ${field}`);
        cells++;
    }
    assert.equal((await t.ben.get(`/members?q=${encodeURIComponent('安西')}`)).json.members.length, 1);
    // By event as well: what somebody says does not carry more of a person than its name.
    const ws = await t.ben.socket();
    await t.ann.say(room, 'おはようございます');
    const event = JSON.stringify(await ws.event('talk.message.posted'));
    for (const field of hidden)
        assert.ok(!event.includes(canary(field)), field);
    ws.end();

    // Shown by the address book's own settings: month and day of a birthday, never its year.
    for (const key of ['show_private_mail', 'show_mobile', 'show_join_date', 'show_birthday'])
        await t.set(`addressbook.member.${key}`, 'true');
    const seen = (await t.ben.get(`/members/${t.ann.id}`)).text;
    for (const field of ['private_mail', 'mobile', 'join_date'])
        assert.ok(seen.includes(canary(field)), field);
    assert.ok(seen.includes('02-28') && !/(?<!\d)1990(?!\d)/.test(seen));
    assert.equal((await t.ben.get('/members?q=1990')).json.total, 0);
    console.log(`fields that are hidden: ${cells} cells`);
});

test('what a member says of itself is seen by colleagues and ends by itself', async () => {
    const t = await open('status');
    const of = async () => {
        const r = (await t.ben.get(`/members/${t.ann.id}`)).json.member;
        return [r.presence, r.presence_until];
    };
    const now = Date.now();
    assert.deepEqual(await of(), [undefined, null]);
    assert.equal((await t.ann.put('/me/presence', { text: ' 外出中 17:00まで ', until: now + HOUR })).status, 200);
    assert.deepEqual(await of(), ['外出中 17:00まで', new Date(now + HOUR).toISOString()]);
    const listed = (await t.ben.get('/members')).json.members.find((m) => m.id === t.ann.id);
    assert.equal(listed.presence, '外出中 17:00まで');
    assert.equal((await own(t.ann)).presence.value, '外出中 17:00まで');
    for (const bad of [{ text: 'あ'.repeat(61) }, { text: 'x', until: now - 1 }, { text: 'x', until: now + 400 * 24 * HOUR }, { text: 'a\nb' }, {}])
        denied(await t.ann.put('/me/presence', bad), 'invalid_value', 400);
    assert.equal((await of())[0], '外出中 17:00まで');
    await t.clock(HOUR - 60_000);
    assert.equal((await of())[0], '外出中 17:00まで');
    await t.clock(HOUR + 60_000);
    assert.deepEqual(await of(), [undefined, null]);
    assert.equal((await own(t.ann)).presence.value, '');
    assert.equal((await t.ann.put('/me/presence', { text: '在宅' })).status, 200);
    assert.deepEqual(await of(), ['在宅', null]);
    assert.equal((await t.ann.put('/me/presence', { text: '' })).status, 200);
    assert.deepEqual(await of(), [undefined, null]);
});

test('sessions of two tenants in one browser: each address answers for its own tenant, and one log-out leaves the other', async () => {
    proves('OVR-10');
    const [a, b] = [await open('side-a'), await open('side-b')];
    const browser = new Client(house);
    const at = (t, rest) => `/t/${t.number}${rest}`;
    for (const t of [a, b]) {
        const p = t.ann.elsewhere();
        p.client = browser;
        await p.signIn();
    }
    const me = async (t) => (await browser.get(at(t, '/me'))).json;
    assert.deepEqual([(await me(a)).id, (await me(b)).id], [a.ann.id, b.ann.id]);
    assert.deepEqual([(await me(a)).tenant, (await me(b)).tenant], [a.number, b.number]);
    denied(await browser.get(at(a, `/members/${b.ann.id}`)), 'not_found', 404);
    const crossed = new Client(house);
    crossed.cookies.set(`__Host-sid-${a.number}`, browser.cookies.get(`__Host-sid-${b.number}`));
    denied(await crossed.get(at(a, '/me')), 'session_ended', 401);
    assert.equal((await browser.delete(at(a, '/session'))).status, 200);
    denied(await browser.get(at(a, '/me')), 'session_ended', 401);
    assert.equal((await me(b)).id, b.ann.id);
    for (const [page, status] of [[`/t/${a.number}/app`, 200], [`/t/${a.number}/app/talk/5`, 200], ['/t/x/app', 401]])
        assert.equal((await browser.get(page)).status, status, page);
});
