/* svc/org/unit.h: org units: the tree, who belongs where with which title, and what a unit's room may do.
 * A unit's people are its own members and those of all units below it: they are in its room. Its members in the narrow
 * sense are those who have a post in it. A member has any number of posts, exactly one of them the main one.
 * Reads work on any thread; what changes something runs on the writer inside an operation's savepoint. Rooms belong to
 * talk: what changes tells the units whose people are others now, and the api floor makes their rooms follow.
 * A unit that does not exist or is deleted is E_NOT_FOUND, always. */
#ifndef ENGAWA_SVC_ORG_UNIT_H
#define ENGAWA_SVC_ORG_UNIT_H

#include "core/ctx.h"
#include "svc/org/org.h"

#define UNIT_DEPTH_MAX 10                                 /* a unit without parent has depth 1 */
#define UNIT_CODE_MAX  40
#define UNIT_NAME_MAX  80
#define UNIT_TEXT_MAX  1000
#define UNIT_POSTS_MAX 50                                 /* of one member */
#define UNIT_KEPT_MS   (INT64_C(30) * 24 * 3600 * 1000)   /* how long a deleted unit can be restored */

/* Talk-room functions, stored as a sum: never renumber. Without UNIT_TALK the others are kept but not in force. */
enum unit_function { UNIT_TALK = 1, UNIT_NOTE = 2, UNIT_EVENT = 4, UNIT_TASK = 8, UNIT_FOLDER = 16, UNIT_FUNCTIONS = 31 };

struct unit {
    id64 id, parent, leader, room;                        /* ID_NONE: top, no leader, no room yet */
    sv code, name, folded, description;                   /* folded: the name for search; description: only by unit_find() */
    int64_t place, functions, made_ms, deleted_ms, members;
    bool public, delegation, notify;
};

struct units {
    struct unit *v;
    size_t n, cap;
};

struct id_list {
    id64 *v;
    size_t n, cap;
};

/* What is in force: nothing without talk. */
int64_t unit_functions(const struct unit *u);

bool unit_find(struct ctx *x, id64 id, struct unit *out);
bool unit_list(struct ctx *x, struct units *out);         /* all of them, sorted by id; build the tree by parent and place */
/* Those whose name or code contains q, or that a member belongs to whose name contains it; sorted by id. */
bool unit_search(struct ctx *x, sv q, struct units *out);
const struct unit *unit_in(const struct units *sorted, id64 id);           /* NULL: not in it */
int64_t unit_depth(const struct units *all, id64 id);     /* 0 for ID_NONE */
bool unit_below(const struct units *all, id64 id, id64 top);               /* also true for the top itself */

/* What the acting member may see: published units, and those whose people it belongs to. A parent that is not to be seen
 * is replaced by the next one above that is. q "": all of them. Where the address book does not show units, the list is
 * empty and a unit is seen by its own people alone. */
bool unit_visible(struct ctx *x, id64 id);
bool unit_visible_list(struct ctx *x, sv q, struct units *out);

/* u->id is made here; publication, functions, delegation and notice come from the settings. `name`, `code`, `description`
 * and `parent` are the caller's. E_INVALID_VALUE by field, E_CODE_TAKEN, E_UNIT_DEPTH. */
bool unit_add(struct ctx *x, struct unit *u);
/* Everything but place and members. The leader must be a member of the unit: E_INVALID_VALUE field "leader". */
bool unit_edit(struct ctx *x, const struct unit *u);
/* The leader changes the functions of the own unit: E_DENIED for anybody else and while it is not delegated. */
bool unit_functions_by_leader(struct ctx *x, id64 id, int64_t functions);

/* Under `parent` (ID_NONE: top), before the unit `before` of the same parent (ID_NONE: last). E_UNIT_CYCLE, E_UNIT_DEPTH.
 * `changed`: the units whose people are others now. */
bool unit_move(struct ctx *x, id64 id, id64 parent, id64 before, struct id_list *changed);

/* Whose rooms a move would change. */
struct unit_mover {
    id64 member;
    int64_t leaves, joins;                                /* rooms */
};
struct unit_move_plan {
    struct units leaves, joins;                           /* units with a room that the moved people leave or join */
    struct {
        struct unit_mover *v;
        size_t n, cap;
    } movers;                                             /* sorted by member */
};
bool unit_move_plan(struct ctx *x, id64 id, id64 parent, struct unit_move_plan *out);

/* With everything below it; `gone` are all of them. E_UNIT_HAS_MEMBERS with the number of members. */
bool unit_delete(struct ctx *x, id64 id, struct units *gone);
bool unit_gone_find(struct ctx *x, id64 id, struct unit *out);             /* deleted and still to be restored */
bool unit_gone_list(struct ctx *x, struct units *out);    /* newest first, with the codes they had */
/* With what was deleted together with it below it. At the top when its parent is gone. E_CODE_TAKEN, E_UNIT_DEPTH. */
bool unit_restore(struct ctx *x, id64 id, struct units *back);
bool unit_expired(struct ctx *x, struct units *out);      /* deleted so long ago that nothing may be left of them */
bool unit_erase(struct ctx *x, id64 id);

/* Posts. */
struct unit_post {
    id64 unit, title;                                     /* title ID_NONE: none */
    bool main;
    sv unit_name, title_name;                             /* when read */
};
struct unit_posts {
    struct unit_post *v;
    size_t n, cap;
};
struct unit_person {
    struct member m;
    id64 title;
    sv title_name;
    bool main;
};
struct unit_people {
    struct unit_person *v;
    size_t n, cap;
};

/* Members of the unit sorted by reading; those after the member `after`. */
bool unit_members(struct ctx *x, id64 unit, id64 after, int64_t limit, struct unit_people *out, bool *more);
bool unit_posts(struct ctx *x, id64 member, struct unit_posts *out);       /* the main one first, then by name */
/* All posts of a member at once. Without a main one the first is it; two of them or one unit twice: E_INVALID_VALUE field
 * "units". `changed` as in unit_move(). */
bool unit_posts_set(struct ctx *x, id64 member, const struct unit_post *posts, size_t n, struct id_list *changed);
bool unit_member_put(struct ctx *x, id64 unit, id64 member, bool main, id64 title, struct id_list *changed);
bool unit_member_remove(struct ctx *x, id64 unit, id64 member, struct id_list *changed);

/* People of the unit: who is to be in its room. Sorted by id. */
bool unit_among(struct ctx *x, id64 unit, id64 member, bool *yes);         /* is the member one of its people? */
bool unit_room_people(struct ctx *x, id64 unit, struct id_list *out);
bool unit_room_set(struct ctx *x, id64 unit, id64 room);
bool unit_of_room(struct ctx *x, id64 room, struct unit *out);             /* false, without failure: the room is no unit's */

#endif
