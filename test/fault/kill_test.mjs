// Every role of the installation is killed again and again under load. What was acknowledged is there afterwards: once,
// in its order, audited; the other roles go on; the service is back within the deadline.
//     ENGAWA_KILLS=1000 SEED=7 node --test test/fault/kill_test.mjs      that many at random (make kill N=1000 SEED=7)
import net from 'node:net';
import { test, assert, proves } from '../lib/test.mjs';
import { until } from '../lib/house.mjs';
import { Load, line, numbers, op, seed, startHouse } from './driver.mjs';

const ROLES = ['edge', 'control', 'keyd', 'tenant', 'out', 'supervisor'];
const ROUNDS = 3;
const BETWEEN = 25;                // acknowledgements of each sender between two kills
const BACK_MS = 10_000;            // from the kill until every sender has an acknowledgement again
const kills = Number(process.env.ENGAWA_KILLS ?? 0);

/** Which role is when killed: each three times in turn, or at random. */
function plan() {
    if (!kills) return Array.from({ length: ROUNDS }, () => ROLES).flat();
    const random = numbers(seed);
    return Array.from({ length: kills }, () => ROLES[Math.floor(random() * ROLES.length)]);
}

/** Role to pid; of the tenants' processes the one under load, not the decoy's. */
async function processes(house, tenant) {
    const h = await op(house, 'health');
    const ours = h.roles.filter((r) => r.role !== 'tenant' || r.number === tenant);
    return { supervisor: h.supervisor, ...Object.fromEntries(ours.map((r) => [r.role, r.pid])) };
}

async function killOne(house, load, role, before) {
    const at = performance.now();
    process.kill(before[role], 'SIGKILL');
    if (role === 'supervisor') {
        await house.ended;
        house.ctl.close();
        await house.boot();
    }
    await load.everyone();
    const took = performance.now() - at;
    const after = await until(`a new ${role}`, async () => {
        const now = await processes(house, load.tenant);
        return ROLES.every((r) => now[r]) && now[role] !== before[role] && now;
    });
    return { took, after };
}

test('A01 A20: killed at any moment, the service loses, doubles and misorders nothing', { timeout: kills ? 7_200_000 : 150_000 }, async () => {
    proves('TLK-02');
    const house = await startHouse();
    let load;
    try {
        load = await Load.begin(house);
        if (kills) console.log(`seed ${seed}`);
        const slowest = {};
        let now = await processes(house, load.tenant);
        for (const role of plan()) {
            await load.everyone(BETWEEN);
            const { took, after } = await killOne(house, load, role, now);
            assert.deepEqual(load.anomalies, []);
            assert.ok(took < BACK_MS, `${role}: back after ${took} ms`);
            slowest[role] = Math.max(slowest[role] ?? 0, Math.round(took));
            for (const other of ROLES)
                if (role !== 'supervisor' && other !== role) assert.equal(after[other], now[other], `${other} went down with ${role}`);
            now = after;
        }
        const r = await load.end();
        console.log(`kills ${plan().length}; ${line(r)}; slowest return in ms ${JSON.stringify(slowest)}`);
        assert.deepEqual(r.first, {});
        assert.deepEqual([r.lost, r.doubled, r.misordered, r.unaudited], [0, 0, 0, 0]);
        assert.deepEqual(r.anomalies, []);
        assert.ok(r.acked > 0 && r.acked === r.present && r.acked === r.counted, `${r.acked} of ${r.present}`);
    } finally {
        load?.close();
        await house.remove();
    }
});

test('A20: a start finds the address still held by the edges of a killed supervisor, and gets it', async () => {
    const house = await startHouse();
    const old = net.createServer();
    try {
        await house.stop();
        await new Promise((resolve) => old.listen(house.port, '127.0.0.1', resolve));
        const booted = house.boot();
        await until('a process that tries', () => house.process.pid);
        setTimeout(() => old.close(), 300);
        await booted;
        assert.equal((await op(house, 'health')).supervisor, house.process.pid);
    } finally {
        old.close();
        await house.remove();
    }
});
