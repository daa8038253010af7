// The checker: a process of its own. It notes every acknowledgement in an append-only log and has it on the disk (fsync)
// before it says so; at the end it reads that log back from the disk, reads every room over HTTP and the audit log as the
// operator, and counts what does not fit: lost, doubled, misordered, unaudited.
//     node checker.mjs LOG                  forked by Checker (driver.mjs), which speaks to it by messages
// A line of the log: {"author","n","room","seq","key","hash"}; n counts an author's messages from 1.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Ctl } from '../lib/ctl.mjs';
import { Person, hashOf } from './client.mjs';

const PAGE = 100;
const EVENTS_BACK = 400;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- noting

const file = process.argv[2];
const fd = fs.openSync(file, 'a');
let queue = [];
let writing = false;

function note(message) {
    queue.push(message);
    if (!writing) write();
}

function write() {
    const batch = queue;
    queue = [];
    writing = true;
    fs.writeSync(fd, batch.map((m) => `${JSON.stringify(m.ack)}\n`).join(''));
    fs.fsync(fd, (error) => {
        if (error) throw error;
        writing = false;
        for (const m of batch) process.send({ noted: m.id });
        if (queue.length) write();
    });
}

// ---- reading back

/** As often as it takes: the rate limit holds for the checker too. */
async function read(person, url) {
    for (;;) {
        const r = await person.get(url);
        if (r.status === 200) return r.body;
        if (r.status !== 429) throw new Error(`GET ${url}: ${r.status} ${JSON.stringify(r.body)}`);
        await wait(200);
    }
}

async function readRoom(person, room) {
    const all = [];
    for (let before = 0, more = true; more; ) {
        const page = await read(person, `/rooms/${room}/messages?limit=${PAGE}${before ? `&before=${before}` : ''}`);
        all.push(...page.messages);
        more = page.more;
        before = all.at(-1)?.seq;
    }
    return all.reverse();
}

function checkRoom(found, acks, messages) {
    const byKey = new Map();
    const bySeq = new Map(messages.map((m) => [m.seq, m]));
    const last = new Map();
    messages.forEach((m, i) => {
        const who = `${m.author} ${m.key}`;
        byKey.set(who, (byKey.get(who) ?? 0) + 1);
        if (byKey.get(who) > 1) found.doubled.push(`${m.room}/${m.seq}: ${m.key}`);
        if (m.seq !== i + 1) found.misordered.push(`${m.room}: seq ${m.seq} at place ${i + 1}`);
        const n = Number(m.text.match(/^(\d+) /)?.[1]);
        if (n !== (last.get(m.author) ?? 0) + 1) found.misordered.push(`${m.room}/${m.seq}: ${n} after ${last.get(m.author)}`);
        last.set(m.author, n);
    });
    for (const a of acks) {
        const m = bySeq.get(a.seq);
        if (!byKey.has(`${a.author} ${a.key}`)) found.lost.push(`${a.room}/${a.seq}: ${a.key}`);
        else if (m?.key !== a.key || m.author !== a.author) found.misordered.push(`${a.room}/${a.seq}: ${a.key} stands elsewhere`);
        else if (hashOf(m.text) !== a.hash) found.lost.push(`${a.room}/${a.seq}: another text`);
    }
    const acked = new Set(acks.map((a) => `${a.author} ${a.key}`));
    found.unasked.push(...[...byKey.keys()].filter((who) => !acked.has(who)));
}

/** What sync tells from `since` on must be what the history holds, in one order, to the end. */
function checkSync(found, events, rooms) {
    let pos = 0;
    const next = new Map();
    for (const e of events) {
        if (e.pos <= pos) found.misordered.push(`sync: pos ${e.pos} after ${pos}`);
        pos = e.pos;
        if (e.event !== 'talk.message.posted') continue;
        const m = rooms.get(e.room)?.[e.data.seq - 1];
        if (JSON.stringify(m) !== JSON.stringify(e.data)) found.misordered.push(`sync: pos ${e.pos} is not what the room holds`);
        if (next.has(e.room) && next.get(e.room) !== e.data.seq) found.misordered.push(`sync: ${e.room}: gap before ${e.data.seq}`);
        next.set(e.room, e.data.seq + 1);
    }
    for (const [room, seq] of next)
        if (seq !== rooms.get(room).length + 1) found.lost.push(`sync: ${room} ends before ${seq}`);
}

async function sync(found, person, rooms) {
    const whole = await read(person, '/sync?since=0');
    if (!whole.reset) {
        checkSync(found, whole.events, rooms);
        const told = whole.events.filter((e) => e.event === 'talk.message.posted').length;
        const held = [...rooms.values()].reduce((n, m) => n + m.length, 0);
        if (told !== held) found.lost.push(`sync from 0 tells ${told} of ${held}`);
        return;
    }
    const late = await read(person, `/sync?since=${whole.pos - EVENTS_BACK}`);
    if (late.reset || late.events.length === 0) found.lost.push('sync: reset for a pos that is held');
    checkSync(found, late.events, rooms);
}

async function operator(place, name, body, workgroup) {
    const ctl = await Ctl.connect(place.ctl);
    try {
        const r = await ctl.call(name, workgroup, body);
        if (r.status !== 200) throw new Error(`${name}: ${r.status} ${r.text}`);
        return r.text;
    } finally {
        ctl.close();
    }
}

/** One row per message, one message per row; and the tree, by a program that knows nothing of the server. */
async function audit(found, place, rooms) {
    const text = await operator(place, 'audit.export', {}, place.workgroup);
    const rows = new Map();
    for (const line of text.split('\n')) {
        const f = line.split(' ');
        if (f[0] === 'row' && f[6] === 'talk.post' && f[8] === 'ok') rows.set(f[7], (rows.get(f[7]) ?? 0) + Number(f[9]));
    }
    const ids = new Set([...rooms.values()].flat().map((m) => m.id));
    for (const id of ids) if (rows.get(id) !== 1) found.unaudited.push(`message ${id}: ${rows.get(id) ?? 0} rows`);
    for (const id of rows.keys()) if (!ids.has(id)) found.unaudited.push(`row of message ${id}, which is not there`);
    const out = path.join(path.dirname(file), 'audit.txt');
    fs.writeFileSync(out, text);
    const key = JSON.parse(await operator(place, 'audit.key', {}, '')).key;
    try {
        found.tree = execFileSync(place.auditverify, ['--key', key, '--no-head-yet', out], { encoding: 'utf8' }).trim();
    } catch (e) {
        found.tampered.push(`auditverify: ${e.stdout || e.message}`.trim());
    }
}

async function check(place) {
    const found = { lost: [], doubled: [], misordered: [], unaudited: [], unasked: [], tampered: [] };
    const acks = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
    const rooms = new Map();
    const person = new Person({ ...place, ca: Buffer.from(place.ca) }, place.address);
    person.cookies = new Map(place.cookies);
    person.base = place.base;
    try {
        for (const room of place.rooms) {
            rooms.set(room, await readRoom(person, room));
            checkRoom(found, acks.filter((a) => a.room === room), rooms.get(room));
        }
        await sync(found, person, rooms);
    } finally {
        person.close();
    }
    await audit(found, place, rooms);
    const whole = JSON.parse(await operator(place, 'tenant.check', { workgroup: place.workgroup, search: 20 }, '')).whole;
    if (!whole) found.tampered.push('the database is not whole');
    return {
        acked: acks.length, present: [...rooms.values()].reduce((n, m) => n + m.length, 0), tree: found.tree,
        lost: found.lost.length, doubled: found.doubled.length, misordered: found.misordered.length,
        unaudited: found.unaudited.length, unasked: found.unasked.length, tampered: found.tampered.length,
        first: Object.fromEntries(Object.entries(found).filter(([, v]) => Array.isArray(v) && v.length).map(([k, v]) => [k, v.slice(0, 5)])),
    };
}

process.on('message', (m) => {
    if (m.ack) note(m);
    else if (m.check) check(m.check).then((result) => process.send({ id: m.id, result }), (e) => process.send({ id: m.id, error: e.stack }));
    else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
