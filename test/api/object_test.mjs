// Ids of things that are not the caller's: other tenants', other types', deleted, never made, not visible. All are the
// same 404 for whoever asks, and nothing changes. And fields that nobody may set.
import { furnish, newInvitation, newInvited, readyDownload, masked, objectOps, httpOps, operatorOps, pathOf, rightCall, send, sendWs, tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, a, b, ids;

async function session(p) {
    const other = p.elsewhere();
    await other.signIn();
    const id = (await other.get('/sessions')).json.sessions.find((s) => s.current).id;
    return { id, other };
}

async function build(workgroup) {
    const t = await openTenant(house, workgroup);
    t.op_ = await t.add('op', { role: 'operator' });
    t.ann = await t.add('ann');
    t.victim = await t.add('victim');
    t.gone = await t.add('gone');
    for (const p of [t.chief, t.op_, t.ann])
        await p.signIn();
    await t.chief.openConsole();
    await t.op_.openConsole();
    t.common = await t.room('全員', t.chief, t.op_, t.ann);
    t.hidden = await t.room('秘密', t.ann, t.victim);
    t.left = await t.room('去る', t.chief, t.ann);
    await t.chief.say(t.left, 'vor dem Gehen');
    await t.op('room.leave', { room: t.left, member: t.chief.id });
    await t.op('member.delete', { member: t.gone.id });
    t.list = (await t.op_.post('/console/imports', { name: 'list.csv', size: 10 })).json.id;
    t.mine = (await session(t.chief)).id;
    t.closed = (await session(t.chief)).id;
    await t.chief.delete(`/sessions/${t.closed}`);
    t.others = (await session(t.ann)).id;
    t.world = { room: t.common, victim: t.victim, paused: await t.add('paused', { role: 'operator' }), otherSession: async (p) => (await session(p)).id };
    await furnish(t.world, t);
    const unit = async (code) => (await t.chief.post('/console/units', { name: code, code })).json.id;
    const template = async (name) => (await t.chief.post('/console/templates', { name, restricts: [] })).json.id;
    [t.template, t.goneTemplate] = [await template('hier'), await template('weg')];
    await t.chief.delete(`/console/templates/${t.goneTemplate}`);
    const label = async (name) => (await t.chief.post('/console/labels', { kind: 'title', name })).json.id;
    [t.unit, t.goneUnit, t.label, t.goneLabel] = [await unit('here'), await unit('gone'), await label('ici'), await label('parti')];
    await t.chief.delete(`/console/units/${t.goneUnit}`);
    await t.chief.delete(`/console/labels/${t.goneLabel}`);
    const role = async (name) => (await t.chief.post('/console/roles', { name, menus: [{ id: 'stats.task' }] })).json.id;
    [t.role, t.goneRole] = [await role('ici'), await role('parti')];
    assert.equal((await t.chief.delete(`/console/roles/${t.goneRole}`)).status, 200);
    [t.invitation, t.invited] = [(await newInvitation(t.world)).id, await newInvited(t.world)];
    [t.goneInvitation, t.goneInvited] = [(await newInvitation(t.world)).id, await newInvited(t.world)];
    assert.equal((await t.chief.delete(`/console/invitations/${t.goneInvitation}`)).status, 200);
    assert.equal((await t.chief.post(`/console/invited/${t.goneInvited}/reject`)).status, 200);
    return t;
}

/** Something of this member's that waits. */
async function waits(p, room) {
    const r = await p.post(`/rooms/${room}/later`, { key: newKey(), text: 'x', due: Date.now() + 3_600_000 });
    assert.equal(r.status, 200, r.text);
    return r.json.id;
}

/** A folder of this member's list. */
async function shelf(p) {
    const r = await p.post('/talk-folders', { name: 'x' });
    assert.equal(r.status, 200, r.text);
    return r.json.folders.at(-1).id;
}

const begun = async (p, room) => (await p.beginUpload(room, 'x', Buffer.from('x'))).json.id;
const sentFile = async (p, room) => (await p.send(room, [['x', Buffer.from('x')]])).json.content.files[0].id;
const exported = async (p, room) => {
    const { id } = (await p.post(`/rooms/${room}/exports`)).json;
    await until(async () => (await p.get(`/rooms/${room}/exports`)).json.exports.every((e) => e.state === 'ready'), 'an export');
    return id;
};
const fileTicket = async (p, room) => (await p.fileUrl(await sentFile(p, room))).split('/').at(-1);

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });  // two thousand calls of one address
    [a, b] = [await build('alpha'), await build('beta')];
    await a.ann.say(a.hidden, 'nicht für alle');
    const file = await readyDownload(a.chief);
    a.world.download = () => file;
    // What each type of object is called for the chief of A: every kind that exists for that type.
    const never = '4611686018427387905';
    ids = {
        room: { 'other tenant': b.common, 'other type': a.victim.id, deleted: a.left, never: '1999999999', 'not visible': a.hidden },
        message: { 'other tenant': (await b.ann.say(b.common, '乙')).json.id, 'other type': a.common, never: String((BigInt(a.common) << 32n) + 999n),
            'not visible': (await a.ann.say(a.hidden, '秘')).json.id, 'room left': String((BigInt(a.left) << 32n) + 1n) },
        session: { 'other tenant': b.mine, 'other type': a.victim.id, deleted: a.closed, never, 'not visible': a.others },
        member: { 'other tenant': b.victim.id, 'other type': a.common, deleted: a.gone.id, never },
        group: { 'other tenant': await b.group('乙', { masters: [b.ann] }), 'other type': a.common, deleted: await a.goneGroup('去', { masters: [a.ann] }), never },
        gone: { 'other tenant': await b.goneGroup('乙', { masters: [b.ann] }), 'other type': a.common, 'not deleted': await a.group('在', { masters: [a.ann] }), never },
        talkfolder: { 'other tenant': await shelf(b.ann), 'other type': a.common, 'not visible': await shelf(a.ann), never },
        later: { 'other tenant': await waits(b.ann, b.common), 'other type': a.common, 'not visible': await waits(a.ann, a.common), never },
        leaver: { 'other tenant': b.gone.id, 'other type': a.common, 'not deleted': a.victim.id, never },
        setting: { 'other type': a.victim.id, never: 'no.such_setting' },
        unit: { 'other tenant': b.unit, 'other type': a.victim.id, deleted: a.goneUnit, never },
        formerunit: { 'other tenant': b.goneUnit, 'other type': a.victim.id, 'not deleted': a.unit, never },
        template: { 'other tenant': b.template, 'other type': a.label, deleted: a.goneTemplate, never },
        label: { 'other tenant': b.label, 'other type': a.unit, deleted: a.goneLabel, never },
        import: { 'other tenant': b.list, 'other type': a.victim.id, never, 'not visible': a.list },
        log: { 'other type': a.victim.id, never: 'no-such-log', 'not yet': 'mail' },
        file: { 'other tenant': await readyDownload(b.chief), 'other type': a.victim.id, never },
        upload: { 'other tenant': await begun(b.ann, b.common), 'other type': a.victim.id, 'not visible': await begun(a.ann, a.common), never },
        stored: { 'other tenant': await sentFile(b.ann, b.common), 'other type': a.victim.id, 'not visible': await sentFile(a.ann, a.hidden), never },
        export: { 'other tenant': await exported(b.ann, b.common), 'other type': a.victim.id, 'not visible': await exported(a.ann, a.common), never },
        ticket: { 'other tenant': await fileTicket(b.ann, b.common), 'other type': a.victim.id, never: 'A'.repeat(88) },
        invitation: { 'other tenant': b.invitation, deleted: a.goneInvitation, 'other type': a.invited, never },
        invited: { 'other tenant': b.invited, deleted: a.goneInvited, 'other type': a.victim.id, never },
        role: { 'other tenant': b.role, deleted: a.goneRole, 'other type': a.victim.id, 'kind of role': 'custom', never: 'no-such-role', 'no admin role': 'member' },
    };
});
after(() => house.remove());

/** Everything of a tenant that a foreign call could have changed. */
async function state(t) {
    const settings = (await t.chief.get('/console/settings')).json;
    /* What a right call prepares for itself (a unit to be led, say) is no change by a refused one. */
    const members = (await t.op('member.all', {})).members.map(({ last_seen, role_paused, unit, units, ...m }) => m);
    const rooms = [];
    for (const r of [t.common, t.hidden])
        rooms.push((await t.ann.get(`/rooms/${r}/messages?limit=100`)).json, (await t.ann.get(`/rooms/${r}`)).json);
    const me = (await t.ann.get('/me')).json, sessions = (await t.ann.get('/sessions')).json.sessions.map((s) => s.id).sort();
    return JSON.stringify({ settings, members, rooms, me, sessions });
}

test('an id that is not the caller\'s gives one 404, whatever it is in truth', { timeout: 120_000 }, async () => {
    proves('B5.01', 'OVR-08', 'PLT-01');
    const before = [await state(a), await state(b)];
    const ws = await a.chief.socket();
    let cells = 0;
    assert.ok(objectOps.length >= 7);
    const types = new Set();
    for (const op of objectOps) {
        assert.ok(ids[op.object], `${op.name}: no ids of type ${op.object}`);
        types.add(op.object);
        const right = await rightCall(op, a.chief, a.world);
        const all = { ...ids[op.object], zero: '0', negative: '-1', huge: '99999999999999999999', 'no id': 'x', spaced: ' 1', percent: '%', path: '../1' };
        let same;
        for (const [kind, object] of Object.entries(all)) {
            const r = await send(op, a.chief, { ...right, object });
            assert.equal(r.status, 404, `${op.name}: ${kind}`);
            same ??= masked(r);
            assert.equal(masked(r), same, `${op.name}: ${kind}`);
            cells++;
            if (!op.ws)
                continue;
            const w = await sendWs(op, ws, { ...right, object });
            assert.equal(w.status, 404, `${op.name} by WebSocket: ${kind}`);
            assert.deepEqual({ ...w.error, ref: '' }, { ...r.json.error, ref: '' });
            cells++;
        }
        // The twin: the same caller, the same call, an id of its own; what it brought along may have gone with the refusals.
        assert.equal((await send(op, a.chief, await rightCall(op, a.chief, a.world))).status, 200, op.name);
        if (op.ws)
            assert.equal((await sendWs(op, ws, await rightCall(op, a.chief, a.world))).status, 200, op.name);
    }
    assert.deepEqual([...types].sort(), Object.keys(ids).sort());
    // A setting out of the role's reach is one that is not visible; its twin is the super admin's.
    const put = objectOps.find((o) => o.object === 'setting');
    const out = { object: 'account.password.min_length', body: { value: '12' } };
    const [hidden, never] = [await send(put, a.op_, out), await send(put, a.op_, { ...out, object: 'no.such_setting' })];
    assert.equal(hidden.status, 404);
    assert.equal(masked(hidden), masked(never));
    assert.equal((await send(put, a.chief, out)).status, 200);
    cells += 2;
    ws.end();
    await a.chief.openConsole();
    assert.equal((await a.chief.post(`/console/members/${a.victim.id}/resume`)).status, 200);
    // What the twins did in A's room is A's own; B is what it was.
    assert.equal(await state(b), before[1]);
    console.log(`ids that are not the caller's: ${cells} cells in ${objectOps.length} operations`);
});

test('in a query and by the operator\'s socket a foreign id is absent as well', async () => {
    proves('B5.01', 'PLT-01');
    const list = async (id) => masked(await a.chief.get(`/console/members?after=${id}`));
    const never = await list('4611686018427387905');
    assert.match(never, /^404\n/);
    for (const id of [b.victim.id, a.gone.id, a.common])
        assert.equal(await list(id), never);
    assert.match(await list(a.victim.id), /^200\n/);

    const before = [await state(a), await state(b)];
    let cells = 0;
    const own = { member: a.victim.id, room: a.common };
    const foreign = { member: b.victim.id, room: b.common };
    const fill = { role: 'operator', password: 'ein gutes Passwort', messages: [], reads: [], kind: 'setup' };
    for (const op of operatorOps) {
        const schema = tables.schemas.find((s) => s.name === op.input);
        const fields = schema?.fields.filter((f) => f.name in own) ?? [];
        for (const f of fields) {
            const body = Object.fromEntries(schema.fields.filter((x) => x.need).map((x) => [x.name, own[x.name] ?? fill[x.name] ?? 'x']));
            const r = await house.ctl.call(op.name, 'alpha', { ...body, [f.name]: foreign[f.name] });
            const gone = op.name === 'talk.import';          // an import of nothing touches no room
            assert.equal(r.status, gone ? 200 : 404, `${op.name}.${f.name}: ${r.text}`);
            cells++;
        }
    }
    await assert.rejects(a.op('room.add', { name: 'x', members: [a.ann.id, b.ann.id] }), (e) => e.status === 400);
    assert.ok(cells >= 6, `${cells}`);
    assert.deepEqual([await state(a), await state(b)], before);
});

test('how long a foreign and an absent id take is reported', async () => {
    proves('B5.01', 'OVR-08');
    const median = async (id) => {
        const ms = [];
        for (let i = 0; i < 200; i++) {
            const t0 = performance.now();
            const r = await a.chief.get(`/rooms/${id}/messages`);
            ms.push(performance.now() - t0);
            assert.equal(r.status, 404);
        }
        return ms.sort((x, y) => x - y)[100];
    };
    const kinds = {};
    for (const [kind, id] of Object.entries(ids.room))
        kinds[kind] = await median(id);
    console.log(`404 for a room, median of 200 in ms: ${Object.entries(kinds).map(([k, v]) => `${k} ${v.toFixed(3)}`).join(', ')}`);
});

test('fields that nobody may set are refused in every write, by every door, and nothing changes', { timeout: 120_000 }, async () => {
    proves('B5.07');
    const extra = { role: 'super', tenant_id: b.number, verified: true, is_admin: 1, __proto__x: {}, 'ROLE': 'super' };
    const ws = await a.chief.socket();
    const message = (await a.chief.say(a.common, 'bleibt')).json.id;
    const [upload, file] = [await begun(a.chief, a.common), await sentFile(a.chief, a.common)];
    const before = [await state(a), await state(b)];
    let cells = 0;
    const writes = httpOps.filter((o) => o.method !== 'GET');
    assert.ok(writes.length >= 14);
    for (const op of writes) {
        const skip = op.name === 'device.session';           // its right body signs in the world's device: none is here
        const right = skip ? { body: { device: '1', time: Date.now(), signature: 'A'.repeat(86) } } : await rightCall(op, a.chief, { ...a.world, otherSession: async () => a.mine, message, upload, file, spare: () => a.victim.id });
        for (const [field, value] of Object.entries(extra)) {
            const r = await send(op, a.chief, { ...right, body: { ...right.body, [field]: value } });
            assert.equal(r.status, 400, `${op.name} with ${field}: ${r.text}`);
            assert.equal(r.json.error.code, 'invalid_value');
            assert.equal(r.json.error.field, op.input ? field : 'body', op.name);
            assert.equal(r.header('Set-Cookie'), undefined);
            cells++;
            if (!op.ws)
                continue;
            const w = await sendWs(op, ws, { ...right, body: { ...right.body, [field]: value } });
            assert.equal(w.status, 400, op.name);
            assert.equal(w.error.field, op.input ? field : 'body', op.name);
            cells++;
        }
        for (const query of ['role=super', `tenant_id=${b.number}`]) {
            const r = await send(op, a.chief, { ...right, query });
            assert.equal(r.status, 400, `${pathOf(op, right)}?${query}`);
            cells++;
        }
    }
    for (const op of operatorOps.filter((o) => o.input))
        for (const field of ['tenant_id', 'verified']) {
            const r = await house.ctl.call(op.name, 'alpha', { [field]: 1 });
            assert.equal(r.status, 400, op.name);
            assert.equal(JSON.parse(r.text).error.field, field, op.name);
            cells++;
        }
    ws.end();
    assert.deepEqual([await state(a), await state(b)], before);
    console.log(`fields that nobody may set: ${cells} cells`);
});
