// The n-th system call fails, in the very processes that serve, while they start, sign in, post, open a company, wake and
// back up. Whoever asked hears of success or of an error; nothing acknowledged is lost; a process ends by its own decision
// alone, and only where a failure leaves it no way: an fsync that failed, a link that is none any more. Asked again, all works.
//     ENGAWA_INJECT=all SEED=7 node --test test/fault/inject_test.mjs     every call, n = 1, 2, … until a run passes without a hit
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Ctl } from '../lib/ctl.mjs';
import { ROOT } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { after, assert, before, proves, testUnless, until } from '../lib/test.mjs';
import { hashOf } from './client.mjs';
import { addMember, checkedBy, numbers, op, seed, signedIn, startHouse } from './driver.mjs';
import { Strace, noStrace } from './strace.mjs';

const WORKGROUP = 'fault';
const PASSWORD = 'Okaerinasai-2026-engawa';
const ALL = process.env.ENGAWA_INJECT === 'all';
const LONG = { timeout: ALL ? 3_600_000 : 120_000 };
const PATIENCE_MS = 3000;
const WAKES_MS = 600;
const random = numbers(seed);
// Why a process may end: what it says itself, while it serves.
const DECIDED = /fsync failed|a link to another process fails|out of memory|heads\.log: fsync failed/;
const calls = (text) => text.split(' ').map((t) => t.split(':'));

let house, reader, sender, rooms, companies = 0, posts = 0, target;
const acks = [];

before(async () => {
    house = await startHouse({ edge_rate: '1000000', edge_burst: '1000000' });
    const ids = [await addMember(house, 'reader'), await addMember(house, 'sender')];
    rooms = [(await op(house, 'room.add', { name: '部屋', members: ids }, WORKGROUP)).id];
    await addMember(house, 'visitor');
    reader = await signedIn(house, 'reader', '127.4.10.1');
    sender = await signedIn(house, 'sender', '127.4.10.2');
    sender.patience = PATIENCE_MS;
    target = fs.mkdtempSync(path.join(ROOT, 'build/inject-'));
});
after(async () => {
    reader?.close();
    sender?.close();
    await house?.remove();
    fs.rmSync(target, { recursive: true, force: true });
});

/** Role to pid; the tenant is the one at work. */
async function processes() {
    const h = await op(house, 'health');
    return { supervisor: h.supervisor, ...Object.fromEntries(h.roles.filter((r) => r.role !== 'tenant' || r.number === reader.me.tenant).map((r) => [r.role, r.pid])) };
}

/** The operator's call, once; the connection is one of its own, since control may end. */
async function once(name, body, workgroup = '') {
    const ctl = await Ctl.connect(path.join(house.dir, 'run/ctl.sock'));
    let timer;
    try {
        const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS)));
        return await Promise.race([ctl.call(name, workgroup, body), late]);
    } finally {
        clearTimeout(timer);
        ctl.close();
    }
}

const run = (...args) => new Promise((resolve) => execFile(house.ctlProgram, ['--data', house.dir, ...args], { timeout: 20_000 }, (e, out, err) => resolve({ rc: e?.code ?? 0, signal: e?.signal, text: out + err })));

// ---- what is done meanwhile: begin() gives the act, which answers a status; again() does it until it is done

const ACTS = {
    post: {
        of: ['tenant', 'edge'],
        calls: calls('pwrite64:EIO pwrite64:ENOSPC pwrite64:EINTR fdatasync:EIO fdatasync:ENOSPC sendto:EIO sendto:EINTR'),
        begin() {
            const n = ++posts;
            const text = `${n} 縁側 ${'あ'.repeat(n % 40)}`, body = { key: newKey(), text };
            return async () => {
                const r = await sender.post(`/rooms/${rooms[0]}/messages`, body);
                if (r.status === 200) {
                    const known = acks.find((a) => a.key === body.key);
                    if (known) assert.equal(r.body.seq, known.seq, 'the same key is the same message');
                    else acks.push({ author: sender.me.id, n, room: rooms[0], seq: r.body.seq, key: body.key, hash: hashOf(text) });
                }
                return r.status;
            };
        },
    },
    'sign in': {
        of: ['edge', 'control', 'keyd', 'tenant'],
        calls: calls('accept4:EMFILE accept4:ENFILE accept4:EINTR accept4:ECONNABORTED pwrite64:EIO fdatasync:EIO write:EIO sendmsg:EINTR recvmsg:EINTR sendto:EINTR mmap:ENOMEM'),
        begin: () => async () => {
            try {
                (await signedIn(house, 'visitor', '127.4.10.3')).close();      // the oldest of a member's sessions give way
            } catch (e) {
                assert.doesNotMatch(e.message, /: 401 /, 'the right password is called wrong');
                throw e;
            }
            return 200;
        },
    },
    wake: {
        of: ['supervisor'],
        calls: calls('openat:EIO openat:EMFILE pread64:EIO ftruncate:EIO pwrite64:EIO pwrite64:ENOSPC fsync:EIO fdatasync:EIO unlink:EIO'),
        starts: true,
        begin() {
            const post = ACTS.post.begin();
            let killed;
            return async () => {
                if (killed) return post();
                process.kill(killed = (await processes()).tenant, 'SIGKILL');
                let status;
                for (const end = Date.now() + WAKES_MS; status !== 200 && Date.now() < end; ) {      // else nobody would have been there to fail
                    status = await post();
                    if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
                }
                return status;
            };
        },
    },
    'back up': {
        of: ['control', 'tenant'],
        calls: calls('openat:EIO openat:EMFILE pwrite64:EIO pwrite64:ENOSPC fsync:EIO unlink:EIO ftruncate:EIO pread64:EIO'),
        begin: () => async () => {
            const r = await run('backup', '--to', target);
            assert.ok(!r.signal, `the backup hangs: ${r.text}`);
            for (const f of fs.readdirSync(target)) if (f.endsWith('.backup') && r.rc !== 0) assert.fail(`a backup that failed left ${f}`);
            for (const f of fs.readdirSync(target)) fs.rmSync(path.join(target, f));
            return r.rc === 0 ? 200 : 500;
        },
    },
    // Last: a backup of all the companies that it leaves takes long.
    'open a company': {
        of: ['supervisor', 'control', 'keyd'],
        starts: true,
        calls: calls('openat:EIO openat:EMFILE openat:ENOSPC mkdir:ENOSPC pwrite64:EIO pwrite64:ENOSPC fsync:EIO fdatasync:EIO renameat:EIO ftruncate:EIO pread64:EIO'),
        begin() {
            const workgroup = `company-${++companies}`;
            return async () => {
                const r = await once('tenant.open', { workgroup, company: '別会社', admin: { login: 'chief', family: '主', password: PASSWORD } });
                if (r.status === 200) return 200;
                /* A first try may have got further than its answer. */
                const check = r.status === 409 ? await once('tenant.check', { workgroup }) : r;
                return check.status;
            };
        },
    },
};

// ---- one failure

function newLog(from) {
    return house.logText().slice(from);
}

/** Whoever ended did so by itself, having said why, and had the right to. */
function judge(text, act, what) {
    const ends = [...text.matchAll(/supervisor: (\S+).*? ended: (.*)/g)].map((m) => `${m[1]} ${m[2]}`).filter((e) => !/tenant signal 9$/.test(e) || act !== ACTS.wake);
    const reasons = [...text.matchAll(/^engawad?: (.*)$/gm)].map((m) => m[1]);
    for (const e of ends) assert.match(e, /signal 6|status (0|1|127)$/, `${what}: ${text}`);
    if (!act.starts) for (const r of reasons) assert.match(r, DECIDED, `${what}: ${text}`);
    assert.ok(ends.length <= reasons.length, `${what}: ${text}`);
    return ends.length;
}

async function settled(doIt, what) {
    return until(async () => {
        try {
            return (await doIt()) === 200;
        } catch {
            return false;
        }
    }, `${what}: again, without a failure`);
}

/** False: nobody made so many calls. */
async function fails(name, call, error, n, sum) {
    const act = ACTS[name], what = `${name}: ${call} ${n} ${error} (SEED=${seed})`;
    const from = house.logText().length;
    const pids = await processes();
    const doIt = act.begin();
    const t = await Strace.attach(act.of.map((role) => pids[role]), call, error, n);
    let answer;
    try {
        answer = await doIt();
    } catch (e) {
        if (e.code === 'ERR_ASSERTION') throw e;
        answer = e.message;
    }
    const hits = await t.detach();
    await settled(doIt, what);
    const ended = judge(newLog(from), act, what);
    if (!hits.length) return false;
    sum.hits++;
    sum.ended += ended;
    sum.refused += answer !== 200;
    sum.last = `${what} -> ${answer}${ended ? `, ${ended} ended` : ''}`;
    if (process.env.ENGAWA_INJECT) console.log(sum.last);
    return true;
}

const pick = (list) => list[Math.floor(random() * list.length)];

async function campaign(name, sample) {
    const sum = { hits: 0, refused: 0, ended: 0 };
    console.log(`seed ${seed}`);
    if (ALL) {
        for (const [call, error] of ACTS[name].calls)
            for (let n = 1; await fails(name, call, error, n, sum);) n += 1 + (n >> 5);      // a backup makes thousands
    } else {
        for (let i = 0; sum.hits < sample && i < 20; i++) {
            const [call, error] = pick(ACTS[name].calls);
            if (!(await fails(name, call, error, 1 + Math.floor(random() * 4), sum))) await fails(name, call, error, 1, sum);
        }
    }
    console.log(`${name}: ${JSON.stringify(sum)}`);
    assert.ok(sum.hits > 0, 'nothing failed');
    const r = await checkedBy(house, reader, rooms, acks);
    assert.deepEqual(r.first, {});
    assert.equal(r.acked, r.present);
}

// ---- the start of the whole house: it serves, or it ends and says why; the next start, without a failure, serves

const START = calls('openat:EIO openat:EMFILE fsync:EIO fdatasync:EIO pwrite64:EIO pwrite64:ENOSPC pread64:EIO ftruncate:EIO unlink:EIO mkdir:ENOSPC bind:EIO listen:EIO');
const START_MS = 4000;

/** False: nobody made so many calls. */
async function startFails(call, error, n, sum) {
    const from = house.logText().length, what = `start: ${call} ${n} ${error} (SEED=${seed})`;
    await house.stop();
    await house.gone();
    const log = fs.openSync(path.join(house.dir, 'log.txt'), 'a');
    const t = Strace.run([house.program, '--data', house.dir], call, error, n, log);
    fs.closeSync(log);
    const serves = async () => {
        for (const end = Date.now() + START_MS; Date.now() < end && !t.over; ) {
            try {
                if ((await reader.get('/me')).status === 200) return true;
            } catch {
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }
        return false;
    };
    t.ended.then(() => (t.over = true));
    const served = await serves();
    if (!t.over) process.kill(Number(fs.readFileSync(path.join(house.dir, 'run/engawad.pid'), 'utf8')), 'SIGTERM');
    await t.ended;
    await house.gone();
    await house.boot();
    assert.equal((await until(async () => (await reader.get('/me')).status === 200, `${what}: the next start`)), true);
    const text = newLog(from);
    assert.doesNotMatch(text, /ended: signal (?!6|9)/, `${what}: ${text}`);
    const hits = t.hits();
    sum.hits += hits.length > 0;
    sum.refused += !served;
    if (process.env.ENGAWA_INJECT) console.log(`${what} -> ${served ? 'serves' : 'does not'}`);
    return hits.length > 0;
}

testUnless(noStrace, 'A05 A08: start, with any system call that fails', LONG, async () => {
    const sum = { hits: 0, refused: 0 };
    console.log(`seed ${seed}`);
    if (ALL) {
        for (const [call, error] of START)
            for (let n = 1; await startFails(call, error, n, sum);) n += 1 + (n >> 4);
    } else {
        for (let i = 0; sum.hits < 2 && i < 10; i++) await startFails(...pick(START), 1 + Math.floor(random() * 12), sum);
    }
    console.log(`start: ${JSON.stringify(sum)}`);
    assert.ok(sum.hits > 0, 'nothing failed');
    assert.ok((await op(house, 'tenant.check', { workgroup: WORKGROUP })).whole);
});

for (const name of Object.keys(ACTS))
    testUnless(noStrace, `A05 A08 A10: ${name}, with any system call that fails`, LONG, () => {
        proves('TLK-02');
        return campaign(name, 2);
    });
