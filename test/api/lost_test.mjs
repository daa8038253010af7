// A lost device: what an admin does about it are operations of their own, each repeatable; the rows behind the report are the record.
import { House } from '../lib/house.mjs';
import { deviceKey, deviceProof } from '../lib/device.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, acme, chief;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? 'ok'}`;
const act = (who, name, body, by = chief) => by.post(`/console/members/${who.id}/${name}`, body);
const record = async (who, by = chief) => (await by.get(`/console/members/${who.id}/lost`)).json.rows;

test('a lost browser: a new password and the log-out, in any order, as often as one likes', async () => {
    proves('DEV-17');
    for (const steps of [['password', 'logout'], ['logout', 'password'], ['password', 'password', 'logout', 'logout']]) {
        const ann = await acme.add(`ann-${steps.join('')}`);
        const lost = await ann.elsewhere().signIn();
        const ws = await lost.socket();
        let made = '';
        for (const step of steps) {
            const r = await act(ann, step, step === 'password' ? {} : undefined);
            assert.equal(code(r), '200 ok', step);
            made = r.json.password || made;
        }
        assert.equal((await ws.closed()).code, 4401);
        assert.equal(code(await lost.get('/me')), '401 session_ended', 'its cookies');
        assert.equal(code(await ann.elsewhere().trySignIn()), '401 sign_in', 'the old password');
        const own = await ann.elsewhere().trySignIn({ password: made });
        assert.deepEqual([own.status, own.json.must_change], [200, 'forced'], 'the one that was made, to be changed');
    }
});

test('the password that is made is told this once, fits the settings, and stands in no row', async () => {
    const ann = await acme.add('once');
    const one = (await act(ann, 'password', {})).json.password, two = (await act(ann, 'password', {})).json.password;
    assert.ok(one.length >= 12 && two.length >= 12);
    assert.notEqual(one, two);
    assert.equal((await act(ann, 'password', { password: 'ganz anderes Wort 2026' })).json.password, '', 'what the admin gave is not told back');
    const rows = await chief.audit({ limit: 50 });
    assert.equal(JSON.stringify(rows).includes(one), false);
    const staff = await (await (await acme.add('staff', { role: 'operator' })).signIn()).openConsole();
    const refused = await act(chief, 'password', {}, staff);
    assert.equal(code(refused), '403 denied');
    assert.equal(refused.text.includes('password":"'), false);
});

test('one device of several is removed: it begins no session any more, the others do', async () => {
    const ann = await (await acme.add('keys')).signIn();
    const enrol = async () => {
        const p = await ann.elsewhere().signIn();
        const key = await deviceKey(), { device } = (await p.post('/devices', { key: key.point })).json;
        let time = Date.now() - 60_000;
        const begin = async (app = ann.elsewhere()) => ({ app, r: await app.post('/device-session', await deviceProof(key, acme.number, device, time += 1000)) });
        const { app, r } = await begin();
        assert.equal(r.status, 200);
        return { device, app, begin };
    };
    const [lost, kept] = [await enrol(), await enrol()];
    const ws = await lost.app.socket();
    const list = async () => (await chief.get(`/console/members/${ann.id}/devices`)).json.devices;
    assert.deepEqual(new Set((await list()).map((d) => d.id)), new Set([lost.device, kept.device]));
    assert.ok((await list()).every((d) => Date.parse(d.seen) >= Date.parse(d.made)));
    const ben = await acme.add('ben');
    assert.equal(code(await act(ben, 'device-drop', { device: lost.device })), '404 not_found', 'of another member');
    assert.equal(code(await act(ann, 'device-drop', { device: lost.device })), '200 ok');
    assert.equal((await ws.closed()).code, 4401);
    assert.equal(code(await lost.app.get('/me')), '401 session_ended');
    assert.equal(code((await lost.begin()).r), '401 session_ended');
    assert.equal(code(await kept.app.get('/me')), '200 ok');
    assert.equal(code(await act(ann, 'device-drop', { device: lost.device })), '404 not_found');
    assert.equal(code(await act(ann, 'device-drop', {})), '200 ok');
    assert.equal(code((await kept.begin()).r), '401 session_ended');
    assert.equal(code(await act(ann, 'device-drop', {})), '200 ok', 'none is left, and that is well');
    assert.deepEqual(await list(), []);
    assert.equal(code(await ann.get('/me')), '200 ok', 'the browser is another device');
});

test('the record has the report and what was done behind it, also what was refused, and nothing from before', async () => {
    const ann = await acme.add('record'), other = await acme.add('other');
    assert.deepEqual(await record(ann), []);
    assert.equal(code(await act(ann, 'logout')), '200 ok');
    assert.equal(code(await act(ann, 'lost', { device: 'watch' })), '400 invalid_value');
    assert.equal(code(await act(ann, 'lost', { device: 'phone' })), '200 ok');
    assert.equal(code(await chief.put(`/console/members/${ann.id}/app`, { suspended: true })), '200 ok');
    assert.equal(code(await act(ann, 'device-drop', {})), '200 ok');
    assert.equal(code(await act(ann, 'logout')), '200 ok');
    assert.equal(code(await act(other, 'logout')), '200 ok');
    const rows = await record(ann);
    assert.deepEqual(rows.map((r) => [r.act, r.result]), [['member.lost', 'ok'], ['member.app', 'ok'], ['member.device', 'ok'], ['member.logout', 'ok']]);
    assert.equal(rows[0].detail, '{"device":"phone"}');
    assert.ok(rows.every((r) => r.by && Math.abs(Date.parse(r.time) - Date.now()) < 60_000));
    const log = await chief.audit({ limit: 50 });
    for (const r of rows)
        assert.ok(log.some((l) => l.seq === r.seq && l.act === r.act), 'the rows of the log');
    await act(ann, 'lost', { device: 'computer' });
    assert.deepEqual((await record(ann)).map((r) => r.act), ['member.lost'], 'the latest report');

    const sub = await (await acme.add('sub', { role: 'sub' })).signIn();
    const staff = await (await (await acme.add('staff2', { role: 'operator' })).signIn()).openConsole();
    assert.equal(code(await act(sub, 'lost', { device: 'phone' }, staff)), '403 denied');
    assert.equal(code(await act(sub, 'logout', undefined, staff)), '403 denied');
    assert.deepEqual((await record(sub, staff)).map((r) => [r.act, r.result]), [['member.lost', 'denied'], ['member.logout', 'denied']]);
    const plain = await (await acme.add('plain')).signIn();
    assert.equal(code(await plain.get(`/console/members/${ann.id}/lost`)), '403 forbidden');

    // What is done long after it is another matter.
    await acme.clock(8 * DAY, { still: true });
    await chief.signIn();
    await chief.openConsole();
    assert.equal(code(await act(ann, 'logout')), '200 ok');
    assert.deepEqual((await record(ann)).map((r) => r.act), ['member.lost']);
});
