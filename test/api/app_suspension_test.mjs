// The apps of one member are stopped: their sessions and sockets end at once and none begins; the browser goes on.
import { House } from '../lib/house.mjs';
import { deviceKey, deviceProof } from '../lib/device.mjs';
import { openTenant } from '../lib/people.mjs';
import { Socket } from '../lib/ws.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? 'ok'}`;
const stop = (who, suspended, by = chief) => by.put(`/console/members/${who.id}/app`, { suspended });

/** The installed app of a member, with its key. */
async function withApp(login, role) {
    const person = await (await acme.add(login, role ? { role } : {})).signIn();
    const key = await deviceKey();
    const device = (await person.post('/devices', { key: key.point })).json.device;
    let time = Date.now() - 60_000;
    const begin = async (app = person.elsewhere()) => ({ app, r: await app.post('/device-session', await deviceProof(key, acme.number, device, time += 1000)) });
    const { app, r } = await begin();
    assert.equal(r.status, 200, r.text);
    await person.signIn();                                // the key's session took the place of that one
    return { person, app, begin };
}

test('the apps end at once and stay out, the browser goes on, and the key is good again afterwards', async () => {
    proves('DEV-16', 'B4.04', 'B12.01');
    const { person, app, begin } = await withApp('lost');
    const other = await withApp('other');
    const room = await acme.room('店', person, chief);
    const [inApp, inBrowser, others] = [await app.socket(), await person.socket(), await other.app.socket()];
    const unused = await app.ticket();
    assert.equal(code(await stop(person, true)), '200 ok');
    assert.equal(code(await app.get('/me')), '401 session_ended');
    assert.equal(code(await app.say(room, 'まだ書ける?')), '401 session_ended');
    assert.equal((await inApp.closed()).code, 4401);
    assert.equal((await Socket.open(app.client, app.path('/ws'), unused)).answer.status, 401);
    const { r } = await begin();
    assert.equal(code(r), '403 app_suspended', 'MP');
    const enrolled = await person.post('/devices', { key: (await deviceKey()).point });
    assert.equal(code(enrolled), '403 app_suspended', 'and no new key is taken');
    assert.equal(code(await person.get('/me')), '200 ok', 'the browser goes on');
    assert.equal((await inBrowser.call('me.read')).status, 200);
    assert.equal((await person.elsewhere().trySignIn()).status, 200, 'W');
    assert.equal((await person.elsewhere().trySignIn({ client: 'mobile-web' })).status, 200, 'MW');
    assert.equal((await others.call('me.read')).status, 200, 'the apps of others too');
    assert.equal((await chief.get(`/console/members/${person.id}`)).json.app_suspended, true);

    assert.equal(code(await stop(person, true)), '200 ok', 'once more changes nothing');
    assert.equal(code(await stop(person, false)), '200 ok');
    assert.equal(code(await app.get('/me')), '401 session_ended', 'what ended stays ended');
    assert.equal(code((await begin()).r), '200 ok');
    assert.equal((await chief.get(`/console/members/${person.id}`)).json.app_suspended, false);
    const rows = (await chief.get(`/console/audit/console?act=member.app&object=${person.id}`)).json.rows;
    assert.deepEqual(rows.map((x) => [x.actor, x.object, x.result, JSON.parse(x.detail)]), [[true, false], [true, true], [false, true]]
        .map(([old, now]) => [chief.id, person.id, 'ok', { key: 'member.app_suspended', old, new: now }]));
    const tried = (await chief.get('/console/audit/login?act=session.refresh&result=app_suspended')).json.rows;
    assert.ok(tried.length >= 1, 'the refused app is in the log of logins');
    for (const s of [inBrowser, others])
        s.end();
});

test('nobody stops the apps of an admin who reaches more, nor without メンバー > メンバー', async () => {
    proves('ACC-08');
    const sub = await withApp('sub', 'sub');
    const staff = await (await (await acme.add('staff', { role: 'operator' })).signIn()).openConsole();
    for (const [who, by] of [[sub.person, staff], [chief, staff], [chief, await sub.person.openConsole()]])
        assert.equal(code(await stop(who, true, by)), '403 denied');
    assert.equal(code(await sub.app.get('/me')), '200 ok');
    const plain = await (await acme.add('plain')).signIn();
    assert.equal(code(await stop(plain, true, plain)), '403 forbidden');
    assert.equal(code(await stop({ id: '12345' }, true)), '404 not_found');
    for (const body of [{}, { suspended: 'true' }, { suspended: true, role: 'super' }])
        assert.equal((await chief.put(`/console/members/${plain.id}/app`, body)).status, 400);
    assert.equal(code(await stop(sub.person, true, sub.person)), '200 ok', 'the own phone can be lost too');
    assert.equal(code(await sub.app.get('/me')), '401 session_ended');
});

test('the apps stay stopped over a restart', async () => {
    const { person, begin } = await withApp('restart');
    assert.equal(code(await stop(person, true)), '200 ok');
    await house.stop();
    await house.boot();
    assert.equal(code((await begin()).r), '403 app_suspended');
    assert.equal(code(await person.get('/me')), '200 ok');
});
