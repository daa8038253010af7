// A30: a stranger's code in a role's process reaches no file, key, net or process beyond the role's row in the table of
// processes. The test build tries it in each of them (src/role/attack.c); what the row allows is done, all else is refused.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { zip } from '../lib/pictures.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, confined;

before(async () => {
    house = await House.start({ config: { log: 'info' } });
    acme = await openTenant(house, 'acme');
    await openTenant(house, 'beta');
    await acme.chief.signIn();
    confined = !house.program.includes('/asan/');
});
after(() => house.remove());

/* What a row of the table gives. An installation of one user has nothing more: all of this is refused by the kernel whoever
 * the user is. */
const GIVES = {
    'its own folder': ['write in its folder'],
    connects: ['a socket of TCP', 'a socket of TCP over IPv6', 'a socket of UDP', 'a socket of the kernel\'s routes', 'connect to another host'],
};

/** What the process for a file could do: it lives as long as it reads one, and writes it into the log. */
async function media() {
    const room = await acme.room('間', acme.chief);
    const r = await acme.chief.upload(room, 'a.zip', zip([['engawa-attack', Buffer.from('x')]]));
    assert.equal(r.status, 200, r.text);
    const said = [...house.logText().matchAll(/info media: attacks: (.*)/g)].map(([, piece]) => piece).join('');
    return { role: 'media', ...JSON.parse(said) };
}

/** And the one that fetches a page. */
async function fetched() {
    const room = await acme.room('外', acme.chief);
    const r = await acme.chief.post(`/rooms/${room}/messages`, { key: newKey(), text: 'http://93.184.216.34/engawa-attack' });
    assert.equal(r.status, 200, r.text);
    const said = () => [...house.logText().matchAll(/info fetch: attacks: (.*)/g)].map(([, piece]) => piece).join('');
    return { role: 'fetch', ...await until(() => { try { return JSON.parse(said()); } catch { return false; } }, 'what it could do') };
}

/** And the one that speaks with the operator's store, of an installation that has one: nobody needs to answer there. */
async function store() {
    const h = await House.start({ config: { log: 'info' } });
    try {
        const t = await openTenant(h, 'gamma');
        await h.stop();
        await h.gone();
        fs.writeFileSync(path.join(h.dir, 'store.secret'), 'secret\n', { mode: 0o600 });
        for (const [k, v] of Object.entries({ store_endpoint: 'http://127.0.0.1:9', store_bucket: 'files', store_access_key: 'key', store_prefix: 'engawa-attack/' }))
            h.configure(k, v);
        await h.boot();
        const p = await t.chief.signIn();
        assert.equal((await p.upload(await t.room('倉', p), 'a.bin', Buffer.from('x'))).status, 200);
        const said = () => h.logText().split('\n').filter((l) => l.includes('info store: attacks: '));
        const one = () => {
            let text = '';
            for (const l of said()) {
                text += l.slice(l.indexOf('attacks: ') + 9);
                try { return JSON.parse(text); } catch { /* more of it follows */ }
            }
            return null;
        };
        return { role: 'store', ...await until(one, 'what it could do') };
    } finally {
        await h.remove();
    }
}

test('A30: in every role what is not in its row is refused, and what is in it is not', { timeout: 120_000 }, async () => {
    if (!confined)
        return assert.equal((await house.op('health')).roles.every((r) => r.sandbox === 'none (sanitizer build)'), true);
    proves('B14.01', 'PLT-37');
    const { roles } = await house.op('health', { attack: 1 });
    roles.push(await media(), await fetched(), await store());
    assert.deepEqual([...new Set(roles.map((r) => r.role))].sort(), tables.processes.map((p) => p.name).filter((n) => n !== 'supervisor').sort());
    let refused = 0;
    for (const r of roles) {
        const row = tables.processes.find((p) => p.name === r.role);
        const given = [...(GIVES[row.files] ?? []), ...(GIVES[row.network] ?? []), ...({ control: ['read the registry'], keyd: ['read the master key'] }[r.role] ?? [])];
        assert.ok(r.attacks.length >= 55, `${r.role}: ${r.attacks.length} attempts`);
        assert.deepEqual(r.attacks.filter((a) => a.done).map((a) => a.name).sort(), [...given].sort(), `${r.role} can do this`);
        for (const a of r.attacks.filter((x) => !x.done)) {
            refused++;
            assert.ok(['EPERM', 'EACCES'].includes(NAMES[a.errno]), `${r.role}: ${a.name}: errno ${a.errno}`);
        }
        assert.equal(r.sandbox, 'full');
        assert.equal(r.proven, true);
    }
    for (const f of ['/tmp', '/dev/shm', '/var/tmp'])
        assert.equal(fs.existsSync(path.join(f, 'engawa-attack')), false, f);
    assert.equal((await house.op('health')).roles.length, roles.length - 3, 'the processes for a file, a page and the store end with them');
    assert.equal((await acme.chief.get('/me')).status, 200, 'and it goes on serving');
    console.log(`${roles.length} processes, ${roles[0].attacks.length} attempts each: ${refused} refused`);
});
const NAMES = { 1: 'EPERM', 13: 'EACCES' };

test('A30: a call that no role may make ends the process, and another one takes its place', { timeout: 240_000 }, async () => {
    if (!confined)
        return assert.ok(house.program.includes('/asan/'));
    proves('B14.01');
    const find = (h, role, number) => h.roles.find((r) => r.role === role && r.number === number);
    for (const role of ['edge', 'keyd', 'tenant', 'out'])
        for (const attack of role === 'tenant' ? [2, 3, 4] : [2]) {    // 4: by the door of 32-bit programs, which once ended one thread alone
            const number = role === 'tenant' ? acme.number : undefined;
            const old = await until(async () => {
                await acme.op('tenant.read', {});
                return find(await house.op('health'), role, number);
            }, `${role} is there`);
            await house.op('health', { attack, by: role });
            const now = await until(async () => {
                await acme.op('tenant.read', {}).catch(() => {});
                const there = find(await house.op('health').catch(() => ({ roles: [] })), role, number);
                return there && there.pid !== old.pid && there;
            }, `another ${role} after attempt ${attack}`);
            assert.equal(now.proven, true, role);
        }
    assert.equal((house.logText().match(/system call \d+ is not allowed/g) ?? []).length >= 4, true, 'the log names the calls');
});

test('A30: strict refuses to start where something is missing, and says what', { timeout: 60_000 }, async () => {
    proves('B14.01');
    // A whole one starts: strict asks for no more than this kernel has. One without Landlock does not.
    const s = await House.start({ config: { sandbox: 'strict' } }).catch((e) => e);
    if (!confined) {                                       // its doors may have been open for a moment
        const said = s instanceof Error ? s.message : (await s.ended, s.logText());
        assert.match(said, /sandbox = strict, but this machine offers only the level "none \(sanitizer build\)"/);
        return s instanceof Error ? undefined : s.remove();
    }
    assert.deepEqual([...new Set((await s.op('health')).roles.map((r) => r.sandbox))], ['full']);
    await s.stop();
    // Under a filter that hides Landlock, as an older kernel would.
    const child = spawn('python3', ['-c', HIDE, s.program, '--data', s.dir], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (d) => (said += d));
    const code = await new Promise((resolve) => child.on('exit', resolve));
    assert.notEqual(code, 0, said);
    assert.match(said, /sandbox = strict, but this machine offers only the level "seccomp"/);
    s.configure('sandbox', 'best');
    const best = spawn('python3', ['-c', HIDE, s.program, '--data', s.dir], { stdio: ['ignore', 'ignore', 'ignore'] });
    s.process = best;
    s.ended = new Promise((resolve) => best.once('exit', (c, signal) => resolve({ code: c, signal })));
    const { Ctl } = await import('../lib/ctl.mjs');
    s.ctl = await until(() => Ctl.connect(path.join(s.dir, 'run/ctl.sock')).catch(() => null), 'the operator socket');
    const { roles } = await s.op('health');
    assert.deepEqual([...new Set(roles.map((r) => r.sandbox))], ['seccomp'], 'and best says what it has');
    await s.remove();
});

/* Answers landlock_create_ruleset() with ENOSYS for this process and all it starts: a filter of one comparison, which whoever is not
 * root may set after giving up new privileges. */
const HIDE = `
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
code = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | 38), (0x06, 0, 0, 0x7fff0000)]
prog = b''.join(struct.pack('HBBI', *c) for c in code)
buf = ctypes.create_string_buffer(prog, len(prog))
class Fprog(ctypes.Structure):
    _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
f = Fprog(len(code), ctypes.cast(buf, ctypes.c_void_p))
assert os.geteuid() == 0 or libc.prctl(38, 1, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())
assert libc.prctl(22, 2, ctypes.byref(f)) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.argv[1], sys.argv[1:])
`;
