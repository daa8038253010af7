/* base/utf8_fuzz.c: a valid text is its code points, no more and no less; a log line is printable whatever comes. */
#include "base/log.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct str again = STR_IN(a), line = STR_IN(a);
    sv s = sv_n(p, n);
    size_t at = 0, count = 0;
    uint32_t cp;

    if (utf8_valid(s)) {
        while (utf8_next(s, &at, &cp)) {
            utf8_put(&again, cp);
            count++;
            if (!sv_equal(utf8_upto(s, count), sv_upto(s, at)))
                abort();
            if (count > 2000)
                break;
        }
        if (count <= 2000 && (!sv_equal(str_sv(&again), s) || utf8_count(s) != count))
            abort();
    }
    log_escape(&line, s);
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7f)
            abort();
    if (!utf8_valid(str_sv(&line)))
        abort();
    arena_free(&a);
    return 0;
}
