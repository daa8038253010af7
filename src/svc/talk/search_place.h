/* svc/talk/search_place.h: under which number a message stands in the index. Numbers are given in the order of time, one after
 * the other, so that the index stays small and gives the newest first: a number's message is never more than
 * SEARCH_SLACK_MS newer than that of a greater one. What comes later than its time allows (old talk that is imported) has
 * numbers of a second kind from SEARCH_LATE on, made of its time (doc/formats.md). */
#ifndef ENGAWA_SVC_TALK_SEARCH_PLACE_H
#define ENGAWA_SVC_TALK_SEARCH_PLACE_H

#include "core/ctx.h"
#include "store/search.h"

#define SEARCH_SLACK_MS  10000
#define SEARCH_COUNTS    1024                             /* of the second kind in a second */
#define SEARCH_SPREAD_S  16                               /* seconds that take what is too much for one */

/* Numbers that a message sent from `from_ms` on and before `below_ms` (INT64_MAX: any) can have. */
struct search_range {
    int64_t from, below;
};
bool search_live(struct ctx *x, int64_t from_ms, int64_t below_ms, struct search_range *out);
struct search_range search_late(int64_t from_ms, int64_t below_ms);

/* Messages of smaller numbers of its kind were sent before this. */
int64_t search_newest_ms(int64_t n, int64_t sent_ms);

/* Writer; `low`: the first that may be given of the first kind. -1: none is left, which takes SEARCH_SPREAD_S * SEARCH_COUNTS old messages of one second. */
bool search_number_new(struct ctx *x, int64_t low, int64_t sent_ms, int64_t *n);
/* Of a message that stands in the index; -1: it does not. */
bool search_number_of(struct ctx *x, id64 message, int64_t sent_ms, int64_t *n);

#endif
