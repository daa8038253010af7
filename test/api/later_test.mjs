// What members want to happen at a moment: a message sent, a reminder, a deadline; and messages kept at hand.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const HOUR = 3_600_000;
let house, acme, ann, ben, cho, room, ahead = 0;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho')];
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = (await ann.post('/rooms', { kind: 'several', name: '\u65e9\u756a', members: [ben.id, cho.id] })).json.id;
});
after(() => house.remove());

/** The tenant's clock, which runs ahead of ours by what the tests moved it. */
const inMs = (ms) => Date.now() + ahead + ms;
const forward = async (ms) => {
    ahead += ms;
    await acme.clock(ahead);
};
const texts = async (p, r = room) => (await p.get(`/rooms/${r}/messages`)).json.messages.map((m) => m.text);
const waiting = async (p) => (await p.get('/later')).json.items;
const notices = async (p) => {
    const r = (await p.get('/rooms')).json.rooms.find((x) => x.kind === 'notice');
    return r ? (await p.get(`/rooms/${r.id}/messages`)).json.messages : [];
};
const ok = (r) => {
    assert.equal(r.status, 200, r.text);
    return r.json;
};

test('a message is sent at its moment and not before, once, as its author', async () => {
    proves('TLK-02');
    const key = newKey(), due = inMs(HOUR);
    const body = { key, text: '\u304a\u306f\u3088\u3046 @ben', due, mentions: [{ kind: 'member', id: ben.id, at: 5, length: 4 }] };
    const l = ok(await ann.post(`/rooms/${room}/later`, body));
    assert.equal(ok(await ann.post(`/rooms/${room}/later`, body)).id, l.id, 'a repeat is the same');
    assert.equal((await ann.post(`/rooms/${room}/later`, { ...body, text: 'x' })).json.error.code, 'key_reused');
    assert.deepEqual((await waiting(ann)).map((i) => [i.id, i.kind, i.room, i.text]), [[l.id, 'message', room, body.text]]);
    assert.deepEqual(await waiting(ben), []);
    assert.equal((await ben.delete(`/later/${l.id}`)).status, 404);
    await forward(HOUR - 60_000);
    assert.deepEqual((await waiting(ann)).length, 1);
    assert.ok(!(await texts(ben)).includes(body.text));
    const w = await ben.socket();
    await forward(60_000);
    const told = await w.event('talk.message.posted', (e) => e.data.room === room);
    assert.deepEqual([told.data.text, told.data.author, told.data.key, told.data.content.mentions[0].id], [body.text, ann.id, key, ben.id]);
    assert.deepEqual(await waiting(ann), []);
    assert.equal((await texts(ben)).filter((t) => t === body.text).length, 1);
    assert.equal((await ann.post(`/rooms/${room}/later`, { ...body, due: inMs(HOUR) })).json.error.code, 'key_reused', 'sent already');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    const rows = ok(await acme.chief.get('/console/audit/talk?act=talk.post')).rows.filter((r) => r.actor === ann.id);
    assert.equal(rows.length, 1, 'one row of the log');
    w.end();
});

test('it waits over a restart, and several at one moment come in their order', async () => {
    for (const [text, ms] of [['two', 2], ['one', 1], ['three', 3]])
        ok(await ann.post(`/rooms/${room}/later`, { key: newKey(), text, due: inMs(HOUR + ms * 1_000) }));
    await house.stop();
    await house.boot();
    await acme.clock(ahead);
    assert.deepEqual((await waiting(ann)).map((i) => i.text), ['one', 'two', 'three']);
    await forward(2 * HOUR);
    await until(async () => (await waiting(ann)).length === 0, 'all are sent');
    assert.deepEqual((await texts(cho)).slice(0, 3), ['three', 'two', 'one']);
});

test('what can no longer be sent stays with its reason, and holds nothing up; what is dropped is not sent', async () => {
    const other = ok(await cho.post('/rooms', { kind: 'several', name: '\u4ed6', members: [ann.id] })).id;
    ok(await ann.post(`/rooms/${other}/later`, { key: newKey(), text: 'gone', due: inMs(HOUR) }));
    ok(await ann.post(`/rooms/${room}/later`, { key: newKey(), text: 'behind it', due: inMs(HOUR + 1_000) }));
    const dropped = ok(await ann.post(`/rooms/${room}/later`, { key: newKey(), text: 'dropped', due: inMs(HOUR) }));
    assert.equal((await ann.delete(`/later/${dropped.id}`)).status, 200);
    assert.equal((await ann.post(`/rooms/${other}/leave`)).status, 200);
    await forward(2 * HOUR);
    await until(async () => (await texts(ben)).includes('behind it'), 'the one behind');
    assert.deepEqual((await waiting(ann)).map((i) => [i.text, i.failed]), [['gone', 'not_found']]);
    assert.ok(!(await texts(ben)).includes('dropped'));
    assert.equal((await ann.delete(`/later/${(await waiting(ann))[0].id}`)).status, 200);
    // A suspended author sends nothing.
    ok(await cho.post(`/rooms/${room}/later`, { key: newKey(), text: 'suspended', due: inMs(HOUR) }));
    await acme.chief.openConsole();
    ok(await acme.chief.post(`/console/members/${cho.id}/suspend`));
    await forward(2 * HOUR);
    ok(await ann.post(`/rooms/${room}/later`, { key: newKey(), text: 'after', due: inMs(1_000) }));
    await forward(10_000);
    await until(async () => (await texts(ben)).includes('after'), 'the next one');
    assert.ok(!(await texts(ben)).includes('suspended'));
    await acme.chief.openConsole();
    ok(await acme.chief.post(`/console/members/${cho.id}/resume`));
    await cho.signIn();
    assert.deepEqual((await waiting(cho)).map((i) => i.failed), ['suspended']);
});

test('bad input is refused by field', async () => {
    for (const [body, field] of [[{ due: inMs(-1_000) }, 'due'], [{ due: inMs(367 * 24 * HOUR) }, 'due'], [{ text: '' }, 'text'],
        [{ text: 'x'.repeat(10_001) }, 'text'], [{ key: 'k' }, 'key'], [{ mentions: [{ kind: 'member', id: acme.chief.id, at: 0, length: 1 }] }, 'mentions']]) {
        const r = await ann.post(`/rooms/${room}/later`, { key: newKey(), text: 'x', due: inMs(HOUR), ...body });
        assert.deepEqual([r.status, r.json.error.field], [400, field], r.text);
    }
    const notice = (await ann.get('/rooms')).json.rooms.find((r) => r.kind === 'notice');
    if (notice)
        assert.equal((await ann.post(`/rooms/${notice.id}/later`, { key: newKey(), text: 'x', due: inMs(HOUR) })).status, 403);
    for (let i = (await waiting(ben)).length; i < 100; i++)
        ok(await ben.post(`/rooms/${room}/later`, { key: newKey(), text: `${i}`, due: inMs(300 * 24 * HOUR) }));
    assert.equal((await ben.post(`/rooms/${room}/later`, { key: newKey(), text: 'x', due: inMs(HOUR) })).json.error.field, 'due', 'a hundred at most');
});

test('a reminder comes as a notice that leads to the message, without its words', async () => {
    const m = (await ann.say(room, 'secret words')).json ?? {};
    const id = m.id ?? (await ann.get(`/rooms/${room}/messages`)).json.messages[0].id;
    ok(await cho.put(`/messages/${id}/reminder`, { due: inMs(2 * HOUR) }));
    ok(await cho.put(`/messages/${id}/reminder`, { due: inMs(HOUR) }));
    assert.equal((await waiting(cho)).filter((i) => i.kind === 'reminder').length, 1, 'the later one is instead of the first');
    await forward(HOUR + 1_000);
    const found = await until(async () => (await notices(cho)).find((n) => n.content?.system?.what === 'reminder'), 'the notice');
    assert.equal(found.content.system.room, room);
    assert.equal(BigInt(found.content.system.room) * 4294967296n + BigInt(found.content.system.seq), BigInt(id));
    assert.ok(found.text.includes('\u65e9\u756a') && !found.text.includes('secret'));
    assert.deepEqual((await notices(ann)).filter((n) => n.content?.system), []);
});

test('an important message tells those who have not read it once more at its deadline', async () => {
    const r = ok(await ann.post(`/rooms/${room}/messages`, { key: newKey(), text: 'read me', important: true, deadline: inMs(HOUR) }));
    ok(await ben.put(`/rooms/${room}/read`, { seq: r.seq }));
    await until(async () => ok(await ann.get(`/messages/${r.id}/readers`)).read.includes(ben.id), 'his mark');
    const before = (await notices(ben)).length;
    await forward(HOUR + 1_000);
    await until(async () => (await notices(cho)).some((n) => n.text.includes('read me')), 'the notice');
    assert.equal((await notices(ben)).length, before, 'who has read it hears nothing');
    assert.ok(!(await waiting(ann)).some((i) => i.kind !== 'message'), 'a deadline is no reminder of the author');
});

test('saved messages are the saver\'s alone, and vanish with the message', async () => {
    const post = async (text) => ok(await ann.post(`/rooms/${room}/messages`, { key: newKey(), text }));
    const [a, b] = [await post('keep'), await post('and this')];
    for (const m of [a, b])
        ok(await cho.put(`/messages/${m.id}/saved`, { on: true }));
    ok(await cho.put(`/messages/${a.id}/saved`, { on: true }));
    const saved = async (p) => ok(await p.get('/saved')).messages.map((m) => m.text);
    assert.deepEqual(await saved(cho), ['and this', 'keep']);
    assert.deepEqual(await saved(ann), []);
    ok(await cho.put(`/messages/${a.id}/saved`, { on: false }));
    assert.deepEqual(await saved(cho), ['and this']);
    ok(await ann.post(`/messages/${b.id}/take-back`));
    assert.deepEqual(await saved(cho), []);
    const c = await post('of a room that is left');
    ok(await cho.put(`/messages/${c.id}/saved`, { on: true }));
    ok(await cho.post(`/rooms/${room}/leave`));
    assert.deepEqual(await saved(cho), []);
});

test('what was written and not sent is the member\'s own, told to its other devices, and no row of a log', async () => {
    const [mine, others] = [await ann.socket(), await ben.socket()];
    ok(await ann.put(`/rooms/${room}/draft`, { text: '\u66f8\u304d\u304b\u3051\n\u4e8c\u884c' }));
    const told = await mine.event('talk.draft', (e) => e.data.room === room);
    assert.equal(told.data.text, '\u66f8\u304d\u304b\u3051\n\u4e8c\u884c');
    assert.deepEqual(ok(await ann.get('/drafts')).drafts.map((d) => [d.room, d.text]), [[room, told.data.text]]);
    assert.deepEqual(ok(await ben.get('/drafts')).drafts, []);
    ok(await ann.put(`/rooms/${room}/draft`, { text: 'again' }));
    await mine.event('talk.draft', (e) => e.data.text === 'again');
    ok(await ann.put(`/rooms/${room}/draft`, { text: '' }));
    await mine.event('talk.draft', (e) => e.data.text === '');
    assert.deepEqual(ok(await ann.get('/drafts')).drafts, []);
    await ann.say(room, 'a message that ben hears');
    await others.event('talk.message.posted', (e) => e.data.text === 'a message that ben hears');
    assert.ok(!others.queue.some((e) => e.event === 'talk.draft'), 'nobody else hears of it');
    assert.equal((await cho.put(`/rooms/${room}/draft`, { text: 'x' })).status, 404, 'who has left keeps none there');
    for (const w of [mine, others])
        w.end();
});
