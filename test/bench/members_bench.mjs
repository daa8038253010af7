// A company of 10,000 members and 1,000 units: how long its lists and searches take, one after the other over one TLS
// connection, each beside an answer that reads one row (GET /me) of the same run. They decide nothing.
// usage: make bench, or node test/bench/members_bench.mjs        writes build/bench-members.tsv: figure, p50 ms, p99 ms, × /me
import fs from 'node:fs';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { Client } from './client.mjs';

const MEMBERS = 10_000;
const UNITS = 1_000;
const ROUNDS = Number(process.env.ROUNDS ?? 200);
const PART = 32 * 1024;
const PASSWORD = 'engawa no hidamari';

const FAMILY = [['佐藤', 'さとう'], ['鈴木', 'すずき'], ['高橋', 'たかはし'], ['田中', 'たなか'], ['森下', 'もりした'], ['渡辺', 'わたなべ'],
    ['小林', 'こばやし'], ['安西', 'あんざい'], ['青柳', 'あおやぎ'], ['服部', 'はっとり'], ['大船', 'おおふな']];
const GIVEN = [['真由', 'まゆ'], ['京子', 'きょうこ'], ['健', 'けん'], ['彩', 'あや'], ['翔太', 'しょうた'], ['美咲', 'みさき'], ['直樹', 'なおき']];

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const ms = (from) => Number(process.hrtime.bigint() - from) / 1e6;
const since = async (what) => {
    const from = process.hrtime.bigint();
    const got = await what();
    return { got, took: ms(from) };
};

/** Ten at the top, a hundred below them, the rest below those; ids in that order. */
async function units(call) {
    const ids = [];
    for (let i = 0; i < UNITS; i++) {
        const parent = i < 10 ? undefined : i < 110 ? ids[i % 10] : ids[10 + (i % 100)];
        ids.push((await call('POST', '/console/units', { name: `第${i}組織`, code: `u${i}`, ...(parent ? { parent } : {}) })).id);
    }
    return ids;
}

function list() {
    const lines = ['Engawa ID,姓,名,姓 (読み),名 (読み),社員番号,電話,勤務先,担当業務,利用開始日,組織,役職,組織2'];
    for (let i = 0; i < MEMBERS; i++) {
        const [f, fr] = FAMILY[i % FAMILY.length];
        const [g, gr] = GIVEN[i % GIVEN.length];
        const start = i % 50 === 0 ? '2099-04-01' : '';
        lines.push(`m${i},${f},${g},${fr},${gr},E${String(i).padStart(6, '0')},03-1234-${String(i % 10_000).padStart(4, '0')},大船店,卸営業と${i}号線の配送,` +
            `${start},u${110 + (i % (UNITS - 110))},主任,${i % 4 ? '' : `u${i % 110}`}`);
    }
    return Buffer.from(lines.join('\r\n') + '\r\n');
}

async function company(house) {
    const { tenant } = await house.op('tenant.open', { workgroup: 'bench', company: 'Bench', admin: { login: 'admin', family: 'A', password: PASSWORD } });
    const c = new Client(house);
    c.agent.maxSockets = 1;
    await c.signIn('admin', 'bench', PASSWORD);
    const call = (method, rest, body) => c.call(method, `/t/${tenant}${rest}`, body);
    await call('POST', '/console/session', { password: PASSWORD });
    await call('POST', '/console/labels', { kind: 'title', name: '主任' });
    const ids = await since(() => units(call));
    const bytes = list();
    const { id } = await call('POST', '/console/imports', { name: 'list.csv', size: bytes.length });
    for (let at = 0, seq = 0; at < bytes.length; at += PART, seq++)
        await call('POST', `/console/imports/${id}/part`, { seq, data: bytes.subarray(at, at + PART).toString('base64url') });
    const check = await since(() => call('POST', `/console/imports/${id}/check`, { mended: [] }));
    const run = await since(() => call('POST', `/console/imports/${id}/run`, { mended: [] }));
    if (check.got.error_count || run.got.added !== MEMBERS)
        throw new Error(JSON.stringify(check.got.errors));
    console.log(`${UNITS} units ${ids.took.toFixed(0)} ms; import of ${MEMBERS} members with units and rooms: check ${check.took.toFixed(0)} ms, run ${run.took.toFixed(0)} ms`);
    return { call, units: ids.got };
}

async function measure(call, where, rounds = ROUNDS) {
    const times = [];
    for (let i = 0; i < 5 + rounds; i++) {
        const { took } = await since(() => call('GET', where));
        if (i >= 5) times.push(took);
    }
    times.sort((a, b) => a - b);
    return [quantile(times, 0.5), quantile(times, 0.99)];
}

const house = await House.start({ program: 'build/engawad', config: { edge_rate: 1000000, edge_burst: 1000000 } });
const rows = [];
try {
    const { call, units: ids } = await company(house);
    const q = { reading: encodeURIComponent('もりした'), middle: encodeURIComponent('号線') };
    const figures = [
        ['an answer of one row (GET /me)', '/me'],
        ['console: members, first page of 100', '/console/members'],
        ['console: members who have not started, first page', '/console/members?status=not_started'],
        ['console: members found by a reading', `/console/members?q=${q.reading}`],
        ['console: members found by a word in the middle of a sealed field', `/console/members?q=${q.middle}`],
        ['console: tree of 1,000 units', '/console/units'],
        ['console: members of a unit, first page', `/console/units/${ids[500]}/members`],
        ['colleagues, first page of 500', '/members'],
        ['colleagues found by a reading', `/members?q=${q.reading}`],
        ['mini profile of a colleague', null],
        ['units that a member sees', '/units'],
        ['members of a unit as colleagues see them, first page', `/units/${ids[500]}/members`],
    ];
    const [{ id: someone }] = (await call('GET', `/units/${ids[500]}/members`)).members;
    const [raw, raw99] = await measure(call, '/me');
    for (const [name, where] of figures) {
        const [p50, p99] = name === figures[0][0] ? [raw, raw99] : await measure(call, where ?? `/members/${someone}`);
        rows.push([name, p50.toFixed(2), p99.toFixed(2), (p50 / raw).toFixed(1)]);
        console.log(`${name.padEnd(66)} p50 ${p50.toFixed(2).padStart(7)} ms   p99 ${p99.toFixed(2).padStart(7)} ms   ${(p50 / raw).toFixed(1)} × /me`);
    }
    const tenant = (await house.op('health')).roles.find((r) => r.role === 'tenant');
    const held = Number(fs.readFileSync(`/proc/${tenant.pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]) / 1024;
    console.log(`memory (PSS) of the tenant after all this: ${held.toFixed(1)} MiB`);
} finally {
    await house.remove();
}
fs.writeFileSync(path.join(ROOT, 'build/bench-members.tsv'), rows.map((r) => r.join('\t') + '\n').join(''));
