/* svc/account/lockout.c: how many wrong tries there may be (ACC-17). A try is counted before its hash is computed and taken
 * back when it was right: guesses that come side by side never find room that another has taken already. The counts stand in
 * memory (core/tries.h), the writer stores them behind each try.
 * Scope "source": n failures from one source pause that source for the account, 15 minutes doubling to a day; 10 n over all
 * sources leave only browsers known from before, until an admin lifts it. Scope "account": n from all sources together close
 * the account for everybody until then. An id that nobody has is counted as one of its own, so that it costs the same. */
#include "core/tenant.h"
#include "svc/account/account_sql.h"

#define PAUSE_FIRST_MS (INT64_C(15) * 60 * 1000)
#define PAUSE_LAST_MS  (INT64_C(24) * 3600 * 1000)
#define ALL_SOURCES    10
#define BROWSERS       20

static bool row_of(struct ctx *x, id64 member, sv source, struct try_row *out)
{
    if (tries_get(x->tenant->tries, member, source, out))
        return true;
    *out = (struct try_row){0};
    return account_sql_tries(x, member, source, out);
}

/* Under which names a try is counted: of its source, and of all sources together. */
static sv here_of(struct ctx *x, const struct try_mark *t)
{
    return t->second ? sv_printf(x->arena, "second %.*s", SV_ARG(t->source)) : t->source;
}

static sv all_of(const struct try_mark *t)
{
    return t->second ? SV("second") : SV("");
}

static void remember(struct ctx *x, id64 member, const struct try_mark *t)
{
    tries_keep(x->tenant->tries, t->since, member, here_of(x, t), &t->here);
    tries_keep(x->tenant->tries, t->since, member, all_of(t), &t->all);
}

static int64_t pause_ms(int64_t pauses)
{
    int64_t ms = PAUSE_FIRST_MS;

    while (--pauses > 0 && ms < PAUSE_LAST_MS)
        ms *= 2;
    return ms < PAUSE_LAST_MS ? ms : PAUSE_LAST_MS;
}

static bool by_account(const struct ctx *x)
{
    return sv_equal(policy_text(x->policy, "account.lockout.scope"), SV("account"));
}

static bool is_shut(const struct ctx *x, const struct try_mark *t, bool known)
{
    if (t->all.paused_until_ms == TRIES_EVER && (!known || by_account(x)))
        return true;
    int64_t left = t->here.paused_until_ms - x->now_ms;   /* more than a pause is long: the clock was ahead when it began */
    return !by_account(x) && left > 0 && left <= PAUSE_LAST_MS;
}

/* One more: perhaps the one that pauses the source or closes the account. */
static void count(const struct ctx *x, struct try_mark *t)
{
    int64_t n = policy_int(x->policy, "account.lockout.failures");

    t->here.failures++;
    t->all.failures++;
    if (!by_account(x) && t->here.failures >= n) {
        t->here.failures = 0;
        t->here.paused_until_ms = x->now_ms + pause_ms(++t->here.pauses);
        t->paused = true;
    }
    if (t->all.failures >= (by_account(x) ? n : n * ALL_SOURCES) && t->all.paused_until_ms != TRIES_EVER) {
        t->all.paused_until_ms = TRIES_EVER;
        t->locked = true;
    }
}

static bool begin(struct ctx *x, id64 member, bool second, struct try_mark *t)
{
    bool known = account_browser_known(x, member);

    *t = (struct try_mark){.source = tries_source(x->arena, x->actor.ip), .second = second, .since = tries_serial(x->tenant->tries)};
    if (!policy_bool(x->policy, "account.lockout.enabled"))
        return true;
    t->counted = true;
    if (!row_of(x, member, here_of(x, t), &t->here) || !row_of(x, member, all_of(t), &t->all))
        return false;
    t->here.last_ms = t->all.last_ms = x->now_ms;
    t->before_here = t->here;
    t->before_all = t->all;
    t->shut = is_shut(x, t, known);
    if (!t->shut)
        count(x, t);
    remember(x, member, t);
    return !t->shut;
}

bool lockout_begin(struct ctx *x, id64 member, struct try_mark *t)
{
    return begin(x, member, false, t);
}

bool lockout_begin_second(struct ctx *x, id64 member, struct try_mark *t)
{
    return begin(x, member, true, t);
}

void lockout_right(struct ctx *x, id64 member, struct try_mark *t)
{
    if (!t->counted)
        return;
    t->right = true;
    t->paused = t->locked = false;
    t->here = (struct try_row){0};
    /* Whoever closed the account from elsewhere has not gone: that is an admin's to lift. */
    t->all = (struct try_row){.paused_until_ms = t->before_all.paused_until_ms == TRIES_EVER ? TRIES_EVER : 0};
    remember(x, member, t);
}

void lockout_undone(struct ctx *x, id64 member, struct try_mark *t)
{
    if (!t->counted)
        return;
    t->here = t->before_here;
    t->all = t->before_all;
    t->counted = false;
    remember(x, member, t);
}

bool lockout_lifted(struct ctx *x, const struct proof *p)
{
    return p->member.n && tries_lifted(x->tenant->tries, p->member, p->tried.since);
}

bool account_tried(struct ctx *x, const struct proof *p)
{
    const struct try_mark *t = &p->tried;

    if (!t->counted || lockout_lifted(x, p))
        return true;
    if (t->paused && p->member.n)
        audit(x, AUDIT_LOGIN_PAUSE, p->member, SV_NONE);
    if (t->locked && p->member.n)
        audit(x, AUDIT_LOGIN_LOCK, p->member, SV_NONE);
    id64 whose = account_tried_of(p);
    sv here = here_of(x, t), all = all_of(t);
    if (!t->right)
        return account_sql_tries_put(x, whose, here, &t->here) && account_sql_tries_put(x, whose, all, &t->all);
    return account_sql_tries_drop(x, whose, here) &&
           (t->all.paused_until_ms == TRIES_EVER ? account_sql_tries_put(x, whose, all, &t->all)
                                                 : account_sql_tries_drop(x, whose, all));
}

bool account_unlock(struct ctx *x, id64 member)
{
    /* Now, for tries that are on their way to the writer; and after COMMIT, for those that read the store until then. */
    tries_forget(x->tenant->tries, member);
    effect(x, EFF_TRIES_FORGET, member.n, 0);
    return account_sql_tries_clear(x, member);
}

#define HOUR_MS        (INT64_C(3600) * 1000)
#define FORGOT_ACCOUNT 3
#define FORGOT_SOURCE  10

bool lockout_room(struct ctx *x, id64 member, sv what, int64_t most)
{
    struct try_row r = {0};

    tries_get(x->tenant->tries, member, what, &r);
    if (x->now_ms - r.last_ms >= HOUR_MS)
        r = (struct try_row){.last_ms = x->now_ms};
    r.failures++;
    tries_set(x->tenant->tries, member, what, &r);
    return r.failures <= most;
}

bool account_forgot(struct ctx *x, sv login, id64 *member, bool *wanted)
{
    struct credential c = {0};
    bool known = account_sql_credential(x, login, ID_NONE, &c);
    bool here = lockout_room(x, ID_NONE, sv_printf(x->arena, "forgot %.*s", SV_ARG(tries_source(x->arena, x->actor.ip))), FORGOT_SOURCE);
    bool there = lockout_room(x, c.member, SV("forgot"), FORGOT_ACCOUNT);

    *member = c.member;
    *wanted = known && c.status == MEMBER_ACTIVE && here && there;
    return x->failure.code == E_NONE;
}

bool account_admins(struct ctx *x, enum menu reach, struct admins *out)
{
    return account_sql_admins(x, reach, out);
}

bool account_locked(struct ctx *x, id64 member, bool *locked)
{
    return account_sql_locked(x, member, locked);
}

/* The mark belongs to the member: one cookie serves all who use this browser, and tells nothing of the others. */
static struct sha256 browser_hash(struct ctx *x, id64 member, sv token)
{
    return sha256(sv_printf(x->arena, "engawa browser 1\n%" PRId64 "\n%.*s\n", member.n, SV_ARG(token)));
}

bool account_browser_known(struct ctx *x, id64 member)
{
    return account_sql_browser(x, member, browser_hash(x, member, sv_upto(x->actor.browser, TOKEN_CHARS)));
}

bool account_browser_proven(struct ctx *x, id64 member, int64_t *proven_ms)
{
    return account_sql_browser_proven(x, member, browser_hash(x, member, sv_upto(x->actor.browser, TOKEN_CHARS)), proven_ms);
}

bool account_browser_keep(struct ctx *x, id64 member, enum browser_proof proof, struct secret *token)
{
    if (token_well_formed(x->actor.browser))
        secret_set(token, x->actor.browser);
    else
        token_new(token);
    return account_sql_browser_keep(x, member, browser_hash(x, member, secret_view(token)), proof) &&
           account_sql_browsers_limit(x, member, BROWSERS);
}
