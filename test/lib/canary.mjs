// Words that stand nowhere else, for every field that somebody can write; and the search for them in what a machine keeps.
//     const c = new Canaries(seed);   c.word(40)  c.phone()  c.mail()       each begins with a mark of this run
//     c.hits(scanned(dir, …))         where a mark stands, in any spelling, packed or not
// A mark is what all words of a kind begin with: one search finds them all.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { spellings } from './disk.mjs';

/** mulberry32: numbers from 0 to n - 1, the same from the same seed. */
export function dice(seed) {
    let state = seed;
    return (n) => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % n;
    };
}

export class Canaries {
    constructor(seed) {
        const next = dice(seed);
        const some = (n, of) => Array.from({ length: n }, () => of[next(of.length)]).join('');
        this.ascii = some(1, 'bcdfghjklmnpqrstvwxz') + some(9, 'bcdfghjklmnpqrstvwxz0123456789');
        this.kanji = Array.from({ length: 4 }, () => String.fromCodePoint(0x4e00 + next(0x5000))).join('');
        this.digits = some(1, '123456789') + some(10, '0123456789');
        this.n = 0;
    }

    get marks() {
        return [this.ascii, this.kanji, this.digits];
    }

    /** One of at most `max` characters; with Japanese behind it where there is room. */
    word(max = 1000) {
        const n = String(++this.n).padStart(4, '0');
        const japanese = ` ${this.kanji}${n}`;
        return max >= this.ascii.length + 4 + japanese.length ? this.ascii + n + japanese : this.ascii + n;
    }

    login() {
        return this.ascii + String(++this.n).padStart(4, '0');
    }

    phone() {
        return `+${this.digits}${String(++this.n).padStart(4, '0')}`;
    }

    mail() {
        return `${this.login()}@example.jp`;
    }

    has = (text) => this.marks.some((m) => `${text}`.includes(m));

    /** 'mark in name (spelling)' for each that stands in these pieces [name, bytes], and in what is packed within them. */
    hits(pieces, more = []) {
        const forms = [...this.marks, ...more].flatMap((m) => Object.entries(spellings(m)).flatMap(([how, list]) => list.map((f) => [m, how, f])));
        const found = [];
        for (const [name, bytes] of pieces)
            for (const [where, b] of [[name, bytes], ...unpacked(bytes).map((u) => [`${name}, unpacked`, u])])
                for (const [m, how, form] of forms)
                    if (b.includes(form))
                        found.push(`${m} in ${where} (${how})`);
        return found;
    }
}

/** Where the packed bytes of a gzip member begin, behind its head and the names in it. */
function gzipBody(bytes, at) {
    const flags = bytes[at + 3];
    let from = at + 10;
    if (flags & 4)
        from += 2 + (bytes[from] | (bytes[from + 1] << 8));
    for (const named of [8, 16])
        if (flags & named)
            from = bytes.indexOf(0, from) + 1;
    return flags & 2 ? from + 2 : from;
}

const HEADS = [[[0x1f, 0x8b, 8], gzipBody], ...[0x01, 0x5e, 0x9c, 0xda].map((b) => [[0x78, b], (bytes, at) => at + 2])];

/** What begins at any offset with the head of gzip or zlib and can be unpacked, whatever stands behind it. */
export function unpacked(bytes) {
    const out = [];
    for (const [head, body] of HEADS)
        for (let at = bytes.indexOf(Buffer.from(head)); at >= 0; at = bytes.indexOf(Buffer.from(head), at + 1)) {
            try {
                const got = zlib.inflateRawSync(bytes.subarray(body(bytes, at)), { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 24 });
                if (got.length)
                    out.push(got);
            } catch {
                // these bytes only looked like a head
            }
        }
    return out;
}

/** Every file below a folder that was written since `since` (ms): [name, bytes]; what goes away meanwhile is left out. */
export function scanned(dir, { since = 0, largest = 1 << 28 } = {}) {
    const out = [];
    const walk = (at) => {
        let entries;
        try {
            entries = fs.readdirSync(at, { withFileTypes: true });
        } catch {
            return;
        }
        for (const e of entries) {
            const file = path.join(at, e.name);
            try {
                if (e.isDirectory())
                    walk(file);
                else if (e.isSymbolicLink())
                    out.push([file, Buffer.from(`${file}\n${fs.readlinkSync(file)}`)]);
                else if (e.isFile() && fs.statSync(file).mtimeMs >= since && fs.statSync(file).size <= largest)
                    out.push([file, Buffer.concat([Buffer.from(`${file}\n`), fs.readFileSync(file)])]);
            } catch (x) {
                if (x.code !== 'ENOENT')
                    throw x;
            }
        }
    };
    walk(dir);
    return out;
}

/** The text fields of a schema, those of its parts too: [[path, field]]; a list's elements as 'list.name'. */
export function textFields(tables, name, before = '') {
    const schema = tables.schemas.find((s) => s.name === name);
    return (schema?.fields ?? []).flatMap((f) => f.of ? textFields(tables, f.of, `${before}${f.name}.`)
        : f.type === 'text' && !f.one_of ? [[`${before}${f.name}`, f]] : []);
}
