/* test/bench/row.h: a measured figure on its way into the table of make bench (figures.mjs names it): a line of the file
 * BENCH_ROWS, where there is one. */
#ifndef ENGAWA_BENCH_ROW_H
#define ENGAWA_BENCH_ROW_H

#include <stdio.h>
#include <stdlib.h>

static inline void bench_row(const char *figure, double value, double beside, const char *note)
{
    const char *name = getenv("BENCH_ROWS");
    FILE *f = name ? fopen(name, "a") : NULL;

    if (name && (!f || fprintf(f, "%s\t%.4g\t%.4g\t%s\n", figure, value, beside, note) < 0 || fclose(f) != 0)) {
        perror(name);
        exit(1);
    }
}

#endif
