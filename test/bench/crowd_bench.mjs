// Many at once: a room of 1,000, pairs who answer each other, 10,000 who are only there, 5,000 who come back.
// usage: make bench ONLY="fan rate pairs idle again"
import { PEOPLE, SECONDS, addRoom, bare, company, cpu, cpuEach, crowd, disk, groupRoom, measured, of, processes, rss, within } from './bench.mjs';
import { row } from './rows.mjs';

/** One room that all are in; a connection has the cookie of one of eight, who are in it too. */
async function bigRoom(house, n) {
    const { tenant, ids, cookies } = await company(house, n);
    const room = await groupRoom(house, tenant, ids);
    return { tenant, lines: ids.map((_, i) => `${cookies[i % PEOPLE]} ${room}`) };
}

const fan = () => within({}, async (house) => {
    const { tenant, lines } = await bigRoom(house, of(1000));
    const [limit, limitPosts] = await bare(house, (b) => measured(b, tenant, lines, 'fan', 2, SECONDS / 2));
    console.log(`bare server, one frame each, 2 in flight: ${limit} deliveries/s, ${limitPosts} posts/s`);
    const at = {};
    for (const inFlight of [1, 8, 32]) {
        const [deliveries, posts] = (at[inFlight] = await measured(house, tenant, lines, 'fan', inFlight, SECONDS));
        console.log(`${inFlight} in flight: ${deliveries} deliveries/s, ${posts} posts/s`);
    }
    row('fan.deliveries', at[32][0], limit, `1 in flight ${at[1][0]}, 8 in flight ${at[8][0]}; ${at[32][1]} posts/s at 32`);
});

const rate = () => within({}, async (house) => {
    const { tenant, lines } = await bigRoom(house, of(1000));
    const [, bare50, bare99] = await bare(house, (b) => measured(b, tenant, lines, 'rate', 20, SECONDS));
    const [posts, p50, p99] = await measured(house, tenant, lines, 'rate', 20, SECONDS * 2);
    row('rate.last', p99 / 1e3, bare99 / 1e3, `p50 ${(p50 / 1e3).toFixed(1)} ms, bare server ${(bare50 / 1e3).toFixed(1)}; ${posts} posts`);
});

const pairs = (cipher = 'aes256', key = 'pairs') => within({ cipher }, async (house) => {
    const n = of(200);
    const { tenant, ids, cookies } = await company(house, 2 * n, 2 * n);
    const lines = [];
    for (let i = 0; i < 2 * n; i += 2) {
        const room = await addRoom(house, [ids[i], ids[i + 1]]);
        lines.push(`${cookies[i]} ${room}`, `${cookies[i + 1]} ${room}`);
    }
    const raw = await disk(house);
    const before = await cpu(house);
    const [each, p50, p99] = await measured(house, tenant, lines, 'pairs', SECONDS);
    const after = await cpu(house);
    const cpus = ['tenant', 'edge'].map((r) => `${r} ${cpuEach(r, before, after, each * SECONDS)} µs`).join(', ');
    row(`${key}.messages`, each, raw.rate, `CPU of a message with its mark: ${cpus}`);
    row(`${key}.p99`, p99 / 1e3, raw.p99, `p50 ${(p50 / 1e3).toFixed(1)} ms`);
});

/** Memory of each of `n` more WebSockets, in KiB, when a hundred are there already: what is warm by then is not counted as theirs. */
async function held(house, tenant, line, n, sum) {
    const lines = (k) => Array.from({ length: k }, (_, i) => line(i));
    const few = crowd(house, tenant, lines(100), 'hold');
    await few.line();
    const before = await sum();
    const many = crowd(house, tenant, lines(n), 'hold');
    const [, seconds] = await many.line();
    const each = ((await sum()) - before) / n;
    await many.end();
    await few.end();
    return { each, seconds };
}

const idle = () => within({}, async (house) => {
    const n = of(9900);
    const { tenant, ids, cookies } = await company(house, PEOPLE);
    const room = await addRoom(house, ids);
    const line = (i) => `${cookies[i % PEOPLE]} ${room}`;
    const limit = await bare(house, (b) => held(b, tenant, line, n, () => rss(b.pid)));
    const got = await held(house, tenant, line, n, async () => (await processes(house)).reduce((all, r) => all + rss(r.pid), 0));
    row('idle.memory', got.each, limit.each, `opened in ${got.seconds} s, at the bare server in ${limit.seconds} s`);
});

/** The edge dies, and all who were there come back at once, with the tickets that its next life takes too. */
const again = () => within({}, async (house) => {
    const n = of(5000);
    const { tenant, ids, cookies } = await company(house, PEOPLE);
    const room = await addRoom(house, ids);
    const back = async (where, cut) => {
        const c = crowd(where, tenant, Array.from({ length: n }, (_, i) => `${cookies[i % PEOPLE]} ${room}`), 'again');
        await c.line();
        await cut();
        const [seconds, resumed, tries, refused, waits] = (await c.line()).map(Number);
        await c.end();
        return { seconds, resumed, tries, refused, waits };
    };
    const limit = await bare(house, (b) => back(b, b.cut));
    const got = await back(house, async () => process.kill((await processes(house)).find((r) => r.role === 'edge').pid, 'SIGKILL'));
    if (limit.resumed !== n || got.resumed < n) throw new Error(`by ticket: ${got.resumed}, at the bare server ${limit.resumed} of ${n}`);
    row('again.seconds', got.seconds, limit.seconds, `the edge was killed; ${got.resumed} of ${got.tries} handshakes by session ticket; a WebSocket ticket was gone ${got.refused} times, "not now" was said ${got.waits} times`);
});

const parts = { fan, rate, pairs, 'pairs-aegis256': () => pairs('aegis256', 'pairs.aegis256'), idle, again };
for (const name of process.argv.slice(2).length ? process.argv.slice(2) : Object.keys(parts)) await parts[name]();
