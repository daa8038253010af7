/* svc/org/unit_sql.h: the statements of units and posts, one function each. */
#ifndef ENGAWA_SVC_ORG_UNIT_SQL_H
#define ENGAWA_SVC_ORG_UNIT_SQL_H

#include "svc/org/unit.h"

bool unit_sql_find(struct ctx *x, id64 id, struct unit *out);              /* deleted ones too; false without failure: none */
bool unit_sql_all(struct ctx *x, struct units *out);      /* not deleted, by id, with counts */
bool unit_sql_gone(struct ctx *x, int64_t from_ms, int64_t to_ms, struct units *out);   /* deleted within, newest first */
bool unit_sql_gone_with(struct ctx *x, int64_t deleted_ms, struct units *out);          /* deleted at this moment, by id */
bool unit_sql_last_place(struct ctx *x, id64 parent, int64_t *place);
bool unit_sql_add(struct ctx *x, const struct unit *u, bool *added);       /* false: the code is taken */
bool unit_sql_code_free(struct ctx *x, sv code, id64 but);
bool unit_sql_edit(struct ctx *x, const struct unit *u);
bool unit_sql_functions(struct ctx *x, id64 id, int64_t functions);
bool unit_sql_of_room(struct ctx *x, id64 room, struct unit *out);          /* none that is deleted */
bool unit_sql_room(struct ctx *x, id64 id, id64 room);
bool unit_sql_make_place(struct ctx *x, id64 parent, int64_t place);       /* moves those from `place` on by one */
bool unit_sql_move(struct ctx *x, id64 id, id64 parent, int64_t place);
bool unit_sql_delete(struct ctx *x, id64 id, sv code);
bool unit_sql_restore(struct ctx *x, const struct unit *u);                /* by its code, parent and place */
bool unit_sql_erase(struct ctx *x, id64 id);
bool unit_sql_leader_gone(struct ctx *x, id64 unit, id64 member);          /* no longer leads this unit */

/* Members with a post in `top` or below it, leaving out `without` and what is below that; each once, by id. */
bool unit_sql_people(struct ctx *x, id64 top, id64 without, struct id_list *out);
bool unit_sql_among(struct ctx *x, id64 top, id64 member);                 /* one of them? */
bool unit_sql_members(struct ctx *x, id64 unit, const struct member *after, int64_t limit, struct unit_people *out);
struct unit_name {
    id64 unit;
    sv family, given, family_reading, given_reading;
};
struct unit_names {
    struct unit_name *v;
    size_t n, cap;
};
bool unit_sql_names(struct ctx *x, struct unit_names *out);                /* of every post, by unit */
bool unit_sql_posts(struct ctx *x, id64 member, struct unit_posts *out);
bool unit_sql_post(struct ctx *x, id64 member, id64 unit, struct unit_post *out);       /* false without failure: none */
bool unit_sql_post_put(struct ctx *x, id64 member, const struct unit_post *p);
bool unit_sql_post_remove(struct ctx *x, id64 member, id64 unit);
bool unit_sql_post_main(struct ctx *x, id64 member, id64 unit);            /* this one, and no other */

#endif
