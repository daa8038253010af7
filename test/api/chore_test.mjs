// Nightly work: done after the tenant's midnight, once a night, by a tenant that slept too.
import fs from 'node:fs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000, HOUR = 3_600_000;
let house;

before(async () => {
    house = await House.start({ config: { tenant_idle: '2' } });
});
after(() => house.remove());

const toMidnight = (offset) => DAY - ((Date.now() + offset) % DAY);

/** Files that the database holds, over their time or not. */
const files = async (t) => (await t.op('test.night')).files;
const done = async (t) => Date.parse((await t.op('test.night')).done);

test('what is over its time is erased after the midnight of the tenant\'s zone, not before', { timeout: 120_000 }, async () => {
    proves('AUD-05');
    const t = await openTenant(house, 'nacht');
    await t.op('test.file', { value: 3_000_000 });
    assert.equal(await files(t), 1);
    const first = await until(async () => (await done(t)) || null, 'the first round, after the start');
    await t.clock(HOUR / 60);
    assert.equal(await done(t), first, 'once a night');
    // Its time is over at some hour of the seventh day; until that day's midnight it lies there, absent for everyone.
    const night = toMidnight(9 * HOUR) + 6 * DAY;           // the midnight before the end of its time
    await t.clock(night + 60_000);
    const midnight = Date.now() + night;
    await until(async () => (await done(t)) > midnight - HOUR, 'the work of that night');
    assert.equal(await files(t), 1, 'its time is not over yet');
    await t.clock(night + DAY + 60_000);
    await until(async () => (await files(t)) === 0, 'the file erased');
});

test('control wakes a tenant that nobody uses, once a day', { timeout: 120_000 }, async () => {
    const t = await openTenant(house, 'schlaf');
    // Asking for its health would keep it awake: whether it sleeps is seen from outside.
    const asleep = (pid) => until(() => !fs.existsSync(`/proc/${pid}`), 'the tenant asleep');
    let pid = await t.pid();
    await asleep(pid);
    for (const day of [1, 2]) {
        assert.equal(await t.pid(), undefined);
        await house.op('test.clock', { value: day * (DAY + HOUR) });
        pid = await until(() => t.pid(), 'the tenant awake');
        await asleep(pid);
    }
    await house.op('test.clock', { value: 0 });
});

test('another night comes while the round runs: its own round follows at once', { timeout: 120_000 }, async () => {
    const t = await openTenant(house, 'mitternacht'), children = 300;
    await t.chief.signIn();
    await t.chief.openConsole();
    const unit = async (name, parent) => {
        const r = await t.chief.post('/console/units', { name, code: name, ...(parent ? { parent } : {}) });
        assert.equal(r.status, 200, r.text);
        return r.json.id;
    };
    const top = await unit('top');
    for (let i = 0; i < children; i++)
        await unit(`u${i}`, top);
    assert.equal((await t.chief.delete(`/console/units/${top}`)).status, 200);
    const left = async () => (await t.op('test.night')).units;
    assert.equal(await left(), children + 1);
    const start = Date.now(), night = (n) => start + n * DAY - HOUR;
    await t.clock(32 * DAY);
    await until(async () => (await done(t)) > night(32), 'the round, at its files');
    assert.ok(await left() > 0, 'the round was over too soon to be seen');
    await t.clock(34 * DAY);
    await until(async () => (await done(t)) > night(34), 'the work of the night that came meanwhile');
    assert.equal(await left(), 0);
});
