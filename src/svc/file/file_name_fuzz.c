/* svc/file/file_name_fuzz.c: what is cleaned is valid, no path, short, and clean. */
#include "base/utf8.h"
#include "svc/file/file_name.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    sv name = sv_n(p, n);

    if (n > 4000 || !utf8_valid(name))
        return 0;
    struct arena *a = arena_new(4096);
    sv clean = file_name_clean(a, name);
    if (clean.n == 0 || !utf8_valid(clean) || utf8_count(clean) > FILE_NAME_MAX + 1 || sv_find(clean, SV("/"), NULL) ||
        sv_find(clean, SV("\\"), NULL) || sv_equal(clean, SV("..")) || !sv_equal(file_name_clean(a, clean), clean))
        abort();
    file_name_limited(a, name, SV("exe|js"));
    arena_free(&a);
    return 0;
}
