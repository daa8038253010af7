// One log searched by an admin, and taken away as a file: what is found, who may, what is left behind of the looking.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { tables } from '../lib/calls.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, acme, chief;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
});
after(() => house.remove());

async function search(log, query = {}, who = chief) {
    const r = await who.get(`/console/audit/${log}?${new URLSearchParams(query)}`);
    assert.equal(r.status, 200, r.text);
    return r.json;
}

/** Every page of a search. */
async function all(log, query = {}, who = chief) {
    const rows = [];
    let before;
    do {
        const page = await search(log, { limit: 200, ...query, ...(before ? { before } : {}) }, who);
        rows.push(...page.rows);
        before = page.next;
    } while (before);
    return rows;
}

/** CSV as RFC 4180 says. */
function cells(text) {
    const rows = [[]];
    let cell = '', quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted && c === '"' && text[i + 1] === '"') cell += text[++i];
        else if (c === '"') quoted = !quoted;
        else if (!quoted && c === ',') rows.at(-1).push(cell), cell = '';
        else if (!quoted && c === '\r') rows.at(-1).push(cell), cell = '', rows.push([]), i++;
        else cell += c;
    }
    return rows.slice(0, -1);
}

async function download(log, body = {}, who = chief) {
    const r = await who.post(`/console/audit/${log}/downloads`, body);
    assert.equal(r.status, 200, r.text);
    const ready = await until(async () => {
        const d = (await who.get('/console/downloads')).json.downloads.find((x) => x.id === r.json.id);
        return d.state !== 'making' && d;
    }, 'the file');
    assert.equal(ready.state, 'ready');
    return ready;
}

test('a changed setting is a row with both values, and the search that finds it is a row with the query', async () => {
    proves('AUD-08', 'AUD-04', 'AUD-06');
    assert.equal((await chief.put('/console/settings/account.password.min_length', { value: '14' })).status, 200);
    const { rows } = await search('console', { act: 'setting.change' });
    assert.equal(rows.length, 1);
    assert.deepEqual(JSON.parse(rows[0].detail), { key: 'account.password.min_length', old: '12', new: '14' });
    assert.equal(rows[0].actor_name, '主');
    const views = await all('console', { act: 'audit.view' });
    assert.equal(views.filter((v) => JSON.parse(v.detail).act === 'setting.change').length, 1, 'one row, and no more');
    const view = views.find((v) => JSON.parse(v.detail).act === 'setting.change');
    assert.deepEqual(JSON.parse(view.detail), { log: 'console', act: 'setting.change', rows: 1 });
    assert.equal(view.actor, chief.id);
    // By the name of the setting, in either language and any width.
    for (const word of ['min_length', 'ＭＩＮ_LENGTH', tables.settings.find((s) => s.key === 'account.password.min_length').ja.slice(0, 3)])
        assert.equal((await all('console', { act: 'setting.change', word })).length, 1, word);
    assert.equal((await all('console', { act: 'setting.change', word: 'どこにもない' })).length, 0);
});

test('a wrong password is a row with its code in the log of log-ins, and that log has nothing of the console', async () => {
    proves('AUD-23');
    const p = await acme.add('yanagi', { family: '柳' });
    assert.equal((await p.trySignIn({ password: 'falsch' })).status, 401);
    await p.signIn();
    await p.post('/session', undefined).catch(() => {});
    assert.equal((await p.delete('/session')).status, 200);
    const rows = await all('login', { from: '2020-01-01' });
    const failed = rows.filter((r) => r.act === 'session.open' && r.result === 'sign_in');
    assert.equal(failed.length, 1);
    assert.equal(failed[0].ip, p.client.address);
    assert.ok(rows.some((r) => r.act === 'session.open' && r.result === 'ok' && r.actor === p.id && r.channel === 'W'));
    assert.ok(rows.some((r) => r.act === 'session.end' && r.actor === p.id));
    const logs = Object.fromEntries(tables.audit_kinds.map((k) => [k.id, k.log]));
    assert.ok(rows.every((r) => logs[r.act] === 'login'));
    assert.ok((await all('console')).every((r) => logs[r.act] === 'adm'));
});

test('every filter finds its rows and no other', async () => {
    proves('AUD-04');
    const op = await acme.add('asano', { role: 'sub', family: '浅野', given: '大輔' });
    const guest = await acme.add('lan', { family: 'グエン' });
    await op.signIn();
    await op.openConsole();
    assert.equal((await op.post(`/console/members/${guest.id}/suspend`)).status, 200);
    assert.equal((await op.post(`/console/members/${guest.id}/resume`)).status, 200);
    assert.equal((await op.put('/console/admins/1', { role: 'sub' })).status, 403);
    const whole = await all('console');
    const expect = async (query, fits) => {
        const got = await all('console', query);
        const want = whole.filter(fits);
        assert.ok(want.length > 0, JSON.stringify(query));
        assert.deepEqual(got.filter((r) => r.seq <= whole[0].seq).map((r) => r.seq), want.map((r) => r.seq), JSON.stringify(query));
    };
    await expect({ actor: op.id }, (r) => r.actor === op.id);
    await expect({ object: guest.id }, (r) => r.object === guest.id);
    await expect({ act: 'member.suspend' }, (r) => r.act === 'member.suspend');
    await expect({ actor: op.id, act: 'member.resume' }, (r) => r.actor === op.id && r.act === 'member.resume');
    await expect({ ip: op.client.address }, (r) => r.ip === op.client.address);
    await expect({ channel: 'W' }, (r) => r.channel === 'W');
    await expect({ result: 'ok' }, (r) => r.result === 'ok');
    await expect({ result: 'refused' }, (r) => r.result !== 'ok');
    await expect({ word: '浅野' }, (r) => /浅野/.test(r.actor_name + r.object_name));
    await expect({ word: 'ｸﾞｴﾝ' }, (r) => /グエン/.test(r.actor_name + r.object_name));
    // Page by page it is the same.
    const paged = [];
    for (let before; ;) {
        const page = await search('console', { limit: 3, actor: op.id, ...(before ? { before } : {}) });
        paged.push(...page.rows);
        if (!page.next) break;
        before = page.next;
    }
    assert.deepEqual(paged.map((r) => r.seq), whole.filter((r) => r.actor === op.id).map((r) => r.seq));
    const bad = { from: '2026-02-30', to: 'x', act: 'session.open', channel: 'Z', limit: '201' };
    for (const [field, value] of Object.entries(bad)) {
        const r = await chief.get(`/console/audit/console?${field}=${value}`);
        assert.equal(r.status, 400, field);
        assert.equal(r.json.error.field, field);
    }
});

test('days are those of the tenant: a row of one minute past midnight is of the new day', async () => {
    proves('AUD-04');
    const t = await openTenant(house, 'tage');
    await t.chief.signIn();
    await t.chief.openConsole();
    // Forward to 23:59:30 in Tokyo, an act; over midnight, another.
    const now = Date.now(), toMidnight = DAY - ((now + 9 * 3600_000) % DAY);
    await t.clock(toMidnight - 30_000);
    await t.chief.signIn();
    await t.chief.openConsole();
    await t.chief.put('/console/settings/tenant.company_name', { value: 'vorher' });
    await t.clock(toMidnight + 30_000);
    await t.chief.openConsole();
    await t.chief.put('/console/settings/tenant.company_name', { value: 'nachher' });
    const day = (ms) => new Date(ms + 9 * 3600_000).toISOString().slice(0, 10);
    const first = day(now + toMidnight - 30_000), second = day(now + toMidnight + 30_000);
    const value = async (query) => (await all('console', { act: 'setting.change', ...query }, t.chief)).map((r) => JSON.parse(r.detail).new);
    assert.deepEqual((await value({ to: first })), ['vorher']);
    assert.deepEqual(await value({ from: second }), ['nachher']);
    assert.deepEqual(await value({ from: first, to: second }), ['nachher', 'vorher']);
    assert.equal((await t.chief.get(`/console/audit/console?from=${second}&to=${first}`)).json.error.field, 'to');
});

test('each log has its own right: who reaches none is refused, and who reaches one gets one', async () => {
    proves('AUD-04', 'AUD-07');
    const operator = await acme.add('unyo', { role: 'operator' });
    await operator.signIn();
    await operator.openConsole();
    for (const log of ['console', 'login', 'talk']) {
        const r = await operator.get(`/console/audit/${log}`);
        assert.equal(r.status, 403, log);
        assert.equal(r.json.error.code, 'forbidden');
        assert.equal((await chief.get(`/console/audit/${log}`)).status, 200, 'its twin');
    }
    assert.equal((await operator.get('/console/downloads')).status, 403);
    assert.equal((await operator.post('/console/audit/login/downloads', {})).status, 403);
    const member = await acme.add('nur');
    await member.signIn();
    assert.equal((await member.get('/console/audit/login')).status, 403);
    assert.equal((await chief.get('/console/audit/mail')).status, 404, 'a log without a page');
});

test('the row of an opened console says whose it is', async () => {
    const [row] = (await search('console', { act: 'console.open', limit: 1 })).rows;
    assert.equal(row.object, row.actor);
    assert.equal(row.object_kind, 'member');
    assert.ok(row.object_name);
    const rows = await all('login', { act: 'session.open', result: 'ok' });
    assert.ok(rows.length > 3 && rows.every((r) => r.object_kind === 'session' && r.object_name), 'sessions too, ended ones as well');
});

test('a download has the rows of its search, says what they are worth, and is a row with their hash', async () => {
    proves('AUD-05', 'AUD-06', 'B10.03');
    const evil = await acme.add('evil', { family: '=HYPERLINK("http://x")', given: '@a,"b"' });
    await evil.signIn();
    const rows = await all('login');
    const d = await download('login', {});
    assert.equal(d.rows, rows.length);
    assert.match(d.name, /^監査ログ ログイン \d{4}-\d\d-\d\d\.csv$/);
    assert.equal(d.by, chief.id);
    assert.equal(Date.parse(d.until) - Date.parse(d.made), 7 * DAY);
    const f = await chief.get(`/console/downloads/${d.id}`);
    assert.equal(f.status, 200, f.text);
    assert.equal(f.header('Content-Type'), 'text/csv; charset=utf-8');
    assert.equal(f.header('Cache-Control'), 'no-store');
    assert.equal(f.header('X-Content-Type-Options'), 'nosniff');
    assert.match(f.header('Content-Disposition'), /^attachment; filename="[\x20-\x7e]+\.csv"; filename\*=UTF-8''%E7%9B%A3%E6%9F%BB/);
    assert.equal(Number(f.header('Content-Length')), f.body.length);
    assert.equal(f.body.length, d.size);
    assert.deepEqual([...f.body.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [head, ...lines] = cells(f.text.slice(1));
    assert.equal(head[0], '番号');
    assert.equal(head.length, 14);
    assert.deepEqual(lines.map((l) => Number(l[0])), rows.map((r) => r.seq));
    assert.deepEqual(lines.map((l) => l[11]), rows.map((r) => r.ip));
    assert.ok(lines.every((l) => l.length === 14 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/.test(l[1])));
    assert.ok(lines.every((l, i) => Math.abs(Date.parse(l[1]) - Date.parse(rows[i].time)) < 1000));
    assert.ok(lines.some((l) => l[2].startsWith("'=HYPERLINK")), 'a name that is a formula is none');
    assert.equal(lines.flat().some((c) => /^[=+\-@\t\r]/.test(c)), false);
    const hash = createHash('sha256').update(f.body).digest('hex');
    const acts = await all('console', { object: d.id });
    assert.deepEqual(acts.map((r) => r.act), ['audit.download.fetch', 'audit.download.made', 'audit.download']);
    for (const r of acts.slice(0, 2)) {
        const detail = JSON.parse(r.detail);
        assert.equal(detail.rows, rows.length, r.act);
        assert.equal(detail.sha256, hash, r.act);
        assert.equal(detail.log, 'login');
        assert.equal(r.actor, chief.id);
        assert.equal(r.object_name, d.name);
    }
    // With filters, and a word.
    const some = await download('login', { act: 'session.open', result: 'refused' });
    assert.equal(some.rows, (await all('login', { act: 'session.open', result: 'refused' })).length);
    const word = await download('console', { word: '浅野' });
    assert.ok(word.rows > 0);
    const csv = cells((await chief.get(`/console/downloads/${word.id}`)).text.slice(1));
    assert.equal(csv.length - 1, word.rows);
});

test('a download wants the password anew, and the free plan has none', async () => {
    proves('AUD-05', 'OVR-03');
    const t = await openTenant(house, 'frei');
    await t.chief.signIn();
    await t.chief.openConsole();
    const d = await download('console', {}, t.chief);
    await t.clock(6 * 60_000);
    for (const r of [await t.chief.post('/console/audit/console/downloads', {}), await t.chief.get(`/console/downloads/${d.id}`)]) {
        assert.equal(r.status, 401);
        assert.equal(r.json.error.code, 'reauth_required');
    }
    await t.chief.openConsole();
    assert.equal((await t.chief.get(`/console/downloads/${d.id}`)).status, 200);
    await t.op('tenant.setting', { key: 'plan.name', value: 'free' });
    for (const r of [await t.chief.post('/console/audit/console/downloads', {}), await t.chief.get(`/console/downloads/${d.id}`)]) {
        assert.equal(r.status, 403);
        assert.equal(r.json.error.code, 'plan_required');
    }
    assert.equal((await search('console', {}, t.chief)).download, false);
    await t.op('tenant.setting', { key: 'plan.name', value: 'paid' });
    assert.equal((await search('console', {}, t.chief)).download, true);
    assert.equal((await t.chief.post('/console/audit/console/downloads', {})).status, 200);
    await assert.rejects(t.op('tenant.setting', { key: 'account.password.min_length', value: '1' }), (e) => e.status === 400);
});

test('a file goes to who reaches its log, not to another tenant, and not after seven days', async () => {
    proves('AUD-05', 'B5.01');
    const d = await download('login');
    const other = await openTenant(house, 'fremd');
    await other.chief.signIn();
    await other.chief.openConsole();
    assert.equal((await other.chief.get(`/console/downloads/${d.id}`)).status, 404);
    const t = await openTenant(house, 'woche');
    await t.chief.signIn();
    await t.chief.openConsole();
    const mine = await download('login', {}, t.chief);
    assert.equal((await t.chief.get(`/console/downloads/${mine.id}`)).status, 200);
    await t.clock(7 * DAY + 1000);
    await t.chief.elsewhere().signIn();
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await t.chief.get(`/console/downloads/${mine.id}`)).status, 404);
    assert.deepEqual((await t.chief.get('/console/downloads')).json.downloads, []);
});

test('a making that a crash broke off begins anew and ends with the same rows', { timeout: 120_000 }, async () => {
    proves('AUD-05');
    const t = await openTenant(house, 'bruch');
    await t.chief.signIn();
    await t.chief.openConsole();
    for (let i = 0; i < 60; i++)
        await t.chief.get('/console/audit/login?limit=1');
    const want = (await all('console', {}, t.chief)).length;
    await t.op('test.fault', { name: 'writer.after_commit', n: 2, action: 'kill' });
    const r = await t.chief.post('/console/audit/console/downloads', {});
    const list = await until(async () => {
        const l = await t.chief.get('/console/downloads');
        return l.status === 200 && l.json.downloads.length && l.json.downloads.every((x) => x.state === 'ready') && l.json.downloads;
    }, 'the file of after the crash');
    assert.ok(r.status === 200 || r.status === 503);
    const csv = cells((await t.chief.get(`/console/downloads/${list[0].id}`)).text.slice(1));
    assert.equal(csv.length - 1, list[0].rows);
    assert.ok(csv.length - 1 >= want);
    assert.equal(new Set(csv.map((l) => l[0])).size, csv.length, 'no row twice');
});

test('a look at the list of downloads is a row itself', async () => {
    proves('AUD-06');
    const looks = async () => (await all('console', { act: 'audit.view' })).filter((v) => v.detail && JSON.parse(v.detail).log === 'download');
    const before = (await looks()).length;
    const { downloads } = (await chief.get('/console/downloads')).json;
    const now = await looks();
    assert.equal(now.length, before + 1);
    assert.equal(JSON.parse(now[0].detail).rows, downloads.length);
    assert.equal(now[0].actor, chief.id);
});

test('a making whose batch was undone goes on, and what failed on the way leaves nothing', { timeout: 120_000 }, async () => {
    proves('AUD-05');
    const t = await openTenant(house, 'rueck');
    await t.chief.signIn();
    await t.chief.openConsole();
    const list = async () => (await t.chief.get('/console/downloads')).json.downloads;
    const fault = (name, n, action) => t.op('test.fault', { name, n, action });
    /* The batch of the request stands, that of its file is undone. Nobody asks the writer for anything meanwhile: a row of
     * the request and one of the file that is ready say how far it is. */
    const rows = async () => (await t.op('tenant.read', {})).audit_rows;
    const known = await rows();
    await fault('writer.before_commit', 2, 'fail');
    const r = await t.chief.post('/console/audit/login/downloads', {});
    assert.equal(r.status, 200);
    await until(async () => (await rows()) >= known + 2, 'the row of the file');
    await fault('writer.before_commit', 1, 'none');
    const d = await until(async () => (await list()).find((x) => x.id === r.json.id && x.state !== 'making'), 'the file goes on');
    assert.equal(d.state, 'ready');
    assert.equal(cells((await t.chief.get(`/console/downloads/${d.id}`)).text.slice(1)).length - 1, d.rows);
    /* Each read on the way fails in turn, those too whose answer would pass for "none". */
    let refused = 0;
    for (const n of [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) {      // a read of the house's own work may be the one that fails
        const known = (await list()).length;
        await fault('store.read', n, 'fail');
        const x = await t.chief.post('/console/audit/login/downloads', {});
        await fault('store.read', n, 'none');
        const now = await until(async () => { const l = await list(); return l.every((y) => y.state !== 'making') && l; }, 'all ended');
        assert.equal(now.length, known + Number(x.status === 200), `read ${n}: ${x.status} ${x.text}`);
        refused += Number(x.status !== 200);
    }
    assert.ok(refused >= 3, `${refused} refused`);
    const made = (await all('console', { act: 'audit.download' }, t.chief)).filter((x) => x.result === 'ok');
    assert.equal(made.length, (await list()).length, 'and each has its row');
});

test('rows beyond the term are gone everywhere, and what is left still proves itself', { timeout: 120_000 }, async () => {
    proves('AUD-02', 'B12.07');
    const t = await openTenant(house, 'frist');
    await t.chief.signIn();
    await t.chief.openConsole();
    for (let i = 0; i < 20; i++)
        assert.equal((await t.chief.put('/console/settings/tenant.company_name', { value: `alt ${i}` })).status, 200);
    const old = (await all('console', { act: 'setting.change' }, t.chief)).map((r) => r.seq);
    const { key } = await house.op('audit.key');
    await t.clock(61_000);
    await until(async () => /^head /m.test((await house.ctl.call('audit.export', 'frist', {})).text), 'a signed head');
    await t.clock(170 * DAY);
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await all('console', { act: 'setting.change' }, t.chief)).length, 20, 'within the term all is there');
    await t.chief.put('/console/settings/tenant.company_name', { value: 'neu' });
    await t.clock(182 * DAY);
    await t.chief.signIn();
    await t.chief.openConsole();
    const left = (await all('console', { act: 'setting.change' }, t.chief)).map((r) => JSON.parse(r.detail).new);
    assert.deepEqual(left, ['neu']);
    const row = await until(async () => (await all('console', { act: 'audit.erase' }, t.chief)).find((r) => JSON.parse(r.detail).rows >= 20), 'the row of the erasure');
    assert.equal(row.actor, '0');
    assert.equal(row.result, 'ok');
    await until(async () => /^gone /m.test((await house.ctl.call('audit.export', 'frist', {})).text), 'an export without the old rows');
    process.kill(await t.pid(), 'SIGKILL');                // a process that starts has what is left signed at once
    const text = await until(async () => {
        const r = await house.ctl.call('audit.export', 'frist', {});
        const sizes = [...r.text.matchAll(/^head (\d+)/mg)].map((m) => Number(m[1]));
        return r.status === 200 && sizes.some((n) => n > Number(r.text.match(/^gone (\d+)$/m)?.[1])) && r.text;
    }, 'an export under a head of what is left');
    const gone = Number(text.match(/^gone (\d+)$/m)[1]);
    assert.ok(gone >= old[0], `${gone} rows are gone`);
    assert.equal(text.match(/^row (\d+)/m)[1], String(gone + 1));
    const file = path.join(house.dir, 'frist.txt');
    const verify = (what) => {
        fs.writeFileSync(file, what);
        return spawnSync(path.join(ROOT, 'build/auditverify'), ['--key', key, file], { encoding: 'utf8' });
    };
    const good = verify(text);
    assert.equal(good.status, 0, good.stdout + good.stderr);
    assert.match(good.stdout, new RegExp(`^${gone} rows were erased`));
    // What stands for the erased rows cannot be changed either.
    const root = text.match(/^root ([0-9a-f]{64})$/m)[1];
    for (const bad of [text.replace(root, root.replace(/^./, (c) => (c === 'a' ? 'b' : 'a'))), text.replace(`root ${root}\n`, ''),
        text.replace(`gone ${gone}`, `gone ${gone - 1}`), text.replace(/^row .*\n/m, '')]) {
        const r = verify(bad);
        assert.equal(r.status, 1, r.stdout);
        assert.match(r.stdout, /frist\.txt:\d+: /);
    }
    // The tenant goes on with the same tree after a start.
    const size = Number(text.match(/^tree (\d+)/m)[1]);
    process.kill(await t.pid(), 'SIGKILL');
    const later = await until(async () => {
        const r = await house.ctl.call('audit.export', 'frist', {});
        return r.status === 200 && r.text;
    }, 'an export after the start');
    assert.ok(Number(later.match(/^tree (\d+)/m)[1]) >= size);
    assert.equal(verify(later).status, 0);
});

test('a shorter term is announced and erases nothing for fourteen days', { timeout: 120_000 }, async () => {
    proves('AUD-02');
    const t = await openTenant(house, 'kurz');
    await t.chief.signIn();
    await t.chief.openConsole();
    await t.chief.put('/console/settings/tenant.company_name', { value: 'alt' });
    const changes = async () => (await all('console', { act: 'setting.change' }, t.chief)).map((r) => JSON.parse(r.detail).new);
    const at = async (days) => {
        await t.clock(days * DAY);
        await t.chief.signIn();
        await t.chief.openConsole();
    };
    await at(30);
    await t.op('tenant.setting', { key: 'plan.audit_days', value: '14' });
    assert.ok((await changes()).includes('alt'), 'not yet');
    await at(31);
    const row = await until(async () => (await all('console', { act: 'audit.term' }, t.chief))[0], 'the announcement');
    assert.equal(JSON.parse(row.detail).new, 14);
    assert.equal(JSON.parse(row.detail).old, 180);
    assert.ok((await changes()).includes('alt'));
    await at(44);
    assert.ok((await changes()).includes('alt'), 'thirteen days after it');
    await at(46);
    await until(async () => !(await changes()).includes('alt'), 'the old rows gone');
    const notices = await until(async () => {
        const { rooms } = (await t.chief.get('/rooms')).json;
        for (const r of rooms) {
            const text = JSON.stringify((await t.chief.get(`/rooms/${r.id}/messages?limit=20`)).json);
            if (text.includes('監査ログの保管期間が14日')) return text;
        }
        return null;
    }, 'the notice to the super admin');
    assert.ok(notices);
});
