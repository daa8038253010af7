// Passwords and the ways to them: what is refused, setup slips, forced and requested changes, expiry, forgotten ones.
import { httpOps, rightCall, send, tables } from '../lib/calls.mjs';
import { allBytes } from '../lib/disk.mjs';
import { House } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newPassword, openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり商店' });
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
});
after(() => house.remove());

const setting = async (key, value) => assert.equal((await chief.put(`/console/settings/${key}`, { value })).status, 200, key);
const code = (r) => r.json?.error?.code ?? r.status;
const link = async (token, path = '', more = {}) => new Client(house).post(`/t/${acme.number}/link${path}`, { token, ...more });
const token = (r) => r.json.link.split('#')[1];

test('guessable passwords are refused wherever one is set', async () => {
    proves('B1.01', 'ACC-14');
    const ann = await acme.add('ann.suzuki', { family: '鈴木', given: 'アン' });
    await ann.signIn();
    for (const bad of ['password', '12345678', 'Password2026!', 'ひよどり商店2026', 'hiyodori2026!', 'ann.suzuki@hiyodori', 'Suzuki-Ann.Suzuki', 'aaaaaaaaaaaaaaaa', 'qwertyuiop123456']) {
        const r = await ann.put('/me/password', { old: ann.password, new: bad });
        assert.deepEqual([r.status, r.json.error.code, r.json.error.field], [400, 'invalid_value', 'new'], bad);
        const forced = await chief.post(`/console/members/${ann.id}/password`, { password: bad });
        assert.deepEqual([forced.status, forced.json.error.field], [400, 'password'], bad);
    }
    assert.equal((await ann.trySignIn()).status, 200);
});

test('a setting of lengths that do not fit together is refused; with the maximum 20, 21 characters are', async () => {
    proves('ACC-14');
    const ann = await acme.add('len');
    await ann.signIn();
    const of = (n) => [...'あかねさすむらさきのゆきしめのゆきのもりはみずや'].slice(0, n).join('');
    await setting('account.password.max_length', '20');
    const r = await chief.put('/console/settings/account.password.min_length', { value: '21' });
    assert.deepEqual([r.status, r.json.error.field], [400, 'value']);
    assert.equal((await ann.put('/me/password', { old: ann.password, new: of(21) })).json.error.field, 'new');
    assert.equal((await ann.put('/me/password', { old: ann.password, new: of(20) })).status, 200);
    await setting('account.password.max_length', '128');
});

test('format: alnum_special wants all three; an existing password without them must be changed at the next login', async () => {
    proves('ACC-13');
    const ann = await acme.add('form', { password: 'eine lange Wendung' });
    await setting('account.password.format', 'alnum_special');
    await ann.signIn();
    assert.equal((await ann.get('/me')).json.must_change, 'format');
    assert.equal(code(await ann.get('/rooms')), 'password_change_required');
    assert.equal((await ann.put('/me/password', { old: ann.password, new: 'Abcdefg12345' })).json.error.field, 'new');
    assert.equal((await ann.put('/me/password', { old: ann.password, new: 'Zaunwinde-12345' })).status, 200);
    assert.equal((await ann.get('/rooms')).status, 200);
    await setting('account.password.format', 'none');
});

test('a setup slip: the link opens once, in its 72 hours, and only the newest; no other answer holds it', async () => {
    proves('MEM-11', 'B1.11', 'ACC-41');
    const ann = await acme.add('slip', { family: '森下' });
    await ann.signIn();
    const first = await chief.post(`/console/members/${ann.id}/setup-link`);
    assert.equal(first.status, 200);
    assert.match(first.json.link, new RegExp(`^${house.origin}/t/${acme.number}/setup#[A-Za-z0-9_-]{43}$`));
    const second = await chief.post(`/console/members/${ann.id}/setup-link`);
    assert.deepEqual(code(await link(token(first))), 'link_ended');
    const shown = await link(token(second));
    assert.equal(shown.status, 200);
    assert.deepEqual([shown.json.login, shown.json.family, shown.json.workgroup, shown.json.kind], ['slip', '森下', 'hiyodori', 'setup']);
    assert.ok(!shown.text.includes(token(second)));
    const next = newPassword();
    const bad = await link(token(second), '/password', { password: 'slip2026slip', client: 'web' });
    assert.deepEqual([bad.status, bad.json.error.field], [400, 'password']);
    const used = await link(token(second), '/password', { password: next, client: 'web' });
    assert.deepEqual([used.status, used.json.signed_in], [200, true]);
    assert.ok(used.headers.some(([n, v]) => n === 'Set-Cookie' && v.startsWith(`__Host-sid-${acme.number}=`)));
    assert.equal((await ann.get('/me')).status, 401, 'every earlier session has ended');
    for (const path of ['', '/password'])
        assert.equal((await link(token(second), path, path ? { password: newPassword(), client: 'web' } : {})).status, 410);
    assert.equal((await ann.trySignIn()).status, 401);
    assert.equal((await ann.trySignIn({ password: next })).status, 200);
    ann.password = next;

    const old = await chief.post(`/console/members/${ann.id}/setup-link`);
    const reset = await acme.op('member.link', { member: ann.id, kind: 'reset' });
    assert.equal((await link(token(old))).status, 410, 'a reset link ends it');
    assert.equal((await link(reset.link.split('#')[1])).json.kind, 'reset');
    const rows = (await chief.audit()).filter((r) => r.object === ann.id);
    for (const act of ['member.setup_link', 'password.link'])
        assert.ok(rows.some((r) => r.act === act && r.result === 'ok'), act);
    const disk = allBytes(house.dir);
    for (const t of [token(first), token(second), token(old), next])
        assert.deepEqual(disk.findText(t), []);
    // The page itself: what stands behind the # never comes here.
    const page = await new Client(house).get(`/t/${acme.number}/setup`);
    assert.equal(page.status, 200);
    assert.match(page.header('Content-Type'), /^text\/html/);
});

test('a member who may not start yet sets the password and waits', async () => {
    proves('MEM-10', 'MEM-11');
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const r = await chief.post('/console/members', { login: 'later', family: '後', given: '子', start: day, initial: 'member' });
    assert.equal(r.status, 200, r.text);
    assert.equal(r.json.password, '');
    assert.ok(r.json.link);
    const password = newPassword();
    const used = await link(token(r), '/password', { password, client: 'web' });
    assert.deepEqual([used.status, used.json.signed_in], [200, false]);
    assert.equal(used.header('Set-Cookie'), undefined);
    assert.equal(code(await new Person(acme, 'later', password, r.json.id).trySignIn()), 'not_started');
    assert.equal(JSON.stringify((await chief.get(`/console/members/${r.json.id}`)).json).includes(token(r)), false);
});

test('first passwords that another made: the login leads only to the form, over the whole table of operations', async () => {
    proves('MEM-11', 'MEM-37', 'MEM-38', 'ACC-15');
    const auto = await chief.post('/console/members', { login: 'auto', family: '自', given: '動', initial: 'auto' });
    const own = newPassword();
    const admin = await chief.post('/console/members', { login: 'made', family: '手', given: '子', initial: 'admin', password: own });
    assert.deepEqual([auto.status, admin.status], [200, 200]);
    assert.match(auto.json.password, /^[a-z2-9-]{19,}$/);
    const people = [new Person(acme, 'auto', auto.json.password, auto.json.id), new Person(acme, 'made', own, admin.json.id)];
    const world = { victim: await acme.add('v1'), device: people[0], room: '1', otherSession: null };
    const may = new Set(['me.read', 'me.password', 'session.end']);
    let cells = 0;
    for (const p of people) {
        await p.signIn();
        assert.equal((await p.get('/me')).json.must_change, 'first');
        for (const op of httpOps.filter((o) => o.who !== 'public' && !may.has(o.name))) {
            let call = { object: '1' };
            try {
                call = await rightCall(op, p, world);
            } catch {
                /* What the call needs cannot be had by one who may do nothing: any call must be refused alike. */
            }
            const r = await send(op, p, call);
            assert.equal(`${r.status} ${code(r)}`, '403 password_change_required', op.name);
            cells++;
        }
        const next = newPassword();
        assert.equal((await p.put('/me/password', { old: p.password, new: next })).status, 200);
        p.password = next;
        assert.equal((await p.get('/me')).json.must_change, '');
        assert.equal((await p.get('/rooms')).status, 200);
        assert.equal((await p.elsewhere().trySignIn()).json.must_change, '');
    }
    console.log(`a new password first: ${cells} cells refused`);
});

test('forced: every session dies, the given password leads to the form; requested: a notice now, the form at the next login', async () => {
    proves('MEM-37', 'MEM-38');
    const ann = await acme.add('forced');
    await ann.signIn();
    const given = newPassword();
    assert.equal((await chief.post(`/console/members/${ann.id}/password`, { password: given })).status, 200);
    assert.equal((await ann.get('/me')).status, 401);
    assert.equal((await ann.trySignIn()).status, 401);
    ann.password = given;
    await ann.signIn();
    assert.equal((await ann.get('/me')).json.must_change, 'forced');
    assert.equal((await ann.put('/me/password', { old: given, new: given })).json.error.field, 'new', 'not the same again');
    const next = newPassword();
    assert.equal((await ann.put('/me/password', { old: given, new: next })).status, 200);
    ann.password = next;

    assert.equal((await chief.post(`/console/members/${ann.id}/request-password`)).status, 200);
    const { rooms } = (await ann.get('/rooms')).json;
    const room = rooms.find((r) => r.kind === 'notice');
    const texts = (await ann.get(`/rooms/${room.id}/messages?limit=50`)).json.messages.map((m) => m.text);
    assert.ok(texts.some((x) => x.includes(`/t/${acme.number}/app/settings`)), texts.join('\n'));
    assert.equal((await ann.get('/rooms')).status, 200, 'what is open goes on');
    const again = ann.elsewhere();
    await again.signIn();
    assert.equal(code(await again.get('/rooms')), 'password_change_required');
    assert.equal((await ann.put('/me/password', { old: next, new: newPassword() })).status, 200);
    const rows = (await chief.audit()).filter((r) => r.object === ann.id);
    for (const act of ['member.password.force', 'member.password.request', 'member.password'])
        assert.ok(rows.some((r) => r.act === act && r.result === 'ok'), act);

    const op = await acme.add('op1', { role: 'operator' });
    await op.signIn();
    await op.openConsole();
    const sub = await acme.add('sub1', { role: 'sub' });
    for (const [target, want] of [[chief.id, 403], [sub.id, 403], [ann.id, 200]]) {
        assert.equal((await op.post(`/console/members/${target}/password`, { password: newPassword() })).status, want);
        assert.equal((await op.post(`/console/members/${target}/request-password`)).status, want);
        assert.equal((await op.post(`/console/members/${target}/setup-link`)).status, want);
    }
});

test('expiry: on day 31 nothing answers before the change, also in a session that is open', async () => {
    proves('ACC-15');
    const t = await openTenant(house, 'expiry');
    const ann = await t.add('ann');
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await t.chief.put('/console/settings/account.password.expiry', { value: 'P30D' })).status, 200);
    assert.equal((await t.chief.put('/console/settings/account.idle_logout.browser', { value: 'none' })).status, 200);
    await ann.signIn();
    await t.clock(30 * 86_400_000 - 60_000);
    assert.equal((await ann.get('/rooms')).status, 200);
    await t.clock(31 * 86_400_000);
    assert.equal(code(await ann.get('/rooms')), 'password_change_required');
    const anew = ann.elsewhere();
    await anew.signIn();
    assert.equal((await anew.get('/me')).json.must_change, 'expired');
    const next = newPassword();
    assert.equal((await anew.put('/me/password', { old: ann.password, new: next })).status, 200);
    assert.equal((await anew.get('/rooms')).status, 200);
    assert.equal((await ann.get('/rooms')).status, 401, 'the other session has ended');
});

test('generations: with three, the present one and the two before are refused, the fourth back is free', async () => {
    proves('ACC-16');
    const ann = await acme.add('gen');
    await ann.signIn();
    const past = [ann.password];
    const change = (next) => ann.put('/me/password', { old: past.at(-1), new: next });
    for (let i = 0; i < 3; i++) {
        const next = newPassword();
        assert.equal((await change(next)).status, 200);
        past.push(next);
    }
    await setting('account.password.reuse_generations', '3');
    for (const back of [1, 2, 3])
        assert.equal((await change(past.at(-back))).json.error.field, 'new', `${back} back`);
    assert.equal((await change(past[0])).status, 200);
    await setting('account.password.reuse_generations', '5');
});

test('a forgotten password: one answer for every ID; an admin is told, not too often', async () => {
    proves('ACC-41', 'B1.06');
    const ann = await acme.add('forgot');
    const ask = (id, workgroup = 'hiyodori') => new Client(house).post(`/w/${workgroup}/forgot`, { id });
    const noticed = async () => {
        const { rooms } = (await chief.get('/rooms')).json;
        const room = rooms.find((r) => r.kind === 'notice');
        return room ? (await chief.get(`/rooms/${room.id}/messages?limit=50`)).json.messages.map((m) => m.text) : [];
    };
    const before_ = (await noticed()).length;
    const answers = [];
    const ms = { there: [], nobody: [], 'no such workgroup': [] };
    for (let i = 0; i < 12; i++)
        for (const [what, args] of Object.entries({ there: ['forgot'], nobody: ['nobody'], 'no such workgroup': ['forgot', 'nowhere'] })) {
            const t0 = performance.now();
            const r = await ask(...args);
            ms[what].push(performance.now() - t0);
            answers.push(`${r.status} ${r.text}`);
        }
    const median = (v) => v.sort((a, b) => a - b)[v.length >> 1].toFixed(1);
    console.log(`forgotten password, median in ms: ${Object.entries(ms).map(([k, v]) => `${k} ${median(v)}`).join(', ')}`);
    assert.deepEqual([...new Set(answers)], ['200 {}']);
    const now = await noticed();
    assert.equal(now.length - before_, 3, 'three an hour');
    assert.ok(now.some((x) => x.includes('(forgot)')));
    assert.ok(!now.some((x) => x.includes('nobody')));
    assert.ok((await chief.audit()).some((r) => r.act === 'password.forgot' && r.object === ann.id));
    assert.equal((await ann.trySignIn()).status, 200, 'nothing of the account has changed');
});

test('the own sessions: ended one by one, all others, or everywhere; those of others are not there', async () => {
    proves('B4.05', 'B4.07', 'ACC-28');
    const ann = await acme.add('many'), ben = await acme.add('other');
    await ann.signIn();
    const [b, c] = [ann.elsewhere(), ann.elsewhere()];
    await b.signIn();
    await c.signIn();
    await ben.signIn();
    const ofBen = (await ben.get('/sessions')).json.sessions[0].id;
    assert.equal((await ann.delete(`/sessions/${ofBen}`)).status, 404);
    assert.equal((await ann.delete('/sessions')).status, 200);
    assert.deepEqual([(await ann.get('/me')).status, (await b.get('/me')).status, (await c.get('/me')).status], [200, 401, 401]);
    assert.equal((await ben.get('/me')).status, 200);
    await b.signIn();
    assert.equal((await b.delete('/sessions?all=true')).status, 200);
    assert.deepEqual([(await ann.get('/me')).status, (await b.get('/me')).status], [401, 401]);

    const clients = [];
    for (let i = 0; i < 22; i++) {
        const p = ann.elsewhere();
        await p.signIn();
        clients.push(p);
    }
    assert.equal((await clients.at(-1).get('/sessions')).json.sessions.length, 20);
    assert.deepEqual([(await clients[0].get('/me')).status, (await clients[1].get('/me')).status, (await clients[2].get('/me')).status], [401, 401, 200]);
});

test('no answer to anybody holds a password, a hash or a token once it was made', { timeout: 120_000 }, async () => {
    proves('B1.11');
    const t = await openTenant(house, 'silent');
    const ann = await t.add('ann'), sub = await t.add('sub', { role: 'sub' });
    const world = { victim: await t.add('victim'), device: await t.add('device') };
    const callers = [ann, sub, t.chief];
    world.room = await t.room('皆', ann, sub, t.chief);
    for (const p of callers)
        await p.signIn();
    for (const p of [sub, t.chief])
        await p.openConsole();
    const made = await t.chief.post(`/console/members/${world.victim.id}/setup-link`);
    const secrets = new Set([token(made), ann.password, sub.password, t.chief.password]);
    const makes = new Set(['console.member.setup_link', 'console.member.add', 'ws.ticket']);
    let bytes = 0;
    const look = (what, text) => {
        bytes += text.length;
        assert.ok(!text.includes('argon2id'), what);
        for (const s of secrets)
            assert.ok(!text.includes(s), what);
    };
    for (const p of callers) {
        for (const op of tables.ops.filter((o) => o.method === 'GET')) {
            let call;
            try {
                call = await rightCall(op, p, { ...world, otherSession: async () => '1' });
            } catch {
                continue;                                  // a caller who cannot even prepare it
            }
            const r = await send(op, p, call);
            for (const [n, v] of r.headers)
                if (n === 'Set-Cookie')
                    secrets.add(v.split(';')[0].split('=')[1]);
            if (!makes.has(op.name))
                look(`${op.name} by ${p.login}`, `${r.text}`);
            if ((await p.get('/me')).status !== 200)
                await p.signIn();
        }
        for (const v of p.client.cookies.values())
            secrets.add(v);
    }
    for (const p of callers)
        for (const path of ['/me', '/sessions', '/members', '/console/members', '/console/audit?limit=200', '/console/settings', `/console/members/${world.victim.id}`])
            look(`${path} by ${p.login}`, (await p.get(path)).text);
    for (const name of ['member.all', 'audit.export'])
        look(name, (await house.ctl.call(name, 'silent', {})).text);
    console.log(`searched ${bytes} bytes of answers for ${secrets.size} secrets`);
});

test('an admin learns nothing of the passwords of those it may not act on, whatever it guesses', async () => {
    const sub = await acme.add('guesser', { role: 'sub' });
    await sub.signIn();
    await sub.openConsole();
    for (const password of [chief.password, 'eines, das es nie gab 2026', 'kurz']) {
        const r = await sub.post(`/console/members/${chief.id}/password`, { password });
        assert.deepEqual([r.status, r.json.error.code], [403, 'denied'], password);
    }
});

test('who holds a link does not try passwords without end', async () => {
    const lea = await acme.add('link-holder');
    const token = await acme.link(lea);
    const use = () => link(token, '/password', { password: 'password', client: 'web' });
    for (let i = 0; i < 30; i++)
        assert.equal((await use()).status, 400);
    assert.equal((await use()).status, 429);
});
