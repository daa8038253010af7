/* svc/account/account_test.c: proving and changing passwords with a pepper of the test, sessions and the console's door.
 * Runs without and with sealed columns. */
#include "base/utf8.h"
#include "core/core_test.h"
#include "crypt/password.h"
#include "svc/account/account.h"
#include "svc/account/account_sql.h"

#define PASSWORD SV("縁側の長い合言葉です")

/* As keyd: HMAC under a key that the tenant never sees. */
static bool pepper(void *to, const struct secret *prehash, struct secret *out)
{
    int *calls = to;
    SECRET key = { 0 };

    ++*calls;
    secret_set(&key, SV("the pepper of the test"));
    hmac_secret(&key, secret_view(prehash), out);
    return true;
}

static bool no_keyd(void *to, const struct secret *prehash, struct secret *out)
{
    (void)to;
    (void)prehash;
    (void)out;
    return false;
}

static int calls;

static id64 member(struct fixture *f, const char *login, enum role role)
{
    id64 id = fixture_member(f, login, role);
    static sv stored;                                     /* hashing is slow on purpose: once for all tests */
    static char text[256];

    f->t->pepper = pepper;
    f->t->pepper_to = &calls;
    if (!stored.n) {
        sv made;
        CHECK(account_hash(&f->x, PASSWORD, &made));
        CHECK(made.n < sizeof(text));
        for (size_t i = 0; i < made.n; i++)
            text[i] = made.p[i];
        stored = sv_n(text, made.n);
    }
    CHECK(account_sql_password(&f->x, id, stored, MUST_NOT));
    return id;
}

TEST_BOTH(account_hash_is_peppered_argon2id)
{
    id64 m = member(f, "mori", ROLE_MEMBER);
    struct credential c = { 0 };
    SECRET bare = { 0 };

    PROVES("B1.04");
    CHECK(account_sql_credential(&f->x, SV("mori"), ID_NONE, &c));
    CHECK_INT(c.member.n, m.n);
    CHECK(sv_starts(c.stored, SV("$argon2id$v=19$m=19456,t=2,p=1$")));
    password_prehash(FIXTURE_TENANT, PASSWORD, &bare);    /* the copy of the database alone allows no guess */
    CHECK(!password_check(&bare, c.stored));
    ROWS r = db_query(f->d, "SELECT password FROM member");
    REQUIRE(rows_next(&r));
    CHECK_INT(sv_find(row_blob(&r, 0), SV("argon2id"), NULL), !f->sealed);
}

TEST_BOTH(account_prove_by_login_and_by_member)
{
    id64 m = member(f, "mori", ROLE_MEMBER);
    struct proof p;
    int before = calls;

    CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &p));
    CHECK(p.right);
    CHECK_INT(p.member.n, m.n);
    CHECK(account_prove(&f->x, SV("mori"), SV("縁側の長い合言葉でした"), &p));
    CHECK(!p.right);
    CHECK_INT(p.member.n, m.n);
    CHECK(account_prove(&f->x, SV("nobody"), PASSWORD, &p));
    CHECK(!p.right);
    CHECK_INT(p.member.n, 0);
    fixture_as(f, m);
    CHECK(account_prove(&f->x, SV(""), PASSWORD, &p));    /* the acting member */
    CHECK(p.right);
    fixture_as(f, ID_NONE);
    CHECK(account_prove(&f->x, SV(""), PASSWORD, &p));    /* nobody acts: nobody is proven */
    CHECK(!p.right);
    CHECK_INT(calls - before, 5);                         /* unknown or not, keyd is asked */
    fixture_status(f, m, MEMBER_DELETED);
    CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &p));
    CHECK(!p.right);
    CHECK_INT(p.member.n, 0);
}

TEST_BOTH(account_without_keyd)
{
    struct proof p;
    sv stored;

    member(f, "mori", ROLE_MEMBER);
    f->t->pepper = no_keyd;
    CHECK(!account_prove(&f->x, SV("mori"), PASSWORD, &p));
    CHECK_INT(f->x.failure.code, E_RETRY);
    CHECK(!p.right);
    fixture_call(f);
    CHECK(!account_hash(&f->x, PASSWORD, &stored));
    CHECK_INT(f->x.failure.code, E_RETRY);
}

/* The reason is given only after the right password. */
TEST_BOTH(account_admit_says_why_only_to_the_owner)
{
    static const struct { enum member_status s; int64_t start_ms; enum err right; } t[] = {
        { MEMBER_ACTIVE, 0, E_NONE }, { MEMBER_ACTIVE, FIXTURE_NOW, E_NONE }, { MEMBER_ACTIVE, FIXTURE_NOW + 1, E_NOT_STARTED },
        { MEMBER_SUSPENDED, 0, E_SUSPENDED }, { MEMBER_SUSPENDED, FIXTURE_NOW + 1, E_SUSPENDED }, { MEMBER_DELETED, 0, E_SIGN_IN },
    };
    id64 m = member(f, "mori", ROLE_MEMBER);
    struct proof right, wrong = { 0 }, unknown = { .right = true, .member = { 5 } };

    CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &right));
    wrong = right;
    wrong.right = false;
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_status(f, m, t[i].s);
        CHECK(db_exec(f->d, "UPDATE member SET start_ms = $1", INT(t[i].start_ms)));
        fixture_call(f);
        CHECK_INT_AT(i, account_admit(&f->x, &right), t[i].right == E_NONE);
        CHECK_INT_AT(i, f->x.failure.code, t[i].right);
        fixture_call(f);
        CHECK_AT(i, !account_admit(&f->x, &wrong));
        CHECK_INT_AT(i, f->x.failure.code, E_SIGN_IN);
        fixture_call(f);
        CHECK_AT(i, !account_admit(&f->x, &unknown));
        CHECK_INT_AT(i, f->x.failure.code, E_SIGN_IN);
    }
}

static enum err enter(struct fixture *f, const struct secret *token, bool console)
{
    fixture_call(f);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(token), console);
    if (s)
        session_check(&f->x, s);
    session_unref(&s);
    return f->x.failure.code;
}

TEST_BOTH(account_sign_in_begins_a_session)
{
    id64 m = member(f, "mori", ROLE_MEMBER);
    struct proof p = { 0 };
    SECRET token = { 0 }, none = { 0 }, browser = { 0 };

    CHECK(!account_sign_in(&f->x, &p, &none, &browser));
    CHECK_INT(f->x.failure.code, E_SIGN_IN);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session"), 0);
    fixture_call(f);
    CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &p));
    fixture_begin(f);
    CHECK(account_sign_in(&f->x, &p, &token, &browser));
    CHECK_INT(f->x.actor.member.n, m.n);
    CHECK(f->x.actor.session.n != 0);
    CHECK(fixture_commit(f));
    CHECK_INT(enter(f, &token, false), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT seen_ms FROM member"), FIXTURE_NOW);
    CHECK_INT(FIXTURE_INT(f, "SELECT proof_ms FROM session"), FIXTURE_NOW);
}

/* Stopped, no app begins a session and those of the apps end; the browser is as it was. */
TEST_BOTH(account_app_suspension)
{
    static const struct { enum channel channel; bool app; } t[] = {
        { CH_W, false }, { CH_MW, false }, { CH_MA, true }, { CH_MP, true }, { CH_PA, true }, { CH_DX, true },
    };
    id64 m = member(f, "mori", ROLE_MEMBER), o = member(f, "oka", ROLE_MEMBER);
    struct secret token[COUNT(t)] = { 0 };
    SECRET others = { 0 };
    bool was = true;

    PROVES("DEV-16");
    f->x.actor.channel = CH_MP;
    fixture_session(f, o, ID_NONE, false, &others);
    for (size_t i = 0; i < COUNT(t); i++) {
        f->x.actor.channel = t[i].channel;
        fixture_session(f, m, ID_NONE, false, &token[i]);
        CHECK_INT_AT(i, enter(f, &token[i], false), E_NONE);
    }
    fixture_call(f);
    fixture_begin(f);
    CHECK(account_app_suspend(&f->x, m, true, &was));
    CHECK(!was);
    CHECK(fixture_commit(f));
    CHECK_INT(enter(f, &others, false), E_NONE);          /* another member's app goes on */
    for (int on = 1; on >= 0; on--) {
        for (size_t i = 0; i < COUNT(t); i++) {
            struct proof p = { 0 };
            SECRET fresh = { 0 }, browser = { 0 };
            enum err want = on && t[i].app ? E_APP_SUSPENDED : E_NONE;
            if (on)
                CHECK_INT_AT(i, enter(f, &token[i], false), t[i].app ? E_SESSION_ENDED : E_NONE);
            fixture_call(f);
            f->x.actor.channel = t[i].channel;
            CHECK_AT(i, account_prove(&f->x, SV("mori"), PASSWORD, &p));
            fixture_begin(f);
            CHECK_INT_AT(i, account_sign_in(&f->x, &p, &fresh, &browser), want == E_NONE);
            CHECK_INT_AT(i, f->x.failure.code, want);
            if (want == E_NONE)
                CHECK_AT(i, fixture_commit(f));
            else
                fixture_rollback(f);
            if (on && t[i].app)
                CHECK_INT_AT(i, err_def(want)->status, 403);
        }
        fixture_call(f);
        fixture_begin(f);
        CHECK(account_app_suspend(&f->x, m, false, &was));
        CHECK_INT(was, on);                               /* the second time it is as wanted already */
        CHECK(fixture_commit(f));
    }
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, enter(f, &token[i], false), t[i].app ? E_SESSION_ENDED : E_NONE);       /* what ended stays ended */
        secret_wipe(&token[i]);
    }
    /* A session of an app that a restored store still has is not in the way when the apps are let go again. */
    SECRET stale = { 0 };
    f->x.actor.channel = CH_MP;
    fixture_session(f, m, ID_NONE, false, &stale);
    CHECK(account_sql_app_suspend(&f->x, m, true));
    fixture_begin(f);
    CHECK(account_app_suspend(&f->x, m, false, &was));
    CHECK(was);
    CHECK(fixture_commit(f));
    CHECK_INT(enter(f, &stale, false), E_SESSION_ENDED);
    fixture_call(f);
    CHECK(!account_app_suspend(&f->x, (id64){1}, true, &was));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
}

/* A change ends all other sessions of the member, and a proof of the old password is worth nothing any more. */
TEST_BOTH(account_password_change)
{
    id64 m = member(f, "mori", ROLE_SUPER_ADMIN), o = member(f, "oka", ROLE_MEMBER), mine;
    SECRET keep = { 0 }, door = { 0 }, other = { 0 }, others = { 0 }, late = { 0 }, browser = { 0 };
    struct proof p, meanwhile;
    sv stored;

    mine = fixture_session(f, m, ID_NONE, false, &keep);
    fixture_session(f, m, mine, true, &door);
    fixture_session(f, m, ID_NONE, false, &other);
    fixture_session(f, o, ID_NONE, false, &others);
    CHECK_INT(enter(f, &other, false), E_NONE);
    fixture_as(f, m);
    f->x.actor.session = mine;
    CHECK(account_prove(&f->x, SV(""), PASSWORD, &p) && account_prove(&f->x, SV("mori"), PASSWORD, &meanwhile));
    CHECK(account_hash(&f->x, SV("もっと長い別の合言葉です"), &stored));
    fixture_begin(f);
    CHECK(account_password_change(&f->x, &p, stored));
    CHECK(fixture_commit(f));
    CHECK_INT(enter(f, &keep, false), E_NONE);
    CHECK_INT(enter(f, &door, true), E_NONE);
    CHECK_INT(enter(f, &other, false), E_SESSION_ENDED);
    CHECK_INT(enter(f, &others, false), E_NONE);
    fixture_as(f, ID_NONE);
    CHECK(!account_sign_in(&f->x, &meanwhile, &late, &browser));    /* proven before, admitted after */
    CHECK_INT(f->x.failure.code, E_SIGN_IN);
    fixture_as(f, m);
    CHECK(!account_password_change(&f->x, &meanwhile, stored));
    CHECK_INT(f->x.failure.code, E_SIGN_IN);
    fixture_call(f);
    CHECK(account_prove(&f->x, SV("mori"), SV("もっと長い別の合言葉です"), &p));
    CHECK(p.right);
}

/* Lengths count in characters and are the settings'. */
TEST_BOTH(account_password_lengths)
{
    static const struct { const char *min, *max; size_t n; bool ok; } t[] = {
        { "12", "128", 11, false }, { "12", "128", 12, true }, { "12", "128", 128, true }, { "12", "128", 129, false },
        { "8", "20", 8, true }, { "8", "20", 7, false }, { "8", "20", 20, true }, { "8", "20", 21, false },
        { "64", "64", 64, true }, { "64", "64", 63, false },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = STR_IN(f->a);

        for (size_t k = 0; k < t[i].n; k++)
            utf8_put(&s, 0x4E00 + (uint32_t)(k * k + 7 * k) % 5000);
        fixture_setting(f, "account.password.min_length", t[i].min);
        fixture_setting(f, "account.password.max_length", t[i].max);
        fixture_call(f);
        CHECK_INT_AT(i, account_password_check(&f->x, "new", str_sv(&s), NULL), t[i].ok);
        CHECK_INT_AT(i, f->x.failure.code, t[i].ok ? E_NONE : E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(t[i].ok ? NULL : "new"));
    }
}

/* The last five are refused, the present one the first of them; the fifth back is free again with four generations. */
TEST_BOTH(account_reuse_ban)
{
    static const char *const words[] = { "縁側の長い合言葉です", "二つめのもっと長い合言葉", "三つめのもっと長い合言葉", "四つめのもっと長い合言葉",
                                         "五つめのもっと長い合言葉", "六つめのもっと長い合言葉" };
    id64 m = member(f, "mori", ROLE_MEMBER);
    sv stored;

    PROVES("ACC-16");
    fixture_setting(f, "account.password.min_length", "8");
    for (size_t i = 1; i < COUNT(words); i++) {
        f->x.now_ms += 1000;
        fixture_as(f, m);
        CHECK_AT(i, account_password_new(&f->x, "new", m, sv_c(words[i]), &stored));
        fixture_begin(f);
        CHECK_AT(i, account_password_set(&f->x, m, stored, MUST_NOT));
        CHECK_AT(i, fixture_commit(f));
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM password_before WHERE member = $1", ID(m)), 4);
    static const struct { const char *n; int back; bool ok; } t[] = {
        { "5", 0, false }, { "5", 1, false }, { "5", 4, false }, { "5", 5, true },
        { "3", 2, false }, { "3", 3, true }, { "1", 0, false }, { "1", 1, true }, { "0", 0, true },
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_setting(f, "account.password.reuse_generations", t[i].n);
        fixture_as(f, m);
        CHECK_INT_AT(i, account_password_new(&f->x, "new", m, sv_c(words[5 - t[i].back]), &stored), t[i].ok);
        CHECK_INT_AT(i, f->x.failure.code, t[i].ok ? E_NONE : E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(t[i].ok ? NULL : "new"));
    }
}

/* What the next sign-in demands, and what the password form takes away again. */
TEST_BOTH(account_must_change)
{
    static const struct { enum must_change must; const char *format; int limited; } t[] = {
        { MUST_NOT, "none", MUST_NOT }, { MUST_FIRST, "none", MUST_FIRST }, { MUST_REQUESTED, "alnum", MUST_REQUESTED },
        { MUST_NOT, "alnum", MUST_FORMAT },
    };
    id64 m = member(f, "mori", ROLE_MEMBER);
    SECRET token = { 0 }, browser = { 0 };
    struct proof p;
    struct session *s;

    PROVES("ACC-13");
    PROVES("ACC-15");
    PROVES("MEM-38");
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_setting(f, "account.password.format", t[i].format);
        CHECK(account_sql_must(&f->x, m, t[i].must));
        fixture_as(f, ID_NONE);
        CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &p));
        fixture_begin(f);
        CHECK(account_sign_in(&f->x, &p, &token, &browser));
        CHECK(fixture_commit(f));
        CHECK_INT_AT(i, f->x.actor.limited, t[i].limited);
        REQUIRE((s = session_find(&f->x, f->t->sessions, secret_view(&token), false)));
        CHECK_INT_AT(i, session_limited(f->x.policy, s, f->x.now_ms), t[i].limited);
        session_unref(&s);
    }
    REQUIRE((s = session_find(&f->x, f->t->sessions, secret_view(&token), false)));
    CHECK_INT(session_limited(f->x.policy, s, f->x.now_ms), MUST_FORMAT);
    fixture_begin(f);
    CHECK(account_password_change(&f->x, &p, p.stored));
    CHECK(fixture_commit(f));
    CHECK_INT(session_limited(f->x.policy, s, f->x.now_ms), MUST_NOT);
    CHECK_INT(FIXTURE_INT(f, "SELECT limited FROM session WHERE id = $1", ID(s->id)), MUST_NOT);
    fixture_setting(f, "account.password.expiry", "P30D");
    CHECK_INT(session_limited(f->x.policy, s, f->x.now_ms + INT64_C(30) * 86400000), MUST_NOT);
    CHECK_INT(session_limited(f->x.policy, s, f->x.now_ms + INT64_C(30) * 86400000 + 1), MUST_EXPIRED);
    session_unref(&s);
}

TEST_BOTH(account_console_door)
{
    id64 m = member(f, "mori", ROLE_SUPER_ADMIN), mine;
    SECRET token = { 0 }, first = { 0 }, second = { 0 };
    struct proof p, wrong;

    mine = fixture_session(f, m, ID_NONE, false, &token);
    fixture_as(f, m);
    f->x.actor.session = mine;
    CHECK(account_prove(&f->x, SV(""), PASSWORD, &p));
    wrong = p;
    wrong.right = false;
    CHECK(!account_console_open(&f->x, &wrong, &first));
    CHECK_INT(f->x.failure.code, E_SIGN_IN);
    for (int i = 0; i < 2; i++) {
        fixture_call(f);
        fixture_begin(f);
        CHECK(account_console_open(&f->x, &p, i ? &second : &first));
        CHECK(fixture_commit(f));
    }
    CHECK_INT(enter(f, &second, true), E_NONE);
    CHECK_INT(enter(f, &first, true), E_REAUTH);          /* one door to a session: the newer secret */
    CHECK_INT(enter(f, &token, false), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE console = 1 AND parent = $1", ID(mine)), 1);
}

TEST_BOTH(account_sessions_are_ones_own)
{
    id64 m = member(f, "mori", ROLE_SUPER_ADMIN), o = member(f, "oka", ROLE_MEMBER), a, b, c, door;
    struct session_infos infos = { 0 };
    SECRET token = { 0 };

    PROVES("B4.05");
    a = fixture_session(f, m, ID_NONE, false, &token);
    f->x.now_ms += 1000;
    f->x.actor.channel = CH_MW;
    b = fixture_session(f, m, ID_NONE, false, &token);
    door = fixture_session(f, m, b, true, &token);
    c = fixture_session(f, o, ID_NONE, false, &token);
    fixture_as(f, m);
    CHECK(account_sessions(&f->x, &infos));
    REQUIRE(infos.n == 2);
    CHECK_INT(infos.v[0].id.n, b.n);                      /* newest first */
    CHECK_INT(infos.v[0].channel, CH_MW);
    CHECK_INT(infos.v[1].id.n, a.n);
    CHECK_INT(infos.v[1].made_ms, FIXTURE_NOW);
    CHECK_STR(infos.v[1].ip, SV("192.0.2.7"));
    CHECK_STR(infos.v[1].agent, SV("縁側 test"));
    const struct { id64 id; bool mine; } t[] = { { a, true }, { b, true }, { c, false }, { door, false }, { { 1 }, false } };
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_call(f);
        CHECK_INT_AT(i, account_session_owned(&f->x, t[i].id), t[i].mine);
        CHECK_INT_AT(i, f->x.failure.code, t[i].mine ? E_NONE : E_NOT_FOUND);
    }
    CHECK(account_seen(&f->x, &(struct session_seen){.session = a, .ms = FIXTURE_NOW + 5000}));
    CHECK_INT(FIXTURE_INT(f, "SELECT seen_ms FROM session WHERE id = $1", ID(a)), FIXTURE_NOW + 5000);
    CHECK_INT(FIXTURE_INT(f, "SELECT seen_ms FROM member WHERE id = $1", ID(m)), FIXTURE_NOW + 5000);
    CHECK(account_seen(&f->x, &(struct session_seen){.session = a, .ms = FIXTURE_NOW}));           /* never back */
    CHECK_INT(FIXTURE_INT(f, "SELECT seen_ms FROM session WHERE id = $1", ID(a)), FIXTURE_NOW + 5000);
    CHECK_INT(FIXTURE_INT(f, "SELECT seen_ms FROM member WHERE id = $1", ID(m)), FIXTURE_NOW + 5000);
}

/* The terms of use: asked for at a sign-in, per version; accepted once, for all sessions of the member. */
TEST_BOTH(account_terms)
{
    id64 m = member(f, "mori", ROLE_MEMBER), other = member(f, "oka", ROLE_MEMBER);
    SECRET first = { 0 }, second = { 0 }, browser = { 0 };
    struct session *a, *b;
    struct proof p;
    sv version;
    int64_t at_ms;
    bool again;

    PROVES("PLT-28");
    fixture_setting(f, "account.two_step.mode", "optional");
    fixture_setting(f, "platform.terms_version", "1");
    fixture_as(f, ID_NONE);
    CHECK(account_prove(&f->x, SV("mori"), PASSWORD, &p));
    fixture_begin(f);
    CHECK(account_sign_in(&f->x, &p, &first, &browser) && account_sign_in(&f->x, &p, &second, &browser));
    CHECK(fixture_commit(f));
    REQUIRE((a = session_find(&f->x, f->t->sessions, secret_view(&first), false)));
    REQUIRE((b = session_find(&f->x, f->t->sessions, secret_view(&second), false)));
    CHECK(f->x.actor.terms_due && a->terms_due && b->terms_due);
    fixture_as(f, m);
    fixture_begin(f);
    CHECK(!account_terms_accept(&f->x, SV("2"), &again));
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_rollback(f);
    fixture_as(f, m);
    fixture_begin(f);
    CHECK(account_terms_accept(&f->x, SV("1"), &again) && !again);
    CHECK(a->terms_due);                                  /* not before COMMIT */
    CHECK(fixture_commit(f));
    CHECK(!a->terms_due && !b->terms_due);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE terms_due = 1"), 0);
    session_unref(&a);
    session_unref(&b);
    CHECK(account_terms_last(&f->x, &version, &at_ms));
    CHECK_STR(version, SV("1"));
    CHECK_INT(at_ms, f->x.now_ms);
    static const struct { const char *version; bool due; } t[] = { { "1", false }, { "2", true }, { "none", false }, { "1", false } };
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_setting(f, "platform.terms_version", t[i].version);
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        CHECK(account_sign_in(&f->x, &p, &first, &browser));
        CHECK(fixture_commit(f));
        CHECK_INT_AT(i, f->x.actor.terms_due, t[i].due);
    }
    fixture_as(f, other);
    CHECK(account_terms_last(&f->x, &version, &at_ms));
    CHECK_STR(version, SV(""));
}
