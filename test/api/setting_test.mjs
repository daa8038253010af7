// Settings as an admin meets them: each type, each refusal, several at once, who changed what, and the presets.
import { tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief, op, plain;
const def = new Map(tables.settings.map((s) => [s.key, s]));
const obeyed = (key) => def.get(key).obeyed;
const codeOf = (r) => r.json?.error?.code;
const list = async (p = chief) => (await p.get('/console/settings')).json.settings;
const one = async (key, p = chief) => (await list(p)).find((s) => s.key === key);
const put = (key, value, p = chief) => p.put(`/console/settings/${key}`, { value });
const changes = async () => (await chief.audit()).filter((x) => x.act === 'setting.change');

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    op = await acme.add('op', { role: 'operator', family: '運用', given: '花' });
    plain = await acme.add('plain');
    for (const p of [chief, op, plain])
        await p.signIn();
    await chief.openConsole();
    await op.openConsole();
});
after(() => house.remove());

test('every setting within reach is listed with its state; nothing of a menu out of reach is', async () => {
    proves('OVR-02');
    const reach = (role) => tables.settings.filter((s) => s.menus.some((m) => tables.menus.find((x) => x.id === m)[role])).map((s) => s.key).sort();
    for (const [p, role] of [[chief, 'super'], [op, 'operator']])
        assert.deepEqual((await list(p)).map((s) => s.key).sort(), reach(role), role);
    for (const s of await list()) {
        const d = def.get(s.key);
        assert.equal(s.default, d.default);
        assert.equal(s.state, ['tenant.workgroup_name', 'member.app_suspended'].includes(s.key) || (s.key.startsWith('template.') && d.obeyed) ? 'elsewhere' : d.obeyed ? 'open' : 'not_yet', s.key);
        assert.equal(s.changed === null, !['tenant.workgroup_name', 'tenant.company_name'].includes(s.key), s.key);
    }
});

test('a value that stands in two menus is one value, changed from either', async () => {
    proves('FIL-08');
    assert.ok((await list(op)).some((s) => s.key === 'external.line.files'), 'by サービス > トーク');
    assert.equal((await list(op)).filter((s) => s.key === 'external.line.files').length, 1);
    assert.ok(def.get('external.line.files').menus.includes('security.file'));
});

test('what nothing obeys yet cannot be changed, by no door', async () => {
    proves('OVR-02');
    const { key } = tables.settings.find((s) => !s.obeyed && s.type === 'bool' && s.menus.length);
    const rest = tables.settings.filter((s) => !s.obeyed && s.menus.length);
    assert.ok(rest.length > 0);
    const before = JSON.stringify(await list());
    const r = await put(key, def.get(key).default === 'true' ? 'false' : 'true');
    assert.equal(r.status, 409);
    assert.equal(codeOf(r), 'not_yet');
    for (const s of rest)
        assert.equal(codeOf(await put(s.key, s.default)), 'not_yet', s.key);
    const many = await chief.put('/console/settings', { settings: [{ key: 'tenant.company_name', value: '別の会社' }, { key, value: 'true' }] });
    assert.equal(codeOf(many), 'not_yet');
    assert.equal(JSON.stringify(await list()), before, 'and nothing else of the same save');
    assert.equal(codeOf(await put('tenant.workgroup_name', 'another')), 'denied');
    assert.equal(codeOf(await put('member.app_suspended', 'true')), 'denied', 'kept with each member');
    const refused = (await changes()).filter((x) => x.result === 'not_yet');
    assert.ok(refused.length >= 1);
});

test('each type takes what it allows and refuses the rest with the field', async () => {
    proves('OVR-02');
    const good = {
        'tenant.default_language': ['en', 'ja'], 'tenant.time_zone': ['Europe/Berlin', 'Asia/Tokyo'], 'tenant.company_name': ['縁側🏡', 'x'.repeat(100)],
        'account.password.min_length': ['8', '64', '12'], 'account.password.max_length': ['64', '128'],
        'account.idle_logout.console': ['PT15M', 'PT12H', 'PT90M', 'PT30M'], 'account.idle_logout.browser': ['none', 'PT30M', 'P30D', 'P7D'],
    };
    const bad = {
        'tenant.default_language': ['fr', 'JA', ''], 'tenant.time_zone': ['x y', '../x', ''], 'tenant.company_name': ['', 'x'.repeat(101)],
        'account.password.min_length': ['7', '65', '12.5', ' 12', '', '-12'], 'account.password.max_length': ['21', '0'],
        'account.idle_logout.console': ['PT14M', 'PT13H', 'none', '30'], 'account.idle_logout.browser': ['PT29M', 'P31D', ''],
    };
    for (const [key, values] of Object.entries(good))
        for (const value of values) {
            assert.equal((await put(key, value)).status, 200, `${key} = ${value}`);
            assert.equal((await one(key)).value, value);
        }
    const before = JSON.stringify((await list()).map((s) => s.value));
    for (const [key, values] of Object.entries(bad))
        for (const value of values) {
            const r = await put(key, value);
            assert.equal(r.status, 400, `${key} = ${JSON.stringify(value)}`);
            assert.equal(r.json.error.field, 'value');
            const many = await chief.put('/console/settings', { settings: [{ key: 'account.password.max_length', value: '64' }, { key, value }] });
            if (key === 'account.password.max_length')
                assert.equal(many.json.error.field, 'key', 'stands twice');
            else
                assert.equal(many.json.error.field, key);
        }
    for (const body of [{ value: 12 }, { value: true }, {}, { value: '12', more: 1 }])
        assert.equal((await chief.put('/console/settings/account.password.min_length', body)).status, 400);
    assert.equal(JSON.stringify((await list()).map((s) => s.value)), before);
});

test('a page is saved at once: all or nothing, a row for each changed key', async () => {
    proves('AUD-08');
    const save = (settings) => chief.put('/console/settings', { settings });
    const rows = (await changes()).length;
    const r = await save([{ key: 'account.password.min_length', value: '40' }, { key: 'tenant.default_language', value: 'en' }, { key: 'account.password.max_length', value: '64' }, { key: 'tenant.time_zone', value: 'Asia/Tokyo' }]);
    assert.equal(r.status, 200);
    assert.deepEqual(r.json.changes.map((c) => [c.key, c.old, c.value]), [['account.password.min_length', '12', '40'], ['tenant.default_language', 'ja', 'en'], ['account.password.max_length', '128', '64']]);
    const written = (await changes()).slice(0, -rows || undefined);
    assert.deepEqual(written.map((x) => JSON.parse(x.detail)).reverse(), r.json.changes.map((c) => ({ key: c.key, old: c.old, new: c.value })));
    assert.ok(written.every((x) => x.actor === chief.id && x.result === 'ok'));
    // The two lengths of passwords must fit together, whichever is changed.
    const longest = { key: 'account.password.max_length', value: '20' };
    for (const settings of [[longest], [{ key: 'account.password.min_length', value: '64' }, longest], [longest, { key: 'tenant.default_language', value: 'ja' }]]) {
        const x = await save(settings);
        assert.equal(x.status, 400);
        assert.equal(x.json.error.field, 'account.password.max_length', 'the one without which they would fit');
    }
    assert.equal((await put('account.password.max_length', '20')).json.error.field, 'value');
    assert.equal((await save([{ key: 'account.password.min_length', value: '12' }, { key: 'account.password.max_length', value: '128' }, { key: 'tenant.default_language', value: 'ja' }])).status, 200);
    for (const bad of [[], 'x', [{ key: 'no.such', value: '1' }], [{ key: 'tenant.time_zone' }], [{ key: 'tenant.time_zone', value: 'UTC' }, { key: 'tenant.time_zone', value: 'UTC' }]])
        assert.equal((await save(bad)).status, 400, JSON.stringify(bad));
    // A key out of reach is as unknown as one that never was.
    const mask = (x) => x.text.replace(/"ref":"[0-9A-Fa-f]+"/, '');
    const away = await op.put('/console/settings', { settings: [{ key: 'account.password.min_length', value: '20' }] });
    assert.equal(away.status, 400);
    assert.equal(mask(away), mask(await op.put('/console/settings', { settings: [{ key: 'no.such', value: '20' }] })));
    assert.equal((await one('account.password.min_length')).value, '12');
});

test('who changed a setting, when, from what to what', async () => {
    proves('AUD-08', 'OVR-09');
    for (const value of ['Europe/Paris', 'Asia/Seoul'])
        assert.equal((await put('tenant.time_zone', value, op)).status, 200);
    assert.equal((await put('tenant.time_zone', 'Asia/Tokyo')).status, 200);
    const { changes: past, next } = (await chief.get('/console/settings/tenant.time_zone/history')).json;
    assert.equal(next, 0);
    assert.deepEqual(past.slice(0, 3).map((c) => [c.by_name, c.old, c.value]), [['主', 'Asia/Seoul', 'Asia/Tokyo'], ['運用 花', 'Europe/Paris', 'Asia/Seoul'], ['運用 花', 'Asia/Tokyo', 'Europe/Paris']]);
    assert.ok(past.every((c) => c.channel === 'W' && Math.abs(Date.parse(c.time) - Date.now()) < 600_000));
    const older = (await chief.get(`/console/settings/tenant.time_zone/history?before=${past[1].seq}`)).json.changes;
    assert.deepEqual(older, past.slice(2));
    const s = await one('tenant.time_zone', op);
    assert.equal(s.by, chief.id);
    assert.equal(s.by_name, '主');
    assert.equal(s.changed, past[0].time);
    assert.equal((await chief.audit())[1].act, 'console.read', 'the look at the history is a row itself');
    assert.equal((await op.get('/console/settings/account.password.min_length/history')).status, 404);
    assert.equal((await chief.get('/console/settings/tenant.time_zone/history?before=0')).status, 400);
    assert.equal((await plain.get('/console/settings/tenant.time_zone/history')).status, 403);
});

test('a preset is shown, then applied in one step, and read back it is the column', async () => {
    proves('OVR-11');
    const show = async (preset, menu = '', p = chief) => (await p.get(`/console/settings/preset?preset=${preset}${menu && `&menu=${menu}`}`)).json;
    const apply = (preset, mark, menu, p = chief) => p.post('/console/settings/preset', { preset, mark, ...(menu ? { menu } : {}) });
    const first = JSON.stringify(await list());
    const name = (await one('tenant.company_name')).value;
    const shown = await show('strict');
    assert.ok(shown.changes.length >= 2 && shown.left.length >= 2);
    assert.equal(JSON.stringify(await list()), first, 'looking changes nothing');
    const done = await apply('strict', shown.mark);
    assert.equal(done.status, 200);
    assert.deepEqual(done.json.changes, shown.changes);
    const held = (column, state, left) => {
        for (const s of state) {
            const stays = left.find((l) => l.key === s.key);
            assert.equal(stays === undefined, s.value === def.get(s.key)[column], s.key);
            if (stays)
                assert.equal(stays.reason, s.key === 'tenant.company_name' || obeyed(s.key) ? 'elsewhere' : 'not_yet', s.key);
        }
    };
    held('strict', await list(), done.json.left);
    assert.equal((await one('account.password.min_length')).value, '15');
    const rows = (await changes()).slice(0, shown.changes.length);
    assert.deepEqual(rows.map((x) => JSON.parse(x.detail).key).sort(), shown.changes.map((c) => c.key).sort());
    // The differences that were shown are those that are applied.
    const paper = await show('paper');
    assert.equal((await put('account.idle_logout.console', 'PT20M')).status, 200);
    const late = await apply('paper', paper.mark);
    assert.equal(late.status, 409);
    assert.equal(codeOf(late), 'conflict');
    const again = await show('paper');
    assert.equal((await apply('paper', again.mark)).status, 200);
    held('paper', await list(), again.left);
    // Of one submenu alone, and only within reach.
    const company = await show('standard', 'basic.company', op);
    assert.ok(company.changes.every((c) => def.get(c.key).menus.includes('basic.company')));
    assert.equal((await op.get('/console/settings/preset?preset=standard&menu=security.account')).status, 404);
    assert.equal((await apply('standard', company.mark, 'security.account', op)).status, 404);
    const min = (await one('account.password.max_length')).value;
    const mine = await show('standard', '', op);
    assert.ok(mine.changes.every((c) => !c.key.startsWith('account.')));
    assert.equal((await apply('standard', mine.mark, undefined, op)).status, 200);
    assert.equal((await one('account.password.max_length')).value, min, 'keys of unreachable menus stay');
    const back = await show('standard');
    assert.equal((await apply('standard', back.mark)).status, 200);
    held('default', await list(), back.left);
    assert.deepEqual((await show('standard')).changes, []);
    assert.equal((await one('tenant.company_name')).value, name, 'no preset has a name for the company');
    assert.ok(shown.left.some((l) => l.key === 'tenant.company_name' && l.reason === 'elsewhere'));
    for (const q of ['preset=loose', '', 'preset=strict&menu=no.such', 'preset=strict&x=1'])
        assert.ok([400, 404].includes((await chief.get(`/console/settings/preset?${q}`)).status), q);
});

test('the list for the review is a file of what is within reach', async () => {
    proves('OVR-09');
    assert.equal((await put('tenant.company_name', '=cmd|縁側, "本店"')).status, 200);
    const file = async (p) => {
        const r = await p.get('/console/settings/export');
        assert.equal(r.status, 200);
        assert.match(r.header('Content-Disposition'), /attachment; filename="?engawa-settings\.csv/);
        assert.match(r.header('Content-Type'), /^text\/csv/);
        return r.text.replace(/^\ufeff/, '').trim().split('\r\n').map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((m) => m[1].replaceAll('""', '"')));
    };
    for (const p of [chief, op]) {
        const [head, ...rows] = await file(p);
        assert.equal(head.length, 7);
        const settings = await list(p);
        assert.deepEqual(rows.map((r) => r[0]).sort(), settings.map((s) => s.key).sort());
        for (const s of settings) {
            const [, label, menu, value, dflt, changed, by] = rows.find((r) => r[0] === s.key);
            assert.equal(label, def.get(s.key).ja);
            assert.equal(menu, def.get(s.key).menu);
            assert.equal(value.replace(/^'/, ''), s.value, s.key);
            assert.equal(dflt.replace(/^'/, ''), s.default);
            assert.equal(changed, s.changed ?? '');
            assert.equal(by, s.by_name);
        }
    }
    assert.equal((await file(op)).some((r) => r[0].startsWith('account.')), false, 'no account.* for an operator admin');
    assert.equal((await file(chief)).find((r) => r[0] === 'tenant.company_name')[3], '\'=cmd|縁側, "本店"', 'no formula');
    const row = (await chief.audit()).find((x) => x.act === 'setting.export' && x.actor === op.id);
    assert.equal(JSON.parse(row.detail).settings, (await list(op)).length);
    assert.equal((await plain.get('/console/settings/export')).status, 403);
});

test('the first page of the console says what waits and how far the opening came', async () => {
    proves('OVR-02');
    const t = await openTenant(house, 'fresh');
    await t.chief.signIn();
    await t.chief.openConsole();
    const home = async (p = t.chief) => (await p.get('/console/home')).json;
    const done = async () => (await home()).steps.filter((s) => s.done).map((s) => s.id);
    assert.deepEqual((await home()).tasks, []);
    assert.deepEqual((await home()).steps.map((s) => s.id), ['company', 'unit', 'member', 'password', 'sub_admin']);
    assert.deepEqual(await done(), []);
    const helper = await t.add('helper', { role: 'operator' });
    assert.deepEqual((await home()).tasks, [{ id: 'never_seen', menu: 'member.member', count: 1 }]);
    await helper.signIn();
    assert.deepEqual((await home()).tasks, []);
    await t.chief.put('/console/settings/tenant.company_name', { value: '新しい会社' });
    await t.chief.put('/console/settings/account.password.min_length', { value: '15' });
    await t.add('sub', { role: 'sub' });
    assert.deepEqual(await done(), ['company', 'member', 'password', 'sub_admin']);
    // Of menus out of reach nothing is said.
    await helper.openConsole();
    assert.deepEqual((await home(helper)).steps.map((s) => s.id), ['company', 'unit', 'member']);
    assert.equal((await plain.get('/console/home')).status, 403);
});

test('the history of a setting ends where the audit does', async () => {
    const t = await openTenant(house, 'kurzer');
    await t.chief.signIn();
    await t.chief.openConsole();
    const past = async () => (await t.chief.get('/console/settings/tenant.company_name/history')).json.changes.map((c) => c.value);
    assert.equal((await put('tenant.company_name', '昔の社名', t.chief)).status, 200);
    assert.deepEqual(await past(), ['昔の社名']);
    await t.clock(181 * 86_400_000);
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await put('tenant.company_name', '今の社名', t.chief)).status, 200);
    assert.deepEqual(await past(), ['今の社名']);
});

test('saving what is so already writes no row', async () => {
    const key = 'account.password.min_length';
    const newest = async () => (await changes())[0];
    const [{ value }, before] = [await one(key), await newest()];
    assert.equal((await put(key, value)).status, 200);
    assert.equal((await chief.put('/console/settings', { settings: [{ key, value }] })).status, 200);
    const again = (await put(key, value)).json;
    const real = await one(key);
    assert.deepEqual([again.changed, again.by, again.by_name], [real.changed, real.by, real.by_name], 'the answer says when it really was changed');
    assert.deepEqual(await newest(), before);
    assert.equal((await put(key, value === '12' ? '13' : '12')).status, 200);
    const after_ = await newest();
    assert.ok(after_.seq > before.seq && after_.result === 'ok');
    await put(key, value);
});
