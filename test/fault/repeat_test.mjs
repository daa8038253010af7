// A storm of repeats: every post is sent several times over two connections at once, and again after the tenant's
// process was killed. One key is one message; another text under it is refused.
import { test, assert, proves } from '../lib/test.mjs';
import { until } from '../lib/house.mjs';
import { addMember, op, signedIn, startHouse } from './driver.mjs';
import { newKey } from '../lib/people.mjs';

const POSTS = 60;
const KILL_EVERY = 20;

async function tenantPid(house, number) {
    return until('the tenant in health', async () =>
        (await op(house, 'health')).roles.find((r) => r.role === 'tenant' && r.number === number)?.pid);
}

test('A03: a post repeated over two connections and across a kill is one message', async () => {
    proves('TLK-02');
    const house = await startHouse();
    const people = [];
    try {
        const id = await addMember(house, 'hanako');
        for (const address of ['127.4.6.1', '127.4.6.2']) people.push(await signedIn(house, 'hanako', address));
        const { id: room } = await op(house, 'room.add', { name: '再送', members: [id] }, house.workgroup);
        const wires = [];
        const seqOf = new Map();
        /** Every answer that comes, on both connections; what is cut or asked to retry gives none. */
        const send = async (key, text, times) => {
            const answers = await Promise.all(people.flatMap((p, i) => Array.from({ length: times }, async () => {
                try {
                    const r = await wires[i].call('talk.post', { room }, { key, text });
                    return r.status === 503 ? null : r;
                } catch {
                    return null;
                }
            })));
            return answers.filter(Boolean);
        };
        const connect = async () => {
            for (const [i, p] of people.entries())
                if (!wires[i] || wires[i].gone) wires[i] = await until('a connection', () => p.ws());
        };
        const take = (key, answers) => {
            for (const r of answers) {
                assert.equal(r.status, 200, JSON.stringify(r));
                assert.equal(r.body.seq, seqOf.get(key) ?? r.body.seq, `${key} at two places`);
                seqOf.set(key, r.body.seq);
            }
        };
        const posts = Array.from({ length: POSTS }, (_, i) => ({ key: newKey(), text: `${i} 再送` }));
        for (const [i, { key, text }] of posts.entries()) {
            await connect();
            const going = send(key, text, 2);
            if (i % KILL_EVERY === KILL_EVERY / 2) process.kill(await tenantPid(house, people[0].me.tenant), 'SIGKILL');
            take(key, await going);
            await until('an acknowledgement', async () => {
                await connect();
                take(key, await send(key, text, 1));
                return seqOf.has(key);
            });
        }
        await connect();
        for (const { key, text } of posts) {
            take(key, await send(key, text, 1));
            const other = await wires[0].call('talk.post', { room }, { key, text: `${text}!` });
            assert.deepEqual([other.status, other.error?.code], [409, 'key_reused']);
        }
        const history = await people[0].get(`/rooms/${room}/messages?limit=100`);
        assert.deepEqual(history.body.messages.reverse().map((m) => [m.seq, m.key, m.text]),
            posts.map((p, i) => [i + 1, p.key, p.text]));
        for (const w of wires) w.close();
    } finally {
        for (const p of people) p.close();
        await house.remove();
    }
});
