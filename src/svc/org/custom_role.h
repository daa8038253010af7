/* svc/org/custom_role.h: admin roles of the company's own making: a name and the submenus that it reaches.
 * A role that nobody holds is a draft: every admin who reaches 管理者権限 makes, changes and deletes it. What changes for a holder
 * is a grant, and so the super admin's alone: E_DENIED for others. A deleted member who can come back holds its role still.
 * Submenus are kept by id: one of a later version is off in the roles there are, one that is gone does not count. */
#ifndef ENGAWA_SVC_ORG_CUSTOM_ROLE_H
#define ENGAWA_SVC_ORG_CUSTOM_ROLE_H

#include "svc/org/org.h"

#define CUSTOM_ROLES_MAX     50
#define CUSTOM_ROLE_NAME_MAX 50

struct custom_role {
    id64 id;
    sv name, menus;                                       /* menus: as stored, see reach_of() */
    struct reach reach;
    int64_t held, held_ever;                              /* by members; and by deleted ones too */
};
struct custom_roles {
    struct custom_role *v;
    size_t n, cap;
};

bool custom_role_list(struct ctx *x, struct custom_roles *out);               /* by name */
bool custom_role_find(struct ctx *x, id64 id, struct custom_role *out);       /* or E_NOT_FOUND */
bool custom_role_editable(const struct ctx *x, const struct custom_role *r);  /* by the acting admin */

/* What a role is to be: `menus` are n ids. E_INVALID_VALUE with the field: a name that is blank or too long, no submenu, or one
 * that no custom role may have. E_NAME_TAKEN: another role has the name, a built-in one too; width, case and kana do not count.
 * E_CONFIRM: it would reach a sensitive submenu that it did not, and the danger was not confirmed. */
struct custom_role_wish {
    sv name;
    const sv *menus;
    size_t n;
    bool confirmed;
};
bool custom_role_add(struct ctx *x, const struct custom_role_wish *w, struct custom_role *out);
/* Sessions of the holders have the new reach from the reply on; their console sessions end with the old one. */
bool custom_role_put(struct ctx *x, id64 id, const struct custom_role_wish *w, struct custom_role *before, struct custom_role *after);
bool custom_role_delete(struct ctx *x, id64 id, struct custom_role *before);  /* E_ROLE_HELD with the number of holders */

#endif
