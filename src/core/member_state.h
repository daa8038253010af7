/* core/member_state.h: whether a member may use the service: the state that sign-in and sessions ask for. */
#ifndef ENGAWA_CORE_MEMBER_STATE_H
#define ENGAWA_CORE_MEMBER_STATE_H

#include "core/ctx.h"

/* Stored numbers: never renumber. */
enum member_status { MEMBER_ACTIVE = 1, MEMBER_SUSPENDED = 2, MEMBER_DELETED = 3, MEMBER_STATUSES };

const char *member_status_name(enum member_status s);     /* "active" …; "" for anything unknown */
/* False with the reason in x->failure: E_SUSPENDED, or E_SESSION_ENDED for a deleted member and anything unknown. */
bool member_may_work(struct ctx *x, enum member_status s);

#endif
