// The console: who enters it, what a role sees of it, how it ends, and the settings in it. And the opening of a tenant.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, plain, op, sub;
const MINUTE = 60_000;

const tables = JSON.parse(execFileSync(path.join(process.env.ENGAWA_BIN ?? path.join(ROOT, 'build/test'), 'engawad'), ['--describe'], { maxBuffer: 1 << 26 }));
const consoleOps = tables.ops.filter((o) => o.who === 'console' || o.who === 'admin');
const NAME = { 'basic.company': '会社情報', 'security.account': 'アカウント管理' };

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    plain = await acme.add('plain');
    op = await acme.add('op', { role: 'operator' });
    sub = await acme.add('sub', { role: 'sub' });
    for (const p of [plain, op, sub, acme.chief])
        await p.signIn();
    await acme.chief.openConsole();
});
after(() => house.remove());

/** Calls an operation with something in every place that it needs. */
const call = (p, o, { object = '1', body } = {}) =>
    p.client.request(o.method, p.path(o.path.replace(/:[a-z]+/, object)), o.method === 'GET' ? {} : { body: body ?? (o.input ? inputOf(o) : undefined) });

const inputOf = (o) => Object.fromEntries(tables.schemas.find((s) => s.name === o.input).fields.filter((f) => f.need).map((f) => [f.name, 'x']));

const codeOf = (r) => r.json?.error?.code;

test('a plain member gets 403 from every operation of the console, and a row says that it was refused', async () => {
    proves('OVR-01', 'AUD-01');
    assert.ok(consoleOps.length >= 9);
    for (const o of consoleOps) {
        const r = await call(plain, o, { object: o.object === 'setting' ? 'tenant.company_name' : plain.id });
        assert.equal(r.status, 403, o.name);
        assert.equal(codeOf(r), 'forbidden', o.name);
        assert.deepEqual(Object.keys(r.json), ['error'], o.name);
    }
    const rows = (await acme.chief.audit()).filter((x) => x.actor === plain.id && x.result === 'forbidden');
    const kinds = new Set(consoleOps.map((o) => (o.audit === 'none' ? 'console.read' : o.audit)));
    assert.deepEqual(new Set(rows.map((x) => x.act)), kinds);
    for (const kind of kinds)
        assert.equal(rows.filter((x) => x.act === kind).length, 1, `${kind}: equal refusals are gathered`);
    assert.ok(rows.every((x) => x.ip === plain.client.address && x.channel === 'W' && x.actor_name.includes('plain')));
    assert.equal((await plain.get('/me')).status, 200, 'only the console is closed to it');
});

test('an admin without the console cookie is asked for the password, and with it is in', async () => {
    proves('OVR-01');
    for (const o of consoleOps.filter((x) => x.who === 'console' && !x.super)) {
        const r = await call(sub, o, { object: o.object === 'setting' ? 'tenant.company_name' : plain.id });
        assert.equal(r.status, 401, o.name);
        assert.equal(codeOf(r), 'reauth_required', o.name);
    }
    const wrong = await sub.post('/console/session', { password: 'das ist es nicht' });
    assert.equal(wrong.status, 401);
    assert.equal(codeOf(wrong), 'sign_in');
    assert.equal(wrong.header('Set-Cookie'), undefined);
    assert.equal((await sub.get('/console/menu')).status, 401);
    const right = await sub.post('/console/session', { password: sub.password });
    assert.equal(right.status, 200);
    assert.deepEqual(right.json, { role: 'sub' });
    assert.equal((await sub.get('/console/menu')).json.role, 'sub');
    assert.equal((await sub.delete('/console/session')).status, 200);
    assert.equal(codeOf(await sub.get('/console/menu')), 'reauth_required');
    assert.equal((await sub.get('/me')).status, 200, 'the member stays signed in');
    const rows = (await acme.chief.audit()).filter((x) => x.actor === sub.id && x.act.startsWith('console.'));
    for (const [act, result] of [['console.open', 'sign_in'], ['console.open', 'ok'], ['console.end', 'ok']])
        assert.ok(rows.some((x) => x.act === act && x.result === result), `${act} ${result}`);
});

test('an operator admin does not see the security menus, and their operations refuse it', async () => {
    proves('OVR-02');
    await op.openConsole();
    await sub.openConsole();
    const menus = async (p) => (await p.get('/console/menu')).json.menus;
    const ids = (m) => m.flatMap((g) => g.items.map((i) => i.id)).sort();
    for (const [p, role] of [[op, 'operator'], [sub, 'sub'], [acme.chief, 'super']])
        assert.deepEqual(ids(await menus(p)), tables.menus.filter((m) => m[role]).map((m) => m.id).sort(), role);
    const ofOp = await menus(op);
    assert.ok(ofOp.length > 0);
    for (const group of ['security', 'audit'])
        assert.equal(ofOp.some((g) => g.id === group), false);
    assert.equal(ofOp.some((g) => g.ja === 'セキュリティ'), false);
    const hidden = tables.menus.filter((m) => !m.operator).map((m) => m.id);
    const refused = tables.ops.filter((o) => hidden.includes(o.menu));
    assert.ok(refused.length >= 1);
    for (const o of refused) {
        const r = await call(op, o);
        assert.equal(r.status, 403, o.name);
        assert.equal(codeOf(r), 'forbidden');
        assert.notEqual((await call(acme.chief, o)).status, 403, `${o.name}: its twin`);
    }
    // A setting of a menu out of reach is as absent as one that never was.
    const list = async (p) => (await p.get('/console/settings')).json.settings.map((s) => s.key);
    const mine = await list(op), all = await list(acme.chief);
    assert.ok(mine.includes('tenant.company_name') && all.includes('account.password.min_length'));
    assert.ok(mine.length < all.length);
    assert.deepEqual(mine.filter((k) => k.startsWith('account.')), []);
    const mask = (r) => r.text.replace(/"ref":"[0-9A-Fa-f]+"/, '');
    const away = await op.put('/console/settings/account.password.min_length', { value: '10' });
    const never = await op.put('/console/settings/no.such_setting', { value: '10' });
    assert.equal(away.status, 404);
    assert.equal(mask(away), mask(never));
    assert.equal((await acme.chief.put('/console/settings/account.password.min_length', { value: '13' })).status, 200);
    assert.equal((await acme.chief.put('/console/settings/account.password.min_length', { value: '12' })).status, 200);
});

test('a role that was taken away is gone at once', async () => {
    proves('OVR-02');
    const p = await acme.add('brief', { role: 'sub' });
    await p.signIn();
    await p.openConsole();
    assert.equal((await p.get('/console/members')).status, 200);
    await acme.op('member.role', { member: p.id, role: 'member' });
    assert.equal((await p.get('/console/members')).status, 401);
    await p.signIn();
    assert.equal(codeOf(await p.get('/console/members')), 'forbidden');
    assert.equal(codeOf(await p.post('/console/session', { password: p.password })), 'forbidden');
});

test('nobody locks out the super admin or itself', async () => {
    proves('OVR-01');
    await sub.openConsole();
    for (const [who, whom] of [[sub, acme.chief], [acme.chief, acme.chief], [sub, sub]]) {
        const r = await who.post(`/console/members/${whom.id}/suspend`);
        assert.equal(r.status, 403);
        assert.equal(codeOf(r), 'denied');
        assert.equal((await whom.get('/me')).status, 200);
    }
    assert.equal((await acme.chief.get('/console/members')).json.members.find((m) => m.id === acme.chief.id).status, 'active');
});

test('a setting is read, changed with a row that holds both values, and refused when it cannot be', async () => {
    proves('AUD-01', 'OVR-02');
    const key = 'tenant.company_name';
    const list = async () => (await acme.chief.get('/console/settings')).json.settings;
    const before = (await list()).find((s) => s.key === key).value;
    const r = await acme.chief.put(`/console/settings/${key}`, { value: '株式会社 縁側🏡' });
    assert.equal(r.status, 200);
    assert.deepEqual(r.json.value, '株式会社 縁側🏡');
    assert.equal((await list()).find((s) => s.key === key).value, '株式会社 縁側🏡');
    assert.equal((await plain.get('/me')).json.company, '株式会社 縁側🏡');
    const row = (await acme.chief.audit()).find((x) => x.act === 'setting.change');
    assert.deepEqual(JSON.parse(row.detail), { key, old: before, new: '株式会社 縁側🏡' });
    assert.equal(row.actor, acme.chief.id);
    assert.equal(row.result, 'ok');

    const bad = {
        'account.password.min_length': ['7', '65', 'x', '', '12.5', '-12', ' 12', '12 ', '999999999999999999999'],
        'account.password.max_length': ['21', '0'],
        'account.idle_logout.console': ['PT14M', 'PT13H', 'none', '30', 'P0D'],
        'account.idle_logout.browser': ['PT29M', 'P31D'],
        'tenant.default_language': ['de', 'JA'],
        'tenant.time_zone': ['Asia/To kyo', '../etc/passwd', ''],
        'tenant.company_name': ['', 'x'.repeat(101)],
    };
    const values = JSON.stringify(await list());
    const rows = (await acme.chief.audit()).filter((x) => x.act === 'setting.change' && x.result === 'ok').length;
    for (const [k, vs] of Object.entries(bad))
        for (const value of vs) {
            const x = await acme.chief.put(`/console/settings/${k}`, { value });
            assert.equal(x.status, 400, `${k} = ${JSON.stringify(value)}`);
            assert.equal(codeOf(x), 'invalid_value');
            assert.equal(x.json.error.field, 'value');
        }
    assert.equal(JSON.stringify(await list()), values);
    // The name for signing in stands in the registry as well: as a mere setting it stays.
    const name = await acme.chief.put('/console/settings/tenant.workgroup_name', { value: 'another' });
    assert.equal(name.status, 403);
    assert.equal(name.json.error.code, 'denied');
    assert.equal((await acme.chief.get('/me')).json.workgroup, 'acme');
    assert.equal((await acme.chief.audit()).filter((x) => x.act === 'setting.change' && x.result === 'ok').length, rows);
    // What is set is obeyed from the next request on.
    assert.equal((await acme.chief.put('/console/settings/account.password.min_length', { value: '20' })).status, 200);
    const short = await plain.put('/me/password', { old: plain.password, new: 'fünfzehn Zeich.' });
    assert.equal(short.status, 400);
    assert.equal(short.json.error.field, 'new');
    assert.equal((await acme.chief.put('/console/settings/account.password.min_length', { value: '12' })).status, 200);
});

test('the member list shows names, roles and states, page by page', async () => {
    proves('OVR-01');
    const all = (await acme.chief.get('/console/members')).json;
    assert.equal(all.more, false);
    const by = Object.fromEntries(all.members.map((m) => [m.login, m]));
    assert.equal(by.chief.role, 'super');
    assert.equal(by.op.role, 'operator');
    assert.equal(by.plain.role, 'member');
    assert.ok(Math.abs(Date.parse(by.plain.last_seen) - Date.now()) < 5 * MINUTE);
    const pages = [];
    for (let after = ''; ;) {
        const page = (await acme.chief.get(`/console/members?limit=2${after}`)).json;
        assert.ok(page.members.length <= 2);
        pages.push(...page.members);
        if (!page.more)
            break;
        after = `&after=${page.members.at(-1).id}`;
    }
    assert.deepEqual(pages, all.members);
    for (const q of ['limit=0', 'limit=201', 'limit=x', 'after=x', 'offset=1', 'limit=1&limit=2'])
        assert.equal((await acme.chief.get(`/console/members?${q}`)).status, 400, q);
    const text = JSON.stringify(all);
    assert.equal(/argon2|password|hash/i.test(text), false);
});

test('the console ends when it is idle, the member stays signed in', async () => {
    proves('OVR-01', 'B4.03');
    const t = await openTenant(house, 'idle');
    await t.chief.signIn();
    let now = 0;
    const pass = (ms) => t.clock(now += ms, { still: true });
    await pass(0);
    await t.chief.openConsole();
    await pass(30 * MINUTE - 1000);
    assert.equal((await t.chief.get('/console/menu')).status, 200);
    await pass(30 * MINUTE + 1000);
    const r = await t.chief.get('/console/menu');
    assert.equal(r.status, 401);
    assert.equal(codeOf(r), 'reauth_required');
    assert.equal((await t.chief.get('/me')).status, 200);
    // The setting decides: 15 minutes.
    await t.chief.openConsole();
    assert.equal((await t.chief.put('/console/settings/account.idle_logout.console', { value: 'PT15M' })).status, 200);
    await pass(14 * MINUTE);
    assert.equal((await t.chief.get('/console/menu')).status, 200);
    await pass(15 * MINUTE + 1000);
    assert.equal(codeOf(await t.chief.get('/console/menu')), 'reauth_required');
    // However much it is used, it ends after 12 hours.
    await t.chief.openConsole();
    const step = 14 * MINUTE;
    let ran = 0;
    for (; ran + step < 12 * 60 * MINUTE; ran += step) {
        await pass(step);
        assert.equal((await t.chief.get('/console/menu')).status, 200, `${ran / MINUTE} min`);
    }
    await pass(12 * 60 * MINUTE - ran + 1000);
    assert.equal(codeOf(await t.chief.get('/console/menu')), 'reauth_required');
});

test('an opened tenant has one member, its super admin, and every setting at its default', async () => {
    proves('CON-01');
    const t = await openTenant(house, 'fresh', { company: '新しい会社' });
    const { members } = await t.op('member.all', {});
    assert.equal(members.length, 1);
    assert.equal(members[0].id, t.chief.id);
    assert.equal(members[0].role, 'super');
    assert.equal(members[0].status, 'active');
    await t.chief.signIn();
    assert.deepEqual((await t.chief.get('/rooms')).json.rooms, []);
    assert.deepEqual((await t.chief.get('/members')).json.members.map((m) => m.id), [t.chief.id]);
    await t.chief.openConsole();
    const settings = (await t.chief.get('/console/settings')).json.settings;
    assert.ok(settings.length >= 9);
    const given = { 'tenant.company_name': '新しい会社', 'tenant.workgroup_name': 'fresh' };
    for (const s of settings) {
        const def = tables.settings.find((x) => x.key === s.key);
        assert.equal(s.default, def.default, s.key);
        assert.equal(s.value, given[s.key] ?? def.default, s.key);
    }
    const rows = (await t.chief.audit()).reverse();
    assert.equal(rows[0].act, 'tenant.open');
    assert.equal(rows[1].act, 'member.add');
    assert.equal(rows[1].object, t.chief.id);
    assert.equal(rows[0].seq, 1);
});

test('a workgroup name is one tenant\'s alone; a refused opening leaves nothing', async () => {
    proves('CON-01');
    const admin = { login: 'x', family: 'x', password: 'lang genug ist das' };
    const list = async () => (await house.op('tenant.list')).tenants.map((t) => t.workgroup).sort();
    const before = await list();
    const refused = async (body, status) => {
        await assert.rejects(house.op('tenant.open', body), (e) => assert.equal(e.status, status, `${JSON.stringify(body)}: ${e.message}`) ?? true);
        assert.deepEqual(await list(), before);
    };
    await refused({ workgroup: 'acme', company: 'Zweite', admin }, 409);
    await refused({ workgroup: 'ACME', company: 'Zweite', admin }, 409);
    for (const workgroup of ['', 'ab cd', 'a/b', '日本', 'x'.repeat(200)])
        await refused({ workgroup, company: 'C', admin }, 400);
    await refused({ workgroup: 'good-name', company: 'C', admin: { ...admin, password: 'kurz' } }, 400);
    await refused({ workgroup: 'good-name', company: 'C', admin: { ...admin, login: 'Not An Id' } }, 400);
    await refused({ workgroup: 'good-name', company: 'C' }, 400);
    // The key of one that was refused is still being destroyed, and health still asked, when the next one is opened.
    for (let i = 0; i < 5; i++) {
        const [asked, ...opened] = await Promise.all([house.ctl.call('health', '', {}), ...[1, 2, 3, 4].map((n) =>
            house.ctl.call('tenant.open', '', { workgroup: `name-${n}`, company: 'C', admin: { ...admin, password: 'kurz' } }))]);
        assert.deepEqual([asked, ...opened].map((r) => r.status), [200, 400, 400, 400, 400]);
    }
    assert.deepEqual(await list(), before);
    const t = await openTenant(house, 'good-name');
    assert.equal((await t.chief.trySignIn()).status, 200);
    assert.equal((await acme.chief.elsewhere().trySignIn()).status, 200);
    // Of two at the same moment one is opened.
    const body = (company) => ({ workgroup: 'race', company, admin });
    const two = await Promise.all([1, 2].map((n) => house.ctl.call('tenant.open', '', body(`Nr. ${n}`))));
    assert.deepEqual(two.map((r) => r.status).sort(), [200, 409]);
    assert.equal((await list()).filter((w) => w === 'race').length, 1);
    const log = (await house.op('log.list', { limit: 100 })).rows;
    assert.ok(log.some((r) => r.what === 'tenant.open' && r.workgroup === 'good-name' && r.result === 'ok'));
    assert.ok(log.some((r) => r.what === 'tenant.open' && r.workgroup === 'acme' && r.result === 'conflict'));
});
