// Draws what was measured: doc/figures/*.svg and the table in doc/benchmarks.md, both from doc/figures/measured.tsv.
// usage: tool/figures            draws
//        tool/figures take       takes build/bench.tsv over into measured.tsv first (figure by figure: what it has not stays)
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIGURES, HEAD, aimText, kept, measuredRead, measuredWrite, quantity, reserve, table } from '../test/bench/figures.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const MEASURED = path.join(ROOT, 'doc/figures/measured.tsv');

/* Text on its own ground, so that a picture is legible on any page; the page's scheme chooses between the two. */
export const THEMES = {
    light: { ground: '#ffffff', text: '#1f2328', quiet: '#59636e', line: '#d1d9e0', kept: '#0969da', missed: '#bc4c00', told: '#59636e' },
    dark: { ground: '#0d1117', text: '#f0f6fc', quiet: '#9198a1', line: '#3d444d', kept: '#4493f8', missed: '#f0883e', told: '#9198a1' },
};

const WIDE = 760, LEFT = 20, RIGHT = WIDE - 20, ROW = 44, TOP = 64, FOOT = 40;

const xml = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const at = (v) => String(Math.round(v * 10) / 10);

const rules = (t) => `.g{fill:${t.ground}}.t{fill:${t.text}}.q{fill:${t.quiet}}.l{stroke:${t.line}}.a{stroke:${t.text}}.b{stroke:${t.quiet};fill:none}` +
    ['kept', 'missed', 'told'].map((k) => `.${k}{fill:${t[k]}}`).join('');

function svg(title, under, body, height) {
    const style = `text{font:13px system-ui,sans-serif}.h{font-size:16px;font-weight:600}.s{font-size:12px}${rules(THEMES.light)}` +
        `@media (prefers-color-scheme:dark){${rules(THEMES.dark)}}`;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDE}" height="${height}" viewBox="0 0 ${WIDE} ${height}" role="img" aria-label="${xml(title)}">`,
        `<style>${style}</style>`,
        `<rect class="g" width="${WIDE}" height="${height}" rx="8"/>`,
        text(LEFT, 28, title, 't h'),
        text(LEFT, 46, under, 'q s'),
        ...body,
        '</svg>',
        '',
    ].join('\n');
}

const text = (x, y, what, look, anchor = '') => `<text x="${at(x)}" y="${at(y)}" class="${look}"${anchor ? ` text-anchor="${anchor}"` : ''}>${xml(what)}</text>`;
const stroke = (x1, y1, x2, y2, look, wide = 1) => `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="${look}" stroke-width="${wide}"/>`;
const bar = (x1, x2, y, look) => `<rect x="${at(Math.min(x1, x2))}" y="${y}" width="${at(Math.max(1, Math.abs(x2 - x1)))}" height="12" rx="2" class="${look}"/>`;

/** A place on a logarithmic axis; what is beyond it stands at its end. */
const axis = (least, most) => (v) => LEFT + (RIGHT - LEFT) * Math.min(1, Math.max(0, Math.log(v / least) / Math.log(most / least)));

/** A figure's words, and below them its marks before the axis' `ticks` (as [place, look, width]). */
function rowsOf(figures, rows, ticks, drawn) {
    return figures.flatMap((f, i) => {
        const y = TOP + i * ROW, r = rows.get(f.key), verdict = kept(f, r.value, r.beside);
        const says = [quantity(r.value, f.unit), aimText(f) && `aim ${aimText(f)}`, verdict].filter(Boolean).join(' · ');
        const grid = ticks.map(([x, look, wide]) => stroke(x, y + 18, x, y + 34, look, wide));
        return [...grid, text(LEFT, y + 12, f.text, 't s'), text(RIGHT, y + 12, says, verdict === 'missed' ? 'missed s' : 't s', 'end'), ...drawn(f, r, y + 19, verdict || 'told')];
    });
}

/** How far each aim is kept: to the right of the line there is reserve. */
function aims(rows, when) {
    const figures = FIGURES.filter((f) => f.aim && rows.has(f.key));
    const least = 1 / 16, most = 16, x = axis(least, most), end = TOP + figures.length * ROW;
    const ticks = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16];
    const body = [
        ...rowsOf(figures, rows, ticks.map((v) => [x(v), v === 1 ? 'a' : 'l', v === 1 ? 2 : 1]), (f, r, y, verdict) => [bar(x(1), x(reserve(f, r.value, r.beside)), y, verdict)]),
        ...ticks.map((v) => text(x(v), end + 16, v >= 1 ? `${v} ×` : `1/${1 / v}`, 'q s', v === least ? '' : v === most ? 'end' : 'middle')),
    ];
    return svg('How far each aim is kept', `The line is the aim; right of it is reserve, left of it is missed. ${when}`, body, end + FOOT);
}

/** Measured beside the machine's own limit of the same run, and the aim where it is a number of its own. */
function beside(rows, when, unit, title) {
    const figures = FIGURES.filter((f) => rows.has(f.key) && (unit === 'memory' ? /iB$/.test(f.unit) : f.unit === unit));
    const own = (f) => f.aim?.least ?? f.aim?.most ?? reserve(f, 1, rows.get(f.key).beside);
    const scale = { KiB: 1, MiB: 1024, GiB: 1024 ** 2 };
    const by = (f) => (unit === 'memory' ? scale[f.unit] : 1);
    const all = figures.flatMap((f) => [rows.get(f.key).value, rows.get(f.key).beside, own(f)].filter((v) => v > 0).map((v) => v * by(f)));
    const base = unit === 'memory' ? 16 : 10, power = (v) => Math.log(v) / Math.log(base);
    const least = base ** Math.floor(power(Math.min(...all)) - 0.1), most = base ** Math.ceil(power(Math.max(...all)) + 0.05);
    const x = axis(least, most), end = TOP + figures.length * ROW, ticks = [];
    for (let v = least; v <= most * 1.01; v *= base) ticks.push(v);
    const told = (v) => (unit !== 'memory' ? quantity(v, unit) : v >= 1024 ** 2 ? `${+(v / 1024 ** 2).toFixed(1)} GiB` : v >= 1024 ? `${+(v / 1024).toFixed(1)} MiB` : `${v} KiB`);
    const body = [
        ...rowsOf(figures, rows, ticks.map((v) => [x(v), 'l', 1]), (f, r, y, verdict) => [
            bar(LEFT, x(r.value * by(f)), y, verdict),
            ...(own(f) ? [stroke(x(own(f) * by(f)), y - 3, x(own(f) * by(f)), y + 15, 'a', 2)] : []),
            ...(r.beside ? [`<circle cx="${at(x(r.beside * by(f)))}" cy="${y + 6}" r="5" class="g"/>`, `<circle cx="${at(x(r.beside * by(f)))}" cy="${y + 6}" r="5" class="b" stroke-width="2"/>`] : []),
        ]),
        ...ticks.map((v, i) => text(x(v), end + 16, told(v), 'q s', i === 0 ? '' : i === ticks.length - 1 ? 'end' : 'middle')),
    ];
    return svg(title, `Bar: measured. Line: the aim. Ring: the machine's own limit in the same run. ${when}`, body, end + FOOT);
}

/** Name of a picture to its text. */
export function pictures(rows) {
    const dates = [...new Set([...rows.values()].map((r) => r.date))].sort();
    const when = dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}.` : `${dates[0]}.`;
    return {
        'aims.svg': aims(rows, when),
        'rates.svg': beside(rows, when, '/s', 'How much in a second'),
        'times.svg': beside(rows, when, 'ms', 'How long it takes'),
        'memory.svg': beside(rows, when, 'memory', 'How much memory'),
    };
}

const BEGIN = '<!-- figures: tool/figures writes this from doc/figures/measured.tsv -->', END = '<!-- /figures -->';

/** The table of doc/benchmarks.md, between its marks. */
export function withTable(page, rows) {
    const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
    if (from < 0 || to < from) throw new Error('doc/benchmarks.md has no place for the table');
    const line = (cells) => `| ${cells.join(' | ')} |`;
    const lines = [line(HEAD), line(HEAD.map((_, i) => (i === 0 || i === 5 ? '---' : '--:'))), ...table(rows, true).map((cells) => line(cells.map((c) => (c === 'missed' ? '**missed**' : c))))];
    return `${page.slice(0, from)}${BEGIN}\n${lines.join('\n')}\n${page.slice(to)}`;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    if (process.argv[2] === 'take')
        measuredWrite(MEASURED, new Map([...measuredRead(MEASURED), ...measuredRead(path.join(ROOT, 'build/bench.tsv'))]));
    const rows = measuredRead(MEASURED), page = path.join(ROOT, 'doc/benchmarks.md');
    for (const [name, picture] of Object.entries(pictures(rows))) fs.writeFileSync(path.join(ROOT, 'doc/figures', name), picture);
    fs.writeFileSync(page, withTable(fs.readFileSync(page, 'utf8'), rows));
}
