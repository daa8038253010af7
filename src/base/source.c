/* base/source.c: bytes in memory as a file. */
#include "base/source.h"

#include <string.h>

static bool read_bytes(void *from, int64_t at, size_t n, unsigned char *to)
{
    const sv *bytes = from;

    memcpy(to, bytes->p + at, n);
    return true;
}

struct source source_of_bytes(const sv *bytes)
{
    return (struct source){.size = (int64_t)bytes->n, .from = (void *)(uintptr_t)bytes, .read = read_bytes};
}
