/* svc/account/link_test.c: a link sets a password once, in its time, and only the newest of a member does. */
#include "core/core_test.h"
#include "svc/account/account.h"

static bool pepper(void *to, const struct secret *prehash, struct secret *out)
{
    (void)to;
    *out = *prehash;
    return true;
}

static bool usable(struct fixture *f, const struct secret *token)
{
    struct password_link l;

    fixture_call(f);
    bool ok = account_link_find(&f->x, secret_view(token), &l);
    CHECK_INT(f->x.failure.code, ok ? E_NONE : E_LINK_ENDED);
    return ok;
}

static void make(struct fixture *f, id64 member, enum link_kind kind, struct secret *token, int64_t *until_ms)
{
    fixture_call(f);
    fixture_begin(f);
    CHECK(account_setup_link(&f->x, member, kind, token, until_ms));
    CHECK(fixture_commit(f));
}

TEST_BOTH(link_times)
{
    static const struct { enum link_kind kind; int64_t ms; } t[] = { { LINK_SETUP, 72 * 3600000 }, { LINK_RESET, 600000 } };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);

    PROVES("MEM-11");
    PROVES("B1.09");
    for (size_t i = 0; i < COUNT(t); i++) {
        SECRET token = { 0 };
        int64_t until, made = f->x.now_ms;
        make(f, m, t[i].kind, &token, &until);
        CHECK_INT_AT(i, until, made + t[i].ms);
        f->x.now_ms = made + t[i].ms;
        CHECK_AT(i, usable(f, &token));
        f->x.now_ms++;
        CHECK_AT(i, !usable(f, &token));
        CHECK_INT_AT(i, FIXTURE_INT(f, "SELECT COUNT(*) FROM link WHERE member = $1", ID(m)), 1);
    }
}

TEST_BOTH(link_newest_only_and_once)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), o = fixture_member(f, "oka", ROLE_MEMBER);
    SECRET first = { 0 }, second = { 0 }, others = { 0 }, session = { 0 }, unknown = { 0 };
    struct password_link l;
    sv stored;
    int64_t until;

    PROVES("ACC-41");
    PROVES("B1.09");
    f->t->pepper = pepper;
    make(f, m, LINK_RESET, &first, &until);
    make(f, o, LINK_SETUP, &others, &until);
    make(f, m, LINK_SETUP, &second, &until);
    CHECK(!usable(f, &first));
    CHECK(usable(f, &second));
    CHECK(usable(f, &others));
    token_new(&unknown);
    CHECK(!usable(f, &unknown));
    fixture_session(f, m, ID_NONE, false, &session);
    CHECK(account_hash(&f->x, SV("ゆうやけ こやけの"), &stored));
    fixture_begin(f);
    CHECK(account_link_use(&f->x, secret_view(&second), stored));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE member = $1", ID(m)), 0);
    CHECK(!usable(f, &second));
    CHECK(usable(f, &others));
    fixture_call(f);
    fixture_begin(f);
    CHECK(!account_link_use(&f->x, secret_view(&second), stored));
    CHECK_INT(f->x.failure.code, E_LINK_ENDED);
    fixture_rollback(f);
    fixture_status(f, o, MEMBER_SUSPENDED);
    CHECK(!usable(f, &others));
    fixture_call(f);
    CHECK(!account_link_find(&f->x, SV("kein Token"), &l));
    CHECK_INT(f->x.failure.code, E_LINK_ENDED);
}

/* The token is nowhere in the store, and stands behind the # of the address. */
TEST_BOTH(link_token_is_not_kept)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    SECRET token = { 0 };
    int64_t until;

    PROVES("B1.11");
    make(f, m, LINK_SETUP, &token, &until);
    struct sha256 hash = token_hash(secret_view(&token));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM link WHERE hash = $1", BLOB(sv_n(hash.b, 32))), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM link WHERE hash = $1", BLOB(secret_view(&token))), 0);
    f->x.actor.origin = SV("https://chat.example.jp");
    CHECK_STR(account_link_url(&f->x, &token),
              sv_printf(f->a, "https://chat.example.jp/t/4711/setup#%.*s", SV_ARG(secret_view(&token))));
}
