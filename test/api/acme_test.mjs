// A certificate from an ACME client to the browser, and what plain HTTP answers beside it.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { Acme } from '../lib/acme.mjs';
import { House } from '../lib/house.mjs';
import { newAddress } from '../lib/http.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

const NAME = 'chat.localhost';
let house, port, folder, ca;

before(async () => {
    const s = net.createServer();
    port = await new Promise((resolve) => s.listen(0, '127.0.0.1', () => resolve(s.address().port)));
    await new Promise((resolve) => s.close(resolve));
    house = await House.start({ config: { http: `127.0.0.1:${port}` } });
    folder = path.join(house.dir, 'acme');
    fs.mkdirSync(folder);
    ca = await Acme.start({ ca: path.join(house.dir, 'tls/ca.crt'), key: path.join(house.dir, 'tls/ca.key'), http: port });
});
after(async () => {
    await ca.stop();
    await house.remove();
});

/** Raw bytes in, all bytes out. */
function plain(bytes) {
    return new Promise((resolve, reject) => {
        const s = net.connect({ port, host: '127.0.0.1', localAddress: newAddress() }, () => s.write(bytes));
        const parts = [];
        s.on('data', (d) => parts.push(d));
        s.on('close', () => {
            const text = Buffer.concat(parts).toString();
            resolve({ text, status: Number(text.match(/^HTTP\/1\.1 (\d{3})/)?.[1]), location: text.match(/^Location: (.*)\r$/m)?.[1], body: text.split('\r\n\r\n').slice(1).join('\r\n\r\n') });
        });
        s.once('error', reject);
        s.setTimeout(30_000, () => s.destroy(new Error('no end')));
    });
}
const get = (file, { host = `localhost:${port}`, method = 'GET' } = {}) => plain(`${method} ${file} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
const challenge = (name) => get(`/.well-known/acme-challenge/${name}`);

test('a challenge is answered from its folder, and nothing leads out of it', async () => {
    fs.writeFileSync(path.join(folder, 'abc-DEF_1'), 'abc-DEF_1.print');
    fs.writeFileSync(path.join(house.dir, 'secret'), 'geheim');
    fs.writeFileSync(path.join(folder, 'with.dot'), 'geheim');
    fs.writeFileSync(path.join(folder, 'large'), 'geheim'.repeat(1000));
    fs.symlinkSync(path.join(house.dir, 'secret'), path.join(folder, 'link'));
    fs.mkdirSync(path.join(folder, 'dir'));
    fs.writeFileSync(path.join(folder, 'dir', 'x'), 'geheim');
    const good = await challenge('abc-DEF_1');
    assert.deepEqual([good.status, good.body], [200, 'abc-DEF_1.print']);
    assert.match(good.text, /X-Content-Type-Options: nosniff/);
    assert.equal((await challenge('abc-DEF_1?x=1')).status, 200);
    assert.equal((await get('/.well-known/acme-challenge/abc-DEF_1', { method: 'HEAD' })).body, '');
    for (const name of ['none', '', 'with.dot', 'large', 'link', 'dir', 'dir/x', '../secret', '..%2fsecret', '%2e%2e/secret', '..', '.', 'abc-DEF_1/', '//abc-DEF_1', 'abc-DEF_1%00', 'a'.repeat(129), '../engawa.conf', '../keys/master.key']) {
        const r = await challenge(name);
        assert.ok([400, 404].includes(r.status), `${name}: ${r.status}`);
        assert.equal(r.text.includes('geheim'), false, name);
    }
});

test('a page is sent to https, an operation is refused, and a strange host is sent nowhere', async () => {
    const at = house.origin;
    for (const [file, host] of [['/', `localhost:${port}`], ['/app/talk?x=1&y=%2F', 'localhost'], ['//evil.example/', 'LOCALHOST']]) {
        const r = await get(file, { host });
        assert.deepEqual([r.status, r.location], [308, `${at}${file}`]);
    }
    for (const host of ['evil.example', 'localhost.evil.example', 'localhost@evil.example', `evil.example:${port}`]) {
        const r = await get('/', { host });
        assert.ok([400, 421].includes(r.status) && !r.location, `${host}: ${r.text}`);
    }
    for (const [file, method] of [['/t/1/me', 'GET'], ['/w/acme/session', 'POST'], ['/', 'POST'], ['/t/1/ws', 'GET'], ['/x', 'DELETE']]) {
        const r = await get(file, { method });
        assert.deepEqual([r.status, r.location], [403, undefined], `${method} ${file}`);
    }
    assert.ok([400, 413].includes((await plain(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc`)).status));
    assert.equal((await plain('Unsinn\r\n\r\n')).status, 400);
    assert.equal(/set-cookie|strict-transport/i.test((await get('/')).text), false);
    assert.equal((await plain(Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, 13, 10]))).status, 400, 'TLS at the wrong door');
    // Who says nothing is not waited for.
    const began = performance.now();
    await plain('GET / HT');
    assert.ok(performance.now() - began < 20_000);
});

const uacme = (...args) => new Promise((resolve) =>
    execFile('uacme', ['-v', '-a', ca.url, '-c', path.join(house.dir, 'uacme'), '-h', '/usr/share/uacme/uacme.sh', '-y', '-t', 'EC', ...args],
        { env: { ...process.env, UACME_CHALLENGE_PATH: folder } }, (e, out, err) => resolve({ rc: e?.code ?? 0, out: out + err })));

const served = () => new Promise((resolve, reject) => {
    const s = tls.connect({ host: '127.0.0.1', port: house.port, servername: NAME, ca: house.ca }, () => {
        resolve(s.authorized && s.getPeerCertificate().subjectaltname);
        s.destroy();
    });
    s.once('error', reject);
});

test('uacme gets a certificate for the house, and SIGHUP puts it to use', { timeout: 90_000 }, async () => {
    let r = await uacme('new');
    assert.equal(r.rc, 0, `${r.out}\n${ca.log.join('\n')}`);
    r = await uacme('issue', NAME);
    assert.equal(r.rc, 0, `${r.out}\n${ca.log.join('\n')}`);
    assert.ok(ca.log.includes('challenge 200 true'), ca.log.join('\n'));
    assert.deepEqual(fs.readdirSync(folder).filter((f) => f.length === 43), [], 'the client took its challenge back');
    await assert.rejects(served(), /altnames/, 'the old certificate names another host');
    const conf = path.join(house.dir, 'uacme');
    fs.copyFileSync(path.join(conf, NAME, 'cert.pem'), path.join(house.dir, 'tls/server.crt'));
    fs.copyFileSync(path.join(conf, 'private', NAME, 'key.pem'), path.join(house.dir, 'tls/server.key'));
    house.process.kill('SIGHUP');
    assert.equal(await until(() => served().catch(() => null), 'the new certificate'), `DNS:${NAME}`);
});
