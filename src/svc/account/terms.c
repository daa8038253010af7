/* svc/account/terms.c: the terms of use: who has accepted which version, and whose session waits for it. */
#include "svc/account/account_sql.h"

sv account_terms_version(const struct ctx *x)
{
    sv version = policy_text(x->policy, "platform.terms_version");

    return sv_equal(version, SV("none")) ? SV("") : version;
}

bool account_terms_ask(struct ctx *x)
{
    sv version = account_terms_version(x);
    bool accepted = true;

    if (version.n && !account_sql_terms_accepted(x, version, &accepted))
        return false;
    x->actor.terms_due = !accepted;
    return accepted || session_terms(x, x->actor.session);
}

bool account_terms_accept(struct ctx *x, sv version, bool *again)
{
    if (!version.n || !sv_equal(version, account_terms_version(x)))
        return fail(&x->failure, E_CONFLICT, "another version of the terms is in force");
    return account_sql_terms_accepted(x, version, again) && (*again || account_sql_terms_accept(x, version)) &&
           session_terms_accepted(x, x->actor.member);
}

bool account_terms_last(struct ctx *x, sv *version, int64_t *at_ms)
{
    return account_sql_terms_last(x, version, at_ms);
}
