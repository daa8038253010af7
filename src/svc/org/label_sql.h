/* svc/org/label_sql.h: the statements of labels, one function each. */
#ifndef ENGAWA_SVC_ORG_LABEL_SQL_H
#define ENGAWA_SVC_ORG_LABEL_SQL_H

#include "svc/org/label.h"

bool label_sql_find(struct ctx *x, id64 id, struct label *out);            /* false without failure: none */
bool label_sql_of(struct ctx *x, id64 member, id64 *grade, id64 *permtype);
bool label_sql_list(struct ctx *x, struct labels *out);
bool label_sql_last_place(struct ctx *x, enum label_kind k, int64_t *place, int64_t *count);
bool label_sql_add(struct ctx *x, const struct label *l, bool *added);     /* false: the name is taken */
bool label_sql_name_free(struct ctx *x, const struct label *l);
bool label_sql_rename(struct ctx *x, id64 id, sv name);
bool label_sql_make_place(struct ctx *x, enum label_kind k, int64_t place);
bool label_sql_place(struct ctx *x, id64 id, int64_t place);
bool label_sql_delete(struct ctx *x, id64 id);            /* deleted members drop it as well */
bool label_sql_holders(struct ctx *x, id64 id, const struct member *after, int64_t limit, struct members *out);

#endif
