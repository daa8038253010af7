/* svc/org/rights_test.c: who gets which role, what a paused one is, and that the super admin is one and never none. */
#include "core/core_test.h"
#include "core/session.h"
#include "svc/org/rights.h"

static id64 super_of(struct fixture *f)
{
    return (id64){FIXTURE_INT(f, "SELECT id FROM member WHERE role = 4")};
}

TEST_BOTH(rights_grant_and_take_away)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), mori = fixture_member(f, "mori", ROLE_MEMBER);
    struct member before, after, m;

    PROVES("ACC-05");
    PROVES("ACC-07");
    fixture_as(f, super);
    CHECK(!rights_grant(&f->x, mori, ROLE_OPERATOR_ADMIN, ID_NONE, false, &before, &after));
    CHECK_INT(f->x.failure.code, E_CONFIRM);
    fixture_as(f, super);
    CHECK(rights_grant(&f->x, mori, ROLE_SUB_ADMIN, ID_NONE, true, &before, &after));
    CHECK_INT(before.role, ROLE_MEMBER);
    CHECK_INT(FIXTURE_INT(f, "SELECT role_by FROM member WHERE id = $1", ID(mori)), super.n);
    CHECK_INT(FIXTURE_INT(f, "SELECT role_ms FROM member WHERE id = $1", ID(mori)), FIXTURE_NOW);
    CHECK(rights_grant(&f->x, mori, ROLE_OPERATOR_ADMIN, ID_NONE, false, &before, &after));   /* less than before: no danger to confirm */
    CHECK_INT(before.role, ROLE_SUB_ADMIN);
    CHECK(rights_grant(&f->x, mori, ROLE_MEMBER, ID_NONE, false, &before, &after));
    CHECK(org_member_find(&f->x, mori, &m) && m.role == ROLE_MEMBER);
    CHECK(!rights_grant(&f->x, mori, ROLE_SUPER_ADMIN, ID_NONE, true, &before, &after));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_as(f, super);
    CHECK(!rights_grant(&f->x, super, ROLE_SUB_ADMIN, ID_NONE, true, &before, &after));
    CHECK_INT(f->x.failure.code, E_DENIED);
}

/* Open sessions have the new role at once; the console's end. */
TEST_BOTH(rights_bind_open_sessions)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), mori = fixture_member(f, "mori", ROLE_SUB_ADMIN);
    SECRET sid = { 0 }, adm = { 0 };
    struct member before, after;

    PROVES("OVR-04");
    fixture_as(f, mori);
    id64 parent = fixture_session(f, mori, ID_NONE, false, &sid);
    fixture_session(f, mori, parent, true, &adm);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&sid), false);
    struct session *c = session_find(&f->x, f->t->sessions, secret_view(&adm), true);
    REQUIRE(s && c);
    fixture_as(f, super);
    fixture_begin(f);
    CHECK(rights_grant(&f->x, mori, ROLE_MEMBER, ID_NONE, true, &before, &after));
    CHECK_INT(s->role, ROLE_SUB_ADMIN);                   /* nothing happened yet */
    CHECK(fixture_commit(f));
    CHECK_INT(s->role, ROLE_MEMBER);
    CHECK(!s->ended && c->ended);
    session_unref(&c);
    fixture_as(f, mori);
    CHECK(!session_find(&f->x, f->t->sessions, secret_view(&adm), true));
    session_unref(&s);
}

TEST_BOTH(rights_a_paused_role_waits_for_its_confirmation)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    struct holders all = { 0 };
    struct member m;

    PROVES("ACC-10");
    fixture_as(f, super);
    CHECK(!rights_confirm(&f->x, sub, &m));
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_as(f, super);
    CHECK(org_member_suspend(&f->x, sub));
    CHECK(!rights_confirm(&f->x, sub, &m));            /* still suspended */
    fixture_as(f, super);
    CHECK(org_member_resume(&f->x, sub) && rights_holders(&f->x, &all));
    REQUIRE(all.n == 2);
    CHECK_INT(all.v[0].id.n, super.n);
    CHECK(!all.v[0].paused && all.v[1].paused);
    CHECK(rights_confirm(&f->x, sub, &m));
    CHECK_INT(m.role, ROLE_SUB_ADMIN);
    all.n = 0;
    CHECK(rights_holders(&f->x, &all) && !all.v[1].paused);
    CHECK_INT(all.v[1].by.n, super.n);
    CHECK_STR(all.v[1].by_family, SV("super"));
}

TEST_BOTH(rights_handover_swaps_both_roles)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), heir = fixture_member(f, "heir", ROLE_MEMBER);
    id64 other = fixture_member(f, "other", ROLE_SUB_ADMIN);
    struct handover h;
    struct member m;

    PROVES("ACC-02");
    PROVES("B5.06");
    fixture_as(f, super);
    CHECK(!rights_handover(&f->x, &h));
    CHECK(rights_handover_begin(&f->x, heir, &h));
    CHECK_INT(h.until_ms, FIXTURE_NOW + HANDOVER_MS);
    CHECK(!rights_handover_begin(&f->x, other, &h));      /* one at a time */
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_as(f, other);
    CHECK(!rights_handover_accept(&f->x, &h));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, other);
    CHECK(rights_handover_end(&f->x, &h));                /* not its own: nothing ends */
    CHECK_INT(h.id.n, 0);
    CHECK_INT(super_of(f).n, super.n);
    fixture_as(f, heir);
    CHECK(rights_handover_accept(&f->x, &h));
    CHECK_INT(super_of(f).n, heir.n);
    CHECK(org_member_find(&f->x, super, &m));
    CHECK_INT(m.role, ROLE_SUB_ADMIN);
    CHECK_INT(FIXTURE_INT(f, "SELECT role_by FROM member WHERE id = $1", ID(heir)), super.n);
    CHECK(rights_handover_accept(&f->x, &h));             /* the answer was lost: the same again */
    CHECK_INT(h.id.n, 0);
    fixture_as(f, super);
    CHECK(!rights_handover(&f->x, &h));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE role = 4"), 1);
}

/* The term ends by the clock alone; declined or expired, another one may begin. */
TEST_BOTH(rights_handover_ends)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), heir = fixture_member(f, "heir", ROLE_SUB_ADMIN);
    id64 away = fixture_member(f, "away", ROLE_MEMBER);
    struct handover h;

    PROVES("ACC-02");
    fixture_as(f, super);
    CHECK(rights_handover_begin(&f->x, heir, &h));
    f->x.now_ms += HANDOVER_MS - 1;
    CHECK(rights_handover(&f->x, &h));
    f->x.now_ms++;
    CHECK(!rights_handover(&f->x, &h));
    fixture_as(f, heir);
    CHECK(!rights_handover_accept(&f->x, &h));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, super);
    CHECK(rights_handover_begin(&f->x, heir, &h));
    fixture_as(f, heir);
    CHECK(rights_handover_end(&f->x, &h) && h.id.n);
    fixture_as(f, heir);
    CHECK(!rights_handover_accept(&f->x, &h));
    fixture_as(f, super);
    CHECK(rights_handover_begin(&f->x, heir, &h));
    CHECK(rights_handover_end(&f->x, &h) && h.id.n);      /* taken back */
    fixture_status(f, away, MEMBER_SUSPENDED);
    CHECK(!rights_handover_begin(&f->x, away, &h));
    CHECK_INT(f->x.failure.code, E_DENIED);
    fixture_as(f, super);
    CHECK(!rights_handover_begin(&f->x, super, &h));
    CHECK_INT(f->x.failure.code, E_DENIED);
}

static void second_super(const void *arg)
{
    const struct fixture *f = arg;

    if (!db_exec(f->d, "UPDATE member SET role = 4 WHERE login = 'mori'"))
        die("refused");
}

/* Not only our rules: the store itself refuses a second one. */
TEST_BOTH(rights_the_store_holds_one_super_admin)
{
    PROVES("ACC-02");
    fixture_member(f, "super", ROLE_SUPER_ADMIN);
    fixture_member(f, "mori", ROLE_MEMBER);
    CHECK(fixture_dies(second_super, f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE role = 4"), 1);
}
