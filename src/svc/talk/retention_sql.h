/* svc/talk/retention_sql.h: the statements of svc/talk/retention.c. */
#ifndef ENGAWA_SVC_TALK_RETENTION_SQL_H
#define ENGAWA_SVC_TALK_RETENTION_SQL_H

#include "core/schema.h"
#include "svc/talk/talk.h"

bool retention_sql_count(struct ctx *x, int64_t below_ms, int64_t *n);
bool retention_sql_changed_ms(struct ctx *x, int64_t *ms);                 /* of the setting; 0: never changed */
bool retention_sql_oldest(struct ctx *x, int64_t below_ms, size_t max, struct list *ids);   /* of messages */
bool retention_sql_erase(struct ctx *x, id64 message);    /* with all that belongs to it; its room keeps its number */
bool retention_sql_forget(struct ctx *x);                 /* what members hid, and is gone */
bool retention_sql_erased_add(struct ctx *x, int64_t n);
bool retention_sql_erased_take(struct ctx *x, int64_t *n);                 /* since it was taken last */

#endif
