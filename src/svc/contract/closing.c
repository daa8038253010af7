/* svc/contract/closing.c: the condition of a cancellation, and what it ends at once. */
#include "svc/contract/closing.h"
#include "core/session.h"
#include "core/tenant.h"
#include "svc/contract/closing_sql.h"

bool closing_left(struct ctx *x, struct closing_left *out)
{
    return closing_sql_left(x, out);
}

/* The others are deleted, and their sessions ended with them: the super admin's own are the last. */
bool closing_close(struct ctx *x, sv typed)
{
    struct closing_left left;
    bool changed;

    if (!closing_left(x, &left))
        return false;
    if (left.active + left.suspended + left.not_started > 0)
        return fail(&x->failure, E_MEMBERS_LEFT, "%" PRId64 " members are left", left.active + left.suspended + left.not_started);
    if (!sv_equal(sv_trim(typed), str_sv(&x->tenant->workgroup)))
        return fail_field(&x->failure, "workgroup", "not the tenant's name");
    if (!closing_sql_mark(x, x->now_ms, &changed) || !closing_sql_links(x) || !session_delete_member(x, x->actor.member, ID_NONE))
        return false;
    if (!changed)
        return fail(&x->failure, E_CONFLICT, "closed already");
    effect(x, EFF_CLOSED, x->now_ms, 0);
    return true;
}

bool closing_reopen(struct ctx *x, bool *was)
{
    if (!closing_sql_mark(x, 0, was))
        return false;
    if (*was)
        effect(x, EFF_CLOSED, 0, 0);
    return true;
}
