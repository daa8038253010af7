// The figures by which the product judges itself: aims are judged as they are written, and what doc/ shows is what was measured.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { FIGURES, aimText, kept, measuredRead, measuredWrite, number, reserve, rowsRead, table } from '../bench/figures.mjs';
import { MEASURED, THEMES, pictures, withTable } from '../../tool/figures.mjs';

const rows = measuredRead(MEASURED);
const page = fs.readFileSync('doc/benchmarks.md', 'utf8');

test('an aim is kept up to its number and missed behind it', () => {
    const f = (aim) => ({ key: 'x', unit: 'ms', aim });
    for (const [aim, value, beside, verdict, text] of [
        [{ most: 13 }, 13, undefined, 'kept', '≤ 13 ms'], [{ most: 13 }, 13.1, undefined, 'missed', '≤ 13 ms'],
        [{ least: 12_000 }, 12_000, undefined, 'kept', '≥ 12,000 ms'], [{ least: 12_000 }, 11_999, undefined, 'missed', '≥ 12,000 ms'],
        [{ times: 1.2 }, 11.9, 10, 'kept', '≤ 1.2 ×'], [{ times: 1.2 }, 12.1, 10, 'missed', '≤ 1.2 ×'],
        [{ over: 0.4 }, 0.69, 0.3, 'kept', '≤ + 0.4 ms'], [{ over: 0.4 }, 0.71, 0.3, 'missed', '≤ + 0.4 ms'],
        [undefined, 5, 1, '', ''],
    ]) {
        assert.equal(kept(f(aim), value, beside), verdict, `${JSON.stringify(aim)}: ${value}`);
        assert.equal(aimText(f(aim)), text);
    }
    assert.throws(() => reserve(f({ times: 2 }), 1, undefined));
    assert.equal(reserve(f({ most: 10 }), 5), 2);
    assert.equal(reserve(f({ least: 10 }), 5), 0.5);
});

test('numbers keep three digits that say something', () => {
    assert.deepEqual([0.166, 1.007, 14.94, 139.2, 2378.6, 185_926].map(number), ['0.17', '1.01', '14.9', '139', '2,379', '185,926']);
});

test('a line that is no figure is refused', (t) => {
    const file = path.join(folder(t, {}), 'rows.tsv');
    fs.writeFileSync(file, 'a\t1\t\tnote\nb\t2\t3\t\n');
    assert.deepEqual(rowsRead(file), [{ key: 'a', value: 1, beside: undefined, note: 'note' }, { key: 'b', value: 2, beside: 3, note: '' }]);
    fs.writeFileSync(file, 'a\tnan\t\t\n');
    assert.throws(() => rowsRead(file));
});

test('every figure belongs to a piece of make bench, and every aim was measured, with day and machine, or the page says that it was not', () => {
    const known = run('test/bench/run', [], { ONLY: 'nothing-of-the-kind' });
    assert.equal(known.status, 2);
    const pieces = known.out.trim().replace(/^.*: /, '').split(' ');
    for (const f of FIGURES) {
        assert.ok(pieces.includes(f.piece), f.piece);
        const r = rows.get(f.key);
        if (!r) {
            if (f.aim) assert.ok(page.includes(`| ${f.text} | ${aimText(f)} | not measured |`), `${f.key} has an aim and was not measured`);
            continue;
        }
        assert.match(r.date, /^\d{4}-\d\d-\d\d$/);
        assert.ok(r.machine.length > 10 && r.value > 0 && r.unit === f.unit, f.key);
        assert.equal(r.aim, aimText(f), `${f.key}: its aim has changed since`);
    }
    assert.equal(new Set(FIGURES.map((f) => f.key)).size, FIGURES.length);
});

test('pictures and table are those of the measured figures (run tool/figures)', () => {
    const made = pictures(rows);
    assert.deepEqual(fs.readdirSync('doc/figures').filter((f) => f.endsWith('.svg')).sort(), Object.keys(made).sort());
    for (const [name, picture] of Object.entries(made)) assert.equal(fs.readFileSync(`doc/figures/${name}`, 'utf8'), picture, name);
    assert.equal(withTable(page, rows), page);
    for (const name of Object.keys(made)) assert.ok(page.includes(`](figures/${name})`), `doc/benchmarks.md shows ${name}`);
});

test('another figure is another picture and another table', () => {
    const key = 'rate.last', other = new Map(rows);
    other.set(key, { ...rows.get(key), value: rows.get(key).value * 3 });
    assert.notEqual(pictures(other)['aims.svg'], pictures(rows)['aims.svg']);
    assert.notEqual(pictures(other)['times.svg'], pictures(rows)['times.svg']);
    assert.notEqual(withTable(page, other), page);
    assert.throws(() => withTable('no marks', rows));
});

test('a file of figures is read as it was written', (t) => {
    const file = path.join(folder(t, {}), 'measured.tsv');
    measuredWrite(file, rows);
    assert.deepEqual(measuredRead(file), rows);
    assert.equal(table(rows).length, rows.size);
    fs.writeFileSync(file, 'figure\tvalue\n');
    assert.throws(() => measuredRead(file));
});

test('a picture is whole XML, refers to nothing outside, and its text stays inside', () => {
    for (const [name, picture] of Object.entries(pictures(rows))) {
        const open = [];
        for (const [, end, tag, , own] of picture.matchAll(/<(\/?)([a-z]+)((?:\s[a-z-A-Z]+="[^"<]*")*)\s*(\/?)>/g))
            if (end) assert.equal(open.pop(), tag, name);
            else if (!own) open.push(tag);
        assert.deepEqual(open, [], name);
        assert.ok(!/NaN|undefined|Infinity|href|url\(/.test(picture), name);
        const [, wide, high] = picture.match(/viewBox="0 0 (\d+) (\d+)"/).map(Number);
        const lines = new Map();
        for (const [, x, y, anchor, words] of picture.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="[^"]*"(?: text-anchor="(\w+)")?>([^<]*)</g)) {
            const long = words.length * 7;
            const left = anchor === 'end' ? x - long : anchor === 'middle' ? x - long / 2 : Number(x);
            assert.ok(left >= 0 && left + long <= wide + 4 && y < high, `${name}: ${words}`);
            lines.set(y, (lines.get(y) ?? '') + words);
        }
        for (const words of lines.values()) assert.ok(words.length * 6.4 < wide - 40, `${name}: ${words}`);
    }
});

/** WCAG 2: contrast of two colours. */
function contrast(a, b) {
    const light = (hex) => {
        const [r, g, bl] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
    };
    const [high, low] = [light(a), light(b)].sort((p, q) => q - p);
    return (high + 0.05) / (low + 0.05);
}

test('pictures are legible in light and in dark', () => {
    for (const [name, t] of Object.entries(THEMES)) {
        for (const c of ['text', 'quiet', 'missed']) assert.ok(contrast(t[c], t.ground) >= 4.5, `${name}: ${c}`);
        for (const c of ['kept', 'told']) assert.ok(contrast(t[c], t.ground) >= 3, `${name}: ${c}`);
        for (const picture of Object.values(pictures(rows))) assert.ok(picture.includes(`.t{fill:${t.text}}`) && picture.includes(`.g{fill:${t.ground}}`));
    }
});
