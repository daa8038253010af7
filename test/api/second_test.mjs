// The second step of signing in: who is asked, by which ways it is proven, what a session that waits may do (nothing), and an admin's help.
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { House } from '../lib/house.mjs';
import { digits, httpOps, send } from '../lib/calls.mjs';
import { openTenant } from '../lib/people.mjs';
import { Socket } from '../lib/ws.mjs';

const DAY = 86_400_000, STEP = 30_000;
let house, acme, chief;

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const mode = async (value, t = acme) => assert.equal((await (await t.admin()).put('/console/settings/account.two_step.mode', { value })).status, 200);

/** The company's clock, standing still: what it shows, and how it goes on. */
function clockOf(t) {
    let ahead = 0;
    const base = Date.now() + 60_000;
    return {
        now: () => base + ahead,
        async forward(ms) {
            ahead += ms;
            await t.clock(base + ahead - Date.now(), { still: true });
        },
    };
}

async function register(p, clock) {
    const begun = await p.post('/me/second/app', { password: p.password });
    assert.equal(begun.status, 200, begun.text);
    const done = await p.put('/me/second/app', { code: digits(begun.json.secret, clock.now()) });
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.codes.length, 10);
    return { secret: begun.json.secret, codes: done.json.codes.map((c) => c.code) };
}

const prove = (p, body) => p.post('/session/second', { remember: true, ...body });

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
});
after(() => house?.stop());

test('an admin registers an app at the first login, and proves it at each one after that', async () => {
    const t = await openTenant(house, 'kaede'), clock = clockOf(t), p = t.chief;
    await clock.forward(0);
    const first = await p.tryPassword();
    assert.deepEqual([first.status, first.json.second, first.json.company], [200, 'enrol', '']);
    const half = p.client.cookies.get(`__Host-sid-${t.number}`);
    const begun = await p.post('/session/second/app');
    assert.match(begun.json.uri, /^otpauth:\/\/totp\/kaede%20%E6%A0%AA%E5%BC%8F%E4%BC%9A%E7%A4%BE:chief%40kaede\?secret=[A-Z2-7]{32}&issuer=/);
    assert.equal(code(await prove(p, { code: '000000' })), '403 code_wrong');
    const { secret } = begun.json;
    const at = digits(secret, clock.now());
    const done = await prove(p, { code: at });
    assert.equal(done.status, 200, done.text);
    assert.deepEqual([done.json.me.login, done.json.me.role, done.json.codes.length], ['chief', 'super', 10]);
    assert.notEqual(p.client.cookies.get(`__Host-sid-${t.number}`), half, 'another token than before the proof');
    assert.equal((await p.openConsole()).login, 'chief');

    const again = p.elsewhere();
    again.client.cookies = p.client.cookies;              // the same browser: an admin is asked there, too
    assert.equal((await again.tryPassword()).json.second, 'ask');
    assert.equal(code(await prove(again, { code: at })), '403 code_wrong', 'the code of the step that was used');
    assert.equal(code(await again.post('/session/second/app')), '403 denied');
    await clock.forward(STEP);
    proves('B2.01');
    const next = digits(secret, clock.now());
    assert.equal((await prove(again, { code: `${next.slice(0, 3)} ${next.slice(3)}` })).status, 200);
    const third = p.elsewhere();
    await third.tryPassword();
    assert.equal(code(await prove(third, { code: next })), '403 code_wrong', 'a code is worth one time, in any session');
    const paper = done.json.codes[3].code;
    assert.match(paper, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const asTyped = `　${paper.toLowerCase().replaceAll('-', 'ー').replaceAll('0', 'Ｏ').replaceAll('1', 'l')}`;
    assert.equal((await prove(third, { code: asTyped })).status, 200);
    const fourth = p.elsewhere();
    await fourth.tryPassword();
    assert.equal(code(await prove(fourth, { code: paper })), '403 code_wrong', 'a code of the sheet once');
    assert.equal((await third.get('/me/second')).json.codes, 9);
});

test('a session that waits may do nothing but prove it or end', async () => {
    const p = chief.elsewhere();
    assert.equal((await p.tryPassword()).json.second, 'enrol');
    for (const r of [await p.get('/me'), await p.get('/rooms'), await p.post('/ws-ticket'), await p.post('/console/session', { password: p.password }), await p.put('/me/password', { old: p.password, new: 'ein ganz anderes 2026' }), await p.get('/sessions')])
        assert.equal(code(r), '401 second_step_required', r.text);
    assert.equal((await p.get('/session/second')).json.step, 'enrol');
    assert.equal((await p.delete('/session')).status, 200);
    assert.equal(code(await p.get('/session/second')), '401 session_ended');
    const late = chief.elsewhere(), clock = clockOf(acme);
    await late.tryPassword();
    await clock.forward(11 * 60_000);
    assert.equal(code(await late.get('/session/second')), '401 session_ended', 'it waits ten minutes');
});

test('required, and the password alone was given: every operation is refused before anything else is looked at', async () => {
    proves('ACC-19', 'B2.03');
    const t = await openTenant(house, 'kyoto'), may = new Set(['second.read', 'second.prove', 'second.enrol', 'second.ask', 'session.end']);
    await mode('required', t);
    const p = await t.add('ann');
    assert.equal((await p.tryPassword()).json.second, 'enrol');
    let cells = 0;
    for (const op of httpOps.filter((o) => o.who !== 'public' && !may.has(o.name))) {
        const r = await send(op, p, { object: '1', ...(op.name === 'file.part' ? { bytes: Buffer.from('x'), query: 'at=0' } : { body: {} }) });
        assert.equal(code(r), '401 second_step_required', op.name);
        cells++;
    }
    assert.ok(cells > 190, `${cells} operations`);
    const ws = await Socket.open(p.client, p.path('/ws'), 'A'.repeat(43));
    assert.equal(ws.answer.status, 401, 'and no WebSocket opens without a ticket');
    console.log(`the second step first: ${cells} cells refused`);
});

test('five wrong codes end the session that waits, however many come at once; a right password gives no more tries', async () => {
    proves('B2.02');
    const p = chief.elsewhere();
    await p.tryPassword();
    const storm = await Promise.all(Array.from({ length: 40 }, (_, i) => prove(p, { code: String(100000 + i) })));
    const codes = storm.map(code);
    assert.equal(codes.filter((c) => c === '403 code_wrong').length, 4, codes.join());
    assert.equal(codes.filter((c) => c === '401 session_ended').length, 36, codes.join());
    /* The source has used up its tries (ACC-17): the right code says no more than a wrong one. */
    const again = chief.elsewhere();
    again.client.address = p.client.address;
    assert.equal((await again.tryPassword()).json.second, 'enrol', 'the password is not what was wrong');
    const { code: slip } = await acme.op('member.second_slip', { login: 'chief' });
    assert.equal(code(await prove(again, { code: slip })), '403 code_wrong');
    const elsewhere = chief.elsewhere();
    await elsewhere.tryPassword();
    assert.equal((await prove(elsewhere, { code: slip })).status, 200, 'from another address it is good: it was not used up');
    const notice = (await elsewhere.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
    const said = (await elsewhere.get(`/rooms/${notice.id}/messages`)).json.messages.map((m) => m.text);
    assert.ok(said.some((x) => x.includes('2段階認証のコードの間違い') && x.includes(p.client.address)), said.join());
});

test('new devices: the first one is free, a known browser is not asked on day 89, is on day 91, and a second one always', async () => {
    const t = await openTenant(house, 'nara'), clock = clockOf(t), ann = await t.add('ann');
    await clock.forward(0);
    assert.equal((await ann.tryPassword()).json.second, '');
    const other = ann.elsewhere();
    assert.equal((await other.tryPassword()).json.second, 'ask');
    assert.equal(code(await other.get('/me')), '401 second_step_required');
    await clock.forward(89 * DAY);
    const same = ann.elsewhere();
    same.client.cookies = ann.client.cookies;
    assert.equal((await same.tryPassword()).json.second, '', 'day 89');
    await clock.forward(2 * DAY);
    assert.equal((await same.tryPassword()).json.second, 'ask', 'day 91');
    assert.equal((await ann.elsewhere().tryPassword()).json.second, 'ask');
    await same.signIn();                                  // by a slip, remembered
    assert.equal((await same.tryPassword()).json.second, '', 'proven again');
    const public_ = ann.elsewhere();
    await public_.tryPassword();
    const { code: slip } = await t.op('member.second_slip', { login: 'ann' });
    assert.equal((await prove(public_, { code: slip, remember: false })).status, 200);
    assert.equal((await public_.tryPassword()).json.second, 'ask', 'not remembered where that was not wanted');
    await mode('required', t);
    proves('ACC-19');
    assert.equal((await same.tryPassword()).json.second, 'ask', 'required: also where it is known');
});

test('signing out everywhere and a new password end what is remembered', async () => {
    const t = await openTenant(house, 'ise'), ann = await t.add('ann');
    await ann.signIn();
    assert.equal((await ann.tryPassword()).json.second, '');
    assert.equal((await ann.delete('/sessions?all=true')).status, 200);
    assert.equal((await ann.tryPassword()).json.second, 'ask');
    await ann.signIn();
    assert.equal((await ann.put('/me/password', { old: ann.password, new: 'ein ganz anderes 2026' })).status, 200);
    ann.password = 'ein ganz anderes 2026';
    assert.equal((await ann.tryPassword()).json.second, 'ask');
});

test('where each member chooses, who has registered an app is asked, and may remove it', async () => {
    const t = await openTenant(house, 'uji'), clock = clockOf(t), ann = await t.add('ann');
    await mode('optional', t);
    await clock.forward(0);
    await ann.signIn();
    assert.equal((await ann.elsewhere().tryPassword()).json.second, '');
    assert.equal(code(await ann.post('/me/second/app', { password: 'falsch, ganz falsch' })), '401 sign_in');
    const { secret, codes } = await register(ann, clock);
    const other = ann.elsewhere();
    assert.equal((await other.tryPassword()).json.second, 'ask');
    assert.deepEqual((({ app, codes: c, device }) => ({ app, c, device }))((await other.get('/session/second')).json), { app: true, c: true, device: false });
    await clock.forward(STEP);
    assert.equal((await prove(other, { code: digits(secret, clock.now()) })).status, 200);
    proves('B2.06');
    const sheet = await ann.post('/me/second/codes', { password: ann.password });
    assert.equal(sheet.json.codes.length, 10);
    const third = ann.elsewhere();
    await third.tryPassword();
    assert.equal(code(await prove(third, { code: codes[0] })), '403 code_wrong', 'a sheet that was replaced');
    assert.equal((await prove(third, { code: sheet.json.codes[0].code })).status, 200);
    assert.equal(code(await ann.post('/me/second/app/remove', { password: 'falsch, ganz falsch' })), '401 sign_in');
    assert.equal((await ann.post('/me/second/app/remove', { password: ann.password })).status, 200);
    assert.equal((await ann.elsewhere().tryPassword()).json.second, '');
    await mode('required', t);
    await register(ann, clock);
    proves('B2.07');
    assert.equal(code(await ann.post('/me/second/app/remove', { password: ann.password })), '409 last_way');
    const said = (await ann.get(`/rooms/${(await ann.get('/rooms')).json.rooms.find((r) => r.kind === 'notice').id}/messages`)).json.messages.map((m) => m.text);
    for (const what of [/認証アプリを登録しました/, /予備コードを作りました/, /登録を解除しました/])
        assert.ok(said.some((s) => what.test(s)), `${what}: ${said}`);
});

test('another device of the member gives its word, by the number that the new one shows', async () => {
    const t = await openTenant(house, 'otsu'), ann = await (await t.add('ann')).signIn(), ben = await (await t.add('ben')).signIn();
    const ws = await ann.socket();
    const p = ann.elsewhere();
    await p.tryPassword();
    assert.equal((await p.get('/session/second')).json.device, true);
    const asked = await p.post('/session/second/ask');
    assert.ok(asked.json.number >= 10 && asked.json.number <= 99, asked.text);
    const told = await ws.event('session.second.asked', () => true);
    const { asking } = (await ann.get('/me/second/asking')).json;
    assert.equal(told.data.session, asking.session);
    assert.equal(told.data.number, undefined, 'the number is shown there alone');
    assert.equal(code(await prove(p, {})), '403 code_wrong', 'no word yet');
    assert.equal((await ben.get('/me/second/asking')).json.asking, null);
    assert.equal(code(await ben.post('/me/second/asking', { session: asking.session, yes: true, number: asked.json.number })), '404 not_found');
    const wrong = await ann.post('/me/second/asking', { session: asking.session, yes: true, number: asked.json.number === 10 ? 11 : 10 });
    assert.equal(wrong.json.granted, false);
    assert.equal((await p.get('/session/second')).json.answer, 'no');
    const second = await p.post('/session/second/ask');
    const right = await ann.post('/me/second/asking', { session: asking.session, yes: true, number: second.json.number });
    assert.equal(right.json.granted, true, right.text);
    assert.equal((await p.get('/session/second')).json.answer, 'yes');
    assert.equal((await prove(p, {})).json.me.login, 'ann');
    assert.equal(code(await ann.post('/me/second/asking', { session: asking.session, yes: true, number: second.json.number })), '404 not_found');
    const third = ann.elsewhere();
    await third.tryPassword();
    const n = (await third.post('/session/second/ask')).json.number;
    const now = (await ann.get('/me/second/asking')).json.asking;
    assert.equal((await ann.post('/me/second/asking', { session: now.session, yes: false, number: n })).json.granted, false);
    assert.equal(code(await prove(third, {})), '403 code_wrong');
    for (let n = 4; n <= 10; n++) assert.equal((await third.post('/session/second/ask')).status, 200, `${n} questions`);
    assert.equal(code(await third.post('/session/second/ask')), '429 too_many', 'nobody is worn down by questions');
    await mode('required', t);
    const fourth = ann.elsewhere();
    await fourth.tryPassword();
    assert.equal((await fourth.get('/session/second')).json.device, false);
    assert.equal(code(await fourth.post('/session/second/ask')), '403 denied', 'a way of its own is required');
});

test('an admin gives a code or takes the app away, of nobody above it; each is in the log', async () => {
    const t = await openTenant(house, 'hida'), clock = clockOf(t), ann = await t.add('ann'), sub = await t.add('sub', { role: 'operator' });
    await clock.forward(0);
    await ann.signIn();
    await register(ann, clock);
    await (await sub.signIn()).openConsole();
    assert.equal(code(await sub.post(`/console/members/${t.chief.id}/second-slip`)), '403 denied');
    assert.equal(code(await sub.delete(`/console/members/${t.chief.id}/second`)), '403 denied');
    const made = await sub.post(`/console/members/${ann.id}/second-slip`);
    const p = ann.elsewhere();
    await p.tryPassword();
    assert.equal((await prove(p, { code: made.json.code })).status, 200);
    const old = await sub.post(`/console/members/${ann.id}/second-slip`), slip = await sub.post(`/console/members/${ann.id}/second-slip`);
    const q = ann.elsewhere();
    await q.tryPassword();
    assert.equal(code(await prove(q, { code: old.json.code })), '403 code_wrong', 'the newest alone');
    await clock.forward(72 * 3_600_000 + 60_000);
    await q.tryPassword();
    assert.equal(code(await prove(q, { code: slip.json.code })), '403 code_wrong', 'for 72 hours');
    await (await sub.signIn()).openConsole();
    assert.equal((await sub.delete(`/console/members/${ann.id}/second`)).status, 200);
    const r = ann.elsewhere();
    assert.equal((await r.tryPassword()).json.second, 'ask', 'not for the password alone');
    assert.equal((await r.get('/session/second')).json.app, false);
    assert.equal((await ann.tryPassword()).json.second, 'ask', 'no device is remembered');
    const rows = await (await t.admin()).audit();
    const acts = (act) => rows.filter((x) => x.act === act && x.object === ann.id).map((x) => x.result);
    assert.deepEqual([acts('second.slip'), acts('second.reset')], [['ok', 'ok', 'ok'], ['ok']]);
    assert.ok(rows.some((x) => x.act === 'session.second' && x.result === 'ok' && x.actor === ann.id));
});

test('a setup slip counts as the first login of who has no app, and asks who has one', async () => {
    const t = await openTenant(house, 'soka'), clock = clockOf(t), ann = await t.add('ann'), ben = await t.add('ben');
    await clock.forward(0);
    for (const p of [ann, ben]) await p.signIn();
    await register(ben, clock);
    for (const [p, want] of [[ann, ''], [ben, 'ask']]) {
        const token = await t.link(p);
        const fresh = p.elsewhere();
        const r = await fresh.post('/link/password', { token, password: 'ein ganz anderes 2026', client: 'web' });
        assert.equal(r.status, 200, r.text);
        p.password = 'ein ganz anderes 2026';
        assert.equal(code(await fresh.get('/me')), want ? '401 second_step_required' : '200', p.login);
    }
    const token = await t.link(ann, 'reset');
    const fresh = ann.elsewhere();
    await fresh.post('/link/password', { token, password: 'noch ein anderes 2026', client: 'web' });
    assert.equal(code(await fresh.get('/me')), '401 second_step_required', 'a link of one who forgot the password is no second step');
});

test('the secret of the app and the codes stand in the answers that made them and in no other, and not in the log', async () => {
    const t = await openTenant(house, 'mino'), clock = clockOf(t), ann = await t.add('ann');
    await clock.forward(0);
    await ann.signIn();
    const { secret, codes } = await register(ann, clock);
    const { code: slip } = await t.op('member.second_slip', { login: 'ann' });
    const admin = await t.admin();
    const answers = [...await Promise.all(['/me', '/me/second', '/me/data', '/sessions', '/rooms'].map((at) => ann.get(at))),
        ...await Promise.all([`/console/members/${ann.id}`, '/console/members', '/console/audit?limit=200'].map((at) => admin.get(at)))];
    for (const r of answers) assert.equal(r.status, 200, r.text);
    for (const word of [secret, ...codes, slip])
        assert.ok(!house.logText().includes(word) && !answers.some((r) => r.text.includes(word)), word);
});
