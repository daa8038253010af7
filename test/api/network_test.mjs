// From which networks a company's people may use it: the address list, who is exempt, what a change ends, and how nobody locks
// himself out by mistake.
import { House } from '../lib/house.mjs';
import { deviceSession, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { Socket } from '../lib/ws.mjs';

const OFFICE = '127.200.0.0/16', HOME = '127.201.0.7', ELSEWHERE = '127.202.0.9';
const codeOf = (r) => r.json?.error?.code;
let house, desks = 0;

before(async () => {
    house = await House.start();
});
after(() => house.remove());

/** From there on: the connection that was kept is let go. */
function goTo(person, address) {
    person.client.wire?.close();
    person.client.wire = null;
    person.client.address = address;
    return person;
}
const desk = () => `127.200.0.${++desks}`;
const atDesk = (person) => goTo(person, desk());
const set = (p, settings, more = {}) => p.put('/console/settings', { settings: Object.entries(settings).map(([key, value]) => ({ key, value })), ...more });
const refused = (r, what) => assert.deepEqual([r.status, codeOf(r)], [403, 'ip_not_allowed'], what);
async function done(promise) {
    const r = await promise;
    assert.equal(r.status, 200, r.text);
    return r.json;
}

/** A company whose chief sits in the office. */
async function company(name) {
    const t = await openTenant(house, name);
    await atDesk(t.chief).signIn();
    await t.chief.openConsole();
    return t;
}
const limit = (t, list = `${OFFICE} 本社`) => done(set(t.chief, { 'network.ip.allowed': list, 'network.ip.mode': 'list' }));
const rows = async (t, act) => (await t.chief.audit()).filter((r) => r.act === act);

test('with a list, requests from elsewhere are refused and the session goes on at the office', async () => {
    proves('NET-01', 'NET-08');
    const t = await company('grenze');
    const [ann, ben] = [atDesk(await t.add('ann')), goTo(await t.add('ben'), HOME)];
    const room = await t.room('店', t.chief, ann, ben);
    await ann.signIn();
    await ben.signIn();
    const sent = await done(ann.send(room, [['a.txt', Buffer.from('Inhalt der Datei')]]));
    const url = await ann.fileUrl(sent.content.files[0].id);
    const [annSocket, benSocket] = [await ann.socket(), await ben.socket()];
    await limit(t);
    // What a change ends: who is outside now, and nobody else.
    assert.equal((await benSocket.closed()).code, 4401);
    const gone = await ben.get('/me');
    assert.deepEqual([gone.status, codeOf(gone)], [401, 'session_ended']);
    assert.equal((await annSocket.call('me.read')).status, 200);
    assert.equal((await ann.say(room, 'noch da')).status, 200);
    // Elsewhere nothing answers, by no way.
    const ticket = await ann.ticket();
    goTo(ann, ELSEWHERE);
    for (const r of [await ann.get('/me'), await ann.get('/rooms'), await ann.say(room, 'von draußen'), await ann.post('/ws-ticket'), await ann.delete('/session')])
        refused(r);
    refused(await ann.get('/me', { headers: { 'X-Forwarded-For': '127.200.0.1', Forwarded: 'for=127.200.0.1', 'X-Real-IP': '127.200.0.1' } }), 'its own word counts for nothing');
    refused((await Socket.open(ann.client, ann.path('/ws'), ticket)).answer, 'a ticket taken elsewhere');
    assert.equal((await ann.client.get(url)).status, 404, 'a file by its address');
    // At the office it is the same session.
    atDesk(ann);
    assert.equal((await ann.get('/me')).status, 200);
    assert.equal((await ann.client.get(await ann.fileUrl(sent.content.files[0].id))).text, 'Inhalt der Datei');
    // Another company has rules of its own.
    const u = await openTenant(house, 'offen');
    goTo(u.chief, ELSEWHERE);
    await u.chief.signIn();
    assert.equal((await u.chief.get('/me')).status, 200);
});

test('who signs in elsewhere hears why after the right password alone, and it is a row', async () => {
    proves('NET-01', 'NET-08');
    const t = await company('tuer');
    const ann = goTo(await t.add('ann'), HOME);
    const proof = await deviceSession(await ann.signIn());
    ann.client.cookies.clear();
    await limit(t);
    refused(await ann.trySignIn());
    refused(await ann.trySignIn({ headers: { 'X-Forwarded-For': '127.200.0.1' } }));
    const wrong = await ann.trySignIn({ password: 'falsch geraten' });
    assert.deepEqual([wrong.status, codeOf(wrong)], [401, 'sign_in']);
    assert.equal(ann.client.cookies.size, 0);
    const tried = (await rows(t, 'session.open')).filter((r) => r.ip === HOME && r.result !== 'ok');
    assert.deepEqual(tried.map((r) => [r.object, r.result]), [[ann.id, 'sign_in'], [ann.id, 'ip_not_allowed']], 'the second like the first is counted in one');
    // The installed app, by its device's key, which stays though the session that enrolled it has ended.
    const app = goTo(ann.elsewhere(), ELSEWHERE);
    refused(await app.post('/device-session', proof));
    assert.equal((await atDesk(app).post('/device-session', proof)).status, 200, 'the proof was not used up');
    assert.equal((await app.get('/me')).json.channel, 'MP');
    refused(await goTo(app, ELSEWHERE).get('/me'));
    // After a start it is as before.
    await house.stop();
    await house.boot();
    refused(await goTo(ann, HOME).trySignIn());
    assert.equal((await atDesk(ann).trySignIn()).status, 200);
});

test('nobody locks himself out by mistake, and a list is never empty', async () => {
    proves('NET-02');
    const t = await company('schloss');
    const now = async () => Object.fromEntries((await done(t.chief.get('/console/settings'))).settings.filter((s) => s.key.startsWith('network.ip.')).map((s) => [s.key, s.value]));
    const before = await now();
    const left = async (r, status, code, field) => {
        assert.deepEqual([r.status, codeOf(r), r.json.error.field], [status, code, field], r.text);
        assert.deepEqual(await now(), before);
    };
    await left(await set(t.chief, { 'network.ip.mode': 'list' }), 409, 'network_list_empty');
    await left(await t.chief.put('/console/settings/network.ip.mode', { value: 'list' }), 409, 'network_list_empty');
    await left(await set(t.chief, { 'network.ip.mode': 'list', 'network.ip.allowed': '192.0.2.0/24' }), 409, 'lock_out');
    assert.equal((await set(t.chief, { 'network.ip.allowed': '192.0.2.0/24' })).status, 200, 'a list alone binds nobody');
    assert.equal(codeOf(await t.chief.put('/console/settings/network.ip.mode', { value: 'list' })), 'lock_out');
    await done(set(t.chief, { 'network.ip.allowed': '{}' }));
    for (const bad of ['192.0.2.0/33', '192.0.2.9-192.0.2.1', 'office', '192.0.2.1\n', '10.0.0.1,10.0.0.2', `192.0.2.1 ${'x'.repeat(101)}`, Array(1001).fill('192.0.2.1').join('\n')])
        await left(await set(t.chief, { 'network.ip.allowed': bad }), 400, 'invalid_value', 'network.ip.allowed');
    // 1,000 entries with a note each.
    const long = Array.from({ length: 1000 }, (_, i) => `127.${i >> 8}.${i & 255}.0/28 支店${i}`).join('\n');
    await done(set(t.chief, { 'network.ip.allowed': long, 'network.ip.exempt_members': t.chief.id, 'network.ip.mode': 'list' }));
    assert.equal((await now())['network.ip.allowed'], long);
    await limit(t);
    // The last entry goes with the list alone; an exemption that holds the maker in goes as little.
    assert.equal(codeOf(await t.chief.put('/console/settings/network.ip.allowed', { value: '{}' })), 'network_list_empty');
    goTo(t.chief, HOME);
    assert.equal((await t.chief.get('/me')).status, 200, 'exempt');
    assert.equal(codeOf(await t.chief.put('/console/settings/network.ip.exempt_members', { value: '{}' })), 'lock_out');
    assert.equal((await t.chief.get('/me')).status, 200);
    // Who says so may; and is out.
    assert.equal((await t.chief.put('/console/settings/network.ip.exempt_members', { value: '{}', confirmed: true })).status, 200);
    assert.equal((await t.chief.get('/me')).status, 401);
    refused(await t.chief.trySignIn());
    await atDesk(t.chief).signIn();
    await t.chief.openConsole();
    const changes = await rows(t, 'setting.change');
    assert.ok(changes.some((r) => r.result === 'lock_out') && changes.some((r) => r.result === 'network_list_empty'));
});

test('exempt members come from everywhere; taken from the list, their sessions elsewhere end', async () => {
    proves('NET-03');
    const t = await company('ausnahme');
    const [buyer, other] = [goTo(await t.add('buyer'), HOME), goTo(await t.add('other'), HOME)];
    await limit(t);
    await done(set(t.chief, { 'network.ip.exempt_members': buyer.id }));
    refused(await other.trySignIn());
    await buyer.signIn();
    const ws = await buyer.socket();
    assert.equal((await goTo(buyer, ELSEWHERE).get('/me')).status, 200);
    const [row] = (await rows(t, 'session.open')).filter((r) => r.actor === buyer.id && r.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { network: 'exempt' });
    const [own] = (await rows(t, 'session.open')).filter((r) => r.actor === t.chief.id && r.result === 'ok');
    assert.equal(own.detail, '');
    await done(set(t.chief, { 'network.ip.exempt_members': '{}' }));
    assert.equal((await ws.closed()).code, 4401);
    assert.equal((await buyer.get('/me')).status, 401);
});

test('a socket that stays open while its session is used at the office closes when its own network goes', async () => {
    proves('NET-01');
    const t = await company('draht');
    const ann = goTo(await t.add('ann'), HOME);
    await ann.signIn();
    const atHome = await ann.socket();
    atDesk(ann);
    const office = await ann.socket();
    await limit(t);
    assert.equal((await atHome.closed()).code, 4403);
    assert.equal((await office.call('me.read')).status, 200);
    assert.equal((await ann.get('/me')).status, 200, 'used last at the office');
});

test('the super admin is bound like everybody, unless it exempts itself; after the hand-over it is bound again', async () => {
    const t = await company('chefin');
    const sub = atDesk(await t.add('sub', { role: 'sub' }));
    await limit(t);
    refused(await goTo(t.chief, HOME).get('/me'));
    atDesk(t.chief);
    await sub.signIn();
    await sub.openConsole();
    const byOther = await sub.put('/console/settings/network.ip.exempt_super_admin', { value: 'true' });
    assert.deepEqual([byOther.status, codeOf(byOther)], [403, 'forbidden']);
    await done(t.chief.put('/console/settings/network.ip.exempt_super_admin', { value: 'true' }));
    goTo(t.chief, HOME);
    assert.equal((await t.chief.get('/me')).status, 200);
    await t.chief.signIn();
    const [row] = (await (await sub.openConsole()).audit()).filter((r) => r.act === 'session.open' && r.actor === t.chief.id && r.ip === HOME && r.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { network: 'exempt' });
    await t.chief.openConsole();
    await done(t.chief.post(`/console/admins/${sub.id}/handover`));
    await done(sub.post('/me/handover', { password: sub.password }));
    refused(await t.chief.get('/me'));
    assert.equal((await goTo(sub, HOME).get('/me')).status, 200);
});
