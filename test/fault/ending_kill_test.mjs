// The erasure of a company dies at each of its steps, in each process that takes part; after the restart it is completed, and at
// no moment is it half: it can be taken back whole, or nothing opens it any more.
//     ENGAWA_KILLS=200 SEED=7 node --test test/fault/ending_kill_test.mjs      so many more, at random moments
import fs from 'node:fs';
import path from 'node:path';
import { Ctl } from '../lib/ctl.mjs';
import { House, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { numbers, opThrough, seed } from './driver.mjs';

const DAY = 86_400_000;
const KILLS = Number(process.env.ENGAWA_KILLS ?? 0);
// Who dies where; `cancel`: while it is being cancelled, else while it is being erased.
const POINTS = [
    { role: 'tenant', name: 'writer.before_commit', cancel: true, none: true },
    { role: 'tenant', name: 'writer.after_commit', cancel: true },
    { role: 'control', name: 'ending.heard', cancel: true },
    { role: 'control', name: 'ending.closed', cancel: true },
    ...['ending.erasing', 'ending.key_gone', 'ending.key_kept', 'ending.files_gone', 'ending.files_kept', 'ending.proof_said'].map((name) => ({ role: 'control', name })),
    ...['keys.erase.said', 'keys.erase.done'].map((name) => ({ role: 'keyd', name })),
    ...['erase.begin', 'erase.file', 'erase.done'].map((name) => ({ role: 'supervisor', name })),
];

/* One of each process always; all of them with ENGAWA_KILLS. */
const FEW = new Set(['writer.after_commit', 'ending.closed', 'ending.key_gone', 'ending.files_gone', 'keys.erase.said', 'erase.file']);
let house, stays, n = 0;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    stays = await openTenant(house, 'stays');
    await stays.chief.signIn();
    stays.talk = await stays.room('残る', stays.chief);
});
after(() => house.remove());

const op = (name, body, workgroup) => opThrough(house, name, body, workgroup);

const keysOf = (t) => fs.readdirSync(path.join(house.dir, 'keys')).filter((f) => f.includes(`-${t.number}`) && !f.endsWith('.new'));
const folder = (t) => path.join(house.dir, 'tenants', t.number);
const stateOf = async (t) => (await op('tenant.list')).tenants.find((x) => x.number === t.number)?.state ?? 'gone';

/** Control may just have died, with the socket by which a slip for the second step is asked for. */
async function tries(t) {
    if (house.ctl.socket.destroyed)
        house.ctl = await Ctl.connect(path.join(house.dir, 'run/ctl.sock'));
    return t.chief.trySignIn();
}

async function cancelled(t) {
    return until('the cancellation', async () => {
        const state = await stateOf(t);
        if (state === 'closing')
            return true;
        if ((await t.chief.get('/me')).status === 401) {
            const r = await tries(t);
            if (r.status !== 200)                            // closed by its own process: control hears of it
                return false;
            await t.chief.openConsole();
        }
        await t.chief.post('/console/cancellation', { workgroup: t.workgroup, security: true, moved: true, told: true });
        return false;
    });
}

async function arm(point, t) {
    if (point.role === 'tenant')
        await op('test.fault', { name: point.name, n: 1, action: 'kill' }, t.workgroup);
    else
        await op('test.fault', { name: point.name, n: 1, role: point.role });
}

async function pid(role, t) {
    const { roles, supervisor } = await op('health');
    return role === 'supervisor' ? supervisor : roles.find((r) => r.role === role && (role !== 'tenant' || `${r.tenant ?? r.number}` === t.number))?.pid;
}

const whole = async (t) => {
    assert.deepEqual(keysOf(t), [`t-${t.number}.key`]);
    assert.ok(fs.existsSync(path.join(folder(t), 'tenant.db')));
};

/** Nothing is left but the record; another company has noticed nothing. */
async function completed(t) {
    const odd = new Set();
    const proof = await until('the proof of erasure', async () => {
        await op('test.clock', { value: 8 * DAY });
        const e = await op('tenant.erasure', { workgroup: t.workgroup });
        const gone = keysOf(t);
        if (e.key_destroyed && `${gone}` !== `x-${t.number}.key`)
            odd.add(`the key is said to be destroyed, and there is ${gone}`);
        if (e.files_removed && fs.existsSync(folder(t)))
            odd.add('the files are said to be removed, and they are there');
        return e.state === 'proven' && e;
    });
    assert.deepEqual([...odd], []);
    assert.equal(await stateOf(t), 'gone');
    assert.equal((await op('tenant.reopen', { workgroup: t.workgroup, reason: 'request', reference: 'x' })).error.code, 'erased');
    assert.equal((await op('log.verify')).whole, true);
    await until('the other company', async () => (await stays.chief.say(stays.talk, `geht weiter ${t.workgroup}`)).status === 200);
    return proof;
}

async function company() {
    await op('test.clock', { value: 0 });
    house.ctl = await until('the operator socket', () => Ctl.connect(path.join(house.dir, 'run/ctl.sock')));
    const t = await openTenant(house, `end-${++n}`);
    await (await t.chief.signIn()).openConsole();
    assert.equal((await t.chief.say(await t.room('間', t.chief), 'Wintergoldhähnchen')).status, 200);
    return t;
}

for (const point of POINTS.filter((p) => KILLS || FEW.has(p.name)))
    test(`${point.role} dies at ${point.name}`, { timeout: 120_000 }, async () => {
        proves('B12.12');
        const t = await company();
        const before = await pid(point.role, t);
        if (point.cancel)
            await arm(point, t);
        await cancelled(t);
        await whole(t);
        if (!point.cancel)
            await arm(point, t);
        const done = point.cancel ? null : await completed(t);
        if (point.cancel) {
            assert.equal((await op('tenant.reopen', { workgroup: t.workgroup, reason: 'request', reference: 'ja' })).was, true);
            await until('it to be open', async () => (await tries(t)).status === 200);
            await t.chief.openConsole();
            await cancelled(t);
            await completed(t);
        } else {
            assert.equal(done.proof.left, 0);
        }
        if (point.role !== 'tenant')
            assert.notEqual(await pid(point.role, t), before, 'it has died there');
    });

test('killed at random moments', { timeout: KILLS ? 7_200_000 : 120_000 }, async () => {
    const random = numbers(seed), all = ['control', 'keyd', 'supervisor'];
    console.log(`seed ${seed}`);
    for (let i = 0; i < (KILLS || 1); i++) {
        const t = await company();
        await cancelled(t);
        const role = all[Math.floor(random() * all.length)], victim = await pid(role, t);
        await op('test.clock', { value: 8 * DAY });
        await new Promise((resolve) => setImmediate(resolve));
        for (let spin = Math.floor(random() * 40); spin > 0; spin--)
            await fs.promises.stat(house.dir);
        process.kill(victim, 'SIGKILL');
        await completed(t);
    }
    console.log(`${KILLS || 1} kills at random moments`);
});
