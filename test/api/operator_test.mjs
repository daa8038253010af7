// What the installation's operator does from the command line: opening a tenant by a link, links and locks of members, the
// contract's settings; and two tenants of one company.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newPassword, openTenant, Person, Tenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
});
after(() => house.remove());

const codeOf = (r) => r.json?.error?.code;
const ctl = (...args) => ctlWith(process.env, ...args);
const ctlWith = (env, ...args) => new Promise((resolve) =>
    execFile(house.ctlProgram, ['--data', house.dir, ...args], { env }, (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
const log = async () => (await house.op('log.list', { limit: 1000 })).rows;
const linkIn = (text) => text.match(/https:\/\/\S+\/setup#\S+/)?.[0];
const use = (t, link, password) =>
    new Client(house).post(`/t/${t.number}/link/password`, { token: link.split('#')[1], password, client: 'web' });
const admin = async (name, options) => {
    const t = await openTenant(house, name, options);
    await (await t.chief.signIn()).openConsole();
    return t;
};

test('a tenant opened without a password: one member, 最高管理者, defaults, and a link that works once, without mail', async () => {
    proves('CON-01');
    const r = await ctl('tenant', 'open', '--workgroup', 'neu', '--company', '大船商店', '--login', 'boss', '--family', '大船');
    assert.equal(r.rc, 0, r.err);
    const link = linkIn(r.out);
    assert.ok(link?.startsWith(`${house.origin}/t/`), r.out);
    assert.equal(r.out.split(link).length, 3, 'as a value, and on the slip');
    for (const words of ['初回ログインのご案内', 'Engawa ID: boss@neu', '大船商店', '72'])
        assert.ok(r.out.includes(words), words);
    const row = (await house.op('tenant.list')).tenants.find((x) => x.workgroup === 'neu');
    const t = new Tenant(house, 'neu', row.number);
    const { members } = await t.op('member.all', {});
    assert.deepEqual(members.map((m) => [m.login, m.role]), [['boss', 'super']]);
    const boss = new Person(t, 'boss', newPassword(), members[0].id);
    assert.equal(codeOf(await boss.trySignIn()), 'sign_in', 'no password opens it before');
    assert.equal((await use(t, link, 'kurz')).status, 400, 'a refused password does not use it up');
    const used = await use(t, link, boss.password);
    assert.deepEqual([used.status, used.json?.signed_in], [200, true], used.text);
    const again = await use(t, link, newPassword());
    assert.deepEqual([again.status, codeOf(again)], [410, 'link_ended']);
    await (await boss.signIn()).openConsole();
    assert.ok((await boss.get('/console/menu')).json.menus.length > 0);
    const changed = (await boss.get('/console/settings')).json.settings.filter((s) => s.value !== s.default);
    assert.deepEqual(changed.map((s) => s.key).sort(), ['tenant.company_name', 'tenant.workgroup_name']);
    const acts = (await boss.audit()).filter((x) => x.actor === '0').map((x) => x.act);
    for (const act of ['tenant.open', 'member.add'])
        assert.ok(acts.includes(act), act);
    for (const text of [JSON.stringify(await log()), JSON.stringify(await boss.audit()), house.logText()])
        assert.equal(text.includes(link.split('#')[1]), false, 'the token is in no log');
    assert.ok((await log()).some((x) => x.what === 'tenant.open' && x.workgroup === 'neu' && x.result === 'ok'));
    // A password still does, and then there is no link.
    const direct = await house.op('tenant.open', { workgroup: 'neu2', company: 'C', admin: { login: 'a', family: 'A', password: newPassword() } });
    assert.equal('link' in direct, false);
    assert.equal(direct.until, null);
});

test('the slip has a QR code where qrencode is installed, whose arguments do not show the link', async () => {
    proves('CON-01');
    const open = (PATH, workgroup) => ctlWith({ PATH }, 'tenant', 'open', '--workgroup', workgroup, '--company', 'C', '--login', 'a', '--family', 'A');
    const bin = path.join(house.dir, 'bin');
    fs.mkdirSync(bin);
    const without = await open(bin, 'qr-none');
    assert.equal(without.rc, 0, without.err);
    assert.ok(linkIn(without.out));
    fs.writeFileSync(path.join(bin, 'qrencode'), '#!/bin/sh\nread -r line; echo "drawn [$line] by [$*]"\n', { mode: 0o755 });
    const drawn = await open(bin, 'qr-some');
    assert.equal(drawn.rc, 0, drawn.err);
    assert.ok(drawn.out.includes(`drawn [${linkIn(drawn.out)}] by [-t UTF8 -m 2]`), drawn.out);
});

test('the operator gives a member a new link and lifts a lock, each with its row and its line', async () => {
    proves('ACC-18', 'PLT-22');
    const t = await admin('tasuke');
    const ann = await t.add('ann');
    await ann.signIn();
    const made = await ctl('member', 'reset', 'ann', '--tenant', 'tasuke');
    assert.equal(made.rc, 0, made.err);
    const link = linkIn(made.out);
    const next = newPassword();
    assert.equal((await use(t, link, next)).status, 200);
    assert.equal((await use(t, link, next)).status, 410);
    assert.equal((await ann.get('/me')).status, 401, 'the sessions of the old password have ended');
    ann.password = next;
    await ann.signIn();

    assert.equal((await t.chief.put('/console/settings/account.lockout.failures', { value: '3' })).status, 200);
    const here = ann.elsewhere();
    for (let i = 0; i < 3; i++)
        await here.trySignIn({ password: 'nicht dieses Passwort' });
    assert.equal(codeOf(await here.trySignIn()), 'sign_in');
    assert.equal((await ctl('member', 'unlock', 'ann', '--tenant', 'tasuke')).rc, 0);
    assert.equal((await here.trySignIn()).status, 200);

    for (const body of [{}, { member: ann.id, login: 'ann' }])
        assert.equal((await house.ctl.call('member.unlock', 'tasuke', body)).status, 400);
    assert.equal((await house.ctl.call('member.unlock', 'tasuke', { login: 'nobody' })).status, 404);
    assert.equal((await ctl('member', 'reset', 'nobody', '--tenant', 'tasuke')).rc, 1);
    const rows = (await t.chief.audit()).filter((x) => x.object === ann.id && x.actor === '0' && x.result === 'ok').map((x) => x.act);
    for (const act of ['member.setup_link', 'member.unlock'])
        assert.equal(rows.filter((x) => x === act).length, 1, `${act}: ${rows}`);
    const lines = (await log()).filter((x) => x.workgroup === 'tasuke');
    for (const what of ['member.link', 'member.unlock'])
        for (const result of ['begun', 'ok'])
            assert.ok(lines.some((x) => x.what === what && x.result === result), `${what} ${result}`);
});

async function upload(p, text) {
    const data = Buffer.from(text);
    const { id } = (await p.post('/console/imports', { name: '名簿.csv', size: data.length })).json;
    assert.equal((await p.post(`/console/imports/${id}/part`, { seq: 0, data: data.toString('base64url') })).status, 200);
    return id;
}

test('seats: adding above them is refused by every door, and without a limit by none', async () => {
    proves('CON-05');
    const t = await admin('seki');
    assert.equal((await ctl('tenant', 'seats', '2', '--tenant', 'seki')).rc, 0);
    const add = (login) => t.chief.post('/console/members', { login, family: login, given: 'x', initial: 'member' });
    const bulk = async (logins) => {
        const id = await upload(t.chief, ['Engawa ID,姓,名', ...logins.map((l) => `${l},${l},x`), ''].join('\r\n'));
        return t.chief.post(`/console/imports/${id}/run`, { mended: [] });
    };
    const seats = async () => {
        const { seats_used, seats: all } = (await t.chief.get('/console/members')).json;
        return [seats_used, all];
    };
    assert.equal((await bulk(['m1', 'm2'])).status, 409);
    assert.deepEqual(await seats(), [1, 2], 'all or none');
    assert.equal((await add('m1')).status, 200);
    for (const r of [await add('m2'), await bulk(['m2'])])
        assert.deepEqual([r.status, codeOf(r)], [409, 'seats_exceeded']);
    await assert.rejects(t.add('m2'), (e) => e.status === 409 && e.text.includes('seats_exceeded'));
    assert.deepEqual(await seats(), [2, 2]);
    assert.equal((await ctl('tenant', 'set', 'plan.seats', 'none', '--tenant', 'seki')).rc, 0);
    assert.equal((await add('m2')).status, 200);
    assert.equal((await bulk(['m3', 'm4'])).status, 200);
    assert.deepEqual(await seats(), [5, -1]);
});

test('the contract\'s settings are checked, audited, and no admin\'s', async () => {
    proves('CON-03', 'AUD-02');
    const t = await admin('plan');
    const value = (...args) => ctl('tenant', ...args, '--tenant', 'plan');
    const download = () => t.chief.post('/console/audit/console/downloads', {});
    assert.equal((await value('plan', 'free')).rc, 0);
    assert.deepEqual([(await download()).status, codeOf(await download())], [403, 'plan_required']);
    assert.equal((await value('plan', 'advanced')).rc, 0);
    assert.equal((await download()).status, 200);
    assert.equal((await value('audit-days', '3650')).rc, 0);
    assert.equal((await value('audit-days', '14')).rc, 0);
    for (const wrong of [['audit-days', '13'], ['audit-days', '3651'], ['seats', '0'], ['seats', 'viele'], ['plan', 'gratis'],
        ['set', 'platform.tenant_opening', 'self'], ['set', 'account.password.min_length', '8'], ['set', 'no.such', '1']]) {
        const r = await value(...wrong);
        assert.equal(r.rc, 1, wrong.join(' '));
        assert.match(r.err, /invalid_value/, wrong.join(' '));
    }
    assert.match((await value('set', 'plan.term_end', '2027-01-01')).err, /not_yet/);
    assert.notEqual((await t.chief.put('/console/settings/plan.seats', { value: '9' })).status, 200);
    assert.equal((await value('audit-days', '14')).rc, 0);   // it is so already: no row
    const rows = (await t.chief.audit()).filter((x) => x.act === 'setting.change' && x.result === 'ok' && x.actor === '0').map((x) => JSON.parse(x.detail));
    assert.deepEqual(rows.map((x) => [x.key, x.old, x.new]), [
        ['plan.audit_days', '3650', '14'], ['plan.audit_days', '180', '3650'], ['plan.name', 'free', 'advanced'], ['plan.name', 'advanced', 'free']]);
    const help = await ctl('help');
    for (const line of ['tenant seats --tenant WORKGROUP', 'tenant set --tenant', 'member reset --tenant', 'member unlock --tenant', 'member code --tenant'])
        assert.ok(help.out.includes(line), line);
    assert.equal((await ctl('tenant', 'seats', '--tenant', 'plan')).rc, 2);
});

test('two tenants of one company are strangers', async () => {
    proves('CON-02');
    const pair = [];
    for (const name of ['honsha', 'shisha']) {
        const t = await admin(name, { company: '株式会社おなじ' });
        t.own = await t.add(`only-${name}`, { family: `姓${name}` });
        t.common = await t.room(`室${name}`, t.chief, t.own);
        await t.own.signIn();
        assert.equal((await t.own.say(t.common, `文${name}`)).status, 200);
        pair.push(t);
    }
    for (const [i, t] of pair.entries()) {
        const other = pair[1 - i];
        const word = other.workgroup;
        assert.equal((await t.chief.get('/console/home')).text.includes(word), false);
        for (const path of ['/members', '/rooms', '/console/members', '/console/audit?limit=200', '/console/settings', '/me',
            `/members?q=${encodeURIComponent(word)}`, `/console/members?q=${encodeURIComponent(word)}`]) {
            const r = await t.chief.get(path);
            assert.equal(r.status, 200, `${path}: ${r.text}`);
            assert.equal(r.text.includes(word), false, path);
        }
        for (const q of [`only-${word}`, `姓${word}`])
            assert.equal((await t.chief.get(`/console/members?q=${encodeURIComponent(q)}`)).json.total, 0, q);
        assert.equal((await t.chief.get(`/console/members?q=${encodeURIComponent(`姓${t.workgroup}`)}`)).json.total, 1);
        for (const path of [`/members/${other.own.id}`, `/rooms/${other.common}/messages`, `/console/members/${other.own.id}`])
            assert.equal((await t.chief.get(path)).status, 404, path);
        assert.equal((await t.chief.get(`/members/${t.own.id}`)).status, 200);
        // Neither the session nor the login of the one is anything to the other.
        assert.equal((await t.chief.client.get(`/t/${other.number}/me`)).status, 401);
        assert.equal(codeOf(await t.own.elsewhere().trySignIn({ workgroup: other.workgroup })), 'sign_in');
    }
});

test('an operator\'s order is not carried out when it cannot be written down', async () => {
    proves('PLT-22');
    const t = await admin('shirushi');
    const state = async () => (await house.op('tenant.list')).tenants.find((x) => x.workgroup === 'shirushi').state;
    const fault = (n) => house.op('test.fault', { name: 'ops_log.store', n });
    // The order for the fault is itself written down: it passes the point once.
    await fault(2);
    const r = await house.ctl.call('tenant.suspend', '', { workgroup: 'shirushi' });
    assert.equal(r.status, 507, r.text);
    assert.equal(await state(), 'open');
    await fault(2);
    assert.equal((await house.ctl.call('tenant.setting', 'shirushi', { key: 'plan.seats', value: '7' })).status, 507);
    assert.equal((await t.chief.get('/console/members')).json.seats, -1);
    assert.equal((await t.op('tenant.setting', { key: 'plan.seats', value: '7' }), await t.chief.get('/console/members')).json.seats, 7);
    assert.equal((await house.ctl.call('tenant.suspend', '', { workgroup: 'shirushi' })).status, 200);
    assert.equal(await state(), 'suspended');
    await house.op('tenant.resume', { workgroup: 'shirushi' });
});

test('rows missing from the local copy of the operators\' log are found by the head that keyd signed', async () => {
    proves('PLT-22');
    const own = await House.start();
    const run = (...args) => new Promise((resolve) =>
        execFile(own.ctlProgram, ['--data', own.dir, '--json', ...args], (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
    const kept = path.join(own.dir, 'kept');
    const db = path.join(own.dir, 'registry');
    try {
        await openTenant(own, 'erst');
        const whole = await run('log', 'verify');
        assert.equal(whole.rc, 0, whole.out + whole.err);
        const first = JSON.parse(whole.out);
        assert.deepEqual([first.whole, first.head, 'missing' in first], [true, true, false]);
        assert.ok(first.rows >= 2 && first.signed === first.rows, whole.out);
        await own.stop();
        fs.cpSync(db, kept, { recursive: true });
        await own.boot();
        for (let i = 0; i < 8; i++)
            await own.op('tenant.list');
        const then = JSON.parse((await run('log', 'verify')).out);
        assert.deepEqual([then.whole, then.rows], [true, first.rows + 9]);
        await own.stop();
        // The older copy in its place: the last rows are gone without a trace in the file itself.
        for (const f of fs.readdirSync(db))
            fs.rmSync(path.join(db, f));
        const owner = fs.statSync(db);
        for (const f of fs.readdirSync(kept)) {
            fs.copyFileSync(path.join(kept, f), path.join(db, f));
            fs.chownSync(path.join(db, f), owner.uid, owner.gid);
        }
        await own.boot();
        const gap = await run('log', 'verify');
        assert.equal(gap.rc, 1, gap.out);
        const seen = JSON.parse(gap.out);
        assert.deepEqual([seen.whole, seen.head, seen.missing], [false, false, seen.rows + 1], gap.out);
        assert.ok(seen.signed >= then.rows);
        for (let i = 0; i < 16; i++)
            await own.op('tenant.list');
        const filled = await run('log', 'verify');
        assert.equal(filled.rc, 1, 'other rows in their place are no repair');
        assert.equal(JSON.parse(filled.out).head, false);
    } finally {
        await own.remove();
    }
});

test('a name that would move a terminal\'s cursor or turn its text round is escaped, for people and in JSON', async () => {
    proves('B12.05');
    const odd = '青\u2028行\u202e逆\u2066x';             // of control characters and escapes no name is made at all
    for (const c of ['\u009b', '\u0085', '\x1b', '\x7f', '\r', '\n'])
        await assert.rejects(openTenant(house, 'nie', { company: `商店${c}` }), (e) => e.status === 400);
    const t = await openTenant(house, 'steuer', { company: `商店${odd}` });
    for (const args of [['tenant', 'list'], ['tenant', 'read', '--tenant', 'steuer'], ['member', 'list', '--tenant', 'steuer']])
        for (const json of [[], ['--json']]) {
            const r = await ctl(...json, ...args);
            assert.equal(r.rc, 0, r.err);
            for (const c of r.out)
                assert.ok(c === '\n' || !/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(c), `${args.join(' ')}: U+${c.codePointAt(0).toString(16)}`);
            if (json.length)
                assert.doesNotThrow(() => JSON.parse(r.out), args.join(' '));
        }
    const read = JSON.parse((await ctl('--json', 'tenant', 'read', '--tenant', 'steuer')).out);
    assert.equal(read.company, `商店${odd}`, 'the same name, written otherwise');
    assert.match((await ctl('tenant', 'read', '--tenant', 'steuer')).out, /商店青\\u2028行\\u202e逆/);
    assert.ok(t.number);
});
