// tool/hardened: a program built as ours passes; each protection taken away is named.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { join } from 'node:path';

const source = '#include <stdio.h>\n#include <string.h>\nint main(int n, char **v) { char b[64]; snprintf(b, (size_t)n * 9, "%s", v[0]); memcpy(b + n, v[0], (size_t)n); puts(b); EXTRA return 0; }\n';
const right = ['-O2', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=3', '-fstack-protector-strong', '-fPIE', '-pie', '-Wl,-z,relro,-z,now,-z,noexecstack'];
const extra = (text) => `-DEXTRA=${text}`;

function judge(t, flags, also) {
    const dir = folder(t, { 'x.c': source, 'release/.keep': '', 'test/.keep': '' });
    const build = (to, more) => assert.equal(run('gcc', ['-w', ...more, join(dir, 'x.c'), '-o', join(dir, to, 'engawad')]).status, 0);
    build('release', flags);
    build('test', [...right, also ?? extra('puts("test.clock.set");puts("read\\x20/etc/shadow");')]);
    return run('tool/hardened', [join(dir, 'release'), join(dir, 'test')]);
}

test('a program with all of it passes', (t) => {
    const r = judge(t, [...right, extra('')]);
    assert.match(r.out, /^15 passed, 0 failed$/m);
    assert.equal(r.status, 0);
});

const wrong = [
    ['not position-independent', [...right, extra(''), '-no-pie', '-fno-pie']],
    ['functions are bound late', [...right, extra(''), '-Wl,-z,lazy']],
    ['relocations stay writable', [...right, extra(''), '-Wl,-z,norelro']],
    ['the stack is executable', [...right, extra(''), '-Wl,-z,execstack']],
    ['has a search path', [...right, extra(''), '-Wl,-rpath,/opt/x']],
    ['not on the list', [...right, extra(''), '-Wl,--no-as-needed', '-lresolv']],
    ['no stack protector', [...right, extra(''), '-fno-stack-protector']],
    ['no checked libc calls', [...right, extra(''), '-U_FORTIFY_SOURCE']],
    ['takes randomness from elsewhere', [...right, extra('return rand();')]],
    ['has the attacks of tests', [...right, extra('puts("read\\x20/etc/shadow");')]],
    ['has what only tests may reach', [...right, extra('puts("test.clock.set");')]],
];
for (const [what, flags] of wrong) {
    test(`named: ${what}`, (t) => {
        const r = judge(t, flags);
        assert.ok(r.out.includes(`engawad: ${what}`) || r.out.includes(what), r.out);
        assert.equal(r.status, 1);
    });
}

test('a test build without anything for tests is named', (t) => {
    assert.match(judge(t, [...right, extra('')], extra('')).out, /proves nothing/);
});
