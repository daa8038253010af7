/* svc/talk/search_place.c: numbers of both kinds. */
#include "svc/talk/search_place.h"
#include "svc/talk/search_sql.h"

#define EPOCH_MS  INT64_C(946684800000)                   /* 2000-01-01 */
#define SECONDS   (INT64_C(1) << 32)

/* ---- one after the other ---- */

/* The first number whose message was sent at `ms` or later, but for what stands within SEARCH_SLACK_MS in another order: its
 * neighbour below was sent before. */
static bool bound(struct ctx *x, int64_t ms, int64_t *out)
{
    int64_t low = 0, high;

    if (!search_sql_last(x, 0, SEARCH_LATE, &high))
        return false;
    high++;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2, n, sent_ms;
        if (!search_sql_before(x, middle, &n, &sent_ms))
            return false;
        if (n <= low || sent_ms < ms)
            low = middle;
        else
            high = n;
    }
    *out = high;
    return true;
}

bool search_live(struct ctx *x, int64_t from_ms, int64_t below_ms, struct search_range *out)
{
    *out = (struct search_range){0, SEARCH_LATE};
    return (from_ms <= EPOCH_MS || bound(x, from_ms - SEARCH_SLACK_MS, &out->from)) &&
           (below_ms == INT64_MAX || bound(x, below_ms + SEARCH_SLACK_MS, &out->below));
}

/* ---- by time ---- */

static int64_t late(int64_t ms)
{
    int64_t s = (ms - EPOCH_MS) / 1000;

    s = ms < EPOCH_MS ? 0 : s >= SECONDS - SEARCH_SPREAD_S ? SECONDS - SEARCH_SPREAD_S - 1 : s;
    return SEARCH_LATE + s * SEARCH_COUNTS;
}

struct search_range search_late(int64_t from_ms, int64_t below_ms)
{
    int64_t all = SEARCH_LATE + SECONDS * SEARCH_COUNTS;

    return (struct search_range){late(from_ms), below_ms == INT64_MAX ? all : late(below_ms) + (SEARCH_SPREAD_S + 1) * SEARCH_COUNTS};
}

int64_t search_newest_ms(int64_t n, int64_t sent_ms)
{
    return n < SEARCH_LATE ? sent_ms + SEARCH_SLACK_MS : EPOCH_MS + ((n - SEARCH_LATE) / SEARCH_COUNTS + 1) * 1000;
}

static bool late_new(struct ctx *x, int64_t sent_ms, int64_t *n)
{
    for (int64_t s = 0, from = late(sent_ms), last; s < SEARCH_SPREAD_S; s++, from += SEARCH_COUNTS) {
        if (!search_sql_last(x, from, from + SEARCH_COUNTS, &last))
            return false;
        if (last < from + SEARCH_COUNTS - 1) {
            *n = last < 0 ? from : last + 1;
            return true;
        }
    }
    *n = -1;
    return true;
}

/* ---- both ---- */

bool search_number_new(struct ctx *x, int64_t low, int64_t sent_ms, int64_t *n)
{
    int64_t newest_ms, last;

    if (!search_sql_newest(x, &newest_ms))
        return false;
    if (sent_ms < newest_ms - SEARCH_SLACK_MS)
        return late_new(x, sent_ms, n);
    if (!search_sql_last(x, 0, SEARCH_LATE, &last))
        return false;
    *n = last < low ? low : last + 1;
    return sent_ms <= newest_ms || search_sql_newest_set(x, sent_ms);
}

bool search_number_of(struct ctx *x, id64 message, int64_t sent_ms, int64_t *n)
{
    struct search_range r;

    if (!search_live(x, sent_ms, sent_ms + 1, &r) || !search_sql_number(x, r.from, r.below, message, n))
        return false;
    if (*n >= 0)
        return true;
    r = search_late(sent_ms, sent_ms + 1);
    return search_sql_number(x, r.from, r.below, message, n);
}
