/* test/bench/timing.c: whether comparing a token tells by its time where the first wrong byte stands (B11.09), after dudect:
 * Welch's t between a token that differs in its first byte and one that differs in its last; beside it the same for a memcmp()
 * of the C library, which does tell. |t| below 4.5 is the aim; decides nothing.
 *
 * usage: timing [COMPARISONS] */
#include "base/rand.h"
#include "crypt/secret.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BYTES 4096                                        /* long, so that one byte's time would show */

struct sum {
    double n, mean, m2;
};

static void add(struct sum *s, double x)
{
    double d = x - s->mean;

    s->n++;
    s->mean += d / s->n;
    s->m2 += d * (x - s->mean);
}

static double welch(const struct sum *a, const struct sum *b)
{
    return (a->mean - b->mean) / sqrt(a->m2 / (a->n - 1) / a->n + b->m2 / (b->n - 1) / b->n);
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool ours(const char *a, const char *b)
{
    return secret_equal_bytes(sv_n(a, BYTES), sv_n(b, BYTES));
}

static bool libc(const char *a, const char *b)
{
    return memcmp(a, b, BYTES) == 0;
}

/* The classes are mixed, and what an interrupt made long is left out, of both alike. */
static double measure(bool (*volatile equal)(const char *, const char *), int64_t times)
{
    static char token[BYTES], first[BYTES], last[BYTES];
    struct sum sums[2] = {{0}};
    volatile int found = 0;

    rand_bytes(token, sizeof(token));
    memcpy(first, token, sizeof(token));
    memcpy(last, token, sizeof(token));
    first[0] ^= 1;
    last[BYTES - 1] ^= 1;
    for (int64_t i = 0; i < times; i++) {
        bool end = rand_below(2);
        double from = now_ns();
        found += equal(token, end ? last : first);
        double took = now_ns() - from;
        if (took < 20000)
            add(&sums[end], took);
    }
    return welch(&sums[0], &sums[1]);
}

int main(int argc, char **argv)
{
    int64_t times = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;

    printf("timing: comparing %d bytes %" PRId64 " times, first byte wrong or last: t = %.1f (aim: below 4.5); the C library's memcmp: t = %.1f\n",
           BYTES, times, measure(ours, times), measure(libc, times));
    return 0;
}
