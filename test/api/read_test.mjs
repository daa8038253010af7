// How far members have read, told as counts to those who have the room open; who is writing; who has not read yet.
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, ben, cho, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });    // a thousand marks of one address
    acme = await openTenant(house, 'acme');
    [ann, ben, cho] = [await acme.add('ann'), await acme.add('ben', { language: 'en' }), await acme.add('cho')];
    for (const p of [ann, ben, cho])
        await p.signIn();
    room = await acme.room('間', ann, ben, cho);
});
after(() => house.remove());

const open = (ws, r, on = true) => ws.call('room.open', { room: r }, { on });
/** Readers of a message, its author not among them. */
const count = (reads, seq) => reads.filter((s) => s.from <= seq && seq <= s.to).reduce((n, s) => n + s.n, 0);
const reads = (ws, r) => ws.seen.filter((e) => e.event === 'room.read' && e.data.room === r);

test('whoever has the room open is told how many have read, without names; who has not is not told', async () => {
    proves('TLK-03');
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    assert.equal((await open(wa, room)).status, 200);
    const m = (await ann.say(room, '読んで')).json;
    await wb.event('talk.message.posted', (e) => e.data.id === m.id);
    assert.equal((await ben.put(`/rooms/${room}/read`, { seq: m.seq })).status, 200);
    const told = await wa.event('room.read', (e) => e.data.room === room);
    assert.equal(count(told.data.reads, m.seq), 1);
    assert.equal(told.pos, undefined);
    assert.doesNotMatch(JSON.stringify(told), new RegExp(ben.id));
    // Ben's own other devices know.
    assert.deepEqual((await wb.event('room.read.own')).data, { room, seq: m.seq });
    assert.equal((await ben.get('/rooms')).json.rooms.find((r) => r.id === room).read_seq, m.seq);
    assert.deepEqual((await ann.get(`/messages/${m.id}/readers`)).json, { read: [ben.id], unread: [cho.id] });
    // Neither Ben nor Cho has the room open; a mark is no part of what is synced.
    assert.deepEqual([...reads(wb, room), ...reads(wc, room)], []);
    assert.doesNotMatch(JSON.stringify((await ann.get('/sync?since=0')).json), /room\.read/);
    for (const w of [wa, wb, wc])
        w.end();
});

test('a thousand marks within a second are one event for each open connection', async () => {
    proves('TLK-03');
    const r = await acme.room('千', ann, ben, cho);
    for (let i = 0; i < 20; i++)
        await ann.say(r, `${i}`);
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    await open(wa, r);
    await open(wc, r);
    const marks = [];
    const begun = performance.now();
    for (let i = 0; i < 1000; i++)
        marks.push(wb.call('talk.read', { room: r }, { seq: 1 + i % 20 }));
    await Promise.all(marks);
    const seconds = Math.ceil((performance.now() - begun) / 1000);
    await wa.event('room.read', (e) => e.data.room === r && count(e.data.reads, 20) === 1);
    // What comes behind it on the same connection: no further event has come meanwhile.
    const last = await ann.say(r, '終わり');
    await wa.event('talk.message.posted', (e) => e.data.id === last.json.id);
    await wc.event('talk.message.posted', (e) => e.data.id === last.json.id);
    const n = reads(wa, r).length;
    assert.equal(reads(wc, r).length, n, 'each open connection hears the same');
    assert.ok(n >= 1 && n <= seconds + 1, `${n} events in ${seconds} s`);
    for (const w of [wa, wb, wc])
        w.end();
});

test('who closes the room or is no longer in it hears nothing more of it', async () => {
    const r = (await ann.post('/rooms', { kind: 'several', name: '出入り', members: [ben.id, cho.id] })).json.id;
    const m = (await ann.say(r, '一')).json;
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    for (const w of [wa, wb, wc])
        assert.equal((await open(w, r)).status, 200);
    await open(wb, r, false);
    assert.equal((await ann.post(`/rooms/${r}/remove`, { member: cho.id })).status, 200);
    await wc.event('room.left');
    assert.equal((await wc.call('room.open', { room: r }, { on: true })).status, 404);
    assert.equal((await wc.call('talk.read', { room: r }, { seq: 1 })).status, 404);
    await ben.put(`/rooms/${r}/read`, { seq: m.seq });
    await wa.event('room.read', (e) => e.data.room === r);
    await wb.call('talk.typing', { room: r });
    assert.equal((await wa.event('talk.typing')).data.member, ben.id);
    const end = (await ann.say(room, '終わり')).json;       // on the same connections, later: what was to come has come
    for (const w of [wb, wc]) {
        await w.event('talk.message.posted', (e) => e.data.id === end.id);
        assert.deepEqual(w.seen.filter((e) => ['room.read', 'talk.typing'].includes(e.event) && e.data.room === r), []);
    }
    for (const w of [wa, wb, wc])
        w.end();
});

test('who is writing is told once in three seconds, for each member and room', async () => {
    const [r, other] = [await acme.room('入力中', ann, ben, cho), await acme.room('別室', ann, ben)];
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    await open(wa, r);
    await open(wa, other);
    const typing = async (w, where) => assert.equal((await w.call('talk.typing', { room: where })).status, 200);
    const told = async () => {                             // a message of the room, later on the same connection
        const m = (await ann.say(r, '区切り')).json;
        await wa.event('talk.message.posted', (e) => e.data.id === m.id);
        return wa.seen.filter((e) => e.event === 'talk.typing').map((e) => [e.data.room, e.data.member]);
    };
    const begun = performance.now();
    for (let i = 0; i < 20; i++)
        await typing(wb, r);
    const n = (await told()).length;
    assert.ok(n >= 1 && n <= 1 + Math.floor((performance.now() - begun) / 3_000), `told ${n} times`);
    await typing(wc, r);
    await typing(wb, other);
    assert.deepEqual((await told()).slice(n), [[r, cho.id], [other, ben.id]]);
    await acme.clock(3_000);
    await typing(wb, r);
    assert.deepEqual((await told()).slice(n + 2), [[r, ben.id]]);
    for (const w of [wa, wb, wc])
        w.end();
    await acme.clock(0);
});

test('a mark never goes beyond what is there, nor back; a newcomer does not count for what it cannot see', async () => {
    const r = (await ann.post('/rooms', { kind: 'several', name: '端', members: [ben.id] })).json.id;
    const m = (await ann.say(r, '前')).json;
    await ann.post(`/rooms/${r}/members`, { members: [cho.id] });
    const [wa, wc] = [await ann.socket(), await cho.socket()];
    await open(wa, r);
    await cho.put(`/rooms/${r}/read`, { seq: 4000000000 });
    const told = await wa.event('room.read', (e) => e.data.room === r);
    assert.equal(count(told.data.reads, m.seq), 0);
    const last = m.seq + 1;
    assert.equal(count(told.data.reads, last), 1);
    assert.equal((await cho.get('/rooms')).json.rooms.find((x) => x.id === r).read_seq, last);
    assert.equal((await wc.event('room.read.own')).data.seq, last);
    wa.end();
    wc.end();
});

test('those who have not read are reminded, once an hour, by the author', async () => {
    const alone = await acme.room('二人', ann, cho);
    const seen = (await ann.say(alone, '読んだ')).json;
    const wr = await cho.socket();
    await cho.put(`/rooms/${alone}/read`, { seq: seen.seq });
    await wr.event('room.read.own', (e) => e.data.room === alone);
    wr.end();
    for (let i = 0; i < 2; i++)                             // nobody is told anything: no reminder is used up
        assert.deepEqual((await ann.post(`/messages/${seen.id}/remind`)).json, { reminded: 0 });
    const m = (await ann.say(room, '来週のシフトを確認してください')).json;
    const [wb, wc] = [await ben.socket(), await cho.socket()];
    await cho.put(`/rooms/${room}/read`, { seq: m.seq });
    await wc.event('room.read.own', (e) => e.data.room === room && e.data.seq === m.seq);
    assert.equal((await ben.post(`/messages/${m.id}/remind`)).json.error.code, 'denied');
    assert.deepEqual((await ann.post(`/messages/${m.id}/remind`)).json, { reminded: 1 });
    const notice = await wb.event('talk.message.posted', (e) => e.data.author === '0');
    assert.match(notice.data.text, /not read yet[^]*来週のシフト/);
    const again = await ann.post(`/messages/${m.id}/remind`);
    assert.equal(again.status, 429);
    await acme.clock(3_600_000);
    assert.equal((await ann.post(`/messages/${m.id}/remind`)).status, 200);
    wb.end();
    wc.end();
});

test('mentions that were read count no more', async () => {
    const r = await acme.room('名', ann, ben);
    const m = (await ann.post(`/rooms/${r}/messages`, { key: newKey(), text: '@ben', mentions: [{ kind: 'member', id: ben.id, at: 0, length: 4 }] })).json;
    const mine = async () => (await ben.get('/rooms')).json.rooms.find((x) => x.id === r).mentions;
    assert.equal(await mine(), 1);
    const wb = await ben.socket();
    await wb.call('talk.read', { room: r }, { seq: m.seq });
    await wb.event('room.read.own', (e) => e.data.room === r);
    assert.equal(await mine(), undefined);
    wb.end();
});

test('what was read in the last second before a stop is stored', { timeout: 60_000 }, async () => {
    const r = await acme.room('止', ann, ben);
    const m = (await ann.say(r, 'もう一度')).json;
    await ben.put(`/rooms/${r}/read`, { seq: m.seq });
    await house.stop();
    await house.boot();
    assert.equal((await ben.get('/rooms')).json.rooms.find((x) => x.id === r).read_seq, m.seq);
});
