/* core/member_state.h: whether a member may use the service: the state that sign-in and sessions ask for. */
#ifndef ENGAWA_CORE_MEMBER_STATE_H
#define ENGAWA_CORE_MEMBER_STATE_H

#include "core/ctx.h"

/* Stored numbers: never renumber. */
enum member_status { MEMBER_ACTIVE = 1, MEMBER_SUSPENDED = 2, MEMBER_DELETED = 3, MEMBER_STATUSES };

/* A leave begins and ends by the clock, whether or not the nightly work has passed. */
struct leave {
    int64_t from_ms, until_ms;                            /* from 0: none; until: the first moment after it, 0: open end */
    bool suspends;                                        /* for as long as it lasts */
};

bool leave_lasts(const struct leave *l, int64_t now_ms);
/* It has begun and suspends, or did so: what a suspension ends is over, though the nightly work has not passed yet. */
bool leave_suspended(const struct leave *l, int64_t now_ms);
/* The stored state and what a leave makes of it now: a member whose leave suspends is MEMBER_SUSPENDED. */
enum member_status member_status_now(enum member_status stored, const struct leave *l, int64_t now_ms);

/* Why a member may do nothing but set a new password. Stored numbers: never renumber. The first four stand in
 * member.must_change and hold from the next sign-in on; the others are found at sign-in, or by the clock. */
enum must_change { MUST_NOT = 0, MUST_FIRST = 1, MUST_FORCED = 2, MUST_REQUESTED = 3, MUST_FORMAT = 4, MUST_EXPIRED = 5, MUST_CHANGES };

const char *must_change_name(enum must_change m);         /* "", "first", "forced", "requested", "format", "expired" */

const char *member_status_name(enum member_status s);     /* "active" …; "" for anything unknown */
/* False with the reason in x->failure: E_SUSPENDED, or E_SESSION_ENDED for a deleted member and anything unknown. */
bool member_may_work(struct ctx *x, enum member_status s);

#endif
