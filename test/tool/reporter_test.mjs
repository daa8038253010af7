// test/lib: node tests are counted, a test without an assertion fails, proofs are written with their result.
import { test, assert, until } from '../lib/test.mjs';
import { folder, root, run } from '../lib/sandbox.mjs';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const planted = `
import { test, assert, proves } from '${join(root, 'test/lib/test.mjs')}';
test('holds', async () => { proves('AAA-01', 'B8.05'); await null; assert.ok(true); assert.equal(1, 1); });
test('fails', () => { proves('AAA-02'); assert.equal('7 passed, 0 failed', 2); });
test('no assertion', () => { proves('AAA-03'); console.log('9 passed, 0 failed'); });
test('skipped', { skip: true }, () => { assert.ok(true); });
test('wrong ID', () => { assert.ok(true); proves('TLK-5'); });
`;

test('counts, reasons and proofs of a planted file', (t) => {
    const dir = folder(t, { 'x_test.mjs': planted });
    const r = run('node', ['--test', '--test-reporter=./test/lib/reporter.mjs', join(dir, 'x_test.mjs')], { PROOF_DIR: dir });
    assert.equal(r.status, 1);
    assert.match(r.out, /^failed: fails: AssertionError/m);
    assert.match(r.out, /^failed: no assertion: Error: no assertion ran/m);
    assert.match(r.out, /^failed: skipped: skipped/m);
    assert.match(r.out, /^failed: wrong ID: Error: not a requirement's ID: TLK-5/m);
    assert.deepEqual(r.out.match(/^\d+ passed, \d+ failed$/gm), ['1 passed, 4 failed']);
    const tsv = readdirSync(dir).find((f) => f.endsWith('.tsv'));
    assert.equal(readFileSync(join(dir, tsv), 'utf8'),
        'AAA-01\tholds\t2\tok\nB8.05\tholds\t2\tok\nAAA-02\tfails\t1\tfail\nAAA-03\tno assertion\t0\tfail\n');
});

test('until gives what came, and ends at its deadline', async () => {
    let n = 0;
    assert.equal(await until(() => ++n === 3 && 'here'), 'here');
    await assert.rejects(until(() => false, 'never', 50), /not within 50 ms: never/);
});
