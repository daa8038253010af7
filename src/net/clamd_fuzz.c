/* net/clamd_fuzz.c: clean is one answer alone, and whatever a name is, it is short and plain. */
#include "net/clamd.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    sv text = sv_n(p, n), name;
    enum clamd_word word = clamd_answer(a, text, &name);

    if ((word == CLAMD_OK) != sv_equal(text, SV("stream: OK")) || name.n > CLAMD_NAME_MAX)
        abort();
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < ' ' || name.p[i] > '~')
            abort();
    if (word == CLAMD_FOUND && name.n == 0)
        abort();
    arena_free(&a);
    return 0;
}
