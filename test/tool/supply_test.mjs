// tool/supply: each thing that it refuses, planted once in a copy of what it reads.
import fs from 'node:fs';
import path from 'node:path';
import { folder, root, run } from '../lib/sandbox.mjs';
import { assert, proves, test } from '../lib/test.mjs';

const FILES = ['web/package.json', 'web/package-lock.json', 'web/.npmrc', 'doc/dependencies.md'];
const tree = () => Object.fromEntries(FILES.map((f) => [f, fs.readFileSync(path.join(root, f), 'utf8')]));
const json = (files, name, change) => {
    const v = JSON.parse(files[name]);
    change(v);
    files[name] = JSON.stringify(v);
};
const LOCK = 'web/package-lock.json', OWN = 'web/package.json', DOC = 'doc/dependencies.md', RC = 'web/.npmrc';

test('the tree is as it should be', () => {
    proves('B14.08');
    const r = run('tool/supply', []);
    assert.equal(r.status, 0, r.out);
    assert.match(r.out, /, 0 wrong/);
});

test('a package that is not pinned, not known or not said is named', (t) => {
    proves('B14.08');
    const at = (files, name) => JSON.parse(files[LOCK]).packages[`node_modules/${name}`];
    assert.ok(at(tree(), 'virtua') && at(tree(), 'vite'));
    const planted = {
        'a range of versions': [(f) => json(f, OWN, (v) => { v.dependencies.virtua = `^${v.dependencies.virtua}`; }), /virtua: "\^.*" is no exact version/],
        'an address for a version': [(f) => json(f, OWN, (v) => { v.dependencies.virtua = 'https://example.com/virtua.tgz'; }), /virtua: "https.*" is no exact version/],
        'another version in the lock': [(f) => json(f, LOCK, (v) => { v.packages[''].dependencies.virtua = '0.0.1'; }), /virtua: not the version of web\/package\.json/],
        'one in the lock alone': [(f) => json(f, LOCK, (v) => { v.packages[''].dependencies.more = '1.0.0'; }), /more: not in web\/package\.json/],
        'no hash': [(f) => json(f, LOCK, (v) => { delete v.packages['node_modules/vite'].integrity; }), /node_modules\/vite: no SHA-512/],
        'a weak hash': [(f) => json(f, LOCK, (v) => { v.packages['node_modules/vite'].integrity = 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk='; }), /node_modules\/vite: no SHA-512/],
        'a place it comes from': [(f) => json(f, LOCK, (v) => { v.packages['node_modules/vite'].resolved = 'https://example.com/vite.tgz'; }), /node_modules\/vite: names where/],
        'a link': [(f) => json(f, LOCK, (v) => { v.packages['node_modules/vite'].link = true; }), /node_modules\/vite: a link/],
        'no licence': [(f) => json(f, LOCK, (v) => { delete v.packages['node_modules/vite'].license; }), /node_modules\/vite: no licence/],
        'a licence that must not reach a browser': [(f) => json(f, LOCK, (v) => { v.packages['node_modules/virtua'].license = 'GPL-3.0-only'; }), /virtua: GPL-3\.0-only reaches the browser/],
        'scripts that run': [(f) => { f[RC] = f[RC].replace('ignore-scripts=true', 'ignore-scripts=false'); }, /ignore-scripts=true is missing/],
        'a registry': [(f) => { f[RC] += 'registry=https://example.com/\n'; }, /a registry or its credential/],
        'a credential': [(f) => { f[RC] += '//example.com/:_authToken=x\n'; }, /a registry or its credential/],
        'one without a line': [(f) => { f[DOC] = f[DOC].replace(/^\| virtua .*\n/m, ''); }, /virtua has no line/],
        'a tool without a line': [(f) => { f[DOC] = f[DOC].replace(/^\| vite,.*\n/m, ''); }, /vite has no line/],
        'a line without a licence': [(f) => { f[DOC] = f[DOC].replace(/^(\| virtua \|[^|]*\|)[^|]*/m, '$1 '); }, /virtua has no licence/],
        overrides: [(f) => json(f, OWN, (v) => { v.overrides = { react: '1.0.0' }; }), /overrides/],
    };
    for (const [what, [change, said]] of Object.entries(planted)) {
        const files = tree(), before = JSON.stringify(files);
        change(files);
        assert.notEqual(JSON.stringify(files), before, what);
        const r = run('tool/supply', [folder(t, files)]);
        assert.equal(r.status, 1, `${what}: ${r.out}`);
        assert.match(r.out, said, what);
    }
});
