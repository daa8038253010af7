/* svc/talk/later_sql.h: the statements of svc/talk/later.c. */
#ifndef ENGAWA_SVC_TALK_LATER_SQL_H
#define ENGAWA_SVC_TALK_LATER_SQL_H

#include "svc/talk/later.h"

bool later_sql_add(struct ctx *x, const struct later *l);
bool later_sql_by_key(struct ctx *x, const unsigned char key[TALK_KEY_BYTES], struct laters *out);
bool later_sql_count(struct ctx *x, int64_t *n);          /* of the acting member, without deadlines */
bool later_sql_list(struct ctx *x, struct laters *out);
bool later_sql_find(struct ctx *x, id64 later, struct laters *out);        /* own or not */
bool later_sql_first(struct ctx *x, struct laters *out);  /* the two that are due next, of all members */
bool later_sql_delete(struct ctx *x, id64 later);
bool later_sql_unremind(struct ctx *x, id64 message);     /* the acting member's */
bool later_sql_failed(struct ctx *x, id64 later, sv code);

bool later_sql_member_gone(struct ctx *x, id64 member);   /* what waits and what is kept */

bool draft_sql_put(struct ctx *x, id64 room, sv text);
bool draft_sql_list(struct ctx *x, struct drafts *out);

bool saved_sql_put(struct ctx *x, id64 message, bool on);
bool saved_sql_count(struct ctx *x, int64_t *n);
bool saved_sql_ids(struct ctx *x, struct list *out);

#endif
