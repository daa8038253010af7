// Many at once: a room of 1,000, pairs who answer each other, 10,000 who are only there, 5,000 who come back, the demo company, 1,000
// companies. Figures of this machine, each beside the machine's own limit of the same run where it has one; they decide nothing.
// usage: make bench ONLY="crowd"        PARTS="fan rate pairs idle again demo tenants": only these; SMALL=1: a tenth of each, to try it
// Writes build/bench-crowd.tsv: figure, value, unit, aim, beside.
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Ctl } from '../lib/ctl.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { Client } from './client.mjs';

const run = promisify(execFile);
const PARTS = (process.env.PARTS ?? 'fan rate pairs idle again demo tenants').split(' ');
const SHARE = process.env.SMALL ? 0.1 : 1;
const of = (n) => Math.round(n * SHARE);
const SECONDS = process.env.SMALL ? 2 : 8;
const PASSWORD = 'engawa no hidamari';
const PEOPLE = 8;                                          // who have a password: a log-in costs 100 ms, a connection has the cookie of one of them

const rows = [];
function row(figure, value, unit, aim = '', beside = '') {
    rows.push([figure, value, unit, aim, beside]);
    console.log(`${figure.padEnd(62)} ${String(value).padStart(9)} ${unit.padEnd(13)} ${aim ? `aim ${aim}` : ''}${beside ? `  (${beside})` : ''}`);
}

const bin = path.join(ROOT, 'build/bench-tools');
fs.mkdirSync(bin, { recursive: true });
for (const [name, ...libs] of [['limits'], ['crowd', '-lssl', '-lcrypto']])
    execFileSync('gcc', ['-std=gnu11', '-O2', '-D_GNU_SOURCE', path.join(ROOT, `test/bench/tools/${name}.c`), '-o', path.join(bin, name), ...libs]);

const field = (file, name) => Number(fs.readFileSync(file, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);
const pss = (pid) => field(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024;
const rss = (pid) => field(`/proc/${pid}/status`, 'VmRSS');

const FREE = { edge_rate: 10_000_000, edge_burst: 10_000_000, edge_per_address: 1_000_000 };
const boot = (config = {}) => House.start({ program: 'build/engawad', config: { ...FREE, ...config } });

async function pids(house) {
    const { roles, supervisor } = await house.op('health');
    return [{ role: 'supervisor', pid: supervisor }, ...roles];
}

/** A company of `members`, of whom `people` log in; their cookies. The others come in by a list, as they do at a real start. */
async function company(house, members, people = PEOPLE) {
    const { tenant } = await house.op('tenant.open', { workgroup: 'bench', company: 'Bench', admin: { login: 'admin', family: 'A', password: PASSWORD } });
    const ids = [], cookies = [];
    for (let i = 0; i < people; i++) ids.push((await house.op('member.add', { login: `p${i}`, family: `P${i}`, password: PASSWORD }, 'bench')).id);
    for (let i = 0; i < people; i++) {
        const c = new Client(house);
        await c.signIn(`p${i}`, 'bench', PASSWORD);
        cookies.push([...c.cookies].map(([k, v]) => `${k}=${v}`).join('; '));
        c.agent.destroy();
    }
    if (members > people) await byList(house, tenant, members - people, ids);
    return { tenant, ids, cookies };
}

async function byList(house, tenant, n, ids) {
    const admin = new Client(house), at = (rest) => `/t/${tenant}/console${rest}`;
    await admin.signIn('admin', 'bench', PASSWORD);
    await admin.post(at('/session'), { password: PASSWORD });
    const list = Buffer.from(['Engawa ID,姓,名,姓 (読み),名 (読み)', ...Array.from({ length: n }, (_, i) => `m${i},佐藤,健${i},さとう,けん`), ''].join('\r\n'));
    const { id } = await admin.post(at('/imports'), { name: 'list.csv', size: list.length });
    for (let from = 0, seq = 0; from < list.length; from += 32768, seq++)
        await admin.post(at(`/imports/${id}/part`), { seq, data: list.subarray(from, from + 32768).toString('base64url') });
    await admin.post(at(`/imports/${id}/check`), { mended: [] });
    await admin.post(at(`/imports/${id}/run`), { mended: [] });
    for (let after = '', more = true; more;) {
        const page = await admin.get(at(`/members${after}`));
        ids.push(...page.members.filter((m) => /^m\d/.test(m.login)).map((m) => m.id));
        after = `?after=${page.members.at(-1).id}`;
        more = page.more;
    }
    if (ids.length !== n + PEOPLE) throw new Error(`${ids.length - PEOPLE} of ${n} members of the list are there`);
    admin.agent.destroy();
}

const addRoom = async (house, members) => (await house.op('room.add', { name: '広間', members }, 'bench')).id;

/** The crowd: `lines` of cookie and room. */
function crowd(house, tenant, lines, ...mode) {
    const args = [house.port, path.join(house.dir, 'tls/ca.crt'), house.origin, tenant, ...mode].map(String);
    const child = spawn(path.join(bin, 'crowd'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stdin.write(`${lines.join('\n')}\n.\n`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    return {
        child,
        async line() {
            const { value, done } = await said.next();
            if (done) throw new Error(`crowd ${mode.join(' ')} failed`);
            return value.split(' ');
        },
        async end() {
            child.stdin.end();
            const code = await ended;
            if (code) throw new Error(`crowd ${mode.join(' ')} failed`);
        },
    };
}

async function measured(house, tenant, lines, ...mode) {
    const c = crowd(house, tenant, lines, ...mode);
    const got = (await c.line()).map(Number);
    await c.end();
    return got;
}

const rawSync = async (house) => (await run(path.join(bin, 'limits'), [house.dir, '2'])).stdout.trim().split(' ').map(Number);

async function bigRoom() {
    const house = await boot();
    try {
        const n = of(1000);
        const { tenant, ids, cookies } = await company(house, n);
        const room = await addRoom(house, ids);
        const lines = ids.map((_, i) => `${cookies[i % PEOPLE]} ${room}`);
        if (PARTS.includes('fan'))
            for (const inFlight of [1, 8, 32]) {
                const [deliveries, posts] = await measured(house, tenant, lines, 'fan', inFlight, SECONDS);
                row(`1 room × ${n}, TLS, durable, audited, ${inFlight} in flight: deliveries`, deliveries, 'per s', inFlight === 32 ? '≥ 500,000' : '', `${posts} posts/s`);
            }
        if (PARTS.includes('rate')) {
            const [, , raw99] = await rawSync(house);
            const [posts, p50, p99] = await measured(house, tenant, lines, 'rate', 20, SECONDS * 2);
            row(`20 posts/s to ${n} members, TLS: the last has it, p99`, (p99 / 1e3).toFixed(1), 'ms', '≤ 13', `p50 ${(p50 / 1e3).toFixed(1)} ms, ${posts} posts; raw fdatasync p99 ${(raw99 / 1e3).toFixed(1)} ms`);
        }
    } finally {
        await house.remove();
    }
}

async function pairs() {
    for (const cipher of ['aes256', 'aegis256']) {
        const house = await boot({ cipher });
        try {
            const n = of(200);
            const { tenant, ids, cookies } = await company(house, 2 * n, 2 * n);
            const lines = [];
            for (let i = 0; i < 2 * n; i += 2) {
                const room = await addRoom(house, [ids[i], ids[i + 1]]);
                lines.push(`${cookies[i]} ${room}`, `${cookies[i + 1]} ${room}`);
            }
            const [raw] = await rawSync(house);
            const [each, p50, p99] = await measured(house, tenant, lines, 'pairs', SECONDS);
            row(`${cipher}: ${n} pairs answer and mark as read: messages`, each, 'per s', '≥ 12,000', `${(each / raw).toFixed(2)} × raw fdatasync ${raw}/s`);
            row(`${cipher}: ${n} pairs: from a post to the other, p99`, (p99 / 1e3).toFixed(1), 'ms', '≤ 40', `p50 ${(p50 / 1e3).toFixed(1)} ms`);
        } finally {
            await house.remove();
        }
    }
}

async function idle() {
    const house = await boot();
    try {
        const n = of(9900);                                // the last hundred is there before: what is warm is not counted as theirs
        const { tenant, ids, cookies } = await company(house, PEOPLE);
        const room = await addRoom(house, ids);
        const line = (_, i) => `${cookies[i % PEOPLE]} ${room}`;
        const first = crowd(house, tenant, Array.from({ length: 100 }, line), 'hold');
        await first.line();
        const sum = async () => (await pids(house)).reduce((all, r) => all + rss(r.pid), 0);
        const before = await sum();
        const c = crowd(house, tenant, Array.from({ length: n }, line), 'hold');
        const [, seconds] = await c.line();
        const after = await sum();
        row(`${n} idle TLS WebSockets: memory of all processes, each`, ((after - before) / n).toFixed(1), 'KiB', '≤ 15', `opened in ${seconds} s`);
        await c.end();
        await first.end();
    } finally {
        await house.remove();
    }
}

/** The edge dies, and all who were there come back at once, with the tickets that its next life takes too. */
async function again() {
    const house = await boot();
    try {
        const n = of(5000);
        const { tenant, ids, cookies } = await company(house, PEOPLE);
        const room = await addRoom(house, ids);
        const c = crowd(house, tenant, Array.from({ length: n }, (_, i) => `${cookies[i % PEOPLE]} ${room}`), 'again');
        await c.line();
        process.kill((await pids(house)).find((r) => r.role === 'edge').pid, 'SIGKILL');
        const [seconds, resumed, tries] = await c.line();
        row(`${n} clients come back at once over TLS: all are back after`, seconds, 's', '≤ 5', `edge killed; ${resumed} by session ticket, ${tries} tries`);
        await c.end();
    } finally {
        await house.remove();
    }
}

async function demo() {
    const data = path.join(ROOT, 'build/bench-demo');
    fs.rmSync(data, { recursive: true, force: true });
    const child = spawn('tool/run', { cwd: ROOT, env: { ...process.env, ENGAWA_DATA: data, ENGAWA_LAN: '' }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    try {
        for await (const l of createInterface({ input: child.stdout })) if (l.includes('Address')) break;
        const ctl = await Ctl.connect(path.join(data, 'run/ctl.sock'));
        const house = { op: async (name) => JSON.parse((await ctl.call(name, '', {})).text) };
        const all = async () => (await pids(house)).reduce((sum, r) => sum + pss(r.pid), 0);
        /* Idle: what the making of the company has left is given back by itself after a while. */
        const made = await all();
        let last = made, least = made;
        for (let i = 0; i < 6; i++) {
            await new Promise((r) => setTimeout(r, SHARE * 10_000));
            least = Math.min(least, (last = await all()));
        }
        const each = (await pids(house)).map((r) => `${r.role} ${pss(r.pid).toFixed(1)}`).join(', ');
        row('demo company, idle: memory (PSS) of all processes', last.toFixed(1), 'MiB', '≤ 24', `just made ${made.toFixed(1)}; ${each}`);
        ctl.close();
    } finally {
        process.kill(-child.pid, 'SIGTERM');
        await new Promise((r) => child.once('exit', r));
        fs.rmSync(data, { recursive: true, force: true });
    }
}

async function tenants() {
    const house = await boot();
    try {
        const n = of(1000), active = of(100);
        const of1 = (i) => `w${i}`;
        const available = () => field('/proc/meminfo', 'MemAvailable');
        const before = available();
        for (let i = 0; i < n; i++) {
            await house.op('tenant.open', { workgroup: of1(i), company: `会社${i}`, admin: { login: 'admin', family: 'A', password: PASSWORD } });
            if ((i + 1) % 100 === 0) console.log(`  ${i + 1} companies`);
        }
        for (let i = 0; i < active; i++) {
            const c = new Client(house);
            const { tenant, member } = await c.signIn('admin', of1(i), PASSWORD);
            const other = await house.op('member.add', { login: 'b', family: 'B' }, of1(i));
            const { id } = await house.op('room.add', { name: '広間', members: [member, other.id] }, of1(i));
            for (let k = 0; k < 200; k++) await c.post(`/t/${tenant}/rooms/${id}/messages`, { key: crypto.randomUUID(), text: `${k} 明日の早番、九時からに変えていただけますか。` });
            c.agent.destroy();
        }
        const all = await pids(house);
        const sum = all.reduce((s, r) => s + pss(r.pid), 0) / 1024;
        row(`${n} companies, ${active} with 200 posts each: memory (PSS) of all processes`, sum.toFixed(2), 'GiB', '≤ 1', `${all.filter((r) => r.role === 'tenant').length} companies awake; by what the machine has less: ${((before - available()) / 1048576).toFixed(2)} GiB`);
    } finally {
        await house.remove();
    }
}

if (PARTS.includes('fan') || PARTS.includes('rate')) await bigRoom();
if (PARTS.includes('pairs')) await pairs();
if (PARTS.includes('idle')) await idle();
if (PARTS.includes('again')) await again();
if (PARTS.includes('demo')) await demo();
if (PARTS.includes('tenants')) await tenants();
fs.writeFileSync(path.join(ROOT, 'build/bench-crowd.tsv'), rows.map((r) => `${r.join('\t')}\n`).join(''));
