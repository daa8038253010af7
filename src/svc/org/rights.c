/* svc/org/rights.c: rules about admin roles. */
#include "svc/org/rights.h"
#include "base/rand.h"
#include "core/session.h"
#include "svc/org/rights_sql.h"

bool rights_holders(struct ctx *x, struct holders *out)
{
    return rights_sql_holders(x, out);
}

bool rights_grant(struct ctx *x, id64 id, enum role role, bool confirmed, enum role *before)
{
    struct member m;

    if (role == ROLE_SUPER_ADMIN)
        return fail_field(&x->failure, "role", "exactly one member is the super admin: it is handed over");
    if (!org_member_target(x, id, &m))
        return false;
    *before = m.role;
    if (perm_gains_sensitive(m.role_paused ? ROLE_MEMBER : m.role, role) && !confirmed)
        return fail(&x->failure, E_CONFIRM, "the danger of role %s was not confirmed", perm_role(role)->id);
    return rights_sql_role(x, id, role, x->actor.member) && session_role_member(x, id, role);
}

bool rights_confirm(struct ctx *x, id64 id, enum role *role)
{
    struct member m;

    if (!org_member_target(x, id, &m))
        return false;
    *role = m.role;
    if (!m.role_paused || m.status != MEMBER_ACTIVE)
        return fail(&x->failure, E_CONFLICT, "no role waits for a confirmation");
    if (leave_suspended(&m.leave, x->now_ms) && !session_delete_member(x, id, ID_NONE))
        return false;
    return rights_sql_wake(x, id) && session_role_member(x, id, m.role);
}

bool rights_handover(struct ctx *x, struct handover *out)
{
    return rights_sql_handover(x, out);
}

bool rights_handover_begin(struct ctx *x, id64 to, struct handover *out)
{
    struct member m;

    if (!org_member_target(x, to, &m))
        return false;
    if (m.status != MEMBER_ACTIVE || m.start_ms > x->now_ms)
        return fail(&x->failure, E_DENIED, "the member cannot work now");
    if (!rights_sql_handover_expire(x))
        return false;
    if (rights_sql_handover(x, out))
        return fail(&x->failure, E_CONFLICT, "a hand-over is open already");
    *out = (struct handover){.id = rand_id(), .from = x->actor.member, .to = to, .until_ms = x->now_ms + HANDOVER_MS};
    return x->failure.code == E_NONE && rights_sql_handover_add(x, out) && rights_sql_handover(x, out);
}

bool rights_handover_end(struct ctx *x, struct handover *h)
{
    if (!rights_sql_handover(x, h) || (x->actor.member.n != h->from.n && x->actor.member.n != h->to.n)) {
        *h = (struct handover){0};
        return x->failure.code == E_NONE;
    }
    return rights_sql_handover_state(x, h->id, HANDOVER_ENDED);
}

/* The giver first: the store never holds two super admins, not even within the transaction. */
static bool swap(struct ctx *x, const struct handover *h)
{
    return rights_sql_role(x, h->from, ROLE_SUB_ADMIN, h->to) && rights_sql_role(x, h->to, ROLE_SUPER_ADMIN, h->from) &&
           session_role_member(x, h->from, ROLE_SUB_ADMIN) && session_role_member(x, h->to, ROLE_SUPER_ADMIN);
}

bool rights_handover_accept(struct ctx *x, struct handover *h)
{
    struct member me, from;

    *h = (struct handover){0};
    if (!org_member_find(x, x->actor.member, &me))
        return false;
    if (me.role == ROLE_SUPER_ADMIN)
        return true;
    if (!rights_sql_handover(x, h) || h->to.n != me.id.n)
        return fail(&x->failure, E_NOT_FOUND, "no hand-over is open for this member");
    if (!org_member_find(x, h->from, &from) || from.role != ROLE_SUPER_ADMIN)
        return fail(&x->failure, E_NOT_FOUND, "the giver has nothing to give");
    return rights_sql_handover_state(x, h->id, HANDOVER_DONE) && swap(x, h);
}
