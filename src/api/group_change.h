/* api/group_change.h: what the console and masters share of groups: how one is given and told, and the acts that make, change and
 * end it. What changes a group changes its talk room in the same operation and, where the group says so, tells its members by
 * one service notice each. */
#ifndef ENGAWA_API_GROUP_CHANGE_H
#define ENGAWA_API_GROUP_CHANGE_H

#include "api/app.h"
#include "svc/org/group.h"

struct group_functions {
    bool talk, note, event, task, folder;
};
extern const struct schema group_functions;

struct group_advanced {
    bool delegation, notify, public;
};
extern const struct schema group_advanced;

struct group_person_out {
    id64 id;
    sv family, given;
    bool master;
};
extern const struct schema group_person_out;

struct group_id_out {
    id64 id;
};
extern const struct schema group_id_out;

struct group_seen_query {
    sv q;
};
extern const struct schema group_seen_query;

#define PEOPLE_MAX 1000                                   /* in one call */

/* What a caller gives of a group; absent parts stay as they are. */
struct group_in {
    sv kind, name, description, publication;
    struct list masters, members, add, remove;
    struct ref functions, advanced;
};

struct group_ids group_ids_of(struct list l);
struct ref  group_functions_ref(struct ctx *x, int64_t sum);
struct list group_people_list(struct ctx *x, const struct group_people *p);
bool group_masters_list(struct ctx *x, id64 group, struct list *out);

/* Writer. The room has the group's name and members, and is there as long as the group is and talk is among its functions. */
bool group_room_follow(struct ctx *x, id64 id);
/* Writer. One notice to each of `to` who is not among `but` (NULL: nobody), where the group says so. */
bool group_tell(struct ctx *x, const struct group *g, const struct group_people *to, const struct group_people *but,
                const char *ja, const char *en);

/* What is given goes into *g; which parts that changes, as a sum. */
int  group_take(const struct group_in *in, struct group *g);
sv   group_add_detail(struct ctx *x, const struct group *g, const struct group_in *in);
/* Writer. */
bool group_make(struct ctx *x, struct group *g, struct group_ids masters, struct group_ids members);
bool group_change_save(struct ctx *x, struct group g, const struct group_in *in);
bool group_end(struct ctx *x, const struct group *g);

#endif
