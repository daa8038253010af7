/* core/perm.c: the tables of roles and submenus and the two questions asked of them. */
#include "core/perm.h"

static const struct perm_role roles[ROLES] = {
    [ROLE_NONE] = {"none", "なし", "None"},
    [ROLE_MEMBER] = {"member", "メンバー", "Member"},
    [ROLE_OPERATOR_ADMIN] = {"operator", "運用担当者", "Operator admin"},
    [ROLE_SUB_ADMIN] = {"sub", "副管理者", "Sub admin"},
    [ROLE_SUPER_ADMIN] = {"super", "最高管理者", "Super admin"},
    [ROLE_CUSTOM] = {"custom", "独自の権限", "Custom role"},
};

static const struct {
    const char *id, *ja, *en;
} groups[] = {
#define GROUP(id, ja, en) {id, ja, en},
#define MENU(name, id, group, super, sub, op, custom, ja, en)
#define CELL(name, bit, key, service, client, what)
#include "core/perm.def"
#undef CELL
#undef MENU
#undef GROUP
};

static struct menu_def menus[MENU_COUNT] = {
#define GROUP(id, ja, en)
#define MENU(name, id, group, super, sub, op, custom, ja, en) \
    [M_##name] = {id, group, ja, en, NULL, NULL, super, sub, op, custom},
#define CELL(name, bit, key, service, client, what)
#include "core/perm.def"
#undef CELL
#undef MENU
#undef GROUP
};

const struct perm_role *perm_role(enum role r)
{
    return (unsigned)r < ROLES ? &roles[r] : &roles[ROLE_NONE];
}

bool perm_role_find(sv id, enum role *out)
{
    for (unsigned r = ROLE_MEMBER; r < ROLES; r++)
        if (sv_equal(id, sv_c(roles[r].id))) {
            *out = (enum role)r;
            return true;
        }
    return false;
}

__attribute__((constructor)) static void fill_groups(void)
{
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        for (size_t g = 0; g < COUNT(groups); g++)
            if (sv_equal(sv_c(menus[m].group), sv_c(groups[g].id))) {
                menus[m].group_ja = groups[g].ja;
                menus[m].group_en = groups[g].en;
            }
}

const struct menu_def *menu_def(enum menu m)
{
    ENSURE(m > MENU_ANY && m < MENU_COUNT);
    return &menus[m];
}

bool role_is_admin(enum role r)
{
    return r == ROLE_OPERATOR_ADMIN || r == ROLE_SUB_ADMIN || r == ROLE_SUPER_ADMIN || r == ROLE_CUSTOM;
}

static bool built_in_reaches(enum role r, enum menu m)
{
    switch (r) {
    case ROLE_SUPER_ADMIN:
        return menus[m].super;
    case ROLE_SUB_ADMIN:
        return menus[m].sub;
    case ROLE_OPERATOR_ADMIN:
        return menus[m].operator_admin;
    default:
        return false;
    }
}

static void put(struct reach *s, enum menu m)
{
    s->w[m / 64] |= UINT64_C(1) << (m % 64);
}

bool reach_add(struct reach *s, sv menu)
{
    enum menu m;

    if (!menu_find(menu, &m) || !menus[m].custom)
        return false;
    put(s, m);
    return true;
}

struct reach reach_of(enum role r, sv ids)
{
    struct reach s = {0};
    sv id;

    if (!role_is_admin(r))
        return s;
    put(&s, MENU_ANY);
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (built_in_reaches(r, (enum menu)m))
            put(&s, (enum menu)m);
    while (r == ROLE_CUSTOM && sv_cut(&ids, ' ', &id))
        reach_add(&s, id);
    return s;
}

struct grant grant_of(enum role r, sv ids)
{
    return (struct grant){r, reach_of(r, ids)};
}

bool reaches(struct reach s, enum menu m)
{
    return (unsigned)m < MENU_COUNT && m != MENU_NONE && (s.w[m / 64] >> (m % 64) & 1) != 0;
}

bool reach_contains(struct reach actor, struct reach target)
{
    for (size_t i = 0; i < REACH_WORDS; i++)
        if (target.w[i] & ~actor.w[i])
            return false;
    return true;
}

bool menu_sensitive(enum menu m)
{
    static const enum menu sensitive[] = {
        M_BASIC_COMPANY, M_MEMBER_MEMBER, M_MEMBER_INVITE, M_MEMBER_UNIT, M_MEMBER_GROUP, M_MEMBER_LABEL, M_MEMBER_FIELD,
        M_SERVICE_TALK, M_SERVICE_OUTSIDE, M_SERVICE_ADDRESS, M_SERVICE_CUSTOMER, M_SECURITY_ACCOUNT, M_SECURITY_MOBILE,
        M_SECURITY_NETWORK, M_SECURITY_FILE, M_SECURITY_SERVICE, M_SECURITY_OUTSIDE, M_AUDIT_TALK, M_AUDIT_DOWNLOAD,
        M_MONITOR_TALK, M_MONITOR_DRIVE,
    };

    for (size_t i = 0; i < COUNT(sensitive); i++)
        if (sensitive[i] == m)
            return true;
    return false;
}

bool reach_gains_sensitive(struct reach before, struct reach after)
{
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (menu_sensitive((enum menu)m) && reaches(after, (enum menu)m) && !reaches(before, (enum menu)m))
            return true;
    return false;
}

bool menu_find(sv id, enum menu *out)
{
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (sv_equal(id, sv_c(menus[m].id))) {
            *out = (enum menu)m;
            return true;
        }
    return false;
}

/* "メンバー" names itself, in "メンバー; …" and "メンバー > …" too, but not "メンバーの招待". */
static bool begins_with_label(sv rest, sv label)
{
    sv after = sv_from(rest, label.n);

    return sv_starts(rest, label) && (after.n == 0 || sv_starts(after, SV("; ")) || sv_starts(after, SV(" > ")));
}

bool menu_of_path(sv path, enum menu *out)
{
    size_t at;

    if (!sv_find(path, SV(" > "), &at))
        return false;
    sv group = sv_upto(path, at), rest = sv_from(path, at + 3);
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (sv_equal(group, sv_c(menus[m].group_ja)) && begins_with_label(rest, sv_c(menus[m].ja))) {
            *out = (enum menu)m;
            return true;
        }
    return false;
}
