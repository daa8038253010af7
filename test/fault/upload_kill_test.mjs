// The process of a company dies at each step of an upload: the upload goes on where it was acknowledged, what is sent is what was
// uploaded, and when all is over no file lies there that no row knows.
//     ENGAWA_KILLS=200 SEED=7 node --test test/fault/upload_kill_test.mjs      so many more, at random moments
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client, newAddress } from '../lib/http.mjs';
import { House, until } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { numbers, opThrough, seed } from './driver.mjs';

const CHUNK = 65536, DAY = 86_400_000;
const KILLS = Number(process.env.ENGAWA_KILLS ?? 0) || 6;
const AGAIN = new Set([409, 429, 500, 502, 503]);           // on its way down or up; 409: not there where the caller thought
let house, acme, p, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    p = await (await acme.chief.signIn()).openConsole();
    room = await acme.room('間', p);
});
after(() => house.remove());

/** An answer, whatever dies meanwhile. */
const answer = (what, call) => until(what, async () => {
    try {
        const r = await call();
        return AGAIN.has(r.status) ? null : r;
    } catch {
        return null;                                        // the connection went down with the process
    }
});

/** The whole way of a file, as a client goes it that trusts nothing but answers. */
async function send(bytes) {
    const { id } = (await answer('an upload to begin', () => p.beginUpload(room, 'k.bin', bytes))).json;
    let acked = 0;
    await until('the upload to be whole', async () => {
        const now = (await answer('how far it is', () => p.get(`/uploads/${id}`))).json;
        assert.ok(now.stored >= acked, `${acked} were acknowledged, ${now.stored} are there`);
        if (now.ready)
            return true;
        try {
            const r = await p.part(id, now.stored, bytes.subarray(now.stored, now.stored + CHUNK));
            if (r.status === 200)
                acked = r.json.stored;
        } catch {
            // the same
        }
        return false;
    });
    const body = { key: newKey(), kind: 'file', files: [id] };
    const m = await answer('the message', () => p.post(`/rooms/${room}/messages`, body));
    assert.equal(m.status, 200, m.text);
    return m.json;
}

async function right(m, bytes) {
    const { url } = (await answer('a ticket', () => p.post(`/files/${m.content.files[0].id}/ticket`, { use: 'save' }))).json;
    const r = await answer('the file', () => new Client(house, { address: newAddress() }).get(url));
    assert.equal(r.status, 200);
    assert.ok(r.body.equals(bytes), 'what was sent is what was uploaded');
}

const there = () => {
    const dir = path.join(house.dir, 'tenants', acme.number, 'blobs');
    return fs.existsSync(dir) ? fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => e.name) : [];
};

const POINTS = ['blob.write', 'blob.synced', 'blob.rename', 'blob.renamed', 'writer.before_commit', 'writer.after_commit'];

test('it dies at each step', { timeout: 240_000 }, async () => {
    proves('B7.10');
    for (const name of POINTS)
        for (const n of name === 'blob.write' ? [1, 3] : name.startsWith('writer') ? [1, 2, 3, 4] : [1]) {
            const bytes = randomBytes(2 * CHUNK + 100), before = await pid();
            await opThrough(house, 'test.fault', { name, n, action: 'kill' }, 'acme');
            const m = await send(bytes);
            await right(m, bytes);
            assert.notEqual(await pid(), before, `${name} ${n}: it has died there`);
        }
});

async function pid() {
    const { roles } = await opThrough(house, 'health');
    return roles.find((r) => r.role === 'tenant' && `${r.tenant ?? r.number}` === acme.number)?.pid;
}

test('it dies at random moments', { timeout: KILLS > 10 ? 3_600_000 : 120_000 }, async () => {
    const random = numbers(seed);
    console.log(`seed ${seed}`);
    for (let i = 0; i < KILLS; i++) {
        const bytes = randomBytes(1 + Math.floor(random() * 6 * CHUNK));
        const sending = send(bytes);
        for (let spin = Math.floor(random() * 60); spin > 0; spin--)
            await fs.promises.stat(house.dir);
        try {
            process.kill(await pid(), 'SIGKILL');
        } catch {
            // between two lives
        }
        await right(await sending, bytes);
    }
});

test('what was begun and never sent, or taken back, leaves no file', async () => {
    const bytes = randomBytes(CHUNK + 1);
    const m = await send(bytes);
    const { id } = (await answer('an upload', () => p.beginUpload(room, 'lost.bin', bytes))).json;
    assert.equal((await p.part(id, 0, bytes.subarray(0, CHUNK))).status, 200);
    await opThrough(house, 'test.fault', { name: 'writer.after_commit', n: 1, action: 'kill' }, 'acme');
    await answer('it to be taken back', () => p.post(`/messages/${m.id}/take-back`)).catch(() => null);
    const sent = there().length;
    await opThrough(house, 'test.clock', { value: 2 * DAY }, 'acme');
    await until('the night to have swept', async () => {
        await opThrough(house, 'test.clock', { value: 2 * DAY }, 'acme');
        return there().length <= sent - 2;
    });
    assert.ok(!there().some((f) => f.endsWith('.part')));
    await opThrough(house, 'test.clock', { value: 0 }, 'acme');
});
