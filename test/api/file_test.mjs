// Files leave piece by piece: whole and unchanged, however slowly they are read; a cut one never looks whole; and who
// reads slowly holds up nobody.
import fs from 'node:fs';
import { House } from '../lib/house.mjs';
import { Wire } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const SIZE = 20_000_000;
let house, acme, chief, id;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
    id = (await acme.op('test.file', { value: SIZE })).file;
});
after(() => house.remove());

const isWhole = (body) => body.length === SIZE && body.every((b, i) => b === 97 + (i % 26));
const cookies = (p) => [...p.client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');

async function slowly() {
    const w = await Wire.connect(house, { address: chief.client.address });
    w.socket.pause();
    w.write(`GET /t/${acme.number}/console/downloads/${id} HTTP/1.1\r\nHost: localhost:${house.port}\r\nCookie: ${cookies(chief)}\r\n\r\n`);
    return w;
}

async function memory(role) {
    const { roles } = await house.op('health');
    const { pid } = roles.find((r) => r.role === role && (role !== 'tenant' || r.number === acme.number));
    return Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
}

test('twenty megabytes arrive whole, with their name, and the connection goes on', async () => {
    proves('AUD-05');
    const r = await chief.get(`/console/downloads/${id}`);
    assert.equal(r.status, 200);
    assert.equal(Number(r.header('Content-Length')), SIZE);
    assert.ok(isWhole(r.body));
    assert.match(r.header('Content-Disposition'), /filename\*=UTF-8''%E5%A4%A7%E3%81%8D%E3%81%AA/);
    assert.equal((await chief.get('/me')).status, 200);
});

test('a file without a byte is an answer without a body, and the connection goes on', async () => {
    const empty = (await acme.op('test.file', { value: 0 })).file;
    const r = await chief.get(`/console/downloads/${empty}`);
    assert.equal(r.status, 200);
    assert.equal(Number(r.header('Content-Length')), 0);
    assert.equal(r.body.length, 0);
    assert.equal((await chief.get('/me')).status, 200);
});

test('ten who read nothing cost little memory and hold up nobody; they get all when they read', { timeout: 120_000 }, async () => {
    const before = { edge: await memory('edge'), tenant: await memory('tenant') };
    const slow = await Promise.all(Array.from({ length: 10 }, slowly));
    const fast = await chief.get(`/console/downloads/${id}`);
    assert.ok(isWhole(fast.body));
    for (let i = 0; i < 50; i++)
        assert.equal((await chief.get('/me')).status, 200);
    const grown = { edge: await memory('edge') - before.edge, tenant: await memory('tenant') - before.tenant };
    console.log(`ten slow readers of ${SIZE} bytes: edge +${grown.edge} KB, tenant +${grown.tenant} KB`);
    if (!process.env.ENGAWA_BIN?.match(/[at]san/)) {       // a sanitizer keeps what was freed
        assert.ok(grown.edge < 20_000, `the edge grew by ${grown.edge} KB`);
        assert.ok(grown.tenant < 20_000, `the tenant grew by ${grown.tenant} KB`);
    }
    for (const w of slow.slice(0, 3)) {
        w.socket.resume();
        const a = await w.answer();
        assert.equal(a.status, 200);
        assert.ok(isWhole(a.body));
    }
    for (const w of slow)
        w.close();
});

test('a connection that is cut lets go of the file, and the next one gets it', async () => {
    const w = await slowly();
    w.socket.resume();
    await w.bytes(100_000);
    w.close();
    const r = await chief.get(`/console/downloads/${id}`);
    assert.ok(isWhole(r.body));
});

test('a file cut by the end of its process, its session or its parts is seen to be cut', { timeout: 120_000 }, async () => {
    const cut = async (act) => {
        const w = await slowly();
        w.socket.resume();
        const head = await w.bytes(2000);
        assert.match(head.toString(), /^HTTP\/1\.1 200 /);
        w.socket.pause();
        await act();
        w.socket.resume();
        const rest = await w.bytes(SIZE);
        assert.equal(rest, null, 'the connection ends before the size that was said');
        w.close();
    };
    await cut(async () => assert.equal((await acme.op('member.all', {})).members.length > 0 && (await chief.elsewhere().signIn()) && (await chief.delete('/session')).status, 200));
    await chief.signIn();
    await chief.openConsole();
    await cut(async () => process.kill(await acme.pid(), 'SIGKILL'));
    await until(async () => (await chief.get('/console/menu')).status === 200, 'the tenant again');
    assert.ok(isWhole((await chief.get(`/console/downloads/${id}`)).body));
});

test('another tenant, a member and a stranger do not get it', async () => {
    proves('B5.01');
    const other = await openTenant(house, 'fremd');
    await other.chief.signIn();
    await other.chief.openConsole();
    assert.equal((await other.chief.get(`/console/downloads/${id}`)).status, 404);
    const member = await acme.add('nur');
    await member.signIn();
    assert.equal((await member.get(`/console/downloads/${id}`)).status, 403);
    const w = await Wire.connect(house, {});
    w.write(`GET /t/${acme.number}/console/downloads/${id} HTTP/1.1\r\nHost: localhost:${house.port}\r\n\r\n`);
    assert.equal((await w.answer()).status, 401);
    w.close();
});
