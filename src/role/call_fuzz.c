/* role/call_fuzz.c: what call_read() takes, call_write() writes back byte for byte. */
#include "role/call.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct http_call c;
    struct str back = {0};

    if (call_read(sv_n(p, n), &c)) {
        call_write(&back, &c);
        if (!sv_equal(str_sv(&back), sv_n(p, n)))
            abort();
        str_release(&back);
    }
    return 0;
}
