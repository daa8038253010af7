// The unit tests' runner: it counts, says what failed and where, and cannot pass by running nothing.
import { test, assert, before, after } from '../lib/test.mjs';
import { run } from '../lib/sandbox.mjs';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const planted = `
#include "base/test.h"
TEST(holds) { PROVES("AAA-01"); PROVES("AAA-02"); CHECK(1 + 1 == 2); CHECK_INT(3, 3); CHECK_STR(SV("a"), SV("a")); }
TEST(wrong_number) { PROVES("AAA-02"); for (int i = 0; i < 3; i++) CHECK_INT_AT(i, i, i == 1 ? 7 : i); }
TEST(wrong_text) { CHECK_STR(SV("a\\n"), SV("b")); CHECK(true); }
TEST(wrong_condition) { CHECK(1 > 2); }
TEST(ends_early) { REQUIRE(1 > 3); CHECK_INT(1, 2); }
TEST(checks_nothing) { PROVES("AAA-03"); }
`;
let dir;
let program;

before(() => {
    dir = mkdtempSync(join(tmpdir(), 'engawa-'));
    program = join(dir, 'unit-planted');
    writeFileSync(join(dir, 'p_test.c'), planted);
    const built = run('gcc', ['-D_GNU_SOURCE', '-std=gnu11', '-Isrc', '-include', 'src/base/banned.h', join(dir, 'p_test.c'),
        'src/base/test_main.c', '-o', program, '-pthread']);
    if (built.status !== 0)
        throw new Error(built.out);
});
after(() => rmSync(dir, { recursive: true, force: true }));

test('each failed check is one line with its place, index and both values', () => {
    const r = run(program);
    assert.match(r.out, /p_test\.c:4: wrong_number\[1\]: i is 1, not 7\n/);
    assert.match(r.out, /p_test\.c:5: wrong_text: SV\("a\\n"\) is "a\\x0a", not "b"\n/);
    assert.match(r.out, /p_test\.c:6: wrong_condition: not so: 1 > 2\n/);
    assert.match(r.out, /p_test\.c:7: ends_early: not so: 1 > 3\n/);
    assert.match(r.out, /p_test\.c: checks_nothing: no check ran\n/);
    assert.ok(!r.out.includes('is 1, not 2'), 'REQUIRE ends its test');
    assert.match(r.out, /unit-planted: 10 checks\n1 passed, 5 failed\n$/);
    assert.equal(r.status, 1);
});

test('tests are chosen by name, and an unknown name fails', () => {
    assert.match(run(program, ['holds']).out, /3 checks\n1 passed, 0 failed\n$/);
    assert.equal(run(program, ['holds']).status, 0);
    assert.match(run(program, ['wrong_*']).out, /0 passed, 3 failed\n$/);
    assert.equal(run(program, ['holds', 'gone']).status, 1);
});

test('what was proven is written with its assertions and result', () => {
    run(program, [], { PROOF_DIR: dir });
    const lines = readFileSync(join(dir, 'unit-planted.tsv'), 'utf8').trimEnd().split('\n').sort();
    assert.deepEqual(lines, [
        'AAA-01\tholds\t3\tok', 'AAA-02\tholds\t3\tok', 'AAA-02\twrong_number\t3\tfail', 'AAA-03\tchecks_nothing\t0\tfail',
    ]);
});

test('a folder for proofs that is not there ends the run', () => {
    assert.equal(run(program, ['holds'], { PROOF_DIR: join(dir, 'gone') }).status, 2);
});
