// base/banned.h: each banned call is a compile error on the floors where it is banned, and compiles where it is not.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { join } from 'node:path';

const everywhere = {
    strcpy: '(void)strcpy(b, a)', strcat: '(void)strcat(b, a)', strncpy: '(void)strncpy(b, a, 3)', sprintf: '(void)sprintf(b, "x")',
    strtok: '(void)strtok(b, a)', localtime: '(void)localtime(&t)', gmtime: '(void)gmtime(&t)', ctime: '(void)ctime(&t)',
    atoi: '(void)atoi(a)', sscanf: '(void)sscanf(a, "%3s", b)', system: '(void)!system(a)', popen: '(void)popen(a, "r")',
    mktemp: '(void)mktemp(b)', rand: '(void)rand()', random: '(void)random()', alloca: '(void)alloca(3)', strdupa: '(void)strdupa(a)',
};
const aboveBase = { malloc: '(void)!malloc(3)', strdup: '(void)!strdup(a)', fork: '(void)fork()' };
const aboveNet = { time: '(void)time(NULL)', clock_gettime: '(void)clock_gettime(0, &ts)', usleep: '(void)usleep(1)',
    pthread_create: '(void)pthread_create(NULL, NULL, NULL, NULL)' };
const fine = '(void)snprintf(b, sizeof b, "%s", a); free(NULL); (void)getpid()';

function compile(t, floor, statement, more = []) {
    const dir = folder(t, { 'x.c': `void f(char *a); void f(char *a) { char b[9] = ""; time_t t = 0; struct timespec ts; (void)a; (void)b; (void)t; (void)ts; ${statement}; }\n` });
    return run('gcc', ['-D_GNU_SOURCE', '-std=gnu11', '-w', '-fsyntax-only', `-DENGAWA_FLOOR=${floor}`, ...more, '-include', 'src/base/banned.h', join(dir, 'x.c')]);
}

test('what is not banned compiles on every floor', (t) => {
    for (const floor of [0, 2, 3, 8])
        assert.equal(compile(t, floor, fine).status, 0);
});

test('calls that are banned everywhere', (t) => {
    for (const [name, statement] of Object.entries(everywhere)) {
        const r = compile(t, 0, statement);
        assert.match(r.out, new RegExp(`banned_${name}__.* undeclared`), name);
        assert.notEqual(r.status, 0);
    }
});

test('calls that are banned above base', (t) => {
    for (const [name, statement] of Object.entries(aboveBase)) {
        assert.equal(compile(t, 0, statement).status, 0, name);
        assert.match(compile(t, 1, statement).out, new RegExp(`banned_${name}`));
    }
});

test('calls that are banned above net', (t) => {
    for (const [name, statement] of Object.entries(aboveNet)) {
        assert.equal(compile(t, 2, statement).status, 0, name);
        assert.match(compile(t, 3, statement).out, new RegExp(`banned_${name}`));
    }
    assert.equal(compile(t, 4, aboveNet.pthread_create, ['-DENGAWA_MAY_THREAD']).status, 0);
});
