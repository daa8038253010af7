/* svc/org/org_test.c: members: adding, paging, states, and who is out of reach. Runs without and with sealed columns. */
#include "core/core_test.h"
#include "svc/org/org.h"

#include <string.h>

static struct member someone(const char *login)
{
    return (struct member){ .login = sv_c(login), .family = SV("森"), .given = SV("真由"), .family_reading = SV("もり"),
                            .given_reading = SV("まゆ"), .language = SV("ja"), .role = ROLE_MEMBER };
}

TEST_BOTH(org_member_add_and_find)
{
    struct member m = someone("mori"), got, twin = someone("mori");

    m.start_ms = 12;
    CHECK(org_member_add(&f->x, &m, SV("the hash")));
    REQUIRE(org_member_find(&f->x, m.id, &got));
    CHECK_STR(got.login, SV("mori"));
    CHECK_STR(got.family, SV("森"));
    CHECK_STR(got.given, SV("真由"));
    CHECK_STR(got.family_reading, SV("もり"));
    CHECK_STR(got.given_reading, SV("まゆ"));
    CHECK_STR(got.language, SV("ja"));
    CHECK_INT(got.role, ROLE_MEMBER);
    CHECK_INT(got.status, MEMBER_ACTIVE);
    CHECK_INT(got.start_ms, 12);
    CHECK_INT(got.seen_ms, 0);
    fixture_call(f);
    CHECK(!org_member_add(&f->x, &twin, SV("")));
    CHECK_INT(f->x.failure.code, E_LOGIN_TAKEN);
    fixture_call(f);
    CHECK(!org_member_find(&f->x, (id64){ 1 }, &got));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member"), 1);
}

TEST_BOTH(org_login_check)
{
    static const char *const good[] = { "a", "0", "mori", "m.ori", "m_o-r.i9", "a.", "a-",
                                        "abcdefghijklmnopqrstuvwxyz0123456789abcd" };
    static const char *const bad[] = { "", ".a", "_a", "-a", "A", "mOri", "mo ri", "mori@a", "森", "a/b", "a\n", "a%",
                                       "abcdefghijklmnopqrstuvwxyz0123456789abcde" };

    for (size_t i = 0; i < COUNT(good); i++) {
        fixture_call(f);
        CHECK_AT(i, org_login_check(&f->x, sv_c(good[i])));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct member m = someone(bad[i]);

        fixture_call(f);
        CHECK_AT(i, !org_login_check(&f->x, sv_c(bad[i])));
        CHECK_INT_AT(i, f->x.failure.code, E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), SV("login"));
        fixture_call(f);
        CHECK_AT(i, !org_member_add(&f->x, &m, SV("")));
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member"), 0);
}

/* Sorted by reading, page by page, without a member twice or left out; deleted ones are not in it. */
TEST_BOTH(org_member_list_pages)
{
    static const struct { const char *login, *family, *given; } t[] = {
        { "d", "や", "あ" }, { "a", "い", "い" }, { "b", "い", "い" }, { "c", "い", "あ" }, { "e", "", "" }, { "g", "わ", "" },
        { "gone", "う", "う" },
    };
    static const char *const want[] = { "e", "c", "ab", "ab", "d", "g" };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct member m = someone(t[i].login);

        m.family_reading = sv_c(t[i].family);
        m.given_reading = sv_c(t[i].given);
        CHECK_AT(i, org_member_add(&f->x, &m, SV("")));
        if (strcmp(t[i].login, "gone") == 0)
            CHECK(org_member_delete(&f->x, m.id));
    }
    for (int64_t limit = 1; limit <= 7; limit++) {
        id64 after = ID_NONE;
        bool more = true;
        size_t n = 0;
        sv before = SV_NONE;

        while (more && n <= COUNT(want)) {
            struct members page = { 0 };

            CHECK_AT(limit, org_member_list(&f->x, after, limit, &page, &more));
            CHECK_INT_AT(limit, page.n, n + (size_t)limit < COUNT(want) ? (size_t)limit : COUNT(want) - n);
            for (size_t i = 0; i < page.n && n < COUNT(want); i++, n++) {
                CHECK_AT(n, sv_find(sv_c(want[n]), page.v[i].login, NULL));
                CHECK_AT(n, !sv_equal(before, page.v[i].login));
                before = page.v[i].login;
                after = page.v[i].id;
            }
            CHECK_INT_AT(limit, more, n < COUNT(want));
        }
        CHECK_INT_AT(limit, n, COUNT(want));
    }
    struct members page = { 0 };
    bool more;
    fixture_call(f);
    CHECK(!org_member_list(&f->x, (id64){ 1 }, 5, &page, &more));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
}

TEST_BOTH(org_member_states)
{
    static const struct { enum member_status s; int64_t start_ms; const char *want; } t[] = {
        { MEMBER_ACTIVE, 0, "active" }, { MEMBER_ACTIVE, FIXTURE_NOW, "active" },
        { MEMBER_ACTIVE, FIXTURE_NOW + 1, "not_started" }, { MEMBER_SUSPENDED, 0, "suspended" },
        { MEMBER_SUSPENDED, FIXTURE_NOW + 1, "suspended" }, { MEMBER_DELETED, 0, "deleted" },
        { (enum member_status)0, 0, "" }, { (enum member_status)7, 0, "" },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct member m = { .status = t[i].s, .start_ms = t[i].start_ms };

        CHECK_STR_AT(i, sv_c(org_member_state(&m, f->x.now_ms)), sv_c(t[i].want));
    }
}

static bool suspend(struct ctx *x, id64 id)
{
    return org_member_suspend(x, id);
}

static bool give_role(struct ctx *x, id64 id)
{
    return org_member_role(x, id, ROLE_SUB_ADMIN);
}

static const struct {
    bool (*act)(struct ctx *x, id64 id);
    enum err super, self;
    bool ends;                                            /* the member's sessions */
} acts[] = {
    { suspend, E_DENIED, E_DENIED, true },
    { org_member_resume, E_DENIED, E_DENIED, false },
    { org_member_delete, E_DENIED, E_DENIED, true },
    { org_member_logout, E_DENIED, E_NONE, true },
    { give_role, E_DENIED, E_DENIED, true },
};

static enum err act(struct fixture *f, size_t i, id64 acting, id64 id)
{
    fixture_as(f, acting);
    fixture_begin(f);
    CHECK_INT_AT(i, acts[i].act(&f->x, id), f->x.failure.code == E_NONE);
    enum err code = f->x.failure.code;
    CHECK_INT_AT(i, f->x.effects.n > 0, code == E_NONE && acts[i].ends);
    if (code == E_NONE)
        CHECK_AT(i, fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

/* Nobody locks the last door from inside; a member that does not exist or is deleted is absent, always. */
TEST_BOTH(org_acts_and_who_is_out_of_reach)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), me = fixture_member(f, "me", ROLE_SUB_ADMIN);
    id64 gone = fixture_member(f, "gone", ROLE_MEMBER);

    CHECK(org_member_delete(&f->x, gone));
    for (size_t i = 0; i < COUNT(acts); i++) {
        SECRET token = { 0 };
        id64 m = fixture_member(f, sv_printf(f->a, "m%zu", i).p, ROLE_MEMBER);

        fixture_session(f, m, ID_NONE, false, &token);
        CHECK_INT_AT(i, act(f, i, me, m), E_NONE);
        struct session *s = session_find(&f->x, f->t->sessions, secret_view(&token), false);
        CHECK_INT_AT(i, s == NULL, acts[i].ends);
        session_unref(&s);
        CHECK_INT_AT(i, act(f, i, me, super), acts[i].super);
        CHECK_INT_AT(i, act(f, i, super, super), acts[i].self);
        CHECK_INT_AT(i, act(f, i, me, me), acts[i].self);
        CHECK_INT_AT(i, act(f, i, me, gone), E_NOT_FOUND);
        CHECK_INT_AT(i, act(f, i, me, (id64){ 12345 }), E_NOT_FOUND);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE role = 4"), 1);
}

TEST_BOTH(org_an_admin_acts_on_no_wider_reach)
{
    id64 sub = fixture_member(f, "sub", ROLE_SUB_ADMIN), op = fixture_member(f, "op", ROLE_OPERATOR_ADMIN);
    id64 twin = fixture_member(f, "twin", ROLE_OPERATOR_ADMIN), super = fixture_member(f, "super", ROLE_SUPER_ADMIN);
    struct member m;
    const struct {
        id64 actor, target;
        enum err want;
    } t[] = {
        { op, sub, E_DENIED }, { op, twin, E_NONE }, { op, super, E_DENIED }, { sub, op, E_NONE }, { super, sub, E_NONE },
    };

    PROVES("ACC-08");
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_as(f, t[i].actor);
        CHECK_INT_AT(i, org_member_target(&f->x, t[i].target, &m), t[i].want == E_NONE);
        CHECK_INT_AT(i, f->x.failure.code, t[i].want);
    }
    fixture_as(f, ID_NONE);
    f->x.actor.operator = true;
    CHECK(org_member_target(&f->x, sub, &m));
    f->x.actor.operator = false;
}

/* A suspension takes the admin role's force away; lifting it does not give it back. */
TEST_BOTH(org_a_role_sleeps_after_a_suspension)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    id64 plain = fixture_member(f, "plain", ROLE_MEMBER);
    SECRET token = { 0 };
    struct member m;

    PROVES("ACC-10");
    fixture_as(f, super);
    CHECK(org_member_suspend(&f->x, sub) && org_member_resume(&f->x, sub) && org_member_find(&f->x, sub, &m));
    CHECK(m.role == ROLE_SUB_ADMIN && m.role_paused);
    fixture_session(f, sub, ID_NONE, false, &token);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&token), false);
    REQUIRE(s);
    CHECK_INT(s->role, ROLE_MEMBER);
    session_unref(&s);
    fixture_as(f, super);
    CHECK(org_member_role(&f->x, sub, ROLE_SUB_ADMIN) && org_member_find(&f->x, sub, &m));
    CHECK(!m.role_paused);                                /* given anew */
    CHECK(org_member_suspend(&f->x, plain) && org_member_resume(&f->x, plain) && org_member_find(&f->x, plain, &m));
    CHECK(!m.role_paused);                                /* there was nothing to pause */
    CHECK(org_member_delete(&f->x, sub));
    CHECK_INT(FIXTURE_INT(f, "SELECT role_paused FROM member WHERE id = $1", ID(sub)), 1);
}

TEST_BOTH(org_suspend_resume_delete_leave_their_mark)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    struct member got, again = someone("mori");

    CHECK(org_member_suspend(&f->x, m) && org_member_find(&f->x, m, &got));
    CHECK_INT(got.status, MEMBER_SUSPENDED);
    CHECK(org_member_resume(&f->x, m) && org_member_find(&f->x, m, &got));
    CHECK_INT(got.status, MEMBER_ACTIVE);
    CHECK(org_member_delete(&f->x, m));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE id = $1 AND status = 3 AND family = 'mori'", ID(m)), 1);
    ROWS r = db_query(f->d, "SELECT login, password FROM member WHERE id = $1", ID(m));
    REQUIRE(rows_next(&r));
    CHECK_STR(row_sealed(&r, 1, "member.password", m.n), SV(""));
    rows_end(&r);
    CHECK(!org_member_add(&f->x, &again, SV("")));        /* the ID is held as long as the member can come back */
    CHECK_INT(f->x.failure.code, E_LOGIN_TAKEN);
    fixture_call(f);
    f->x.now_ms += MEMBER_RESTORE_MS;
    CHECK(org_member_add(&f->x, &again, SV("")));         /* and then free for another */
    CHECK(again.id.n != m.n);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE id = $1 AND family = '' AND login LIKE 'deleted:%'", ID(m)), 1);
}

TEST_BOTH(org_roles)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    struct member got;

    CHECK(org_member_role(&f->x, m, ROLE_OPERATOR_ADMIN) && org_member_find(&f->x, m, &got));
    CHECK_INT(got.role, ROLE_OPERATOR_ADMIN);
    CHECK(!org_member_role(&f->x, m, ROLE_SUPER_ADMIN));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    CHECK_STR(sv_c(f->x.failure.field), SV("role"));
    fixture_call(f);
    CHECK(org_member_find(&f->x, m, &got));
    CHECK_INT(got.role, ROLE_OPERATOR_ADMIN);
}
