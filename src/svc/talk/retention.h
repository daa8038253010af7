/* svc/talk/retention.h: how long talk is kept (talk.retention, TLK-06). What is older is absent for every reading at once; it
 * is erased at night, in pieces, with its place in the search index, and not before RETENTION_WAIT_MS after the setting was
 * last changed: until then a shorter period can be taken back. The newest message of a room stays as an empty one, so
 * that its number is never given again. */
#ifndef ENGAWA_SVC_TALK_RETENTION_H
#define ENGAWA_SVC_TALK_RETENTION_H

#include "core/ctx.h"

#define RETENTION_WAIT_MS INT64_C(86400000)

/* Messages sent before this moment are not there for anybody; 0: all are. Every statement that reads messages asks it. */
int64_t talk_oldest_ms(const struct ctx *x);

/* What a period of the setting ("P1M") would erase of what is there now; E_INVALID_VALUE with field "period": none of the
 * setting's values. *from_ms: when erasing would begin, -1 for no end. */
bool talk_retention_count(struct ctx *x, sv period, int64_t *messages, int64_t *from_ms);

/* Chore: erases a piece; the last one of a night writes the row that says how much went. */
bool talk_retention_erase(struct ctx *x, bool *more);

#endif
