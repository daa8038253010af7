// Who stalls costs bounded memory, and who asks for too much is told so: WebSockets that read nothing while a room talks, and
// ten times the load that the house can carry. The others are answered; refusals are 429 or 503, by HTTP with Retry-After; and
// the house says how it is meanwhile. What is measured is printed and decides nothing.
//     ENGAWA_STALLED=1000 node --test test/fault/overload_test.mjs        that many who read nothing, and slowhttptest
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { ROOT } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { TEXT as TEXT_FRAME, frame } from '../lib/ws.mjs';
import { assert, test, until } from '../lib/test.mjs';
import { addMember, op, signedIn, startHouse } from './driver.mjs';

const WORKGROUP = 'fault';
const STALLED = Number(process.env.ENGAWA_STALLED ?? 100);
const LONG = { timeout: STALLED > 100 ? 900_000 : 120_000 };
const EACH = 20;                   // connections of one member who reads nothing
const TEXT = 'あ'.repeat(2500);    // 7,500 bytes
const KIB_EACH = 256;
const OFFERED = 10;
const FREE = { edge_rate: '1000000', edge_burst: '1000000' };

const rss = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
const pidsOf = async (house, tenant) => Object.fromEntries((await op(house, 'health')).roles.filter((r) => r.role !== 'tenant' || r.number === tenant).map((r) => [r.role, r.pid]));
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] ?? 0;

async function room(house, logins) {
    const ids = [];
    for (const login of logins) ids.push(await addMember(house, login));
    return (await op(house, 'room.add', { name: '広間', members: ids }, WORKGROUP)).id;
}

/** Posts one after the other; how long each took. */
async function talk(person, to, n, text, took = []) {
    for (let i = 0; i < n; i++) {
        const began = performance.now();
        const r = await person.post(`/rooms/${to}/messages`, { key: newKey(), text: `${i} ${text}` });
        assert.equal(r.status, 200, JSON.stringify(r.body));
        took.push(performance.now() - began);
    }
    return took;
}

test('A13: who reads nothing costs little memory and holds up nobody', LONG, async () => {
    const house = await startHouse(FREE);
    const people = [], sockets = [];
    try {
        const logins = Array.from({ length: Math.ceil(STALLED / EACH) }, (_, i) => `deaf${i}`);
        const to = await room(house, [...logins, 'speaker', 'hearer']);
        const speaker = await signedIn(house, 'speaker', '127.4.13.1'), hearer = await signedIn(house, 'hearer', '127.4.13.2');
        people.push(speaker, hearer);
        const alone = await talk(speaker, to, 50, '静か');
        for (const [i, login] of logins.entries()) {
            const p = await signedIn(house, login, `127.4.14.${1 + i}`);
            people.push(p);
            for (let k = 0; k < EACH && sockets.length < STALLED; k++) {
                const ws = await p.ws();
                ws.socket.pause();
                sockets.push(ws);
            }
        }
        const pids = await pidsOf(house, speaker.me.tenant);
        const heard = [];
        const ear = await hearer.ws();
        ear.listen((e) => e.event === 'talk.message.posted' && heard.push(e.data.seq));
        const before = { edge: rss(pids.edge), tenant: rss(pids.tenant) };
        let most = { ...before }, n = 0;
        const took = [];
        // Six megabytes for each: the buffers of the system are full, and the house has to hold or to cut.
        for (; n < 800; n += 20) {
            await talk(speaker, to, 20, TEXT, took);
            most = { edge: Math.max(most.edge, rss(pids.edge)), tenant: Math.max(most.tenant, rss(pids.tenant)) };
        }
        await until(() => heard.length >= n, 'the one who reads to hear all');
        assert.deepEqual(heard.slice(1).filter((seq, i) => seq !== heard[i] + 1), [], 'in order');
        const each = (most.edge - before.edge + most.tenant - before.tenant) / STALLED;
        console.log(`${STALLED} read nothing of ${n} messages: ${each.toFixed(1)} KiB each, posts p99 ${quantile(alone, 0.99).toFixed(1)} -> ${quantile(took, 0.99).toFixed(1)} ms`);
        const cut = (await op(house, 'health')).roles.filter((r) => r.role === 'edge').reduce((sum, r) => sum + r.slow_cut, 0);
        assert.equal(cut, STALLED, 'each of them was cut');
        assert.ok(each <= KIB_EACH, `${each} KiB for each`);
        assert.deepEqual(await pidsOf(house, speaker.me.tenant), pids, 'nobody was started anew');
    } finally {
        for (const w of sockets) w.close();
        for (const p of people) p.close();
        await house.remove();
    }
});

/* What waits for members who do not read, in all and for one (src/role/tenant_file.c); and what answering itself takes. */
const ANSWERS_OF_MEMBER = 16 * 1024 * 1024;
const TENANT_KIB = ANSWERS_OF_MEMBER / 1024 + 24 * 1024;

test('A13: who asks again and again and reads no answer costs bounded memory', LONG, async () => {
    const house = await startHouse(FREE);
    const sockets = [];
    let p;
    try {
        const to = await room(house, ['asker']);
        p = await signedIn(house, 'asker', '127.4.18.1');
        await talk(p, to, 80, TEXT);
        const where = `${p.base}/rooms/${to}/messages?limit=100`, n = STALLED / 4;
        const whole = Buffer.byteLength(JSON.stringify((await p.get(`/rooms/${to}/messages?limit=100`)).body));
        const { edge, tenant } = await pidsOf(house, p.me.tenant), before = rss(edge), before_tenant = rss(tenant);
        const request = `GET ${where} HTTP/1.1\r\nHost: ${new URL(house.origin).host}\r\nCookie: ${p.cookie()}\r\n\r\n`;
        for (let i = 0; i < n; i++) {
            const socket = tls.connect({ host: '127.0.0.1', port: house.port, servername: 'localhost', ca: house.ca, localAddress: `127.4.19.${1 + (i % 250)}` });
            sockets.push(socket);
            socket.on('error', () => {});
            await once(socket, 'secureConnect');
            socket.pause();
            socket.write(request.repeat(40));
        }
        let most = 0, most_tenant = 0, waiting = 0;
        for (let i = 0; i < 40 * Math.max(1, n / 25); i++) {               // others are answered meanwhile
            assert.equal((await p.get('/me')).status, 200);
            most = Math.max(most, rss(edge) - before);
            most_tenant = Math.max(most_tenant, rss(tenant) - before_tenant);
            const { answers_waiting: now = 0 } = (await op(house, 'health')).roles.find((r) => r.role === 'tenant' && r.number === p.me.tenant);
            assert.ok(now <= ANSWERS_OF_MEMBER, `${now} bytes wait in the tenant`);
            waiting = Math.max(waiting, now);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        console.log(`${n} asked 40 times for ${whole} bytes and read nothing: ${(most / n).toFixed(1)} KiB each; the tenant ${(most_tenant / 1024).toFixed(1)} MiB in all, ${waiting} bytes of answers`);
        assert.ok(whole > 500_000, 'those answers are short');
        assert.ok(most / n <= KIB_EACH, `${most / n} KiB for each`);
        assert.ok(waiting > 0, 'nothing waited in the tenant');
        assert.ok(most_tenant <= TENANT_KIB, `${most_tenant} KiB in the tenant`);
        assert.deepEqual(await pidsOf(house, p.me.tenant).then((now) => [now.edge, now.tenant]), [edge, tenant]);
    } finally {
        for (const socket of sockets) socket.destroy();
        p?.close();
        await house.remove();
    }
});

test('A13: who asks by WebSocket again and again and reads no answer costs bounded memory', LONG, async () => {
    const house = await startHouse(FREE);
    const sockets = [], people = [];
    try {
        const n = STALLED / 4, logins = Array.from({ length: Math.ceil(n / EACH) }, (_, i) => `asker${i}`);
        const to = await room(house, logins);
        for (const [i, login] of logins.entries()) people.push(await signedIn(house, login, `127.4.20.${1 + i}`));
        await talk(people[0], to, 10, TEXT);
        const ear = await people[0].ws();
        sockets.push(ear);
        const whole = Buffer.byteLength(JSON.stringify(await ear.call('talk.history', { room: to, limit: 8 })));
        assert.ok(whole > 55_000 && whole < 65_000, `${whole} bytes are no long answer`);
        const { edge, tenant } = await pidsOf(house, people[0].me.tenant), before = rss(edge), before_tenant = rss(tenant);
        for (let i = 0; i < n; i++) {
            const ws = await people[i % people.length].ws();
            ws.socket.pause();
            sockets.push(ws);
        }
        const ask = frame(TEXT_FRAME, JSON.stringify({ id: '1', op: 'talk.history', params: { room: to, limit: 8 } }));
        const asks = Buffer.concat(Array.from({ length: 32 }, () => ask));
        let most = 0, most_tenant = 0, waiting = 0;
        for (let i = 0; i < 100 * Math.max(1, n / 25); i++) {
            for (const ws of sockets.slice(1)) if (!ws.gone && !ws.socket.writableNeedDrain) ws.socket.write(asks);
            assert.equal((await ear.call('talk.history', { room: to, limit: 8 })).status, 200);      // others are answered meanwhile
            most = Math.max(most, rss(edge) - before);
            most_tenant = Math.max(most_tenant, rss(tenant) - before_tenant);
            const { answers_waiting: now = 0 } = (await op(house, 'health')).roles.find((r) => r.role === 'tenant' && r.number === people[0].me.tenant);
            waiting = Math.max(waiting, now);
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        console.log(`${n} asked by WebSocket for ${whole} bytes and read nothing: ${(most / n).toFixed(1)} KiB each; the tenant ${(most_tenant / 1024).toFixed(1)} MiB in all, ${waiting} bytes of answers`);
        assert.ok(most / n <= KIB_EACH, `${most / n} KiB for each`);
        assert.ok(waiting > 0, 'nothing waited in the tenant');
        assert.ok(waiting <= people.length * ANSWERS_OF_MEMBER, `${waiting} bytes wait in the tenant`);
        assert.deepEqual(await pidsOf(house, people[0].me.tenant).then((now) => [now.edge, now.tenant]), [edge, tenant]);
    } finally {
        for (const w of sockets) w.close();
        for (const p of people) p.close();
        await house.remove();
    }
});

/** Posts as many at once as `width` on each of the sockets, for so long; what came back. */
async function press(sockets, to, width, ms) {
    const end = performance.now() + ms, seen = new Map();
    await Promise.all(sockets.flatMap((ws) => Array.from({ length: width }, async () => {
        while (performance.now() < end) {
            const r = await ws.call('talk.post', { room: to }, { key: newKey(), text: '満員' });
            seen.set(r.status, (seen.get(r.status) ?? 0) + 1);
            if (r.status !== 200) await new Promise((resolve) => setTimeout(resolve, 1));      // a client that insists
        }
    })));
    return seen;
}

test('A15: ten times the load: what is refused is refused by 429 or 503, and work goes on', LONG, async () => {
    const house = await startHouse({ edge_rate: '500', edge_burst: '500' });
    const people = [], sockets = [];
    const ms = STALLED > 100 ? 20_000 : 1500;
    try {
        const logins = Array.from({ length: 4 }, (_, i) => `busy${i}`);
        const to = await room(house, logins);
        for (const [i, login] of logins.entries()) {
            const p = await signedIn(house, login, `127.4.15.${1 + i}`);
            people.push(p);
            for (let k = 0; k < 8; k++) sockets.push(await p.ws());
        }
        const peak = await press(sockets, to, 1, ms);
        let asking = true, healthy = [];
        const health = (async () => {
            while (asking) {
                const began = performance.now();
                await op(house, 'health');
                healthy.push(performance.now() - began);
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        })();
        const over = await press(sockets, to, 10 * OFFERED, ms);
        /* The same over HTTP, from an address that has had more than its share: when to come again is said. */
        const answers = await Promise.all(Array.from({ length: 3000 }, () => people[0].http('GET', `${people[0].base}/me`).catch((e) => ({ status: e.message }))));
        asking = false;
        await health;
        for (const status of [...over.keys()]) assert.ok([200, 429, 503].includes(status), `status ${status}`);
        for (const r of answers) assert.ok([200, 429, 503].includes(r.status), `status ${r.status}`);
        assert.ok((over.get(429) ?? 0) + (over.get(503) ?? 0) > 0, 'nothing was refused: that was no overload');
        assert.ok((over.get(200) ?? 0) > 0, 'nothing went on');
        const late = answers.find((r) => r.status === 429);
        assert.ok(late, 'no HTTP request was refused');
        assert.match(late.headers['retry-after'], /^\d+$/);
        const goodput = (over.get(200) ?? 0) / (peak.get(200) ?? 1);
        console.log(`posts in ${ms} ms: ${peak.get(200)} -> ${over.get(200)} (${(100 * goodput).toFixed(0)} %), refused ${over.get(429) ?? 0}; health p100 ${quantile(healthy, 1).toFixed(0)} ms`);
        assert.ok(goodput > 0.2, `goodput collapses: ${goodput}`);
        assert.equal((await until(async () => {
            const r = await people[1].get('/me');
            return r.status === 200 && r;
        }, 'an answer afterwards')).status, 200);
    } finally {
        for (const w of sockets) w.close();
        for (const p of people) p.close();
        await house.remove();
    }
});

/* What each of them does, and after how many seconds the edge has ended them all: a head or a body that does not become whole. A slow
 * reader is no fault as long as it moves. */
const SLOW = [
    { what: 'headers', args: ['-H'], seconds: 40, ended: true },
    { what: 'bodies', args: ['-B', '-s', '40000'], seconds: 80, ended: true },
    { what: 'answers', args: ['-X', '-w', '1', '-y', '8', '-n', '1', '-z', '4', '-k', '3'], seconds: 40, ended: false },
];

/** The largest file that browsers are given. */
function script() {
    const files = fs.readdirSync(path.join(ROOT, 'build/web/assets')).filter((f) => f.endsWith('.js'));
    const size = (f) => fs.statSync(path.join(ROOT, 'build/web/assets', f)).size;
    return `/assets/${files.sort((x, y) => size(y) - size(x))[0]}`;
}

if (STALLED > 100)
    for (const { what, args, seconds, ended } of SLOW)
        test(`A13: slow ${what} hold up nobody and cost little memory`, LONG, async () => {
            assert.ok(execFileSync('sh', ['-c', 'command -v slowhttptest || true'], { encoding: 'utf8' }), 'NOT RUN: slowhttptest is not installed');
            const house = await startHouse(FREE);
            let p;
            try {
                await addMember(house, 'ann');
                p = await signedIn(house, 'ann', '127.4.16.1');
                const connections = async () => (await op(house, 'health')).roles.filter((r) => r.role === 'edge').reduce((sum, r) => sum + r.connections, 0);
                const edge = (await op(house, 'health')).roles.find((r) => r.role === 'edge').pid, before = rss(edge);
                const url = `${house.origin}${ended ? '/' : script()}`;         // under a name of ours: else it is refused at once
                let done = false, peak = 0, most = 0;
                const attack = new Promise((resolve) => execFile('slowhttptest', [...args, '-c', '250', '-r', '250', '-i', '2', '-l', String(seconds), '-u', url],
                    { timeout: (seconds + 30) * 1000 }, (error, out) => resolve((done = true) && out)));
                const took = [];
                while (!done) {
                    const from = performance.now();
                    const r = await p.get('/me');
                    assert.equal(r.status, 200, JSON.stringify(r.body));
                    took.push(performance.now() - from);
                    peak = Math.max(peak, await connections());
                    most = Math.max(most, rss(edge) - before);
                    await new Promise((resolve) => setTimeout(resolve, 20));
                }
                const said = await attack;
                console.log(`slow ${what}: ${peak} connections, ${(most / 250).toFixed(1)} KiB each; ${took.length} others answered, p99 ${quantile(took, 0.99).toFixed(1)} ms`);
                assert.ok(peak >= 250, `only ${peak} connections: that was no attack`);
                if (ended) assert.match(said, /No open connections left/, 'they were not ended');
                assert.ok(most <= 250 * KIB_EACH, `${most / 250} KiB for each`);
            } finally {
                p?.close();
                await house.remove();
            }
        });
