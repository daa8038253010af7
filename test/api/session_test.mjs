// Sessions: their cookies, how they end, and the tickets of WebSockets.
import { createHash } from 'node:crypto';
import { Client } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { allBytes } from '../lib/disk.mjs';
import { Socket } from '../lib/ws.mjs';

const DAY = 86_400_000, SECOND = 1000;
let house;

before(async () => {
    house = await House.start();
});
after(() => house.remove());

const ended = (r, code = 'session_ended') => {
    assert.equal(r.status, 401);
    assert.equal(r.json.error.code, code);
};

test('a member sees its own sessions and ends any of them', async () => {
    proves('ACC-28', 'B4.05');
    const t = await openTenant(house, 'list');
    const ann = await t.add('ann');
    const phone = ann.elsewhere();
    phone.client.headers = { 'User-Agent': 'Telefon 1' };
    await ann.signIn();
    await phone.signIn({ client: 'mobile-web' });
    const mine = (await ann.get('/sessions')).json.sessions;
    assert.equal(mine.length, 2);
    const here = mine.find((s) => s.current), there = mine.find((s) => !s.current);
    assert.equal(here.channel, 'W');
    assert.equal(here.ip, ann.client.address);
    assert.equal(there.channel, 'MW');
    assert.equal(there.agent, 'Telefon 1');
    assert.equal(there.ip, phone.client.address);
    assert.ok(Math.abs(Date.parse(there.opened) - Date.now()) < 60_000);

    const ws = await phone.socket();
    const other = await t.add('ben');
    await other.signIn();
    assert.equal((await other.delete(`/sessions/${there.id}`)).status, 404);
    assert.equal((await phone.get('/me')).status, 200);

    assert.equal((await ann.delete(`/sessions/${there.id}`)).status, 200);
    assert.equal((await ws.closed()).code, 4401);
    ended(await phone.get('/me'));
    assert.equal((await ann.get('/me')).status, 200);
    assert.deepEqual((await ann.get('/sessions')).json.sessions.map((s) => s.id), [here.id]);
});

test('a change of password ends all other sessions', async () => {
    proves('ACC-28');
    const t = await openTenant(house, 'change');
    const ann = await t.add('ann');
    const others = [ann.elsewhere(), ann.elsewhere()];
    for (const p of [ann, ...others])
        await p.signIn();
    const sockets = [await others[0].socket(), await others[1].socket()];
    const own = await ann.socket();
    const wrong = await ann.put('/me/password', { old: 'nicht dieses!', new: 'ein neues Passwort' });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.json.error.code, 'sign_in');
    assert.equal((await others[0].get('/me')).status, 200);
    const next = 'ein neues Passwort 新しい';
    assert.equal((await ann.put('/me/password', { old: ann.password, new: next })).status, 200);
    for (const s of sockets)
        assert.equal((await s.closed()).code, 4401);
    for (const p of others)
        ended(await p.get('/me'));
    assert.equal((await ann.get('/me')).status, 200);
    assert.equal((await own.call('me.read')).status, 200);
    assert.equal((await ann.elsewhere().trySignIn()).json.error.code, 'sign_in');
    assert.equal((await ann.elsewhere().trySignIn({ password: next })).status, 200);
    own.end();
});

test('the cookies are what browsers keep to one tenant, and hold a secret of 256 bits', async () => {
    proves('B4.01');
    const [a, b] = [await openTenant(house, 'cook-a'), await openTenant(house, 'cook-b')];
    const r = await a.chief.trySignIn();
    assert.equal(r.status, 200);
    const set = r.headers.filter(([n]) => n === 'Set-Cookie').map(([, v]) => v);
    assert.equal(set.length, 2);
    const [pair, ...attributes] = set[0].split('; ');
    const dev = set[1].split('; ');                       // by which this browser is known again
    assert.match(dev[0], new RegExp(`^__Host-dev-${a.number}=[A-Za-z0-9_-]{43}$`));
    assert.deepEqual(dev.slice(1).map((x) => x.toLowerCase()).sort(), ['httponly', 'max-age=34560000', 'path=/', 'samesite=strict', 'secure']);
    const [name, secret] = pair.split('=');
    assert.equal(name, `__Host-sid-${a.number}`);
    assert.equal(Buffer.from(secret, 'base64url').length, 32);
    assert.deepEqual(attributes.map((x) => x.toLowerCase()).filter((x) => !x.startsWith('max-age')).sort(), ['httponly', 'path=/', 'samesite=lax', 'secure']);
    assert.equal(attributes.some((x) => /^domain/i.test(x)), false);

    const c = await a.chief.post('/console/session', { password: a.chief.password });
    const adm = c.header('Set-Cookie').split('; ');
    assert.match(adm[0], new RegExp(`^__Host-adm-${a.number}=[A-Za-z0-9_-]{43}$`));
    assert.deepEqual(adm.slice(1).map((x) => x.toLowerCase()).sort(), ['httponly', 'path=/', 'samesite=strict', 'secure']);

    // Two sign-ins have two secrets; the number routes, and only the secret of that tenant opens it.
    const again = await a.chief.elsewhere().trySignIn();
    assert.notEqual(again.header('Set-Cookie').split(';')[0], pair);
    await b.chief.signIn();
    const ofB = b.chief.client.cookies.get(`__Host-sid-${b.number}`);
    const stranger = new Client(house);
    stranger.cookies.set(`__Host-sid-${a.number}`, ofB);
    ended(await stranger.get(`/t/${a.number}/me`));
    stranger.cookies.set(`__Host-sid-${a.number}`, secret);
    assert.equal((await stranger.get(`/t/${a.number}/me`)).status, 200);
    stranger.cookies.clear();
    stranger.cookies.set(`__Host-sid-${b.number}`, ofB);
    ended(await stranger.get(`/t/${a.number}/me`));
    for (const bad of ['', 'x', secret.slice(1), `${secret}A`, secret.replace(/.$/, (x) => (x === 'A' ? 'E' : 'A'))]) {
        stranger.cookies.clear();
        stranger.cookies.set(`__Host-sid-${a.number}`, bad);
        ended(await stranger.get(`/t/${a.number}/me`));
    }
    // A console's secret is no session, and the other way round.
    const admSecret = adm[0].split('=')[1];
    stranger.cookies.clear();
    stranger.cookies.set(`__Host-sid-${a.number}`, admSecret);
    ended(await stranger.get(`/t/${a.number}/me`));
    stranger.cookies.set(`__Host-sid-${a.number}`, secret);
    stranger.cookies.set(`__Host-adm-${a.number}`, secret);
    ended(await stranger.get(`/t/${a.number}/console/menu`), 'reauth_required');
    // Another session of the same admin cannot use the console session of this one.
    const third = a.chief.elsewhere();
    await third.signIn();
    third.client.cookies.set(`__Host-adm-${a.number}`, admSecret);
    ended(await third.get('/console/menu'), 'reauth_required');
    assert.equal((await a.chief.get('/console/menu')).status, 200);

    // Neither secret is in any file, in no spelling.
    const disk = allBytes(house.dir);
    for (const s of [secret, admSecret])
        for (const form of [Buffer.from(s), Buffer.from(s, 'base64url'), Buffer.from(Buffer.from(s, 'base64url').toString('hex'))])
            assert.deepEqual(disk.find(form), []);
    const h = createHash('sha256').update(secret).digest();
    assert.deepEqual(disk.find(h), [], 'even the hash is in the encrypted store only');
});

test('log-out ends the session at once, its console and its WebSockets with it', async () => {
    proves('B4.03');
    const t = await openTenant(house, 'logout');
    await t.chief.signIn();
    await t.chief.openConsole();
    const jar = new Map(t.chief.client.cookies);
    const ws = await t.chief.socket();
    const r = await t.chief.delete('/session');
    assert.equal(r.status, 200);
    assert.deepEqual([...t.chief.client.cookies.keys()], [`__Host-dev-${t.number}`], 'both cookies are cleared; the browser stays known');
    assert.equal((await ws.closed()).code, 4401);
    t.chief.client.cookies = jar;                         // who kept the cookies has nothing
    ended(await t.chief.get('/me'));
    ended(await t.chief.get('/console/menu'));
});

test('who kept the cookies of a session that was logged out has nothing, from the answer on', async () => {
    proves('B4.03');
    const t = await openTenant(house, 'kept');
    const ann = await t.add('ann');
    for (const how of [(p) => p.delete('/session'), async (p) => p.delete(`/sessions/${(await p.get('/sessions')).json.sessions.find((s) => s.current).id}`)]) {
        await ann.signIn();
        const jar = new Map(ann.client.cookies);
        assert.equal((await ann.get('/me')).status, 200);
        assert.equal((await how(ann)).status, 200);
        ann.client.cookies = new Map(jar);
        ended(await ann.get('/me'));
        ended(await ann.post('/ws-ticket'));
        ann.client.cookies.clear();
    }
});

test('a session ends when it is idle, and at its absolute end, to the second', async () => {
    proves('B4.03');
    const t = await openTenant(house, 'idle');
    const [ann, ben] = [await t.add('ann'), await t.add('ben')];
    const idle = 7 * DAY;                                 // account.idle_logout.browser's default
    let now = 0;
    await t.clock(0, { still: true });
    const pass = (ms) => t.clock(now += ms, { still: true });
    await ann.signIn();
    await pass(idle - SECOND);
    assert.equal((await ann.get('/me')).status, 200);
    const ws = await ann.socket();
    await pass(idle + SECOND);
    assert.equal((await ws.closed()).code, 4401);
    ended(await ann.get('/me'));

    // Used every day, it lives 180 days and no longer.
    await ben.signIn();
    for (let day = 6; day < 180; day += 6) {
        await pass(6 * DAY);
        assert.equal((await ben.get('/me')).status, 200, `day ${day}`);
    }
    const last = await ben.socket();
    await pass(6 * DAY - SECOND);
    assert.equal((await ben.get('/me')).status, 200);
    await pass(2 * SECOND);
    ended(await ben.get('/me'));
    assert.equal((await last.closed()).code, 4401);
    assert.equal((await ben.trySignIn()).status, 200);
});

test('suspended, deleted or logged out by an admin: the next request fails and the WebSocket closes', async () => {
    proves('B4.04');
    const t = await openTenant(house, 'revoke');
    await t.chief.signIn();
    await t.chief.openConsole();
    const end = {
        suspend: (p) => t.chief.post(`/console/members/${p.id}/suspend`).then((r) => assert.equal(r.status, 200)),
        logout: (p) => t.chief.post(`/console/members/${p.id}/logout`).then((r) => assert.equal(r.status, 200)),
        delete: (p) => t.op('member.delete', { member: p.id }),
        password: (p) => t.op('member.password', { member: p.id, password: 'gesetzt vom Betreiber' }),
        role: (p) => t.op('member.role', { member: p.id, role: 'operator' }),
    };
    for (const [how, act] of Object.entries(end)) {
        const p = await t.add(`p-${how}`);
        const room = await t.room(how, p, t.chief);
        const second = p.elsewhere();
        await p.signIn();
        await second.signIn();
        const sockets = [await p.socket(), await second.socket()];
        const unused = await p.ticket();
        assert.equal((await p.say(room, 'noch da')).status, 200);
        await act(p);
        const why = how === 'suspend' ? 'suspended' : 'session_ended';
        for (const x of [p, second])
            ended(await x.get('/me'), why);
        ended(await p.say(room, 'nicht mehr'), why);
        for (const s of sockets)
            assert.equal((await s.closed()).code, 4401, how);
        const late = await Socket.open(p.client, p.path('/ws'), unused);
        assert.equal(late.answer.status, 401, how);
        const again = await p.elsewhere().trySignIn();
        assert.equal(again.status, how === 'logout' || how === 'role' ? 200 : 401, how);
        if (how === 'suspend') {
            assert.equal((await t.chief.post(`/console/members/${p.id}/resume`)).status, 200);
            ended(await p.get('/me'));                    // old sessions stay dead
            assert.equal((await p.elsewhere().trySignIn()).status, 200);
        }
    }
});

test('a WebSocket needs a ticket: once, for 30 seconds, from our own pages', async () => {
    proves('B4.08');
    const t = await openTenant(house, 'ticket');
    const ann = await t.add('ann');
    await ann.signIn();
    const open = (ticket, more) => Socket.open(ann.client, ann.path('/ws'), ticket, more);
    const refused = async (s, status, code) => {
        assert.equal(s.answer.status, status);
        assert.equal(s.answer.json.error.code, code);
        s.end();
    };
    const ticket = await ann.ticket();
    const first = await open(ticket);
    assert.equal(first.answer.status, 101);
    assert.equal(first.answer.header('Sec-WebSocket-Protocol'), 'engawa.v1');
    await refused(await open(ticket), 401, 'session_ended');
    assert.equal((await first.call('me.read')).body.id, ann.id);
    first.end();

    for (const bad of ['', 'x', ticket.slice(1), ann.client.cookies.get(`__Host-sid-${t.number}`)])
        await refused(await open(bad), 401, 'session_ended');
    await refused(await Socket.open(ann.client, ann.path('/ws'), '', { protocols: 'engawa.v1' }), 401, 'session_ended');
    // The session's cookie opens no WebSocket.
    const cookie = [...ann.client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    await refused(await Socket.open(ann.client, ann.path('/ws'), '', { protocols: 'engawa.v1', headers: { Cookie: cookie } }), 401, 'session_ended');
    for (const Origin of ['https://evil.example', 'null', `${house.origin}.evil.example`, null])
        await refused(await open(await ann.ticket(), { headers: { Origin } }), 403, 'cross_site');

    // A ticket of A under B's number.
    const u = await openTenant(house, 'ticket-b');
    await u.chief.signIn();
    await refused(await Socket.open(ann.client, u.chief.path('/ws'), await ann.ticket()), 401, 'session_ended');

    assert.equal((await ann.post('/ws-ticket')).json.seconds, 30);
    await t.clock(0, { still: true });
    const early = await ann.ticket();
    await t.clock(29_000, { still: true });                // a second before its end it is good …
    const good = await open(early);
    assert.equal(good.answer.status, 101);
    good.end();
    const late = await ann.ticket();                       // … and a second after it no longer
    await t.clock(60_000, { still: true });
    await refused(await open(late), 401, 'session_ended');
});

test('a token in a query is refused, and no token reaches the log', async () => {
    proves('B4.09');
    const t = await openTenant(house, 'query');
    await t.chief.signIn();
    await t.chief.openConsole();
    const sid = t.chief.client.cookies.get(`__Host-sid-${t.number}`), adm = t.chief.client.cookies.get(`__Host-adm-${t.number}`);
    const ticket = await t.chief.ticket();
    const bare = new Client(house);
    for (const name of ['sid', 'token', 'access_token', 'session', `__Host-sid-${t.number}`, 'bearer', 'api_key']) {
        const r = await bare.get(`/t/${t.number}/me?${name}=${sid}`);
        assert.equal(r.status, 400, name);
        const with_cookie = await t.chief.get(`/me?${name}=${sid}`);
        assert.equal(with_cookie.status, 400, name);
    }
    assert.equal((await bare.get(`/t/${t.number}/me?adm=${adm}`)).status, 400);
    const ws = await Socket.open(t.chief.client, `${t.chief.path('/ws')}?ticket=${ticket}`, '', { protocols: 'engawa.v1' });
    assert.equal(ws.answer.status, 400);
    assert.equal((await t.chief.get('/me')).status, 200);
    const disk = allBytes(house.dir);
    for (const s of [sid, adm, ticket])
        assert.deepEqual(disk.find(Buffer.from(s)), []);
    assert.ok(house.logText().length > 0);
});

test('a member has twenty sessions at most; the one unused longest gives way', async () => {
    proves('ACC-28');
    const t = await openTenant(house, 'twenty');
    const p = await t.add('p');
    const all = [];
    for (let i = 0; i < 21; i++) {
        all.push(p.elsewhere());
        await all[i].signIn();
    }
    ended(await all[0].get('/me'));
    assert.equal((await all[1].get('/me')).status, 200);
    assert.equal((await all[20].get('/sessions')).json.sessions.length, 20);
});
