// A measured figure on its way into the table of `make bench` (figures.mjs names it); told on standard output as well.
import fs from 'node:fs';
import { FIGURES, quantity } from './figures.mjs';

export function row(key, value, beside, note = '') {
    const f = FIGURES.find((x) => x.key === key);
    if (!f) throw new Error(`no such figure: ${key}`);
    if (!Number.isFinite(value)) throw new Error(`${key}: ${value}`);
    const limit = beside === undefined ? '' : `   ${f.beside}: ${quantity(beside, f.unit)}`;
    console.log(`${f.text.padEnd(76)} ${quantity(value, f.unit).padStart(12)}${limit}${note ? `   (${note})` : ''}`);
    const told = (v) => (v === undefined ? '' : Number(v.toPrecision(4)));
    if (process.env.BENCH_ROWS) fs.appendFileSync(process.env.BENCH_ROWS, `${key}\t${told(value)}\t${told(beside)}\t${note}\n`);
}
