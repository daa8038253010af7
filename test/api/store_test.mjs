// Files in an S3-compatible store: sent there sealed when they are whole, gone from the folder, had from there whole and in parts, and
// gone from there with their message. A store that is away loses nothing and holds up nobody who sends.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Bucket } from '../lib/bucket.mjs';
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { mp4, pdf, png } from '../lib/pictures.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

const CANARY = 'KANARIENVOGEL-縁側-';
let house, bucket, acme, ann, ben, room, beta, bea, other, earlier;

before(async () => {
    bucket = await Bucket.start();
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    beta = await openTenant(house, 'beta');
    await acme.chief.signIn();
    [ann, ben] = await Promise.all(['ann', 'ben'].map(async (n) => (await acme.add(n)).signIn()));
    bea = await beta.chief.signIn();
    room = await acme.room('間', ann, ben);
    other = await beta.room('庭', bea);
});
after(async () => {
    await house?.remove();
    await bucket?.remove();
});

const folder = (t) => path.join(house.dir, 'tenants', t.number, 'blobs');
/** Blobs that lie in the folder of a company. */
const local = (t) => fs.existsSync(folder(t)) ? fs.readdirSync(folder(t), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => e.name).sort() : [];
const mine = (t) => bucket.keys().filter((k) => k.startsWith(`here/${t.number}/`));
const text = (n) => Buffer.alloc(n, CANARY);
async function sent(who, where, name, bytes) {
    const r = await who.send(where, [[name, bytes]]);
    assert.equal(r.status, 200, r.text);
    return { ...r.json.content.files[0], message: r.json.id };
}
/** The same, and the name of its object, when it lies in the store alone. */
async function stored(t, who, where, name, bytes) {
    const before = new Set(mine(t)), pictures = local(t).length;
    const f = await sent(who, where, name, bytes);
    const key = await until(() => local(t).length === pictures && mine(t).find((k) => !before.has(k)), `${name} to be sent`);
    return { f, key };
}
const get = (url, options) => new Client(house, { address: newAddress() }).get(url, options);
const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();

/** The installation begins anew; the company's process with it. */
async function restart(change = () => {}) {
    await house.stop();
    await house.gone();
    change();
    await house.boot();
    await until(async () => (await ann.get('/me')).status === 200, 'the company to be there again');
}

test('the directory is the default: nothing asks for a store', async () => {
    const f = await sent(ann, room, 'vorher.txt', text(200_000));
    assert.equal(local(acme).length, 1);
    assert.equal(bucket.requests.length, 0);
    const r = await get(await ben.fileUrl(f.id));
    assert.ok(r.body.equals(text(200_000)));
    earlier = f;
});

test('switched on, what was there before is sent, and what comes: sealed, and gone from the folder', async () => {
    await restart(() => bucket.give(house));
    const bytes = randomBytes(3_000_000);
    bytes.write(CANARY, 70_000);
    const f = await sent(ann, room, 'gross.bin', bytes);
    await until(() => mine(acme).length === 2 && local(acme).length === 0, 'both to be in the store alone');
    for (const k of mine(acme)) {
        assert.ok(!bucket.object(k).includes(CANARY.slice(0, 12)), 'nothing in the clear leaves');
        assert.match(k, new RegExp(`^here/${acme.number}/[0-9a-f]{2}/\\d+$`));
    }
    const before = await get(await ben.fileUrl(earlier.id));
    assert.ok(before.body.equals(text(200_000)));
    const whole = await get(await ben.fileUrl(f.id));
    assert.equal(whole.status, 200);
    assert.ok(whole.body.equals(bytes), 'byte for byte');
    const reads = bucket.requests.filter((r) => r.method === 'GET');
    assert.ok(reads.length <= 6 && reads.every((r) => r.range && r.status === 206), JSON.stringify(reads));
    assert.ok(bucket.requests.every((r) => r.status < 300), JSON.stringify(bucket.requests));
});

test('a part is had by a part: the store is asked for a window of 1 MiB, once', async () => {
    const { f } = await stored(acme, ann, room, '映画.mp4', mp4(randomBytes(5_000_000)));
    const bytes = (await get(await ben.fileUrl(f.id))).body;
    assert.ok(bytes.length > 5_000_000);
    await restart();                                      // nothing of it is known any more
    bucket.requests.length = 0;
    const url = await ben.fileUrl(f.id, 'show');
    for (const [range, from, to] of [['bytes=4000000-4000099', 4_000_000, 4_000_100], ['bytes=65530-65550', 65_530, 65_551], ['bytes=-10', bytes.length - 10, bytes.length], ['bytes=4000050-', 4_000_050, bytes.length]]) {
        const r = await get(url, { headers: { Range: range } });
        assert.equal(r.status, 206, r.text);
        assert.equal(r.header('Content-Range'), `bytes ${from}-${to - 1}/${bytes.length}`);
        assert.ok(r.body.equals(bytes.subarray(from, to)), range);
    }
    assert.equal((await get(url, { headers: { Range: 'bytes=99999999-' } })).status, 416);
    const asked = bucket.requests.filter((r) => r.method === 'GET').map((r) => /^bytes=(\d+)-(\d+)$/.exec(r.range).slice(1).map(Number));
    assert.equal(asked.length, 3, JSON.stringify(asked));
    assert.ok(asked.every(([a, b]) => b - a < 1_100_000), JSON.stringify(asked));
});

test('pictures made of a file stay in the folder; a page of a document is drawn from what lies in the store', async () => {
    const before = local(acme).length;
    await sent(ann, room, '写真.png', png(1200, 600));
    const d = await sent(ann, room, '文書.pdf', pdf());
    const pictures = await until(() => mine(acme).length === 5 && local(acme).length, 'both to be sent');
    assert.ok(pictures > before, `${pictures} pictures in the folder`);
    assert.equal((await get(await ben.fileUrl(d.id, 'small'))).status, 200);
    const asked = bucket.requests.filter((r) => r.method === 'GET').length;
    const page = await ben.post(`/files/${d.id}/page`, { page: 2 });
    assert.equal(page.status, 200, page.text);
    assert.equal((await get(page.json.url)).header('Content-Type'), 'image/webp');
    assert.ok(bucket.requests.filter((r) => r.method === 'GET').length > asked, 'it was read from there');
});

test('a byte changed in the bucket, a cut object and the object of another company are an error and no bytes', async () => {
    const { f, key } = await stored(acme, ann, room, '証.bin', text(300_000));
    const hers = await stored(beta, bea, other, '庭.bin', text(300_000));
    assert.ok(hers.key.startsWith(`here/${beta.number}/`) && key.startsWith(`here/${acme.number}/`), 'each company has its own prefix');
    const right = bucket.object(key);
    const changed = Buffer.from(right);
    changed[100] ^= 1;
    for (const [what, bytes] of [['a byte', changed], ['cut', right.subarray(0, 200_000)], ['nothing', Buffer.alloc(0)], ["another's", bucket.object(hers.key)]]) {
        bucket.change(key, bytes);
        await restart();
        const r = await get(await ben.fileUrl(f.id));
        assert.equal(code(r), '500 internal', what);
        assert.ok(!r.text.includes(CANARY.slice(0, 8)), what);
    }
    bucket.change(key, right);
    await restart();
    assert.ok((await get(await ben.fileUrl(f.id))).body.equals(text(300_000)), 'as it was');
});

test('the process dies between the store and the row, and at each step around: one object, and the file is had', { timeout: 120_000 }, async () => {
    for (const name of ['store.put', 'writer.before_commit', 'writer.after_commit']) {
        const before = new Set(mine(acme)), pictures = local(acme).length, bytes = randomBytes(100_000);
        await bucket.down();
        const f = await sent(ann, room, `${name}.bin`, bytes);
        await house.op('test.fault', { name, n: 1, action: 'kill' }, 'acme');
        const pid = await acme.pid();
        await bucket.up();
        await until(async () => (await ann.get('/me')).status !== 200 || (await acme.pid()) !== pid, `it to die at ${name}`);
        await until(async () => (await ann.get('/me')).status === 200 && local(acme).length === pictures && mine(acme).length === before.size + 1, `${name}: sent after all`);
        assert.ok((await get(await ben.fileUrl(f.id))).body.equals(bytes), name);
    }
});

test('a store that is away: files come and are had from the folder, what lies there is 503, and all is well when it is back', async () => {
    const there = await stored(acme, ann, room, '早.bin', text(150_000));
    await restart();
    await bucket.down();
    const r = await get(await ben.fileUrl(there.f.id));
    assert.equal(code(r), '503 store_away', r.text);
    assert.equal(code(await get(await ben.fileUrl(there.f.id))), '503 store_away', 'at once');
    const f = await sent(ann, room, '今.bin', text(150_001));
    assert.ok((await get(await ben.fileUrl(f.id))).body.equals(text(150_001)), 'it is in the folder');
    assert.ok((await ann.say(room, '皆さん')).status === 200);
    const n = mine(acme).length;
    await bucket.up();
    await until(() => mine(acme).length === n + 1, 'it to be sent');
    await acme.clock(10_000);
    assert.ok((await get(await ben.fileUrl(there.f.id))).body.equals(text(150_000)));
    await until(async () => (await get(await ben.fileUrl(f.id))).body.equals(text(150_001)), 'the other too');
});

test('another secret is refused by the store: nothing goes there, nothing is lost, and the log says why', async () => {
    await restart(() => bucket.give(house, 'not the secret'));
    const n = mine(acme).length, pictures = local(acme).length, f = await sent(ann, room, '鍵.bin', text(90_000));
    await until(() => /the store for files: status 403/.test(house.logText()), 'the refusal to be told');
    assert.deepEqual([mine(acme).length, local(acme).length], [n, pictures + 1]);
    assert.ok((await get(await ben.fileUrl(f.id))).body.equals(text(90_000)));
    assert.ok(!house.logText().includes('not the secret') && !house.logText().includes(bucket.secret));
    await restart(() => bucket.give(house));
    await until(() => mine(acme).length === n + 1 && local(acme).length === pictures, 'it to be sent with the right one');
});

test('who is at it while the file is sent has all of it: the rest comes from the store', { timeout: 120_000 }, async () => {
    const bytes = randomBytes(11_000_000), pictures = local(acme).length, n = mine(acme).length;
    await bucket.down();
    const f = await sent(ann, room, '途中.bin', bytes);
    const got = [], url = new URL(await ben.fileUrl(f.id), house.files);
    const answer = await new Promise((done, failed) => https.get({ host: '127.0.0.1', port: house.port, path: url.pathname, servername: url.hostname, headers: { Host: url.host }, ca: house.ca }, done).once('error', failed));
    assert.equal(answer.statusCode, 200);
    answer.once('data', (d) => { got.push(d); answer.pause(); });
    await until(() => got.length, 'the first of it');
    await bucket.up();
    await until(() => local(acme).length === pictures && mine(acme).length === n + 1, 'it to be sent meanwhile');
    const asked = bucket.requests.filter((r) => r.method === 'GET').length;
    answer.on('data', (d) => got.push(d));
    await new Promise((done, failed) => { answer.once('end', done).once('error', failed); answer.resume(); });
    assert.ok(Buffer.concat(got).equals(bytes), 'byte for byte');
    assert.ok(bucket.requests.filter((r) => r.method === 'GET').length > asked, 'the rest came from the store');
});

test('a deleted message takes its object along, also when the store is away at first', async () => {
    const one = await stored(acme, ann, room, '消.bin', text(80_000)), two = await stored(acme, ann, room, '消二.bin', text(80_001));
    assert.equal((await ann.post(`/messages/${one.f.message}/take-back`)).status, 200);
    await until(() => !mine(acme).includes(one.key), 'its object to go');
    await bucket.down();
    assert.equal((await ann.post(`/messages/${two.f.message}/take-back`)).status, 200);
    await restart();
    assert.ok(mine(acme).includes(two.key));
    await bucket.up();
    await acme.clock(20_000);
    await until(() => !mine(acme).includes(two.key), 'its object to go');
});

test('a copy of the folder from the moment in which a file was sent finds it in the store', async () => {
    const bytes = randomBytes(90_000), pictures = local(acme), n = mine(acme).length;
    await bucket.down();
    const f = await sent(ann, room, '間.bin', bytes);
    await house.op('test.fault', { name: 'store.put', n: 1, action: 'kill' }, 'acme');
    const pid = await acme.pid();
    await bucket.up();
    await until(async () => (await acme.pid()) !== pid && mine(acme).length === n + 1, 'it to die');
    await restart(() => {
        for (const name of local(acme).filter((b) => !pictures.includes(b)))
            fs.rmSync(path.join(folder(acme), (Number(BigInt(name) & 255n)).toString(16).padStart(2, '0'), name));
    });
    await until(async () => (await house.op('health')).roles.find((r) => r.role === 'tenant' && r.number === acme.number)?.store === 'done', 'it to be found');
    assert.ok((await get(await ben.fileUrl(f.id))).body.equals(bytes));
    assert.ok(!/cannot be sent/.test(house.logText()));
});

test('what the store does not take holds up no other', async () => {
    const pictures = local(acme).length, n = mine(acme).length;
    bucket.most = 500_000;
    await sent(ann, room, '大.bin', randomBytes(600_000));
    await sent(ann, room, '大二.bin', randomBytes(700_000));
    const small = [];
    for (let i = 0; i < 4; i++)
        small.push(await sent(ann, room, `小${i}.bin`, text(50_000 + i)));
    await until(async () => { await acme.clock(40_000); return mine(acme).length === n + 4 && local(acme).length === pictures + 2; }, 'the others to be sent');
    const { store } = (await house.op('health')).roles.find((r) => r.role === 'tenant' && r.number === acme.number);
    assert.ok(['waiting', 'sending'].includes(store), store);
    bucket.most = Infinity;
    await until(() => mine(acme).length === n + 6 && local(acme).length === pictures, 'those too');
});

const ctl = (...args) => new Promise((resolve) => execFile(house.ctlProgram, ['--data', house.dir, ...args], { maxBuffer: 1 << 26 }, (e, out, err) => resolve({ rc: e?.code ?? 0, out, err })));

test('the look through a company asks the store for each file that lies there; a backup says what is not in it', { timeout: 90_000 }, async () => {
    const check = async () => JSON.parse((await ctl('--json', 'tenant', 'check', 'acme')).out);
    const whole = await check();
    assert.deepEqual([whole.whole, whole.findings], [true, []], JSON.stringify(whole));
    const key = mine(acme)[0], kept = bucket.object(key);
    bucket.change(key, kept.subarray(0, kept.length - 1)); // the smallest are shorter than any fixed length
    assert.match(JSON.stringify((await check()).findings), /1 files are missing in the store, or of another length/);
    bucket.change(key, kept);
    await bucket.down();
    assert.match(JSON.stringify((await check()).findings), new RegExp(`${mine(acme).length} files lie in the store, which does not answer`));
    await bucket.up();
    assert.equal((await check()).whole, true);

    const to = fs.mkdtempSync(path.join(house.dir, 'backups-'));
    const made = JSON.parse((await ctl('--json', 'backup', '--to', to)).out);
    assert.equal(made.objects, mine(acme).length + mine(beta).length);
    assert.ok(made.object_bytes > 11_000_000, JSON.stringify(made));
    assert.match((await ctl('backup', '--to', path.join(to, 'two.backup'))).out, /files \([\d.]+ [KMG]iB\) lie in the store of engawa\.conf and are not in it/);
});

test('an erased company leaves no object behind, also when the store is away at first; the others keep theirs', { timeout: 120_000 }, async () => {
    const kept = mine(acme);
    assert.ok(mine(beta).length >= 1);
    await (await bea).openConsole();
    assert.equal((await bea.post('/console/cancellation', { workgroup: 'beta', security: true, moved: true, told: true })).status, 200);
    const state = async () => (await house.op('tenant.list')).tenants.find((t) => t.workgroup === 'beta')?.state;
    await until(async () => await state() === 'closing', 'it is closing');
    await bucket.down();
    await house.op('test.clock', { value: 8 * 86_400_000 });
    await until(() => /the objects of an erased company do not go/.test(house.logText()), 'the store to be asked');
    assert.ok(fs.existsSync(path.join(house.dir, 'tenants', beta.number)), 'it is not said to be erased before');
    await bucket.up();
    await restart();
    await house.op('test.clock', { value: 8 * 86_400_000 });
    await until(() => !fs.existsSync(path.join(house.dir, 'tenants', beta.number)), 'it is erased');
    assert.deepEqual(mine(beta), []);
    assert.deepEqual(mine(acme), kept);
});

test('over TLS the store is whom its certificate says; a certificate of another is not spoken to', { timeout: 60_000 }, async () => {
    await house.stop();
    await house.gone();
    const tls = { key: fs.readFileSync(path.join(house.dir, 'tls/server.key')), cert: fs.readFileSync(path.join(house.dir, 'tls/server.crt')) };
    await bucket.down();
    bucket.tls = tls;
    await bucket.up();
    bucket.requests.length = 0;
    bucket.give(house);
    await house.boot();
    await until(async () => (await ann.get('/me')).status === 200, 'the company');
    const pictures = local(acme).length, f = await sent(ann, room, '封.bin', text(70_000));
    await until(() => /the store for files: status 0 .*certificate/.test(house.logText()), 'it to be refused');
    assert.deepEqual([bucket.requests.length, local(acme).length], [0, pictures + 1], 'not a request went out');
    await restart(() => house.configure('test.authority', house.ca.toString().replace(/-----.*-----|\n/g, '')));
    await until(() => local(acme).length === pictures, 'it to be sent');
    assert.ok((await get(await ben.fileUrl(f.id))).body.equals(text(70_000)));
});

test('a configuration that cannot be meant is refused at the start', async () => {
    await house.stop();
    await house.gone();
    const good = { ...bucket.config, store_plain: 'no' }, bad = [
        [{ store_endpoint: 'http://192.0.2.7:9000' }, /http to another machine/], [{ store_endpoint: 'ftp://localhost' }, /https:/], [{ store_endpoint: 'https://localhost/path' }, /nothing behind/],
        [{ store_bucket: 'a/b' }, /store_bucket/], [{ store_prefix: '../' }, /store_prefix/], [{ store_prefix: 'x' }, /store_prefix/], [{ store_access_key: '' }, /store_access_key/], [{ store_secret_file: 'nowhere' }, /nowhere/]];
    const refused = async (said, what) => {
        const r = await new Promise((resolve) => execFile(house.program, ['--data', house.dir], { timeout: 20_000 }, (e, out, err) => resolve({ rc: e?.code, err })));
        assert.equal(r.rc, 1, `${what}: ${r.err}`);
        assert.match(r.err, said, what);
    };
    for (const [change, said] of bad) {
        for (const [k, v] of Object.entries({ ...good, store_secret_file: 'store.secret', ...change }))
            house.configure(k, v);
        await refused(said, JSON.stringify(change));
    }
    for (const [k, v] of Object.entries({ ...good, store_secret_file: 'store.secret' }))
        house.configure(k, v);
    fs.chmodSync(path.join(house.dir, 'store.secret'), 0o604);
    await refused(/may be read by others/, 'the secret');
    fs.chmodSync(path.join(house.dir, 'store.secret'), 0o600);
    await house.boot();
    assert.equal((await ann.get('/me')).status, 200);
});
