/* svc/talk/talk_check.h: whether what talk keeps twice agrees: counts with the rows they count, and the search index with what was
 * said, which is asked as a member asks. For operators; nothing of what anybody wrote leaves. */
#ifndef ENGAWA_SVC_TALK_TALK_CHECK_H
#define ENGAWA_SVC_TALK_TALK_CHECK_H

#include "core/ctx.h"

struct talk_faults {
    sv *v;                                                /* sentences, which name rooms and messages by their ids */
    size_t n, cap;
};

/* `max` faults at most; x->db stands in one moment. */
bool talk_check_counts(struct ctx *x, size_t max, struct talk_faults *out);
/* `sample` messages, evenly over time (0: all of them); *looked: how many were looked for. x->actor becomes members. */
bool talk_check_search(struct ctx *x, int64_t sample, size_t max, struct talk_faults *out, int64_t *looked);

#endif
