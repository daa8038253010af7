/* svc/org/unit_test.c: the tree of units and posts in it. */
#include "base/fault.h"
#include "svc/org/label.h"
#include "svc/org/unit_fixture.h"

#include <string.h>

#define DAY INT64_C(86400000)

static enum err failed(struct fixture *f)
{
    enum err e = f->x.failure.code;

    fixture_call(f);
    return e;
}

static bool move(struct fixture *f, id64 id, id64 parent, id64 before)
{
    struct id_list changed = {0};

    fixture_call(f);
    return unit_move(&f->x, id, parent, before, &changed);
}

static bool put(struct fixture *f, id64 unit, id64 member)
{
    struct id_list changed = {0};

    fixture_call(f);
    return unit_member_put(&f->x, unit, member, false, ID_NONE, &changed);
}

TEST_BOTH(unit_record)
{
    PROVES("MEM-16");
    static const struct { const char *name, *code; const char *field; } bad[] = {
        { "", "a", "name" },   { "  ", "a", "name" },   { "　", "a", "name" }, { "a", "", "code" },
        { "a", "a b", "code" }, { "a", "a:b", "code" },  { "a", "営業", "code" },
        { "a", "12345678901234567890123456789012345678901", "code" },
    };
    struct unit u = {.name = SV(" 営業部 "), .code = SV("SALES-1"), .description = SV("売る")}, got, twin;

    CHECK(unit_add(&f->x, &u));
    REQUIRE(unit_find(&f->x, u.id, &got));
    CHECK_STR(got.name, SV("営業部"));
    CHECK_STR(got.code, SV("SALES-1"));
    CHECK_STR(got.description, SV("売る"));
    CHECK_INT(got.parent.n, 0);
    CHECK_INT(got.members, 0);
    CHECK(got.public && got.notify && !got.delegation);
    CHECK_INT(got.functions, UNIT_FUNCTIONS);
    twin = (struct unit){.name = SV("別"), .code = SV("SALES-1"), .description = SV("")};
    CHECK(!unit_add(&f->x, &twin));
    CHECK_INT(failed(f), E_CODE_TAKEN);
    twin.parent = (id64){12345};
    twin.code = SV("S2");
    CHECK(!unit_add(&f->x, &twin));
    CHECK_INT(failed(f), E_NOT_FOUND);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct unit b = {.name = sv_c(bad[i].name), .code = sv_c(bad[i].code), .description = SV("")};

        CHECK_AT(i, !unit_add(&f->x, &b));
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(bad[i].field));
        CHECK_INT_AT(i, failed(f), E_INVALID_VALUE);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit"), 1);
}

TEST_BOTH(unit_defaults_are_the_settings)
{
    struct unit got;

    fixture_setting(f, "orgunit.public", "false");
    fixture_setting(f, "orgunit.room.functions", "talk|task");
    fixture_setting(f, "orgunit.leader_delegation", "true");
    fixture_setting(f, "orgunit.notify_members", "false");
    REQUIRE(unit_find(&f->x, unit_new(f, "a", ID_NONE), &got));
    CHECK(!got.public && got.delegation && !got.notify);
    CHECK_INT(got.functions, UNIT_TALK | UNIT_TASK);
    CHECK_INT(unit_functions(&got), UNIT_TALK | UNIT_TASK);
    got.functions = UNIT_NOTE | UNIT_TASK;                /* kept, but without talk not in force */
    CHECK_INT(unit_functions(&got), 0);
    fixture_setting(f, "orgunit.room.functions", "{}");
    REQUIRE(unit_find(&f->x, unit_new(f, "b", ID_NONE), &got));
    CHECK_INT(got.functions, 0);
}

TEST_BOTH(unit_edit_and_its_leader)
{
    PROVES("MEM-21");
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), a = unit_new(f, "a", ID_NONE), b = unit_new(f, "b", ID_NONE);
    struct unit u, got;

    REQUIRE(unit_find(&f->x, a, &u));
    u.leader = m;
    CHECK(!unit_edit(&f->x, &u));
    CHECK_STR(sv_c(f->x.failure.field), SV("leader"));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    CHECK(put(f, b, m) && !unit_edit(&f->x, &u));         /* of another unit is not of this one */
    CHECK_INT(failed(f), E_INVALID_VALUE);
    CHECK(put(f, a, m));
    u.name = SV("新しい名前");
    u.code = SV("a2");
    u.description = SV("説明");
    u.public = false;
    u.functions = UNIT_TALK;
    u.delegation = true;
    u.notify = false;
    CHECK(unit_edit(&f->x, &u));
    REQUIRE(unit_find(&f->x, a, &got));
    CHECK_STR(got.name, u.name);
    CHECK_STR(got.code, u.code);
    CHECK_STR(got.description, u.description);
    CHECK(!got.public && got.delegation && !got.notify);
    CHECK_INT(got.functions, UNIT_TALK);
    CHECK_INT(got.leader.n, m.n);
    u.code = SV("b");
    CHECK(!unit_edit(&f->x, &u));
    CHECK_INT(failed(f), E_CODE_TAKEN);
    struct id_list changed = {0};
    CHECK(unit_member_remove(&f->x, a, m, &changed) && unit_find(&f->x, a, &got));
    CHECK_INT(got.leader.n, 0);                           /* who leaves leads no more */
}

/* A name of blanks alone, and a code of which the store does not say whether it is free. */
TEST_BOTH(unit_edit_of_what_cannot_be)
{
    id64 a = unit_new(f, "a", ID_NONE);
    struct unit u;

    REQUIRE(unit_find(&f->x, a, &u));
    u.name = SV("\u3000\u2003");
    CHECK(!unit_edit(&f->x, &u));
    CHECK_STR(sv_c(f->x.failure.field), SV("name"));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    u.name = SV("\u3000経理\u3000");
    for (int64_t n = 1; n <= 2; n++) {                    /* the unit, and whether another has the code */
        fault_set("store.read", n, FAULT_FAIL);
        CHECK_AT(n, !unit_edit(&f->x, &u));
        fault_clear();
        enum err e = failed(f);
        CHECK_AT(n, e != E_NONE && e != E_NOT_FOUND && e != E_CODE_TAKEN);
    }
    CHECK(unit_edit(&f->x, &u));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit WHERE name = '経理'"), 1);
}

TEST_BOTH(unit_functions_of_the_leader)
{
    PROVES("MEM-18");
    id64 lead = fixture_member(f, "lead", ROLE_MEMBER), other = fixture_member(f, "other", ROLE_SUPER_ADMIN);
    id64 a = unit_new(f, "a", ID_NONE), b = unit_new(f, "b", ID_NONE);
    struct unit u, got;

    CHECK(put(f, a, lead) && put(f, b, lead) && unit_find(&f->x, a, &u));
    u.leader = lead;
    CHECK(unit_edit(&f->x, &u));
    fixture_as(f, lead);
    CHECK(!unit_functions_by_leader(&f->x, a, UNIT_TALK));
    CHECK_INT(failed(f), E_DENIED);
    u.delegation = true;
    CHECK(unit_edit(&f->x, &u));
    CHECK(unit_functions_by_leader(&f->x, a, UNIT_TALK) && unit_find(&f->x, a, &got));
    CHECK_INT(got.functions, UNIT_TALK);
    CHECK(!unit_functions_by_leader(&f->x, b, UNIT_TALK));
    CHECK_INT(failed(f), E_DENIED);
    fixture_as(f, other);
    CHECK(!unit_functions_by_leader(&f->x, a, UNIT_FUNCTIONS));
    CHECK_INT(failed(f), E_DENIED);
    REQUIRE(unit_find(&f->x, a, &got));
    CHECK_INT(got.functions, UNIT_TALK);
}

TEST_BOTH(unit_search_finds_names_codes_and_members)
{
    PROVES("MEM-20");
    id64 m = fixture_member(f, "森下", ROLE_MEMBER), a = unit_new(f, "A-1", ID_NONE), b = unit_new(f, "B-1", a), c = unit_new(f, "C-1", ID_NONE);
    static const struct { const char *q; size_t n; } t[] = {
        { "a-1", 1 }, { "Ａ", 1 }, { "-1", 3 }, { "森", 2 }, { "森下", 2 }, { "森田", 0 }, { "%", 0 }, { "_", 0 },
    };

    CHECK(put(f, a, m) && put(f, c, m));
    for (size_t i = 0; i < COUNT(t); i++) {
        struct units hits = {0};

        CHECK_AT(i, unit_search(&f->x, sv_c(t[i].q), &hits));
        CHECK_INT_AT(i, hits.n, t[i].n);
        CHECK_AT(i, t[i].n != 2 || (unit_in(&hits, a) && unit_in(&hits, c) && !unit_in(&hits, b)));
    }
}

/* An unpublished unit is found by its people and nobody else; what stands below it comes up to what may be seen. */
TEST_BOTH(unit_published_or_not)
{
    PROVES("MEM-16");
    id64 in = fixture_member(f, "in", ROLE_MEMBER), out = fixture_member(f, "out", ROLE_MEMBER);
    id64 top = unit_new(f, "top", ID_NONE), mid = unit_new(f, "mid", top), low = unit_new(f, "low", mid);
    struct unit u;

    CHECK(put(f, low, in) && unit_find(&f->x, mid, &u));
    u.public = false;
    CHECK(unit_edit(&f->x, &u));
    static const char *const q[] = { "", "mid", "MI", "i" };
    for (int who = 0; who < 2; who++)
        for (size_t i = 0; i < COUNT(q); i++) {
            struct units all = {0};

            fixture_as(f, who ? in : out);
            CHECK_AT(i, unit_visible_list(&f->x, sv_c(q[i]), &all));
            CHECK_INT_AT(i, unit_in(&all, mid) != NULL, who);
            if (i)
                continue;
            REQUIRE(unit_in(&all, low));
            CHECK_INT(unit_in(&all, low)->parent.n, who ? mid.n : top.n);
        }
    fixture_as(f, out);
    CHECK(!unit_visible(&f->x, mid));
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(unit_visible(&f->x, low));
    fixture_as(f, in);
    CHECK(unit_visible(&f->x, mid));
}

/* Where the address book does not show units there is no list of them, and a unit is its own people's matter. */
TEST_BOTH(unit_not_in_the_address_book)
{
    PROVES("MEM-06");
    id64 in = fixture_member(f, "in", ROLE_MEMBER), out = fixture_member(f, "out", ROLE_MEMBER);
    id64 top = unit_new(f, "top", ID_NONE), low = unit_new(f, "low", top);
    struct units all = {0};

    CHECK(put(f, low, in));
    for (int shown = 1; shown >= 0; shown--) {
        fixture_setting(f, "member.field.visible", shown ? "name|unit" : "name|title");
        for (int who = 0; who < 2; who++) {
            all.n = 0;
            fixture_as(f, who ? in : out);
            CHECK_AT(who, unit_visible_list(&f->x, SV(""), &all));
            CHECK_INT_AT(who, all.n, shown ? 2 : 0);
            CHECK_AT(who, unit_visible(&f->x, top) == (shown || who));
            failure_clear(&f->x.failure);
        }
    }
}

TEST_BOTH(unit_move_cycle_depth_order)
{
    PROVES("MEM-22");
    id64 a = unit_new(f, "a", ID_NONE), b = unit_new(f, "b", a), c = unit_new(f, "c", b), d = unit_new(f, "d", ID_NONE), last = d;
    struct units all = {0};

    static const struct { int id, parent; } cycles[] = { { 0, 0 }, { 0, 1 }, { 0, 2 }, { 1, 2 } };
    const id64 ids[] = { a, b, c };
    for (size_t i = 0; i < COUNT(cycles); i++) {
        CHECK_AT(i, !move(f, ids[cycles[i].id], ids[cycles[i].parent], ID_NONE));
        CHECK_INT_AT(i, failed(f), E_UNIT_CYCLE);
    }
    CHECK(!move(f, a, (id64){99}, ID_NONE));
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(!move(f, d, a, a));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    for (int depth = 2; depth <= UNIT_DEPTH_MAX - 3; depth++)
        last = unit_new(f, sv_printf(f->a, "d%d", depth).p, last);
    CHECK(move(f, a, last, ID_NONE));                     /* a, b, c fill the last three levels */
    CHECK(unit_list(&f->x, &all));
    CHECK_INT(unit_depth(&all, c), UNIT_DEPTH_MAX);
    struct unit deep = {.name = SV("x"), .code = SV("x"), .description = SV(""), .parent = c};
    CHECK(!unit_add(&f->x, &deep));
    CHECK_INT(failed(f), E_UNIT_DEPTH);
    id64 e = unit_new(f, "e", ID_NONE);
    CHECK(!move(f, e, c, ID_NONE));
    CHECK_INT(failed(f), E_UNIT_DEPTH);
    CHECK(!move(f, d, e, ID_NONE));                       /* ten levels below another one */
    CHECK_INT(failed(f), E_UNIT_DEPTH);
    CHECK(move(f, a, ID_NONE, d));                        /* before d, and so first */
    ROWS r = db_query(f->d, "SELECT code FROM unit WHERE parent = 0 ORDER BY place, id");
    static const char *const order[] = { "a", "d", "e" };
    for (size_t i = 0; i < COUNT(order); i++) {
        CHECK_AT(i, rows_next(&r));
        CHECK_STR_AT(i, row_text(&r, 0), sv_c(order[i]));
    }
}

/* p is in the moved unit alone, q in the old parent too, r in the new one too. */
TEST_BOTH(unit_move_plan_names_whose_rooms_change)
{
    PROVES("MEM-22");
    id64 p = fixture_member(f, "p", ROLE_MEMBER), q = fixture_member(f, "q", ROLE_MEMBER), r = fixture_member(f, "r", ROLE_MEMBER);
    id64 top = unit_new(f, "top", ID_NONE), from = unit_new(f, "from", top), to = unit_new(f, "to", top), x = unit_new(f, "x", from), y = unit_new(f, "y", x);
    struct unit_move_plan plan = {0};
    struct id_list changed = {0}, before = {0}, after = {0};

    CHECK(put(f, y, p) && put(f, x, q) && put(f, from, q) && put(f, x, r) && put(f, to, r));
    CHECK(unit_move_plan(&f->x, x, to, &plan));
    REQUIRE(plan.leaves.n == 1 && plan.joins.n == 1 && plan.movers.n == 3);
    CHECK_INT(plan.leaves.v[0].id.n, from.n);
    CHECK_INT(plan.joins.v[0].id.n, to.n);
    for (size_t i = 0; i < 3; i++) {
        const struct unit_mover *m = &plan.movers.v[i];

        CHECK_INT_AT(i, m->leaves, m->member.n != q.n);
        CHECK_INT_AT(i, m->joins, m->member.n != r.n);
    }
    CHECK(unit_room_people(&f->x, from, &before));
    CHECK_INT(before.n, 3);
    CHECK(unit_move(&f->x, x, to, ID_NONE, &changed));
    CHECK(changed.n == 2 && id_list_has(&changed, from) && id_list_has(&changed, to));   /* the top keeps its people */
    CHECK(unit_room_people(&f->x, from, &after));
    CHECK(after.n == 1 && id_list_has(&after, q));
    struct unit_move_plan none = {0};
    CHECK(unit_move_plan(&f->x, x, to, &none));           /* it stands there already */
    CHECK_INT(none.movers.n, 0);
    CHECK(!unit_move_plan(&f->x, x, y, &none));
    CHECK_INT(failed(f), E_UNIT_CYCLE);
}

TEST_BOTH(unit_delete_and_restore)
{
    PROVES("MEM-23");
    PROVES("MEM-24");
    id64 m = fixture_member(f, "m", ROLE_MEMBER), a = unit_new(f, "a", ID_NONE), b = unit_new(f, "b", a), c = unit_new(f, "c", b);
    struct units gone = {0}, back = {0}, list = {0};
    struct id_list changed = {0};
    struct unit u;

    CHECK(put(f, c, m));
    CHECK(!unit_delete(&f->x, a, &gone));
    CHECK_INT(f->x.failure.count, 1);
    CHECK_INT(failed(f), E_UNIT_HAS_MEMBERS);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit WHERE deleted_ms > 0"), 0);
    CHECK(unit_member_remove(&f->x, c, m, &changed));
    CHECK(unit_delete(&f->x, a, &gone));
    CHECK_INT(gone.n, 3);
    CHECK(!unit_find(&f->x, b, &u));
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(unit_gone_list(&f->x, &list));
    CHECK_INT(list.n, 3);
    for (size_t i = 0; i < list.n; i++)
        CHECK_INT_AT(i, list.v[i].code.n, 1);             /* as it was, without the mark */

    id64 taker = unit_new(f, "b", ID_NONE);                    /* the code was free at once */
    fixture_begin(f);
    CHECK(!unit_restore(&f->x, a, &back));
    CHECK_INT(f->x.failure.code, E_CODE_TAKEN);
    fixture_rollback(f);
    REQUIRE(unit_find(&f->x, taker, &u));
    u.code = SV("b2");
    CHECK(unit_edit(&f->x, &u));
    fixture_begin(f);
    back.n = 0;
    CHECK(unit_restore(&f->x, b, &back));                 /* its parent is gone: to the top, with what is below it */
    CHECK_INT(back.n, 2);
    REQUIRE(unit_find(&f->x, b, &u));
    CHECK_INT(u.parent.n, 0);
    CHECK_STR(u.code, SV("b"));
    REQUIRE(unit_find(&f->x, c, &u));
    CHECK_INT(u.parent.n, b.n);
    fixture_rollback(f);

    f->x.now_ms += 29 * DAY;
    back.n = 0;
    CHECK(unit_restore(&f->x, a, &back));
    CHECK_INT(back.n, 3);
    gone.n = 0;
    CHECK(unit_delete(&f->x, a, &gone));
    f->x.now_ms += 30 * DAY;
    CHECK(unit_gone_find(&f->x, a, &u));                  /* to the last millisecond */
    list.n = 0;
    CHECK(unit_expired(&f->x, &list));
    CHECK_INT(list.n, 0);
    f->x.now_ms += 1;
    CHECK(!unit_gone_find(&f->x, a, &u));
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(!unit_restore(&f->x, a, &back));                /* although no chore has run */
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(unit_gone_list(&f->x, &list));
    CHECK_INT(list.n, 0);
    CHECK(unit_expired(&f->x, &list));
    CHECK_INT(list.n, 3);
    for (size_t i = 0; i < list.n; i++)
        CHECK_AT(i, unit_erase(&f->x, list.v[i].id));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit"), 1);
    CHECK(unit_erase(&f->x, taker));                      /* one that is not deleted stays */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit"), 1);
}

static size_t mains(struct fixture *f, id64 m)
{
    return (size_t)FIXTURE_INT(f, "SELECT COUNT(*) FROM unit_member WHERE member = $1 AND main = 1", ID(m));
}

TEST_BOTH(unit_posts_of_a_member)
{
    PROVES("MEM-39");
    PROVES("MEM-02");
    id64 m = fixture_member(f, "m", ROLE_MEMBER), title, grade, top = unit_new(f, "top", ID_NONE), a = unit_new(f, "a", top), b = unit_new(f, "b", ID_NONE);
    struct unit_posts got = {0};
    struct id_list changed = {0};

    CHECK(label_add(&f->x, LABEL_TITLE, SV("店長"), &title) && label_add(&f->x, LABEL_GRADE, SV("1級"), &grade));
    struct unit_post both[] = {{.unit = a, .title = title}, {.unit = b, .main = true}};
    CHECK(unit_posts_set(&f->x, m, both, 2, &changed));
    CHECK(changed.n == 3 && id_list_has(&changed, top) && id_list_has(&changed, a) && id_list_has(&changed, b));
    CHECK(unit_posts(&f->x, m, &got));
    REQUIRE(got.n == 2);
    CHECK(got.v[0].unit.n == b.n && got.v[0].main && !got.v[1].main);
    CHECK_STR(got.v[1].title_name, SV("店長"));
    changed.n = 0;
    CHECK(unit_posts_set(&f->x, m, both, 1, &changed));   /* without a main one the first is it */
    CHECK(changed.n == 1 && id_list_has(&changed, b));
    CHECK_INT(mains(f, m), 1);

    static const struct { int n; enum err want; } t[] = { { 2, E_INVALID_VALUE }, { 3, E_INVALID_VALUE } };
    struct unit_post bad[] = {{.unit = a, .main = true}, {.unit = b, .main = true}, {.unit = a}};
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_AT(i, !unit_posts_set(&f->x, m, bad, (size_t)t[i].n, &changed));
        CHECK_INT_AT(i, failed(f), t[i].want);
    }
    struct unit_post alien[] = {{.unit = {4711}}, {.unit = b, .title = {4711}}, {.unit = b, .title = grade}};
    for (size_t i = 0; i < COUNT(alien); i++) {
        CHECK_AT(i, !unit_posts_set(&f->x, m, &alien[i], 1, &changed));
        CHECK_INT_AT(i, failed(f), E_NOT_FOUND);
    }
    CHECK(!unit_posts_set(&f->x, (id64){4711}, both, 1, &changed));
    CHECK_INT(failed(f), E_NOT_FOUND);
    got.n = 0;
    CHECK(unit_posts(&f->x, m, &got));
    CHECK_INT(got.n, 1);                                  /* nothing of it stayed */

    CHECK(put(f, b, m));
    CHECK(put(f, a, m));                                  /* again: stays the main one */
    CHECK_INT(mains(f, m), 1);
    CHECK(unit_member_put(&f->x, b, m, true, title, &changed));
    CHECK_INT(mains(f, m), 1);
    CHECK(unit_member_remove(&f->x, b, m, &changed));     /* the main one goes: another takes its place */
    CHECK_INT(mains(f, m), 1);
    CHECK(!unit_member_remove(&f->x, b, m, &changed));
    CHECK_INT(failed(f), E_NOT_FOUND);
    CHECK(org_member_delete(&f->x, m));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit_member"), 0);
}

TEST_BOTH(unit_members_page_by_page)
{
    id64 a = unit_new(f, "a", ID_NONE), b = unit_new(f, "b", a), after = ID_NONE;
    struct id_list people = {0};
    size_t n = 0;
    bool more = true;

    for (int i = 0; i < 7; i++)
        CHECK_AT(i, put(f, i < 6 ? a : b, fixture_member(f, sv_printf(f->a, "m%d", i).p, ROLE_MEMBER)));
    while (more && n < 10) {
        struct unit_people page = {0};

        CHECK(unit_members(&f->x, a, after, 4, &page, &more));
        for (size_t i = 0; i < page.n; i++, n++)
            CHECK_STR_AT(n, page.v[i].m.login, sv_printf(f->a, "m%zu", n));
        after = page.n ? page.v[page.n - 1].m.id : ID_NONE;
    }
    CHECK_INT(n, 6);
    CHECK(unit_room_people(&f->x, a, &people));
    CHECK_INT(people.n, 7);                               /* those below are in the room too */
}
