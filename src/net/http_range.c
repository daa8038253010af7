/* net/http_range.c: which part of a file is asked for (RFC 9110, section 14). */
#include "net/http.h"

static bool number(sv s, int64_t *out)
{
    *out = 0;
    if (s.n == 0 || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out = *out * 10 + (s.p[i] - '0');
    }
    return true;
}

/* "-500": the last bytes. */
static enum http_range suffix(sv s, int64_t size, int64_t *from, int64_t *n)
{
    int64_t last;

    if (!number(s, &last))
        return HTTP_RANGE_NONE;
    if (last == 0 || size == 0)
        return HTTP_RANGE_OUT;
    *n = last < size ? last : size;
    *from = size - *n;
    return HTTP_RANGE_PART;
}

enum http_range http_range_read(sv range, int64_t size, int64_t *from, int64_t *n)
{
    sv s = range, first;
    int64_t to = size - 1;

    *from = 0;
    *n = size;
    if (!sv_starts(s, SV("bytes=")))
        return HTTP_RANGE_NONE;
    s = sv_trim(sv_from(s, 6));
    if (sv_find(s, SV(","), NULL))
        return HTTP_RANGE_OUT;
    if (!sv_find(s, SV("-"), NULL))
        return HTTP_RANGE_NONE;
    sv_cut(&s, '-', &first);
    if (first.n == 0)
        return suffix(s, size, from, n);
    if (!number(first, from) || (s.n && !number(s, &to)) || to < (s.n ? *from : to)) {
        *from = 0;
        return HTTP_RANGE_NONE;                           /* no range of this form: as if nothing was asked for */
    }
    if (*from >= size) {
        *from = 0;
        return HTTP_RANGE_OUT;
    }
    to = to < size ? to : size - 1;
    *n = to - *from + 1;
    return HTTP_RANGE_PART;
}
