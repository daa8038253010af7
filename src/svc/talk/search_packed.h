/* svc/talk/search_packed.h: candidates among the numbers that were packed (search_pack.h), part by part. They only narrow down,
 * as the index does: each is looked at itself (search.h). */
#ifndef ENGAWA_SVC_TALK_SEARCH_PACKED_H
#define ENGAWA_SVC_TALK_SEARCH_PACKED_H

#include "svc/talk/search_pack.h"
#include "svc/talk/search_sql.h"

struct search_packed {
    struct search_pack pack;
    const struct search_rooms *rooms;                     /* where to look: one, or all of the acting member */
    struct search_keys keys;                              /* all of them; the rarest first, as far as parts told */
    size_t weight[SEARCH_KEYS];                           /* bytes of the key's list in a part, as they were last */
    int64_t group;                                        /* whose own numbers are known; -1: none */
    uint64_t *own;                                        /* a bit for each number of the group */
    struct search_set found[SEARCH_SPAN];                 /* in the parts that were asked for, the first part first */
};

/* Zeroed but for pack, rooms and keys. */
void search_packed_begin(struct search_packed *p);
/* Where a text may have all tokens and may be of one of these rooms, in the parts from first to last, all of one span. */
bool search_packed_parts(struct ctx *x, struct search_packed *p, int64_t first, int64_t last);

#endif
