// 管理者権限: who gives and takes admin roles, with which proof, what open sessions feel of it, and the hand-over of the
// super admin's role.
import { tables } from '../lib/calls.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start();
});
after(() => house.remove());

const MINUTE = 60_000, HOUR = 60 * MINUTE;
const codeOf = (r) => r.json?.error?.code;
let count = 0;

/** What the server told this person. */
async function notices(p) {
    const room = (await p.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
    return room ? (await p.get(`/rooms/${room.id}/messages`)).json.messages.map((m) => m.text) : [];
}

async function company() {
    const t = await openTenant(house, `rights-${count++}`);
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

const grant = (by, whom, role, confirmed = true) => by.put(`/console/admins/${whom.id}`, { role, confirmed });
const holders = async (p) => (await p.get('/console/admins')).json.holders;
const holder = async (p, whom) => (await holders(p)).find((h) => h.id === whom.id);

test('the super admin gives a role after the danger is confirmed; the list shows who gave it and when', async () => {
    proves('ACC-05', 'ACC-07', 'ACC-09', 'OVR-04');
    const t = await company();
    const p = await entered(t, 'taro', 'member');
    assert.equal(await holder(t.chief, p), undefined);
    const without = await grant(t.chief, p, 'sub', false);
    assert.equal(without.status, 400);
    assert.equal(codeOf(without), 'confirm_required');
    assert.equal(await holder(t.chief, p), undefined, 'nothing changed');
    assert.equal((await grant(t.chief, p, 'sub')).status, 200);
    const h = await holder(t.chief, p);
    assert.equal(h.role, 'sub');
    assert.equal(h.granted_by, t.chief.id);
    assert.ok(h.granted_by_name.includes('主'));
    assert.ok(Math.abs(Date.parse(h.granted) - Date.now()) < 10 * MINUTE);
    assert.equal(h.console_seen, null);
    // The session that is open has the role at once.
    assert.equal((await p.get('/me')).json.role, 'sub');
    await p.openConsole();
    assert.equal((await p.get('/console/admins')).status, 200);
    assert.match((await notices(p)).at(-1), /副管理者の権限/);
    assert.notEqual((await holder(t.chief, p)).console_seen, null);
    const row = (await t.chief.audit()).find((r) => r.act === 'member.role' && r.object === p.id && r.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { old: 'member', new: 'sub', confirmed: true });
    assert.equal((await grant(t.chief, p, 'super')).status, 400);
    for (const whom of [t.chief]) {
        const r = await grant(t.chief, whom, 'sub');
        assert.equal(r.status, 403);
        assert.equal(codeOf(r), 'denied');
    }
});

test('a revoked sub admin, still logged in, gets 403 from the next request', async () => {
    proves('OVR-04', 'ACC-05', 'B5.09');
    const t = await company();
    const sub = await entered(t, 'sub', 'sub');
    assert.equal((await sub.get('/console/members')).status, 200);
    assert.equal((await grant(t.chief, sub, 'member')).status, 200);
    for (const path of ['/console/members', '/console/menu', '/console/admins']) {
        const r = await sub.get(path);
        assert.equal(r.status, 403, path);
        assert.equal(codeOf(r), 'forbidden');
    }
    assert.equal((await sub.get('/me')).json.role, 'member', 'the session itself goes on');
    assert.equal((await sub.post('/console/session', { password: sub.password })).status, 403);
    // Less reach than before binds as well, and asks for the password before what is left.
    const other = await entered(t, 'other', 'sub');
    assert.equal((await other.get('/console/admins')).status, 200);
    assert.equal((await grant(t.chief, other, 'operator')).status, 200);
    assert.equal((await other.get('/console/admins')).status, 403);
    assert.equal((await other.get('/console/members')).status, 401);
    await other.openConsole();
    assert.equal((await other.get('/console/members')).status, 200);
});

test('a proof that is six minutes old gives reauth_required and nothing changes', async () => {
    proves('OVR-03', 'ACC-05');
    const t = await company();
    const p = await entered(t, 'taro', 'member');
    await t.clock(4 * MINUTE);
    assert.equal((await grant(t.chief, p, 'operator')).status, 200, 'four minutes are fresh');
    await t.clock(10 * MINUTE);
    const late = await grant(t.chief, p, 'sub');
    assert.equal(late.status, 401);
    assert.equal(codeOf(late), 'reauth_required');
    assert.equal((await holder(t.chief, p)).role, 'operator');
    await t.chief.openConsole();
    assert.equal((await grant(t.chief, p, 'sub')).status, 200);
    assert.equal((await holder(t.chief, p)).role, 'sub');
});

test('a sub admin sees the holders and changes none of them; an operator admin does not even see', async () => {
    proves('ACC-03', 'ACC-04', 'ACC-05', 'B5.08', 'B5.05');
    const t = await company();
    const sub = await entered(t, 'sub', 'sub'), op = await entered(t, 'op', 'operator');
    const plain = await t.add('plain');
    assert.deepEqual((await holders(sub)).map((h) => h.role), ['super', 'sub', 'operator']);
    const menus = tables.menus.filter((m) => m.sub).map(({ id }) => ({ id }));
    const file = await sub.get('/console/admins/file');
    assert.equal(file.status, 200);
    assert.match(file.header('Content-Type'), /^text\/csv/);
    for (const word of ['chief', '最高管理者', 'sub', '副管理者', 'op', '運用担当者'])
        assert.ok(file.text.includes(word), word);
    assert.equal((await op.get('/console/admins/file')).status, 403);
    assert.ok((await t.chief.audit()).some((r) => r.act === 'admins.export' && r.actor === sub.id && r.result === 'ok'));
    const tries = (p) => [
        grant(p, plain, 'operator'), grant(p, op, 'sub'), grant(p, p, 'sub'), p.post(`/console/admins/${op.id}/confirm`),
        p.post(`/console/admins/${p.id}/handover`), p.delete('/console/handover'),
    ];
    for (const [p, code] of [[sub, 'denied'], [op, 'forbidden']]) {
        const r = await p.put('/console/roles/sub', { menus });
        assert.deepEqual([r.status, codeOf(r)], [403, code]);
    }
    const before = JSON.stringify(await holders(t.chief));
    for (const p of [sub, op])
        for (const r of await Promise.all(tries(p))) {
            assert.equal(r.status, 403);
            assert.equal(codeOf(r), 'forbidden');
        }
    const strip = (s) => s.replace(/"console_seen":"[^"]*"/g, '');
    assert.equal(strip(JSON.stringify(await holders(t.chief))), strip(before));
    assert.equal((await op.get('/console/admins')).status, 403);
    assert.equal((await op.get('/console/audit')).status, 403);
    assert.equal((await sub.get('/console/audit')).status, 200, 'its twin');
});

test('the built-in roles are what they are: a change gives builtin_role', async () => {
    proves('ACC-01');
    const t = await company();
    const { roles } = (await t.chief.get('/console/roles')).json;
    assert.deepEqual(roles.map((r) => r.id), ['super', 'sub', 'operator']);
    for (const r of roles)
        assert.deepEqual(r.menus.map((m) => m.id).sort(), tables.menus.filter((m) => m[r.id]).map((m) => m.id).sort(), r.id);
    for (const r of roles) {
        const same = await t.chief.put(`/console/roles/${r.id}`, { menus: r.menus });
        assert.equal(same.status, 200, `${r.id}: what it has already is no change`);
        for (const menus of [r.menus.slice(1), [...r.menus, r.menus[0]], [...r.menus.slice(1), { id: 'no.such' }], []]) {
            const changed = await t.chief.put(`/console/roles/${r.id}`, { menus });
            assert.equal(changed.status, 409, r.id);
            assert.equal(codeOf(changed), 'builtin_role');
        }
    }
    assert.equal((await t.chief.put('/console/roles/member', { menus: [] })).status, 404);
    assert.deepEqual((await t.chief.get('/console/roles')).json.roles, roles);
});

test('an admin who was suspended has no console until the super admin confirms the role', async () => {
    proves('ACC-10');
    const t = await company();
    const sub = await entered(t, 'sub', 'sub');
    assert.equal((await t.chief.post(`/console/members/${sub.id}/suspend`)).status, 200);
    assert.equal((await sub.get('/console/members')).status, 401);
    const early = await t.chief.post(`/console/admins/${sub.id}/confirm`);
    assert.equal(early.status, 409);
    assert.equal((await t.chief.post(`/console/members/${sub.id}/resume`)).status, 200);
    await sub.signIn();
    assert.equal((await sub.get('/console/members')).status, 403);
    assert.equal((await sub.post('/console/session', { password: sub.password })).status, 403);
    assert.equal((await sub.get('/me')).json.role, 'member');
    const h = await holder(t.chief, sub);
    assert.equal(h.role, 'sub');
    assert.equal(h.paused, true);
    assert.equal((await t.chief.post(`/console/admins/${sub.id}/confirm`)).status, 200);
    assert.equal((await sub.get('/me')).json.role, 'sub');
    await sub.openConsole();
    assert.equal((await sub.get('/console/members')).status, 200);
    assert.equal((await holder(t.chief, sub)).paused, false);
    assert.ok((await t.chief.audit()).some((r) => r.act === 'member.role.confirm' && r.object === sub.id && r.result === 'ok'));
});

test('a hand-over is confirmed by the new holder with the password; both roles change in one step', async () => {
    proves('ACC-02', 'B5.06');
    const t = await company();
    const heir = await entered(t, 'heir', 'member'), other = await entered(t, 'other', 'member');
    const watcher = await entered(t, 'watcher', 'operator');
    assert.deepEqual((await heir.get('/me/handover')).json, { handover: null });
    const begun = await t.chief.post(`/console/admins/${heir.id}/handover`);
    assert.equal(begun.status, 200);
    assert.equal(begun.json.handover.to, heir.id);
    assert.equal((await t.chief.get('/console/admins')).json.handover.to, heir.id);
    assert.equal((await other.get('/me/handover')).json.handover, null);
    assert.equal((await other.post('/me/handover', { password: other.password })).status, 404);
    const mine = (await heir.get('/me/handover')).json.handover;
    assert.equal(mine.from, t.chief.id);
    assert.equal(codeOf(await heir.post('/me/handover', { password: 'falsch, ganz falsch' })), 'sign_in');
    assert.equal((await heir.get('/me')).json.role, 'member');
    assert.equal((await heir.post('/me/handover', { password: heir.password })).status, 200);
    assert.equal((await heir.get('/me')).json.role, 'super');
    assert.equal((await t.chief.get('/me')).json.role, 'sub');
    // The giver's console is closed; with its password it opens as a sub admin's.
    assert.equal((await t.chief.get('/console/admins')).status, 401);
    await t.chief.openConsole();
    assert.equal(codeOf(await grant(t.chief, other, 'sub')), 'forbidden');
    await heir.openConsole();
    assert.deepEqual((await holders(heir)).map((h) => h.role), ['super', 'sub', 'operator']);
    assert.equal((await heir.post('/me/handover', { password: heir.password })).status, 200, 'a lost answer is asked for again');
    for (const p of [heir, t.chief, watcher])
        assert.equal((await notices(p)).filter((n) => n.includes('最高管理者が主さんからheirさんに引き継がれました')).length, 1, p.login);
    assert.ok((await notices(heir)).some((n) => n.includes('頼まれています')));
    assert.deepEqual(await notices(other), [], 'no admin at that time');
    assert.equal((await grant(heir, other, 'operator')).status, 200);
    const rows = (await heir.audit()).filter((r) => r.act.startsWith('handover.') && r.result === 'ok').map((r) => r.act);
    assert.deepEqual(rows, ['handover.accept', 'handover.begin']);
});

test('of two hand-overs at once one succeeds, and there is one super admin', async () => {
    proves('ACC-02', 'B5.06');
    const t = await company();
    const people = [await entered(t, 'ann', 'member'), await entered(t, 'ben', 'sub'), await entered(t, 'cho', 'member')];
    const tries = await Promise.all(people.map((p) => t.chief.post(`/console/admins/${p.id}/handover`)));
    assert.deepEqual(tries.map((r) => r.status).sort(), [200, 409, 409]);
    const taken = await Promise.all([...people, ...people].map((p) => p.post('/me/handover', { password: p.password })));
    const heir = people[tries.findIndex((r) => r.status === 200)];
    for (const [i, r] of taken.entries())
        assert.equal(r.status === 200, people[i % people.length] === heir, `${r.status}`);
    await t.chief.openConsole();
    const now = await holders(t.chief);
    assert.deepEqual(now.filter((h) => h.role === 'super').map((h) => h.id), [heir.id]);
});

test('an offer ends by the clock, by the giver and by a no', async () => {
    proves('ACC-02');
    const t = await company();
    const heir = await entered(t, 'heir', 'operator');
    const offer = () => t.chief.post(`/console/admins/${heir.id}/handover`);
    assert.equal((await offer()).status, 200);
    assert.equal((await heir.delete('/me/handover')).status, 200);
    assert.equal((await heir.post('/me/handover', { password: heir.password })).status, 404);
    assert.equal((await offer()).status, 200);
    assert.equal((await t.chief.delete('/console/handover')).status, 200);
    assert.equal((await heir.get('/me/handover')).json.handover, null);
    assert.equal((await offer()).status, 200);
    await t.clock(24 * HOUR);
    await heir.signIn();
    assert.equal((await heir.get('/me/handover')).json.handover, null);
    assert.equal((await heir.post('/me/handover', { password: heir.password })).status, 404);
    assert.equal((await heir.get('/me')).json.role, 'operator');
    await t.chief.signIn();
    await t.chief.openConsole();
    assert.equal((await offer()).status, 200, 'and another one may begin');
    const suspended = await t.add('away');
    assert.equal((await t.chief.delete('/console/handover')).status, 200);
    assert.equal((await t.chief.post(`/console/members/${suspended.id}/suspend`)).status, 200);
    assert.equal(codeOf(await t.chief.post(`/console/admins/${suspended.id}/handover`)), 'denied');
});

test('nobody acts on the account of an admin who reaches more', async () => {
    proves('ACC-08', 'B5.08');
    const t = await company();
    const op = await entered(t, 'op', 'operator'), sub = await entered(t, 'sub', 'sub');
    const plain = await t.add('plain');
    for (const whom of [sub, t.chief])
        assert.equal(codeOf(await op.post(`/console/members/${whom.id}/suspend`)), 'denied', whom.login);
    assert.equal((await sub.get('/me')).status, 200);
    assert.equal((await op.post(`/console/members/${plain.id}/suspend`)).status, 200, 'its twin');
    assert.equal((await sub.post(`/console/members/${op.id}/suspend`)).status, 200);
});
