/* test/bench/tools/limits.c: what this machine's disk can do: appends of 4 KiB with fdatasync, one after the other, for
 * SECONDS in FOLDER. Prints appends per second and the quantiles in microseconds.
 * usage: limits FOLDER SECONDS */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static uint32_t us[200000];
    static char page[4096];
    char path[4096];
    size_t n = 0;

    if (argc != 3)
        return 2;
    snprintf(path, sizeof(path), "%s/limits.tmp", argv[1]);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0)
        return 1;
    unlink(path);
    double begin = now(), end = begin + atoi(argv[2]);
    for (; n < sizeof(us) / sizeof(us[0]) && now() < end; n++) {
        double from = now();
        memset(page, (int)n, sizeof(page));
        if (write(fd, page, sizeof(page)) != (ssize_t)sizeof(page) || fdatasync(fd) != 0)
            return 1;
        us[n] = (uint32_t)((now() - from) * 1e6);
    }
    double took = now() - begin;
    qsort(us, n, sizeof(us[0]), by_size);
    printf("%.0f %u %u\n", (double)n / took, us[n / 2], us[n * 99 / 100]);
    return 0;
}
