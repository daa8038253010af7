/* svc/org/custom_role_test.c: the company's own admin roles: what they may be, who changes them, and what holders feel of it. */
#include "core/core_test.h"
#include "core/session.h"
#include "svc/org/custom_role.h"
#include "svc/org/rights.h"

static enum err said(struct fixture *f)
{
    return f->x.failure.code;
}

static struct custom_role_wish of(struct fixture *f, const char *name, const char *menus, bool confirmed)
{
    struct custom_role_wish w = { .name = sv_c(name), .confirmed = confirmed };
    sv *ids = ANEWN(f->a, sv, 100), rest = sv_c(menus), id;

    while (sv_cut(&rest, ' ', &id))
        ids[w.n++] = id;
    w.menus = ids;
    return w;
}

static id64 add(struct fixture *f, id64 by, const char *name, const char *menus)
{
    struct custom_role_wish w = of(f, name, menus, true);
    struct custom_role r;

    fixture_as(f, by);
    if (!custom_role_add(&f->x, &w, &r))
        die("fixture: role %s: %s", name, f->x.failure.detail);
    return r.id;
}

static void give(struct fixture *f, id64 by, id64 member, id64 role)
{
    struct member before, after;

    fixture_as(f, by);
    CHECK(rights_grant(&f->x, member, ROLE_CUSTOM, role, true, &before, &after));
    CHECK_INT(after.admin_role.n, role.n);
}

TEST_BOTH(custom_role_name_and_menus)
{
    id64 sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    const struct {
        const char *name, *menus;
        bool confirmed;
        enum err want;
    } t[] = {
        { "人事係", "stats.task member.group stats.task", true, E_NONE },
        { "Ｊｉｎｊｉ", "stats.task", false, E_NONE },          /* nothing strong: nothing to confirm */
        { "人事係", "stats.task", true, E_NAME_TAKEN },
        { " jinji ", "stats.task", true, E_NAME_TAKEN },        /* width and case do not count, nor blanks around */
        { "副管理者", "stats.task", true, E_NAME_TAKEN },
        { "SUPER ADMIN", "stats.task", true, E_NAME_TAKEN },
        { "member", "stats.task", true, E_NAME_TAKEN },
        { "　", "stats.task", true, E_INVALID_VALUE },
        { "a\x01", "stats.task", true, E_INVALID_VALUE },
        { "五十一字一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", "stats.task", true, E_INVALID_VALUE },
        { "空", "", true, E_INVALID_VALUE },
        { "上", "stats.task security.admins", true, E_INVALID_VALUE },
        { "終", "basic.cancel", true, E_INVALID_VALUE },
        { "未", "no.such", true, E_INVALID_VALUE },
        { "監", "stats.task audit.talk", false, E_CONFIRM },
    };
    struct custom_roles all = { 0 };

    PROVES("ACC-06");
    PROVES("ACC-07");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct custom_role_wish w = of(f, t[i].name, t[i].menus, t[i].confirmed);
        struct custom_role r;
        fixture_as(f, sub);
        CHECK_INT_AT(i, custom_role_add(&f->x, &w, &r), t[i].want == E_NONE);
        CHECK_INT_AT(i, said(f), t[i].want);
    }
    fixture_as(f, sub);
    CHECK(custom_role_list(&f->x, &all));
    REQUIRE(all.n == 2);
    CHECK_STR(all.v[0].name, SV("Ｊｉｎｊｉ"));
    CHECK_STR(all.v[1].menus, SV("member.group stats.task"));   /* once each, in the console's order */
    for (size_t i = all.n; i < CUSTOM_ROLES_MAX; i++)
        add(f, sub, sv_printf(f->a, "r%zu", i).p, "stats.task");
    struct custom_role_wish w = of(f, "one more", "stats.task", true);
    fixture_as(f, sub);
    CHECK(!custom_role_add(&f->x, &w, &all.v[0]));
    CHECK_INT(said(f), E_INVALID_VALUE);
}

/* An id that no version knows is ignored; so is one that no custom role may have, whoever wrote it there. */
TEST_BOTH(custom_role_of_another_version)
{
    id64 mori = fixture_member(f, "mori", ROLE_CUSTOM);
    struct member m;

    PROVES("ACC-06");
    CHECK(db_exec(f->d, "INSERT INTO admin_role (id, name, folded, menus) VALUES (7, 'x', 'x', 'stats.task later.menu security.admins')"));
    CHECK(db_exec(f->d, "UPDATE member SET admin_role = 7 WHERE id = $1", ID(mori)));
    fixture_as(f, mori);
    CHECK(org_member_find(&f->x, mori, &m));
    CHECK(reaches(m.reach, M_STATS_TASK) && !reaches(m.reach, M_SECURITY_ADMINS) && reaches(m.reach, MENU_ANY));
    CHECK_STR(m.admin_role_name, SV("x"));
    CHECK(db_exec(f->d, "DELETE FROM admin_role WHERE id = 7"));
    CHECK(org_member_find(&f->x, mori, &m) && !reaches(m.reach, M_STATS_TASK));   /* a role that is gone reaches nothing */
}

TEST_BOTH(custom_role_that_is_held_is_the_super_admins)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), draft = add(f, sub, "下書き", "stats.task"), held = add(f, sub, "係", "stats.task");
    struct custom_role_wish w = of(f, "係", "stats.task stats.talk", false);
    struct custom_role before, after;

    PROVES("ACC-05");
    give(f, super, mori, held);
    fixture_as(f, sub);
    CHECK(!custom_role_put(&f->x, held, &w, &before, &after));
    CHECK_INT(said(f), E_DENIED);
    fixture_as(f, sub);
    CHECK(!custom_role_delete(&f->x, held, &before));
    CHECK_INT(said(f), E_DENIED);
    fixture_as(f, sub);
    w.name = SV("下書き");
    CHECK(custom_role_put(&f->x, draft, &w, &before, &after));    /* its twin */
    CHECK_STR(before.menus, SV("stats.task"));
    CHECK_STR(after.menus, SV("stats.talk stats.task"));
    fixture_as(f, super);
    CHECK(!custom_role_put(&f->x, held, &w, &before, &after));    /* the draft's name */
    CHECK_INT(said(f), E_NAME_TAKEN);
    fixture_as(f, super);
    CHECK(!custom_role_delete(&f->x, held, &before));
    CHECK_INT(said(f), E_ROLE_HELD);
    CHECK_INT(f->x.failure.count, 1);
    /* Deleted, the member may come back, and its role with it. */
    fixture_as(f, super);
    CHECK(org_member_delete(&f->x, mori));
    fixture_as(f, sub);
    CHECK(!custom_role_delete(&f->x, held, &before));
    CHECK_INT(said(f), E_DENIED);
    fixture_as(f, super);
    CHECK(custom_role_delete(&f->x, held, &before));
    CHECK_INT(FIXTURE_INT(f, "SELECT role FROM member WHERE id = $1", ID(mori)), ROLE_MEMBER);
    fixture_as(f, sub);
    CHECK(custom_role_delete(&f->x, draft, &before));
    CHECK(!custom_role_find(&f->x, draft, &before));
    CHECK_INT(said(f), E_NOT_FOUND);
}

/* Sessions that are open have the new set with the reply, and a paused holder's stay without. */
TEST_BOTH(custom_role_change_binds_open_sessions)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), mori = fixture_member(f, "mori", ROLE_MEMBER);
    id64 oka = fixture_member(f, "oka", ROLE_MEMBER), role = add(f, super, "係", "stats.task");
    SECRET sid = { 0 }, adm = { 0 }, other = { 0 };
    struct custom_role_wish w = of(f, "係", "stats.talk", false);
    struct custom_role before, after;
    struct member m;

    PROVES("OVR-04");
    give(f, super, mori, role);
    give(f, super, oka, role);
    fixture_as(f, super);
    CHECK(org_member_suspend(&f->x, oka) && org_member_resume(&f->x, oka));
    id64 parent = fixture_session(f, mori, ID_NONE, false, &sid);
    fixture_session(f, mori, parent, true, &adm);
    fixture_session(f, oka, ID_NONE, false, &other);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&sid), false);
    struct session *c = session_find(&f->x, f->t->sessions, secret_view(&adm), true);
    struct session *o = session_find(&f->x, f->t->sessions, secret_view(&other), false);
    REQUIRE(s && c && o);
    CHECK(session_grant(s).role == ROLE_CUSTOM && reaches(session_grant(s).reach, M_STATS_TASK));
    CHECK(session_grant(o).role == ROLE_MEMBER && !reaches(session_grant(o).reach, MENU_ANY));
    fixture_as(f, super);
    fixture_begin(f);
    CHECK(custom_role_put(&f->x, role, &w, &before, &after));
    CHECK(reaches(session_grant(s).reach, M_STATS_TASK));     /* nothing happened yet */
    CHECK(fixture_commit(f));
    CHECK(!reaches(session_grant(s).reach, M_STATS_TASK) && reaches(session_grant(s).reach, M_STATS_TALK));
    CHECK(!s->ended && c->ended);
    CHECK(session_grant(o).role == ROLE_MEMBER && !reaches(session_grant(o).reach, M_STATS_TALK));
    session_unref(&c);
    /* Another name alone ends nothing. */
    fixture_session(f, mori, parent, true, &adm);
    c = session_find(&f->x, f->t->sessions, secret_view(&adm), true);
    REQUIRE(c);
    fixture_as(f, super);
    fixture_begin(f);
    w.name = SV("係長");
    CHECK(custom_role_put(&f->x, role, &w, &before, &after) && fixture_commit(f));
    CHECK(!c->ended);
    /* Confirmed, the other one has what the role reaches now. */
    fixture_as(f, super);
    fixture_begin(f);
    CHECK(rights_confirm(&f->x, oka, &m) && fixture_commit(f));
    CHECK(session_grant(o).role == ROLE_CUSTOM && reaches(session_grant(o).reach, M_STATS_TALK));
    session_unref(&c);
    session_unref(&o);
    session_unref(&s);
}

/* Roles neither of which contains the other: their holders do not act on each other, and a sub admin acts on both. */
TEST_BOTH(custom_role_holders_act_within_their_set)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    id64 op = fixture_member(f, "op", ROLE_OPERATOR_ADMIN), a = fixture_member(f, "a", ROLE_MEMBER), b = fixture_member(f, "b", ROLE_MEMBER);
    id64 both = fixture_member(f, "both", ROLE_MEMBER), plain = fixture_member(f, "plain", ROLE_MEMBER);
    struct member m;
    struct holders all = { 0 };

    PROVES("ACC-08");
    give(f, super, a, add(f, super, "人", "member.member"));
    give(f, super, b, add(f, super, "記録", "audit.talk"));
    give(f, super, both, add(f, super, "人と記録", "member.member audit.talk"));
    const struct {
        id64 actor, target;
        enum err want;
    } t[] = {
        { a, b, E_DENIED }, { b, a, E_DENIED }, { a, both, E_DENIED }, { both, a, E_NONE }, { both, b, E_NONE }, { a, op, E_DENIED },
        { op, a, E_NONE }, { op, b, E_DENIED }, { sub, both, E_NONE }, { both, sub, E_DENIED }, { a, super, E_DENIED }, { a, plain, E_NONE },
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_as(f, t[i].actor);
        CHECK_INT_AT(i, org_member_target(&f->x, t[i].target, &m), t[i].want == E_NONE);
        CHECK_INT_AT(i, said(f), t[i].want);
    }
    CHECK(rights_holders(&f->x, &all));
    REQUIRE(all.n == 6);
    const id64 order[] = { super, sub, op, a, both, b };     /* custom ones after the built-in, by the role's name */
    for (size_t i = 0; i < all.n; i++)
        CHECK_INT_AT(i, all.v[i].id.n, order[i].n);
}

/* The operator's own command and a hand-over leave no custom role behind. */
TEST_BOTH(custom_role_ends_with_another_role)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), heir = fixture_member(f, "heir", ROLE_MEMBER);
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), role = add(f, super, "係", "stats.task");
    struct handover h;
    struct member m, before;

    give(f, super, heir, role);
    give(f, super, mori, role);
    fixture_as(f, super);
    CHECK(org_member_role(&f->x, mori, ROLE_OPERATOR_ADMIN) && org_member_find(&f->x, mori, &m));
    CHECK(m.admin_role.n == 0 && m.role == ROLE_OPERATOR_ADMIN);
    CHECK(rights_handover_begin(&f->x, heir, &h));
    fixture_as(f, heir);
    CHECK(rights_handover_accept(&f->x, &h) && org_member_find(&f->x, heir, &m));
    CHECK(m.role == ROLE_SUPER_ADMIN && m.admin_role.n == 0 && reaches(m.reach, M_BASIC_CANCEL));
    fixture_as(f, heir);
    CHECK(!rights_grant(&f->x, mori, ROLE_CUSTOM, (id64){ 12345 }, true, &before, &m));
    CHECK_INT(said(f), E_INVALID_VALUE);
    CHECK_STR(sv_c(f->x.failure.field), SV("custom"));
}
