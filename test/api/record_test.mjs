// Every act is a row: each operation that has an audit kind is carried out, and its row says who did what, when, from
// where, through which channel and with which result. What an operation refuses leaves a row of the refusal.
import { actingWorld, httpOps, rightCall, send, signedIn, tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

/* Refused even in the super admin's right call: an edit of a built-in role, say. Their row is that of a refusal. */
const MAY_REFUSE = new Set(['builtin_role', 'denied', 'not_found', 'conflict', 'not_yet', 'link_ended', 'external_unavailable', 'invalid_value', 'members_left', 'last_way']);
let house, acme, world, reader;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    ({ acme, reader, world } = await actingWorld(house));
});
after(() => house.remove());

test('each operation with an audit kind leaves its row, and the row says all of it', { timeout: 120_000 }, async () => {
    proves('B12.01', 'AUD-01', 'AUD-07');
    const logOf = Object.fromEntries(tables.audit_kinds.map((k) => [k.id, k.log]));
    /* Hand-overs come last: they take the caller's role away. */
    const late = (o) => Number(o.name.includes('handover'));
    const audited = httpOps.filter((o) => o.audit !== 'none').sort((a, b) => late(a) - late(b));
    const count = {}, refusals = [], unseen = [];
    assert.ok(audited.length > 60, `${audited.length} operations`);
    for (const op of audited) {
        const p = await signedIn(acme.chief).catch((e) => assert.fail(`${op.name}: ${e.message}`));
        if (op.name === 'console.preset.apply')              // so that it has something to change
            await p.put('/console/settings/tenant.time_zone', { value: 'Asia/Seoul' });
        const call = await rightCall(op, p, world);
        const last = (await reader.audit({ limit: 1 }))[0].seq;
        const from = Date.now();
        const r = await send(op, p, call);
        const to = Date.now();
        const code = r.status === 200 ? 'ok' : r.json?.error?.code;
        assert.ok(code === 'ok' || MAY_REFUSE.has(code), `${op.name}: ${r.status} ${r.text.slice(0, 200)}`);
        const row = (await reader.audit({ limit: 50 })).find((x) => x.seq > last && x.act === op.audit && x.result === code);
        if (!row && (code === 'not_found' || late(op))) {
            unseen.push(op.name);                            // gathered with its like, or nothing waited to be handed over
            continue;
        }
        assert.ok(row, `${op.name}: no row of ${op.audit} with ${code}`);
        if (op.who === 'member' || op.who === 'console')
            assert.equal(row.actor, acme.chief.id, `${op.name}: who`);
        const at = Date.parse(row.time);
        assert.ok(at >= from - 1000 && at <= to + 1000, `${op.name}: when, ${row.time}`);
        assert.equal(row.ip, p.client.address, `${op.name}: where`);
        if (op.who !== 'public')
            assert.equal(row.channel, 'W', `${op.name}: by which channel`);
        count[logOf[op.audit]] = (count[logOf[op.audit]] ?? 0) + 1;
        if (code !== 'ok')
            refusals.push(`${op.name} (${code})`);
    }
    const written = new Set(audited.map((o) => logOf[o.audit]));
    /* Each log has its menu; of two the menu has another name. */
    const menuOf = (log) => `audit.${{ adm: 'console', adb: 'address' }[log] ?? log}`;
    const logs = tables.menus.map((m) => m.id).filter((id) => id.startsWith('audit.') && id !== 'audit.download');
    const silent = logs.filter((id) => ![...written].some((l) => menuOf(l) === id));
    assert.equal(logs.length, 17);
    assert.equal(written.size + silent.length, logs.length, `every row stands in one of the logs: ${[...written].join(', ')}`);
    console.log(`rows found: ${Object.entries(count).map(([l, n]) => `${l} ${n}`).join(', ')}; of refusals: ${refusals.join(', ') || 'none'}; without a row: ${unseen.join(', ') || 'none'}; ${silent.length} of ${logs.length} logs no operation writes: ${silent.join(', ') || 'none'}`);
    for (const l of ['adm', 'login', 'talk'])
        assert.ok(count[l] > 0, `the log ${l} has rows`);
    assert.ok(unseen.length <= 4, `acts without a row: ${unseen.join(', ')}`);
    assert.ok(refusals.length <= 6, `the right calls are right: ${refusals.join(', ')}`);
});
