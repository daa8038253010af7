// The demo company: made through the same operations as any company, and then counted over the API as its members see it.
import { House, until } from '../lib/house.mjs';
import { Person } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';
import { answer, answerTo, LOGIN } from '../../tool/demo_answer.mjs';
import { makeDemo, WORKGROUP } from '../../tool/demo_make.mjs';
import { readDemo, repeated } from '../../tool/demo_text.mjs';

const LEAST = { members: 43, rooms: 40, messages: 3000, days: 183 };
const passwords = new Map(['kashiwagi', 'morishita', 'ise', LOGIN].map((l, n) => [l, `kotatsu to mikan ${n}`]));
const now = Date.now();
let house, made, tenant, text;
const people = {};

before(async () => {
    house = await House.start();
    text = readDemo(now);
    made = await makeDemo(house.dir, passwords, now);
    console.log(`the demo: ${made.members} members, ${made.rooms} rooms, ${made.messages} messages in ${made.ms} ms`);
    const { tenants } = await house.op('tenant.list');
    tenant = { house, workgroup: WORKGROUP, number: tenants[0].number };
    const { members } = await house.op('member.all', {}, WORKGROUP);
    for (const [login, password] of passwords)
        people[login] = await new Person(tenant, login, password, members.find((m) => m.login === login).id).signIn();
});
after(() => house.remove());

const roomsOf = async (who) => (await people[who].get('/rooms')).json.rooms;
async function all(who, room) {
    const out = [];
    for (let before; ; before = out.at(-1).seq) {
        const { messages, more } = (await people[who].get(`/rooms/${room}/messages?limit=100${before ? `&before=${before}` : ''}`)).json;
        out.push(...messages);
        if (!more) return out.reverse();
    }
}

test('the text is large enough, half a year long, and repeats nothing', () => {
    const said = text.rooms.flatMap((r) => r.all);
    const old = said.filter((m) => m.relative < 0);
    assert.equal(text.company.members.filter((m) => !m.automatic).length, LEAST.members);
    assert.ok(text.rooms.length >= LEAST.rooms, `${text.rooms.length} rooms`);
    assert.ok(old.length >= LEAST.messages, `${old.length} messages`);
    assert.ok(Math.min(...said.map((m) => m.relative)) <= -LEAST.days);
    assert.deepEqual(repeated(text.rooms), []);
    for (const kind of ['stamp', 'poll', 'reply', 'root', 'pin', 'important'])
        assert.ok(said.some((m) => m[kind]), kind);
});

test('what a member sees is what stands in the text: times, authors, answers, threads, votes, reactions, pins, names', async () => {
    const rooms = await roomsOf('morishita');
    const mine = text.rooms.filter((r) => r.people.includes('morishita'));
    const { members } = await house.op('member.all', {}, WORKGROUP);
    const id = (l) => members.find((m) => m.login === l)?.id ?? '0';
    for (const r of mine.filter((x) => x.kind !== 'direct')) {
        const room = rooms.find((x) => x.name === r.name && x.kind === r.kind);
        assert.ok(room, r.name);
        const got = await all('morishita', room.id);
        assert.equal(got.length, r.messages.length, r.name);
        got.forEach((g, i) => {
            const m = r.messages[i], at = `${r.id}.txt:${m.line}`;
            assert.equal(g.author, id(m.who), at);
            assert.equal(Date.parse(g.sent), m.at, at);
            assert.equal(g.kind, m.stamp ? 'stamp' : m.poll ? 'poll' : 'text', at);
            assert.equal(g.text, m.text, at);
            assert.equal(g.reply ?? 0, m.reply ? r.messages.indexOf(m.reply) + 1 : 0, at);
            assert.equal(g.thread ?? 0, m.root ? r.messages.indexOf(m.root) + 1 : 0, at);
            assert.equal(Boolean(g.pinned), Boolean(m.pin), at);
            assert.equal(Boolean(g.important), Boolean(m.important), at);
            assert.deepEqual((g.reactions ?? []).map((x) => [x.mark, x.members]), m.reactions.map((x) => [x.mark, x.who.map(id)]), at);
            const votes = (m.votes ?? []).filter((v) => v.who.length);
            assert.deepEqual((g.votes ?? []).map((v) => [v.choice, v.n]), votes.map((v) => [v.choice, v.who.length]), at);
            assert.equal(g.content?.mentions?.length ?? 0, m.names?.length ?? 0, at);
        });
    }
    assert.equal(rooms.filter((r) => r.kind !== 'notice' && r.last_seq).length, mine.filter((r) => r.messages.length).length);
});

test('what is unread is what the text says, and who is named in it is told so', async () => {
    for (const who of ['kashiwagi', 'morishita', 'ise']) {
        const rooms = await roomsOf(who);
        let unread = 0;
        for (const r of text.rooms.filter((x) => x.people.includes(who) && x.kind !== 'direct')) {
            const room = rooms.find((x) => x.name === r.name && x.kind === r.kind);
            assert.equal(room.last_seq - room.read_seq, Math.min(r.unread[who] ?? 0, r.messages.length), `${who} in ${r.name}`);
            unread += room.last_seq - room.read_seq;
        }
        assert.ok(unread > 0, who);
    }
});

test('the history is searched, and every member has a face of its own', async () => {
    await until('the words are in the index', async () => (await people.morishita.get(`/search?q=${encodeURIComponent('パッキン')}`)).json.hits?.length || undefined);
    const list = (await people.morishita.get('/members?limit=200')).json.members;
    assert.ok(list.length >= LEAST.members);
    for (const m of list) assert.ok(m.photo > 0, m.family);
    const photo = await people.morishita.get(`/members/${list[0].id}/photo?v=${list[0].photo}`);
    assert.equal(photo.status, 200);
});

test('one room answers by itself: reads, reacts and writes', async () => {
    const stop = new AbortController();
    const running = answer(house.dir, passwords, { pause: 5, signal: stop.signal });
    const room = (await roomsOf('ise')).find((r) => r.name === text.rooms.find((x) => x.id === 'madoguchi').name);
    const newest = async () => (await people.ise.get(`/rooms/${room.id}/messages?limit=20`)).json.messages;
    // It listens when it has the room open; what was said before that stays unanswered.
    const me = people[LOGIN].id;
    const ws = await people.ise.socket();
    await ws.call('room.open', { room: room.id }, { on: true });
    const answered = (await until('it listens', async () => {
        const said = await people.ise.say(room.id, 'ありがとうございます');
        const end = Date.now() + 1000;
        while (Date.now() < end) {
            if ((await newest()).some((m) => m.author === me && m.seq > said.json.seq)) return said;
        }
        return undefined;
    })).json;
    await until('it was reacted to', async () => (await newest()).find((m) => m.id === answered.id)?.reactions?.[0]?.mark === '🙏');
    await until('it was read', async () => (await people.ise.get(`/messages/${answered.id}/readers`)).json.read.includes(me));
    stop.abort();
    assert.equal(await running, 0);
});

test('what it answers follows from what was said', () => {
    const first = (says) => says[0];
    assert.equal(answerTo({ kind: 'text', text: 'カレーパンはまだありますか?' }, first).mark, '🍞');
    assert.equal(answerTo({ kind: 'text', text: '風邪をひきました' }, first).say.stamp, 'odaiji');
    assert.equal(answerTo({ kind: 'text', text: 'むずかしい話' }, first).mark, null);
    assert.equal(answerTo({ kind: 'stamp', text: '', content: { stamp: 'arigato' } }).say.stamp, 'ureshii');
    assert.ok(answerTo({ kind: 'poll', text: 'どれ' }).vote);
});
