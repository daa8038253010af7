// Figures of this machine, each beside the machine's own limit of the same run. They decide nothing.
// usage: make bench (test/bench/run)        writes build/bench.tsv as well: figure, value, unit, beside
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { House, ROOT, until } from '../lib/house.mjs';
import { Client } from './client.mjs';

const run = promisify(execFile);
const rows = [];
function row(figure, value, unit, beside = '') {
    rows.push([figure, value, unit, beside]);
    console.log(`${figure.padEnd(58)} ${String(value).padStart(9)} ${unit.padEnd(10)} ${beside}`);
}

const bin = path.join(ROOT, 'build/bench-tools');
fs.mkdirSync(bin, { recursive: true });
const cc = (name, libs) =>
    execFileSync('gcc', ['-std=gnu11', '-O2', '-D_GNU_SOURCE', path.join(ROOT, `test/bench/tools/${name}.c`), '-o', path.join(bin, name), ...libs]);
cc('limits', []);
cc('post_load', ['-lssl', '-lcrypto', '-pthread']);

const PASSWORD = 'engawa no hidamari';
const median = (v) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

function pss(pid) {
    const m = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m);
    return Number(m[1]) / 1024;
}

const TICK = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of each role so far, in ms: what a machine that others use does not make longer than it is by much. */
async function cpu(house) {
    const { roles } = await house.op('health');
    return new Map(roles.map((r) => {
        const f = fs.readFileSync(`/proc/${r.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
        return [`${r.role} ${r.pid}`, ((Number(f[11]) + Number(f[12])) / TICK) * 1e3];
    }));
}

/** Of one role between two looks, per piece of work, in us. */
function cpuEach(role, before, after, pieces) {
    let ms = 0;
    for (const [k, v] of after) if (k.startsWith(`${role} `)) ms += v - (before.get(k) ?? 0);
    return ((ms * 1e3) / pieces).toFixed(0);
}

async function company(house, members) {
    const open = await house.op('tenant.open', { workgroup: 'bench', company: 'Bench', admin: { login: 'admin', family: 'A', password: PASSWORD } });
    const people = [];
    for (let i = 0; i < members; i++) {
        const m = await house.op('member.add', { login: `m${i}`, family: `M${i}`, password: PASSWORD }, 'bench');
        const r = await house.op('room.add', { name: `Room ${i}`, members: [m.id] }, 'bench');
        const c = new Client(house);
        await c.signIn(`m${i}`, 'bench', PASSWORD);
        people.push({ client: c, room: r.id });
    }
    return { tenant: open.tenant, people };
}

async function load(house, { tenant, people }, senders, seconds, ...what) {
    const lines = [];
    for (const p of people.slice(0, senders)) lines.push(`${(await p.client.post(`/t/${tenant}/ws-ticket`)).ticket} ${p.room}`);
    const child = spawn(path.join(bin, 'post_load'), [house.port, path.join(house.dir, 'tls/ca.crt'), house.origin, tenant, seconds, ...what].map(String), {
        stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(lines.join('\n'));
    let out = '';
    for await (const d of child.stdout) out += d;
    return out.trim().split(' ').map(Number);
}

async function posts(cipher) {
    const house = await House.start({ program: 'build/engawad', config: { cipher, edge_rate: 1000000, edge_burst: 1000000 } });
    try {
        const c = await company(house, 64);
        const limit = async () => (await run(path.join(bin, 'limits'), [house.dir, '2'])).stdout.trim().split(' ').map(Number);
        await load(house, c, 8, 1);
        const [raw, rawP50, rawP99] = await limit();
        const [one, p50, p99] = await load(house, c, 1, 3);
        row(`${cipher}: one sender over TLS, posts`, one, 'per s', `raw fdatasync ${raw} per s`);
        row(`${cipher}: one sender, post to reply, p50`, p50, 'us', `raw fdatasync ${rawP50} us: +${p50 - rawP50}`);
        row(`${cipher}: one sender, post to reply, p99`, p99, 'us', `raw fdatasync ${rawP99} us`);
        const before = await cpu(house);
        const [many, m50, m99] = await load(house, c, 64, 4);
        const after = await cpu(house);
        for (const role of ['tenant', 'edge'])
            row(`${cipher}: 64 senders, CPU of a post, ${role}`, cpuEach(role, before, after, many * 4), 'us');
        row(`${cipher}: 64 senders, 64 rooms over TLS, durable and audited`, many, 'posts/s', `${(many / raw).toFixed(2)} x raw fdatasync`);
        row(`${cipher}: 64 senders, post to reply, p50 / p99`, `${m50} / ${m99}`, 'us');
        await reads(house, c, cipher);
        if (cipher === 'aes256') await memoryAndWake(house, c);
    } finally {
        await house.remove();
    }
}

/** The rooms that were just written to: the pages are in the cache. Any room of many: build/bench/history. */
async function reads(house, c, cipher) {
    const before = await cpu(house);
    const [n, p50, p99] = await load(house, c, 16, 4, 'read');
    const after = await cpu(house);
    row(`${cipher}: last 50 of a room over TLS, 16 at once`, n, 'per s', `p50 / p99 ${p50} / ${p99} us`);
    for (const role of ['tenant', 'edge'])
        row(`${cipher}: last 50 of a room, CPU, ${role}`, cpuEach(role, before, after, n * 4), 'us');
}

async function memoryAndWake(house, c) {
    const { roles, supervisor } = await house.op('health');
    let sum = pss(supervisor);
    row('memory (PSS) of supervisor', pss(supervisor).toFixed(1), 'MiB');
    for (const r of roles) {
        row(`memory (PSS) of ${r.role}${r.role === 'tenant' ? ', after the load' : ''}`, pss(r.pid).toFixed(1), 'MiB');
        sum += pss(r.pid);
    }
    row('memory (PSS) of all processes, after the load', sum.toFixed(1), 'MiB');
    const wakes = [];
    for (let i = 0; i < 15; i++) {
        const { roles: now } = await house.op('health');
        const tenant = now.find((r) => r.role === 'tenant' && String(r.number ?? r.tenant) === c.tenant);
        process.kill(tenant.pid, 'SIGKILL');
        await until('the end of the tenant', () => !fs.existsSync(`/proc/${tenant.pid}`));
        const from = process.hrtime.bigint();
        await c.people[0].client.get(`/t/${c.tenant}/me`);
        wakes.push(Number(process.hrtime.bigint() - from) / 1e6);
    }
    row('sleeping tenant, first answer over TLS, median of 15', median(wakes).toFixed(1), 'ms', `worst ${Math.max(...wakes).toFixed(1)} ms`);
}

async function start() {
    const house = await House.start({ program: 'build/engawad' });
    try {
        const c = await company(house, 1);
        const { roles, supervisor } = await house.op('health');
        let sum = pss(supervisor);
        for (const r of roles) sum += pss(r.pid);
        row('memory (PSS) of all processes, one tenant idle', sum.toFixed(1), 'MiB');
        const times = [];
        for (let i = 0; i < 5; i++) {
            await house.stop();
            const from = process.hrtime.bigint();
            await house.boot();
            await new Client(house).signIn('m0', 'bench', PASSWORD);
            times.push(Number(process.hrtime.bigint() - from) / 1e6);
        }
        row('exec to first sign-in (password hashed), median of 5', median(times).toFixed(0), 'ms', 'polled every 10 ms');
    } finally {
        await house.remove();
    }
}

await start();
await posts('aes256');
await posts('aegis256');
fs.writeFileSync(path.join(ROOT, 'build/bench.tsv'), rows.map((r) => r.join('\t') + '\n').join(''));
