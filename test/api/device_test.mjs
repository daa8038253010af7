// The installed web app: its channel MP hangs on a key that stays in the device.
import { deviceKey, deviceProof as proof } from '../lib/device.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, acme;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
});
after(() => house.remove());

async function enrolled(login) {
    const person = await acme.add(login);
    await person.signIn();
    const key = await deviceKey();
    const r = await person.post('/devices', { key: key.point });
    assert.equal(r.status, 200, r.text);
    return { person, key, device: r.json.device };
}

function refused(r, cookies) {
    assert.equal(r.status, 401, r.text);
    assert.equal(r.json.error.code, 'session_ended');
    assert.equal(cookies.size, 0, 'no session came of it');
}

test('a session of channel MP begins by the device key alone', async () => {
    proves('OVR-07');
    const { person, key, device } = await enrolled('app');
    const app = person.elsewhere();
    const good = await proof(key, acme.number, device, Date.now());
    const r = await app.post('/device-session', good);
    assert.equal(r.status, 200, r.text);
    assert.equal(r.json.login, 'app');
    const { sessions } = (await app.get('/sessions')).json;
    assert.deepEqual(sessions.map((s) => [s.channel, s.current]), [['MP', true]], 'it took the place of the session that enrolled the key');
    assert.equal((await app.get('/me')).json.channel, 'MP');
    assert.equal((await person.get('/me')).status, 401);
    const another = await app.post('/devices', { key: (await deviceKey()).point });
    assert.equal(another.status, 401, 'a key enrols no other key: that needs the password');
    assert.equal(another.json.error.code, 'reauth_required');
});

test('without its signature there is no session', async () => {
    proves('OVR-07');
    const { person, key, device } = await enrolled('lost');
    const time = Date.now();
    const good = await proof(key, acme.number, device, time);
    const other = await proof(await deviceKey(), acme.number, device, time);
    const cases = {
        'no signature of this key': other,
        'another time under the signature': { ...good, time: time + 1 },
        'another tenant under the signature': await proof(key, '1', device, time),
        'an unknown device': await proof(key, acme.number, '123456789', time),
        'a clock six minutes behind': await proof(key, acme.number, device, time - 360_000),
        'a clock six minutes ahead': await proof(key, acme.number, device, time + 360_000),
    };
    for (const [what, body] of Object.entries(cases)) {
        const app = person.elsewhere();
        refused(await app.post('/device-session', body), app.client.cookies, what);
    }
    const app = person.elsewhere();
    assert.equal((await app.post('/device-session', good)).status, 200);
    const again = person.elsewhere();
    refused(await again.post('/device-session', good), again.client.cookies, 'the same signature a second time');
});

test('a suspended member gets no session by the device key, and a stale sign-in enrols none', async () => {
    const { person, key, device } = await enrolled('gone');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    assert.equal((await acme.chief.post(`/console/members/${person.id}/suspend`)).status, 200);
    const app = person.elsewhere();
    refused(await app.post('/device-session', await proof(key, acme.number, device, Date.now())), app.client.cookies);
    const late = await acme.add('late');
    await late.signIn();
    await house.op('test.clock', { value: 301_000 }, 'acme');
    const r = await late.post('/devices', { key: (await deviceKey()).point });
    await house.op('test.clock', { value: 0 }, 'acme');
    assert.equal(r.status, 401);
    assert.equal(r.json.error.code, 'reauth_required');
});

test('a device key ends with the sessions: a forced password, a forced log-out, logging out everywhere', async () => {
    await acme.chief.signIn();
    await acme.chief.openConsole();
    const ways = {
        forced: (p) => acme.chief.post(`/console/members/${p.id}/password`, { password: 'ganz anderes Wort 2026' }),
        logout: (p) => acme.chief.post(`/console/members/${p.id}/logout`),
        everywhere: (p) => p.delete('/sessions'),
        changed: (p) => p.put('/me/password', { old: p.password, new: 'ganz anderes Wort 2026' }),
    };
    for (const [name, way] of Object.entries(ways)) {
        const { person, key, device } = await enrolled(`ends-${name}`);
        const alive = person.elsewhere();
        assert.equal((await alive.post('/device-session', await proof(key, acme.number, device, Date.now() - 1000))).status, 200, name);
        await person.signIn();
        const done = await way(person);
        assert.equal(done.status, 200, `${name}: ${done.text}`);
        const app = person.elsewhere();
        refused(await app.post('/device-session', await proof(key, acme.number, device, Date.now())), app.client.cookies);
    }
});

test('a session by the device key is as limited as any other while a new password is due', async () => {
    const { person, key, device } = await enrolled('due');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    assert.equal((await acme.chief.post(`/console/members/${person.id}/request-password`)).status, 200);
    const app = person.elsewhere();
    assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now()))).status, 200);
    const r = await app.get('/rooms');
    assert.deepEqual([r.status, r.json.error.code], [403, 'password_change_required']);
});

test('each signature begins the only session of its key, good for a day', async () => {
    proves('OVR-07');
    const { person, key, device } = await enrolled('days');
    const before = person.elsewhere();
    assert.equal((await before.post('/device-session', await proof(key, acme.number, device, Date.now() - 1000))).status, 200);
    const app = person.elsewhere();
    assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now()))).status, 200);
    assert.equal((await before.get('/me')).json.error.code, 'session_ended', 'a stolen session ends with the next signature');
    const { sessions } = (await app.get('/sessions')).json;
    assert.deepEqual(sessions.map((s) => s.channel), ['MP']);
    try {
        await house.op('test.clock', { value: DAY + 1000 }, 'acme');
        assert.equal((await app.get('/me')).json.error.code, 'session_ended', 'by its cookie alone');
        assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now() + DAY + 1000))).status, 200);
        assert.equal((await app.get('/me')).status, 200);
    } finally {
        await house.op('test.clock', { value: 0 }, 'acme');
    }
});

test('a key that was not used for as long as an app may be idle begins no session', async () => {
    const { person, key, device } = await enrolled('idle');
    const app = person.elsewhere();
    assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now()))).status, 200);
    try {
        await house.op('test.clock', { value: 29 * DAY }, 'acme');
        assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now() + 29 * DAY))).status, 200);
        await house.op('test.clock', { value: 60 * DAY }, 'acme');
        refused(await person.elsewhere().post('/device-session', await proof(key, acme.number, device, Date.now() + 60 * DAY)), new Map());
    } finally {
        await house.op('test.clock', { value: 0 }, 'acme');
    }
});

test('a key ends with its session: logged out, ended from another device, and not by a password set in it', async () => {
    const session = async (p, name) => {
        const { key, device } = p;
        const app = p.person.elsewhere();
        assert.equal((await app.post('/device-session', await proof(key, acme.number, device, Date.now() - 1000))).status, 200, name);
        return app;
    };
    const again = async ({ person, key, device }) => {
        const app = person.elsewhere();
        return { r: await app.post('/device-session', await proof(key, acme.number, device, Date.now())), app };
    };
    const left = await enrolled('left');
    assert.equal((await (await session(left, 'left')).delete('/session')).status, 200);
    const { r, app } = await again(left);
    refused(r, app.client.cookies);

    const closed = await enrolled('closed');
    await session(closed, 'closed');
    await closed.person.signIn();
    const { sessions } = (await closed.person.get('/sessions')).json;
    const mp = sessions.find((s) => s.channel === 'MP');
    assert.equal((await closed.person.delete(`/sessions/${mp.id}`)).status, 200);
    const after = await again(closed);
    refused(after.r, after.app.client.cookies);

    const stays = await enrolled('stays');
    const own = await session(stays, 'stays');
    assert.equal((await own.put('/me/password', { old: stays.person.password, new: 'ganz anderes Wort 2027' })).status, 200);
    assert.equal((await again(stays)).r.status, 200);
});
