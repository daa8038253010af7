// A29: an act and its audit row stand together or not at all, for every operation of the tables that has an audit kind:
// where the row cannot be stored the act has not happened; and whenever the process dies, both are there or neither.
//     ENGAWA_KILLS=1000 SEED=7 node --test test/fault/catalogue_test.mjs      every operation is killed at, not a few
import { actingWorld, httpOps, rightCall, send, signedIn } from '../lib/calls.mjs';
import { dice } from '../lib/canary.mjs';
import { House, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { seed } from './driver.mjs';

const KILLS = Number(process.env.ENGAWA_KILLS ?? 0) || 12;
/* What moves by itself: who was seen when, what is signed, indexed or looked through. */
const OWN = new Set(['session', 'member', 'audit', 'audit_tree', 'audit_head', 'audit_term', 'chore']);
const AUDIT = ['audit', 'audit_tree'];
let house, acme, world, reader, ops;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    ({ acme, reader, world } = await actingWorld(house));
    world.heir = await (await acme.add('heir', { role: 'sub' })).signIn();
    /* What takes the caller's role away comes last. */
    const late = (o) => Number(o.name.includes('handover')) + Number(o.name === 'me.handover.accept');
    ops = httpOps.filter((o) => o.audit !== 'none').sort((a, b) => late(a) - late(b));
});
after(() => house.remove());

/** Who calls it; of a hand-over the one to whom it is offered. */
async function caller(op) {
    const chief = await signedIn(acme.chief);
    if (!op.name.startsWith('me.handover'))
        return chief;
    await chief.delete('/console/handover');
    assert.equal((await chief.post(`/console/admins/${world.heir.id}/handover`)).status, 200);
    return signedIn(world.heir, { console: false });
}

const fault = (name, action, n = 1) => acme.op('test.fault', { name, n, action });
/** A digest of each table, and of the members what their table says beside when they were seen; that is read at the outer
 * side, since it leaves a row of its own. */
async function tables(side) {
    const members = async () => JSON.stringify((await acme.op('member.all', {})).members.map(({ last_seen, ...m }) => m));
    const first = side === 'before' && await members();
    const out = Object.fromEntries((await acme.op('test.digest')).tables.trimEnd().split('\n').map((l) => l.split(' ')));
    return { ...out, members: first || await members() };
}
const changed = (a, b) => Object.keys({ ...a, ...b }).filter((t) => a[t] !== b[t]);
const acts = (list) => list.filter((t) => !OWN.has(t) && !/_search/.test(t) && !/^search/.test(t));
const rowsAfter = async (seq) => (await (await signedIn(reader)).audit({ limit: 200 })).filter((r) => r.seq > seq);

test('A29: an act whose row cannot be stored has not happened, whichever it is', { timeout: 300_000 }, async () => {
    proves('B12.02', 'AUD-01');
    const idle = [], refused = [];
    for (const op of ops) {
        const p = await caller(op);
        if (op.name === 'console.preset.apply')
            await p.put('/console/settings/tenant.time_zone', { value: 'Asia/Seoul' });
        const call = await rightCall(op, p, world);
        const from = await tables('before');
        await fault('audit.store', 'fail');
        const r = await send(op, p, call).finally(() => fault('audit.store', 'none'));
        const now = await tables();
        assert.equal(r.status, 503, `${op.name}: ${r.text.slice(0, 200)}`);
        assert.equal(r.header('Set-Cookie'), undefined, op.name);
        assert.deepEqual(acts(changed(from, now)), [], `${op.name} was refused and left something`);
        assert.deepEqual(changed(from, now).filter((t) => AUDIT.includes(t)), [], `${op.name} was refused and left a row`);
        // The twin: the same call is done, and there is the row.
        const seq = (await reader.audit({ limit: 1 }))[0].seq, middle = await tables('before');
        const again = await send(op, p, call);
        const after = await tables();
        const row = (await rowsAfter(seq)).find((x) => x.act === op.audit);
        if (again.status !== 200)
            refused.push(`${op.name} ${again.json?.error?.code}`);
        else {
            assert.ok(row, `${op.name}: no row of ${op.audit}`);
            if (op.reads !== 'read' && acts(changed(middle, after)).length === 0)
                idle.push(op.name);
        }
    }
    console.log(`${ops.length} acts without their row; refused anyway: ${refused.join(', ')}; changed only what moves by itself: ${idle.join(', ')}`);
    assert.ok(refused.length <= 10, refused.join(', '));
});

/* The table's caller has colleagues, and is refused: this one may. What it ends is itself, so it is taken back to be looked at. */
test('A29: a cancellation whose row cannot be stored has not happened, and one that happened has its row', { timeout: 120_000 }, async () => {
    proves('B12.02');
    const one = await openTenant(house, 'alone');
    const p = await signedIn(one.chief);
    const call = { workgroup: 'alone', security: true, moved: true, told: true };
    const state = async () => (await house.op('tenant.list')).tenants.find((t) => t.workgroup === 'alone').state;
    const digest = async () => Object.fromEntries((await one.op('test.digest')).tables.trimEnd().split('\n').map((l) => l.split(' ')));
    const from = await digest();
    await one.op('test.fault', { name: 'audit.store', n: 1, action: 'fail' });
    const r = await p.post('/console/cancellation', call).finally(() => one.op('test.fault', { name: 'audit.store', n: 1, action: 'none' }));
    assert.equal(r.status, 503, r.text);
    const now = await digest();
    assert.deepEqual([...acts(changed(from, now)), ...changed(from, now).filter((t) => AUDIT.includes(t))], []);
    assert.equal((await p.get('/me')).status, 200, 'nobody was logged out');
    assert.equal(await state(), 'open');
    assert.equal((await p.post('/console/cancellation', call)).status, 200);
    await until('it is heard', async () => (await state()) === 'closing');
    const back = () => house.ctl.call('tenant.reopen', '', { workgroup: 'alone', reason: 'request', reference: 'a letter' });
    await until('its process has made way, and it is taken back', async () => (await back()).status === 200);
    await until('it is served', async () => (await p.elsewhere().trySignIn()).status === 200);
    p.client.cookies.clear();
    const rows = (await (await signedIn(p)).audit({ limit: 50 })).map((x) => x.act);
    assert.equal(rows.filter((a) => a === 'tenant.close').length, 1);
    assert.equal(rows.filter((a) => a === 'tenant.reopen').length, 1);
});

test('A29: whenever the process dies, an act and its row are both there or neither', { timeout: 7_200_000 }, async () => {
    proves('B12.02', 'AUD-01');
    const next = dice(seed), all = ops.filter((o) => o.reads !== 'read' && !o.name.includes('handover'));
    const chosen = KILLS >= all.length ? all : Array.from({ length: KILLS }, () => all.splice(next(all.length), 1)[0]);
    let both = 0, neither = 0;
    console.log(`seed ${seed}`);
    for (const op of chosen)
        for (const point of ['writer.before_commit', 'writer.after_commit']) {
            let hit, seq, from, call;
            for (let tries = 0; !hit && tries < 12; tries++) {     // a call that changes nothing commits nothing; the house's own work may die first
                const p = await signedIn(acme.chief);
                await signedIn(reader);
                call = await rightCall(op, p, world);
                const pid = await acme.pid();
                [seq, from] = [(await reader.audit({ limit: 1 }))[0].seq, await tables('before')];
                await fault(point, 'kill');
                const r = await send(op, p, call).catch(() => null);    // nobody knows: what is stored tells
                hit = !r || r.status >= 500;
                if (hit)
                    await until(`${op.name}: another process after ${point}`, async () => {
                        await acme.op('tenant.read', {});  // the next one begins when it is needed
                        const now = await acme.pid();
                        return now && now !== pid;
                    });
                else
                    await fault(point, 'none').catch(() => {});
            }
            assert.ok(hit, `${op.name} was never hit at ${point}`);
            await until('it serves', async () => (await reader.get('/me')).status === 200);
            const now = await tables(), row = (await rowsAfter(seq)).find((x) => x.act === op.audit);
            const what = `${op.name} killed at ${point} (seed ${seed})`, left = acts(changed(from, now));
            if (!row)
                assert.deepEqual(left, [], `${what}: an act without its row`);
            if (row && op.name === 'me.password')
                acme.chief.password = call.body.new;
            if (row)
                both++;
            else
                neither++;
            if (point === 'writer.before_commit')
                assert.equal(row, undefined, `${what}: what was not committed has no row`);
        }
    console.log(`${chosen.length} acts, each killed before and after COMMIT: ${both} times both there, ${neither} times neither`);
    assert.ok(both >= chosen.length * 0.6, `${both}`);
    assert.ok(neither >= chosen.length, `${neither}`);
});
