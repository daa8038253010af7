// 管理者権限: roles of the company's own making: what they may be, who makes and changes them, what they reach, and what an
// open session feels of a change.
import { tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start();
});
after(() => house.remove());

const codeOf = (r) => r.json?.error?.code;
let count = 0;

async function company() {
    const t = await openTenant(house, `own-${count++}`);
    await t.chief.signIn();
    await t.chief.openConsole();
    return t;
}

async function entered(t, login, role) {
    const p = await t.add(login, { role });
    await p.signIn();
    if (role !== 'member')
        await p.openConsole();
    return p;
}

const ids = (menus) => menus.map((id) => ({ id }));
const make = (by, name, menus, confirmed = true) => by.post('/console/roles', { name, menus: ids(menus), confirmed });
const change = (by, role, menus, more = { confirmed: true }) => by.put(`/console/roles/${role}`, { menus: ids(menus), ...more });
const grant = (by, whom, custom, confirmed = true) => by.put(`/console/admins/${whom.id}`, { role: 'custom', custom, confirmed });
const own = async (p) => (await p.get('/console/roles')).json.roles.filter((r) => !r.builtin);
const menusOf = (r) => r.menus.map((m) => m.id);
const refused = (r, status, code, field) => {
    assert.equal(r.status, status, r.text);
    assert.equal(codeOf(r), code);
    if (field)
        assert.equal(r.json.error.field, field);
};
function ok(r) {
    assert.equal(r.status, 200, r.text);
    return r.json;
}
/** A member with a role of its own that reaches these submenus, signed in, its console open. */
async function holder(t, login, menus, name = `${login}の係`) {
    const p = await t.add(login), role = ok(await make(t.chief, name, menus));
    ok(await grant(t.chief, p, role.id));
    await p.signIn();
    await p.openConsole();
    return Object.assign(p, { custom: role.id });
}

test('a role is a name and submenus; 管理者権限, 解約 and what does not exist are refused', async () => {
    proves('ACC-06', 'B5.08');
    const t = await company();
    for (const by of [t.chief, await entered(t, 'sub', 'sub')]) {
        const before = await own(t.chief);
        for (const menus of [['security.admins'], ['basic.cancel'], ['stats.task', 'security.admins'], ['no.such'], ['stats.task', ''], []])
            refused(await make(by, 'だめ', menus), 400, 'invalid_value', menus.includes('') ? undefined : 'menus');
        for (const name of ['', ' 　', '字'.repeat(51), 'a\nb'])
            refused(await make(by, name, ['stats.task']), 400, 'invalid_value', 'name');
        for (const name of ['副管理者', 'Super Admin', 'ｓｕｂ', '最高 管理者'])
            refused(await make(by, name, ['stats.task']), 409, 'name_taken');
        assert.deepEqual(await own(t.chief), before, 'nothing was made');
    }
    const role = ok(await make(t.chief, '字'.repeat(50), ['stats.task', 'member.group', 'stats.task']));
    assert.deepEqual({ ...role, id: '' }, { id: '', ja: '字'.repeat(50), en: '字'.repeat(50), builtin: false, editable: true, held: 0,
        menus: ids(['member.group', 'stats.task']) });
    ok(await make(t.chief, ' Ｊｉｎｊｉ係　', ['stats.task']));
    refused(await make(t.chief, 'jinji係', ['stats.task']), 409, 'name_taken');
    refused(await change(t.chief, role.id, ['stats.task', 'security.admins']), 400, 'invalid_value', 'menus');
    refused(await change(t.chief, role.id, ['stats.task'], { name: 'JINJI係' }), 409, 'name_taken');
    refused(await t.chief.put(`/console/admins/${t.chief.id}`, { role: 'custom', custom: role.id }), 403, 'denied');
    const all = await own(t.chief);
    assert.deepEqual(all.map((r) => r.ja), ['Ｊｉｎｊｉ係', '字'.repeat(50)], 'the first try of a change changed nothing');
    assert.deepEqual(menusOf(all[1]), ['member.group', 'stats.task']);
    // What a role may reach is what the table of submenus says, one by one.
    const { menus } = (await t.chief.get('/console/roles')).json;
    assert.deepEqual(menus.filter((m) => !m.custom).map((m) => m.id), ['basic.cancel', 'security.admins']);
    ok(await change(t.chief, role.id, menus.filter((m) => m.custom).map((m) => m.id)));
    for (let i = all.length; i < 50; i++)
        ok(await make(t.chief, `r${i}`, ['stats.task']));
    refused(await make(t.chief, 'noch eine', ['stats.task']), 400, 'invalid_value', 'name');
});

test('a holder reaches the submenus of its role and nothing else', async () => {
    proves('ACC-06', 'OVR-02', 'B5.05');
    const t = await company();
    const p = await holder(t, 'mori', ['member.member', 'security.account', 'audit.login'], '受付');
    const groups = (await p.get('/console/menu')).json;
    assert.deepEqual([groups.role, groups.menus.flatMap((g) => g.items.map((i) => i.id))], ['custom', ['member.member', 'security.account', 'audit.login']]);
    assert.equal((await p.get('/me')).json.role, 'custom');
    let reached = 0, closed = 0;
    for (const op of tables.ops.filter((o) => o.who === 'console' && o.method === 'GET' && !o.object && o.menu && o.menu !== 'any')) {
        const r = await p.get(op.path.replace(/^\/t\/[^/]+/, ''));
        const mine = ['member.member', 'security.account', 'audit.login'].includes(op.menu);
        assert.equal(r.status === 403, !mine, `${op.name} (${op.menu}): ${r.status} ${r.text.slice(0, 100)}`);
        mine ? reached++ : closed++;
    }
    assert.ok(reached >= 1 && closed >= 8, `${reached} reached, ${closed} closed`);
    refused(await p.get('/console/admins'), 403, 'forbidden');
    refused(await p.get('/console/roles'), 403, 'forbidden');
    refused(await grant(p, p, p.custom), 403, 'forbidden');
    assert.equal((await p.get('/console/audit/login')).status, 200);
    refused(await p.get('/console/audit/console'), 403, 'forbidden');
    // Settings: those of the submenu are there, the others are as absent as one that never was.
    const keys = (await p.get('/console/settings')).json.settings.map((s) => s.key);
    assert.ok(keys.includes('account.password.min_length') && !keys.includes('network.ip.mode') && !keys.includes('tenant.company_name'), keys.join(' '));
    ok(await p.put('/console/settings/account.password.min_length', { value: '13' }));
    refused(await p.put('/console/settings/tenant.company_name', { value: 'x' }), 404, 'not_found');
    // The home says what waits for this admin only.
    for (const s of (await p.get('/console/home')).json.steps)
        assert.ok(['member.member', 'security.account'].includes(s.menu), s.menu);
});

test('only the super admin changes a role that somebody holds; a draft is every drafter\'s', async () => {
    proves('ACC-05', 'ACC-06');
    const t = await company();
    const sub = await entered(t, 'sub', 'sub');
    const draft = ok(await make(sub, '下書き', ['stats.task'])), p = await holder(t, 'mori', ['stats.task'], '係');
    const before = await own(t.chief);
    refused(await change(sub, p.custom, ['stats.task', 'stats.talk']), 403, 'denied');
    refused(await change(sub, p.custom, ['stats.task'], { name: '別の名' }), 403, 'denied');
    refused(await sub.delete(`/console/roles/${p.custom}`), 403, 'denied');
    refused(await grant(sub, p, draft.id), 403, 'forbidden');
    refused(await change(sub, 'sub', ['stats.task']), 403, 'denied');
    refused(await sub.delete('/console/roles/operator'), 403, 'denied');
    refused(await t.chief.delete('/console/roles/operator'), 409, 'builtin_role');
    assert.deepEqual(await own(t.chief), before, 'nothing changed');
    assert.deepEqual((await own(sub)).map((r) => [r.ja, r.editable, r.held]), [['下書き', true, 0], ['係', false, 1]]);
    ok(await change(sub, draft.id, ['stats.talk'], { name: '下書き2' }));
    ok(await change(t.chief, p.custom, ['stats.task', 'stats.talk']));
    refused(await t.chief.delete(`/console/roles/${p.custom}`), 409, 'role_held');
    // Once it is given, the draft is no draft.
    const other = await t.add('other');
    ok(await grant(t.chief, other, draft.id));
    refused(await change(sub, draft.id, ['stats.talk', 'stats.mail']), 403, 'denied');
    ok(await t.chief.put(`/console/admins/${other.id}`, { role: 'member' }));
    ok(await change(sub, draft.id, ['stats.talk', 'stats.mail']));
    ok(await sub.delete(`/console/roles/${draft.id}`));
    refused(await sub.delete(`/console/roles/${draft.id}`), 404, 'not_found');
    // A deleted holder can come back with its role: for the drafter it is held, for the super admin it goes.
    const gone = await t.add('gone'), third = ok(await make(sub, '三', ['stats.task']));
    ok(await grant(t.chief, gone, third.id));
    ok(await t.chief.post(`/console/members/${gone.id}/delete`));
    refused(await change(sub, third.id, ['stats.task', 'stats.talk']), 403, 'denied');
    ok(await t.chief.delete(`/console/roles/${third.id}`));
    ok(await t.chief.post(`/console/members/${gone.id}/restore`));
    assert.equal((await t.op('member.all', {})).members.find((m) => m.id === gone.id).role, 'member');
});

test('a strong submenu is put in a role, and such a role given, with its danger confirmed', async () => {
    proves('ACC-07');
    const t = await company();
    const role = ok(await make(t.chief, '係', ['stats.task'], false));
    refused(await make(t.chief, '監査係', ['stats.task', 'audit.talk'], false), 400, 'confirm_required');
    refused(await change(t.chief, role.id, ['stats.task', 'audit.talk'], {}), 400, 'confirm_required');
    assert.deepEqual((await own(t.chief)).map(menusOf), [['stats.task']]);
    ok(await change(t.chief, role.id, ['stats.task', 'audit.talk']));
    ok(await change(t.chief, role.id, ['audit.talk'], { name: '監査係' }), 'what it has already is no new danger');
    const p = await t.add('mori');
    refused(await grant(t.chief, p, role.id, false), 400, 'confirm_required');
    assert.equal((await t.chief.get('/console/admins')).json.holders.length, 1);
    ok(await grant(t.chief, p, role.id));
    const rows = (await t.chief.audit()).filter((r) => r.result === 'ok' && r.act.includes('role')).map((r) => [r.act, JSON.parse(r.detail)]);
    assert.deepEqual(rows, [
        ['member.role', { old: 'member', new: 'custom', new_id: role.id, new_name: '監査係', confirmed: true }],
        ['role.edit', { old_name: '係', old: ['audit.talk', 'stats.task'], new_name: '監査係', new: ['audit.talk'], confirmed: false }],
        ['role.edit', { old_name: '係', old: ['stats.task'], new_name: '係', new: ['audit.talk', 'stats.task'], confirmed: true }],
        ['role.add', { new_name: '係', new: ['stats.task'], confirmed: false }],
    ]);
    ok(await t.chief.put(`/console/admins/${p.id}`, { role: 'member' }));
    ok(await t.chief.delete(`/console/roles/${role.id}`));
    const last = (await t.chief.audit()).filter((r) => r.result === 'ok' && r.act.includes('role')).slice(0, 2).map((r) => [r.act, JSON.parse(r.detail)]);
    assert.deepEqual(last, [
        ['role.delete', { old_name: '監査係', old: ['audit.talk'] }],
        ['member.role', { old: 'custom', old_id: role.id, old_name: '監査係', new: 'member', confirmed: false }],
    ]);
});

test('a change of a held role binds the sessions that are open from the reply on', async () => {
    proves('ACC-05', 'OVR-04', 'B5.09');
    const t = await company();
    ok(await t.chief.put('/console/settings/addressbook.group.creators', { value: 'admins' }));
    const p = await holder(t, 'mori', ['member.group', 'stats.storage'], '係'), other = await holder(t, 'oka', ['member.group'], '他');
    const socket = await p.socket();
    const group = (who, name) => who.post('/groups', { name, masters: [who.id] });
    ok(await group(p, '一'));
    assert.equal((await p.get('/console/groups')).status, 200);
    ok(await change(t.chief, p.custom, ['stats.storage']));
    refused(await group(p, '二'), 403, 'forbidden');            // in the same session, which goes on
    refused(await p.get('/console/groups'), 403, 'forbidden');
    assert.equal((await p.get('/console/storage')).status, 401, 'what is left asks for the password');
    await p.openConsole();
    assert.equal((await p.get('/console/storage')).status, 200);
    assert.deepEqual((await p.get('/console/menu')).json.menus.flatMap((g) => g.items.map((i) => i.id)), ['stats.storage']);
    assert.equal((await other.get('/console/groups')).status, 200, 'another role is untouched');
    assert.equal(socket.close, null, 'the socket of the session stays');
    socket.end();
    ok(await change(t.chief, p.custom, ['member.group', 'stats.storage']));
    ok(await group(p, '三'));
    // Taken away, it is gone at once.
    ok(await t.chief.put(`/console/admins/${p.id}`, { role: 'member' }));
    refused(await p.get('/console/menu'), 403, 'forbidden');
    refused(await group(p, '四'), 403, 'forbidden');
    assert.equal((await p.get('/me')).json.role, 'member');
    // A session that begins has what the store says.
    ok(await change(t.chief, other.custom, ['stats.storage']));
    await other.signIn();
    refused(await group(other, '五'), 403, 'forbidden');
});

test('admins whose sets do not contain each other leave each other\'s accounts alone', async () => {
    proves('ACC-08', 'B5.08');
    const t = await company();
    const a = await holder(t, 'a', ['member.member', 'security.account'], '人'), b = await holder(t, 'b', ['member.member', 'audit.talk'], '記録');
    const low = await holder(t, 'low', ['member.member'], '少'), op = await entered(t, 'op', 'operator'), sub = await entered(t, 'sub', 'sub');
    const acts = (by, whom) => [
        by.post(`/console/members/${whom.id}/suspend`), by.post(`/console/members/${whom.id}/rename`, { login: `neu-${whom.login}` }),
        by.post(`/console/members/${whom.id}/delete`),
    ];
    for (const [by, whom] of [[a, b], [b, a], [a, op], [op, a], [low, a], [b, sub], [a, t.chief]]) {
        for (const r of await Promise.all(acts(by, whom)))
            refused(r, 403, 'denied');
        assert.equal((await by.get(`/console/members/${whom.id}`)).json.may_act, false, `${by.login} on ${whom.login}`);
    }
    assert.equal((await a.get(`/console/members/${low.id}`)).json.may_act, true);
    ok(await a.post(`/console/members/${low.id}/suspend`), 'the wider set acts on the narrower');
    ok(await sub.post(`/console/members/${b.id}/suspend`));
});

test('a suspended holder has no console until the super admin confirms the role as it is now', async () => {
    proves('ACC-10');
    const t = await company();
    const p = await holder(t, 'mori', ['stats.storage'], '係');
    ok(await t.chief.post(`/console/members/${p.id}/suspend`));
    assert.equal((await p.get('/console/storage')).status, 401);
    ok(await t.chief.post(`/console/members/${p.id}/resume`));
    await p.signIn();
    refused(await p.get('/console/storage'), 403, 'forbidden');
    ok(await change(t.chief, p.custom, ['stats.storage', 'stats.task']));
    refused(await p.get('/console/storage'), 403, 'forbidden');        // a change of the role wakes nobody
    refused(await p.post('/console/session', { password: p.password }), 403, 'forbidden');
    assert.equal((await p.get('/me')).json.role, 'member');
    const h = (await t.chief.get('/console/admins')).json.holders.find((x) => x.id === p.id);
    assert.deepEqual([h.role, h.custom, h.role_name, h.paused], ['custom', p.custom, '係', true]);
    ok(await t.chief.post(`/console/admins/${p.id}/confirm`));
    await p.openConsole();
    assert.deepEqual((await p.get('/console/menu')).json.menus.flatMap((g) => g.items.map((i) => i.id)), ['stats.storage', 'stats.task']);
    assert.ok((await t.chief.audit()).some((r) => r.act === 'member.role.confirm' && r.result === 'ok' && JSON.parse(r.detail).role_name === '係'));
});

test('notices to admins go to those whose set has the matter; lists call the role by its name', async () => {
    proves('ACC-06', 'ACC-09');
    const t = await company();
    const people = await holder(t, 'mori', ['member.member'], '人事係'), figures = await holder(t, 'oka', ['stats.task'], '統計係');
    const plain = await entered(t, 'plain', 'member');
    const notices = async (p) => {
        const room = (await p.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
        return (await p.get(`/rooms/${room.id}/messages`)).json.messages.map((m) => m.text);
    };
    assert.ok((await notices(people)).some((n) => n.includes('権限「人事係」')));
    ok(await plain.post('/me/correction', { field: 'family', text: '字が違います。' }));
    assert.ok((await notices(people)).some((n) => n.includes('字が違います。')));
    assert.ok(!(await notices(figures)).some((n) => n.includes('字が違います。')));
    const list = (await t.chief.get('/console/admins')).json.holders;
    assert.deepEqual(list.map((h) => [h.login, h.role, h.role_name]), [['chief', 'super', ''], ['mori', 'custom', '人事係'], ['oka', 'custom', '統計係']]);
    const file = await t.chief.get('/console/admins/file');
    assert.ok(file.text.includes('人事係') && file.text.includes('統計係'), file.text);
    const m = (await people.get('/console/members?limit=50')).json.members.find((x) => x.id === figures.id);
    assert.deepEqual([m.role, m.role_name], ['custom', '統計係']);
    const own = (await figures.get('/me/data')).json.fields.find((f) => f.field === 'role');
    assert.equal(own.value, '統計係');
});
