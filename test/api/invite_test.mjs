// Invitation by a link: who may make one, who comes by it, who waits, who lets them in; and what ends a link.
import { allBytes } from '../lib/disk.mjs';
import { Client } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { newPassword, openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, acme, chief, ann;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'hiyodori', { company: 'ひよどり製パン' });
    chief = await (await acme.chief.signIn()).openConsole();
    ann = await (await acme.add('ann')).signIn();
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const set = async (key, value, more = {}) => {
    const r = await chief.put(`/console/settings/${key}`, { value, ...more });
    assert.equal(r.status, 200, r.text);
};
const token = (r) => r.json.link.split('#')[1];
const invite = async (p = chief, path = '/console/invitations') => {
    const r = await p.post(path);
    assert.equal(r.status, 200, r.text);
    return token(r);
};
/** Somebody who is nobody here yet. */
const stranger = (login = 'x', password = newPassword(), t = acme) => new Person(t, login, password, '0');
const person = (p, more = {}) => ({ login: p.login, family: '三浦', given: '葵', family_reading: 'みうら', given_reading: 'あおい', password: p.password, ...more });
const use = (p, t, more) => p.post('/invitation/use', { token: t, ...person(p, more) });
const list = async (p = chief) => (await p.get('/console/invitations')).json;
const members = async () => (await acme.op('member.all', {})).members.length;
const waiting = async (login) => (await list()).waiting.find((w) => w.login === login);
/** By a new link, as one who waits. */
async function comes(login) {
    const p = stranger(login);
    const r = await use(p, await invite());
    assert.equal(r.json?.state, 'waiting', r.text);
    return p;
}
const approve = async (login) => chief.post(`/console/invited/${(await waiting(login)).id}/approve`);
const reject = async (login) => chief.post(`/console/invited/${(await waiting(login)).id}/reject`);

test('a link is told once, shows who invites to which company, and is kept as its hash alone', async () => {
    proves('MEM-13');
    const made = await chief.post('/console/invitations');
    assert.equal(made.status, 200, made.text);
    assert.match(made.json.link, new RegExp(`^${house.origin}/t/${acme.number}/join#[A-Za-z0-9_-]{43}$`));
    assert.ok(Math.abs(Date.parse(made.json.until) - Date.now() - 7 * DAY) < 60_000);
    const shown = await stranger().post('/invitation', { token: token(made) });
    assert.deepEqual([shown.json.company, shown.json.inviter, shown.json.workgroup], ['ひよどり製パン', '主', 'hiyodori']);
    assert.equal(shown.json.rules.min >= 8, true);
    const [first] = (await list()).links;
    assert.deepEqual([first.by, first.by_name, first.used], [chief.id, '主', 0]);
    assert.ok(!JSON.stringify(await list()).includes(token(made)));
    assert.deepEqual(allBytes(house.dir).findText(token(made)), []);
    const page = await new Client(house).get(`/t/${acme.number}/join`);
    assert.equal(page.status, 200);
    assert.match(page.header('Content-Type'), /^text\/html/);
});

test('only admins who reach the page make links, unless all members may', async () => {
    proves('MEM-13');
    assert.equal(code(await ann.post('/invitations')), '403 forbidden');
    assert.equal(code(await ann.post('/console/invitations')), '403 forbidden');
    assert.equal((await ann.get('/me')).json.may_invite, false);
    await set('member.invite.by', 'all');
    assert.equal((await ann.get('/me')).json.may_invite, true);
    const t = await invite(ann, '/invitations');
    assert.equal((await stranger().post('/invitation', { token: t })).json.inviter, 'ann');
    const p = stranger('by-ann');
    assert.equal((await use(p, t)).json.state, 'waiting');
    assert.deepEqual([(await waiting('by-ann')).inviter, (await waiting('by-ann')).inviter_name], [ann.id, 'ann']);
    assert.equal((await list()).links.find((l) => l.by === ann.id).used, 1);
    await set('member.invite.by', 'admins');
    assert.equal(code(await stranger().post('/invitation', { token: t })), '410 invite_ended', 'who made it may not invite any more');
    assert.equal(code(await ann.post('/invitations')), '403 forbidden');
});

test('off: a link made before leads to 410 and no member is made; so does one that is revoked, old, or of somebody who left', async () => {
    proves('MEM-12', 'MEM-13');
    await set('member.invite.auto_approve', 'true', { confirmed: true });
    const t = await invite(), before = await members();
    await set('member.invite.enabled', 'false');
    const p = stranger('off');
    assert.equal(code(await p.post('/invitation', { token: t })), '410 invite_ended');
    assert.equal(code(await use(p, t)), '410 invite_ended');
    assert.equal(code(await chief.post('/console/invitations')), '410 invite_ended');
    assert.equal(await members(), before);
    await set('member.invite.enabled', 'true');
    assert.equal((await use(p, t)).json.state, 'member', 'the twin: on again');
    assert.equal(await members(), before + 1);
    await set('member.invite.auto_approve', 'false');

    const revoked = await invite();
    assert.equal((await chief.delete(`/console/invitations/${(await list()).links[0].id}`)).status, 200);
    assert.equal(code(await use(stranger('revoked'), revoked)), '410 invite_ended');
    assert.equal(code(await use(stranger('none'), 'A'.repeat(43))), '410 invite_ended');
    await set('member.invite.by', 'all');
    const leaver = await (await acme.add('leaver')).signIn(), his = await invite(leaver, '/invitations');
    assert.equal((await stranger().post('/invitation', { token: his })).status, 200);
    await acme.op('member.delete', { member: leaver.id });
    assert.equal(code(await stranger().post('/invitation', { token: his })), '410 invite_ended');
    await set('member.invite.by', 'admins');
});

test('who waits is no member: no seat, no session, nothing told without the right password', async () => {
    proves('MEM-14', 'B1.06');
    const before = await members(), seats = (await list()).seats_used;
    const p = await comes('aoi');
    assert.deepEqual([await members(), (await list()).seats_used], [before, seats]);
    const right = await p.trySignIn(), wrong = await p.trySignIn({ password: newPassword() }), nobody = await stranger('nobody').trySignIn();
    assert.equal(code(right), '403 not_approved');
    assert.equal(right.header('Set-Cookie'), undefined);
    const same = (r) => r.text.replace(/"ref":"[^"]*"/, '');
    assert.equal(code(wrong), '401 sign_in');
    assert.equal(same(wrong), same(nobody));
    const task = (await chief.get('/console/home')).json.tasks.find((x) => x.id === 'waiting');
    assert.deepEqual([task.menu, task.count], ['member.invite', (await list()).waiting.length]);
    const row = await waiting('aoi');
    assert.deepEqual([row.family, row.given, row.family_reading, row.inviter_name], ['三浦', '葵', 'みうら', '主']);
    assert.ok(Math.abs(Date.parse(row.made) - Date.now()) < 60_000);
    assert.equal((await approve('aoi')).status, 200);
    assert.deepEqual([await members(), (await list()).seats_used], [before + 1, seats + 1]);
    assert.equal(await waiting('aoi'), undefined);
    const me = (await p.trySignIn()).json;
    assert.deepEqual([me.login, me.family, me.role, me.must_change], ['aoi', '三浦', 'member', '']);
    assert.equal(code(await p.post('/console/session', { password: p.password })), '403 forbidden');
});

test('a rejected one stays without a session, and is forgotten after seven days', async () => {
    proves('MEM-15');
    const used = (await list()).seats_used;
    const p = await comes('rejected');
    assert.equal((await reject('rejected')).status, 200);
    assert.equal(await waiting('rejected'), undefined);
    assert.equal(code(await p.trySignIn()), '403 not_approved');
    assert.equal((await list()).seats_used, used);
    assert.equal(code(await use(stranger('rejected'), await invite())), '409 login_taken');
    assert.equal(code(await stranger('rejected', newPassword()).trySignIn()), '401 sign_in');
    const waits = await comes('patient');
    const night = async (days) => {
        const before = Date.parse((await acme.op('test.night')).done);
        await acme.clock(days * DAY);
        await until(async () => Date.parse((await acme.op('test.night')).done) > before, 'the work of the night');
    };
    await night(6);
    assert.equal(code(await p.trySignIn()), '403 not_approved', 'not before');
    await night(8);
    assert.equal(code(await p.trySignIn()), '401 sign_in', 'forgotten: nobody is there');
    assert.equal(code(await waits.trySignIn()), '403 not_approved', 'who waits is not');
    await chief.signIn();
    await chief.openConsole();
    assert.equal((await use(stranger('rejected'), await invite())).json.state, 'waiting', 'the ID is free');
});

test('a link of one company is worth nothing at another, like one that never was', async () => {
    const other = await openTenant(house, 'kawasemi'), t = await invite();
    const count = async () => (await other.op('member.all', {})).members.length, before = await count();
    const at = (token) => use(stranger('guest', 'ein langes Passwort', other), token);
    const same = (r) => r.text.replace(/"ref":"[^"]*"/, '');
    const foreign = await at(t);
    assert.equal(code(foreign), '410 invite_ended');
    assert.equal(same(foreign), same(await at('A'.repeat(43))));
    assert.equal(await count(), before);
});

test('an ID that somebody has is the only thing a stranger learns, and not often', async () => {
    proves('B1.06');
    const t = await invite(), p = stranger('ann');
    assert.equal(code(await use(p, t)), '409 login_taken');
    for (const [more, field] of [[{ login: 'Not An Id' }, 'login'], [{ password: 'short' }, 'password'], [{ family: ' ' }, 'family'], [{ login: 'fresh-person', password: 'fresh-person 2026 2026' }, 'password']]) {
        const r = await use(stranger('fresh'), t, more);
        assert.deepEqual([r.status, r.json.error.field], [400, field], r.text);
    }
    let refused = 0, tries = 0;
    for (; tries < 40 && !refused; tries++)
        refused = Number(code(await use(p, t)) === '429 too_many');
    assert.ok(refused && tries > 10, `${tries} tries`);
    assert.equal(code(await use(stranger('elsewhere'), t)), '200', 'another address has tries of its own');
    assert.equal((await reject('elsewhere')).status, 200);
});

test('turning automatic approval on approves all who wait, once that is confirmed', async () => {
    proves('MEM-14');
    for (const w of (await list()).waiting)
        assert.equal((await chief.post(`/console/invited/${w.id}/reject`)).status, 200);
    const people = [];
    for (const n of ['one', 'two', 'three'])
        people.push(await comes(n));
    const before = await members(), seats = (await list()).seats_used;
    const asked = await chief.put('/console/settings/member.invite.auto_approve', { value: 'true' });
    assert.deepEqual([code(asked), asked.json.error.count], ['409 members_waiting', 3]);
    assert.equal(await members(), before);
    const all = await chief.put('/console/settings', { settings: [{ key: 'member.invite.auto_approve', value: 'true' }] });
    assert.equal(code(all), '409 members_waiting', 'the page of settings asks as well');
    await set('member.invite.auto_approve', 'true', { confirmed: true });
    assert.deepEqual([await members(), (await list()).seats_used, (await list()).waiting.length], [before + 3, seats + 3, 0]);
    for (const p of people)
        assert.equal((await p.trySignIn()).status, 200);
    const p = stranger('at-once');
    assert.equal((await use(p, await invite())).json.state, 'member');
    assert.equal((await p.trySignIn()).status, 200);
    await set('member.invite.auto_approve', 'false');
});

test('with all seats taken an approval is refused, and whoever comes waits', async () => {
    proves('CON-05');
    const p = await comes('late');
    const { seats_used: used } = await list();
    await acme.op('tenant.setting', { key: 'plan.seats', value: `${await members()}` });
    assert.equal(code(await approve('late')), '409 seats_exceeded');
    await set('member.invite.auto_approve', 'true', { confirmed: true });
    assert.ok(await waiting('late'), 'there was no seat');
    const q = stranger('later');
    assert.equal((await use(q, await invite())).json.state, 'waiting');
    assert.equal(code(await q.trySignIn()), '403 not_approved');
    await acme.op('tenant.setting', { key: 'plan.seats', value: 'none' });
    assert.equal((await approve('late')).status, 200);
    assert.equal((await p.trySignIn()).status, 200);
    assert.equal((await list()).seats_used, used + 1);
    await set('member.invite.auto_approve', 'false');
});

test('every step has its row in the log of the console, and none holds a token or a password', async () => {
    proves('MEM-13', 'MEM-15');
    const t = await invite(), p = stranger('logged');
    await use(p, t);
    await approve('logged');
    await comes('refused');
    await reject('refused');
    await chief.delete(`/console/invitations/${(await list()).links[0].id}`);
    const rows = await chief.audit();
    for (const act of ['member.invite', 'member.invite.use', 'member.invite.approve', 'member.invite.reject', 'member.invite.revoke'])
        assert.ok(rows.some((r) => r.act === act && r.result === 'ok'), act);
    const used = rows.find((r) => r.act === 'member.invite.use' && r.detail.includes('logged'));
    assert.deepEqual(JSON.parse(used.detail), { login: 'logged', inviter: chief.id, state: 'waiting' });
    assert.ok(!house.logText().includes(t) && !JSON.stringify(rows).includes(p.password));
    assert.deepEqual(allBytes(house.dir).findText(t), []);
    assert.deepEqual(allBytes(house.dir).findText(p.password), []);
});
