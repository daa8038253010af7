/* svc/talk/folder_sql.h: the statements of svc/talk/folder.c. */
#ifndef ENGAWA_SVC_TALK_FOLDER_SQL_H
#define ENGAWA_SVC_TALK_FOLDER_SQL_H

#include "svc/talk/folder.h"

bool folder_sql_list(struct ctx *x, struct folders *out);
bool folder_sql_add(struct ctx *x, const struct folder *f, int64_t place);
bool folder_sql_rename(struct ctx *x, const struct folder *f);
bool folder_sql_place(struct ctx *x, id64 folder, int64_t place);
bool folder_sql_delete(struct ctx *x, id64 folder);       /* its rooms are in none from then on */
bool folder_sql_put(struct ctx *x, id64 room, id64 folder);
bool folder_sql_member_gone(struct ctx *x, id64 member);

#endif
