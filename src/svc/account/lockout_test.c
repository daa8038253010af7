/* svc/account/lockout_test.c: who may try once more, by source, by account, and from a browser known from before. */
#include "core/core_test.h"
#include "svc/account/account.h"

/* One try, stored as the writer does; true when the password was looked at. */
static bool try_once(struct fixture *f, id64 member, const char *ip, bool right, struct try_mark *mark)
{
    struct proof p = { .member = member };

    fixture_call(f);
    f->x.actor.ip = sv_c(ip);
    bool open = lockout_begin(&f->x, member, &p.tried);
    if (open && right) {
        p.right = true;
        lockout_right(&f->x, member, &p.tried);
    }
    fixture_begin(f);
    CHECK(account_tried(&f->x, &p));
    CHECK(fixture_commit(f));
    if (mark)
        *mark = p.tried;
    return open;
}

static int64_t kinds(struct fixture *f, enum audit_kind k)
{
    int64_t n = 0;

    for (size_t i = 0; i < f->x.audits.n; i++)
        n += f->x.audits.v[i].kind == k;
    return n;
}

static void known_browser(struct fixture *f, id64 member, struct secret *token)
{
    fixture_call(f);
    f->x.actor.browser = SV("");
    fixture_begin(f);
    CHECK(account_browser_keep(&f->x, member, BROWSER_AS_IT_IS, token));
    CHECK(fixture_commit(f));
}

TEST_BOTH(lockout_pauses_the_source)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), o = fixture_member(f, "oka", ROLE_MEMBER);
    int64_t minutes = 15;
    bool locked;

    PROVES("ACC-17");
    PROVES("B1.07");
    PROVES("B1.08");
    fixture_setting(f, "account.lockout.failures", "3");
    for (int round = 0; round < 8; round++) {
        int64_t from = f->x.now_ms;
        for (int i = 0; i < 3; i++) {
            CHECK_AT(i, try_once(f, m, i % 2 ? "2001:db8:0:1::9" : "2001:db8:0:1::5", false, NULL));
            CHECK_INT_AT(i, kinds(f, AUDIT_LOGIN_PAUSE), i == 2);
        }
        CHECK(!try_once(f, m, "2001:db8:0:1:aaaa::1", true, NULL));      /* the same /64: not even the right one */
        CHECK(try_once(f, o, "2001:db8:0:1::5", true, NULL));            /* another member there */
        f->x.now_ms = from + minutes * 60000 - 1;
        CHECK(!try_once(f, m, "2001:db8:0:1::5", true, NULL));
        fixture_call(f);
        CHECK(account_locked(&f->x, m, &locked) && locked);
        if (round == 1) {
            fixture_restart(f);
            fixture_setting(f, "account.lockout.failures", "3");
        }
        CHECK(!try_once(f, m, "2001:db8:0:1::5", true, NULL));           /* after a restart too */
        f->x.now_ms = from + minutes * 60000 + 1;
        minutes = minutes * 2 < 1440 ? minutes * 2 : 1440;
    }
    CHECK_INT(minutes, 1440);
    CHECK(try_once(f, m, "2001:db8:0:1::5", true, NULL));                /* success resets: 15 minutes again */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(m)), 0);
    for (int i = 0; i < 3; i++)
        CHECK_AT(i, try_once(f, m, "192.0.2.9", false, NULL));
    CHECK(!try_once(f, m, "192.0.2.9", true, NULL));
    CHECK(try_once(f, m, "192.0.2.10", true, NULL));                     /* IPv4: the whole address */
    f->x.now_ms += 15 * 60000;
    CHECK(try_once(f, m, "192.0.2.9", true, NULL));
}

TEST_BOTH(lockout_over_all_sources_leaves_known_browsers)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), o = fixture_member(f, "oka", ROLE_MEMBER);
    SECRET mine = { 0 }, others = { 0 };
    struct try_mark mark = { 0 };

    PROVES("ACC-17");
    PROVES("ACC-18");
    PROVES("B1.07");
    fixture_setting(f, "account.lockout.failures", "3");
    known_browser(f, m, &mine);
    known_browser(f, o, &others);
    for (int i = 0; i < 30; i++) {
        char ip[32] = { 0 };
        sv text = sv_printf(f->a, "198.51.100.%d", i);
        for (size_t k = 0; k < text.n; k++)
            ip[k] = text.p[k];
        CHECK_AT(i, try_once(f, m, ip, false, &mark));
        CHECK_INT_AT(i, mark.locked, i == 29);
        CHECK_INT_AT(i, kinds(f, AUDIT_LOGIN_LOCK), i == 29);
    }
    CHECK(!try_once(f, m, "203.0.113.1", true, NULL));
    f->x.actor.browser = secret_view(&others);
    CHECK(!try_once(f, m, "203.0.113.1", true, NULL));                   /* a browser known for another member */
    f->x.actor.browser = secret_view(&mine);
    CHECK(try_once(f, m, "203.0.113.1", true, NULL));
    f->x.actor.browser = SV("");
    CHECK(!try_once(f, m, "203.0.113.1", true, NULL));                   /* that success has opened nothing for strangers */
    f->x.now_ms += INT64_C(400) * 86400000;
    CHECK(!try_once(f, m, "203.0.113.1", true, NULL));
    fixture_call(f);
    fixture_begin(f);
    CHECK(account_unlock(&f->x, m));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(m)), 0);
    CHECK(try_once(f, m, "203.0.113.1", true, NULL));
}

/* A try that begins, and what the writer does with it later. */
static bool begin_try(struct fixture *f, id64 member, const char *ip, struct proof *p)
{
    *p = (struct proof){ .member = member };
    fixture_call(f);
    f->x.actor.ip = sv_c(ip);
    bool open = lockout_begin(&f->x, member, &p->tried);
    p->tried.source = sv_c(ip);
    return open;
}

TEST_BOTH(lockout_stays_lifted_while_tries_are_on_their_way)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), o = fixture_member(f, "oka", ROLE_MEMBER);
    struct proof wrong, right, shut, other;
    bool locked;

    PROVES("ACC-18");
    fixture_setting(f, "account.lockout.failures", "3");
    fixture_setting(f, "account.lockout.scope", "account");
    CHECK(try_once(f, m, "198.51.100.1", false, NULL) && try_once(f, m, "198.51.100.2", false, NULL));
    CHECK(try_once(f, o, "198.51.100.1", false, NULL) && try_once(f, o, "198.51.100.2", false, NULL));
    CHECK(begin_try(f, m, "198.51.100.3", &wrong));                      /* the one too many */
    CHECK(wrong.tried.locked);
    CHECK(!begin_try(f, m, "198.51.100.4", &shut));
    CHECK(begin_try(f, o, "198.51.100.3", &other));
    right = wrong;
    right.right = true;
    right.tried.before_all.paused_until_ms = TRIES_EVER;
    fixture_call(f);
    fixture_begin(f);
    CHECK(account_unlock(&f->x, m));
    CHECK(fixture_commit(f));
    fixture_call(f);
    fixture_begin(f);
    lockout_right(&f->x, m, &right.tried);                               /* the hash is done only now */
    CHECK(account_tried(&f->x, &wrong) && account_tried(&f->x, &right) && account_tried(&f->x, &shut));
    CHECK_INT(kinds(f, AUDIT_LOGIN_LOCK), 0);
    CHECK(account_tried(&f->x, &other));                                 /* nobody lifted that one */
    CHECK_INT(kinds(f, AUDIT_LOGIN_LOCK), 1);
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(m)), 0);
    CHECK(account_locked(&f->x, m, &locked) && !locked);
    CHECK(account_locked(&f->x, o, &locked) && locked);
    CHECK(try_once(f, m, "203.0.113.1", true, NULL));
    CHECK(!try_once(f, o, "203.0.113.1", true, NULL));
    fixture_restart(f);
    fixture_setting(f, "account.lockout.failures", "3");
    fixture_setting(f, "account.lockout.scope", "account");
    CHECK(try_once(f, m, "203.0.113.1", true, NULL));                    /* and by the store */
}

TEST_BOTH(lockout_of_the_account)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    SECRET mine = { 0 };

    PROVES("ACC-17");
    fixture_setting(f, "account.lockout.failures", "3");
    fixture_setting(f, "account.lockout.scope", "account");
    known_browser(f, m, &mine);
    CHECK(try_once(f, m, "198.51.100.1", false, NULL));
    CHECK(try_once(f, m, "198.51.100.1", false, NULL));
    CHECK(try_once(f, m, "198.51.100.2", true, NULL));                   /* consecutive: the right one begins anew */
    CHECK(try_once(f, m, "198.51.100.1", false, NULL));
    CHECK(try_once(f, m, "198.51.100.2", false, NULL));
    CHECK(try_once(f, m, "198.51.100.3", false, NULL));
    CHECK(!try_once(f, m, "198.51.100.4", true, NULL));
    f->x.actor.browser = secret_view(&mine);
    CHECK(!try_once(f, m, "198.51.100.4", true, NULL));
}

TEST_BOTH(lockout_off)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);

    fixture_setting(f, "account.lockout.enabled", "false");
    for (int i = 0; i < 40; i++)
        CHECK_AT(i, try_once(f, m, "198.51.100.1", false, NULL));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure"), 0);
}

/* Guesses that are counted but not yet stored: nobody finds room that another has taken; what was not looked at is given
 * back. */
TEST_BOTH(lockout_counts_before_the_hash)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    struct try_mark mark[1000];
    int open = 0;

    PROVES("B1.07");
    fixture_call(f);
    for (size_t i = 0; i < COUNT(mark); i++)
        open += lockout_begin(&f->x, m, &mark[i]);
    CHECK_INT(open, 5);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure"), 0);
    tries_forget(f->t->tries, m);
    for (int i = 0; i < 20; i++) {
        CHECK_AT(i, lockout_begin(&f->x, m, &mark[0]));
        lockout_undone(&f->x, m, &mark[0]);
    }
}

/* An id that nobody has leaves the same two rows. */
TEST_BOTH(lockout_of_nobody)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);

    PROVES("ACC-11");
    CHECK(try_once(f, m, "198.51.100.1", false, NULL));
    CHECK(try_once(f, ID_NONE, "198.51.100.1", false, NULL));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(m)), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = 0"), 2);
    for (int i = 0; i < 60; i++) {
        try_once(f, ID_NONE, i % 2 ? "198.51.100.2" : "198.51.100.3", false, NULL);
        CHECK_INT_AT(i, kinds(f, AUDIT_LOGIN_PAUSE) + kinds(f, AUDIT_LOGIN_LOCK), 0);
    }
}

TEST_BOTH(lockout_browsers_are_few)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    SECRET first = { 0 }, token = { 0 };

    known_browser(f, m, &first);
    for (int i = 0; i < 30; i++) {
        f->x.now_ms += 1000;
        known_browser(f, m, &token);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM known_browser WHERE member = $1", ID(m)), 20);
    fixture_call(f);
    f->x.actor.browser = secret_view(&first);
    CHECK(!account_browser_known(&f->x, m));
    f->x.actor.browser = secret_view(&token);
    CHECK(account_browser_known(&f->x, m));
    fixture_begin(f);
    CHECK(account_browser_keep(&f->x, m, BROWSER_AS_IT_IS, &first));                       /* shown again: the same mark */
    CHECK(fixture_commit(f));
    CHECK(secret_equal(&first, &token));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM known_browser WHERE member = $1", ID(m)), 20);
    f->x.now_ms += INT64_C(181) * 86400000;
    CHECK(!account_browser_known(&f->x, m));
}

TEST_BOTH(account_nightly_forgets_what_is_over)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), o = fixture_member(f, "oka", ROLE_MEMBER);
    SECRET token = { 0 }, browser = { 0 };
    int64_t until;

    try_once(f, m, "198.51.100.1", false, NULL);
    known_browser(f, m, &browser);
    fixture_call(f);
    CHECK(account_setup_link(&f->x, m, LINK_SETUP, &token, &until));
    CHECK(account_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM link"), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure"), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM known_browser"), 1);
    f->x.now_ms += INT64_C(181) * 86400000;
    try_once(f, o, "198.51.100.1", false, NULL);
    fixture_call(f);
    CHECK(account_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM link"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(m)), 1);   /* over all sources */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM login_failure WHERE member = $1", ID(o)), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM known_browser"), 0);
}

TEST_BOTH(forgot_is_limited)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), found;
    bool wanted;
    int yes = 0;

    PROVES("ACC-41");
    PROVES("B1.06");
    fixture_call(f);
    CHECK(account_forgot(&f->x, SV("nobody"), &found, &wanted));
    CHECK(!wanted && found.n == 0);
    for (int i = 0; i < 20; i++) {
        f->x.actor.ip = sv_printf(f->a, "198.51.100.%d", i);
        CHECK(account_forgot(&f->x, SV("mori"), &found, &wanted));
        CHECK_INT(found.n, m.n);
        yes += wanted;
    }
    CHECK_INT(yes, 3);
    f->x.now_ms += 3600000;
    CHECK(account_forgot(&f->x, SV("mori"), &found, &wanted) && wanted);
    fixture_status(f, m, MEMBER_SUSPENDED);
    CHECK(account_forgot(&f->x, SV("mori"), &found, &wanted) && !wanted);
    yes = 0;
    f->x.now_ms += 3600000;
    f->x.actor.ip = SV("203.0.113.5");
    for (int i = 0; i < 20; i++) {
        char login[] = { 'm', (char)('a' + i), 0 };
        fixture_member(f, login, ROLE_MEMBER);
        CHECK(account_forgot(&f->x, sv_c(login), &found, &wanted));
        yes += wanted;
    }
    CHECK_INT(yes, 10);
}
