// Signing in: one answer for everything that is wrong, long passwords, nothing of them on disk, the channel.
import fs from 'node:fs';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { Client } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, susi, later;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    susi = await acme.add('susi');
    later = await acme.add('later', { start: Date.now() + 86_400_000 });
    await acme.chief.signIn();
    await acme.chief.openConsole();
    assert.equal((await acme.chief.post(`/console/members/${susi.id}/suspend`)).status, 200);
});
after(() => house.remove());

/** An answer as an observer sees it: only the date and the request number differ from one to the next. */
const seen = (r) => `${r.status}\n${r.head.replace(/^Date: .*$/m, 'Date: *')}\n${r.text.replace(/("ref":")[0-9A-Fa-f]+(")/, '$1*$2')}`;

test('whoever does not know the password learns nothing: one status, body and header for every reason', { timeout: 120_000 }, async () => {
    proves('ACC-11', 'B1.05', 'OVR-08');
    const wrong = newPassword();
    const tries = {
        'wrong password': { id: ann.login, password: wrong },
        'unknown id': { id: 'nobody', password: wrong },
        'id that cannot be': { id: '../ann', password: wrong },
        'unknown workgroup': { id: ann.login, password: ann.password, workgroup: 'nowhere' },
        'workgroup that cannot be': { id: ann.login, password: ann.password, workgroup: '%E6%97%A5!' },
        'not started': { id: later.login, password: wrong },
        suspended: { id: susi.login, password: wrong },
    };
    const ms = {};
    const first = {};
    const rounds = 12;
    for (let i = 0; i < rounds; i++)
        for (const [why, how] of Object.entries(tries)) {
            const p = ann.elsewhere();
            const t0 = performance.now();
            const r = await p.trySignIn(how);
            (ms[why] ??= []).push(performance.now() - t0);
            assert.equal(r.status, 401, why);
            assert.equal(r.json.error.code, 'sign_in', why);
            assert.deepEqual(Object.keys(r.json.error).sort(), ['code', 'message', 'ref'], why);
            assert.equal(r.header('Set-Cookie'), undefined, why);
            first[why] ??= seen(r);
            assert.equal(seen(r), first['wrong password'], why);
            assert.equal(seen(r).length, first['wrong password'].length);
            p.client.close();
        }
    const median = (v) => v.sort((a, b) => a - b)[v.length >> 1];
    console.log(`sign-in, median of ${rounds} in ms, connection included: ${Object.entries(ms).map(([k, v]) => `${k} ${median(v).toFixed(1)}`).join(', ')}`);

    const reasons = [[susi, 'suspended'], [later, 'not_started']];
    for (const [p, code] of reasons) {
        const r = await p.trySignIn();
        assert.equal(r.status, 401);
        assert.equal(r.json.error.code, code);
        assert.equal(p.client.cookies.size, 0);
    }
    assert.equal((await ann.trySignIn()).status, 200);
    const rows = (await acme.chief.audit()).filter((x) => x.act === 'session.open' && x.result !== 'ok');
    assert.ok(rows.some((x) => x.result === 'sign_in' && x.object === ann.id && x.actor === '0'));
    for (const [p, code] of reasons)
        assert.ok(rows.some((x) => x.result === code && x.object === p.id && x.ip === p.client.address), code);
});

test('the language of a refusal is the one that was asked for', async () => {
    proves('OVR-08');
    const said = async (language) => (await ann.elsewhere().trySignIn({ password: 'falsch falsch', headers: language ? { 'Accept-Language': language } : {} })).json.error.message;
    assert.equal(await said(), 'Engawa ID またはパスワードが正しくありません。');
    assert.equal(await said('en-GB,en;q=0.9'), 'The Engawa ID or the password is not right.');
});

test('long passwords with spaces, kana and emoji are compared whole; a huge one is refused before any work', async () => {
    proves('B1.02', 'ACC-12');
    const base = 'あ い🍣 Übergang 長い合言葉 ';
    const of = (n) => [...base.repeat(20)].slice(0, n).join('').replace(/ $/, 'x');
    for (const n of [64, 128]) {
        const password = of(n);
        assert.equal([...password].length, n);
        const p = await acme.add(`long${n}`, { password });
        assert.equal((await p.trySignIn()).status, 200, `${n}`);
        const bytes = Buffer.from(password);
        const at = [...bytes.keys()].find((i) => i >= 100 && bytes[i] < 128) ?? [...bytes.keys()].find((i) => bytes[i] < 128 && i > 60);
        const other = Buffer.from(bytes);
        other[at] ^= 1;
        assert.equal((await p.elsewhere().trySignIn({ password: other.toString() })).status, 401, `byte ${at} changed`);
        assert.equal((await p.elsewhere().trySignIn({ password: [...password].slice(0, -1).join('') })).status, 401);
        assert.equal((await p.elsewhere().trySignIn({ password: `${password}x` })).status, 401);
    }
    const ascii = 'x'.repeat(99) + 'yz' + 'x'.repeat(27);   // bytes are characters: exactly byte 100 differs
    const q = await acme.add('ascii', { password: ascii });
    assert.equal((await q.trySignIn()).status, 200);
    assert.equal((await q.elsewhere().trySignIn({ password: 'x'.repeat(99) + 'Yz' + 'x'.repeat(27) })).status, 401);

    await assert.rejects(acme.add('toolong', { password: of(129) }), /password/);
    await assert.rejects(acme.add('tooshort', { password: 'elf Zeiche' }), /password/);

    const refusals = async () => (await house.op('health')).roles.filter((r) => r.role === 'tenant').reduce((n, r) => n + r.refusals + r.writes, 0);
    const before = await refusals();
    const huge = await ann.elsewhere().trySignIn({ password: 'x'.repeat(1 << 20) });
    assert.equal(huge.status, 413);
    assert.equal(huge.json.error.code, 'too_large');
    assert.equal(await refusals(), before, 'no tenant has seen it');
    const over = await ann.elsewhere().trySignIn({ password: 'x'.repeat(2000) });
    assert.equal(over.status, 400);
    assert.equal(over.json.error.field, 'password');
});

test('a password costs the same in every tenant, by the number that the installation was made with', async () => {
    proves('B1.05');
    const passes = Number(fs.readFileSync(path.join(house.dir, 'engawa.conf'), 'utf8').match(/^password_passes = (\d+)$/m)[1]);
    assert.ok(passes >= 2);
    const other = await openTenant(house, 'other');
    for (const t of [acme, other])
        assert.equal((await t.op('tenant.read', {})).password_passes, passes);
    // A tenant keeps the number that it was opened with: its members' passwords were hashed by it.
    await house.stop();
    house.configure('password_passes', passes + 1);
    await house.boot();
    assert.equal((await acme.op('tenant.read', {})).password_passes, passes);
    const later = await openTenant(house, 'later');
    assert.equal((await later.op('tenant.read', {})).password_passes, passes + 1);
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);
    await house.stop();
    house.configure('password_passes', passes);
    await house.boot();
});

test('what is no text where a text is due is bad input, for everybody alike', async () => {
    proves('B1.05');
    for (const [field, value] of Object.entries({ id: ['x'], password: { $ne: '' }, client: 7 }))
        for (const workgroup of ['acme', 'nowhere']) {
            const r = await new Client(house).post(`/w/${workgroup}/session`, { id: 'ann', password: 'x', client: 'web', [field]: value });
            assert.equal(r.status, 400, `${field} ${workgroup}`);
            assert.equal(r.json.error.field, field);
        }
});

test('a password just set is found in no file and no log', async () => {
    proves('ACC-12', 'PLT-09', 'B1.04');
    const secrets = [acme.chief.password, ann.password, 'Kanarienvogel-合言葉-41', 'Zaunkoenig-合言葉-42', 'falscher-Versuch-43-鳥'];
    const p = await acme.add('bird', { password: secrets[2] });
    await p.signIn();
    assert.equal((await p.put('/me/password', { old: secrets[2], new: secrets[3] })).status, 200);
    assert.equal((await p.elsewhere().trySignIn({ password: secrets[4] })).status, 401);
    assert.equal((await p.elsewhere().trySignIn({ password: secrets[3] })).status, 200);
    const disk = allBytes(house.dir);
    for (const name of ['log.txt', 'registry.db', '.db-wal'])
        assert.ok(disk.files.some((f) => f.name.endsWith(name) && f.size > 0), `${name} was searched`);
    for (const s of secrets)
        assert.deepEqual(disk.findText(s), []);
    assert.deepEqual(disk.findText('$argon2id$'), [], 'the hashes stand in the encrypted store only');
    // The search finds what is there: the log's own words.
    assert.ok(disk.findText(`${house.logText().match(/[a-z]{5,}/)[0]}`).length > 0);
});

test('the client that signs in decides the channel; headers change nothing; an unknown client gets no session', async () => {
    proves('OVR-07');
    for (const client of ['', 'app', 'WEB', 'web ', 'mobile-app', 'MA', 'x'.repeat(33)]) {
        const r = await ann.elsewhere().trySignIn({ client });
        const bad = client === '' || client.length > 32;
        assert.equal(r.status, bad ? 400 : 403, JSON.stringify(client));
        assert.equal(r.json.error.code, bad ? 'invalid_value' : 'unknown_client');
        assert.equal(r.header('Set-Cookie'), undefined);
    }
    const none = await new Client(house).post('/w/acme/session', { id: ann.login, password: ann.password });
    assert.equal(none.status, 400);
    assert.equal(none.json.error.field, 'client');

    const app = { 'User-Agent': 'EngawaMobile/9.1 (iOS)', 'X-Engawa-Client': 'mobile-app', 'X-Requested-With': 'jp.engawa.app' };
    const w = ann.elsewhere();
    w.client.headers = app;
    await w.signIn();
    const mw = ann.elsewhere();
    await mw.signIn({ client: 'mobile-web' });
    const here = (await w.get('/sessions')).json.sessions.find((s) => s.current);
    assert.equal(here.channel, 'W');
    assert.equal((await mw.get('/sessions')).json.sessions.find((s) => s.current).channel, 'MW');
    const room = await acme.room('通', ann);
    const posted = (await w.say(room, 'aus der „App“')).json;
    const row = (await acme.chief.audit()).find((x) => x.act === 'talk.post' && x.object === posted.id);
    assert.equal(row.channel, 'W');
    assert.equal(row.ip, w.client.address);
    const opened = (await acme.chief.audit()).filter((x) => ['session.open', 'session.second'].includes(x.act) && x.actor === ann.id);
    assert.deepEqual(new Set(opened.filter((x) => x.object === here.id).map((x) => x.channel)), new Set(['W']));
    assert.ok(opened.some((x) => x.channel === 'MW' && x.ip === mw.client.address));
    assert.ok((await acme.chief.audit()).some((x) => x.act === 'session.open' && x.result === 'unknown_client'));
});
