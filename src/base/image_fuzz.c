/* base/image_fuzz.c: what is kept of a picture is a picture of the same kind and size, no longer than it came, and is
 * kept again byte by byte. */
#include "base/image.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct image im, again;
    const char *why;

    if (image_read(a, sv_n(p, n), &im, &why)) {
        if (why || im.bytes.n > n || im.width == 0 || im.height == 0)
            abort();
        if (!image_read(a, im.bytes, &again, &why) || again.type != im.type || again.width != im.width ||
            again.height != im.height || !sv_equal(again.bytes, im.bytes))
            abort();
    } else if (!why) {
        abort();
    }
    arena_free(&a);
    return 0;
}
