/* test/bench/tools/measure.h: what the tools that measure share: the clock, quantiles, and how they give up. */
#ifndef ENGAWA_BENCH_MEASURE_H
#define ENGAWA_BENCH_MEASURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SAMPLES 4000000

static inline double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline __attribute__((noreturn, format(printf, 1, 2))) void fail(const char *form, ...)
{
    va_list args;

    va_start(args, form);
    fputs("bench: ", stderr);
    vfprintf(stderr, form, args);
    fputc('\n', stderr);
    exit(1);
}

/* Times in microseconds. */
struct samples {
    uint32_t *us;
    size_t n;
};

static inline void sample(struct samples *s, double seconds)
{
    if (!s->us && !(s->us = malloc(SAMPLES * sizeof(*s->us))))
        fail("no memory");
    if (s->n == SAMPLES)
        fail("more than %d times", SAMPLES);
    s->us[s->n++] = (uint32_t)(seconds * 1e6);
}

static inline int sample_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static inline uint32_t quantile(struct samples *s, size_t per_cent)
{
    if (!s->n)
        fail("nothing was measured");
    qsort(s->us, s->n, sizeof(*s->us), sample_order);
    return s->us[s->n * per_cent / 100];
}

#endif
