// The n-th allocation of a company's process fails while it answers: of its own memory, or of the engine's. There is one way to
// go on without memory, which is to begin anew: the process says so and ends, whoever waited is told to come again, and nothing
// that was acknowledged is lost. No other process notices.
//     ENGAWA_ALLOCATIONS=all SEED=7 node --test test/fault/memory_test.mjs      n = 1, 2, … until a call passes
import { newKey } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';
import { hashOf } from './client.mjs';
import { addMember, checkedBy, numbers, op, seed, signedIn, startHouse } from './driver.mjs';

const WORKGROUP = 'fault';
const PASSWORD = 'Okaerinasai-2026-engawa';
const ALL = process.env.ENGAWA_ALLOCATIONS === 'all';
const LONG = { timeout: ALL ? 3_600_000 : 120_000 };
const SAMPLE = 2;
const random = numbers(seed);
let house, reader, sender, chief, room, n = 0;
const acks = [];

before(async () => {
    house = await startHouse({ edge_rate: '1000000', edge_burst: '1000000' });
    const ids = [await addMember(house, 'reader'), await addMember(house, 'sender')];
    room = (await op(house, 'room.add', { name: '部屋', members: ids }, WORKGROUP)).id;
    reader = await signedIn(house, 'reader', '127.4.17.1');
    sender = await signedIn(house, 'sender', '127.4.17.2');
    chief = await signedIn(house, 'admin', '127.4.17.3');
    assert.equal((await chief.post('/console/session', { password: PASSWORD })).status, 200);
});
after(async () => {
    for (const p of [reader, sender, chief]) p?.close();
    await house?.remove();
});

const ACTS = {
    'a post': () => {
        const text = `${++n} 縁側`, body = { key: newKey(), text }, mine = { author: sender.me.id, n, room };
        return async () => {
            const r = await sender.post(`/rooms/${room}/messages`, body);
            if (r.status === 200 && !acks.some((a) => a.key === body.key)) acks.push({ ...mine, seq: r.body.seq, key: body.key, hash: hashOf(text) });
            return r;
        };
    },
    history: () => () => reader.get(`/rooms/${room}/messages?limit=50`),
    'a search': () => () => reader.get(`/search?q=${encodeURIComponent('縁側')}`),
    'a setting': () => () => chief.http('PUT', `${chief.base}/console/settings/account.password.min_length`, { value: String(8 + (n++ % 8)) }),
    rooms: () => () => reader.get('/rooms'),
    'a list of members': () => () => chief.get('/console/members?limit=50'),
};

async function pids() {
    const { roles } = await op(house, 'health');
    return Object.fromEntries(roles.filter((r) => r.role !== 'tenant' || r.number === reader.me.tenant).map((r) => [r.role, r.pid]));
}

/** False: the call passed, and nothing was hit. */
async function fails(act, point, at) {
    const what = `${act}: ${point} ${at} (SEED=${seed})`, from = house.logText().length, doIt = ACTS[act]();
    const old = await pids();
    await house.ctl.call('test.fault', WORKGROUP, { name: point, n: at, action: 'fail' });   // may itself be what is hit
    let answer;
    try {
        answer = (await doIt()).status;
    } catch (e) {
        answer = e.message;
    }
    assert.ok([200, 500, 502, 503, 507].includes(answer) || typeof answer === 'string', `${what}: ${answer}`);
    const disarmed = async () => (await house.ctl.call('test.fault', WORKGROUP, { name: point, n: 1, action: 'none' })).status === 200;
    await until(async () => (await disarmed()) && (await doIt()).status === 200, `${what}: again`);
    const now = await pids(), text = house.logText().slice(from);
    for (const role of Object.keys(old)) if (role !== 'tenant') assert.equal(now[role], old[role], `${what}: ${role} went down too`);
    if (now.tenant === old.tenant) return false;
    assert.match(text, /engawa: out of memory/, what);
    assert.doesNotMatch(text, /ended: (?!signal 6)/, `${what}: ${text}`);
    return true;
}

/* In turn, since a process that ends again and again is started later and later. */
for (const act of Object.keys(ACTS).filter((_, i) => ALL || i % 2 === seed % 2))
    test(`A07: ${act} without memory`, LONG, async () => {
        proves('TLK-02');
        console.log(`seed ${seed}`);
        let deaths = 0;
        for (const point of ['memory', 'memory.engine']) {
            if (ALL) {
                for (let at = 1, passed = 0; passed < 5; at++) {     // the engine can do without some
                    const hit = await fails(act, point, at);
                    deaths += hit;
                    passed = hit ? 0 : passed + 1;
                }
            } else {
                for (let i = 0; i < SAMPLE; i++) deaths += await fails(act, point, i === 0 ? 1 : 1 + Math.floor(random() * 25));       // some calls make a few, others dozens
            }
        }
        assert.ok(deaths > 0, 'nothing was hit');
        const r = await checkedBy(house, reader, [room], acks);
        assert.deepEqual(r.first, {});
        console.log(`${act}: ${deaths} ends, acked ${r.acked}, lost ${r.lost}`);
    });
