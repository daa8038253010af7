/* core/perm.h: who may reach what: roles and the console's submenus (perm.def). What has no row is refused. */
#ifndef ENGAWA_CORE_PERM_H
#define ENGAWA_CORE_PERM_H

#include "base/str.h"

/* Stored numbers: never renumber. */
enum role {
    ROLE_NONE = 0,
    ROLE_MEMBER = 1,
    ROLE_OPERATOR_ADMIN = 2,
    ROLE_SUB_ADMIN = 3,
    ROLE_SUPER_ADMIN = 4,
    ROLE_CUSTOM = 5,                                      /* of the company's own making (svc/org/custom_role.h); the number is no rank */
    ROLES
};

struct perm_role {
    const char *id, *ja, *en;
};
const struct perm_role *perm_role(enum role r);             /* ROLE_NONE for anything unknown */
bool perm_role_find(sv id, enum role *out);

enum menu {
    MENU_NONE,                                            /* not of the console */
    MENU_ANY,                                             /* the console as such: any admin */
#define GROUP(id, ja, en)
#define MENU(name, id, group, super, sub, op, custom, ja, en) M_##name,
#define CELL(name, bit, key, service, client, what)
#include "core/perm.def"
#undef CELL
#undef MENU
#undef GROUP
    MENU_COUNT
};

struct menu_def {
    const char *id, *group, *ja, *en, *group_ja, *group_en;
    bool super, sub, operator_admin, custom;
};
const struct menu_def *menu_def(enum menu m);             /* from MENU_ANY + 1 on */

bool role_is_admin(enum role r);

/* A set of submenus: what every question about an admin asks. {0} is nobody's; an admin's has MENU_ANY. */
#define REACH_WORDS ((MENU_COUNT + 63) / 64)
struct reach {
    uint64_t w[REACH_WORDS];
};
/* Of a role. `menus`: what a custom one was given, ids parted by blanks; those that do not exist, or are not for custom roles,
 * do not count. An unknown role: {0}. */
struct reach reach_of(enum role r, sv menus);
bool reaches(struct reach s, enum menu m);                /* an unknown menu: false */
bool reach_add(struct reach *s, sv menu);                 /* false: no submenu that a custom role may have */
/* ACC-08: does the actor's set contain the target's? An admin acts on another's account only then. */
bool reach_contains(struct reach actor, struct reach target);
/* ACC-07: submenus whose role is given only with the danger confirmed. */
bool menu_sensitive(enum menu m);
bool reach_gains_sensitive(struct reach before, struct reach after);

/* What a member may do as an admin. */
struct grant {
    enum role role;
    struct reach reach;
};
struct grant grant_of(enum role r, sv menus);             /* as reach_of() */

bool menu_find(sv id, enum menu *out);
/* The submenu that a setting's path names ("セキュリティ > アカウント管理"): false when no such menu exists yet. */
bool menu_of_path(sv path, enum menu *out);

#endif
