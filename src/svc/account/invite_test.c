/* svc/account/invite_test.c: an invitation link in its time, who may make it, and the record of who came by it. */
#include "core/core_test.h"
#include "svc/account/invite.h"

static bool good(struct fixture *f, const struct secret *token)
{
    struct invitation i;

    fixture_call(f);
    bool ok = invite_find(&f->x, secret_view(token), &i);
    CHECK_INT(f->x.failure.code, ok ? E_NONE : E_INVITE_ENDED);
    return ok;
}

static int64_t make(struct fixture *f, id64 member, struct secret *token)
{
    int64_t until = 0;

    fixture_call(f);
    f->x.actor.member = member;
    fixture_begin(f);
    CHECK(invite_make(&f->x, token, &until));
    CHECK(fixture_commit(f));
    return until;
}

TEST_BOTH(invite_times_and_settings)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN);
    SECRET members = {0}, admins = {0}, unknown = {0};
    int64_t made = f->x.now_ms;

    PROVES("MEM-12");
    PROVES("MEM-13");
    CHECK_INT(make(f, m, &members), made + INVITE_MS);
    make(f, boss, &admins);
    CHECK(!good(f, &members));                            /* only who reaches the page, as it is set */
    CHECK(good(f, &admins));
    fixture_setting(f, "member.invite.by", "all");
    CHECK(good(f, &members));
    CHECK(good(f, &admins));
    fixture_setting(f, "member.invite.enabled", "false");
    CHECK(!good(f, &members));
    CHECK(!good(f, &admins));
    fixture_setting(f, "member.invite.enabled", "true");
    token_new(&unknown);
    CHECK(!good(f, &unknown));
    fixture_status(f, m, MEMBER_SUSPENDED);
    CHECK(!good(f, &members));
    fixture_status(f, m, MEMBER_ACTIVE);
    f->x.now_ms = made + INVITE_MS;
    CHECK(good(f, &members));
    f->x.now_ms++;
    CHECK(!good(f, &members));
    fixture_call(f);
    fixture_begin(f);
    CHECK(invite_nightly(&f->x));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM invitation"), 0);
}

/* The token is nowhere in the store; of one member's links the newest INVITES_EACH are good. */
TEST_BOTH(invite_token_and_limit)
{
    id64 boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN);
    SECRET first = {0}, last = {0};

    PROVES("MEM-13");
    make(f, boss, &first);
    struct sha256 hash = token_hash(secret_view(&first));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM invitation WHERE hash = $1", BLOB(sv_n(hash.b, 32))), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM invitation WHERE hash = $1", BLOB(secret_view(&first))), 0);
    for (int i = 0; i < INVITES_EACH; i++) {
        f->x.now_ms++;
        CHECK(good(f, &first) == (i < INVITES_EACH));
        make(f, boss, &last);
    }
    CHECK(!good(f, &first));
    CHECK(good(f, &last));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM invitation"), INVITES_EACH);
}

static struct invited waiting(struct fixture *f, id64 inviter, const char *login)
{
    struct invited w = {.inviter = inviter, .login = sv_c(login), .family = SV("三浦"), .given = SV("葵"), .family_reading = SV(""),
                        .given_reading = SV(""), .language = SV("ja"), .stored = SV("$argon2id$hash")};

    fixture_call(f);
    fixture_begin(f);
    CHECK(invited_add(&f->x, &w));
    CHECK(fixture_commit(f));
    return w;
}

TEST_BOTH(invited_rejected_and_forgotten)
{
    id64 boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN);
    struct invited a = waiting(f, boss, "aoi"), b = waiting(f, boss, "ben"), got = {0}, twin = a;
    struct inviteds all = {0};

    PROVES("MEM-15");
    fixture_begin(f);
    CHECK(!invited_add(&f->x, &twin));
    CHECK_INT(f->x.failure.code, E_LOGIN_TAKEN);
    fixture_rollback(f);
    fixture_call(f);
    CHECK(invited_find(&f->x, a.id, &got));
    CHECK_STR(got.stored, SV("$argon2id$hash"));
    CHECK(invited_list(&f->x, &all) && all.n == 2);
    fixture_begin(f);
    CHECK(invited_reject(&f->x, a.id));
    CHECK(fixture_commit(f));
    CHECK(!invited_find(&f->x, a.id, &got));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_call(f);
    CHECK(invited_credential(&f->x, SV("aoi"), ID_NONE, &got));          /* its login is still answered */
    for (int late = 0; late < 2; late++) {
        f->x.now_ms += late ? 1 : INVITED_KEPT_MS - 1;
        fixture_call(f);
        fixture_begin(f);
        CHECK(invite_nightly(&f->x));
        CHECK(fixture_commit(f));
        fixture_call(f);
        CHECK_INT(invited_credential(&f->x, SV("aoi"), ID_NONE, &got), !late);
    }
    CHECK(invited_find(&f->x, b.id, &got));               /* who waits is not forgotten */
    fixture_begin(f);
    CHECK(invited_drop(&f->x, b.id));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM invited"), 0);
}
