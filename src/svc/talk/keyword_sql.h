/* svc/talk/keyword_sql.h: SQL of a member's own words. */
#ifndef ENGAWA_SVC_TALK_KEYWORD_SQL_H
#define ENGAWA_SVC_TALK_KEYWORD_SQL_H

#include "svc/talk/keyword.h"

bool keyword_sql_put(struct ctx *x, const struct keywords *words);
bool keyword_sql_read(struct ctx *x, struct keywords *out);
bool keyword_sql_member_gone(struct ctx *x, id64 member);

#endif
