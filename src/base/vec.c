/* base/vec.c: growth of arrays in an arena. */
#include "base/vec.h"

#include <string.h>

void *vec_room(struct arena *a, const void *v, size_t n, size_t want, size_t size)
{
    void *bigger = arena_alloc_n(a, size, want);

    return n ? memcpy(bigger, v, n * size) : bigger;
}

void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap ? *cap * 2 : 8;
    return vec_room(a, v, n, *cap, size);
}
