/* base/ip_range_fuzz.c: whatever the text is, a range that is read holds its own ends, in order. */
#include "base/ip_range.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct ip_range r;
    struct ip a;
    sv text = sv_n(p, n);

    if (ip_range_parse(text, &r) && (memcmp(r.first.b, r.last.b, 16) > 0 || !ip_in(r.first, &r) || !ip_in(r.last, &r)))
        abort();
    if (ip_parse(text, &a) && (!ip_range_parse(text, &r) || !ip_in(a, &r)))
        abort();
    return 0;
}
