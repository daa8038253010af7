/* store/search_list_fuzz.c: whatever stands in the store as a list: what is accepted is written and read again as the same,
 * distances never lead below where they began, and all at once they are what they are one by one. */
#include "store/search_list.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct search_set s, again, both;
    struct str out = STR_IN(a);
    sv rest = sv_n(p, n);
    int64_t at = -1, before = -1;
    bool all = true;

    memset(&s, 0, sizeof(s));
    memset(&again, 0, sizeof(again));
    if (search_list_read(sv_n(p, n), &s)) {
        both = s;
        search_list_write(&out, &s);
        if (!search_list_read(str_sv(&out), &again) || memcmp(&s, &again, sizeof(s)) != 0 ||
            !search_list_and(sv_n(p, n), &both) || memcmp(&s, &both, sizeof(s)) != 0)
            abort();
    }
    memset(&s, 0, sizeof(s));
    memset(&again, 0, sizeof(again));
    while (rest.n && (all = search_gap_read(&rest, &at))) {
        if (at <= before)
            abort();
        before = at;
        if (at < SEARCH_PART)
            search_set_add(&s, (size_t)at);
    }
    all = all && at < SEARCH_PART;
    if (search_gaps_read(sv_n(p, n), again.bits, SEARCH_PART) != all || (all && memcmp(&s, &again, sizeof(s)) != 0))
        abort();
    arena_free(&a);
    return 0;
}
