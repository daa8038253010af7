/* net/http_range_fuzz.c: whatever is asked for, the part lies within the file. */
#include "net/http.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    int64_t size = 0, from, length;

    if (n < 4)
        return 0;
    for (int i = 0; i < 4; i++)
        size = size << 8 | p[i];
    enum http_range r = http_range_read(sv_n(p + 4, n - 4), size, &from, &length);
    if (from < 0 || length < 0 || from + length > size || (r == HTTP_RANGE_PART ? length == 0 : from != 0 || length != size))
        abort();
    return 0;
}
