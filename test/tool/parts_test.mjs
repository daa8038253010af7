// tool/parts and tool/proof: counts are sums, a part that fails, hangs or says nothing cannot pass as one that ran.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const table = `
# name set share limit command
one     check unit-api 20 echo "unit: 9 checks"; echo "3 passed, 0 failed"; echo "4 passed, 0 failed"
two     test  browser  20 echo "quiet, and good"
three   full  fuzz     20 echo "1 passed, 0 failed"
`;
const failing = `
lies    check builds   20 echo "5 passed, 0 failed"; exit 3
counts  check builds   20 echo "5 passed, 2 failed"; exit 1
hangs   check builds   1  echo "1 passed, 0 failed"; while :; do read -t 9 x <> <(:); done
last    check builds   20 echo "9 passed, 0 failed"
`;

function parts(t, text, ...args) {
    const dir = folder(t, { parts: text });
    const r = run('tool/parts', args, { PARTS: join(dir, 'parts'), PARTS_DIR: dir, PARTS_PROOF: join(dir, 'proof') });
    return { ...r, dir, last: r.out.trimEnd().split('\n').at(-1) };
}

test('sets hold the smaller ones', (t) => {
    assert.equal(parts(t, table, 'check').last, '7 passed, 0 failed');
    assert.equal(parts(t, table, 'test').last, '8 passed, 0 failed');
    assert.equal(parts(t, table, 'full').last, '9 passed, 0 failed');
    assert.equal(parts(t, table, 'test').status, 0);
});

test('parts are chosen by name', (t) => {
    const r = parts(t, table, 'test', 'three');
    assert.equal(r.last, '1 passed, 0 failed');
    assert.match(r.out, /^three +\d+\.\d s +1 passed, 0 failed$/m);
    assert.ok(!existsSync(join(r.dir, 'one.log')));
    assert.equal(parts(t, table, 'test', 'none').status, 1);
});

test('failures count, a hanging part ends, and the others still run', (t) => {
    const r = parts(t, failing, 'check');
    assert.match(r.out, /^lies .* 5 passed, 1 failed$/m);
    assert.match(r.out, /^counts .* 5 passed, 2 failed$/m);
    assert.match(r.out, /^hangs .* 1 failed  ended at its limit of 1 s$/m);
    assert.match(r.out, /^last .* 9 passed, 0 failed$/m);
    assert.match(r.out, /^failed: lies counts hangs$/m);
    assert.equal(r.last, '20 passed, 4 failed');
    assert.equal(readFileSync(join(r.dir, 'tally'), 'utf8'), '20 passed, 4 failed\n');
    assert.equal(r.status, 1);
});

test('proofs are merged and judged', (t) => {
    const dir = folder(t, { 'p/a.tsv': 'AAA-01\tx\t3\tok\nAAA-02\tx\t3\tok\n', 'p/b.tsv': 'AAA-01\ty\t2\tok\n' });
    const out = join(dir, 'proof.tsv');
    const r = run('tool/proof', [join(dir, 'p'), out]);
    assert.match(r.out, /2 requirements proven by 3 tests, 8 assertions/);
    assert.equal(r.status, 0);
    assert.equal(readFileSync(out, 'utf8'), 'AAA-01\tx\t3\tok\nAAA-01\ty\t2\tok\nAAA-02\tx\t3\tok\n');
});

test('a failed, an empty and a broken proof are named', (t) => {
    const dir = folder(t, { 'p/a.tsv': 'AAA-01\tx\t3\tok\nAAA-01\ty\t3\tfail\nAAA-02\tx\t0\tok\n', 'p/b.tsv': 'nonsense\n' });
    const r = run('tool/proof', [join(dir, 'p'), join(dir, 'out')]);
    assert.match(r.out, /AAA-01: failed: y/);
    assert.match(r.out, /AAA-02: no assertion ran: x/);
    assert.match(r.out, /not a proof line: nonsense/);
    assert.match(r.out, /0 requirements proven/);
    assert.equal(r.status, 1);
});

test('what decides ends as the tests did: a failed part fails it, and no tally counts as one', (t) => {
    const ci = (recipe, setup = 'exit 0') => {
        const dir = folder(t, { Makefile: `test:\n\t@${recipe}\n` });
        for (const d of ['.ci', 'tool', 'build/parts']) mkdirSync(join(dir, d), { recursive: true });
        copyFileSync('.ci/run', join(dir, '.ci/run'));
        writeFileSync(join(dir, 'tool/setup'), `#!/bin/sh\n${setup}\n`);
        chmodSync(join(dir, 'tool/setup'), 0o755);
        const r = run('bash', [join(dir, '.ci/run')]);
        return [r.status, r.out.trimEnd().split('\n').at(-1)];
    };
    assert.deepEqual(ci('echo said; echo "9 passed, 0 failed" > build/parts/tally'), [0, '9 passed, 0 failed']);
    assert.deepEqual(ci('echo said; echo "9 passed, 1 failed" > build/parts/tally; exit 1'), [1, '9 passed, 1 failed']);
    assert.deepEqual(ci('echo said'), [1, '0 passed, 1 failed']);
    assert.deepEqual(ci('true', 'exit 1'), [1, '0 passed, 1 failed']);
});
