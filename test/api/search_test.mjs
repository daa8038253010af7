// Searching talk: the own rooms and what could be read there, however it is written; and how long talk is kept.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, ann, ben, cho, room;
const DAY = 86_400_000;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho')];
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

const say = async (p, r, text, more) => {
    const a = await p.post(`/rooms/${r}/messages`, { key: newKey(), text, ...more });
    assert.equal(a.status, 200, a.text);
    return a.json;
};
const ask = async (p, params) => {
    const a = await p.get(`/search?${new URLSearchParams(params).toString().replaceAll('+', '%20')}`);
    assert.equal(a.status, 200, a.text);
    return a.json;
};
const texts = async (p, q, more) => (await ask(p, { q, ...more })).hits.map((h) => h.message.text);
const refused = async (p, query, status, code, field) => {
    const a = await p.get(`/search?${query}`);
    assert.equal(a.status, status, a.text);
    assert.equal(a.json.error.code, code);
    assert.equal(a.json.error.field, field);
};

test('a message is found as soon as it was sent, and after the process was killed', async () => {
    proves('TLK-05');
    const m = await say(ann, room, '来週のｶﾞｲﾄﾞ会議は ＡＢＣ商事で');
    for (const q of ['会', '会議', 'ガイド会議', 'がいど', 'abc商事', '会議 来週', '「の ガイド」', '"ｶﾞｲﾄﾞ"'])
        assert.deepEqual(await texts(ben, q), q === '「の ガイド」' ? [] : [m.text], q);
    const [hit] = (await ask(ben, { q: 'ガイド' })).hits;
    assert.deepEqual(hit.message, (await ben.get(`/messages/${m.id}`)).json);
    assert.deepEqual(hit.marks, [{ at: 3, length: 5 }]);
    assert.deepEqual(hit.snippet, { at: 0, text: m.text });
    process.kill(await acme.pid(), 'SIGKILL');
    assert.deepEqual(await until(() => texts(ben, 'ガイド').catch(() => null), 'the tenant again'), [m.text]);
});

test('a word of another\'s room is never hit', async () => {
    proves('TLK-05', 'B6.03');
    const own = await acme.room('別', ann, cho);
    const m = await say(ann, own, '内緒の苺大福');
    assert.deepEqual(await texts(cho, '苺大福'), [m.text]);
    assert.deepEqual(await texts(ben, '苺大福'), []);
    assert.deepEqual(await texts(acme.chief.client.cookies.size ? acme.chief : await acme.chief.signIn(), '苺大福'), []);
    await refused(ben, `q=%E8%8B%BA&room=${own}`, 404, 'not_found');
    await refused(ben, 'q=%E8%8B%BA&room=99999', 404, 'not_found');
    // Who leaves finds nothing from the next request on; who comes later without history nothing of before.
    await acme.op('room.leave', { room: own, member: cho.id });
    assert.deepEqual(await texts(cho, '苺大福'), []);
    await acme.op('room.join', { room: own, member: ben.id });
    const later = await say(ann, own, '次の苺大福');
    assert.deepEqual(await texts(ben, '苺大福'), [later.text]);
    assert.deepEqual(await texts(ann, '苺大福'), [later.text, m.text]);
});

test('what is changed, taken back and deleted for oneself is found as it is now', async () => {
    proves('TLK-04', 'TLK-05');
    const [a, b, c] = [await say(ann, room, '鮭おにぎり'), await say(ann, room, '梅おにぎり'), await say(ann, room, '昆布おにぎり')];
    assert.equal((await ann.put(`/messages/${a.id}`, { text: '鮭茶漬け' })).status, 200);
    assert.equal((await ann.post(`/messages/${b.id}/take-back`)).status, 200);
    assert.equal((await ben.post(`/messages/${c.id}/hide`)).status, 200);
    assert.deepEqual(await texts(ben, 'おにぎり'), []);
    assert.deepEqual(await texts(ann, 'おにぎり'), ['昆布おにぎり']);
    assert.deepEqual(await texts(ben, '鮭'), ['鮭茶漬け']);
    const poll = await say(ann, room, 'お昼は', { kind: 'poll', poll: { choices: [{ text: '天丼' }, { text: '親子丼' }], many: false } });
    const [hit] = (await ask(ben, { q: '親子丼' })).hits;
    assert.equal(hit.message.id, poll.id);
    assert.deepEqual(hit.marks, []);
});

test('by sender, room and day, page after page', async () => {
    proves('TLK-05');
    const r = await acme.room('頁', ann, ben, cho);
    const all = [];
    for (let i = 0; i < 7; i++)
        all.unshift((await say(i % 2 ? ben : cho, r, `頁送り${i}`)).text);
    const got = [];
    let before;
    do {
        const page = await ask(ann, { q: '頁送', limit: 3, ...(before ? { before } : {}) });
        assert.ok(page.hits.length <= 3 && page.complete);
        got.push(...page.hits.map((h) => h.message.text));
        before = page.next;
    } while (before);
    assert.deepEqual(got, all);
    assert.deepEqual(await texts(ann, '頁', { sender: ben.id }), ['頁送り5', '頁送り3', '頁送り1']);
    assert.deepEqual((await ask(ann, { sender: ben.id, room: r })).hits.map((h) => h.message.text), ['頁送り5', '頁送り3', '頁送り1']);
    assert.deepEqual(await texts(ann, '頁送', { room }), []);
    const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
    assert.equal((await texts(ann, '頁送', { from: '2020-01-01', to: '2099-12-31' })).length, 7);
    assert.deepEqual(await texts(ann, '頁送', { to: '2020-01-01' }), []);
    assert.deepEqual(await texts(ann, '頁送', { from: '2099-01-01' }), []);
    assert.ok(today > '2020-01-01');
});

test('what is no question is refused with its field', async () => {
    await refused(ann, '', 400, 'invalid_value', 'q');
    await refused(ann, 'q=%E3%80%81', 400, 'invalid_value', 'q');
    await refused(ann, `q=${'a'.repeat(101)}`, 400, 'invalid_value', 'q');
    await refused(ann, 'q=a&from=2026-13-01', 400, 'invalid_value', 'from');
    await refused(ann, 'q=a&before=1', 400, 'invalid_value', 'before');
    await refused(ann, 'q=a&limit=51', 400, 'invalid_value', 'limit');
    assert.equal((await cho.get('/console/talk/retention?period=P1M')).status, 403);
});

test('talk beyond its period is read by no operation at once, and erased a day later with a row', { timeout: 120_000 }, async () => {
    proves('TLK-06', 'B6.04');
    const t = await openTenant(house, 'bunko');
    const [dan, eve] = [await t.add('dan'), await t.add('eve')];
    for (const p of [dan, eve])
        await p.signIn();
    const r = await t.room('文庫', dan, eve);
    const old = await say(dan, r, '古い鯛焼き');
    await dan.put(`/messages/${old.id}/pin`, { on: true });
    await t.clock(32 * DAY);
    for (const p of [dan, eve])
        await p.signIn();
    const answer = await say(eve, r, '鯛焼きとは', { reply: old.seq });
    assert.deepEqual(await texts(eve, '鯛焼き'), [answer.text, old.text]);
    const admin = await (await t.chief.elsewhere().signIn()).openConsole();
    const count = await admin.get('/console/talk/retention?period=P1M');
    assert.equal(count.status, 200, count.text);
    assert.ok(count.json.messages >= 1 && Date.parse(count.json.from) > Date.now() + 33 * DAY - 60_000);
    const put = await admin.put('/console/settings/talk.retention', { value: 'P1M' });
    assert.equal(put.status, 200, put.text);
    const readable = async (p) => JSON.stringify([
        (await p.get('/rooms')).json, (await p.get('/sync?since=0')).json, (await p.get(`/rooms/${r}`)).json, await ask(p, { q: '鯛' }),
        ...await Promise.all(['limit=100', 'after=1', `around=${old.seq}`].map(async (q) => (await p.get(`/rooms/${r}/messages?${q}`)).json)),
        (await p.get(`/rooms/${r}/pins`)).json, (await p.get(`/messages/${old.id}`)).json, (await p.get(`/messages/${old.id}/thread`)).json,
        (await p.get(`/messages/${old.id}/readers`)).json,
    ]);
    for (const p of [dan, eve]) {
        assert.doesNotMatch(await readable(p), /古い/);
        assert.match(await readable(p), /鯛焼きとは/);
        assert.equal((await p.get(`/messages/${old.id}`)).status, 404);
    }
    assert.equal((await eve.post(`/messages/${old.id}/forward`, { to: [{ room: r, key: newKey() }] })).status, 404);
    // It can be taken back for a day; then the night's work erases.
    await t.clock(35 * DAY);
    const rows = async () => {
        await t.chief.signIn();
        await t.chief.openConsole();
        const list = await t.chief.get('/console/audit?limit=200');
        return list.json.rows.filter((x) => x.act === 'talk.erase');
    };
    const [row] = await until(async () => { const v = await rows(); return v.length ? v : null; }, 'the erasing');
    assert.equal(row.result, 'ok');
    assert.ok(JSON.parse(row.detail).messages >= 1, row.detail);
    await eve.signIn();
    assert.deepEqual(await texts(eve, '鯛焼き'), [answer.text]);
    assert.equal((await say(eve, r, '続き')).seq, answer.seq + 1);
});
