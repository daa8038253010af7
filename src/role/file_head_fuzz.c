/* role/file_head_fuzz.c: what file_head_read() takes, file_head_write() writes back byte for byte. */
#include "role/file_head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct file_head h;
    struct str back = {0};

    if (file_head_read(sv_n(p, n), &h)) {
        file_head_write(&back, &h);
        if (!sv_equal(str_sv(&back), sv_n(p, n)))
            abort();
        str_release(&back);
    }
    return 0;
}
