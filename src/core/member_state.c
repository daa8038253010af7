/* core/member_state.c: names of the states and the one question about them. */
#include "core/member_state.h"

const char *member_status_name(enum member_status s)
{
    static const char *const names[MEMBER_STATUSES] = {"", "active", "suspended", "deleted"};

    return (unsigned)s < MEMBER_STATUSES ? names[s] : "";
}

bool member_may_work(struct ctx *x, enum member_status s)
{
    if (s == MEMBER_ACTIVE)
        return true;
    if (s == MEMBER_SUSPENDED)
        return fail(&x->failure, E_SUSPENDED, "the member is suspended");
    return fail(&x->failure, E_SESSION_ENDED, "the member has state %d", (int)s);
}
