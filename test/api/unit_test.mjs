// Org units: who sees them, who is in their rooms, what an admin and a leader change, what is deleted and comes back.
import { House, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000;
const ALL = { talk: true, note: true, event: true, task: true, folder: true };
const RECORD = { ...ALL, description: '', public: true, delegation: false, notify: false };
let house, acme, chief, days = 0;
let serial = 0;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
});
after(() => house.remove());

const codeOf = (r) => r.json?.error?.code;

async function ok(r) {
    const got = await r;
    assert.equal(got.status, 200, got.text);
    return got.json;
}

async function unit(name, parent) {
    const code = `u-${++serial}`;
    return { name, code, id: (await ok(chief.post('/console/units', { name, code, ...(parent ? { parent: parent.id } : {}) }))).id };
}

async function person(login, ...units) {
    const p = await acme.add(login, { family: login });
    await p.signIn();
    if (units.length)
        await ok(chief.put(`/console/members/${p.id}/units`, { units: units.map((u) => ({ unit: u.id })) }));
    return p;
}

const edit = (u, changes) => chief.put(`/console/units/${u.id}`, { ...RECORD, name: u.name, code: u.code, ...changes });
const members = (u, body) => chief.post(`/console/units/${u.id}/members`, body);
const tree = async (q = '') => (await ok(chief.get(`/console/units${q ? `?q=${encodeURIComponent(q)}` : ''}`))).units;
const inTree = async (u) => (await tree()).find((x) => x.id === u.id);
const rooms = async (p) => (await ok(p.get('/rooms'))).rooms;
const room = async (p, u) => (await rooms(p)).find((r) => r.kind === 'unit' && r.name === u.name);
const notices = async (p) => {
    const r = (await rooms(p)).find((x) => x.kind === 'notice');
    return r ? (await ok(p.get(`/rooms/${r.id}/messages`))).messages : [];
};
/** The console's session and the people's stay alive while the days pass. */
async function pass(n) {
    await acme.clock((days += n) * DAY);
    await chief.signIn();
    await chief.openConsole();
}

test('a unit needs a name and an ID of its own; what it does not say are the settings', async () => {
    proves('MEM-16', 'MEM-17', 'MEM-18', 'MEM-19', 'MEM-20');
    const u = await unit('総務部');
    const got = await ok(chief.get(`/console/units/${u.id}`));
    assert.deepEqual({ ...got, id: '' }, { id: '', parent: '0', code: u.code, name: '総務部', description: '', members: 0, people: 0, leader: '0',
        leader_name: '', ...ALL, public: true, delegation: false, notify: true, room: '0' });
    for (const [body, field] of [[{ code: 'x' }, 'name'], [{ name: 'x' }, 'code'], [{ name: ' ', code: 'x' }, 'name'], [{ name: 'x', code: 'ä' }, 'code'],
        [{ name: 'x', code: 'x'.repeat(41) }, 'code'], [{ name: 'x'.repeat(81), code: 'x' }, 'name']]) {
        const r = await chief.post('/console/units', body);
        assert.equal(r.status, 400);
        assert.equal(r.json.error.field, field);
    }
    const twin = await chief.post('/console/units', { name: 'x', code: u.code });
    assert.equal(twin.status, 409);
    assert.equal(codeOf(twin), 'code_taken');
    assert.equal((await chief.post('/console/units', { name: 'x', code: 'x', parent: chief.id })).status, 404);
    const set = (key, value) => ok(chief.put(`/console/settings/${key}`, { value }));
    await set('orgunit.public', 'false');
    await set('orgunit.room.functions', 'talk|folder');
    await set('orgunit.leader_delegation', 'true');
    await set('orgunit.notify_members', 'false');
    const v = await ok(chief.get(`/console/units/${(await unit('法務部')).id}`));
    assert.deepEqual([v.public, v.talk, v.note, v.event, v.task, v.folder, v.delegation, v.notify], [false, true, false, false, false, true, true, false]);
    await set('orgunit.public', 'true');
    await set('orgunit.room.functions', 'talk|note|event|task|folder');
    await set('orgunit.leader_delegation', 'false');
    await set('orgunit.notify_members', 'true');
    const row = (await chief.audit()).find((r) => r.act === 'unit.add' && r.object === u.id);
    assert.ok(row.detail.includes(u.code) && row.actor === chief.id && row.result === 'ok');
});

test('an unpublished unit is found by its people in list, search and suggestions, and by nobody else', async () => {
    proves('MEM-16');
    const top = await unit('役員会'), low = await unit('役員秘書', top), open = await unit('役員車両');
    const insider = await person('insider', low), stranger = await person('stranger', open);
    const seen = async (p) => {
        const answers = [];
        for (const q of ['', '?q=%E5%BD%B9%E5%93%A1', '?q=%E5%BD%B9&limit=20'])
            answers.push((await ok(p.get(`/units${q}`))).units.map((u) => u.name));
        return answers;
    };
    for (const names of [...await seen(insider), ...await seen(stranger)])
        assert.ok(['役員会', '役員秘書', '役員車両'].every((n) => names.includes(n)));
    for (const u of [top, low])
        await ok(edit(u, { public: false }));
    for (const names of await seen(insider))
        assert.ok(['役員会', '役員秘書', '役員車両'].every((n) => names.includes(n)));
    for (const names of await seen(stranger))
        assert.deepEqual(names.filter((n) => n.startsWith('役員')), ['役員車両']);
    for (const path of ['', '/members']) {
        assert.equal((await stranger.get(`/units/${top.id}${path}`)).status, 404);
        assert.equal((await insider.get(`/units/${top.id}${path}`)).status, 200);
    }
    assert.equal((await ok(insider.get(`/units/${open.id}`))).room, '0', 'whoever is not in it is not shown the room');
    assert.equal((await chief.get(`/units/${top.id}`)).status, 404, 'an admin sees it in the console alone');
    assert.equal((await chief.get(`/console/units/${top.id}`)).status, 200);
    assert.ok((await tree()).some((u) => u.name === '役員会' && u.public === false));
});

test('a unit has a room for its people; who leaves it reads nothing from the next request on', async () => {
    proves('MEM-39', 'TLK-01');
    const a = await unit('A課'), b = await unit('B課');
    const p = await person('mover', a), q = await person('stayer', a);
    const ra = await room(p, a);
    assert.ok(ra);
    assert.equal((await q.say(ra.id, 'Aの話')).status, 200);
    assert.equal((await p.get(`/rooms/${ra.id}/messages`)).json.messages[0].text, 'Aの話');
    const ws = await p.socket();
    const r = await ok(chief.put(`/console/members/${p.id}/units`, { units: [{ unit: b.id }] }));
    assert.deepEqual({ role: r.role, permtype: r.permtype, units: r.units.map((u) => [u.name, u.main]) }, { role: 'member', permtype: '0', units: [['B課', true]] });
    assert.equal((await p.get(`/rooms/${ra.id}/messages`)).status, 404);
    assert.equal((await p.say(ra.id, 'noch da?')).status, 404);
    const left = await ws.next((m) => m.event === 'room.left');
    assert.equal(left.data.room, ra.id);
    assert.equal((await q.say(ra.id, 'unter uns')).status, 200);
    assert.equal((await q.get(`/rooms/${ra.id}`)).json.member_ids.includes(p.id), false);
    ws.end();
    assert.ok(await room(p, b));
    // A newcomer reads what was said before.
    await ok(members(a, { put: [{ member: p.id, main: true }] }));
    assert.deepEqual((await p.get(`/rooms/${ra.id}/messages`)).json.messages.map((m) => m.text), ['unter uns', 'Aの話']);
    const posts = (await ok(chief.get(`/console/members/${p.id}/units`))).units;
    assert.deepEqual(posts.map((u) => [u.name, u.main]), [['A課', true], ['B課', false]]);
    await ok(members(a, { remove: [p.id] }));
    assert.equal((await p.get(`/rooms/${ra.id}`)).status, 404);
    assert.deepEqual((await ok(chief.get(`/console/members/${p.id}/units`))).units.map((u) => [u.name, u.main]), [['B課', true]]);
    assert.equal((await members(a, { remove: [p.id] })).status, 404);
    const row = (await chief.audit()).find((x) => x.act === 'member.units' && x.object === p.id && x.detail.includes('A課'));
    assert.deepEqual(JSON.parse(row.detail), { old: ['A課'], new: ['B課'] });
});

test('affiliation: what is wrong changes nothing', async () => {
    proves('MEM-39', 'MEM-02');
    const other = await openTenant(house, 'rival');
    await other.chief.signIn();
    await other.chief.openConsole();
    const foreign = (await ok(other.chief.post('/console/units', { name: 'x', code: 'x' }))).id;
    const a = await unit('甲'), b = await unit('乙'), p = await person('fixed', a);
    const put = (units) => chief.put(`/console/members/${p.id}/units`, { units });
    for (const [units, status] of [[[{ unit: foreign }], 404], [[{ unit: b.id, title: foreign }], 404], [[{ unit: b.id }, { unit: b.id }], 400],
        [[{ unit: a.id, main: true }, { unit: b.id, main: true }], 400], [[{ unit: 'x' }], 400]])
        assert.equal((await put(units)).status, status, JSON.stringify(units));
    assert.deepEqual((await ok(chief.get(`/console/members/${p.id}/units`))).units.map((u) => u.name), ['甲']);
    assert.equal((await members(a, { put: [{ member: other.chief.id }] })).status, 404);
    assert.deepEqual((await put([{ unit: a.id }, { unit: b.id, main: true }])).json.units.map((u) => [u.name, u.main]), [['乙', true], ['甲', false]]);
});

test('a deleted member is in no unit and leads none', async () => {
    proves('MEM-42');
    const u = await unit('退職課'), p = await person('leaver', u), q = await person('remainer', u);
    await ok(edit(u, { leader: p.id }));
    const r = await room(q, u);
    await acme.op('member.delete', { member: p.id });
    const now = await ok(chief.get(`/console/units/${u.id}`));
    assert.deepEqual([now.members, now.people, now.leader], [1, 1, '0']);
    assert.deepEqual((await ok(q.get(`/rooms/${r.id}`))).member_ids, [q.id]);
});

test('with talk off the room is closed and nothing is lost; the other functions wait', async () => {
    proves('MEM-17');
    const u = await unit('広報課'), p = await person('press', u);
    const r = await room(p, u);
    assert.equal((await p.say(r.id, '原稿です')).status, 200);
    await ok(edit(u, { talk: false }));
    assert.equal((await p.get(`/rooms/${r.id}/messages`)).status, 404);
    assert.equal((await p.say(r.id, 'zu')).status, 404);
    assert.equal(await room(p, u), undefined);
    const seen = await ok(p.get(`/units/${u.id}`));
    assert.deepEqual([seen.talk, seen.note, seen.event, seen.task, seen.folder, seen.room], [false, false, false, false, false, '0']);
    assert.equal((await ok(chief.get(`/console/units/${u.id}`))).note, true, 'what was chosen is kept');
    const late = await person('late', u);
    await ok(edit(u, {}));
    assert.equal((await p.get(`/rooms/${r.id}/messages`)).json.messages[0].text, '原稿です');
    assert.equal((await ok(late.get(`/rooms/${r.id}`))).member_ids.length, 2);
    assert.equal((await ok(p.get(`/units/${u.id}`))).note, true);
    await ok(edit(u, { name: '広報宣伝課' }));
    assert.equal((await rooms(p)).find((x) => x.id === r.id).name, '広報宣伝課');
});

test('the leader changes the functions of the own unit, and only while it is delegated', async () => {
    proves('MEM-18', 'MEM-21');
    const u = await unit('企画課'), v = await unit('隣の課');
    const lead = await person('lead', u, v), plain = await person('plain2', u);
    const put = (p, to, what) => p.put(`/units/${to.id}/functions`, { ...ALL, ...what });
    const refused = await edit(u, { leader: chief.id });
    assert.equal(refused.status, 400);
    assert.equal(refused.json.error.field, 'leader');
    await ok(edit(u, { leader: lead.id }));
    const off = await put(lead, u, { note: false });
    assert.equal(off.status, 403);
    assert.equal(codeOf(off), 'denied');
    await ok(edit(u, { leader: lead.id, delegation: true, notify: true }));
    assert.equal((await ok(lead.get(`/units/${u.id}`))).may_change, true);
    assert.equal((await ok(plain.get(`/units/${u.id}`))).may_change, false);
    const before = (await notices(plain)).length;
    await ok(put(lead, u, { note: false }));
    assert.equal((await ok(chief.get(`/console/units/${u.id}`))).note, false);
    assert.equal((await notices(plain)).length, before + 1);
    assert.equal((await put(lead, v, { note: false })).status, 403, 'not the own unit');
    assert.equal((await put(plain, u, { note: true })).status, 403);
    assert.equal((await put(chief, u, { note: true })).status, 403, 'an admin uses the console');
    const rows = (await chief.audit()).filter((x) => x.act === 'unit.edit' && x.object === u.id && x.actor === lead.id);
    assert.deepEqual(rows.map((x) => x.result), ['ok', 'denied']);
    assert.deepEqual(JSON.parse(rows[0].detail), { functions: { old: 'talk|note|event|task|folder', new: 'talk|event|task|folder' } });
    assert.equal((await ok(chief.get(`/console/units/${u.id}/members`))).members.find((m) => m.leader).id, lead.id);
    await ok(members(u, { remove: [lead.id] }));
    assert.equal((await put(lead, u, {})).status, 403, 'the right ends with the role');
    assert.equal((await ok(chief.get(`/console/units/${u.id}`))).leader, '0');
});

test('a change of settings is told to each member once; with the notice off to nobody', async () => {
    proves('MEM-19');
    const u = await unit('製造課'), p = await person('worker', u), q = await person('worker2', u), out = await person('outer');
    await ok(edit(u, { notify: true }));
    assert.equal((await notices(p)).length, 0, 'nothing had changed');
    await ok(edit(u, { name: '第一製造課', description: '焼く', notify: true }));
    for (const who of [p, q]) {
        const [n, ...more] = await notices(who);
        assert.match(n.text, /第一製造課/);
        assert.match(n.text, /名前、説明/);
        assert.equal(more.length, 0);
    }
    assert.equal((await notices(out)).length, 0);
    await ok(edit(u, { name: '第二製造課', notify: false }));
    assert.equal((await notices(p)).length, 1);
});

test('search finds by name, ID and member; all units of that member are listed', async () => {
    proves('MEM-20');
    const a = await unit('検索甲'), b = await unit('検索乙');
    const p = await acme.add('kensaku', { family: '東海林', given: '楓', family_reading: 'しょうじ', given_reading: 'かえで' });
    await ok(members(a, { put: [{ member: p.id }] }));
    await ok(members(b, { put: [{ member: p.id }] }));
    for (const q of ['東海林', 'しょうじ', 'ショウジ', '東海林 楓'])
        assert.deepEqual((await tree(q)).map((u) => u.name).sort(), ['検索乙', '検索甲'].sort(), q);
    assert.deepEqual((await tree(b.code)).filter((u) => u.code === b.code).map((u) => u.name), ['検索乙']);
    assert.deepEqual((await tree('索乙')).map((u) => u.name), ['検索乙']);
    assert.deepEqual(await tree('どこにもない'), []);
    assert.equal((await inTree(a)).members, 1);
    const page = await ok(chief.get(`/console/units/${a.id}/members?limit=1`));
    assert.deepEqual([page.members[0].login, page.members[0].main, page.more], ['kensaku', true, false]);
});

test('a move takes everything below with it, tells before whose rooms change, and rooms follow at once', async () => {
    proves('MEM-22');
    const from = await unit('移動元'), to = await unit('移動先'), u = await unit('移動課', from), low = await unit('移動係', u);
    const p = await person('m1', low), q = await person('m2', u, from), stay = await person('m3', to);
    const before = await room(p, from);
    assert.ok(before, 'the people of a unit are those below it too');
    await q.say(before.id, '移動の前');
    const plan = await ok(chief.get(`/console/units/${u.id}/move?parent=${to.id}`));
    assert.deepEqual([plan.leaves.map((x) => x.name), plan.joins.map((x) => x.name), plan.total], [['移動元'], ['移動先'], 2]);
    const by = Object.fromEntries(plan.members.map((m) => [m.id, [m.leaves, m.joins]]));
    assert.deepEqual(by, { [p.id]: [1, 1], [q.id]: [0, 1] });
    assert.equal((await inTree(u)).parent, from.id, 'asking moves nothing');
    await ok(chief.post(`/console/units/${u.id}/move`, { parent: to.id }));
    assert.equal((await p.get(`/rooms/${before.id}/messages`)).status, 404);
    assert.equal((await q.get(`/rooms/${before.id}/messages`)).status, 200);
    for (const who of [p, q, stay])
        assert.equal((await room(who, to))?.members, 3);
    assert.equal((await inTree(low)).parent, u.id);
    for (const [id, parent] of [[u.id, low.id], [u.id, u.id], [to.id, low.id]]) {
        const r = await chief.post(`/console/units/${id}/move`, { parent });
        assert.equal(r.status, 409);
        assert.equal(codeOf(r), 'unit_cycle');
        assert.equal(codeOf(await chief.get(`/console/units/${id}/move?parent=${parent}`)), 'unit_cycle');
    }
    const row = (await chief.audit()).find((x) => x.act === 'unit.move' && x.object === u.id && x.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { parent: { old: from.id, new: to.id } });
    // Order among those of one parent.
    const other = await unit('移動班', to);
    await ok(chief.post(`/console/units/${other.id}/move`, { parent: to.id, before: u.id }));
    const order = (await tree()).filter((x) => x.parent === to.id).sort((x, y) => x.place - y.place).map((x) => x.name);
    assert.deepEqual(order, ['移動班', '移動課']);
    let deep = to;
    for (let i = 2; i <= 10; i++)
        deep = await unit(`深さ${i}`, deep);
    assert.equal(codeOf(await chief.post('/console/units', { name: '11', code: 'eleven', parent: deep.id })), 'unit_depth');
    assert.equal(codeOf(await chief.post(`/console/units/${from.id}/move`, { parent: deep.id })), 'unit_depth');
});

test('a unit with a member anywhere below stays; a deleted one comes back with what was said, until day 30', { timeout: 60_000 }, async () => {
    proves('MEM-23', 'MEM-24');
    const top = await unit('閉鎖店'), child = await unit('閉鎖店 厨房', top), p = await person('closer', child);
    const r = await room(p, top);
    assert.equal((await p.say(r.id, '最後の日です')).status, 200);
    const held = await chief.delete(`/console/units/${top.id}`);
    assert.equal(held.status, 409);
    assert.deepEqual([codeOf(held), held.json.error.count], ['unit_has_members', 1]);
    assert.ok(await inTree(top) && await inTree(child));
    await ok(members(child, { remove: [p.id] }));
    await ok(chief.delete(`/console/units/${top.id}`));
    assert.deepEqual([await inTree(top), await inTree(child)], [undefined, undefined]);
    assert.equal((await chief.get(`/console/units/${child.id}`)).status, 404);
    const row = (await chief.audit()).find((x) => x.act === 'unit.delete' && x.object === top.id && x.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail).units.map((u) => u.name).sort(), ['閉鎖店', '閉鎖店 厨房']);
    const gone = (await ok(chief.get('/console/former-units'))).units.filter((u) => u.name.startsWith('閉鎖店'));
    assert.deepEqual(gone.map((u) => [u.code, u.parent_name]).sort(), [[top.code, ''], [child.code, '閉鎖店']].sort());
    const back = (u) => chief.post(`/console/former-units/${u.id}/restore`);
    const taker = await ok(chief.post('/console/units', { name: '後継店', code: top.code }));
    assert.equal(codeOf(await back(top)), 'code_taken');
    await ok(chief.delete(`/console/units/${taker.id}`));
    await pass(29);
    await ok(back(top));
    assert.equal((await inTree(child)).parent, top.id);
    assert.equal((await back(top)).status, 404, 'it is deleted no more');
    await p.signIn();
    await ok(members(child, { put: [{ member: p.id }] }));
    assert.equal((await p.get(`/rooms/${r.id}/messages`)).json.messages[0].text, '最後の日です');
    await ok(members(child, { remove: [p.id] }));
    await ok(chief.delete(`/console/units/${top.id}`));
    await pass(31);
    assert.equal((await back(top)).status, 404);
    assert.deepEqual((await ok(chief.get('/console/former-units'))).units.filter((u) => u.name.startsWith('閉鎖店')), []);
    for (const u of [top, child])
        await until(`${u.name} to be erased`, async () => (await chief.audit()).some((x) => x.act === 'unit.erase' && x.object === u.id));
});

test('a thousand units are one answer', { timeout: 120_000 }, async () => {
    const big = await openTenant(house, 'big');
    await big.chief.signIn();
    await big.chief.openConsole();
    const parents = [undefined];
    for (let i = 0; i < 1000; i++) {
        const parent = parents[Math.floor(i / 10)];
        parents.push((await ok(big.chief.post('/console/units', { name: `組織${i}`, code: `n${i}`, ...(parent ? { parent } : {}) }))).id);
    }
    const all = (await ok(big.chief.get('/console/units'))).units;
    assert.equal(all.length, 1000);
    const started = performance.now();
    for (let i = 0; i < 20; i++)
        await ok(big.chief.get('/console/units'));
    console.log(`a tree of 1,000 units: ${((performance.now() - started) / 20).toFixed(1)} ms`);
});
