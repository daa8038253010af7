/* net/http_range_test.c: one range and what is none. */
#include "base/test.h"
#include "net/http.h"

TEST(http_range_reads)
{
    static const struct {
        const char *in;
        int64_t size;
        enum http_range is;
        int64_t from, n;
    } t[] = {
        {"bytes=0-0", 10, HTTP_RANGE_PART, 0, 1},
        {"bytes=0-", 10, HTTP_RANGE_PART, 0, 10},
        {"bytes=9-", 10, HTTP_RANGE_PART, 9, 1},
        {"bytes=2-100", 10, HTTP_RANGE_PART, 2, 8},
        {"bytes=-3", 10, HTTP_RANGE_PART, 7, 3},
        {"bytes=-100", 10, HTTP_RANGE_PART, 0, 10},
        {"bytes=999999999999999999-", 10, HTTP_RANGE_OUT, 0, 10},
        {"bytes=10-", 10, HTTP_RANGE_OUT, 0, 10},
        {"bytes=-0", 10, HTTP_RANGE_OUT, 0, 10},
        {"bytes=0-1,3-4", 10, HTTP_RANGE_OUT, 0, 10},
        {"bytes=0-,0-,0-", 10, HTTP_RANGE_OUT, 0, 10},
        {"bytes=5-2", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=-", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=a-b", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=1-b", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=9999999999999999999-", 10, HTTP_RANGE_NONE, 0, 10},
        {"items=0-1", 10, HTTP_RANGE_NONE, 0, 10},
        {"", 10, HTTP_RANGE_NONE, 0, 10},
        {"bytes=-1", 0, HTTP_RANGE_OUT, 0, 0},
        {"bytes=0-", 0, HTTP_RANGE_OUT, 0, 0},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        int64_t from, n;
        CHECK_INT_AT(i, http_range_read(sv_c(t[i].in), t[i].size, &from, &n), t[i].is);
        CHECK_INT_AT(i, from, t[i].from);
        CHECK_INT_AT(i, n, t[i].n);
    }
}
