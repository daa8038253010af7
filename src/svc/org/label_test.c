/* svc/org/label_test.c: three ordered lists, who holds what, and what cannot be deleted. */
#include "base/fault.h"
#include "core/core_test.h"
#include "svc/org/label.h"
#include "svc/org/unit.h"

static enum err failed(struct fixture *f)
{
    enum err e = f->x.failure.code;

    fixture_call(f);
    return e;
}

static id64 add(struct fixture *f, enum label_kind k, const char *name)
{
    id64 id;

    CHECK(label_add(&f->x, k, sv_c(name), &id));
    return id;
}

static void check_order(struct fixture *f, enum label_kind k, const char *want)
{
    struct labels all = {0};
    struct str got = STR_IN(f->a);

    CHECK(label_list(&f->x, &all));
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].kind == k)
            str_put(&got, all.v[i].name);
    CHECK_STR(str_sv(&got), sv_c(want));
}

TEST_BOTH(label_names)
{
    id64 id, a = add(f, LABEL_TITLE, " 店長 ");
    struct label l;

    REQUIRE(label_find(&f->x, a, &l));
    CHECK_STR(l.name, SV("店長"));
    CHECK_INT(l.kind, LABEL_TITLE);
    CHECK(!label_add(&f->x, LABEL_TITLE, SV("店長"), &id));
    CHECK_INT(failed(f), E_NAME_TAKEN);
    add(f, LABEL_GRADE, "店長");                          /* another list */
    CHECK(!label_add(&f->x, LABEL_TITLE, SV("　 "), &id));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    id64 b = add(f, LABEL_TITLE, "部長");
    CHECK(!label_rename(&f->x, b, SV("店長")));
    CHECK_INT(failed(f), E_NAME_TAKEN);
    CHECK(label_rename(&f->x, b, SV("部長")) && label_rename(&f->x, b, SV("本部長")));
    check_order(f, LABEL_TITLE, "店長本部長");
    CHECK(!label_rename(&f->x, (id64){5}, SV("x")));
    CHECK_INT(failed(f), E_NOT_FOUND);
}

TEST_BOTH(label_name_of_blanks_alone_or_unread)
{
    id64 id, a = add(f, LABEL_TITLE, "店長");

    CHECK(!label_add(&f->x, LABEL_TITLE, SV("\u3000"), &id));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    CHECK(!label_rename(&f->x, a, SV(" \u2003\u2800")));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    for (int64_t n = 1; n <= 2; n++) {                    /* the label, and whether another has the name */
        fault_set("store.read", n, FAULT_FAIL);
        CHECK_AT(n, !label_rename(&f->x, a, SV("副店長")));
        fault_clear();
        enum err e = failed(f);
        CHECK_AT(n, e != E_NONE && e != E_NOT_FOUND && e != E_NAME_TAKEN);
    }
    CHECK(label_rename(&f->x, a, SV("\u3000副店長\u3000")));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM label WHERE name = '副店長'"), 1);
}

TEST_BOTH(label_order)
{
    id64 a = add(f, LABEL_GRADE, "a"), b = add(f, LABEL_GRADE, "b"), c = add(f, LABEL_GRADE, "c");
    id64 other = add(f, LABEL_TITLE, "t");

    CHECK(label_move(&f->x, c, a));
    check_order(f, LABEL_GRADE, "cab");
    CHECK(label_move(&f->x, c, b));
    check_order(f, LABEL_GRADE, "acb");
    CHECK(label_move(&f->x, a, ID_NONE));
    check_order(f, LABEL_GRADE, "cba");
    CHECK(!label_move(&f->x, a, a));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    CHECK(!label_move(&f->x, a, other));
    CHECK_INT(failed(f), E_INVALID_VALUE);
    check_order(f, LABEL_GRADE, "cba");
}

TEST_BOTH(label_in_use_stays)
{
    PROVES("MEM-32");
    PROVES("MEM-33");
    PROVES("MEM-34");
    id64 m = fixture_member(f, "m", ROLE_MEMBER), n = fixture_member(f, "n", ROLE_MEMBER);
    id64 title = add(f, LABEL_TITLE, "店長"), grade = add(f, LABEL_GRADE, "1級"), type = add(f, LABEL_PERMTYPE, "正社員");
    const id64 all[] = {title, grade, type};
    struct unit u = {.name = SV("a"), .code = SV("a"), .description = SV("")}, v = {.name = SV("b"), .code = SV("b"), .description = SV("")};
    struct id_list changed = {0};
    struct label of;

    CHECK(unit_add(&f->x, &u) && unit_add(&f->x, &v));
    CHECK(unit_member_put(&f->x, u.id, m, true, title, &changed) && unit_member_put(&f->x, v.id, m, false, title, &changed));
    CHECK(db_exec(f->d, "UPDATE member SET grade = $1, permtype = $2 WHERE id = $3", ID(grade), ID(type), ID(m)));
    CHECK(label_of(&f->x, m, LABEL_GRADE, &of) && sv_equal(of.name, SV("1級")));
    CHECK(label_of(&f->x, m, LABEL_PERMTYPE, &of) && sv_equal(of.name, SV("正社員")));
    CHECK(label_of(&f->x, n, LABEL_GRADE, &of) && of.id.n == 0 && of.name.n == 0);
    struct labels list = {0};
    CHECK(label_list(&f->x, &list));
    for (size_t i = 0; i < COUNT(all); i++) {
        struct members holders = {0};
        bool more;

        CHECK_INT_AT(i, list.v[i].holders, 1);            /* twice by title is one member */
        CHECK_AT(i, !label_delete(&f->x, all[i]));
        CHECK_INT_AT(i, f->x.failure.count, 1);
        CHECK_INT_AT(i, failed(f), E_LABEL_IN_USE);
        CHECK_AT(i, label_holders(&f->x, all[i], ID_NONE, 10, &holders, &more));
        CHECK_INT_AT(i, holders.n, 1);
        CHECK_AT(i, holders.n && holders.v[0].id.n == m.n && !more);
    }
    CHECK(unit_member_put(&f->x, u.id, m, true, ID_NONE, &changed) && unit_member_put(&f->x, v.id, m, false, ID_NONE, &changed));
    CHECK(db_exec(f->d, "UPDATE member SET grade = 0, permtype = 0"));
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK_AT(i, label_delete(&f->x, all[i]));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM label"), 0);
    CHECK(label_check(&f->x, LABEL_TITLE, ID_NONE));
    CHECK(!label_check(&f->x, LABEL_TITLE, title));
    CHECK_INT(failed(f), E_NOT_FOUND);
}

TEST_BOTH(label_use_is_a_setting)
{
    CHECK(label_used(&f->x, LABEL_TITLE) && !label_used(&f->x, LABEL_GRADE) && !label_used(&f->x, LABEL_PERMTYPE));
    fixture_setting(f, "member.title.enabled", "false");
    fixture_setting(f, "member.grade.enabled", "true");
    fixture_setting(f, "member.permtype.enabled", "true");
    CHECK(!label_used(&f->x, LABEL_TITLE) && label_used(&f->x, LABEL_GRADE) && label_used(&f->x, LABEL_PERMTYPE));
    for (unsigned k = LABEL_TITLE; k < LABEL_KINDS; k++) {
        enum label_kind back = LABEL_NONE;

        CHECK_AT(k, label_kind_find(sv_c(label_kind_name((enum label_kind)k)), &back) && back == (enum label_kind)k);
    }
}
