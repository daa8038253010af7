// What a member holds of talk stays right when answers and events cross: an answer that was made before an event does not
// undo it, and events that waited for an answer that never came are not lost.
import { after, assert, proves, test } from '../../test/lib/test.mjs';

const before = new Map(['window', 'document', 'fetch', 'WebSocket'].map((k) => [k, globalThis[k]]));
after(() => before.forEach((v, k) => (globalThis[k] = v)));
const nothing = () => undefined;
const kept = { getItem: () => null, setItem: nothing, removeItem: nothing };
globalThis.localStorage ??= kept;
globalThis.window = { addEventListener: nothing, removeEventListener: nothing, localStorage: kept, sessionStorage: kept,
    location: { href: 'https://localhost/' }, matchMedia: () => ({ matches: false, addEventListener: nothing }) };
globalThis.document = { addEventListener: nothing, removeEventListener: nothing, visibilityState: 'visible', documentElement: { dataset: {} } };
const { Talk } = await import('../src/talk/talk.ts');

const ROOM = '7';
const me = { tenant: '1', id: '11', talk: true };
const message = (seq, text, more = {}) => ({ id: String(seq), room: ROOM, seq, author: '12', author_name: '', kind: 'text', text,
    sent: '2026-11-26T00:00:00.000Z', key: `k${seq}`, ...more });
const room = (last) => ({ id: ROOM, name: '間', kind: 'several', members: 2, first_seq: 1, last_seq: last?.seq ?? 0, read_seq: 0, last: last ?? null });
/** Until what was asked for is there: nothing here waits for a clock. */
async function until(what, ask) {
    for (let i = 0; i < 1_000; i++) {
        const got = ask();
        if (got) return got;
        await new Promise(setImmediate);
    }
    throw new Error(`not there: ${what}`);
}

/** A client whose calls wait to be answered by the test. */
async function client(list) {
    const asked = [];
    const sockets = [];
    globalThis.fetch = (url, { method }) => new Promise((resolve, reject) => {
        asked.push({ what: `${method} ${url}`, fail: reject,
            answer: (body) => resolve(new Response(JSON.stringify(body), { status: 200 })) });
    });
    globalThis.WebSocket = class {
        static OPEN = 1;

        constructor() {
            sockets.push(this);
            this.readyState = 1;
        }

        send = nothing;

        close() {
            this.readyState = 3;
            this.onclose({ code: 4000 });
        }

        tell(event, pos, data) {
            this.onmessage({ data: JSON.stringify({ event, pos, data }) });
        }
    };
    const call = (part) => until(part, () => {
        const at = asked.findIndex((a) => a.what.includes(part));
        return at >= 0 && asked.splice(at, 1)[0];
    });
    const talk = new Talk(me);
    const started = talk.start();
    (await call('/rooms')).answer({ pos: 10, rooms: list });
    (await call('/members')).answer({ members: [], more: false });
    await started;
    (await call('/ws-ticket')).answer({ ticket: 't' });
    const ws = await until('a socket', () => sockets[0]);
    ws.onopen();
    (await call('/sync')).answer({ pos: 10, reset: false, events: [] });
    await until('open', () => talk.state.socket === 'open');
    return { talk, call, ws, sockets, texts: () => talk.state.logs.get(ROOM).messages.map((m) => `${m.seq} ${m.text}`) };
}

test('a page that was read before a message was taken back does not bring its words back', async () => {
    proves('TLK-04');
    const c = await client([room(message(2, '二'))]);
    const opening = c.talk.openRoom(ROOM);
    (await c.call('/messages')).answer({ messages: [message(2, '二'), message(1, '一')], more: false });
    await opening;
    c.ws.tell('talk.message.posted', 11, message(5, '五'));                         // a gap: the page is asked for
    const page = await c.call('/messages');
    c.ws.tell('talk.message.changed', 12, message(2, '', { gone: true }));
    page.answer({ messages: [5, 4, 3, 2, 1].map((n) => message(n, '一二三四五'[n - 1])), more: false });
    await until('the page', () => c.texts().length === 5);
    assert.deepEqual(c.texts(), ['1 一', '2 ', '3 三', '4 四', '5 五']);
    c.talk.stop();
});

test('what comes while a room is being opened stands in it', async () => {
    const c = await client([room(message(1, '一'))]);
    const opening = c.talk.openRoom(ROOM);
    const page = await c.call('/messages');
    c.ws.tell('talk.message.posted', 11, message(2, '二'));
    c.ws.tell('talk.message.changed', 12, message(1, '一、直した', { edited: '2026-11-26T00:00:01.000Z' }));
    page.answer({ messages: [message(1, '一')], more: false });
    await opening;
    assert.deepEqual(c.texts(), ['1 一、直した', '2 二']);
    c.talk.stop();
});

test('the answer to an act does not undo what was told after it', async () => {
    const c = await client([room(message(1, '一'))]);
    const opening = c.talk.openRoom(ROOM);
    (await c.call('/messages')).answer({ messages: [message(1, '一')], more: false });
    await opening;
    const acting = c.talk.act('talk.react', message(1, '一'), { mark: '👍', on: true });
    const answer = await c.call('/reactions');
    const mine = [{ mark: '👍', members: ['11'], n: 1 }];
    c.ws.tell('talk.message.changed', 11, message(1, '一', { reactions: mine }));
    c.ws.tell('talk.message.changed', 12, message(1, '', { gone: true }));
    answer.answer(message(1, '一', { reactions: mine }));
    await acting;
    assert.deepEqual(c.texts(), ['1 ']);
    c.talk.stop();
});

test('a sync that fails ends the connection: what waits for it is not held for ever', async () => {
    const c = await client([room()]);
    c.ws.tell('sync', undefined, {});
    (await c.call('/sync')).fail(new Error('cut'));
    await until('the end of the connection', () => c.talk.state.socket === 'waiting');
    assert.equal(c.ws.readyState, 3);
    c.talk.stop();
});
