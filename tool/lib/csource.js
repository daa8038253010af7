// What the checks of our C share: which files there are, and their tokens with line numbers.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const FLOORS = ['base', 'crypt', 'net', 'store', 'core', 'svc', 'api', 'role', 'prog'];

/** Every file under `root` whose name ends so, as paths relative to `root`, sorted. */
function files(root, ends = /\.(c|h|def|inc)$/) {
    const walk = (folder, prefix) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
        e.isDirectory() ? walk(path.join(folder, e.name), `${prefix}${e.name}/`) : [`${prefix}${e.name}`]);
    return fs.existsSync(root) ? walk(root, '').filter((f) => ends.test(f)).sort() : [];
}

/** Tokens of C text: { kind: 'string' | 'char' | 'word' | 'number' | 'mark' | 'directive', text, line }.
 * Comments are gone; a preprocessor line, continued or not, is one token. */
function tokens(text) {
    const re = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|^[ \t]*#(?:[^\n\\]|\\[\s\S])*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\n|\s+|./gm;
    const out = [];
    let line = 1;
    for (const [t] of text.matchAll(re)) {
        const kind = /^\/[*/]/.test(t) ? null
            : /^[ \t]*#/.test(t) ? 'directive'
                : t[0] === '"' ? 'string'
                    : t[0] === "'" ? 'char'
                        : /^[A-Za-z_]/.test(t) ? 'word'
                            : /^\d/.test(t) ? 'number'
                                : /^\s/.test(t) ? null : 'mark';
        if (kind)
            out.push({ kind, text: t, line });
        line += (t.match(/\n/g) ?? []).length;
    }
    return out;
}

/** Prints the findings and the summary, and ends with 1 where there are findings. */
function finish(name, findings, summary) {
    for (const f of findings)
        console.log(f);
    console.log(`${name}: ${summary}, ${findings.length} wrong`);
    process.exit(findings.length ? 1 : 0);
}

module.exports = { FLOORS, files, tokens, finish };
