/* svc/org/org_sql.h: the statements of org, one function each. */
#ifndef ENGAWA_SVC_ORG_ORG_SQL_H
#define ENGAWA_SVC_ORG_ORG_SQL_H

#include "svc/org/org.h"

bool org_sql_find(struct ctx *x, id64 id, struct member *out);             /* false without failure: none */
bool org_sql_list(struct ctx *x, const struct member *after, int64_t limit, struct members *out);
bool org_sql_add(struct ctx *x, const struct member *m, sv password_hash); /* false without failure: login taken */
bool org_sql_status(struct ctx *x, id64 id, enum member_status s);
bool org_sql_role(struct ctx *x, id64 id, enum role r);
bool org_sql_delete(struct ctx *x, id64 id);

#endif
