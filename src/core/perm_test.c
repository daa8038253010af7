/* core/perm_test.c: role by submenu against the golden table (spec, overview 5), sets of submenus, and what has no row. */
#include "base/test.h"
#include "core/perm.h"
#include "core/policy.h"

#include <stdio.h>
#include <string.h>

static bool built_in(int role, int menu)
{
    return reaches(reach_of((enum role)role, SV_NONE), (enum menu)menu);
}

TEST(perm_role_by_menu_is_golden)
{
    struct arena *a = arena_new(4096);
    struct str s = STR_IN(a);
    char golden[8192];
    FILE *f = fopen("test/golden/menus.txt", "r");

    PROVES("OVR-02");
    REQUIRE(f != NULL);
    size_t n = fread(golden, 1, sizeof(golden), f);
    fclose(f);
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        str_c(&s, menu_def((enum menu)m)->id);
        for (unsigned r = ROLE_NONE; r < ROLE_CUSTOM; r++)
            str_printf(&s, " %s=%s", perm_role((enum role)r)->id, built_in((int)r, (int)m) ? "yes" : "no");
        str_printf(&s, " custom=%s\n", menu_def((enum menu)m)->custom ? "yes" : "no");
    }
    CHECK_STR(str_sv(&s), sv_n(golden, n));
    arena_free(&a);
}

/* What has no row is refused: numbers below, above and between are no role and no menu. */
TEST(perm_unknown_role_or_menu_reaches_nothing)
{
    static const int roles[] = { -1, ROLE_NONE, ROLE_MEMBER, ROLES, ROLES + 1, 99, INT32_MAX, INT32_MIN };
    static const int menus[] = { -1, MENU_NONE, MENU_COUNT, MENU_COUNT + 1, 99, INT32_MAX, INT32_MIN };

    PROVES("OVR-02");
    for (size_t i = 0; i < COUNT(roles); i++) {
        CHECK_AT(i, !role_is_admin((enum role)roles[i]));
        for (int m = -1; m < MENU_COUNT + 2; m++)
            CHECK_AT(i, !built_in(roles[i], m));
    }
    for (size_t i = 0; i < COUNT(menus); i++)
        for (int r = -1; r < ROLES + 2; r++)
            CHECK_AT(i, !built_in(r, menus[i]));
    for (int r = ROLE_OPERATOR_ADMIN; r <= ROLE_CUSTOM; r++) {
        CHECK_AT(r, role_is_admin((enum role)r));
        CHECK_AT(r, built_in(r, MENU_ANY));
    }
}

TEST(perm_names_find_their_rows)
{
    enum role role;
    enum menu menu;

    for (unsigned r = ROLE_MEMBER; r < ROLES; r++) {
        CHECK_AT(r, perm_role_find(sv_c(perm_role((enum role)r)->id), &role));
        CHECK_INT_AT(r, role, r);
        CHECK_AT(r, perm_role((enum role)r)->ja[0] && perm_role((enum role)r)->en[0]);
    }
    CHECK(!perm_role_find(SV("none"), &role));
    CHECK(!perm_role_find(SV("root"), &role));
    CHECK(!perm_role_find(SV(""), &role));
    CHECK_STR(sv_c(perm_role((enum role)99)->id), SV("none"));
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        const struct menu_def *d = menu_def((enum menu)m);

        CHECK_AT(m, menu_find(sv_c(d->id), &menu));
        CHECK_INT_AT(m, menu, m);
        CHECK_AT(m, d->group_ja && d->group_ja[0] && d->group_en && d->group_en[0] && d->ja[0] && d->en[0]);
        CHECK_AT(m, d->super);                            /* nothing is out of the super admin's reach */
        CHECK_AT(m, !d->operator_admin || d->sub);        /* an operator admin reaches no more than a sub admin */
        CHECK_AT(m, !d->custom || d->sub);                /* who drafts custom roles gives them nothing it lacks */
    }
    CHECK(!menu_find(SV("any"), &menu));
    CHECK(!menu_find(SV(""), &menu));
}

/* Acting on an account needs every submenu that the account itself reaches. */
TEST(perm_nobody_acts_on_a_wider_reach)
{
    static const struct { int actor, target; bool may; } t[] = {
        { ROLE_SUPER_ADMIN, ROLE_SUPER_ADMIN, true }, { ROLE_SUPER_ADMIN, ROLE_SUB_ADMIN, true },
        { ROLE_SUPER_ADMIN, ROLE_OPERATOR_ADMIN, true }, { ROLE_SUPER_ADMIN, ROLE_MEMBER, true },
        { ROLE_SUB_ADMIN, ROLE_SUPER_ADMIN, false }, { ROLE_SUB_ADMIN, ROLE_SUB_ADMIN, true },
        { ROLE_SUB_ADMIN, ROLE_OPERATOR_ADMIN, true }, { ROLE_SUB_ADMIN, ROLE_MEMBER, true },
        { ROLE_OPERATOR_ADMIN, ROLE_SUPER_ADMIN, false }, { ROLE_OPERATOR_ADMIN, ROLE_SUB_ADMIN, false },
        { ROLE_OPERATOR_ADMIN, ROLE_OPERATOR_ADMIN, true }, { ROLE_OPERATOR_ADMIN, ROLE_MEMBER, true },
        { ROLE_MEMBER, ROLE_OPERATOR_ADMIN, false }, { ROLE_NONE, ROLE_OPERATOR_ADMIN, false }, { 99, ROLE_SUB_ADMIN, false },
    };

    PROVES("ACC-08");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, reach_contains(reach_of((enum role)t[i].actor, SV_NONE), reach_of((enum role)t[i].target, SV_NONE)), t[i].may);
}

/* A custom role reaches what it was given and what may be given: nothing of another version, nothing of the super admin's. */
TEST(perm_custom_role_reaches_what_it_was_given)
{
    struct reach s = reach_of(ROLE_CUSTOM, SV("member.member no.such audit.talk security.admins basic.cancel")), added = { 0 };
    enum menu gone;

    PROVES("ACC-06");
    for (unsigned m = 0; m < MENU_COUNT; m++)
        CHECK_INT_AT(m, reaches(s, (enum menu)m), m == MENU_ANY || m == M_MEMBER_MEMBER || m == M_AUDIT_TALK);
    CHECK(!menu_find(SV("no.such"), &gone));
    CHECK(reaches(reach_of(ROLE_CUSTOM, SV("")), MENU_ANY));   /* all it was given is gone: an admin of nothing */
    for (int r = ROLE_NONE; r < ROLES; r++)                /* a list of submenus is a custom role's alone */
        CHECK_INT_AT(r, reaches(reach_of((enum role)r, SV("monitor.drive")), M_MONITOR_DRIVE),
                     r == ROLE_CUSTOM || r == ROLE_SUB_ADMIN || r == ROLE_SUPER_ADMIN);
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        CHECK_INT_AT(m, reach_add(&added, sv_c(menu_def((enum menu)m)->id)), menu_def((enum menu)m)->custom);
    CHECK(!reaches(added, M_SECURITY_ADMINS) && !reaches(added, M_BASIC_CANCEL) && reaches(added, M_STATS_TASK));
    CHECK(!reach_add(&added, SV("")) && !reach_add(&added, SV("any")));
}

/* Of two sets neither of which contains the other nobody acts on the other. */
TEST(perm_sets_that_do_not_contain_each_other)
{
    static const struct { const char *actor, *target; bool may; } t[] = {
        { "member.member", "member.member", true }, { "member.member audit.talk", "member.member", true },
        { "member.member", "member.member audit.talk", false }, { "member.member", "audit.talk", false },
        { "audit.talk", "member.member", false }, { "basic.company stats.task", "stats.task", true },
        { "stats.task", "basic.company stats.task", false },   /* the first and the last: both words of the set */
    };
    struct reach one = reach_of(ROLE_CUSTOM, SV("stats.task")), op = reach_of(ROLE_OPERATOR_ADMIN, SV_NONE);

    PROVES("ACC-08");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, reach_contains(reach_of(ROLE_CUSTOM, sv_c(t[i].actor)), reach_of(ROLE_CUSTOM, sv_c(t[i].target))), t[i].may);
    CHECK(!reach_contains(one, op) && !reach_contains(op, one));
    CHECK(reach_contains(reach_of(ROLE_SUB_ADMIN, SV_NONE), one) && reach_contains(one, (struct reach){ 0 }));
    CHECK(!reach_contains((struct reach){ 0 }, reach_of(ROLE_CUSTOM, SV(""))));   /* a member on an admin of nothing */
    CHECK(reach_gains_sensitive(one, reach_of(ROLE_CUSTOM, SV("stats.task audit.talk"))));
    CHECK(!reach_gains_sensitive(reach_of(ROLE_CUSTOM, SV("audit.talk")), reach_of(ROLE_CUSTOM, SV("stats.task audit.talk"))));
}

TEST(perm_menu_of_a_settings_path)
{
    static const struct { const char *path, *menu; } t[] = {
        { "メンバー > メンバー", "member.member" }, { "メンバー > メンバーの招待", "member.invite" },
        { "メンバー > メンバー情報の項目管理", "member.field" }, { "メンバー > メンバー; メンバー > 組織", "member.member" },
        { "セキュリティ > アカウント管理", "security.account" }, { "セキュリティ > アカウント", NULL },
        { "監査 > 管理者画面", "audit.console" }, { "基本設定 > 会社情報", "basic.company" },
        { "監査 > 会社情報", NULL }, { "operator", NULL }, { "", NULL }, { " > ", NULL }, { "メンバー > ", NULL },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        enum menu menu = MENU_NONE, want = MENU_NONE;

        CHECK_INT_AT(i, menu_of_path(sv_c(t[i].path), &menu), t[i].menu != NULL);
        if (t[i].menu)
            CHECK_AT(i, menu_find(sv_c(t[i].menu), &want));
        CHECK_INT_AT(i, menu, want);
    }
}
