/* svc/account/link.c: links that set a password: one slip of 72 hours, or one reset of ten minutes, once, the newest only. */
#include "base/rand.h"
#include "core/tenant.h"
#include "svc/account/account_sql.h"

static int64_t life_ms(enum link_kind kind)
{
    return kind == LINK_RESET ? LINK_RESET_MS : LINK_SETUP_MS;
}

bool account_setup_link(struct ctx *x, id64 member, enum link_kind kind, struct secret *token, int64_t *until_ms)
{
    struct password_link l = {.id = rand_id(), .member = member, .kind = kind, .until_ms = x->now_ms + life_ms(kind)};

    token_new(token);
    *until_ms = l.until_ms;
    return account_sql_link_drop(x, member) && account_sql_link_add(x, &l, token_hash(secret_view(token)));
}

sv account_link_url(struct ctx *x, const struct secret *token)
{
    return sv_printf(x->arena, "%.*s/t/%" PRId64 "/setup#%.*s", SV_ARG(x->actor.origin), x->tenant->number,
                     SV_ARG(secret_view(token)));
}

bool account_link_find(struct ctx *x, sv token, struct password_link *out)
{
    struct credential c;

    if (token_well_formed(token) && account_sql_link(x, token_hash(token), out) && out->until_ms >= x->now_ms &&
        out->until_ms - x->now_ms <= 2 * life_ms(out->kind) &&            /* more: it was made while the clock was ahead */
        account_sql_credential(x, SV(""), out->member, &c) && c.status == MEMBER_ACTIVE)
        return true;
    return fail(&x->failure, E_LINK_ENDED, "no such link");
}

bool account_link_use(struct ctx *x, sv token, sv stored)
{
    struct password_link l;

    return account_link_find(x, token, &l) && account_sql_link_drop(x, l.member) &&
           account_password_set(x, l.member, stored, MUST_NOT) && (l.kind != LINK_SETUP || account_vouched(x, l.member));
}
