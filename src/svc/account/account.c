/* svc/account/account.c: proving a password and what may follow from it. */
#include "svc/account/account.h"
#include "core/access.h"
#include "core/network.h"
#include "crypt/password.h"
#include "svc/account/account_sql.h"
#include "svc/account/invite.h"
#include "svc/account/second.h"

#define STORED_MARK      "$argon2id$"
#define GENERATIONS_MOST 5                                /* of account.password.reuse_generations */

static bool pepper(struct ctx *x, sv password, struct secret *out)
{
    SECRET prehash = {0};

    password_prehash(x->tenant->number, password, &prehash);
    if (x->tenant->pepper(x->tenant->pepper_to, &prehash, out))
        return true;
    return fail(&x->failure, E_RETRY, "keyd did not answer");
}

/* A member who has set no password yet has nothing to compare with: that costs the same. */
static bool compare(struct ctx *x, const struct secret *peppered, sv stored)
{
    return sv_starts(stored, SV(STORED_MARK)) ? password_check(peppered, stored)
                                              : password_decoy(peppered, x->tenant->password_ops);
}

/* Whose tries are counted: those of one who waits apart from those for IDs that nobody has. */
id64 account_tried_of(const struct proof *p)
{
    return p->member.n ? p->member : p->waiting;
}

/* Who waits is looked for also where there is a member: unknown, paused and wrong cost the same, rows read, one hash, two
 * rows written. */
bool account_prove(struct ctx *x, sv login, sv password, struct proof *out)
{
    struct credential c = {0};
    struct invited w = {0};
    SECRET peppered = {0};

    *out = (struct proof){0};
    bool waits = login.n && invited_credential(x, login, ID_NONE, &w);
    if (account_sql_credential(x, login, login.n ? ID_NONE : x->actor.member, &c)) {
        out->member = c.member;
        out->stored = c.stored;
    } else if (waits) {
        out->waiting = w.id;
        out->stored = w.stored;
    }
    id64 whose = account_tried_of(out);
    bool open = lockout_begin(x, whose, &out->tried);
    if (x->failure.code != E_NONE)
        return false;
    if (!pepper(x, password, &peppered)) {
        lockout_undone(x, whose, &out->tried);
        return false;
    }
    out->right = compare(x, &peppered, open ? out->stored : SV(""));
    if (out->right) {
        out->format = account_password_format(x, password);
        lockout_right(x, whose, &out->tried);
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
    struct invited w = {0};

    if (p->right && p->waiting.n && invited_credential(x, SV(""), p->waiting, &w) && sv_equal(w.stored, p->stored))
        return fail(&x->failure, E_NOT_APPROVED, "waits, or was rejected");
    /* The password may have been changed while the old one was being checked. */
    if (!p->right || !p->member.n || !account_sql_credential(x, SV(""), p->member, &c) || !sv_equal(c.stored, p->stored))
        return fail(&x->failure, E_SIGN_IN, "wrong password or no such member");
    if (c.status == MEMBER_SUSPENDED)
        return fail(&x->failure, E_SUSPENDED, "suspended");
    if (c.start_ms > x->now_ms)
        return fail(&x->failure, E_NOT_STARTED, "not started");
    return true;
}

bool account_network(struct ctx *x, id64 member, enum role role)
{
    struct network_asker a = network_asker(member, role, x->actor.channel, x->actor.ip);

    x->actor.exempt = false;
    switch (network_allows(x->policy, &a)) {
    case NETWORK_REFUSED:
        return fail(&x->failure, E_IP_NOT_ALLOWED, "not from %.*s", SV_ARG(x->actor.ip));
    case NETWORK_EXEMPT:
        x->actor.exempt = true;
        break;
    case NETWORK_LISTED:
        break;
    }
    return true;
}

bool account_app(struct ctx *x, bool suspended)
{
    return suspended && channel_is_app(x->actor.channel) ? fail(&x->failure, E_APP_SUSPENDED, "the member's apps are stopped") : true;
}

bool account_template(struct ctx *x, id64 member)
{
    cell_set restricts;

    if (!session_restricts_of(x, member, &restricts))
        return false;
    return !template_refuses_app(restricts, x->actor.channel) ||
           fail(&x->failure, E_SERVICE_DISABLED, "the member's template forbids the mobile app");
}

bool account_app_suspend(struct ctx *x, id64 member, bool on, bool *was)
{
    struct credential c;

    if (!account_sql_credential(x, SV(""), member, &c))
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, member.n);
    *was = c.app_suspended;
    /* Let go again, what a restored store still has of them does not go on with the old answer. */
    return account_sql_app_suspend(x, member, on) && ((!on && !*was) || session_delete_apps(x, member));
}

/* What the sign-in finds to be changed; an expired password is found by the clock, at each call. */
static int must_change(const struct credential *c, const struct proof *p)
{
    return c->must != MUST_NOT ? (int)c->must : p->format ? MUST_NOT : MUST_FORMAT;
}

bool account_enter(struct ctx *x, enum browser_proof proof, struct secret *token, struct secret *browser)
{
    id64 member = x->actor.member;

    token_new(token);
    return session_add(x, token, member, ID_NONE, false, &x->actor.session) && session_limit(x, x->actor.session, x->actor.limited) &&
           account_terms_ask(x) && account_browser_keep(x, member, proof, browser) && account_sql_member_seen(x, member, x->now_ms) &&
           account_sql_second_seen(x, member, true);
}

bool account_sign_in(struct ctx *x, const struct proof *p, struct secret *token, struct secret *browser)
{
    enum second_due due;
    struct credential c;

    if (!account_admit(x, p) || !account_sql_credential(x, SV(""), p->member, &c) || !account_network(x, p->member, c.role) ||
        !account_app(x, c.app_suspended) || !account_template(x, p->member))
        return false;
    x->actor.member = p->member;
    x->actor.limited = must_change(&c, p);
    if (!second_due(x, &c, &due))
        return false;
    x->actor.second = (int)due;
    if (due == SECOND_NONE)
        return account_enter(x, BROWSER_AS_IT_IS, token, browser);
    token_new(token);
    return session_add_waiting(x, token, p->member, due, x->actor.limited, &x->actor.session);
}

bool account_vouched(struct ctx *x, id64 member)
{
    return account_sql_second_seen(x, member, false);
}

/* The present password becomes one of the last. */
static bool replace(struct ctx *x, id64 member, sv stored, enum must_change must)
{
    struct credential c;

    if (!account_sql_credential(x, SV(""), member, &c))
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, member.n);
    if (sv_starts(c.stored, SV(STORED_MARK)) && !account_sql_before_add(x, member, c.stored, c.password_ms))
        return false;
    return account_sql_before_limit(x, member, GENERATIONS_MOST - 1) && account_sql_password(x, member, stored, must) &&
           account_sql_link_drop(x, member);
}

bool account_password_change(struct ctx *x, const struct proof *p, sv stored)
{
    if (!account_admit(x, p))
        return false;
    return replace(x, x->actor.member, stored, MUST_NOT) && account_sql_browsers_unproven(x, x->actor.member) && session_fresh(x, x->actor.session) &&
           session_delete_member(x, x->actor.member, x->actor.session);
}

bool account_password_set(struct ctx *x, id64 member, sv stored, enum must_change must)
{
    return replace(x, member, stored, must) && account_sql_browsers_drop(x, member) &&
           session_delete_member(x, member, ID_NONE);
}

bool account_nightly(struct ctx *x)
{
    return second_nightly(x) && invite_nightly(x) && account_sql_links_forget(x) && account_sql_tries_forget(x) && account_sql_browsers_forget(x) &&
           access_forget(x);
}

bool account_password_request(struct ctx *x, id64 member)
{
    return account_sql_must(x, member, MUST_REQUESTED);
}

bool account_sign_out(struct ctx *x, bool all)
{
    return (!all || account_sql_browsers_unproven(x, x->actor.member)) && session_delete_member(x, x->actor.member, all ? ID_NONE : x->actor.session);
}

/* The last passwords, the present one the first of them. */
static bool used_before(struct ctx *x, id64 member, const struct secret *peppered, bool *used)
{
    int64_t n = policy_int(x->policy, "account.password.reuse_generations");
    struct credential c;
    struct hashes old = {0};

    *used = false;
    if (n == 0 || !account_sql_credential(x, SV(""), member, &c))
        return x->failure.code == E_NONE;
    *PUSH(x->arena, &old) = c.stored;
    if (!account_sql_before(x, member, n - 1, &old))
        return false;
    for (size_t i = 0; i < old.n && !*used; i++)
        *used = sv_starts(old.v[i], SV(STORED_MARK)) && password_check(peppered, old.v[i]);
    return true;
}

bool account_password_new(struct ctx *x, const char *field, id64 member, sv password, sv *stored)
{
    struct password_about about;
    SECRET peppered = {0};
    bool used;

    if (!account_password_about(x, member, &about) || !account_password_check(x, field, password, &about) ||
        !pepper(x, password, &peppered) || !used_before(x, member, &peppered, &used))
        return false;
    if (used)
        return fail_field(&x->failure, field, "one of the last passwords");
    struct str s = STR_IN(x->arena);
    password_hash(&peppered, x->tenant->password_ops, &s);
    *stored = str_sv(&s);
    return true;
}

bool account_console_open(struct ctx *x, const struct proof *p, struct secret *token)
{
    id64 id;

    if (!account_admit(x, p))
        return false;
    token_new(token);
    return session_add(x, token, x->actor.member, x->actor.session, true, &id) && account_sql_console_seen(x);
}

bool account_sessions_of(struct ctx *x, id64 member, struct session_infos *out)
{
    return account_sql_sessions(x, member, out);
}

bool account_sessions(struct ctx *x, struct session_infos *out)
{
    return account_sessions_of(x, x->actor.member, out);
}

bool account_session_owned(struct ctx *x, id64 session)
{
    return account_session_of(x, session, x->actor.member);
}

bool account_session_of(struct ctx *x, id64 session, id64 member)
{
    return account_sql_session_of(x, session, member) ? true : fail(&x->failure, E_NOT_FOUND, "no session %" PRId64, session.n);
}

bool account_seen(struct ctx *x, const struct session_seen *s)
{
    return account_sql_seen(x, s);
}
