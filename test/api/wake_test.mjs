// A tenant's process ends when nobody uses it, and is there again when something comes due in it: by real time, since each
// process has its own clock. Nobody asks anything of the tenant meanwhile: whether it is there is seen from outside.
import fs from 'node:fs';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const AHEAD = 9_000;                                       // a second of idleness, then its log is signed and its moment kept
let house;

before(async () => {
    house = await House.start({ config: { tenant_idle: '1' } });
});
after(() => house.remove());

const asleep = (pid) => until(() => !fs.existsSync(`/proc/${pid}`), 'the tenant asleep');

/** Somebody says something for a moment to come, and everybody goes home. */
async function scheduled(workgroup, ahead = AHEAD) {
    const t = await openTenant(house, workgroup);
    const [ann, ben] = [await t.add('ann'), await t.add('ben')];
    await ann.signIn();
    await ben.signIn();
    const room = await t.room('朝礼', ann, ben);
    const text = `おはよう ${newKey()}`, due = Date.now() + ahead, pid = await t.pid();
    const r = await ann.post(`/rooms/${room}/later`, { key: newKey(), text, due });
    assert.equal(r.status, 200, r.text);
    const sent = async () => (await ben.get(`/rooms/${room}/messages`)).json.messages.filter((m) => m.text === text);
    return { t, ann, pid, due, sent };
}

/** The tenant as the list of tenants has it: asking for its health would keep it awake. */
const running = async (t) => (await house.op('tenant.list')).tenants.find((x) => x.workgroup === t.workgroup).running;

test('a process that ended is there again at the moment of a scheduled message', { timeout: 60_000 }, async () => {
    proves('TLK-02');
    const { t, ann, pid, due, sent } = await scheduled('abend');
    await asleep(pid);
    assert.ok(Date.now() < due, `it ended ${due - Date.now()} ms before the moment`);
    assert.equal(await running(t), false);
    await until(() => running(t), 'the tenant awake');
    assert.ok(Date.now() >= due, 'not before the moment');
    const again = await t.pid();
    const [m, ...more] = await until(async () => { const s = await sent(); return s.length ? s : null; }, 'the message');
    assert.deepEqual(more, []);
    assert.ok(Date.parse(m.sent) >= due && Date.parse(m.sent) < due + 5_000, `${Date.parse(m.sent) - due} ms after its moment`);
    assert.equal(m.author, ann.id);
    await asleep(again);                                    // nothing waits any more: it ends, and is not started again
    assert.equal((await sent()).length, 1);
});

const killAll = async () => {
    house.process.kill('SIGKILL');                          // the roles die with the supervisor
    await house.ended;
    house.ctl.close();
    await house.gone();
};

test('after a kill of everything the message is sent at its moment, once', { timeout: 60_000 }, async () => {
    proves('TLK-02');
    const { t, pid, due, sent } = await scheduled('sturz');
    await asleep(pid);
    await killAll();
    await house.boot();
    assert.ok(Date.now() < due, 'the moment is still to come');
    assert.equal(await running(t), false);
    await until(() => running(t), 'the tenant awake');
    assert.ok(Date.now() >= due, 'not before the moment');
    await until(async () => (await sent()).length === 1, 'the message');
    await killAll();
    await house.boot();
    assert.equal((await sent()).length, 1, 'once');
});

test('a moment that passes while the house is off is kept up with when it is on again', { timeout: 60_000 }, async () => {
    const { t, pid, due, sent } = await scheduled('nacht');
    await asleep(pid);
    assert.ok(Date.now() < due, `it ended ${due - Date.now()} ms before the moment`);
    await killAll();
    await until(() => Date.now() > due, 'the moment');
    house.configure('tenant_idle', '600');                  // it stays for us to see
    await house.boot();
    await until(() => running(t), 'the tenant awake');
    await until(async () => (await sent()).length === 1, 'the message');
    assert.ok(Date.parse((await sent())[0].sent) >= due);
});

test('a process that was killed before it told anything is started to look', { timeout: 60_000 }, async () => {
    const { t, pid, due, sent } = await scheduled('jaeh', 1_000);
    process.kill(pid, 'SIGKILL');
    await asleep(pid);
    await until(async () => !(await running(t)), 'the tenant gone');
    await until(() => Date.now() > due, 'the moment');
    await house.op('test.clock', { value: 61_000 });        // control's alone
    await until(() => running(t), 'the tenant awake');
    await until(async () => (await sent()).length === 1, 'the message');
    await house.op('test.clock', { value: 0 });
});
