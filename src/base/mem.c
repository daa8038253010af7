/* base/mem.c: malloc that ends the process instead of returning NULL. */
#include "base/mem.h"

#include "base/fault.h"

#include <stdlib.h>

void *xmalloc(size_t n)
{
    void *p = FAULT("memory") ? NULL : malloc(n ? n : 1);

    if (!p)
        die("out of memory (%zu bytes)", n);
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = FAULT("memory") ? NULL : calloc(n ? n : 1, size ? size : 1);

    if (!p)
        die("out of memory (%zu x %zu bytes)", n, size);
    return p;
}

void *xrealloc_n(void *p, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        die("allocation overflows (%zu x %zu bytes)", n, size);
    size_t bytes = n * size;
    p = FAULT("memory") ? NULL : realloc(p, bytes ? bytes : 1);
    if (!p)
        die("out of memory (%zu x %zu bytes)", n, size);
    return p;
}

void xfree(void *p)
{
    free(p);
}
