/* svc/talk/gallery_sql.h: messages with files and links, and how far the texts of an older store were looked through. */
#ifndef ENGAWA_SVC_TALK_GALLERY_SQL_H
#define ENGAWA_SVC_TALK_GALLERY_SQL_H

#include "svc/talk/gallery.h"

/* One more than q->limit, newest first: id, author, time, text and content of those that the acting member may see from
 * first_seq on. */
bool gallery_sql_messages(struct ctx *x, id64 room, int64_t first_seq, const struct gallery_question *q, struct messages *out);

bool gallery_sql_looked(struct ctx *x, id64 *upto);       /* INT64_MAX: all of them */
bool gallery_sql_looked_set(struct ctx *x, id64 upto);
bool gallery_sql_unlooked(struct ctx *x, id64 after, int64_t max, struct messages *out);   /* id, kind, flags and text */

#endif
