/* base/vec.c: growth of arrays in an arena. */
#include "base/vec.h"

#include <string.h>

void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    size_t want = *cap ? *cap * 2 : 8;
    void *bigger = arena_alloc_n(a, size, want);
    if (n)
        memcpy(bigger, v, n * size);
    *cap = want;
    return bigger;
}
