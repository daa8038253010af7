// Posts of people who wait for their answers: one sender, then 64 in 64 rooms; TLS WebSocket, durable, audited, searchable. And the
// last 50 messages of the rooms that were just written to.
// usage: make bench ONLY="posts"
import { SECONDS, addRoom, company, cpu, cpuEach, disk, measured, within } from './bench.mjs';
import { row } from './rows.mjs';

const SENDERS = 64;

async function one(house, { tenant, lines }) {
    const halves = [await disk(house, 1)];
    const [rate, p50, p99] = await measured(house, tenant, lines.slice(0, 1), 'post', SECONDS / 2);
    halves.push(await disk(house, 1));
    const raw = (what) => (halves[0][what] + halves[1][what]) / 2;
    return { p50: p50 / 1e3, p99: p99 / 1e3, raw50: raw('p50'), raw99: raw('p99'), rate };
}

async function many(house, { tenant, lines }) {
    const raw = await disk(house);
    const before = await cpu(house);
    const [rate, p50, p99] = await measured(house, tenant, lines, 'post', SECONDS);
    const after = await cpu(house);
    const each = ['tenant', 'edge'].map((r) => `${r} ${cpuEach(r, before, after, rate * SECONDS)} µs`).join(', ');
    return { rate, raw: raw.rate, note: `answer p50 ${(p50 / 1e3).toFixed(1)}, p99 ${(p99 / 1e3).toFixed(1)} ms; CPU of a post: ${each}` };
}

async function reads(house, cipher, { tenant, lines }) {
    const before = await cpu(house);
    const [rate, p50, p99] = await measured(house, tenant, lines.slice(0, 16), 'read', SECONDS / 2);
    const after = await cpu(house);
    const each = ['tenant', 'edge'].map((r) => `${r} ${cpuEach(r, before, after, (rate * SECONDS) / 2)} µs`).join(', ');
    console.log(`${cipher}: last 50 of a room just written to, over TLS, 16 at once: ${rate}/s, p50 ${p50} µs, p99 ${p99} µs; CPU: ${each}`);
}

for (const cipher of ['aes256', 'aegis256'])
    await within({ cipher }, async (house) => {
        const { tenant, ids, cookies } = await company(house, SENDERS, SENDERS);
        const lines = [];
        for (let i = 0; i < SENDERS; i++) lines.push(`${cookies[i]} ${await addRoom(house, [ids[i]])}`);
        const all = { tenant, lines };
        await measured(house, tenant, lines.slice(0, 8), 'post', 1);   // what is made on first need is there
        const o = await one(house, all);
        if (cipher === 'aes256') {
            row('one.p50', o.p50, o.raw50, `${o.rate} posts/s`);
            row('one.p99', o.p99, o.raw99);
        } else {
            console.log(`${cipher}: one sender, p50 ${o.p50.toFixed(2)} ms, p99 ${o.p99.toFixed(2)} ms; fdatasync ${o.raw50.toFixed(2)}, ${o.raw99.toFixed(2)} ms`);
        }
        const m = await many(house, all);
        row(`posts.${cipher}`, m.rate, m.raw, m.note);
        await reads(house, cipher, all);
    });
