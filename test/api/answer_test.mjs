// Long answers: they wait in the tenant's process and come piece by piece as they are read, byte for byte; who does not read
// costs a bounded amount of memory, and what he left lying is given back.
import { House } from '../lib/house.mjs';
import { newAddress, Wire } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';
import { frame, TEXT as TEXT_FRAME } from '../lib/ws.mjs';

const TEXT = 'あ'.repeat(2500);    // 7,500 bytes
const MANY = 90;
const OF_MEMBER = 16 * 1024 * 1024;

let house, acme, ann, ben, room;
const known = new Map();

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    [ann, ben] = [await acme.add('ann'), await acme.add('ben')];
    for (const p of [ann, ben])
        await p.signIn();
    room = await acme.room('間', ann, ben);
    for (let i = 0; i < MANY; i++)
        assert.equal((await ann.say(room, `${i} ${TEXT}`)).status, 200);
    const { json, body } = await whole(100);
    assert.ok(json.messages.length >= MANY && body.length > 600_000);
});
after(() => house.remove());

/** The answer of a client that reads. */
async function whole(limit) {
    if (!known.has(limit))
        known.set(limit, await ann.get(`/rooms/${room}/messages?limit=${limit}`));
    return known.get(limit);
}

const asks = (p, path = `/rooms/${room}/messages?limit=100`) => p.client.bytes('GET', p.path(path));
const roles = async () => (await house.op('health')).roles;
/** A tenant that is too busy to tell is asked again. */
async function waiting() {
    const told = await until(async () => (await roles()).find((r) => r.role === 'tenant' && r.number === acme.number && r.answers_waiting !== undefined), 'the tenant to tell');
    return told.answers_waiting;
}
const connections = async () => (await roles()).filter((r) => r.role === 'edge').reduce((sum, r) => sum + r.connections, 0);
const nothingWaits = () => until(async () => (await waiting()) === 0, 'nothing to wait any more');

/** Until the system's buffers are full, and an answer waits for good; `more` is done as long as none does. */
function stalls(more = () => {}) {
    let looks = 0;
    return until(async () => {
        looks = (await waiting()) > 0 ? looks + 1 : 0;
        if (!looks)
            await more();
        return looks >= 10;
    }, 'an answer to wait');
}

async function wire() {
    return Wire.connect(house, { address: newAddress() });
}

const LIMITS = (first) => [1 + 7 * (first % 13), ...Array.from({ length: 9 }, () => 100)];

/** Who asks so often for long answers and reads nothing, each a little differently: with one of them at least the system's buffers are
 * full in the middle of an answer, whatever they hold. The edge keeps an answer's end, its tenant what stands before that. */
async function deaf(p, to = room) {
    const all = [];
    await stalls(async () => {
        const w = await wire();
        w.limits = LIMITS(all.length);
        w.socket.pause();
        w.write(Buffer.concat(w.limits.map((n) => asks(p, `/rooms/${to}/messages?limit=${n}`))));
        all.push(w);
    });
    return all;
}

/** Every answer as it should be. */
async function reads(w) {
    w.socket.resume();
    for (const n of w.limits) {
        const a = await w.answer();
        assert.equal(a?.status, 200);
        assert.ok(a.body.equals((await whole(n)).body), `the answer of ${n} messages`);
    }
}

test('a long answer comes whole, says how long it is, and the connection goes on', async () => {
    const { body } = await whole(100);
    const w = await wire();
    try {
        for (let i = 0; i < 3; i++) {
            w.write(Buffer.concat([asks(ann), asks(ann, `/rooms/${room}`)]));      // one behind the other
            const long = await w.answer(), short = await w.answer();
            assert.equal(long.status, 200);
            assert.equal(long.header('Content-Length'), String(body.length));
            assert.equal(long.header('Transfer-Encoding'), undefined);
            assert.equal(long.header('Content-Type'), 'application/json');
            assert.equal(long.header('Cache-Control'), 'no-store');
            assert.ok(long.body.equals(body));
            assert.equal(short.json.room.id, room);
        }
    } finally {
        w.close();
    }
    await nothingWaits();
});

test('who reads late and slowly gets the same bytes, and others are answered meanwhile', async () => {
    const wires = await deaf(ann);
    try {
        for (const w of wires) {
            assert.equal((await ben.get(`/rooms/${room}`)).status, 200);
            w.socket.resume();
            const first = await w.bytes(1);
            w.socket.pause();
            assert.equal((await ben.get(`/rooms/${room}/messages?limit=100`)).status, 200);
            w.in = Buffer.concat([first, w.in]);
        }
        for (const w of wires)
            await reads(w);
    } finally {
        for (const w of wires)
            w.close();
    }
    await nothingWaits();
});

test('who goes away in the middle leaves nothing behind', async () => {
    for (let i = 0; i < 3; i++) {
        for (const w of await deaf(ann))
            w.close();
        await nothingWaits();
    }
    assert.ok((await ann.get(`/rooms/${room}/messages?limit=100`)).body.equals((await whole(100)).body));
});

test('an answer ends in the middle when its session does', async () => {
    const cho = await acme.add('cho');
    await cho.signIn();
    const to = await acme.room('別', cho, ann);
    for (let i = 0; i < MANY; i++)
        assert.equal((await ann.say(to, `${i} ${TEXT}`)).status, 200);
    const wires = await deaf(cho, to);
    try {
        assert.equal((await cho.delete('/session')).status, 200);
        let cut = 0;
        for (const w of wires) {
            w.socket.resume();
            for (const _ of w.limits) {
                const a = await w.answer();
                if (a?.status === 401)
                    continue;
                const short = !a || a.body.length < Number(a.header('Content-Length'));
                cut += short;
                if (short)
                    break;
            }
        }
        assert.ok(cut > 0, 'all of them came whole');
    } finally {
        for (const w of wires)
            w.close();
    }
    await nothingWaits();
});

test('by WebSocket too a long answer waits for who reads late: each call is answered, none is cut', async () => {
    const ask = (id) => frame(TEXT_FRAME, JSON.stringify({ id, op: 'talk.history', params: { room, limit: 8 } }));
    const ws = await ann.socket();
    try {
        const wanted = await ws.call('talk.history', { room, limit: 8 });
        assert.equal(wanted.status, 200);
        assert.ok(JSON.stringify(wanted.body).length > 20_000);
        ws.wire.socket.pause();
        const ids = [];
        await stalls(() => {
            for (let i = 0; i < 32; i++)
                ws.send(ask(ids[ids.push(`n${ids.length}`) - 1]));
        });
        assert.equal((await ben.get('/me')).status, 200);
        ws.wire.socket.resume();
        let whole = 0;
        for (const id of ids) {
            const a = await ws.next((m) => m.id === id, id);
            if (a.status === 429)                            // more of them in flight than a client may have
                continue;
            assert.equal(a.status, 200);
            assert.deepEqual(a.body, wanted.body);
            whole++;
        }
        assert.ok(whole >= 32, `${whole} of them came whole`);
        assert.equal((await ws.call('talk.history', { room, limit: 1 })).status, 200);
    } finally {
        ws.end();
    }
    await nothingWaits();
});

test('answers that a WebSocket leaves lying are given back with it; beyond its member\'s bound they are refused', async () => {
    const dan = await acme.add('dan');
    await dan.signIn();
    const to = await acme.room('池', dan, ann);
    for (let i = 0; i < 8; i++)
        assert.equal((await ann.say(to, `${i} ${TEXT}`)).status, 200);
    const sockets = [];
    try {
        for (let i = 0; i < 16; i++) {
            const ws = await dan.socket();
            sockets.push(ws);
            ws.wire.socket.pause();
        }
        const asks = Buffer.concat(Array.from({ length: 32 }, (_, i) => frame(TEXT_FRAME, JSON.stringify({ id: `n${i}`, op: 'talk.history', params: { room: to, limit: 8 } }))));
        let most = 0;
        await until(async () => {
            for (const ws of sockets)
                if (!ws.wire.socket.writableNeedDrain)
                    ws.send(asks);
            most = Math.max(most, await waiting());
            return most > OF_MEMBER - 70_000;
        }, 'the bound to be reached');
        assert.ok(most <= OF_MEMBER, `${most} bytes wait`);
        let refusals = 0;
        for (const ws of sockets)
            ws.wire.socket.resume();
        await until(() => {
            refusals = sockets.flatMap((ws) => ws.seen).filter((m) => m.status === 429).length;
            return refusals > 0;
        }, 'a refusal');
        const fine = await ann.socket();
        assert.equal((await fine.call('talk.history', { room: to, limit: 8 })).status, 200);
        fine.end();
    } finally {
        for (const ws of sockets)
            ws.end();
    }
    await nothingWaits();
});

test('what waits for one member has a bound: the answer that nobody asked for longest gives way, and nobody else\'s', async () => {
    const others = await deaf(ben);
    const wires = [];
    try {
        const before = await connections();
        let most = 0;
        await until(async () => {                            // each of them is asked for, and then some are gone
            for (let i = 0; i < 4; i++) {
                const w = await wire();
                wires.push(w);
                w.socket.pause();
                w.write(Buffer.concat(LIMITS(wires.length).map((n) => asks(ann, `/rooms/${room}/messages?limit=${n}`))));
            }
            most = Math.max(most, await waiting());
            return (await connections()) <= before + wires.length - 3;
        }, 'the first of them to be cut');
        assert.ok(most > OF_MEMBER / 2, `${most} bytes waited`);
        assert.ok(most <= OF_MEMBER * 2, `${most} bytes waited`);
        for (const w of others)
            await reads(w);
        assert.ok((await ann.get(`/rooms/${room}/messages?limit=100`)).body.equals((await whole(100)).body), 'who reads is answered');
    } finally {
        for (const w of [...others, ...wires])
            w.close();
    }
    await nothingWaits();
});
