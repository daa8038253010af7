/* svc/org/org.c: rules about members. */
#include "svc/org/org.h"
#include "base/rand.h"
#include "core/session.h"
#include "svc/org/org_sql.h"

const char *org_member_state(const struct member *m, int64_t now_ms)
{
    if (m->status == MEMBER_ACTIVE && m->start_ms > now_ms)
        return "not_started";
    return member_status_name(m->status);
}

bool org_member_find(struct ctx *x, id64 id, struct member *out)
{
    return org_sql_find(x, id, out) ? true : fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, id.n);
}

bool org_member_list(struct ctx *x, id64 after, int64_t limit, struct members *out, bool *more)
{
    struct member from = {0};

    if (after.n && !org_member_find(x, after, &from))
        return false;
    if (!org_sql_list(x, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool org_login_check(struct ctx *x, sv login)
{
    bool ok = login.n >= 1 && login.n <= 64;

    for (size_t i = 0; ok && i < login.n; i++) {
        char c = login.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        ok = word || (i > 0 && (c == '.' || c == '_' || c == '-'));
    }
    return ok ? true : fail_field(&x->failure, "login", "not an Engawa ID");
}

bool org_member_add(struct ctx *x, struct member *m, sv password_hash)
{
    if (!org_login_check(x, m->login))
        return false;
    m->id = rand_id();
    m->status = MEMBER_ACTIVE;
    if (!org_sql_add(x, m, password_hash))
        return fail(&x->failure, E_CONFLICT, "the login is taken");
    return true;
}

/* The super admin and the acting admin are out of reach: nobody locks the last door from inside. */
bool org_member_target(struct ctx *x, id64 id, struct member *m)
{
    if (!org_member_find(x, id, m))
        return false;
    if (m->role == ROLE_SUPER_ADMIN)
        return fail(&x->failure, E_DENIED, "the super admin");
    if (m->id.n == x->actor.member.n)
        return fail(&x->failure, E_DENIED, "oneself");
    if (!x->actor.operator && !perm_role_above(x->actor.role, m->role))
        return fail(&x->failure, E_DENIED, "role %s reaches more than the actor's", perm_role(m->role)->id);
    return true;
}

bool org_member_suspend(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_target(x, id, &m) && org_sql_status(x, id, MEMBER_SUSPENDED) && session_delete_member(x, id, ID_NONE);
}

bool org_member_resume(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_target(x, id, &m) && org_sql_status(x, id, MEMBER_ACTIVE);
}

bool org_member_delete(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_target(x, id, &m) && org_sql_delete(x, id) && session_delete_member(x, id, ID_NONE);
}

bool org_member_logout(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_find(x, id, &m) && session_delete_member(x, id, ID_NONE);
}

bool org_member_role(struct ctx *x, id64 id, enum role role)
{
    struct member m;

    if (role == ROLE_SUPER_ADMIN)
        return fail_field(&x->failure, "role", "exactly one member is the super admin");
    return org_member_target(x, id, &m) && org_sql_role(x, id, role) && session_delete_member(x, id, ID_NONE);
}
