// Measures: runs the pieces one after the other, prints one table of all figures with their aims (figures.mjs) and writes
// build/bench.tsv. An aim that is missed is told; a piece that could not measure fails.
// usage: make bench [ONLY="pairs history"] [SMALL=1]     ONLY: these pieces, also those that are not part of the whole; SMALL: a tenth
// of everything, to try it: such figures say nothing and are not written.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIGURES, HEAD, kept, measuredRead, measuredWrite, rowsRead, table } from './figures.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const small = Boolean(process.env.SMALL);
const node = (script, ...args) => ['node', `test/bench/${script}_bench.mjs`, ...args];
const program = (name, ...args) => [`build/bench/${name}`, ...args];
const sized = (n) => String(small ? n / 10 : n);

// What the whole measures, in this order: it ends within 15 minutes.
const PIECES = {
    fanout: program('fanout', sized(1000), ...(small ? ['1'] : [])),
    fan: node('crowd', 'fan'),
    rate: node('crowd', 'rate'),
    posts: node('posts'),
    pairs: node('crowd', 'pairs'),
    idle: node('crowd', 'idle'),
    again: node('crowd', 'again'),
    start: node('size', 'start'),
    demo: node('size', 'demo'),
    tenants: node('size', 'tenants'),
    history: program('history', sized(1_000_000), 'aes256'),
    search: node('search', sized(1_000_000)),
    files: node('files'),
};
// By name alone.
const MORE = {
    'pairs-aegis256': node('crowd', 'pairs-aegis256'),
    'history-aegis256': program('history', sized(1_000_000), 'aegis256'),
    members: node('members'),
    timing: program('timing'),
    web: node('web'),
};
const PIECE_SECONDS = 600;                                  // of a busy machine too

const wanted = process.env.ONLY?.split(/\s+/).filter(Boolean) ?? [];
for (const w of wanted)
    if (!PIECES[w] && !MORE[w]) {
        console.error(`no piece ${w}; there are: ${Object.keys({ ...PIECES, ...MORE }).join(' ')}`);
        process.exit(2);
    }
const chosen = wanted.length ? wanted : Object.keys(PIECES);

const rowsFile = path.join(ROOT, 'build/bench-rows.tsv');
fs.writeFileSync(rowsFile, '');

/** Its own process group, so that nothing of a piece that hangs stays behind. Whether it ended well. */
function ran(name, [command, ...args]) {
    return new Promise((resolve) => {
        const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', detached: true, env: { ...process.env, BENCH_ROWS: rowsFile } });
        const timer = setTimeout(() => {
            console.log(`${name}: not done after ${PIECE_SECONDS} s`);
            process.kill(-child.pid, 'SIGKILL');
        }, name in PIECES ? PIECE_SECONDS * 1000 : 2 ** 31 - 1);
        child.once('error', (e) => console.log(`${name}: ${e.message}`));
        child.once('close', (code) => {
            clearTimeout(timer);
            resolve(code === 0);
        });
    });
}

function machine() {
    const cpus = os.cpus();
    const model = cpus[0].model.replace(/\((R|TM)\)|CPU|Processor|@.*/g, '').replace(/\s+/g, ' ').trim();
    const disk = /^\S+ \/ (\S+)/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))?.[1] ?? '?';
    return `${cpus.length} × ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release().split('-')[0]}, ${disk}`;
}

const load = () => os.loadavg()[0].toFixed(1);
const failed = [];
const begun = Date.now();
const loadBefore = load();
for (const name of chosen) {
    console.log(`\n== ${name}   (load ${load()})`);
    const from = Date.now(), had = rowsRead(rowsFile).length;
    const ok = await ran(name, { ...PIECES, ...MORE }[name]);
    const keys = rowsRead(rowsFile).slice(had).map((r) => r.key);
    const lacking = FIGURES.filter((f) => f.piece === name && !keys.includes(f.key)).map((f) => f.key);
    const unknown = keys.filter((k) => !FIGURES.some((f) => f.key === k && f.piece === name));
    if (!ok || lacking.length || unknown.length) failed.push(`${name}${lacking.length ? ` (not measured: ${lacking.join(', ')})` : ''}${unknown.length ? ` (unknown: ${unknown.join(', ')})` : ''}`);
    console.log(`== ${name}: ${((Date.now() - from) / 1000).toFixed(0)} s`);
}

const stamp = { date: new Date(begun).toISOString().slice(0, 10), machine: machine() };
const rows = new Map(rowsRead(rowsFile).map((r) => [r.key, { ...r, ...stamp }]));
fs.rmSync(rowsFile);
if (!small) measuredWrite(path.join(ROOT, 'build/bench.tsv'), new Map([...measuredRead(path.join(ROOT, 'build/bench.tsv')), ...rows]));

const lines = [HEAD, ...table(rows)];
const wide = HEAD.map((_, c) => Math.max(...lines.map((l) => l[c].length)));
console.log(`\n${stamp.date}, ${stamp.machine}, load ${loadBefore} before, ${load()} after, ${((Date.now() - begun) / 1000).toFixed(0)} s${small ? '; SMALL: a tenth of each, says nothing' : ''}\n`);
for (const l of lines) console.log(l.map((text, c) => (c === 0 || c === 5 ? text.padEnd(wide[c]) : text.padStart(wide[c]))).join('  ').trimEnd());
const missed = FIGURES.filter((f) => rows.has(f.key) && kept(f, rows.get(f.key).value, rows.get(f.key).beside) === 'missed');
console.log(`\n${rows.size} figures, ${missed.length} aims missed`);
for (const f of failed) console.log(`could not measure: ${f}`);
process.exit(failed.length ? 1 : 0);
