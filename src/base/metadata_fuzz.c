/* base/metadata_fuzz.c: what is found lies within the file; blanked, the file is of the same length, and what is found in it then
 * changes nothing any more. The first byte says which kind it is taken for. */
#include "base/metadata.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const kinds[] = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "video/mp4"};

static void apply(unsigned char *bytes, size_t n, const struct patches *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct patch *q = &all->v[i];
        if (q->at < 0 || q->n <= 0 || q->at > (int64_t)n || q->n > (int64_t)n - q->at || (int64_t)q->bytes.n > q->n)
            abort();
        memset(bytes + q->at, 0, (size_t)q->n);
        if (q->bytes.n)
            memcpy(bytes + q->at, q->bytes.p, q->bytes.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct patches found;
    const char *why;

    if (n < 2)
        return 0;
    struct arena *a = arena_new(4096);
    sv type = sv_c(kinds[p[0] % COUNT(kinds)]);
    unsigned char *bytes = malloc(n - 1), *again = malloc(n - 1);
    memcpy(bytes, p + 1, n - 1);
    sv file = sv_n(bytes, n - 1);
    struct source s = source_of_bytes(&file);
    bool ok = metadata_find(a, type, &s, &found, &why);
    if (ok != !why)
        abort();
    if (ok) {
        apply(bytes, n - 1, &found);
        memcpy(again, bytes, n - 1);
        /* A hostile HEIC may place its Exif over its own boxes: it is then built no more as its kind says. */
        if (metadata_find(a, type, &s, &found, &why)) {
            apply(again, n - 1, &found);
            if (memcmp(again, bytes, n - 1) != 0 && p[0] % COUNT(kinds) != 4)
                abort();
        }
    }
    free(bytes);
    free(again);
    arena_free(&a);
    return 0;
}
