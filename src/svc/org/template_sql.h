/* svc/org/template_sql.h: permission templates in the store. */
#ifndef ENGAWA_SVC_ORG_TEMPLATE_SQL_H
#define ENGAWA_SVC_ORG_TEMPLATE_SQL_H

#include "svc/org/template.h"

bool template_sql_list(struct ctx *x, struct templates *out);
bool template_sql_find(struct ctx *x, id64 id, struct template *out);         /* false without a failure: no such one */
bool template_sql_basic_held(struct ctx *x, int64_t *out);
bool template_sql_add(struct ctx *x, const struct template *t, sv folded, bool *done);
bool template_sql_name_free(struct ctx *x, id64 but, sv folded);
bool template_sql_put(struct ctx *x, const struct template *t, sv folded);
bool template_sql_delete(struct ctx *x, id64 id);
bool template_sql_types(struct ctx *x, struct type_bindings *out);
bool template_sql_of_type(struct ctx *x, id64 label, id64 *out);
bool template_sql_bind_type(struct ctx *x, id64 label, id64 template);
bool template_sql_concerned(struct ctx *x, id64 label, int64_t *out);         /* members whose template the type decides */
bool template_sql_bind_member(struct ctx *x, id64 member, id64 template);
bool template_sql_of_member(struct ctx *x, id64 member, struct member_template *out);
bool template_sql_members(struct ctx *x, id64 id, const struct member *after, int64_t limit, struct members *out);

#endif
