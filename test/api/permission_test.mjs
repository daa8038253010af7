// Who may do what: every operation by every kind of caller, against test/golden/permissions.txt.
// UPDATE_GOLDEN=1 writes the file anew; what changed in it is then for the reader of the commit.
import fs from 'node:fs';
import path from 'node:path';
import { furnish, httpOps, known, readyDownload, operatorOps, rightCall, send, sendWs, tables } from '../lib/calls.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const golden = path.join(ROOT, 'test/golden/permissions.txt');
let house, acme, world;
const callers = {};

before(async () => {
    house = await House.start({ config: { terms_version: '1' } });
    acme = await openTenant(house, 'acme');
    const roles = { member: 'member', operator: 'operator', sub: 'sub' };
    for (const [name, role] of Object.entries(roles))
        callers[name] = { person: await acme.add(name, { role }) };
    callers.super = { person: acme.chief };
    for (const role of ['operator', 'sub'])
        callers[`${role}+console`] = { person: await acme.add(`c-${role}`, { role }), console: true };
    callers['super+console'] = { person: acme.chief.elsewhere(), console: true };
    callers['custom+console'] = { person: await holder('c-custom', CUSTOM), console: true };
    callers.none = { person: new Person(acme, 'member', callers.member.person.password, callers.member.person.id), nobody: true };
    world = { waits: true, victim: await acme.add('victim'), device: await acme.add('device'), paused: await acme.add('paused', { role: 'operator' }) };
    world.room = await acme.room('皆', ...new Set(Object.values(callers).filter((c) => !c.nobody && c.person.login !== 'chief').map((c) => c.person)), acme.chief);
    world.otherSession = async (p) => {
        const other = p.elsewhere();
        await other.signIn();
        const { sessions } = (await other.get('/sessions')).json;
        other.client.close();
        return sessions.find((s) => s.current).id;
    };
    await world.device.signIn();
    await furnish(world, acme);
    const admin = await ready(callers['super+console']);
    const file = await readyDownload(admin);
    world.download = () => file;
});
after(() => house.remove());

/* A role of the company's own, which reaches a little of each menu, and of the strong ones none but members. */
const CUSTOM = ['member.member', 'service.talk', 'app.bot', 'security.use', 'audit.login', 'stats.storage'];
async function holder(login, menus) {
    const p = await acme.add(login);
    await (await acme.chief.signIn()).openConsole();
    const role = await acme.chief.post('/console/roles', { name: '受付係', menus: menus.map((id) => ({ id })), confirmed: true });
    const given = await acme.chief.put(`/console/admins/${p.id}`, { role: 'custom', custom: role.json.id, confirmed: true });
    assert.equal(given.status, 200, given.text);
    return p;
}

/** The caller as its column says, also after a call that ended something of it. */
async function ready({ person, console, nobody }) {
    if (nobody) {
        person.client.cookies.clear();
        return person;
    }
    if ((await person.get('/me')).json?.id !== person.id) {
        person.client.cookies.clear();
        await person.signIn();
    }
    const adm = `__Host-adm-${acme.number}`;
    if (!console)
        person.client.cookies.delete(adm);
    else if ((await person.get('/console/menu')).status !== 200)
        await person.openConsole();
    return person;
}

const columns = ['none', 'member', 'operator', 'sub', 'super', 'operator+console', 'custom+console', 'sub+console', 'super+console'];
const ALONE = 'super+console, alone';
/** A company of one, which alone may be cancelled: its super admin, and the call. */
async function alone(op) {
    const t = await openTenant(house, 'one');
    await (await t.chief.signIn()).openConsole();
    return [t.chief, await rightCall(op, t.chief, world)];
}
const said = (r) => (r.status < 400 ? `${r.status}` : `${r.status} ${r.json?.error?.code ?? r.error?.code}`);

test('every operation by every kind of caller gives what the table of permissions says', { timeout: 300_000 }, async () => {
    proves('B5.05', 'OVR-01', 'OVR-02');
    assert.deepEqual(known().sort(), httpOps.map((o) => o.name).sort(), 'every operation has a right call, and no other');
    const lines = [];
    let cells = 0, refused = 0;
    const line = (door, op, row) => {
        lines.push(`${door} ${op.name}`);
        for (const c of [...columns, ALONE])
            if (row[c])
                lines.push(`    ${c.padEnd(17)} ${row[c]}`);
        cells += Object.keys(row).length;
        const bad = Object.values(row).filter((v) => v !== '200').length;
        refused += bad;
        return bad;
    };
    for (const op of httpOps) {
        const row = {};
        for (const c of columns) {
            const p = await ready(callers[c]);
            const call = await rightCall(op, p, callers[c].nobody ? { ...world, otherSession: null, waits: false } : world);
            row[c] = said(await send(op, p, call));
            if (op.name === 'console.cancellation' && c === 'super+console')
                row[`${c}, alone`] = said(await send(op, ...(await alone(op))));
        }
        const bad = line('HTTP', op, row);
        assert.ok(bad < Object.keys(row).length, `${op.name}: no caller may do it: its refusals prove nothing`);
    }
    // By WebSocket: only what says so; the operator's own and the console's are as absent as what never was.
    for (const op of tables.ops) {
        const row = {};
        for (const c of columns.filter((x) => x !== 'none')) {
            const p = await ready(callers[c]);
            callers[c].socket = callers[c].socket?.close === null ? callers[c].socket : await p.socket();
            const call = op.method ? await rightCall(op, p, { ...world, otherSession: null, waits: false, device: world.device }) : {};
            row[c] = said(await sendWs(op, callers[c].socket, call));
        }
        line('WS', op, row);
        assert.equal(Object.values(row).every((v) => (op.ws ? v === '200' : v === '404 not_found')), true, `${op.name} ${JSON.stringify(row)}`);
    }
    for (const c of Object.values(callers))
        c.socket?.end();
    console.log(`permissions: ${cells} cells, ${refused} of them refused`);
    const text = `${lines.join('\n')}\n`;
    if (process.env.UPDATE_GOLDEN)
        fs.writeFileSync(golden, text);
    assert.equal(text, fs.readFileSync(golden, 'utf8'), 'UPDATE_GOLDEN=1 writes test/golden/permissions.txt');
});

test('an operator\'s operation is reached by the operator\'s socket alone, and the socket has no others', async () => {
    proves('B5.05');
    const missing = await house.ctl.call('no.such_operation', 'acme', {});
    assert.equal(missing.status, 404);
    let cells = 0;
    for (const op of operatorOps) {
        const there = await house.ctl.call(op.name, 'acme', { no_such_field: 1 });
        assert.notEqual(there.status, 404, op.name);
        cells++;
    }
    for (const op of httpOps) {
        assert.equal((await house.ctl.call(op.name, 'acme', {})).status, 404, op.name);
        cells++;
    }
    const p = await ready(callers['super+console']);
    for (const op of operatorOps)                           // no path leads to them
        for (const path of [`/${op.name}`, `/${op.name.replaceAll('.', '/')}`, `/op/${op.name}`]) {
            assert.equal((await p.post(path, {})).status, 404, path);
            cells++;
        }
    console.log(`operator's operations: ${cells} cells`);
});
