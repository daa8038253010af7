/* core/perm_test.c: role by submenu against the golden table (spec, overview 5), and what has no row. */
#include "base/test.h"
#include "core/perm.h"
#include "core/policy.h"

#include <stdio.h>
#include <string.h>

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
        for (unsigned r = ROLE_NONE; r < ROLES; r++)
            str_printf(&s, " %s=%s", perm_role((enum role)r)->id, role_reaches((enum role)r, (enum menu)m) ? "yes" : "no");
        str_char(&s, '\n');
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
            CHECK_AT(i, !role_reaches((enum role)roles[i], (enum menu)m));
    }
    for (size_t i = 0; i < COUNT(menus); i++)
        for (int r = -1; r < ROLES + 2; r++)
            CHECK_AT(i, !role_reaches((enum role)r, (enum menu)menus[i]));
    for (int r = ROLE_OPERATOR_ADMIN; r <= ROLE_SUPER_ADMIN; r++) {
        CHECK_AT(r, role_is_admin((enum role)r));
        CHECK_AT(r, role_reaches((enum role)r, MENU_ANY));
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
        CHECK_INT_AT(i, perm_role_above((enum role)t[i].actor, (enum role)t[i].target), t[i].may);
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
