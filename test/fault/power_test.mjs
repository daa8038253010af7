// Power cuts: an installation works on a disk of the test's own, 200 operations long; then the power goes at a write, an
// fsync, a rename …, and what no fsync had made durable is lost, kept, torn by sector or reordered. Whatever is left opens
// unaided, within 5 s, and holds what was acknowledged by then: each message once, in order, with its audit row; and members,
// rooms, settings and whole companies. Some cuts are followed by one more during the recovery.
//     ENGAWA_CUTS=all SEED=7 node --test test/fault/power_test.mjs      at every change, then 500 at random
//     make power N=100 SEED=7                                           so many, evenly
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { assert, proves, testUnless, until } from '../lib/test.mjs';
import { hashOf } from './client.mjs';
import { BIN, addMember, checkedBy, numbers, op, seed, signedIn } from './driver.mjs';
import { Disk, LOSSES, noPower } from './power.mjs';

const WORKGROUP = 'fault';
const PASSWORD = 'Okaerinasai-2026-engawa';
const OPERATIONS = 200;
const OPENS_MS = 5000;
const RANDOM = 500;
const want = process.env.ENGAWA_CUTS ?? '12';
const random = numbers(seed);
const pick = (list) => list[Math.floor(random() * list.length)];

// ---- the script

class Script {
    constructor(house, disk) {
        Object.assign(this, { house, disk, acked: [], asked: [], counts: new Map(), n: 0 });
    }

    async prepare() {
        const { house } = this;
        house.workgroup = WORKGROUP;
        await op(house, 'tenant.open', { workgroup: WORKGROUP, company: '縁側商事', admin: { login: 'admin', family: '管理', password: PASSWORD } });
        const ids = [];
        for (const login of ['s0', 's1', 's2', 'reader']) ids.push(await addMember(house, login));
        this.senders = [];
        for (const i of [0, 1, 2]) this.senders.push(await signedIn(house, `s${i}`, `127.4.8.${i + 1}`));
        this.reader = await signedIn(house, 'reader', '127.4.8.9');
        this.chief = await signedIn(house, 'admin', '127.4.8.10');
        assert.equal((await this.chief.post('/console/session', { password: PASSWORD })).status, 200);
        this.rooms = [];
        for (const name of ['表', '裏']) this.rooms.push((await op(house, 'room.add', { name, members: ids }, WORKGROUP)).id);
    }

    /** Acknowledged: whoever cuts after this change must find it. */
    async ack(kind, what) {
        this.acked.push({ kind, at: await this.disk.mark(), ...what });
    }

    async post(person) {
        const room = pick(this.rooms);
        const place = `${person.me.id} ${room}`;
        const n = (this.counts.get(place) ?? 0) + 1;
        this.counts.set(place, n);
        const text = `${n} ${randomBytes(8 + Math.floor(random() * 300)).toString('hex')} 縁側`;
        const key = newKey();
        const r = await person.post(`/rooms/${room}/messages`, { key, text });
        assert.equal(r.status, 200, JSON.stringify(r.body));
        await this.ack('post', { author: person.me.id, n, room, seq: r.body.seq, key, hash: hashOf(text) });
    }

    async member() {
        const login = `m${++this.n}`;
        await this.ack('member', { id: await addMember(this.house, login) });
    }

    async room() {
        const { id } = await op(this.house, 'room.add', { name: `部屋 ${++this.n}`, members: [this.reader.me.id] }, WORKGROUP);
        await this.ack('room', { id });
    }

    async setting() {
        const value = String(8 + (++this.n % 8));
        this.asked.push({ at: await this.disk.mark(), value });
        const r = await this.chief.http('PUT', `${this.chief.base}/console/settings/account.password.min_length`, { value });
        assert.equal(r.status, 200, JSON.stringify(r.body));
        await this.ack('setting', { value });
    }

    async company() {
        const workgroup = `other-${++this.n}`;
        const { tenant } = await op(this.house, 'tenant.open', { workgroup, company: '別会社', admin: { login: 'chief', family: '主', password: PASSWORD } });
        await this.ack('company', { workgroup, tenant });
    }

    /** A stop and a start between: the engine puts its log into the file, and removes it. */
    async restart() {
        await this.house.stop();
        await this.house.boot();
    }

    async run() {
        for (let i = 0; i < OPERATIONS; i++) {
            if (i === OPERATIONS / 2) await this.restart();
            const dice = random();
            if (i === 20 || i === 150) await this.company();
            else if (dice < 0.05) await this.member();
            else if (dice < 0.08) await this.room();
            else if (dice < 0.14) await this.setting();
            else if (dice < 0.3) await Promise.all(this.senders.map((p) => this.post(p)));
            else await this.post(pick(this.senders));
        }
    }

    close() {
        for (const p of [...this.senders, this.reader, this.chief]) p.close();
    }
}

// ---- what must be there

async function everything(script, k) {
    const { house } = script;
    const acked = (kind) => script.acked.filter((a) => a.kind === kind && a.at <= k);
    const r = await checkedBy(house, script.reader, script.rooms, acked('post'));
    const unexpected = Object.entries(r.first).filter(([what]) => what !== 'unasked');    // stored and not answered yet: allowed
    assert.deepEqual(unexpected, []);

    const { members } = await op(house, 'member.all', { limit: 200 }, WORKGROUP);
    const { tenants } = await op(house, 'tenant.list');
    const { rooms } = (await script.reader.get('/rooms')).body;
    for (const a of acked('member')) assert.ok(members.some((m) => m.id === a.id), `member ${a.id} was acknowledged`);
    for (const a of acked('room')) assert.ok(rooms.some((x) => x.id === a.id), `room ${a.id} was acknowledged`);
    for (const a of acked('company')) {
        assert.ok(tenants.some((t) => t.workgroup === a.workgroup), `${a.workgroup} was acknowledged`);
        assert.ok((await op(house, 'tenant.check', { workgroup: a.workgroup })).whole, a.workgroup);
        const { members: there } = await op(house, 'member.all', { limit: 10 }, a.workgroup);      // an empty one is whole, too
        assert.ok(there.some((m) => m.login === 'chief'), `${a.workgroup} has lost its members`);
    }
    const last = acked('setting').at(-1);
    if (last) {
        const now = (await script.chief.get('/console/settings')).body.settings.find((s) => s.key === 'account.password.min_length').value;
        const allowed = [last.value, ...script.asked.filter((s) => s.at <= k && s.at >= last.at).map((s) => s.value)];
        assert.ok(allowed.includes(String(now)), `the setting is ${now}, acknowledged was ${last.value}`);
    }
    return r;
}

async function opens(script) {
    const began = performance.now();
    await script.house.boot();
    await until(async () => (await script.reader.get('/me')).status === 200, 'the reader to be served');
    return performance.now() - began;
}

async function dies(house) {
    house.process.kill('SIGKILL');
    await house.ended;
    house.ctl.close();
    await house.gone();
}

/** One cut, and what is found; then one more write, since an installation that only reads is of no use. */
async function survives(script, k, loss, number, again) {
    const { disk, house } = script;
    const what = `${again ? 're' : ''}cut ${k} loss ${loss} seed ${number}`;
    const left = await disk.cut(again ?? k, loss, number, again !== undefined);
    try {
        const took = await opens(script);
        assert.ok(took < OPENS_MS, `opens after ${Math.round(took)} ms`);
        const r = await everything(script, k);
        await addMember(house, `after-${k}-${number}${again === undefined ? '' : '-again'}`);
        return { ...left, took, present: r.present };
    } catch (e) {
        console.log(`${what} (SEED=${seed}), ${JSON.stringify(left)}: ${e.message}\n${house.logText()}`);
        throw e;
    } finally {
        await dies(house);
    }
}

const WORTH = new Set(['write', 'truncate', 'make', 'remove', 'rename', 'sync', 'attr']);
const worth = (p) => WORTH.has(p.kind) && !/-shm$|^log\.txt$|\.sock$|\.pid$/.test(p.name);

/** Where the power goes: { k, loss }. */
function plan(points) {
    const every = points.filter(worth).map((p) => p.k);
    if (want === 'all')
        return [...every.map((k, i) => ({ k, loss: (i + seed) % LOSSES })), ...Array.from({ length: RANDOM }, () => ({ k: pick(every), loss: Math.floor(random() * LOSSES) }))];
    return Array.from({ length: Number(want) }, (_, i) => ({ k: every[Math.floor(((i + random()) / Number(want)) * every.length)], loss: i % LOSSES }));
}

testUnless(noPower, 'A02 A10: whenever the power goes, the house opens unaided and holds what was acknowledged', { timeout: want === '12' ? 150_000 : 7_200_000 }, async () => {
    proves('TLK-02');
    console.log(`seed ${seed}`);
    const disk = await Disk.mount(fs.mkdtempSync(path.join(ROOT, 'build/power-')));
    let house, script;
    try {
        house = await House.start({ program: path.join(BIN, 'engawad'), dir: disk.folder, config: { edge_rate: '1000000', edge_burst: '1000000' } });
        script = new Script(house, disk);
        await script.prepare();
        await disk.ask('settle');
        await script.run();
        await dies(house);
        const points = await disk.points();
        await disk.ask('keep');
        const sum = { cuts: 0, again: 0, kept: 0, dropped: 0, torn: 0, slowest: 0, present: 0 };
        const count = (r) => {
            for (const what of ['kept', 'dropped', 'torn']) sum[what] += r[what];
            sum.slowest = Math.max(sum.slowest, Math.round(r.took));
            sum.present = Math.max(sum.present, r.present);
        };
        for (const { k, loss } of plan(points)) {
            count(await survives(script, k, loss, seed + sum.cuts++));
            if (sum.cuts % 4 === 0) {
                const during = await disk.mark();
                count(await survives(script, k, Math.floor(random() * LOSSES), seed + sum.cuts, Math.floor(random() * during)));
                sum.again++;
            }
        }
        console.log(`${points.length} changes, ${points.filter(worth).length} worth a cut; ${JSON.stringify(sum)}`);
        assert.ok(sum.dropped > 0 && sum.kept > 0 && sum.present > 0, JSON.stringify(sum));
    } finally {
        script?.close();
        if (house?.process?.exitCode === null && house.process.signalCode === null) await dies(house);
        await disk.remove();
    }
});
