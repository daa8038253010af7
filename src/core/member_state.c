/* core/member_state.c: names of the states and the questions about them. */
#include "core/member_state.h"

const char *member_status_name(enum member_status s)
{
    static const char *const names[MEMBER_STATUSES] = {"", "active", "suspended", "deleted"};

    return (unsigned)s < MEMBER_STATUSES ? names[s] : "";
}

bool leave_lasts(const struct leave *l, int64_t now_ms)
{
    return l->from_ms > 0 && now_ms >= l->from_ms && (l->until_ms == 0 || now_ms < l->until_ms);
}

bool leave_suspended(const struct leave *l, int64_t now_ms)
{
    return l->suspends && l->from_ms > 0 && now_ms >= l->from_ms;
}

enum member_status member_status_now(enum member_status stored, const struct leave *l, int64_t now_ms)
{
    return stored == MEMBER_ACTIVE && l->suspends && leave_lasts(l, now_ms) ? MEMBER_SUSPENDED : stored;
}

const char *must_change_name(enum must_change m)
{
    static const char *const names[MUST_CHANGES] = {"", "first", "forced", "requested", "format", "expired"};

    return (unsigned)m < MUST_CHANGES ? names[m] : "";
}

bool member_may_work(struct ctx *x, enum member_status s)
{
    if (s == MEMBER_ACTIVE)
        return true;
    if (s == MEMBER_SUSPENDED)
        return fail(&x->failure, E_SUSPENDED, "the member is suspended");
    return fail(&x->failure, E_SESSION_ENDED, "the member has state %d", (int)s);
}
