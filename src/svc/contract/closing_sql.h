/* svc/contract/closing_sql.h: the statements of closing. */
#ifndef ENGAWA_SVC_CONTRACT_CLOSING_SQL_H
#define ENGAWA_SVC_CONTRACT_CLOSING_SQL_H

#include "svc/contract/closing.h"

bool closing_sql_left(struct ctx *x, struct closing_left *out);
bool closing_sql_mark(struct ctx *x, int64_t closed_ms, bool *changed);
bool closing_sql_links(struct ctx *x);                    /* none opens anything any more */

#endif
