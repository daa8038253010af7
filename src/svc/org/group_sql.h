/* svc/org/group_sql.h: the statements of groups. */
#ifndef ENGAWA_SVC_ORG_GROUP_SQL_H
#define ENGAWA_SVC_ORG_GROUP_SQL_H

#include "svc/org/group.h"

bool group_sql_find(struct ctx *x, id64 id, struct group *out);            /* deleted ones too */
bool group_sql_of_room(struct ctx *x, id64 room, struct group *out);
bool group_sql_all(struct ctx *x, struct groups *out);    /* those that are there, by name */
bool group_sql_gone(struct ctx *x, int64_t since_ms, struct groups *out);  /* deleted after then, newest first */
bool group_sql_seen(struct ctx *x, id64 member, struct groups *out);       /* own and published ones, by name */
bool group_sql_expired(struct ctx *x, int64_t until_ms, struct group *out);
bool group_sql_people(struct ctx *x, id64 id, struct group_people *out);
bool group_sql_member(struct ctx *x, id64 id, id64 member, bool *master);  /* false: it is none */
bool group_sql_of_member(struct ctx *x, id64 member, struct groups *out);  /* deleted ones too */
bool group_sql_oldest(struct ctx *x, id64 id, id64 *member);
struct group_name {
    id64 group;
    sv name;                                              /* of a member, with its reading */
};
struct group_names {
    struct group_name *v;
    size_t n, cap;
};
bool group_sql_names(struct ctx *x, struct group_names *out);              /* of all members of all groups, by group */
bool group_sql_member_is(struct ctx *x, id64 member);     /* is there such a member? */

bool group_sql_add(struct ctx *x, const struct group *g);
bool group_sql_edit(struct ctx *x, const struct group *g);
bool group_sql_deleted(struct ctx *x, id64 id, int64_t deleted_ms);
bool group_sql_room(struct ctx *x, id64 id, id64 room);
bool group_sql_put(struct ctx *x, id64 id, id64 member, bool *added);
bool group_sql_take(struct ctx *x, id64 id, id64 member, bool *removed);
bool group_sql_master(struct ctx *x, id64 id, id64 member, bool master);
bool group_sql_master_count(struct ctx *x, id64 id, int64_t *n);
bool group_sql_erase(struct ctx *x, id64 id);

#endif
