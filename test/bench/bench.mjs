// What the benches share: an installation whose limits do not count requests, a company with its people, the crowd (tools/crowd.c), the
// least server that the crowd takes for one (tools/bare.c), what the machine can do at best (tools/limits.c), and what processes hold.
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { House, ROOT } from '../lib/house.mjs';
import { Client } from './client.mjs';

const SMALL = Boolean(process.env.SMALL);
export const of = (n) => Math.round(n * (SMALL ? 0.1 : 1));
export const SECONDS = SMALL ? 2 : 8;
export const PASSWORD = 'engawa no hidamari';
export const PEOPLE = 8;                                   // who have a password where a crowd needs no more

export const tool = (name) => path.join(ROOT, 'build/bench-tools', name);
const said = async (name, ...args) => (await promisify(execFile)(tool(name), args.map(String))).stdout.trim().split(' ').map(Number);

/** Appends with fdatasync in the house's folder: { rate, p50, p99 }, ms. */
export async function disk(house, seconds = 2) {
    const [rate, p50, p99] = await said('limits', 'sync', house.dir, seconds);
    return { rate, p50: p50 / 1e3, p99: p99 / 1e3 };
}
export const hashMs = async (passes) => (await said('limits', 'hash', passes))[0] / 1e3;
export const execMs = async () => (await said('limits', 'exec', path.join(ROOT, 'build/engawad'), '--version'))[0] / 1e3;

const field = (file, name) => Number(fs.readFileSync(file, 'utf8').match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);
export const pss = (pid) => field(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024;
export const rss = (pid) => field(`/proc/${pid}/status`, 'VmRSS');
export const peak = (pid) => field(`/proc/${pid}/status`, 'VmHWM');
export const available = () => field('/proc/meminfo', 'MemAvailable');

export async function processes(house) {
    const { roles, supervisor } = await house.op('health');
    return [{ role: 'supervisor', pid: supervisor }, ...roles];
}

const TICK = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of each process so far, in ms: what a machine that others use does not make longer than it is by much. */
export async function cpu(house) {
    return new Map((await processes(house)).map((r) => {
        const f = fs.readFileSync(`/proc/${r.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
        return [`${r.role} ${r.pid}`, ((Number(f[11]) + Number(f[12])) / TICK) * 1e3];
    }));
}

/** Of one role between two looks, per piece of work, in µs. */
export function cpuEach(role, before, after, pieces) {
    let ms = 0;
    for (const [k, v] of after) if (k.startsWith(`${role} `)) ms += v - (before.get(k) ?? 0);
    return ((ms * 1e3) / pieces).toFixed(0);
}

/* Hundreds log in before a measurement begins: two passes of Argon2id, the least that may be configured, instead of 100 ms each. */
const FREE = { edge_rate: 10_000_000, edge_burst: 10_000_000, edge_per_address: 1_000_000, password_passes: 2 };
export const boot = (config = {}) => House.start({ program: 'build/engawad', config: { ...FREE, ...config } });

/** A house for the length of `work`. */
export async function within(config, work) {
    const house = await boot(config);
    try {
        return await work(house);
    } finally {
        await house.remove();
    }
}

/** A company of `members`, of whom `people` log in; their cookies. The others come in by a list, as they do at a real start. */
export async function company(house, members, people = PEOPLE) {
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

/** The admin in the console, for the length of `work`. */
export async function inConsole(house, tenant, work) {
    const admin = new Client(house), at = (rest) => `/t/${tenant}/console${rest}`;
    await admin.signIn('admin', 'bench', PASSWORD);
    await admin.post(at('/session'), { password: PASSWORD });
    const got = await work(admin, at);
    admin.agent.destroy();
    return got;
}

const byList = (house, tenant, n, ids) => inConsole(house, tenant, async (admin, at) => {
    const had = ids.length;
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
    if (ids.length !== had + n) throw new Error(`${ids.length - had} of ${n} members of the list are there`);
});

/** The room of a group: a room of several people ends at 500. */
export const groupRoom = (house, tenant, [master, ...members]) => inConsole(house, tenant, async (admin, at) => {
    const functions = { talk: true, note: false, event: false, task: false, folder: false };
    const { id } = await admin.post(at('/groups'), { kind: 'internal', name: '全社', masters: [master], members, functions });
    return (await admin.get(at(`/groups/${id}`))).group.room;
});

export const addRoom = async (house, members) => (await house.op('room.add', { name: '広間', members }, 'bench')).id;

/** A program of tools/ that is asked and answers by lines of numbers and words. */
function talking(name, args) {
    const child = spawn(tool(name), args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    return {
        say: (text) => child.stdin.write(text),
        async line() {
            const { value, done } = await lines.next();
            if (done) throw new Error(`${name} ended`);
            return value.split(' ');
        },
        async end() {
            child.stdin.end();
            if (await ended) throw new Error(`${name} failed`);
        },
    };
}

export const ca = (house) => path.join(house.dir, 'tls/ca.crt');

/** A connection for each of `lines`: cookie and room. */
export function crowd(house, tenant, lines, ...mode) {
    const c = talking('crowd', [house.port, ca(house), house.origin, tenant, ...mode]);
    c.say(`${lines.join('\n')}\n.\n`);
    return c;
}

/** The numbers that the crowd prints in the end. */
export async function measured(house, tenant, lines, ...mode) {
    const c = crowd(house, tenant, lines, ...mode);
    const got = (await c.line()).map(Number);
    await c.end();
    return got;
}

/** The least server, under the house's certificate: `work` gets it as if it were a house, with its pid and cut(). */
export async function bare(house, work) {
    const b = talking('bare', [path.join(house.dir, 'tls/server.crt'), path.join(house.dir, 'tls/server.key'), house.dir]);
    const [port, pid] = (await b.line()).map(Number);
    const got = await work({ dir: house.dir, port, pid, origin: `https://localhost:${port}`, cut: () => b.say('cut\n') });
    await b.end();
    return got;
}

export const first = (house, ...args) => talking('first', [house.port, ca(house), house.origin, ...args]);

export const median = (v) => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];
