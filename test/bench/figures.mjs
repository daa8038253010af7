// The figures by which the product judges itself, each with its aim and with what of the same machine stands beside it: the table
// that `make bench` prints, build/bench.tsv and doc/benchmarks.md come from here. A piece measures them (run: PIECES) and writes
// a line "figure, value, beside, note" for each into the file BENCH_ROWS (row.h, rows.mjs).
// An aim: { most } or { least } in the figure's unit, { times } or { over } what stands beside it; none: the figure is only told.
import fs from 'node:fs';

const figure = (piece, key, text, unit, beside, aim) => ({ piece, key, text, unit, beside, aim });

export const FIGURES = [
    figure('fanout', 'fanout.cpu', '1 room × 1,000 members, TLS, one frame each: CPU of a delivery', 'µs', 'loop of SSL_write', { times: 1.2 }),
    figure('fan', 'fan.deliveries', '1 room × 1,000, TLS, durable, audited, 32 posts in flight: deliveries', '/s', 'bare server, one frame each', { least: 500_000 }),
    figure('rate', 'rate.last', '20 posts/s to 1,000 members, TLS: the last one has it, p99', 'ms', 'bare server', { most: 13 }),
    figure('posts', 'posts.aes256', '64 senders, durable, audited, searchable, AES-256: posts', '/s', 'fdatasync', { least: 12_000 }),
    figure('posts', 'posts.aegis256', '64 senders, durable, audited, searchable, AEGIS-256: posts', '/s', 'fdatasync', { least: 20_000 }),
    figure('posts', 'one.p50', 'one sender, post to reply, AES-256, p50', 'ms', 'fdatasync', { over: 0.4 }),
    figure('posts', 'one.p99', 'one sender, post to reply, AES-256, p99', 'ms', 'fdatasync', { over: 4 }),
    figure('pairs', 'pairs.messages', '200 pairs who answer and mark as read, AES-256: messages', '/s', 'fdatasync', { least: 12_000 }),
    figure('pairs', 'pairs.p99', '200 pairs, AES-256: from a post to the other one, p99', 'ms', 'fdatasync, p99', { most: 40 }),
    figure('pairs-aegis256', 'pairs.aegis256.messages', '200 pairs who answer and mark as read, AEGIS-256: messages', '/s', 'fdatasync'),
    figure('pairs-aegis256', 'pairs.aegis256.p99', '200 pairs, AEGIS-256: from a post to the other one, p99', 'ms', 'fdatasync, p99'),
    figure('idle', 'idle.memory', '10,000 idle TLS connections: memory of all roles, each', 'KiB', 'bare server', { most: 15 }),
    figure('again', 'again.seconds', '5,000 clients come back at once, TLS, session tickets: all back', 's', 'bare server', { most: 5 }),
    figure('start', 'start.sign_in', 'exec to the first sign-in', 'ms', 'hash of its password', { most: 100 }),
    figure('start', 'start.wake', 'a sleeping company: its first answer, p50', 'ms', 'exec of the program', { most: 10 }),
    figure('demo', 'demo.memory', 'demo company, idle: PSS of all processes', 'MiB', '', { most: 24 }),
    figure('tenants', 'tenants.memory', '1,000 companies, 100 of them active: PSS of all processes', 'GiB', '', { most: 1 }),
    figure('history', 'history.rate', 'last 50 of a room of 10,000, 1,000,000 messages, AES-256: requests', '/s', 'engine alone', { least: 30_000 }),
    figure('history', 'history.p99', 'last 50 of a room, AES-256, p99', 'ms', 'engine alone', { most: 3 }),
    figure('search', 'search.one', 'search in 1,000,000 messages, 1 character, p99', 'ms', 'page read by numbers', { most: 5 }),
    figure('search', 'search.two', 'search, 2 characters, p99', 'ms', 'page read by numbers', { most: 5 }),
    figure('search', 'search.more', 'search, 3 to 8 characters, p99', 'ms', 'page read by numbers', { most: 5 }),
    figure('files', 'files.up', 'a file of 2 GB in, TLS, sealed, each MiB on the disk', 'MB/s', 'nginx, plain, not synced'),
    figure('files', 'files.down', 'a file of 2 GB out, TLS, sealed', 'MB/s', 'nginx, plain'),
    figure('files', 'files.memory', 'a file of 2 GB in and out: edge or tenant grow by', 'MiB', '', { most: 16 }),
];

/** Three digits that say something, thousands parted. */
export function number(v) {
    if (v >= 100) return String(Math.round(v)).replace(/\B(?=(\d{3})+$)/g, ',');
    const [whole, part = ''] = v.toFixed(v >= 10 ? 1 : 2).split('.');
    const kept = part.replace(/0+$/, '');
    return kept ? `${whole}.${kept}` : whole;
}

const SPACED = new Set(['/s']);                            // units that follow a number without a blank
export const quantity = (v, unit) => `${number(v)}${SPACED.has(unit) ? '' : ' '}${unit}`;

export function aimText({ aim, unit }) {
    if (!aim) return '';
    if (aim.least !== undefined) return `≥ ${quantity(aim.least, unit)}`;
    if (aim.most !== undefined) return `≤ ${quantity(aim.most, unit)}`;
    return aim.times !== undefined ? `≤ ${aim.times} ×` : `≤ + ${quantity(aim.over, unit)}`;
}

/** How far the aim is kept: 1 is just kept, 2 twice as good, 0.5 half. Undefined without an aim. */
export function reserve({ aim, key }, value, beside) {
    if (!aim) return undefined;
    if (aim.least !== undefined) return value / aim.least;
    if (aim.most !== undefined) return aim.most / value;
    if (beside === undefined) throw new Error(`${key}: its aim needs what stands beside it`);
    return (aim.times !== undefined ? beside * aim.times : beside + aim.over) / value;
}

export const kept = (f, value, beside) => {
    const r = reserve(f, value, beside);
    return r === undefined ? '' : r >= 1 ? 'kept' : 'missed';
};

/** Lines of BENCH_ROWS: { key, value, beside, note }. */
export function rowsRead(file) {
    return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => {
        const [key, value, beside = '', note = ''] = line.split('\t');
        if (!Number.isFinite(Number(value)) || !Number.isFinite(Number(beside))) throw new Error(`not a figure: ${line}`);
        return { key, value: Number(value), beside: beside === '' ? undefined : Number(beside), note };
    });
}

const COLUMNS = ['figure', 'value', 'unit', 'beside', 'aim', 'date', 'machine', 'note'];

/** A file of measured figures (build/bench.tsv, doc/figures/measured.tsv): a Map of key to row. */
export function measuredRead(file) {
    if (!fs.existsSync(file)) return new Map();
    const [head, ...lines] = fs.readFileSync(file, 'utf8').trimEnd().split('\n').map((l) => l.split('\t'));
    if (head.join() !== COLUMNS.join()) throw new Error(`${file} has other columns`);
    return new Map(lines.map((l) => {
        const r = Object.fromEntries(COLUMNS.map((c, i) => [c, l[i] ?? '']));
        return [r.figure, { ...r, value: Number(r.value), beside: r.beside === '' ? undefined : Number(r.beside) }];
    }));
}

/** In the order of FIGURES; `rows` of the same shape as measuredRead() gives. */
export function measuredWrite(file, rows) {
    const lines = FIGURES.filter((f) => rows.has(f.key)).map((f) => {
        const r = rows.get(f.key);
        return [f.key, r.value, f.unit, r.beside ?? '', aimText(f), r.date, r.machine, r.note];
    });
    fs.writeFileSync(file, [COLUMNS, ...lines].map((l) => `${l.join('\t')}\n`).join(''));
}

/** The final table: a row of texts for each figure of `rows`; `whole`: and for each aim that was not measured. */
export function table(rows, whole = false) {
    return FIGURES.filter((f) => rows.has(f.key) || (whole && f.aim)).map((f) => {
        if (!rows.has(f.key)) return [f.text, aimText(f), 'not measured', '', '', ''];
        const { value, beside } = rows.get(f.key);
        return [f.text, aimText(f), quantity(value, f.unit), beside === undefined ? '' : `${quantity(beside, f.unit)} (${f.beside})`,
            beside ? `${number(value / beside)} ×` : '', kept(f, value, beside)];
    });
}

export const HEAD = ['figure', 'aim', 'measured', "beside (the machine's own limit)", 'ratio', ''];
