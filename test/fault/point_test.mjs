// Fault points of the test build, under load: the writer, the store and the disk fail or die at a named place. A post
// that was refused is repeated under its key and stands once; nothing that was acknowledged is missing; the database is
// whole; the service goes on. The points stand in src/role/tenant_writer.c and src/store/db_tx.c, db_vfs.c.
import { test, assert } from '../lib/test.mjs';
import { until } from '../lib/house.mjs';
import { Load, line, op, startHouse } from './driver.mjs';

const TIMES = 3;

// What the process does there: `refuses` posts with this status and stays, or `ends` and is started again.
const POINTS = [
    { name: 'audit.store', action: 'fail', refuses: 503 },
    { name: 'writer.before_commit', action: 'fail', refuses: 503 },
    { name: 'writer.before_commit', action: 'kill', ends: true },
    { name: 'writer.after_commit', action: 'kill', ends: true },
    { name: 'commit.before', action: 'fail', refuses: 503 },
    { name: 'commit.before', action: 'kill', ends: true },
    { name: 'commit.after', action: 'kill', ends: true },
    { name: 'disk.full', action: 'fail', refuses: 507 },
    { name: 'disk.write', action: 'fail', refuses: 503 },
    { name: 'disk.write', action: 'kill', ends: true },
    { name: 'disk.fsync', action: 'fail', ends: true },
    { name: 'disk.synced', action: 'kill', ends: true },
];

export async function pidOf(house, load) {
    return until('the tenant in health', async () =>
        (await op(house, 'health')).roles.find((r) => r.role === 'tenant' && r.number === load.tenant)?.pid);
}

function refused(load, status) {
    return load.senders.reduce((n, s) => n + (s.refused.get(status) ?? 0), 0);
}

/** Arms the point until it has hit a post: the tenant's own small writes may pass it first. */
async function hit(house, load, point) {
    const pid = await pidOf(house, load);
    const before = refused(load, point.refuses);
    for (let i = 0; i < 10; i++) {
        await op(house, 'test.fault', { name: point.name, n: 1 + i, action: point.action }, house.workgroup);
        await load.everyone(3);
        if (point.ends && (await pidOf(house, load)) !== pid) return true;
        if (point.refuses && refused(load, point.refuses) > before) {
            assert.equal(await pidOf(house, load), pid, `${point.name}: the process stays`);
            return true;
        }
    }
    return false;
}

async function run(points, times) {
    const house = await startHouse();
    let load;
    try {
        load = await Load.begin(house, { senders: 4, rooms: 2 });
        for (const point of points)
            for (let i = 0; i < times; i++) {
                assert.ok(await hit(house, load, point), `${point.name} ${point.action}: never hit`);
                assert.deepEqual(load.anomalies, []);
            }
        const r = await load.end();
        console.log(`${points.length * times} faults; ${line(r)}`);
        assert.deepEqual(r.first, {});
        assert.deepEqual(r.anomalies, []);
        assert.ok(r.acked > 0 && r.acked === r.present && r.acked === r.counted, `${r.acked} of ${r.present}`);
    } finally {
        load?.close();
        await house.remove();
    }
}

test('A01 A03 A29: whatever fails in the writer, the store or the disk, each post stands once with its row', () =>
    run(POINTS, TIMES));

test('A01: what was acknowledged is there when the process dies before COMMIT', () =>
    run([{ name: 'writer.before_commit', action: 'kill', ends: true }], 5));

test('A29: every message has its audit row', () =>
    run([{ name: 'writer.after_commit', action: 'kill', ends: true }], 1));
