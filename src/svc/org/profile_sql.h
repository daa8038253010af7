/* svc/org/profile_sql.h: the statements of svc/org/profile.c. */
#ifndef ENGAWA_SVC_ORG_PROFILE_SQL_H
#define ENGAWA_SVC_ORG_PROFILE_SQL_H

#include "svc/org/profile.h"

bool profile_sql_photo_put(struct ctx *x, id64 member, const struct photo *p);
bool profile_sql_photo_delete(struct ctx *x, id64 member);
bool profile_sql_photo_find(struct ctx *x, id64 member, struct photo *out);   /* false without a failure: none */
bool profile_sql_photo_ms(struct ctx *x, id64 member, int64_t *ms);           /* false without a failure: no member */
bool profile_sql_photo_ms_set(struct ctx *x, id64 member, int64_t ms);
bool profile_sql_presence_set(struct ctx *x, id64 member, sv stored);
bool profile_sql_kept(struct ctx *x, id64 member, struct profile_kept *out);  /* false without a failure: no member */

#endif
