// Access records: what a member's devices did in the last 90 days, seen by the member and by the admins of members; and the
// log-out that an admin forces, of one device or of all.
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000, MINUTE = 60_000;
let house;

before(async () => {
    house = await House.start();
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? 'ok'}`;
const own = async (p) => (await p.get('/accesses')).json.accesses;
const of = async (admin, p, query = '') => (await admin.get(`/console/members/${p.id}/accesses${query}`)).json;

async function open(name) {
    const t = await openTenant(house, name);
    await t.chief.signIn();
    await t.chief.openConsole();
    return t;
}

test('a sign-in, another address and another day are a record each; the member sees the own, an admin all', async () => {
    const t = await open('record');
    await t.clock(0, { still: true });
    const ann = await t.add('ann'), ben = await t.add('ben');
    ann.client.headers = { 'User-Agent': 'パソコン 1' };
    await ann.signIn();
    await ben.signIn();
    const app = await ann.phoneApp();
    let seen = await own(ann);
    assert.deepEqual(new Set(seen.map((a) => a.channel)), new Set(['W', 'MP']));
    const first = seen.find((a) => a.current);
    assert.deepEqual([first.channel, first.agent, first.ip, first.open], ['W', 'パソコン 1', ann.client.address, true]);
    assert.ok(seen.every((a) => a.ip !== ben.client.address), 'nothing of another member');
    assert.equal(seen.filter((a) => a.open && a.channel === 'MP').length, 1);
    const mine = seen.length;

    // Used again within the day from the same address it is the same record, which lasts longer.
    await t.clock(10 * MINUTE, { still: true });
    await ann.get('/me');
    await until(async () => Date.parse((await own(ann)).find((a) => a.id === first.id).last) >= Date.parse(first.first) + 9 * MINUTE);
    assert.equal((await own(ann)).length, mine);

    // The next day is another one.
    await t.clock(DAY, { still: true });
    await ann.get('/me');
    await until(async () => (await own(ann)).length === mine + 1);
    const [newest] = await own(ann);
    assert.deepEqual([newest.session, newest.ip, newest.current], [first.session, first.ip, true]);

    // And so is another address.
    const elsewhere = ann.elsewhere();
    elsewhere.client.cookies = ann.client.cookies;
    assert.notEqual(elsewhere.client.address, ann.client.address);
    await t.clock(DAY + 5 * MINUTE, { still: true });
    const second = await ann.elsewhere().signIn();        // asked by another session: this one was used from there last
    await elsewhere.get('/me');
    await until(async () => (await own(second)).some((a) => a.session === first.session && a.ip === elsewhere.client.address));
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.deepEqual((await of(t.chief, ann)).accesses.map((a) => a.id), (await own(ann)).map((a) => a.id));
    assert.equal((await of(t.chief, ann)).accesses.some((a) => a.current), false, 'none of them is the admin\'s own');

    const plain = await (await t.add('plain')).signIn();
    assert.equal(code(await plain.get(`/console/members/${ann.id}/accesses`)), '403 forbidden');
    assert.equal(code(await t.chief.get('/console/members/12345/accesses')), '404 not_found');
    const data = Object.fromEntries((await ann.get('/me/data')).json.fields.map((f) => [f.field, f.value]));
    assert.equal(data.accesses, String((await own(ann)).length));
    app.client.close();
});

test('an access 91 days old is not shown, and after the night it is not stored', async () => {
    proves('DEV-14');
    const t = await open('term');
    await t.clock(0, { still: true });
    const ann = await t.add('ann');
    await ann.signIn();
    const { id } = (await own(ann))[0];
    await t.clock(90 * DAY - MINUTE, { still: true });
    await ann.elsewhere().signIn();
    await t.chief.signIn();
    await t.chief.openConsole();
    const last = await ann.elsewhere().signIn();
    const stored = async () => Number(Object.fromEntries((await last.get('/me/data')).json.fields.map((f) => [f.field, f.value])).accesses);
    assert.ok((await own(last)).some((a) => a.id === id), 'of the last minute of its 90 days');
    assert.ok((await of(t.chief, ann)).accesses.some((a) => a.id === id));
    await t.clock(91 * DAY, { still: true });
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await own(last)).some((a) => a.id === id), false);
    assert.equal((await of(t.chief, ann)).accesses.some((a) => a.id === id), false);
    await until(async () => await stored() === (await own(last)).length);
});

test('the records come page by page, each once', async () => {
    const t = await open('pages');
    const ann = await t.add('ann');
    for (let i = 0; i < 53; i++) {
        const p = ann.elsewhere();
        await p.signIn();
        p.client.close();
    }
    await ann.signIn();
    const found = [];
    for (let query = '', more = true; more;) {
        const page = await of(t.chief, ann, query);
        assert.ok(page.accesses.length <= 50);
        found.push(...page.accesses);
        ({ more } = page);
        const end = page.accesses.at(-1);
        query = `?after=${end.id}&began=${Date.parse(end.first)}`;
    }
    assert.equal(found.length, 54);
    assert.equal(new Set(found.map((a) => a.id)).size, 54);
    assert.equal(found.filter((a) => a.open).length, 20, 'the others made way');
    const times = found.map((a) => Date.parse(a.first));
    assert.deepEqual(times, [...times].sort((a, b) => b - a));
});

test('an admin ends one session of a member, or all: the next request is refused and the socket closes', async () => {
    proves('DEV-15', 'B4.04', 'B12.01');
    const t = await open('forced');
    const ann = await t.add('ann'), ben = await t.add('ben');
    const [one, two] = [await ann.elsewhere().signIn(), await ann.elsewhere().signIn()];
    await ben.signIn();
    const app = await ann.phoneApp();
    const sockets = [await one.socket(), await two.socket(), await app.socket()];
    const idOf = async (p) => (await p.get('/sessions')).json.sessions.find((s) => s.current).id;
    const [lost, bens, inApp] = [await idOf(one), await idOf(ben), await idOf(app)];
    const end = (session, p = ann, by = t.chief) => by.post(`/console/members/${p.id}/session-end`, { session });
    assert.equal(code(await end(bens)), '404 not_found', 'another member\'s');
    assert.equal(code(await end('12345')), '404 not_found');
    assert.equal(code(await ben.get('/me')), '200 ok');
    assert.equal(code(await end(lost)), '200 ok');
    assert.equal((await sockets[0].closed()).code, 4401);
    assert.equal(code(await one.get('/me')), '401 session_ended');
    assert.equal(code(await end(lost)), '404 not_found', 'it is gone');
    for (const p of [two, app])
        assert.equal(code(await p.get('/me')), '200 ok');
    assert.equal((await of(t.chief, ann)).accesses.find((a) => a.session === lost).open, false);

    // The device key of the app ends with its session.
    assert.equal((await t.chief.get(`/console/members/${ann.id}/devices`)).json.devices.length, 1);
    assert.equal(code(await end(inApp)), '200 ok');
    assert.equal((await sockets[2].closed()).code, 4401);
    assert.deepEqual((await t.chief.get(`/console/members/${ann.id}/devices`)).json.devices, []);

    const third = await ann.elsewhere().signIn();
    assert.equal(code(await t.chief.post(`/console/members/${ann.id}/logout`)), '200 ok');
    assert.equal((await sockets[1].closed()).code, 4401);
    for (const p of [two, third])
        assert.equal(code(await p.get('/me')), '401 session_ended');
    assert.equal(code(await t.chief.post(`/console/members/${ann.id}/logout`)), '200 ok', 'once more does no harm');

    const rows = async (log, act) => (await t.chief.get(`/console/audit/${log}?act=${act}&object=${ann.id}`)).json.rows;
    for (const [log, act] of [['console', 'member.logout'], ['login', 'session.forced']]) {
        const all = await rows(log, act);
        assert.deepEqual(all.filter((r) => r.result === 'ok').map((r) => [r.actor, r.ip, r.detail]), ['', '', inApp, lost]
            .map((session) => [t.chief.id, t.chief.client.address, session && JSON.stringify({ session })]), log);
        assert.ok(all.some((r) => r.result === 'not_found'), 'and what was refused');
    }
});

test('nobody ends the sessions of an admin who reaches more, nor removes its devices', async () => {
    proves('ACC-08');
    const t = await open('reach');
    const sub = await (await t.add('sub', { role: 'sub' })).signIn();
    const staff = await (await (await t.add('staff', { role: 'operator' })).signIn()).openConsole();
    const session = (await sub.get('/sessions')).json.sessions[0].id;
    const acts = {
        'session-end': { session }, logout: undefined, 'device-drop': {}, lost: { device: 'phone' },
    };
    for (const [act, body] of Object.entries(acts))
        for (const who of [sub, t.chief])
            assert.equal(code(await staff.post(`/console/members/${who.id}/${act}`, body)), '403 denied', act);
    assert.equal(code(await sub.get('/me')), '200 ok');
    assert.equal(code(await t.chief.get('/me')), '200 ok');
    const record = (await staff.get(`/console/members/${sub.id}`)).json;
    assert.deepEqual([record.may_act, record.may_end], [false, false]);
    const self = (await staff.get(`/console/members/${staff.id}`)).json;
    assert.deepEqual([self.may_act, self.may_end], [false, true], 'the own device can be lost too');
});
