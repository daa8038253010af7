// Files in an S3-compatible store: sent there sealed when they are whole, gone from the folder, had from there whole and in parts, and
// gone from there with their message. A store that is away loses nothing and holds up nobody who sends.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Bucket } from '../lib/bucket.mjs';
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { pdf, png } from '../lib/pictures.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const CANARY = 'KANARIENVOGEL-縁側-';
let house, bucket, acme, ann, ben, room, beta, bea, other;

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
const text = (n) => Buffer.concat([Buffer.from(CANARY), randomBytes(64)]).toString('base64') && Buffer.from(CANARY.repeat(Math.ceil(n / CANARY.length)).slice(0, n));
async function sent(who, where, name, bytes) {
    const r = await who.send(where, [[name, bytes]]);
    assert.equal(r.status, 200, r.text);
    return { ...r.json.content.files[0], seq: r.json.seq };
}
const get = (url, options) => new Client(house, { address: newAddress() }).get(url, options);
const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();

async function restart() {
    await house.stop();
    await house.gone();
    await house.boot();
}

test('the directory is the default: nothing asks for a store', async () => {
    const f = await sent(ann, room, 'vorher.txt', text(200_000));
    assert.equal(local(acme).length, 1);
    assert.equal(bucket.requests.length, 0);
    const r = await get(await ben.fileUrl(f.id));
    assert.ok(r.body.equals(text(200_000)));
    globalThis.earlier = f;
});

test('switched on, what was there before is sent, and what comes: sealed, and gone from the folder', async () => {
    await house.stop();
    bucket.give(house);
    await house.gone();
    await house.boot();
    const bytes = randomBytes(3_000_000);
    bytes.write(CANARY, 70_000);
    const f = await sent(ann, room, 'gross.bin', bytes);
    await until(() => mine(acme).length === 2 && local(acme).length === 0, 'both to be in the store alone');
    for (const k of mine(acme)) {
        assert.ok(!bucket.object(k).includes(CANARY.slice(0, 12)), 'nothing in the clear leaves');
        assert.match(k, new RegExp(`^here/${acme.number}/[0-9a-f]{2}/\\d+$`));
    }
    const before = await get(await ben.fileUrl(globalThis.earlier.id));
    assert.ok(before.body.equals(text(200_000)));
    const whole = await get(await ben.fileUrl(f.id));
    assert.equal(whole.status, 200);
    assert.ok(whole.body.equals(bytes), 'byte for byte');
    const reads = bucket.requests.filter((r) => r.method === 'GET');
    assert.ok(reads.length <= 6 && reads.every((r) => r.range && r.status === 206), JSON.stringify(reads));
    assert.ok(bucket.requests.every((r) => r.status < 300), JSON.stringify(bucket.requests));
    globalThis.large = { f, bytes };
});
