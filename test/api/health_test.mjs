// The processes: who they are, what the kernel lets them do, and that none of them runs by itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, notRoot, proves, test, testUnless, until } from '../lib/test.mjs';

let house, acme, beta, health;
// A build with sanitizers cannot confine itself, and says so; all else holds for it too.
let confined, level;

before(async () => {
    house = await House.start();
    [acme, beta] = [await openTenant(house, 'acme'), await openTenant(house, 'beta')];
    health = await house.op('health');
    confined = !house.program.includes('/asan/');
    level = confined ? 'full' : 'none (sanitizer build)';
});
after(() => house.remove());

const status = (pid) => Object.fromEntries(fs.readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n').map((l) => l.split(/:\s*/, 2)));

testUnless(notRoot, 'no role but the supervisor is root or has a right that is not everybody\'s', async () => {
    if (confined)
        proves('PLT-37');
    const roles = health.roles;
    assert.deepEqual([...new Set(roles.map((r) => r.role))].sort(), tables.processes.map((p) => p.name).filter((n) => !['supervisor', 'media', 'fetch', 'store'].includes(n)).sort());   // those only while a file or a page is read, or sent
    assert.equal(roles.filter((r) => r.role === 'tenant').length >= 2, true);
    assert.equal(health.unanswered, 0);
    const children = fs.readFileSync(`/proc/${house.process.pid}/task/${house.process.pid}/children`, 'utf8').trim().split(' ').map(Number);
    assert.deepEqual(children.sort((x, y) => x - y), roles.map((r) => r.pid).sort((x, y) => x - y), 'health names every process that there is');
    assert.equal(health.supervisor, house.process.pid);
    for (const r of roles) {
        const s = status(r.pid);
        const what = `${r.role} ${r.pid}`;
        for (const kind of ['Uid', 'Gid']) {
            const ids = s[kind].split(/\s+/).map(Number);
            assert.equal(new Set(ids).size, 1, `${what}: ${kind} real, effective, saved and of files are one`);
            assert.ok(ids[0] > 1000, `${what}: ${kind} ${ids[0]}`);
        }
        assert.equal(Number(s.Uid.split(/\s+/)[0]), r.uid, what);
        assert.equal(s.Groups.trim(), '', `${what}: no further group`);
        for (const cap of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
            assert.equal(BigInt(`0x${s[cap]}`), 0n, `${what}: ${cap}`);
        assert.equal(s.NoNewPrivs, '1', what);
        assert.equal(s.Seccomp, confined ? '2' : '0', what);
        for (const t of fs.readdirSync(`/proc/${r.pid}/task`)) {
            const one = status(`${r.pid}/task/${t}`);
            assert.equal(one.Seccomp, s.Seccomp, `${what}: thread ${t}`);
            assert.equal(BigInt(`0x${one.CapEff}`), 0n, `${what}: thread ${t}`);
        }
        const limits = fs.readFileSync(`/proc/${r.pid}/limits`, 'utf8');
        assert.match(limits, /Max core file size +0 +0/, `${what}: no memory in a file`);
        assert.equal(r.sandbox, level, what);
        assert.equal(r.proven, confined, `${what}: what is forbidden was tried and refused`);
    }
    const uids = roles.map((r) => r.uid);
    assert.equal(new Set(uids).size, uids.length, 'each has its own');
    assert.equal(health.uids, 'one each');
});

test('a role started by hand exits with a message and opens nothing', async () => {
    if (confined)
        proves('PLT-37');
    for (const role of tables.processes.map((p) => p.name).filter((n) => n !== 'supervisor')) {
        const r = spawnSync(house.program, ['--role', role], { encoding: 'utf8', timeout: 30_000, cwd: house.dir, stdio: ['ignore', 'pipe', 'pipe'] });
        assert.equal(r.signal, null, role);
        assert.notEqual(r.status, 0, role);
        assert.ok(r.stderr.trim().length > 10, `${role} says why: ${r.stderr}`);
    }
    const r = spawnSync(house.program, ['--role', 'god'], { encoding: 'utf8', timeout: 30_000 });
    assert.notEqual(r.status, 0);
    assert.equal((await house.op('health')).unanswered, 0, 'the house took no notice');
});

testUnless(notRoot, 'a role\'s files are its own', async () => {
    if (confined)
        proves('PLT-37');
    const of = (role) => health.roles.find((r) => r.role === role).uid;
    const owner = (p) => fs.statSync(`${house.dir}/${p}`);
    const rights = { registry: of('control'), keys: of('keyd') };
    for (const [dir, uid] of Object.entries(rights)) {
        assert.equal(owner(dir).uid, uid, dir);
        assert.equal(owner(dir).mode & 0o077, 0, dir);
        for (const f of fs.readdirSync(`${house.dir}/${dir}`))
            assert.equal(owner(`${dir}/${f}`).mode & 0o077, 0, `${dir}/${f}`);
    }
    for (const t of [acme, beta]) {
        const uid = health.roles.find((r) => r.number === t.number).uid;
        const dir = fs.readdirSync(`${house.dir}/tenants`).find((d) => d === t.number);
        assert.ok(dir, 'a folder of its own');
        assert.equal(owner(`tenants/${dir}`).uid, uid);
        assert.equal(owner(`tenants/${dir}`).mode & 0o077, 0);
        for (const f of fs.readdirSync(`${house.dir}/tenants/${dir}`)) {
            assert.equal(owner(`tenants/${dir}/${f}`).uid, uid, f);
            assert.equal(owner(`tenants/${dir}/${f}`).mode & 0o077, 0, f);
        }
    }
    // What a process holds open is of its own folder.
    for (const r of health.roles) {
        const open = fs.readdirSync(`/proc/${r.pid}/fd`).map((n) => fs.readlinkSync(`/proc/${r.pid}/fd/${n}`)).filter((f) => f.startsWith(house.dir) && !f.endsWith('/log.txt'));
        const own = { keyd: 'keys', control: 'registry', tenant: `tenants/${r.number}` }[r.role];
        const strange = open.filter((f) => !own || !f.startsWith(`${house.dir}/${own}`)).filter((f) => !(r.role === 'control' && f.includes('/run')));
        assert.deepEqual(strange, [], r.role);
    }
});

testUnless(notRoot, 'no process names a secret in its arguments or environment', async () => {
    proves('B14.07');
    await acme.chief.signIn();
    const master = fs.readdirSync(`${house.dir}/keys`).map((f) => fs.readFileSync(`${house.dir}/keys/${f}`));
    for (const pid of [house.process.pid, ...health.roles.map((r) => r.pid)])
        for (const file of ['cmdline', 'environ']) {
            const bytes = fs.readFileSync(`/proc/${pid}/${file}`);
            assert.equal(bytes.includes(acme.chief.password), false);
            for (const key of master.filter((k) => k.length >= 16))
                assert.equal(bytes.includes(key.subarray(0, 16)) || bytes.includes(key.subarray(0, 16).toString('hex')), false);
        }
});

test('each process that is killed comes back as confined as before, and the house serves on', { timeout: 120_000 }, async () => {
    if (confined)
        proves('PLT-37');
    await acme.chief.signIn();
    for (const role of ['keyd', 'edge', 'control', 'tenant', 'out']) {
        const now = (await until(async () => {
            const h = await house.op('health');
            return h.unanswered === 0 && h.roles.length === health.roles.length && h;
        }, 'a whole house')).roles;
        const victim = now.find((r) => r.role === role && (role !== 'tenant' || r.number === acme.number));
        process.kill(victim.pid, 'SIGKILL');
        if (role === 'control')
            await until(async () => {
                const { Ctl } = await import('../lib/ctl.mjs');
                house.ctl.close();
                house.ctl = await Ctl.connect(`${house.dir}/run/ctl.sock`);
                return house.op('tenant.list').catch(() => null);
            }, 'control is back');
        if (role === 'tenant')
            await until(async () => (await acme.chief.get('/me')).status === 200, 'the tenant is back');
        const back = await until(async () => {
            const h = await house.op('health').catch(() => ({ roles: [] }));
            return h.roles.find((r) => r.role === role && r.number === victim.number && r.pid !== victim.pid);
        }, `${role} is back`);
        assert.equal(back.sandbox, level, role);
        assert.equal(back.proven, confined, role);
        assert.equal(back.uid, victim.uid, role);
        assert.equal(status(back.pid).Seccomp, confined ? '2' : '0', role);
        const p = acme.chief.elsewhere();
        await until(async () => (await p.trySignIn().catch(() => ({}))).status === 200, `signing in after ${role} was killed`);
    }
});
