/* base/packed_fuzz.c: whatever the bytes are, no name lies without them, no size is less than nothing, and no more files come than
 * were asked for, each at most twice. */
#include "base/packed.h"

#include <stdlib.h>

#define MOST 50

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool see(void *to, const struct packed_entry *e)
{
    size_t *seen = to;
    volatile char sum = 0;

    if (e->size < 0 || ++*seen > 2 * MOST)
        abort();
    for (size_t i = 0; i < e->name.n; i++)
        sum = (char)(sum ^ e->name.p[i]);
    packed_leaves(e->name);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    sv file = sv_n(p, n);
    struct source s = source_of_bytes(&file);
    size_t seen = 0;
    const char *why;

    if (packed_zip(a, &s, MOST, see, &seen, &why) == PACKED_DONE && *why)
        abort();
    arena_free(&a);
    return 0;
}
