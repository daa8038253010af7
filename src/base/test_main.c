/*
 * The runner of one floor's unit tests (see base/test.h).
 *
 * usage: unit-<floor> [NAME ...]      all tests, or those whose name matches (a shell pattern is fine)
 * Where PROOF_DIR is set, $PROOF_DIR/<runner>.tsv gets a line "ID, test, assertions, ok|fail" per PROVES().
 */
#include "base/test.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <signal.h>

#define PROVES_MAX 32
#define SECONDS_MAX 60 /* of one test, sanitizers included; more is a test that hangs */

static struct {
    struct test *first;
    struct test *now;
    const char *proves[PROVES_MAX];
    size_t n_proves;
    atomic_long checks;
    atomic_long failures;
} run;

void test_register(struct test *row)
{
    struct test **at = &run.first;

    while (*at && (strcmp((*at)->file, row->file) < 0 ||
                   (strcmp((*at)->file, row->file) == 0 && strcmp((*at)->name, row->name) < 0)))
        at = &(*at)->next;
    row->next = *at;
    *at = row;
}

void test_proves(const char *id)
{
    if (run.n_proves == PROVES_MAX) {
        test_check(run.now->file, 0, -1, false, "at most 32 PROVES() in one test");
        return;
    }
    run.proves[run.n_proves++] = id;
}

/* ---- checks ---- */

static bool count(bool held)
{
    atomic_fetch_add(&run.checks, 1);
    if (!held)
        atomic_fetch_add(&run.failures, 1);
    return held;
}

static void place(const char *file, int line, int64_t index)
{
    printf("%s:%d: %s", file, line, run.now ? run.now->name : "?");
    if (index >= 0)
        printf("[%" PRId64 "]", index);
    printf(": ");
}

static void print_bytes(sv s)
{
    putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    putchar('"');
}

bool test_check(const char *file, int line, int64_t index, bool held, const char *text)
{
    if (count(held))
        return true;
    flockfile(stdout);
    place(file, line, index);
    printf("not so: %s\n", text);
    funlockfile(stdout);
    return false;
}

bool test_check_int(const char *file, int line, int64_t index, int64_t got, int64_t want,
                    const char *text)
{
    if (count(got == want))
        return true;
    flockfile(stdout);
    place(file, line, index);
    printf("%s is %" PRId64 ", not %" PRId64 "\n", text, got, want);
    funlockfile(stdout);
    return false;
}

bool test_check_str(const char *file, int line, int64_t index, sv got, sv want, const char *text)
{
    if (count(got.n == want.n && (got.n == 0 || memcmp(got.p, want.p, got.n) == 0)))
        return true;
    flockfile(stdout);
    place(file, line, index);
    printf("%s is ", text);
    print_bytes(got);
    printf(", not ");
    print_bytes(want);
    putchar('\n');
    funlockfile(stdout);
    return false;
}

/* ---- running ---- */

static void hung(int signal_number)
{
    static const char text[] = "\na test hangs: ended after 60 s: ";

    (void)signal_number;
    (void)!write(STDOUT_FILENO, text, sizeof text - 1);
    (void)!write(STDOUT_FILENO, run.now->name, strlen(run.now->name));
    (void)!write(STDOUT_FILENO, "\n", 1);
    _exit(1);
}

/* Runs one test; true when it passed. */
static bool run_test(struct test *t, FILE *proof)
{
    long checks;
    bool passed;

    run.now = t;
    run.n_proves = 0;
    atomic_store(&run.checks, 0);
    atomic_store(&run.failures, 0);
    alarm(SECONDS_MAX);
    t->run();
    alarm(0);

    checks = atomic_load(&run.checks);
    if (checks == 0)
        printf("%s: %s: no check ran\n", t->file, t->name);
    passed = checks > 0 && atomic_load(&run.failures) == 0;
    for (size_t i = 0; proof && i < run.n_proves; i++)
        fprintf(proof, "%s\t%s\t%ld\t%s\n", run.proves[i], t->name, checks, passed ? "ok" : "fail");
    if (proof)
        fflush(proof); /* a later test that crashes takes nothing away */
    fflush(stdout);
    return passed;
}

/* Opens $PROOF_DIR/<runner>.tsv; NULL where PROOF_DIR is not set. A file that cannot be made ends the run. */
static FILE *proof_open(const char *runner)
{
    const char *dir = getenv("PROOF_DIR");
    char path[4096];
    FILE *f;

    if (!dir || !*dir)
        return NULL;
    if (snprintf(path, sizeof path, "%s/%s.tsv", dir, runner) >= (int)sizeof path ||
        !(f = fopen(path, "w"))) {
        perror(dir);
        exit(2);
    }
    return f;
}

static bool wanted(const struct test *t, char **names, bool *found)
{
    bool any = false;

    for (size_t i = 0; names[i]; i++) {
        if (fnmatch(names[i], t->name, 0) == 0)
            any = found[i] = true;
    }
    return any || !names[0];
}

uint64_t test_env(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

uint64_t test_seed(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = test_env("SEED", (uint64_t)now.tv_nsec / 1000);
    printf("    seed %" PRIu64 "\n", seed);
    return seed;
}

uint64_t test_number(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *runner = slash ? slash + 1 : argv[0];
    bool *found = calloc((size_t)argc + 1, sizeof *found);
    FILE *proof = proof_open(runner);
    long passed = 0, failed = 0, checks = 0;

    if (!found)
        return 2;
    signal(SIGALRM, hung);
    for (struct test *t = run.first; t; t = t->next) {
        if (!wanted(t, argv + 1, found))
            continue;
        if (run_test(t, proof))
            passed++;
        else
            failed++;
        checks += atomic_load(&run.checks);
    }
    for (int i = 0; i < argc - 1; i++) {
        if (!found[i]) {
            printf("%s: no test is named %s\n", runner, argv[i + 1]);
            failed++;
        }
    }
    if (proof && fclose(proof) != 0) {
        perror("proof");
        failed++;
    }
    free(found);
    printf("%s: %ld checks\n%ld passed, %ld failed\n", runner, checks, passed, failed);
    return failed > 0 || passed == 0;
}
