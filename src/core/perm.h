/* core/perm.h: who may reach what: roles and the console's submenus (perm.def). What has no row is refused. */
#ifndef ENGAWA_CORE_PERM_H
#define ENGAWA_CORE_PERM_H

#include "base/str.h"

/* Stored numbers: never renumber. */
enum role { ROLE_NONE = 0, ROLE_MEMBER = 1, ROLE_OPERATOR_ADMIN = 2, ROLE_SUB_ADMIN = 3, ROLE_SUPER_ADMIN = 4, ROLES };

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
#include "core/perm.def"
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
bool role_reaches(enum role r, enum menu m);              /* an unknown role or menu: false */
/* ACC-08: does the actor's set of submenus contain the target's? An admin acts on another's account only then. */
bool perm_role_above(enum role actor, enum role target);
/* ACC-07: submenus whose role is given only with the danger confirmed. */
bool menu_sensitive(enum menu m);
bool perm_gains_sensitive(enum role before, enum role after);
bool menu_find(sv id, enum menu *out);
/* The submenu that a setting's path names ("セキュリティ > アカウント管理"): false when no such menu exists yet. */
bool menu_of_path(sv path, enum menu *out);

#endif
