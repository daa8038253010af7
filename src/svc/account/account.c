/* svc/account/account.c: proving a password and what may follow from it. */
#include "svc/account/account.h"
#include "crypt/password.h"
#include "svc/account/account_sql.h"

static bool pepper(struct ctx *x, sv password, struct secret *out)
{
    SECRET prehash = {0};

    password_prehash(x->tenant->number, password, &prehash);
    if (x->tenant->pepper(x->tenant->pepper_to, &prehash, out))
        return true;
    return fail(&x->failure, E_RETRY, "keyd did not answer");
}

bool account_prove(struct ctx *x, sv login, sv password, struct proof *out)
{
    struct credential c = {0};
    SECRET peppered = {0};

    *out = (struct proof){0};
    if (!pepper(x, password, &peppered))
        return false;
    if (account_sql_credential(x, login, login.n ? ID_NONE : x->actor.member, &c)) {
        out->member = c.member;
        out->stored = c.stored;
        out->right = password_check(&peppered, c.stored);
    } else {
        out->right = password_decoy(&peppered, x->tenant->password_ops);
    }
    return x->failure.code == E_NONE;
}

bool account_hash(struct ctx *x, sv password, sv *stored)
{
    SECRET peppered = {0};
    struct str s = STR_IN(x->arena);

    if (!pepper(x, password, &peppered))
        return false;
    password_hash(&peppered, x->tenant->password_ops, &s);
    *stored = str_sv(&s);
    return true;
}

bool account_admit(struct ctx *x, const struct proof *p)
{
    struct credential c = {0};

    /* The password may have been changed while the old one was being checked. */
    if (!p->right || !account_sql_credential(x, SV(""), p->member, &c) || !sv_equal(c.stored, p->stored))
        return fail(&x->failure, E_SIGN_IN, "wrong password or no such member");
    if (c.status == MEMBER_SUSPENDED)
        return fail(&x->failure, E_SUSPENDED, "suspended");
    if (c.start_ms > x->now_ms)
        return fail(&x->failure, E_NOT_STARTED, "not started");
    return true;
}

bool account_sign_in(struct ctx *x, const struct proof *p, struct secret *token)
{
    if (!account_admit(x, p))
        return false;
    x->actor.member = p->member;
    token_new(token);
    return session_add(x, token, p->member, ID_NONE, false, &x->actor.session) &&
           account_sql_member_seen(x, p->member, x->now_ms);
}

bool account_password_change(struct ctx *x, const struct proof *p, sv stored)
{
    if (!account_admit(x, p))
        return false;
    return account_sql_password(x, x->actor.member, stored) &&
           session_delete_member(x, x->actor.member, x->actor.session);
}

bool account_password_set(struct ctx *x, id64 member, sv stored)
{
    return account_sql_password(x, member, stored) && session_delete_member(x, member, ID_NONE);
}

bool account_console_open(struct ctx *x, const struct proof *p, struct secret *token)
{
    id64 id;

    if (!account_admit(x, p))
        return false;
    token_new(token);
    return session_add(x, token, x->actor.member, x->actor.session, true, &id) && account_sql_console_seen(x);
}

bool account_sessions(struct ctx *x, struct session_infos *out)
{
    return account_sql_sessions(x, out);
}

bool account_session_owned(struct ctx *x, id64 session)
{
    return account_sql_owned(x, session) ? true : fail(&x->failure, E_NOT_FOUND, "no session %" PRId64, session.n);
}

bool account_seen(struct ctx *x, id64 session, int64_t seen_ms)
{
    return account_sql_seen(x, session, seen_ms);
}
