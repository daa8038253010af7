// Long answers: they wait in the tenant's process and come piece by piece as they are read, byte for byte; who does not read
// costs a bounded amount of memory, and what he left lying is given back.
import { House } from '../lib/house.mjs';
import { newAddress, Wire } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

const TEXT = 'あ'.repeat(2500);    // 7,500 bytes
const MANY = 90;
const OF_MEMBER = 16 * 1024 * 1024;

let house, acme, ann, ben, room, whole;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    [ann, ben] = [await acme.add('ann'), await acme.add('ben')];
    for (const p of [ann, ben])
        await p.signIn();
    room = await acme.room('間', ann, ben);
    for (let i = 0; i < MANY; i++)
        assert.equal((await ann.say(room, `${i} ${TEXT}`)).status, 200);
    const a = await ann.get(`/rooms/${room}/messages?limit=100`);
    assert.ok(a.json.messages.length >= MANY);
    whole = a.body;
    assert.ok(whole.length > 600_000);
});
after(() => house.remove());

const asks = (p, path = `/rooms/${room}/messages?limit=100`) => p.client.bytes('GET', p.path(path));
const roles = async () => (await house.op('health')).roles;
const waiting = async () => (await roles()).find((r) => r.role === 'tenant' && r.number === acme.number).answers_waiting;
const connections = async () => (await roles()).filter((r) => r.role === 'edge').reduce((sum, r) => sum + r.connections, 0);
const nothingWaits = () => until(async () => (await waiting()) === 0, 'nothing to wait any more');

async function wire() {
    return Wire.connect(house, { address: newAddress() });
}

/** Who asks so often for the long answer and reads nothing. */
async function deaf(p, times = 1) {
    const w = await wire();
    w.socket.pause();
    w.write(Buffer.concat(Array.from({ length: times }, () => asks(p))));
    return w;
}

test('a long answer comes whole, says how long it is, and the connection goes on', async () => {
    const w = await wire();
    try {
        for (let i = 0; i < 3; i++) {
            w.write(Buffer.concat([asks(ann), asks(ann, `/rooms/${room}`)]));      // one behind the other
            const long = await w.answer(), short = await w.answer();
            assert.equal(long.status, 200);
            assert.equal(long.header('Content-Length'), String(whole.length));
            assert.equal(long.header('Transfer-Encoding'), undefined);
            assert.equal(long.header('Content-Type'), 'application/json');
            assert.equal(long.header('Cache-Control'), 'no-store');
            assert.ok(long.body.equals(whole));
            assert.equal(short.json.room.id, room);
        }
    } finally {
        w.close();
    }
    await nothingWaits();
});

test('who reads slowly gets the same bytes, and others are answered meanwhile', async () => {
    const w = await wire();
    try {
        w.socket.pause();
        w.write(Buffer.concat(Array.from({ length: 12 }, () => asks(ann))));
        await until(async () => (await waiting()) === whole.length, 'the answer to wait in the tenant');
        const all = [];
        for (let n = 0; n < 12; n++) {
            assert.equal((await ben.get(`/rooms/${room}`)).status, 200);
            w.socket.resume();
            await w.bytes(1).then((b) => all.push(b));
            w.socket.pause();
            assert.equal((await ben.get('/me')).status, 200);
            w.in = Buffer.concat([all.pop(), w.in]);
            w.socket.resume();
            const a = await w.answer();
            assert.equal(a.status, 200);
            assert.ok(a.body.equals(whole), `answer ${n}`);
        }
    } finally {
        w.close();
    }
    await nothingWaits();
});

test('who goes away in the middle leaves nothing behind, here or in the tenant', async () => {
    for (let i = 0; i < 5; i++) {
        const w = await deaf(ann, 12);
        await until(async () => (await waiting()) > 0, 'an answer to wait');
        w.close();
        await nothingWaits();
    }
    assert.ok((await ann.get(`/rooms/${room}/messages?limit=100`)).body.equals(whole));
});

test('an answer ends in the middle when its session does', async () => {
    const cho = await acme.add('cho');
    await cho.signIn();
    const to = await acme.room('別', cho, ann);
    for (let i = 0; i < MANY; i++)
        assert.equal((await ann.say(to, `${i} ${TEXT}`)).status, 200);
    const w = await wire();
    try {
        w.socket.pause();
        w.write(Buffer.concat(Array.from({ length: 12 }, () => asks(cho, `/rooms/${to}/messages?limit=100`))));
        await until(async () => (await waiting()) > 0, 'an answer to wait');
        assert.equal((await cho.delete('/session')).status, 200);
        w.socket.resume();
        let last;
        for (let a; (a = await w.answer());)
            last = a;
        assert.ok(last === undefined || last.body.length < Number(last.header('Content-Length')), 'all of them came whole');
    } finally {
        w.close();
    }
    await nothingWaits();
});

test('what waits for one member has a bound: the answer that nobody asked for longest gives way, and nobody else\'s', async () => {
    const other = await deaf(ben, 12);
    const wires = [];
    try {
        await until(async () => (await waiting()) > 0, 'the other\'s answer to wait');
        const before = await connections();
        for (let i = 0; i < 40; i++)
            wires.push(await deaf(ann, 12));
        let most = 0;
        await until(async () => {
            most = Math.max(most, await waiting());
            return (await connections()) <= before + 35;
        }, 'the first of them to be cut');
        assert.ok(most > OF_MEMBER / 2, `${most} bytes waited`);
        assert.ok(most <= OF_MEMBER + whole.length, `${most} bytes waited`);
        other.socket.resume();
        for (let n = 0; n < 12; n++)
            assert.ok((await other.answer()).body.equals(whole), `the other's answer ${n}`);
        assert.ok((await ann.get(`/rooms/${room}/messages?limit=100`)).body.equals(whole), 'who reads is answered');
    } finally {
        for (const w of [other, ...wires])
            w.close();
    }
    await nothingWaits();
});
