// Figures for whoever watches: a socket of their own, a text that keeps to its form, numbers that move, and nobody's name in it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { House, ROOT } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, port;
const DAY = 86_400_000;

before(async () => {
    const s = net.createServer();
    port = await new Promise((resolve) => s.listen(0, '127.0.0.1', () => resolve(s.address().port)));
    await new Promise((resolve) => s.close(resolve));
    house = await House.start({ config: { metrics: `127.0.0.1:${port}`, edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'libelle');
    acme.ann = await (await acme.add('kormoran')).signIn();
    acme.talk = await acme.room('Reiher', acme.ann, acme.chief);
});
after(() => house.remove());

function ask(file, { host = 'localhost', method = 'GET', to = { port, host: '127.0.0.1' } } = {}) {
    return new Promise((resolve, reject) => {
        const r = http.request({ ...to, path: file, method, headers: { Host: host }, agent: false }, (a) => {
            const parts = [];
            a.on('data', (d) => parts.push(d));
            a.on('end', () => resolve({ status: a.statusCode, type: a.headers['content-type'], text: Buffer.concat(parts).toString() }));
        });
        r.once('error', reject);
        r.setTimeout(30_000, () => r.destroy(new Error('no answer')));
        r.end();
    });
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"\})? (-?\d+(?:\.\d+)?)$/;

/** The exposition, each line held to the form: HELP, TYPE, then the samples of that name alone. */
function parse(text) {
    assert.ok(text.endsWith('\n') && !text.includes('\r') && !text.includes('\n\n'));
    const metrics = new Map(), lines = text.slice(0, -1).split('\n');
    let current;
    for (let i = 0; i < lines.length; i++) {
        const help = lines[i].match(/^# HELP ([a-z_]+) (\S.*)$/);
        if (help) {
            const type = lines[++i]?.match(/^# TYPE ([a-z_]+) (gauge|counter|histogram)$/);
            assert.ok(type && type[1] === help[1] && !metrics.has(type[1]), lines[i]);
            metrics.set(type[1], current = { name: type[1], type: type[2], samples: new Map() });
            if (current.type === 'counter')
                assert.ok(current.name.endsWith('_total'), current.name);
            continue;
        }
        const m = lines[i].match(LINE);
        assert.ok(m, `no sample: ${lines[i]}`);
        const [, name, label, value, number] = m;
        const own = current.type === 'histogram' ? [`${current.name}_bucket`, `${current.name}_sum`, `${current.name}_count`].includes(name) : name === current.name;
        assert.ok(own, `${name} stands among ${current.name}`);
        assert.equal((label === 'le') === name.endsWith('_bucket'), true, lines[i]);
        const key = `${name}${label ? ` ${value}` : ''}`;
        assert.equal(current.samples.has(key), false, `${key} twice`);
        current.samples.set(key, Number(number));
    }
    for (const m of metrics.values()) {
        assert.ok(m.samples.size > 0, `${m.name} has no sample`);
        if (m.type !== 'histogram')
            continue;
        const buckets = [...m.samples].filter(([k]) => k.includes('_bucket ')), counts = buckets.map(([, v]) => v);
        assert.deepEqual(counts, [...counts].sort((x, y) => x - y), 'buckets add up');
        const bounds = buckets.map(([k]) => k.split(' ')[1]);
        assert.equal(bounds.at(-1), '+Inf');
        assert.deepEqual(bounds.slice(0, -1).map(Number), bounds.slice(0, -1).map(Number).sort((x, y) => x - y));
        assert.equal(counts.at(-1), m.samples.get(`${m.name}_count`));
    }
    return (key) => {
        const m = [...metrics.values()].find((x) => x.samples.has(key));
        assert.ok(m, `no ${key}`);
        return m.samples.get(key);
    };
}

async function figures() {
    const r = await ask('/metrics');
    assert.equal(r.status, 200);
    assert.equal(r.type, 'text/plain; version=0.0.4; charset=utf-8');
    return Object.assign(parse(r.text), { text: r.text });
}

test('the exposition keeps to its form, and its numbers move with what happens', async () => {
    const one = await figures();
    assert.equal(one('engawa_processes_silent'), 0);
    for (const role of ['supervisor', 'control', 'keyd', 'out', 'edge'])
        assert.equal(one(`engawa_processes ${role}`), 1, role);
    assert.equal(one('engawa_processes tenant'), 2, 'acme and the decoy');
    for (const role of ['edge', 'control', 'keyd', 'tenant', 'out'])
        assert.ok(one(`engawa_memory_bytes ${role}`) > 500_000 && one(`engawa_memory_bytes ${role}`) < 4e9, role);
    assert.deepEqual([one('engawa_tenants open'), one('engawa_tenants suspended'), one('engawa_tenants_active')], [1, 0, 1]);
    assert.equal(one('engawa_websockets'), 0);

    const ws = await acme.ann.socket();
    for (let i = 0; i < 25; i++)
        assert.equal((await acme.ann.say(acme.talk, `Fischadler ${i}`)).status, 200);
    assert.equal((await acme.ann.get('/rooms/1')).status, 404);
    assert.equal((await new Client(house).get(`/t/${acme.number}/me`)).status, 401);
    await ws.event('talk.message.posted');
    const two = await until(async () => {
        const f = await figures();
        return f('engawa_websockets') === 1 && f;
    }, 'the WebSocket');
    const more = (key) => two(key) - one(key);
    assert.ok(more('engawa_http_requests_total 200') >= 26 && more('engawa_http_requests_total 200') < 60, `${more('engawa_http_requests_total 200')}`);
    assert.deepEqual([more('engawa_http_requests_total 404'), more('engawa_http_requests_total 401'), more('engawa_http_requests_total 101')], [1, 1, 1]);
    assert.equal(more('engawa_http_request_seconds_count'), ['101', '200', '404', '401'].reduce((n, s) => n + more(`engawa_http_requests_total ${s}`), 0));
    const spent = more('engawa_http_request_seconds_sum');
    assert.ok(spent > 0 && spent < 60, `${spent} s`);
    assert.ok(more('engawa_writes_total') >= 25);
    assert.ok(more('engawa_writer_group_size_count') >= 1 && more('engawa_writer_group_size_sum') >= 25);
    assert.ok(more('engawa_deliveries_total') >= 25);
    assert.ok(more('engawa_bytes_total in') > 1000 && more('engawa_bytes_total out') > 1000);
    ws.end?.();
});

test('what was counted is not lost when a process ends, nor counted twice', async () => {
    const one = await figures();
    process.kill(await acme.pid(), 'SIGKILL');
    await until(async () => (await acme.ann.get('/me')).status === 200, 'the tenant again');
    const two = await figures();
    assert.ok(two('engawa_writes_total') >= one('engawa_writes_total'));
    assert.ok(two('engawa_writes_total') < one('engawa_writes_total') + 25, 'what was counted before is not added anew');
});

test('no name, word, number or address of a tenant or a person is in it', async () => {
    proves('B14.05');
    const { text } = await figures();
    for (const word of ['libelle', 'kormoran', 'Reiher', 'Fischadler', acme.number, acme.ann.id, acme.talk, '127.', '主'])
        assert.equal(text.includes(word), false, word);
    const labels = new Set([...text.matchAll(/\{(\w+)=/g)].map((m) => m[1]));
    assert.deepEqual([...labels].sort(), ['direction', 'kind', 'le', 'queue', 'role', 'state', 'status']);
    assert.ok(text.split('\n').length < 200, 'bounded');
});

test('it is asked on its own address alone', async () => {
    proves('B14.05');
    const c = new Client(house);
    for (const file of ['/metrics', '/health'])            // the client's own pages, never the figures
        assert.equal((await c.get(file)).text.includes('engawa_'), false);
    assert.equal((await ask('/health')).status, 200);
    assert.equal((await ask('/')).status, 404);
    assert.equal((await ask('/metrics', { method: 'POST' })).status, 405);
    assert.equal((await ask('/metrics', { host: 'evil.example' })).status, 421, 'a page that was led here by its name');
    assert.equal((await ask('/metrics', { method: 'HEAD' })).text, '');
    const raw = await new Promise((resolve, reject) => {
        const s = net.connect(port, '127.0.0.1', () => s.end('Unsinn\r\n\r\n'));
        let text = '';
        s.on('data', (d) => (text += d));
        s.on('end', () => resolve(text));
        s.once('error', reject);
    });
    assert.match(raw, /^HTTP\/1\.1 400 /);
    const many = await Promise.all(Array.from({ length: 6 }, () => ask('/metrics')));
    assert.deepEqual(many.map((r) => r.status), Array(6).fill(200), 'several at once');
});

/** A certificate of the development CA's form that ends so many days from now. */
function certificate(days) {
    const dir = path.join(house.dir, 'tls');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', String(days), '-subj', `/CN=localhost ${days}`,
        '-addext', 'subjectAltName=DNS:localhost', '-keyout', path.join(dir, 'server.key'), '-out', path.join(dir, 'server.crt')], { stdio: 'ignore' });
    fs.chmodSync(path.join(dir, 'server.key'), 0o600);
}

const served = () => new Promise((resolve, reject) => {
    const s = tls.connect({ host: '127.0.0.1', port: house.port, servername: 'localhost', rejectUnauthorized: false }, () => {
        resolve(s.getPeerCertificate().subject.CN);
        s.destroy();
    });
    s.once('error', reject);
});

test('a renewed certificate is read on SIGHUP, what is open stays, a broken one changes nothing and says so', { timeout: 90_000 }, async () => {
    const before = await figures();
    assert.equal(before('engawa_certificate_ends_soon'), 0);
    const ws = await acme.ann.socket(), mark = () => house.logText().length;
    let at = mark();
    certificate(90);
    house.process.kill('SIGHUP');
    await until(async () => (await served()) === 'localhost 90', 'the new certificate');
    assert.match(house.logText().slice(at), /a new one is in use, until /);
    const end = (await figures())('engawa_certificate_end_timestamp_seconds') * 1000;
    assert.ok(Math.abs(end - Date.now() - 90 * DAY) < DAY / 2);
    assert.equal((await acme.ann.say(acme.talk, 'Fischadler')).status, 200, 'an open connection stays as it was');
    await ws.event('talk.message.posted');

    at = mark();
    fs.writeFileSync(path.join(house.dir, 'tls/server.crt'), 'no certificate');
    house.process.kill('SIGHUP');
    await until(() => /the one before stays in use/.test(house.logText().slice(at)), 'the reason');
    assert.equal(await served(), 'localhost 90');
    fs.rmSync(path.join(house.dir, 'tls/server.crt'));
    at = mark();
    house.process.kill('SIGHUP');
    await until(() => /cannot open/.test(house.logText().slice(at)), 'the reason');
    assert.equal(await served(), 'localhost 90');

    at = mark();
    certificate(20);
    house.process.kill('SIGHUP');
    await until(async () => (await served()) === 'localhost 20', 'one that ends soon');
    await until(() => /warn edge 0: the certificate ends soon, /.test(house.logText().slice(at)), 'a warning');
    assert.equal((await figures())('engawa_certificate_ends_soon'), 1);
    at = mark();
    certificate(22);
    house.process.kill('SIGHUP');
    await until(async () => (await served()) === 'localhost 22', 'one that does not');
    assert.equal((await figures())('engawa_certificate_ends_soon'), 0);
    assert.equal(/ends soon/.test(house.logText().slice(at)), false);
    ws.end?.();
});

test('by default a file of the data directory is where one asks, and no address', async () => {
    const own = await House.start();
    try {
        const file = path.join(own.dir, 'run/metrics.sock');
        assert.equal(fs.statSync(file).mode & 0o077, 0);
        const r = await ask('/metrics', { to: { socketPath: file } });
        assert.equal(r.status, 200);
        parse(r.text);
        await own.stop();
        own.configure('metrics', '0.0.0.0:9464');
        await assert.rejects(own.boot(), /of this machine itself/);
        own.configure('metrics', 'none');
        fs.rmSync(file);
        await own.boot();
        assert.equal(fs.existsSync(file), false);
    } finally {
        await own.remove();
    }
});
