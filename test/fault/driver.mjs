// The load: senders with one post in flight each, listeners who follow one room each, and the checker's process.
//     const load = await Load.begin(house, { senders: 6, rooms: 2 });
//     … load.acked …   load.gap()   …   const r = await load.end();      // r: what checker.mjs counts, and the listeners' anomalies
// A sender repeats an unacknowledged post under the same key until it is acknowledged; an acknowledgement counts, and
// the next post leaves, only when the checker has it on its disk. Rates stay below the limits of the edge.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Ctl } from '../lib/ctl.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { Person, hashOf } from './client.mjs';

export const BIN = process.env.ENGAWA_BIN ? path.relative(ROOT, process.env.ENGAWA_BIN) : 'build/test';
const WORKGROUP = 'fault';
const PASSWORD = 'Okaerinasai-2026-engawa';
const PACE_MS = 8;                 // between two posts of one sender: 125 a second, below the rate of one address
const AGAIN_MS = 25;               // before the next attempt of anything that failed
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a run at random began with; SEED=… makes the same plan again. */
export const seed = Number(process.env.SEED || Date.now() % 1_000_000);

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function numbers(from) {
    let x = from >>> 0;
    return () => {
        x = (x + 0x6d2b79f5) >>> 0;
        let t = Math.imul(x ^ (x >>> 15), 1 | x);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

// ---- the installation

/** A house with one open tenant. */
export async function startHouse(config = {}) {
    const house = await House.start({ program: path.join(BIN, 'engawad'), config });
    house.workgroup = WORKGROUP;
    try {
        const admin = { login: 'admin', family: '管理', password: PASSWORD };
        await house.op('tenant.open', { workgroup: WORKGROUP, company: '縁側商事', admin });
        /* Members come and go here from many places, and nobody is to ask them more than their password. */
        const chief = await signedIn(house, 'admin', '127.4.99.1');
        await chief.post('/console/session', { password: PASSWORD });
        const r = await chief.http('PUT', `${chief.base}/console/settings/account.two_step.mode`, { value: 'optional' });
        if (r.status !== 200) throw new Error(`account.two_step.mode: ${r.status} ${JSON.stringify(r.body)}`);
        chief.close();
    } catch (e) {
        await house.remove();
        throw e;
    }
    return house;
}

/** The operator's call, on a new connection when control's process is another one now. */
export async function op(house, name, body = {}, workgroup = '') {
    return until(name, async () => {
        if (house.ctl.socket.destroyed) house.ctl = await Ctl.connect(path.join(house.dir, 'run/ctl.sock'));
        return house.op(name, body, workgroup);
    });
}

/** The same while control, or all of it, is killed and comes up again: booted where it ended, asked again after a 503. */
export function opThrough(house, name, body = {}, workgroup = '') {
    return until(`${name} to be answered`, async () => {
        if (house.process.exitCode !== null || house.process.signalCode !== null) {
            await house.gone();
            await house.boot();
        }
        const ctl = await Ctl.connect(path.join(house.dir, 'run/ctl.sock'));
        try {
            const r = await ctl.call(name, workgroup, body);
            return r.status === 503 ? null : { status: r.status, ...JSON.parse(r.text || '{}') };
        } finally {
            ctl.close();
        }
    });
}

export function addMember(house, login) {
    return op(house, 'member.add', { login, family: login, password: PASSWORD }, WORKGROUP).then((r) => r.id);
}

export async function signedIn(place, login, address) {
    const p = new Person(place, address);
    await p.signIn(WORKGROUP, login, PASSWORD);
    if (p.me.second)                                      // an admin: by a slip of the operator's
        await p.prove((await op(place, 'member.second_slip', { login }, WORKGROUP)).code);
    return p;
}

// ---- the checker's process

class Checker {
    constructor(dir) {
        this.log = path.join(dir, 'acked.log');
        this.process = fork(path.join(ROOT, 'test/fault/checker.mjs'), [this.log], { env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: '' } });
        this.waiting = new Map();
        this.next = 1;
        this.process.on('message', (m) => {
            const w = this.waiting.get(m.noted ?? m.id);
            this.waiting.delete(m.noted ?? m.id);
            if (m.error) w.reject(new Error(m.error));
            else w.resolve(m.result);
        });
        this.process.on('exit', (code) => {
            for (const w of this.waiting.values()) w.reject(new Error(`the checker ended: ${code}`));
        });
    }

    #ask(message) {
        const id = this.next++;
        return new Promise((resolve, reject) => {
            this.waiting.set(id, { resolve, reject });
            this.process.send({ id, ...message });
        });
    }

    note(ack) {
        return this.#ask({ ack });
    }

    check(place) {
        return this.#ask({ check: place });
    }

    end() {
        if (this.process.connected) this.process.disconnect();
    }
}

/** What the checker finds of these acknowledgements, as `reader` sees the rooms; for tests whose acts are not a load. */
export async function checkedBy(house, reader, rooms, acks) {
    const dir = fs.mkdtempSync(path.join(ROOT, 'build/checked-'));
    fs.writeFileSync(path.join(dir, 'acked.log'), acks.map((a) => `${JSON.stringify(a)}\n`).join(''));
    const checker = new Checker(dir);
    try {
        return await checker.check(placeOf(house, reader, rooms));
    } finally {
        checker.end();
        fs.rmSync(dir, { recursive: true, force: true });
    }
}

function placeOf(house, reader, rooms) {
    return {
        port: house.port, origin: house.origin, ca: house.ca.toString(), address: '127.4.3.2',
        cookies: [...reader.cookies], base: reader.base, rooms, workgroup: WORKGROUP,
        ctl: path.join(house.dir, 'run/ctl.sock'), auditverify: path.join(ROOT, 'build/auditverify'),
    };
}

// ---- senders

class Sender {
    constructor(load, person, room) {
        Object.assign(this, { load, person, room, n: 0, acked: 0, retries: 0, refused: new Map() });
    }

    async #attempt(post) {
        if (!this.ws || this.ws.gone) this.ws = await this.person.ws();
        const r = await this.ws.call('talk.post', { room: this.room }, { key: post.key, text: post.text });
        if (r.status === 200) return r.body;
        this.refused.set(r.status, (this.refused.get(r.status) ?? 0) + 1);
        if (![429, 503, 507].includes(r.status)) throw Object.assign(new Error(`post: ${JSON.stringify(r)}`), { final: true });
        return null;
    }

    async #post(post) {
        for (;;) {
            try {
                const body = await this.#attempt(post);
                if (body) return body;
            } catch (e) {
                if (e.final || e.status === 401) throw e;
                this.load.breaks++;
            }
            this.retries++;
            if (this.load.abandoned) throw new Error('gave up');
            await wait(AGAIN_MS);
        }
    }

    async run() {
        while (!this.load.stopping) {
            const n = this.n + 1;
            const text = `${n} ${randomBytes(8 + (n % 40)).toString('hex')} 縁側`;
            const post = { key: newKey(), text };
            const m = await this.#post(post);
            if (m.key !== post.key || m.text !== text || m.room !== this.room)
                this.load.anomalies.push(`acknowledged as another: ${JSON.stringify(m)}`);
            await this.load.checker.note({ author: this.person.me.id, n, room: this.room, seq: m.seq, key: post.key, hash: hashOf(text) });
            this.n = n;
            this.acked++;
            this.load.ticked();
            await wait(PACE_MS);
        }
    }
}

// ---- listeners

/** Follows one room as a client does: live events, sync after every reconnect, refill by seq after a reset. */
class Listener {
    constructor(load, person, room) {
        Object.assign(this, { load, person, room, pos: 0, seen: [], live: 0, synced: 0, resets: 0, connects: 0 });
    }

    #wrong(what) {
        this.load.anomalies.push(`listener of ${this.room}: ${what}`);
    }

    #message(m) {
        if (m.seq !== this.seen.length + 1) this.#wrong(`seq ${m.seq} after ${this.seen.length}`);
        this.seen[m.seq - 1] = m;
    }

    #apply(e) {
        this.pos = e.pos;
        if (e.event === 'talk.message.posted') this.#message(e.data);
    }

    async #read(url) {
        const r = await this.person.get(url);
        if (r.status !== 200) throw Object.assign(new Error(`${url}: ${r.status}`), { status: r.status });
        return r.body;
    }

    async #refill() {
        const list = await this.#read('/rooms');
        const more = [];
        const have = this.seen.length;
        for (let before = list.rooms[0].last_seq + 1; before > have + 1; ) {
            const page = await this.#read(`/rooms/${this.room}/messages?limit=100&before=${before}`);
            if (page.messages.length === 0) break;
            more.push(...page.messages.filter((m) => m.seq > have));
            before = page.messages.at(-1).seq;
        }
        for (const m of more.reverse()) this.#message(m);
        this.pos = list.pos;
        this.resets++;
    }

    async #catchUp() {
        const s = await this.#read(`/sync?since=${this.pos}`);
        if (s.reset) return this.#refill();
        for (const e of s.events) {
            if (e.pos <= this.pos) this.#wrong(`sync tells pos ${e.pos} after ${this.pos}`);
            else this.#apply(e);
            this.synced++;
        }
        this.pos = Math.max(this.pos, s.pos);
    }

    async #follow() {
        const ws = await this.person.ws();
        this.ws = ws;
        this.connects++;
        let last = 0;
        let held = [];
        const heard = (e) => {
            if (e.event === 'sync') return ws.close();
            if (e.pos <= last) this.#wrong(`pos ${e.pos} after ${last} on one connection`);
            last = e.pos;
            if (e.pos <= this.pos) return;
            this.#apply(e);
            this.live++;
        };
        ws.listen((e) => (held ? held.push(e) : heard(e)));
        try {
            await this.#catchUp();
            for (const e of held) heard(e);
            held = null;
            await ws.closed;
        } finally {
            ws.close();
        }
    }

    async run() {
        while (!this.load.done) {
            try {
                await this.#follow();
            } catch (e) {
                if (e.status === 401) throw e;
            }
            await wait(AGAIN_MS);
        }
    }
}

// ---- all of it

export class Load {
    /** `place`: where clients connect, when it is not the house itself (a proxy). */
    static async begin(house, { senders = 6, rooms = 2, place = house } = {}) {
        const load = new Load();
        Object.assign(load, { house, anomalies: [], breaks: 0, acked: 0, last: performance.now(), worst: 0, senders: [], listeners: [] });
        load.checker = new Checker(house.dir);
        const people = [];
        for (let i = 0; i < senders; i++) people.push({ login: `s${i}`, room: i % rooms, address: `127.4.1.${i + 1}` });
        for (let i = 0; i < rooms; i++) people.push({ login: `l${i}`, room: i, address: `127.4.2.${i + 1}`, listens: true });
        for (const p of people) p.id = await addMember(house, p.login);
        const reader = await addMember(house, 'reader');
        load.rooms = [];
        for (let i = 0; i < rooms; i++) {
            const members = [reader, ...people.filter((p) => p.room === i).map((p) => p.id)];
            load.rooms.push((await op(house, 'room.add', { name: `部屋 ${i}`, members }, WORKGROUP)).id);
        }
        load.reader = await signedIn(house, 'reader', '127.4.3.1');
        load.tenant = load.reader.me.tenant;
        for (const p of people) {
            const person = await signedIn(place, p.login, p.address);
            if (p.listens) load.listeners.push(new Listener(load, person, load.rooms[p.room]));
            else load.senders.push(new Sender(load, person, load.rooms[p.room]));
        }
        load.running = [...load.senders, ...load.listeners].map((x) => x.run().catch((e) => load.anomalies.push(e.stack)));
        await load.everyone();
        load.worst = 0;
        return load;
    }

    ticked() {
        const now = performance.now();
        this.acked++;
        this.worst = Math.max(this.worst, now - this.last);
        this.last = now;
    }

    /** Until every sender has `n` more acknowledgements than now: the service serves all of them. */
    async everyone(n = 1) {
        const before = this.senders.map((s) => s.acked);
        await until('acknowledgements for every sender', () =>
            this.anomalies.length > 0 || this.senders.every((s, i) => s.acked >= before[i] + n));
    }

    /** Stops the senders when their last posts are acknowledged, lets the listeners reach the end, and checks all. */
    async end() {
        this.stopping = true;
        const give = setTimeout(() => (this.abandoned = true), 30_000);
        await Promise.all(this.running.slice(0, this.senders.length));
        clearTimeout(give);
        await this.#settled();
        this.done = true;
        for (const l of this.listeners) l.ws?.close();
        await Promise.all(this.running);
        const r = await this.checker.check(placeOf(this.house, this.reader, this.rooms));
        this.close();
        return { ...r, counted: this.acked, anomalies: this.anomalies, breaks: this.breaks, retries: this.senders.reduce((n, s) => n + s.retries, 0),
            live: this.listeners.reduce((n, l) => n + l.live, 0), synced: this.listeners.reduce((n, l) => n + l.synced, 0) };
    }

    /** What listeners hold is what was acknowledged: each message at its seq. */
    async #settled() {
        const acks = fs.readFileSync(this.checker.log, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
        for (const l of this.listeners) {
            const mine = acks.filter((a) => a.room === l.room);
            const last = mine.reduce((n, a) => Math.max(n, a.seq), 0);
            await until(`the listener of ${l.room} at seq ${last}`, () => l.seen.length >= last).catch((e) => this.anomalies.push(e.message));
            for (const a of mine)
                if (l.seen[a.seq - 1]?.key !== a.key) this.anomalies.push(`listener of ${l.room}: seq ${a.seq} is not what was acknowledged`);
        }
    }

    close() {
        this.stopping = this.done = this.abandoned = true;
        for (const x of [...this.senders, ...this.listeners]) {
            x.ws?.close();
            x.person.close();
        }
        this.reader.close();
        this.checker.end();
    }
}

/** The figures on one line. */
export function line(r) {
    return `acked ${r.acked}, lost ${r.lost}, doubled ${r.doubled}, misordered ${r.misordered}, unaudited ${r.unaudited}` +
        ` (retries ${r.retries}, live ${r.live}, synced ${r.synced}; ${r.tree ?? 'tree: see above'})`;
}
