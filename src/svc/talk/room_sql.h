/* svc/talk/room_sql.h: the statements of svc/talk/room.c. */
#ifndef ENGAWA_SVC_TALK_ROOM_SQL_H
#define ENGAWA_SVC_TALK_ROOM_SQL_H

#include "svc/talk/room.h"

bool room_sql_direct(struct ctx *x, id64 a, id64 b, id64 *room);           /* of these two; ID_NONE: there is none */
bool room_sql_history(struct ctx *x, id64 room, bool history);
bool room_sql_prefs(struct ctx *x, id64 room, bool muted, int64_t pinned_ms);
bool room_sql_photo_put(struct ctx *x, id64 room, const struct photo *p);
bool room_sql_photo_delete(struct ctx *x, id64 room);
bool room_sql_photo_find(struct ctx *x, id64 room, struct photo *out);     /* false: none */
bool room_sql_photo_ms_set(struct ctx *x, id64 room, int64_t ms);
bool room_sql_span_begin(struct ctx *x, id64 room, id64 member, int64_t version);
bool room_sql_span_end(struct ctx *x, id64 room, id64 member, int64_t version);
bool room_sql_active(struct ctx *x, id64 member, bool *active);            /* neither deleted nor suspended */

#endif
