// tool/sbom: nothing that is linked or packed is missing from it, and no licence but those that are allowed in a browser.
import fs from 'node:fs';
import path from 'node:path';
import { folder, root, run } from '../lib/sandbox.mjs';
import { assert, proves, test } from '../lib/test.mjs';

const bom = (...args) => {
    const r = run('tool/sbom', args);
    assert.equal(r.status, 0, r.out);
    return JSON.parse(r.out);
};

test('every library of the programs and every package of the web client is in the list', () => {
    proves('B14.08');
    const { components } = bom();
    const names = components.map((c) => c.name);
    /* What tool/hardened lets a program be linked with. */
    const known = fs.readFileSync(path.join(root, 'tool/hardened'), 'utf8').match(/libraries='([^']*)'/g).join(' ').match(/lib[a-z0-9.-]+?(?=\.so)/g);
    const called = { libc: /^libc/, libm: /^libc/, libssl: /^OpenSSL/, libcrypto: /^OpenSSL/, libsodium: /^libsodium/, libseccomp: /^libseccomp/, liboath: /^liboath/, libarchive: /^libarchive/, libvips: /^libvips/,
        'libpoppler-glib': /^poppler/, libcairo: /^poppler/, 'libgobject-2.0': /^poppler/, 'libglib-2.0': /^poppler/, libxml2: /^libxml2/, libcurl: /^libcurl/ };
    assert.ok(known.length >= 7);
    for (const lib of known)
        assert.ok(names.some((n) => called[lib]?.test(n)), `${lib} has no line`);
    assert.ok(names.some((n) => /^SQLite/.test(n)));
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, 'web/package.json'), 'utf8'));
    const lock = JSON.parse(fs.readFileSync(path.join(root, 'web/package-lock.json'), 'utf8')).packages;
    for (const name of Object.keys(dependencies)) {
        const c = components.find((x) => x.name === name);
        assert.equal(c?.version, lock[`node_modules/${name}`].version, name);
        assert.match(c.hashes[0].content, /^[0-9a-f]{128}$/, name);
    }
    for (const c of components.filter((x) => x.purl))
        assert.match(c.licenses[0].expression ?? c.licenses[0].license.id, /^(MIT|0BSD|\(MIT OR CC0-1\.0\))$/, `${c.name}: what doc/dependencies.md says of the browser`);
    assert.equal(new Set(components.map((c) => c.purl ?? c.name)).size, components.length);
    assert.match(fs.readFileSync(path.join(root, 'web/.npmrc'), 'utf8'), /^ignore-scripts=true$/m, 'no package runs anything while it is installed');
});

test('a package without hash is refused, one that only builds is left out, a new one comes in', (t) => {
    const doc = '## In the server (C)\n\n| what | for what | licence |\n|---|---|---|\n| libx 1.2 or newer | y | MIT |\n';
    const lock = (more) => JSON.stringify({ packages: { '': { dependencies: { a: '1', ...Object.fromEntries(Object.keys(more).map((k) => [k.slice(13), '1'])) } }, 'node_modules/a': { version: '1.0.0', license: 'MIT', integrity: `sha512-${Buffer.alloc(64).toString('base64')}` },
        'node_modules/b': { version: '1.0.0', dev: true }, ...more } });
    const dir = (more) => folder(t, { 'doc/dependencies.md': doc, 'web/package-lock.json': lock(more) });
    assert.deepEqual(bom(dir({})).components.map((c) => `${c.name} ${c.version}`), ['libx 1.2', 'a 1.0.0']);
    assert.deepEqual(bom(dir({ 'node_modules/c': { version: '2.0.0', license: 'MIT', integrity: `sha512-${Buffer.alloc(64).toString('base64')}` } })).components.map((c) => c.name), ['libx', 'a', 'c']);
    assert.notEqual(run('tool/sbom', [dir({ 'node_modules/c': { version: '2.0.0', license: 'MIT', integrity: 'sha1-x' } })]).status, 0);
});
