// Messages: posted by HTTP and WebSocket, seen live, once under their key, in one order, unchanged.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, ann, ben, cho, room;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    ben = await acme.add('ben');
    cho = await acme.add('cho');
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

/** All messages of a room, oldest first. */
async function history(person, r) {
    const all = [];
    for (let before = ''; ;) {
        const page = await person.get(`/rooms/${r}/messages?limit=100${before}`);
        assert.equal(page.status, 200);
        all.push(...page.json.messages);
        if (!page.json.more)
            return all.reverse();
        before = `&before=${all.at(-1).seq}`;
    }
}

test('a message by HTTP and one by WebSocket are seen live by the other member', async () => {
    proves('TLK-02');
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    const posted = await ann.say(room, 'おはよう');
    assert.equal(posted.status, 200);
    const seen = await wb.event('talk.message.posted', (m) => m.data.id === posted.json.id);
    assert.deepEqual(seen.data, posted.json);
    assert.equal(seen.room, room);

    const key = newKey();
    const answer = await wb.call('talk.post', { room }, { key, text: 'やあ' });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.author, ben.id);
    assert.equal(answer.body.seq, posted.json.seq + 1);
    const back = await wa.event('talk.message.posted', (m) => m.data.key === key);
    assert.deepEqual(back.data, answer.body);
    assert.equal(back.pos, seen.pos + 1);

    // Who is not in the room hears nothing of it: what comes next on that socket is the answer to its own question.
    const own = await acme.room('別', cho);
    const after = await cho.say(own, 'ここだけ');
    await wc.event('talk.message.posted', (m) => m.data.id === after.json.id);
    assert.deepEqual(wc.seen.filter((m) => m.room === room), []);
    for (const w of [wa, wb, wc])
        w.end();
});

test('one key is one message, and another text under it is refused; after a kill and a restart too', { timeout: 90_000 }, async () => {
    proves('TLK-02');
    const key = newKey();
    const first = await ann.say(room, '一度だけ', key);
    assert.equal(first.status, 200);
    const again = async (when) => {
        const same = await ann.say(room, '一度だけ', key);
        assert.equal(same.status, 200, when);
        assert.deepEqual(same.json, first.json, when);
        const other = await ann.say(room, '別の文', key);
        assert.equal(other.status, 409, when);
        assert.equal(other.json.error.code, 'key_reused', when);
        const elsewhere = await acme.room('ほか', ann);
        assert.equal((await ann.say(elsewhere, '一度だけ', key)).status, 409, when);
        const all = await history(ann, room);
        assert.equal(all.filter((m) => m.key === key && m.author === ann.id).length, 1, when);
    };
    await again('at once');
    const ws = await ann.socket();
    const byWs = await ws.call('talk.post', { room }, { key, text: '一度だけ' });
    assert.deepEqual(byWs.body, first.json);
    const refused = await ws.call('talk.post', { room }, { key, text: '別' });
    assert.equal(refused.status, 409);
    assert.equal(refused.error.code, 'key_reused');
    // The key is the sender's: another member's equal key is another message.
    const ofBen = await ben.say(room, '一度だけ', key);
    assert.equal(ofBen.status, 200);
    assert.notEqual(ofBen.json.id, first.json.id);
    ws.end();

    const pid = await acme.pid();
    assert.ok(pid > 1);
    process.kill(pid, 'SIGKILL');
    await until(async () => (await ann.get('/me')).status === 200, 'the process is back');
    assert.notEqual(await acme.pid(), pid);
    const count = async () => (await history(ann, room)).filter((m) => m.key === key && m.author === ann.id).length;
    assert.equal(await count(), 1);
    const same = await ann.say(room, '一度だけ', key);
    assert.deepEqual(same.json, first.json);
    assert.equal((await ann.say(room, '別の文', key)).status, 409);

    await house.stop();
    await house.boot();
    await until(async () => (await ann.get('/me')).status === 200, 'the house is back');
    await again('after a restart');
});

test('one order for all: seq without a gap, whoever posts by whatever way', async () => {
    proves('TLK-02');
    const r = await acme.room('順', ann, ben, cho);
    const ws = await cho.socket();
    await Promise.all([ann, ben].flatMap((p) => Array.from({ length: 20 }, (_, i) => p.say(r, `${p.login} ${i}`)))
        .concat(Array.from({ length: 20 }, (_, i) => ws.call('talk.post', { room: r }, { key: newKey(), text: `cho ${i}` }))));
    const all = await history(ann, r);
    assert.deepEqual(all.map((m) => m.seq), Array.from({ length: 60 }, (_, i) => i + 1));
    assert.deepEqual(await history(ben, r), all);
    for (const p of ['ann', 'ben', 'cho'])                 // each sender's own order is kept
        assert.deepEqual(all.filter((m) => m.text.startsWith(p)).map((m) => m.text), Array.from({ length: 20 }, (_, i) => `${p} ${i}`));
    for (const m of all)
        assert.equal(m.id, `${(BigInt(r) << 32n) | BigInt(m.seq)}`);
    await ws.event('talk.message.posted', (m) => m.data.seq === 60 && m.room === r);
    const live = ws.seen.filter((m) => m.room === r);
    assert.deepEqual(live.map((m) => m.data.seq), all.map((m) => m.seq));
    assert.ok(live.every((m, i) => i === 0 || m.pos > live[i - 1].pos));
    ws.end();
});

test('sync gives what happened since, in order, or says that too much is missing', async () => {
    proves('TLK-02');
    const { pos, rooms } = (await ben.get('/rooms')).json;
    assert.ok(rooms.some((x) => x.id === room));
    assert.deepEqual((await ben.get(`/sync?since=${pos}`)).json, { pos, reset: false, events: [] });
    const sent = [];
    for (const text of ['甲', '乙', '丙'])
        sent.push((await ann.say(room, text)).json);
    const outside = await acme.room('外', cho);
    await cho.say(outside, '見えない');
    const got = (await ben.get(`/sync?since=${pos}`)).json;
    assert.equal(got.reset, false);
    assert.deepEqual(got.events.map((e) => e.data), sent);
    assert.ok(got.events.every((e, i) => e.event === 'talk.message.posted' && e.pos > (i ? got.events[i - 1].pos : pos)));
    assert.ok(got.pos >= got.events.at(-1).pos);
    const late = (await ben.get(`/sync?since=${got.events[1].pos}`)).json;
    assert.deepEqual(late.events.map((e) => e.data), sent.slice(2));
    const beyond = (await ben.get(`/sync?since=${got.pos + 1000}`)).json;
    assert.equal(beyond.reset, true);
    assert.deepEqual(beyond.events, []);
    for (const bad of ['', '?since=', '?since=-1', '?since=x', '?since=1&since=2', '?since=1&more=2'])
        assert.equal((await ben.get(`/sync${bad}`)).status, 400, bad);
    await acme.op('room.leave', { room, member: ben.id });
    assert.deepEqual((await ben.get(`/sync?since=${pos}`)).json.events.filter((e) => e.event === 'talk.message.posted'), []);
    assert.equal((await ben.get(`/rooms/${room}`)).status, 404);
    await acme.op('room.join', { room, member: ben.id });
});

test('a text is kept as it is, 10,000 characters and not one more', async () => {
    proves('TLK-02');
    const texts = [
        '寿司🍣と👨‍👩‍👧‍👦、そして𠮷野家。葛󠄀城市。',
        'a\nb\n\nc',
        '　全角の空白　',
        '<script>alert(1)</script> & "quotes" \\ / \u2028 \u202e',
        'ｶﾞ が か\u3099',
        '🎌'.repeat(10_000),
        '長'.repeat(10_000),
        'x'.repeat(10_000),
    ];
    const ws = await ben.socket();
    for (const text of texts) {
        const r = await ann.say(room, text);
        assert.equal(r.status, 200, text.slice(0, 20));
        assert.equal(r.json.text, text);
        const live = await ws.event('talk.message.posted', (m) => m.data.id === r.json.id);
        assert.equal(live.data.text, text);
        const stored = (await ben.get(`/rooms/${room}/messages?limit=1`)).json.messages[0];
        assert.equal(stored.text, text);
    }
    for (const text of ['🎌'.repeat(10_001), '長'.repeat(10_001), 'x'.repeat(10_001), '', 'a\u0007b', 'a\u001bb']) {
        const before = (await ann.get(`/rooms/${room}`)).json.room.last_seq;
        const r = await ann.say(room, text);
        assert.equal(r.status, 400, JSON.stringify(text.slice(0, 5)));
        assert.equal(r.json.error.code, 'invalid_value');
        assert.equal(r.json.error.field, 'text');
        const w = await ws.call('talk.post', { room }, { key: newKey(), text });
        assert.equal(w.status, 400);
        assert.equal(w.error.field, 'text');
        assert.equal((await ann.get(`/rooms/${room}`)).json.room.last_seq, before);
    }
    for (const key of ['', 'x', newKey().replace(/-7(?=...-[89ab])/, '-4'), newKey().slice(1), newKey().toUpperCase() + '0']) {
        const r = await ann.say(room, 'x', key);
        assert.equal(r.status, 400, key);
        assert.equal(r.json.error.field, 'key', key);
    }
    ws.end();
});

test('a message is a row of the audit log that names its room and the version of its membership', async () => {
    proves('TLK-02', 'AUD-01');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    const r = await acme.room('数', ann, ben);
    const one = (await ann.say(r, '一')).json;
    await acme.op('room.leave', { room: r, member: ben.id });
    const two = (await ann.say(r, '二')).json;
    await ann.say(r, '二', two.key);                       // a repeat is no second act
    const rows = await acme.chief.audit();
    const of = (id) => rows.filter((x) => x.act === 'talk.post' && x.object === id);
    assert.equal(of(one.id).length, 1);
    assert.equal(of(two.id).length, 1);
    const detail = (m) => JSON.parse(of(m.id)[0].detail);
    assert.deepEqual(Object.keys(detail(one)).sort(), ['kind', 'membership', 'room', 'seq']);
    assert.equal(detail(one).room, r);
    assert.ok(detail(two).membership > detail(one).membership);
    assert.equal(of(one.id)[0].time, one.sent);
});
