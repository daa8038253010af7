// Wrong passwords: a source is paused, the account closed to strangers, and nothing of it tells whether an ID exists.
import { House } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
});
after(() => house.remove());

const WRONG = 'nicht dieses Passwort';
const seen = (r) => `${r.status} ${r.text.replace(/("ref":")[0-9a-f]+/, '$1*')} ${r.header('Set-Cookie') ?? ''}`;

async function tenant(name, settings = {}) {
    const t = await openTenant(house, name);
    await t.chief.signIn();
    await t.chief.openConsole();
    for (const [key, value] of Object.entries(settings)) {
        const r = await t.chief.put(`/console/settings/${key}`, { value });
        assert.equal(r.status, 200, r.text);
    }
    return t;
}

const notices = async (p) => {
    const { rooms } = (await p.get('/rooms')).json;
    const texts = [];
    for (const room of rooms.filter((r) => r.kind === 'notice'))
        texts.push(...(await p.get(`/rooms/${room.id}/messages?limit=50`)).json.messages.map((m) => m.text));
    return texts;
};

test('three wrong tries pause the source: the right password gets the same answer there, and opens the account elsewhere', async () => {
    proves('ACC-17', 'ACC-11', 'B1.07');
    const t = await tenant('pause', { 'account.lockout.failures': '3' });
    const ann = await t.add('ann');
    await ann.signIn();
    const here = ann.elsewhere();
    const plain = seen(await here.trySignIn({ password: WRONG }));
    await here.trySignIn({ password: WRONG });
    assert.equal(seen(await here.trySignIn({ password: WRONG })), plain);
    for (let i = 0; i < 3; i++)
        assert.equal(seen(await here.trySignIn()), plain, 'paused: the right one too');
    assert.equal(seen(await here.trySignIn({ id: 'nobody', password: WRONG })), plain);
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);

    const told = await notices(ann);
    assert.equal(told.filter((x) => x.includes(here.client.address)).length, 1, told.join('\n'));
    assert.ok((await notices(t.chief)).some((x) => x.includes('(ann)') && x.includes(here.client.address)));
    const rows = (await t.chief.audit()).filter((r) => r.act === 'login.pause');
    assert.deepEqual(rows.map((r) => [r.object, r.actor, r.result, r.ip]), [[ann.id, '0', 'ok', here.client.address]]);
    const row = (await t.chief.get('/console/members')).json.members.find((m) => m.id === ann.id);
    assert.equal(row.locked, true);

    await t.clock(15 * 60_000 - 5_000);
    assert.equal(seen(await here.trySignIn()), plain);
    await t.clock(15 * 60_000 + 5_000);
    assert.equal((await here.trySignIn()).status, 200);
});

test('limits go by the address of the connection, whatever a header says', async () => {
    proves('B1.08');
    const t = await tenant('header', { 'account.lockout.failures': '3' });
    const ann = await t.add('ann');
    const here = ann.elsewhere();
    for (let i = 0; i < 3; i++)
        await here.trySignIn({ password: WRONG, headers: { 'X-Forwarded-For': `198.51.100.${i}`, 'X-Real-IP': `198.51.100.${i}`, Forwarded: `for=198.51.100.${i}` } });
    assert.equal((await here.trySignIn({ headers: { 'X-Forwarded-For': '198.51.100.77' } })).status, 401);
    assert.equal((await ann.elsewhere().trySignIn({ headers: { 'X-Forwarded-For': here.client.address } })).status, 200);
});

test('ten times as many over all sources leave known browsers alone, until an admin lifts it', async () => {
    proves('ACC-17', 'ACC-18', 'B1.07');
    const t = await tenant('closed', { 'account.lockout.failures': '3' });
    const ann = await t.add('ann'), ben = await t.add('ben');
    const known = ann.elsewhere();
    await known.signIn();
    await known.delete('/session');
    assert.equal([...known.client.cookies.keys()].join(), `__Host-dev-${t.number}`);
    for (let i = 0; i < 30; i++)
        assert.equal((await ann.elsewhere().trySignIn({ password: WRONG })).status, 401);
    assert.equal((await ann.elsewhere().trySignIn()).status, 401, 'a stranger with the right password');
    assert.equal((await known.trySignIn()).status, 200, 'the known browser');
    assert.equal((await ann.elsewhere().trySignIn()).status, 401, 'it has opened nothing for strangers');
    const other = ben.elsewhere();
    await other.signIn();
    other.client.cookies.delete(`__Host-sid-${t.number}`);
    const mixed = ann.elsewhere();
    mixed.client.cookies = other.client.cookies;
    assert.equal((await mixed.trySignIn()).status, 401, 'a browser known for another member');
    assert.equal((await t.chief.audit()).filter((r) => r.act === 'login.lock' && r.object === ann.id).length, 1);

    assert.equal((await t.chief.post(`/console/members/${ann.id}/unlock`)).status, 200);
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);
    assert.equal((await t.chief.get('/console/members')).json.members.find((m) => m.id === ann.id).locked, false);
    const row = (await t.chief.audit()).find((r) => r.act === 'member.unlock');
    assert.deepEqual([row.object, row.actor, row.result], [ann.id, t.chief.id, 'ok']);
});

test('scope account: wrong tries from different addresses close it for everybody', async () => {
    proves('ACC-17');
    const t = await tenant('account', { 'account.lockout.failures': '3', 'account.lockout.scope': 'account' });
    const ann = await t.add('ann');
    for (let i = 0; i < 3; i++)
        await ann.elsewhere().trySignIn({ password: WRONG });
    assert.equal((await ann.elsewhere().trySignIn()).status, 401);
    await t.op('member.unlock', { member: ann.id });
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);
});

test('a thousand guesses side by side find no more room than the limit', { timeout: 300_000 }, async () => {
    proves('B1.07', 'B1.08');
    const t = await tenant('storm');
    const ann = await t.add('ann');
    const address = ann.elsewhere();
    const ask = (password) => {
        const c = new Client(house);
        c.address = address.client.address;
        return c.post('/w/storm/session', { id: 'ann', password, client: 'web' }).finally(() => c.close());
    };
    // The right password is the sixth: evaluated, it would sign in. Five wrong ones stand before it in the queue.
    for (let i = 0; i < 5; i++)
        assert.equal((await ask(`${WRONG} ${i}`)).status, 401);
    let answers = 0;
    for (let round = 0; round < 20; round++) {
        const all = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i % 10 === 0 ? ann.password : `${WRONG} ${i}`)));
        for (const r of all) {
            assert.ok(r.status === 401 || r.status === 429 || r.status === 503, `${r.status}`);
            assert.equal(r.header('Set-Cookie'), undefined);
        }
        answers += all.filter((r) => r.status === 401).length;
    }
    console.log(`1,000 guesses side by side: ${answers} answered by 401, the rest by 429 or 503`);
    assert.equal((await t.chief.audit()).filter((r) => r.act === 'session.open' && r.actor === ann.id).length, 0);
    assert.equal((await ann.elsewhere().trySignIn()).status, 200);
});

test('wrong passwords of a signed-in member count as well: the console and the change of the password', async () => {
    proves('ACC-17');
    const t = await tenant('within', { 'account.lockout.failures': '3' });
    const sub = await t.add('sub', { role: 'sub' });
    await sub.signIn();
    for (let i = 0; i < 2; i++)
        assert.equal((await sub.post('/console/session', { password: WRONG })).json.error.code, 'sign_in');
    assert.equal((await sub.put('/me/password', { old: WRONG, new: newPassword() })).json.error.code, 'sign_in');
    assert.equal((await sub.post('/console/session', { password: sub.password })).status, 401);
    assert.equal((await sub.get('/me')).status, 200, 'the session itself goes on');
});
