/*
 * Unit tests. A file x_test.c beside x.c holds TEST()s; each registers itself, and one runner per floor
 * (build/asan/unit-<floor>, main() in base/test_main.c) runs them all or those named on its command line.
 *
 *     TEST(duration_reads_hours)
 *     {
 *         static const struct { const char *in; int64_t minutes; } t[] = { { "90m", 90 }, { "", -1 } };
 *
 *         PROVES("TLK-05");
 *         for (size_t i = 0; i < COUNT(t); i++)
 *             CHECK_INT_AT(i, duration_read(sv_c(t[i].in)), t[i].minutes);
 *     }
 *
 * A CHECK that fails prints one line (file:line, index, both values) and the test goes on; REQUIRE ends the
 * test, for what the next line would crash on. A test in which no check ran is a failed test. Checks may be
 * made from any thread as long as the thread is joined before the test returns.
 */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct test {
    const char *name;
    const char *file;
    void (*run)(void);
    struct test *next;
};

#define TEST(name_)                                                                                \
    static void test_##name_(void);                                                                \
    __attribute__((constructor)) static void test_##name_##_register(void)                         \
    {                                                                                              \
        static struct test row = { #name_, __FILE__, test_##name_, NULL };                         \
        test_register(&row);                                                                       \
    }                                                                                              \
    static void test_##name_(void)

/* The test that runs proves this requirement (its ID of the specification, e.g. "TLK-05"), as far as its
 * checks hold. The string must live as long as the program. At most 32 in one test. */
#define PROVES(id) test_proves(id)

/* Tests at random: how often, and from which seed, the environment may say (ENGAWA_FLIPS=10000 SEED=7); numbers that only the
 * seed decides, below `below` (splitmix64: Steele, Lea, Flood 2014). test_seed() prints the seed, so that a run can be made again. */
uint64_t test_env(const char *name, uint64_t otherwise);
uint64_t test_seed(void);
uint64_t test_number(uint64_t *state, uint64_t below);

#define CHECK(cond) test_check(__FILE__, __LINE__, -1, (cond), #cond)
#define CHECK_AT(i, cond) test_check(__FILE__, __LINE__, (int64_t)(i), (cond), #cond)
#define REQUIRE(cond)                                                                              \
    do {                                                                                           \
        if (!test_check(__FILE__, __LINE__, -1, (cond), #cond))                                    \
            return;                                                                                \
    } while (0)

/* Whole numbers: what came, what was wanted. Values above INT64_MAX compare right and print negative. */
#define CHECK_INT(got, want)                                                                       \
    test_check_int(__FILE__, __LINE__, -1, (int64_t)(got), (int64_t)(want), #got)
#define CHECK_INT_AT(i, got, want)                                                                 \
    test_check_int(__FILE__, __LINE__, (int64_t)(i), (int64_t)(got), (int64_t)(want), #got)

/* Two sv. Non-printing bytes are shown as \xNN. */
#define CHECK_STR(got, want) test_check_str(__FILE__, __LINE__, -1, (got), (want), #got)
#define CHECK_STR_AT(i, got, want)                                                                 \
    test_check_str(__FILE__, __LINE__, (int64_t)(i), (got), (want), #got)

/* Two stretches of n bytes. */
#define CHECK_BYTES(got, want, n)                                                                  \
    test_check_str(__FILE__, __LINE__, -1, (sv){ (const char *)(got), (n) },                       \
                   (sv){ (const char *)(want), (n) }, #got)

void test_register(struct test *row);
void test_proves(const char *id);

/* Each counts one assertion and answers whether it held; index < 0 means none. Used by the macros. */
bool test_check(const char *file, int line, int64_t index, bool held, const char *text);
bool test_check_int(const char *file, int line, int64_t index, int64_t got, int64_t want,
                    const char *text);
bool test_check_str(const char *file, int line, int64_t index, sv got, sv want, const char *text);

#endif
