// Every SQL text of the source, as the compiler puts it together: { file, line, sql, binds }, binds by their kind.
//     statements()          db_exec(), db_query() of src, tests left out
//     migrations(file)      the lines of a schema: [{ n, sql }]
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './house.mjs';

const { files, tokens } = createRequire(import.meta.url)('../../tool/lib/csource.js');
const SRC = path.join(ROOT, 'src');

const sources = new Map(files(SRC, /\.(c|h|inc)$/).filter((f) => !/_(test|fuzz)\.c$|test\.h$|fixture/.test(f))
    .map((f) => [f, tokens(fs.readFileSync(path.join(SRC, f), 'utf8'))]));

/* Macros without parameters: name → [{ file, body }]. */
const macros = new Map();
for (const [file, ts] of sources)
    for (const t of ts) {
        const m = t.kind === 'directive' && /^\s*#\s*define\s+([A-Z][A-Z0-9_]*)(?!\w|\()([\s\S]*)$/.exec(t.text);
        if (m)
            macros.set(m[1], [...(macros.get(m[1]) ?? []), { file, body: tokens(m[2].replace(/\\\n/g, ' ')) }]);
    }

const ESCAPES = { n: '\n', t: '\t', r: '\r', 0: '\0' };
const plain = (t) => t.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[\s\S])/g, (_, e) => (e.length === 3 ? String.fromCharCode(parseInt(e.slice(1), 16)) : ESCAPES[e] ?? e));

/** What literals and macros give, one after the other; of a macro its own file's. */
function text(ts, file) {
    return ts.map((t) => {
        if (t.kind === 'string')
            return plain(t.text);
        const all = macros.get(t.text) ?? [];
        const one = all.find((m) => m.file === file) ?? all[0];
        if (!one || t.kind !== 'word')
            throw new Error(`${file}:${t.line}: no literal: ${t.text}`);
        return text(one.body, one.file);
    }).join('');
}

/** The arguments of the call whose "(" is at index `at`: lists of tokens. */
function args(ts, at) {
    const out = [[]];
    let depth = 0;
    for (let i = at; i < ts.length; i++) {
        const mark = ts[i].kind === 'mark' && ts[i].text;
        if (mark && '([{'.includes(mark) && depth++ === 0)
            continue;
        if (mark && ')]}'.includes(mark) && --depth === 0)
            break;
        if (mark === ',' && depth === 1)
            out.push([]);
        else
            out.at(-1).push(ts[i]);
    }
    return out;
}

const KINDS = new Set(['INT', 'ID', 'TEXT', 'BLOB', 'SEALED', 'NIL']);

/** INT, TEXT … of a bind; of several (`x ? TEXT(a) : NIL`) the first that says something; null of a variable. */
const kind = (ts) => {
    const all = ts.filter((t) => t.kind === 'word' && KINDS.has(t.text)).map((t) => t.text);
    return all.find((k) => k !== 'NIL') ?? all[0] ?? null;
};

export function statements() {
    const out = [];
    for (const [file, ts] of sources)
        ts.forEach((t, i) => {
            if (t.kind !== 'word' || !['db_exec', 'db_query'].includes(t.text) || ts[i + 1]?.text !== '(')
                return;
            const [, sql, ...binds] = args(ts, i + 1);
            out.push({ file, line: t.line, sql: text(sql, file), binds: binds.map(kind) });
        });
    return out;
}

export function migrations(file) {
    const ts = sources.get(file), out = [];
    for (let i = 0; i < ts.length; i++) {
        if (ts[i].text !== '{' || ts[i + 1]?.kind !== 'number' || ts[i + 2]?.text !== ',')
            continue;
        const body = [];
        for (let j = i + 3; ts[j].text !== '}'; j++)
            if (ts[j].text !== ',')
                body.push(ts[j]);
        out.push({ n: Number(ts[i + 1].text), sql: text(body, file) });
    }
    return out;
}
