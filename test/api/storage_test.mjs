// How much may be stored: by the company and by a room, to the byte, however many come at once; and who sees how much it is.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const MB = 1 << 20;
let house, acme, chief, ann, ben;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben] = await Promise.all(['ann', 'ben'].map(async (n) => (await acme.add(n)).signIn()));
    await set('talk.room_storage_quota', '10MB');
});
after(() => house.remove());

const set = async (key, value) => {
    const r = await chief.put(`/console/settings/${key}`, { value });
    assert.equal(r.status, 200, `${key}: ${r.text}`);
};
const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const begin = (p, room, size) => p.beginUpload(room, 'x.bin', Buffer.alloc(1), { size });
const check = () => new Promise((resolve) => execFile(house.ctlProgram, ['--data', house.dir, '--json', 'tenant', 'check', 'acme'],
    (e, stdout) => resolve({ rc: e?.code ?? 0, findings: JSON.parse(stdout).findings })));
const shown = async () => {
    const r = await chief.get('/console/storage');
    assert.equal(r.status, 200, r.text);
    return r.json;
};

test('the quota of a room is exact, however many come at once, and the refusal says how much is there and how much is left', async () => {
    proves('B7.11');
    const there = await acme.room('間', ann), size = 3 * MB + 1, people = [];
    for (let i = 0; i < 20; i++)
        people.push(await ann.elsewhere().signIn());
    const all = await Promise.all(people.flatMap((p) => [1, 2, 3, 4, 5].map(() => begin(p, there, size))));
    assert.equal(all.length, 100);
    assert.equal(all.filter((r) => r.status === 200).length, 3);
    for (const r of all.filter((one) => one.status !== 200)) {
        assert.equal(code(r), '413 room_quota_exceeded');
        assert.deepEqual([r.json.error.used, r.json.error.left], [3 * size, 10 * MB - 3 * size]);
    }
    assert.equal((await begin(people.at(-1), there, 10 * MB - 3 * size)).status, 200, 'to the byte');
    assert.deepEqual([code(await begin(people.at(-1), there, 1)), (await begin(people.at(-1), there, 1)).json.error.left], ['413 room_quota_exceeded', 0]);
    assert.equal((await people.at(-1).delete(`/uploads/${all.find((r) => r.status === 200).json.id}`)).status, 200);
    assert.equal((await begin(people.at(-1), there, size)).status, 200, 'what is given back can be had at once');
    assert.deepEqual((await check()).findings, []);
});

test('a forwarded file takes its place in every room; what is taken back frees it at once', async () => {
    const from = await acme.room('元', ben, ann), to = await acme.room('先', ben, ann), bytes = randomBytes(6 * MB);
    const first = await ben.send(from, [['大.bin', bytes]]);
    assert.equal(first.status, 200, first.text);
    const forward = () => ben.post(`/messages/${first.json.id}/forward`, { to: [{ room: to, key: newKey() }] });
    const one = await forward();
    assert.equal(one.status, 200, one.text);
    const of = async (room) => (await shown()).rooms.find((r) => r.id === room);
    assert.deepEqual([(await of(from)).bytes, (await of(to)).bytes], [bytes.length, bytes.length]);
    const used = (await shown()).used, again = await forward();
    assert.equal(code(again), '413 room_quota_exceeded', again.text);
    assert.deepEqual([again.json.error.used, again.json.error.left], [bytes.length, 10 * MB - bytes.length]);
    const [copy] = (await ben.get(`/rooms/${to}/messages`)).json.messages;
    assert.equal((await ben.post(`/messages/${copy.id}/take-back`)).status, 200);
    assert.equal(await of(to), undefined);
    assert.equal((await shown()).used, used, 'the bytes are the other room\'s still');
    assert.equal((await forward()).status, 200);
    const [later] = (await ben.get(`/rooms/${to}/messages`)).json.messages.filter((m) => m.content?.files);
    for (const id of [first.json.id, later.id])
        assert.equal((await ben.post(`/messages/${id}/take-back`)).status, 200);
    assert.equal((await shown()).used, used - bytes.length);
    assert.deepEqual((await check()).findings, []);
});

test('the console lists rooms by what they hold, page after page, and does not tell what people call them', async () => {
    const word = `秘密の相談 ${randomBytes(6).toString('hex')}`;
    for (let i = 0; i < 53; i++) {
        const room = await acme.room(`${word} ${i}`, ben);
        assert.equal((await ben.send(room, [['a.bin', randomBytes(1000 + i)]])).status, 200);
    }
    const group = await chief.post('/console/groups', { kind: 'internal', name: '広報', masters: [ben.id], members: [] });
    assert.equal(group.status, 200, group.text);
    const place = (await ben.get('/rooms')).json.rooms.find((r) => r.name === '広報');
    assert.equal((await ben.send(place.id, [['b.bin', randomBytes(2 * MB)]])).status, 200);
    const seen = [];
    for (let page = await shown(); ; ) {
        seen.push(...page.rooms);
        if (!page.more)
            break;
        const { id, bytes } = seen.at(-1), r = await chief.get(`/console/storage?after=${id}&bytes=${bytes}`);
        assert.equal(r.status, 200, r.text);
        page = r.json;
    }
    assert.equal(new Set(seen.map((r) => r.id)).size, seen.length);
    assert.ok(seen.length > 53);
    assert.deepEqual(seen.map((r) => r.bytes), seen.map((r) => r.bytes).toSorted((a, b) => b - a));
    assert.equal(JSON.stringify(seen).includes('秘密'), false);
    const named = seen.find((r) => r.id === place.id);
    assert.deepEqual([named.name, named.kind, named.files, named.bytes, named.members], ['広報', 'group', 1, 2 * MB, 1]);
    assert.equal((await shown()).quota, 100 * 1024 ** 3);
    assert.equal((await shown()).room_quota, 10 * MB);
    assert.equal((await ann.get('/console/storage')).status, 401, 'nobody without the console');
});
