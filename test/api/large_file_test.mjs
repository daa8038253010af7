// A large file goes in and out byte for byte, and neither the edge nor the company's process grows by it.
//     ENGAWA_FILE_MB=2048 node --test test/api/large_file_test.mjs      the largest that talk.file_max_size lets pass (make full)
import fs from 'node:fs';
import https from 'node:https';
import { House, until } from '../lib/house.mjs';
import { PART, fetched, hashOf, parts, putPart } from '../lib/large.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const LIMIT = 2 ** 31;                                    // 2 GB, and a file of that size does not pass
const SIZE = Math.min((Number(process.env.ENGAWA_FILE_MB ?? 0) || 80) * PART, LIMIT - 1);
const GROWS_KB = 8_000;
let house, acme, ann, ben, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    const chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben] = await Promise.all(['ann', 'ben'].map(async (n) => (await acme.add(n)).signIn()));
    room = await acme.room('間', ann, ben);
    const r = await chief.put('/console/settings/talk.file_max_size', { value: '2GB' });
    assert.equal(r.status, 200, r.text);
});
after(() => house.remove());

async function pids() {
    const { roles } = await house.op('health');
    return { edge: roles.find((r) => r.role === 'edge').pid, tenant: await acme.pid() };
}

const peak = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]);

/** The company's process begins anew: what a password's hash once took would hide what a file takes. */
async function fresh() {
    const { tenant } = await pids();
    process.kill(tenant, 'SIGKILL');
    return until('the company to be there again', async () => {
        const me = await ann.get('/me'), now = await pids();
        return me.status === 200 && now.tenant && now.tenant !== tenant && now;
    });
}

async function uploaded(id) {
    const agent = new https.Agent({ keepAlive: true, ca: house.ca });
    let r = { stored: 0 };
    for (const p of parts(SIZE)) {
        r = await putPart(house, ann.client.cookies, ann.path(`/uploads/${id}?at=${r.stored}`), p, agent);
        assert.equal(r.ready, r.stored === SIZE);
    }
    agent.destroy();
    return r;
}

test('a large file is the same on its way in and out, and costs neither edge nor tenant memory', { timeout: SIZE > 200 * PART ? 3_000_000 : 120_000 }, async () => {
    const sha256 = hashOf(SIZE), now = await fresh();
    const before = { edge: peak(now.edge), tenant: peak(now.tenant) };
    const over = await ann.post(`/rooms/${room}/uploads`, { name: 'über.bin', size: LIMIT, sha256 });
    assert.equal(over.status, 413, over.text);
    const begun = await ann.post(`/rooms/${room}/uploads`, { name: 'groß.bin', size: SIZE, sha256 });
    assert.equal(begun.status, 200, begun.text);
    const { id } = begun.json;
    assert.equal((await uploaded(id)).ready, true);
    const posted = await ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [id] });
    assert.equal(posted.json.content.files[0].size, SIZE, posted.text);
    const grown = (what) => peak(now[what]) - before[what];
    const up = { edge: grown('edge'), tenant: grown('tenant') };
    assert.deepEqual(await fetched(house, await ben.fileUrl(id)), { status: 200, size: SIZE, hash: sha256 });
    const both = { edge: grown('edge'), tenant: grown('tenant') };
    assert.deepEqual(await pids(), now, 'nobody died meanwhile');
    console.log(`${SIZE} bytes in: edge +${up.edge} KB, tenant +${up.tenant} KB at the most; and out: +${both.edge}, +${both.tenant} KB`);
    if (!process.env.ENGAWA_BIN?.includes('asan'))        // keeps what was freed
        assert.ok(both.edge < GROWS_KB && both.tenant < GROWS_KB, JSON.stringify(both));
});
