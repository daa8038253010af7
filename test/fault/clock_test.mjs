// The host's clock jumps: a day forth and back, ten years, a hundred times back. Talk stays in its order and whole; nobody who
// was logged in has to log in again when the clock is right once more; and what was made while it was ahead (a session, a proof,
// a link, a pause after wrong passwords) does not last for the years it was wrong.
//     SEED=7 node --test test/fault/clock_test.mjs
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { numbers, seed } from './driver.mjs';

const HOUR = 3600_000, DAY = 24 * HOUR, TEN_YEARS = 3653 * DAY;
const RIGHT = 3 * DAY;
const BACK = 100;
const random = numbers(seed);
let house;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
});
after(() => house.remove());

/** Of the tenant and of the house: each process has one. So far from the right time, which is some days from now. */
async function clock(t, ms) {
    await t.clock(RIGHT + ms);
    await house.op('test.clock', { value: RIGHT + ms });
}

async function all(p, room) {
    const out = [];
    for (let before; ;) {
        const r = await p.get(`/rooms/${room}/messages?limit=100${before ? `&before=${before}` : ''}`);
        assert.equal(r.status, 200, r.text);
        out.unshift(...r.json.messages.reverse());
        if (!r.json.more) return out;
        before = out[0].seq;
    }
}

test('A12: whatever the clock does, talk stays in its order and nobody is logged out for good', { timeout: 120_000 }, async () => {
    proves('TLK-02');
    console.log(`seed ${seed}`);
    const t = await openTenant(house, 'jumps');
    const people = [];
    await clock(t, 0);
    for (const name of ['ann', 'ben', 'eva']) people.push(await (await t.add(name)).signIn());
    const room = await t.room('部屋', ...people);
    const said = [], latest = new Map();                    // who had to log in meanwhile, at another device
    let n = 0;
    const say = async () => {
        const p = people[Math.floor(random() * people.length)], text = `${++n}`;
        let r = await (latest.get(p) ?? p).say(room, text);
        if (r.status === 401) {                             // ten years without a request are ten years, as far as it can tell
            latest.set(p, await p.elsewhere().signIn());
            r = await latest.get(p).say(room, text);
        }
        assert.equal(r.status, 200, r.text);
        said.push({ text, seq: r.json.seq });
    };
    const jumps = [0, DAY, 0, -DAY, 0, DAY, -DAY, 0];
    for (const ms of jumps) {
        await clock(t, ms);
        for (const p of people) assert.equal((await p.get('/me')).status, 200, `${p.login} is logged out by a jump to ${ms / DAY} days`);
        for (let i = 0; i < 3; i++) await say();
    }
    await clock(t, TEN_YEARS);
    for (let i = 0; i < 5; i++) await say();
    for (let i = 1; i <= BACK; i++) {
        await clock(t, Math.round(TEN_YEARS * (1 - i / BACK)) + Math.round(random() * HOUR));
        await say();
    }
    await clock(t, 0);
    for (const p of people) assert.equal((await p.get('/me')).status, 200, `${p.login} is logged out although the clock is right again`);
    for (let i = 0; i < 3; i++) await say();

    const held = await all(people[0], room);
    assert.deepEqual(held.map((m) => m.text), said.map((m) => m.text), 'in the order of the answers');
    assert.deepEqual(held.map((m) => m.seq), said.map((m) => m.seq));
    let pos = 0;
    const told = (await people[0].get('/sync?since=0')).json;
    for (const e of told.events ?? []) {
        assert.ok(e.pos > pos, `pos ${e.pos} after ${pos}`);
        pos = e.pos;
    }
    assert.ok((await house.op('tenant.check', { workgroup: t.workgroup })).whole);
    console.log(`${jumps.length + 1 + BACK} jumps, ${said.length} messages in order`);
});

test('A12: what was made while the clock was ahead does not last for years', { timeout: 120_000 }, async () => {
    const t = await openTenant(house, 'ahead');
    const [ann, ben, eva] = [await t.add('ann'), await t.add('ben'), await t.add('eva')];
    await clock(t, 0);
    await ann.signIn();
    await clock(t, TEN_YEARS);
    const future = await ben.signIn();
    await t.chief.signIn();
    await t.chief.openConsole();
    const link = await t.link(eva);
    const used = await ann.elsewhere().signIn();
    for (let i = 0; i < 10; i++) assert.notEqual((await eva.elsewhere().trySignIn({ password: `wrong ${i} wrong` })).status, 200);
    assert.notEqual((await eva.elsewhere().trySignIn()).status, 0);

    await clock(t, 0);
    assert.equal((await future.get('/me')).status, 401, 'a session of ten years from now');
    assert.equal((await used.get('/me')).status, 401);
    assert.equal((await t.chief.get('/console/menu')).status, 401, 'a console of ten years from now');
    const r = await eva.client.post(`/t/${t.number}/setup`, { token: link, password: 'Okaerinasai-2026-engawa' });
    assert.notEqual(r.status, 200, `a link of ten years from now: ${r.text}`);
    assert.equal((await eva.trySignIn()).status, 200, 'the pause of a clock that was ahead is over with it');
    assert.equal((await ann.get('/me')).status, 200);
});

test('A12: a session used while the clock was ahead ends when it is idle from now on', { timeout: 60_000 }, async () => {
    const t = await openTenant(house, 'idle-ahead');
    await clock(t, 0);
    const ann = await (await t.add('ann')).signIn();
    await clock(t, 6 * DAY);
    assert.equal((await ann.get('/me')).status, 200);
    await clock(t, 0);
    assert.equal((await ann.get('/me')).status, 200);
    await clock(t, 7 * DAY + HOUR);                         // 7 days are the default of account.idle_logout.browser
    assert.equal((await ann.get('/me')).status, 401);
    await clock(t, 0);
});
