// Another master key, and another data key of a company, while members write: whoever dies at whichever step, the old key or the
// new one opens everything, never neither, and no message that was acknowledged is missing or there twice.
//     ENGAWA_KILLS=200 SEED=7 node --test test/fault/key_kill_test.mjs       every step, and so many more at random moments
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { numbers, opThrough, seed } from './driver.mjs';

const KILLS = Number(process.env.ENGAWA_KILLS ?? 0);
const ROTATE = ['keys.rotate.begin', 'keys.rotate.begun', 'keys.rotate.wrapped', 'keys.rotate.wrapped_all', 'keys.rotate.done'].map((name) => ({ role: 'keyd', name }));
const RENEW = [
    ...['renew.piece', 'renew.copied', 'renew.stored', 'renew.named'].map((name) => ({ role: 'tenant', name })),
    ...['keys.promote.kept', 'keys.promote.stored'].map((name) => ({ role: 'keyd', name })),
];
const FEW = new Set(['keys.rotate.begun', 'keys.rotate.wrapped', 'keys.rotate.wrapped_all', 'renew.copied', 'renew.named', 'keys.promote.kept']);
const some = (points) => points.filter((p) => KILLS || FEW.has(p.name));

let house, acme;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    for (let i = 0; i < 6; i++)
        await openTenant(house, `other-${i}`);
    acme = await openTenant(house, 'acme');
    acme.people = [await (await acme.add('ann')).signIn(), await (await acme.add('ben')).signIn()];
    acme.talk = await acme.room('鍵', ...acme.people);
    for (let i = 0; i < 200; i++)
        assert.equal((await acme.people[0].say(acme.talk, `${'Bachstelze '.repeat(200)}${i}`)).status, 200);
});
after(() => house.remove());

const op = (name, body, workgroup) => opThrough(house, name, body, workgroup);

/** Two members write; what is not answered, or refused for a moment, is sent again under its key, as the client does. */
class Load {
    constructor() {
        Object.assign(this, { acked: [], odd: [], going: true, longest: 0, again: 0 });
        this.done = Promise.all(acme.people.map((p, k) => this.write(p, k)));
    }

    async write(p, k) {
        for (let i = 0; this.going; i++) {
            const text = `${Load.n++} ${k}`, key = newKey(), began = performance.now();
            for (;;) {
                let r = null;
                try {
                    r = await p.say(acme.talk, text, key);
                } catch {
                    // the connection went down with a process
                }
                if (r?.status === 200)
                    break;
                if (r && ![401, 429, 500, 502, 503].includes(r.status))
                    this.odd.push(`${r.status} ${r.text}`);
                this.again++;
                await new Promise((resolve) => setTimeout(resolve, 5));
            }
            this.acked.push(text);
            this.longest = Math.max(this.longest, performance.now() - began);
        }
    }

    async more(n) {
        const upto = this.acked.length + n;
        await until('members to be answered', () => this.acked.length >= upto);
    }

    async end() {
        this.going = false;
        await this.done;
        assert.deepEqual(this.odd, []);
        const all = [];
        for (let before;;) {
            const r = await until('the room', async () => {
                const got = await acme.people[0].get(`/rooms/${acme.talk}/messages?limit=100${before ? `&before=${before}` : ''}`);
                return got.status === 200 && got;
            });
            all.push(...r.json.messages.map((m) => m.text));
            if (!r.json.more)
                break;
            before = r.json.messages.at(-1).seq;
        }
        const count = new Map();
        for (const t of all)
            count.set(t, (count.get(t) ?? 0) + 1);
        assert.deepEqual(this.acked.filter((t) => count.get(t) !== 1), [], 'each once');
        return this;
    }
}
Load.n = 0;

const keysFolder = () => path.join(house.dir, 'keys');
const keys = () => fs.readdirSync(keysFolder()).sort();
function command(...args) {
    const p = spawn(house.ctlProgram, ['--data', house.dir, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    p.stderr.on('data', (d) => (err += d));
    return new Promise((resolve) => p.once('exit', (rc) => resolve({ rc, err })));
}
const pidOf = async (role) => {
    const { roles } = await op('health');
    return roles.find((r) => r.role === role && (role !== 'tenant' || `${r.number ?? r.tenant}` === acme.number))?.pid;
};
async function arm(point) {
    if (point.role === 'tenant')
        await op('test.fault', { name: point.name, n: 1, action: 'kill' }, 'acme');
    else
        await op('test.fault', { name: point.name, n: 1, role: point.role });
}
const rotated = () => until('the rotation to end', async () => !(await op('key.state')).rotating);
const renewed = () => until('the renewal to end', async () => !(await op('key.state', { workgroup: 'acme' })).renewing);

/** Every company opens, and the whole house starts anew with what is there. */
async function opens() {
    for (const t of (await op('tenant.list')).tenants) {
        const r = await op('tenant.check', { workgroup: t.workgroup });
        assert.equal(r.whole, true, `${t.workgroup} ${JSON.stringify(r)}\n${r.whole ? '' : house.logText().slice(-3000)}`);
    }
    assert.equal((await op('log.verify')).whole, true);
}

for (const point of some(ROTATE))
    test(`another master key: ${point.role} dies at ${point.name}`, { timeout: 120_000 }, async () => {
        proves('B11.06');
        const l = new Load(), victim = await pidOf(point.role), master = (await op('key.state')).master;
        await l.more(10);
        await arm(point);
        await command('key', 'rotate');
        await rotated();
        assert.notEqual(await pidOf(point.role), victim, 'it has died there');
        if ((await op('key.state')).master === master)           // it died before anything was wrapped: the old one is in use
            assert.equal((await command('key', 'rotate')).rc, 0);
        assert.notEqual((await op('key.state')).master, master);
        await l.more(10);
        await opens();
        await l.end();
        assert.equal(keys().some((f) => /^master\.next$/.test(f)), false, `${keys()}`);
    });

test('another master key: the whole installation dies in between, and comes back with either', { timeout: 120_000 }, async () => {
    proves('B11.06', 'PLT-11');
    const l = new Load();
    await l.more(5);
    await op('key.prepare');
    await op('key.rotate');
    process.kill(house.process.pid, 'SIGKILL');
    await house.ended;
    await rotated();
    await l.more(5);
    await opens();
    await l.end();
});

for (const point of some(RENEW))
    test(`another data key: ${point.role} dies at ${point.name}`, { timeout: 120_000 }, async () => {
        proves('B11.06');
        const l = new Load(), victim = await pidOf(point.role);
        await l.more(10);
        await arm(point);
        const [r] = await Promise.all([command('key', 'renew', 'acme'), until('it to die', async () => {
            const now = await pidOf(point.role);
            return now && now !== victim;
        })]);
        void r;
        await renewed();
        await l.more(10);
        await opens();
        await l.end();
        const own = keys().filter((f) => f.includes(acme.number));
        assert.equal(own.some((f) => f.startsWith('n-')), false, `${own}`);
    });

test('another data key while members write: they are served on, and the file is another one to its last page', { timeout: 120_000 }, async () => {
    proves('B11.06', 'PLT-11');
    const file = path.join(house.dir, 'tenants', acme.number, 'tenant.db');
    const l = new Load();
    await l.more(20);
    const olds = () => keys().filter((f) => f.startsWith(`o-${acme.number}-`)).length, before_ = olds();
    const pages = fs.readFileSync(file);
    assert.equal((await command('key', 'renew', 'acme')).rc, 0);
    await l.more(20);
    await l.end();
    await opens();
    const now = allBytes(path.dirname(file));
    let same = 0;
    for (let at = 4096; at + 64 <= pages.length; at += 4096 * 16)
        if (pages.subarray(at, at + 32).some((b) => b))    // one that was free before it was ever written is nothing
            same += now.find(pages.subarray(at, at + 32)).length;
    assert.equal(same, 0, 'no page of before is there');
    assert.equal(olds(), before_ + 1, 'the key before is kept for older backups');
    console.log(`renewed under load: ${l.acked.length} acknowledged, ${l.again} sent again, the longest wait ${Math.round(l.longest)} ms, ${pages.length} bytes`);
});

test('a backup from before the renewal opens with the newest copy of the keys', { timeout: 120_000 }, async () => {
    proves('PLT-11');
    const place = fs.mkdtempSync(path.join(ROOT, 'build/renewed-'));
    try {
        assert.equal((await command('backup', '--to', place)).rc, 0);
        assert.equal((await command('key', 'renew', 'acme')).rc, 0);
        assert.equal((await command('key', 'rotate')).rc, 0);
        const to = path.join(place, 'back');
        const r = await command('restore', '--from', place, '--to', to);
        assert.equal(r.rc, 0, r.err);
        await house.stop();
        const copy = Object.assign(new House(), { program: house.program, ctlProgram: house.ctlProgram, dir: to, port: house.port, origin: house.origin, ca: house.ca });
        fs.cpSync(path.join(house.dir, 'tls'), path.join(to, 'tls'), { recursive: true });
        await copy.boot();
        assert.equal((await copy.op('tenant.check', { workgroup: 'acme' })).whole, true);
        await copy.stop();
        await house.boot();
    } finally {
        fs.rmSync(place, { recursive: true, force: true });
    }
});

if (KILLS)
    test('killed at random moments', { timeout: 7_200_000 }, async () => {
        const random = numbers(seed), all = ['control', 'keyd', 'tenant'];
        console.log(`seed ${seed}`);
        for (let i = 0; i < KILLS; i++) {
            const l = new Load(), what = i % 2 ? ['key', 'renew', 'acme'] : ['key', 'rotate'];
            await l.more(3);
            const victim = await pidOf(all[Math.floor(random() * all.length)]), running = command(...what);
            await new Promise((resolve) => setTimeout(resolve, random() * 120));
            try {
                process.kill(victim, 'SIGKILL');
            } catch {
                // it made way by itself
            }
            await running;
            await rotated();
            await renewed();
            await l.more(3);
            await opens();
            await l.end();
        }
        console.log(`${KILLS} kills at random moments`);
    });
