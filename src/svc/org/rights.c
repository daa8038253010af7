/* svc/org/rights.c: rules about admin roles. */
#include "svc/org/rights.h"
#include "base/rand.h"
#include "core/session.h"
#include "svc/org/custom_role_sql.h"
#include "svc/org/rights_sql.h"

bool rights_holders(struct ctx *x, struct holders *out)
{
    return rights_sql_holders(x, out);
}

/* The role that is to be given, in *m. */
static bool given(struct ctx *x, enum role role, id64 custom, struct member *m)
{
    struct custom_role r = {.name = SV(""), .menus = SV("")};

    if (role == ROLE_CUSTOM && !custom_role_sql_find(x, custom, &r))
        return x->failure.code == E_NONE ? fail_field(&x->failure, "custom", "no admin role %" PRId64, custom.n) : false;
    m->role = role;
    m->admin_role = r.id;
    m->admin_role_name = r.name;
    m->reach = reach_of(role, r.menus);
    return true;
}

bool rights_grant(struct ctx *x, id64 id, enum role role, id64 custom, bool confirmed, struct member *before,
                  struct member *after)
{
    if (role == ROLE_SUPER_ADMIN)
        return fail_field(&x->failure, "role", "exactly one member is the super admin: it is handed over");
    if (!org_member_target(x, id, before))
        return false;
    *after = *before;
    if (!given(x, role, custom, after))
        return false;
    if (reach_gains_sensitive(before->role_paused ? (struct reach){0} : before->reach, after->reach) && !confirmed)
        return fail(&x->failure, E_CONFIRM, "the danger of role %s was not confirmed", perm_role(role)->id);
    return rights_sql_role(x, id, role, after->admin_role, x->actor.member) &&
           session_role_member(x, id, (struct grant){role, after->reach});
}

bool rights_confirm(struct ctx *x, id64 id, struct member *m)
{
    if (!org_member_target(x, id, m))
        return false;
    if (!m->role_paused || m->status != MEMBER_ACTIVE)
        return fail(&x->failure, E_CONFLICT, "no role waits for a confirmation");
    if (leave_suspended(&m->leave, x->now_ms) && !session_delete_member(x, id, ID_NONE))
        return false;
    return rights_sql_wake(x, id) && session_role_member(x, id, (struct grant){m->role, m->reach});
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
    return rights_sql_role(x, h->from, ROLE_SUB_ADMIN, ID_NONE, h->to) &&
           rights_sql_role(x, h->to, ROLE_SUPER_ADMIN, ID_NONE, h->from) &&
           session_role_member(x, h->from, grant_of(ROLE_SUB_ADMIN, SV_NONE)) &&
           session_role_member(x, h->to, grant_of(ROLE_SUPER_ADMIN, SV_NONE));
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
