// Backups of a house under load, each of which proves itself: drilled equal, restored into an empty folder, started beside the one that
// goes on, and compared: every message that was acknowledged before it began is there, the log is the beginning of the living one's.
//     ENGAWA_BACKUPS=200 SEED=7 node --test test/fault/backup_test.mjs      so many, a process killed in most (make backups N=200 SEED=7)
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test, assert, proves } from '../lib/test.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { Load, line, numbers, op, seed, signedIn, startHouse } from './driver.mjs';
import { hashOf } from './client.mjs';

const rounds = Number(process.env.ENGAWA_BACKUPS ?? 0);
const BEFORE = 15;                 // acknowledgements of each sender before a backup begins
const WORKGROUP = 'fault';

const run = (house, ...args) => new Promise((resolve) =>
    execFile(house.ctlProgram, ['--data', house.dir, '--json', ...args], { maxBuffer: 1 << 26 }, (e, out, err) => resolve({ rc: e?.code ?? 0, out, err })));

function freePort() {
    return new Promise((resolve) => {
        const s = net.createServer();
        s.listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => resolve(port));
        });
    });
}

const acks = (load) => fs.readFileSync(load.checker.log, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));

/** A backup while the load goes on; `kill` names the role that dies meanwhile. null: it failed, and nothing stands there. */
async function backup(house, load, dir, kill) {
    await load.everyone(BEFORE);
    const before = acks(load);
    const made = run(house, 'backup', '--to', dir);
    if (kill) {
        const h = await op(house, 'health');
        const role = h.roles.find((r) => r.role === kill && (r.number === undefined || kill !== 'tenant' || r.number === load.tenant));
        if (role) process.kill(role.pid, 'SIGKILL');
    }
    const r = await made;
    const files = fs.readdirSync(dir).filter((f) => f.endsWith('.backup'));
    if (r.rc !== 0) {
        assert.ok(kill || r.err.includes('(retry)'), `${r.out}${r.err}`);      // a copy that a killed one had asked for may still be under way
        assert.deepEqual(fs.readdirSync(dir).filter((f) => f !== 'engawa.keys'), [], 'a failed one leaves nothing');
        return null;
    }
    assert.equal(files.length, 1);
    return { file: path.join(dir, files[0]), before };
}

async function elsewhere(house, from, to) {
    const restored = await run(house, 'restore', '--from', from, '--to', to, '--key', path.join(house.dir, 'keys/master.key'));
    assert.equal(restored.rc, 0, restored.err);
    const port = await freePort();
    const copy = Object.assign(new House(), { program: house.program, ctlProgram: house.ctlProgram, dir: to, port, origin: `https://localhost:${port}`, ca: house.ca });
    copy.configure('listen', `127.0.0.1:${port}`);
    copy.configure('origin', copy.origin);
    for (const f of fs.readdirSync(path.join(house.dir, 'tls'))) fs.copyFileSync(path.join(house.dir, 'tls', f), path.join(to, 'tls', f));
    await copy.boot();
    return copy;
}

async function roomOf(person, room) {
    const all = [];
    for (let before = 0, more = true; more; ) {
        const r = await person.get(`/rooms/${room}/messages?limit=100${before ? `&before=${before}` : ''}`);
        assert.equal(r.status, 200);
        all.unshift(...r.body.messages.reverse());
        more = r.body.more;
        before = all[0]?.seq;
    }
    return all;
}

/** Rows of the log as they were hashed, the oldest first. */
async function log(house, name) {
    await op(house, 'tenant.list');  // on a new connection, where control is another process now
    const r = await house.ctl.call('audit.export', WORKGROUP, {});
    assert.equal(r.status, 200, r.text);
    const file = path.join(house.dir, `${name}.export`);
    fs.writeFileSync(file, r.text);
    const verified = spawnSync(path.join(ROOT, 'build/auditverify'), ['--key', (await op(house, 'audit.key')).key, '--no-head-yet', file], { encoding: 'utf8' });
    assert.equal(verified.status, 0, `${name}: ${verified.stdout}${verified.stderr}`);
    return r.text.split('\n').filter((l) => l.startsWith('row '));
}

async function compare(house, load, copy, made, report) {
    const reader = await signedIn(copy, 'reader', '127.4.3.9');
    let present = 0;
    for (const room of load.rooms) {
        const messages = await roomOf(reader, room);
        present += messages.length;
        assert.deepEqual(messages.map((m) => m.seq), messages.map((_, i) => i + 1), 'without a hole');
        assert.equal(new Set(messages.map((m) => m.key)).size, messages.length, 'nothing twice');
        for (const a of made.before.filter((x) => x.room === room)) {
            const m = messages[a.seq - 1];
            assert.ok(m && m.key === a.key && m.author === a.author && hashOf(m.text) === a.hash, `acknowledged before it began: ${JSON.stringify(a)}`);
        }
    }
    reader.close();
    const rows = report.databases.find((d) => d.company === WORKGROUP).log_rows;
    const there = (await log(copy, 'there')).slice(0, rows), here = (await log(house, 'here')).slice(0, rows);
    assert.equal(there.length, rows);
    assert.deepEqual(there, here, 'its log is the beginning of the living one');
    assert.equal((await op(copy, 'log.verify')).whole, true);
    return present;
}

test('A16: a backup under load, restored elsewhere, is equal in every table and head, and holds what was acknowledged', { timeout: 60_000 + rounds * 60_000 }, async () => {
    proves('PLT-32');
    const house = await startHouse({ edge_rate: '100000', edge_burst: '100000' });
    const place = fs.mkdtempSync(path.join(ROOT, 'build/wayback-')), random = numbers(seed);
    const counts = { whole: 0, failed: 0, before: 0, present: 0, tables: 0 };
    let load, copy;
    try {
        load = await Load.begin(house, { senders: 4, rooms: 2 });
        if (rounds) console.log(`seed ${seed}`);
        for (let i = 0; i < (rounds || 2); i++) {
            const dir = path.join(place, `b${i}`), kill = i === 0 || random() < 0.3 ? null : ['tenant', 'control', 'keyd'][rounds ? Math.floor(random() * 3) : 0];
            fs.mkdirSync(dir);
            const made = await backup(house, load, dir, kill);
            counts[made ? 'whole' : 'failed']++;
            if (!made) continue;
            const d = await run(house, 'drill', '--from', dir, '--scratch', place);
            assert.equal(d.rc, 0, d.out + d.err);
            const report = JSON.parse(d.out);
            assert.ok(report.databases.length === 3 && report.databases.every((x) => x.compared), d.out);
            copy = await elsewhere(house, dir, path.join(place, `house${i}`));
            counts.present += await compare(house, load, copy, made, report);
            counts.before += made.before.length;
            counts.tables += report.databases.reduce((n, x) => n + x.tables, 0);
            await copy.remove();
            fs.rmSync(dir, { recursive: true });
            copy = null;
        }
        await op(house, 'audit.key');                      // keyd, too, is there again
        const r = await load.end();
        console.log(`backups ${counts.whole} whole, ${counts.failed} failed with a killed process; ${counts.tables} tables equal; ` +
            `${counts.before} acknowledged before, ${counts.present} there; ${line(r)}`);
        assert.deepEqual([r.lost, r.doubled, r.misordered, r.unaudited, r.anomalies], [0, 0, 0, 0, []]);
        assert.ok(counts.whole > (rounds || 2) / 4 && counts.before > 0 && counts.present >= counts.before);
    } finally {
        load?.close();
        await copy?.remove();
        await house.remove();
        fs.rmSync(place, { recursive: true, force: true });
    }
});
