// How soon it is there and how much memory it takes: start, a sleeping company, the demo company, 1,000 companies.
// usage: make bench ONLY="start demo tenants"
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Ctl } from '../lib/ctl.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { PASSWORD, available, company, execMs, first, hashMs, median, of, processes, pss, within } from './bench.mjs';
import { Client } from './client.mjs';
import { row } from './rows.mjs';

async function start() {
    await signIn();
    await wake();
}

/** As engawactl init sets it up: a password's hash takes what it takes here. */
async function signIn() {
    const house = await House.start({ program: 'build/engawad' });
    try {
        await company(house, 1, 1);
        const passes = Number(/^password_passes = (\d+)/m.exec(fs.readFileSync(path.join(house.dir, 'engawa.conf'), 'utf8'))[1]);
        await house.stop();
        const times = [];
        for (let i = 0; i < 15; i++) {
            const f = first(house, 'start', house.program, house.dir, 'bench', 'p0', PASSWORD);
            times.push(Number((await f.line())[0]) / 1e3);
            await f.end();
            await house.gone();
        }
        const hash = await hashMs(passes);
        row('start.sign_in', median(times), hash, `median of ${times.length}, worst ${Math.max(...times).toFixed(0)} ms; Argon2id with ${passes} passes; the rest ${(median(times) - hash).toFixed(0)} ms`);
    } finally {
        await house.remove();
    }
}

/** The company's process ends by itself after a second without work, and the next request starts it. */
const wake = () => within({ tenant_idle: 1 }, async (house) => {
    const { tenant, cookies } = await company(house, 1, 1);
    const f = first(house, 'wake', tenant, cookies[0]);
    const times = [];
    /* The list of tenants says it; asking for their health would keep it awake. */
    const asleep = async () => !(await house.op('tenant.list')).tenants.find((t) => t.workgroup === 'bench').running;
    for (let i = 0; i < of(15); i++) {
        await until('the company to sleep', asleep);
        f.say('\n');
        times.push(Number((await f.line())[0]) / 1e3);
        if (await asleep()) throw new Error('the company answers in its sleep');
    }
    f.say('\n');
    const awake = Number((await f.line())[0]) / 1e3;
    await f.end();
    row('start.wake', median(times), await execMs(), `${times.length} times, worst ${Math.max(...times).toFixed(1)} ms; awake it answers in ${awake.toFixed(2)} ms`);
});

async function demo() {
    const data = path.join(ROOT, 'build/bench-demo');
    fs.rmSync(data, { recursive: true, force: true });
    const child = spawn('tool/run', { cwd: ROOT, env: { ...process.env, ENGAWA_DATA: data, ENGAWA_LAN: '' }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    try {
        for await (const l of createInterface({ input: child.stdout })) if (l.includes('Address')) break;
        const ctl = await Ctl.connect(path.join(data, 'run/ctl.sock'));
        const house = { op: async (name) => JSON.parse((await ctl.call(name, '', {})).text) };
        const all = async () => (await processes(house)).reduce((sum, r) => sum + pss(r.pid), 0);
        /* Idle: what the making of the company has left is given back by itself after a while. */
        const made = await all();
        let last = made;
        for (let i = 0; i < 6; i++) {
            await new Promise((r) => setTimeout(r, of(10_000)));
            last = await all();
        }
        const each = (await processes(house)).map((r) => `${r.role} ${pss(r.pid).toFixed(1)}`).join(', ');
        row('demo.memory', last, undefined, `just made ${made.toFixed(1)}; ${each}`);
        ctl.close();
    } finally {
        process.kill(-child.pid, 'SIGTERM');
        await new Promise((r) => child.once('exit', r));
        fs.rmSync(data, { recursive: true, force: true });
    }
}

/** `n` pieces of work, four at a time. */
async function fourAtOnce(n, work) {
    let next = 0;
    await Promise.all(Array.from({ length: 4 }, async () => {
        while (next < n) await work(next++);
    }));
}

const tenants = () => within({}, async (house) => {
    const n = of(1000), active = of(100), admins = [];
    const name = (i) => `company${i}`;
    const before = available();
    await fourAtOnce(n, async (i) => {
        const open = { workgroup: name(i), company: `会社${i}`, admin: { login: 'admin', family: 'A', password: PASSWORD } };
        admins[i] = (await house.op('tenant.open', open)).admin;
    });
    await fourAtOnce(active, async (i) => {
        const c = new Client(house);
        const { tenant } = await c.signIn('admin', name(i), PASSWORD);
        const other = await house.op('member.add', { login: 'b', family: 'B', password: PASSWORD }, name(i));
        const { id } = await house.op('room.add', { name: '広間', members: [admins[i], other.id] }, name(i));
        for (let k = 0; k < 200; k++) await c.post(`/t/${tenant}/rooms/${id}/messages`, { key: newKey(), text: `${k} 明日の早番、九時からに変えていただけますか。` });
        c.agent.destroy();
    });
    const all = await processes(house);
    const awake = all.filter((r) => r.role === 'tenant').length;
    if (awake < n) throw new Error(`only ${awake} of ${n} companies are awake`);
    const sum = all.reduce((s, r) => s + pss(r.pid), 0) / 1024;
    row('tenants.memory', sum, undefined, `200 posts in each of ${active}, all ${n} awake; the machine has ${((before - available()) / 1048576).toFixed(2)} GiB less`);
    house.process.kill('SIGKILL');                          /* its roles go with it: an orderly end of 1,000 would take as long as their opening */
    await house.ended;
});

const parts = { start, demo, tenants };
for (const name of process.argv.slice(2).length ? process.argv.slice(2) : Object.keys(parts)) await parts[name]();
