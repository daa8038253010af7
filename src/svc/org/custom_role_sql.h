/* svc/org/custom_role_sql.h: the statements of the company's own admin roles. */
#ifndef ENGAWA_SVC_ORG_CUSTOM_ROLE_SQL_H
#define ENGAWA_SVC_ORG_CUSTOM_ROLE_SQL_H

#include "core/schema.h"
#include "svc/org/custom_role.h"

bool custom_role_sql_list(struct ctx *x, struct custom_roles *out);
bool custom_role_sql_find(struct ctx *x, id64 id, struct custom_role *out);
/* *done false: another role has the name. */
bool custom_role_sql_add(struct ctx *x, const struct custom_role *r, sv folded, bool *done);
bool custom_role_sql_name_free(struct ctx *x, id64 but, sv folded);
bool custom_role_sql_put(struct ctx *x, const struct custom_role *r, sv folded);
bool custom_role_sql_delete(struct ctx *x, id64 id);      /* and takes it from deleted members */
bool custom_role_sql_holders(struct ctx *x, id64 id, struct list *out);   /* id64: those for whom it has its force */

#endif
