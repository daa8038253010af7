/* svc/org/group.h: groups: flat sets of members with at least one master among them. A group has a talk room when talk is
 * among its functions; rooms belong to talk, so the api floor makes them follow. A deleted group keeps its record and its
 * people for GROUP_KEPT_MS and can come back as long; its people are kept up to date meanwhile.
 * Reads work on any thread; what changes something runs on the writer inside an operation's savepoint.
 * A group that does not exist, is deleted or is not to be seen is E_NOT_FOUND, always. */
#ifndef ENGAWA_SVC_ORG_GROUP_H
#define ENGAWA_SVC_ORG_GROUP_H

#include "core/ctx.h"

#define GROUP_NAME_MAX 80
#define GROUP_TEXT_MAX 1000
#define GROUP_KEPT_MS  (INT64_C(30) * 24 * 3600 * 1000)

/* Stored numbers: never renumber. A group stays what it was made as. */
enum group_kind { GROUP_NONE, GROUP_INTERNAL = 1, GROUP_EXTERNAL = 2, GROUP_KINDS };
/* Talk-room functions, stored as a sum. Without GROUP_TALK the others are kept but not in force. */
enum group_function { GROUP_TALK = 1, GROUP_NOTE = 2, GROUP_EVENT = 4, GROUP_TASK = 8, GROUP_FOLDER = 16, GROUP_FUNCTIONS = 31 };

struct group {
    id64 id, room, made_by;                               /* room ID_NONE: none yet */
    enum group_kind kind;
    sv name, description;
    int64_t functions, made_ms, deleted_ms, members;      /* deleted_ms 0: it is there */
    bool public, delegation, notify;
};
struct groups {
    struct group *v;
    size_t n, cap;
};

struct group_person {
    id64 member;
    sv family, given;
    bool master;
};
struct group_people {
    struct group_person *v;
    size_t n, cap;
};

struct group_ids {
    const id64 *v;
    size_t n;
};

const char *group_kind_name(enum group_kind k);           /* "internal", "external" */
bool group_kind_find(sv name, enum group_kind *out);
int64_t group_in_force(const struct group *g);            /* functions, or 0 without talk */

bool group_find(struct ctx *x, id64 id, struct group *out);
bool group_gone_find(struct ctx *x, id64 id, struct group *out);   /* deleted, and it can still come back */
bool group_people(struct ctx *x, id64 id, struct group_people *out);       /* masters first, then by reading */
bool group_masters(struct ctx *x, id64 id, struct group_people *out);

/* All that the query names, by name. `q` is found in the group's name or, where `by_member`, in a member's name. */
struct group_query {
    sv q;
    enum group_kind kind;                                 /* GROUP_NONE: any */
    id64 member, after;                                   /* ID_NONE: any; from the first */
    int64_t limit;
    bool gone, by_member;                                 /* gone: only deleted ones that can come back */
};
bool group_search(struct ctx *x, const struct group_query *q, struct groups *out, int64_t *total, bool *more);

/* As the acting member may: its own groups and published ones. *mine: is it a member, *master: one of the masters? */
bool group_seen(struct ctx *x, id64 id, struct group *out, bool *mine, bool *master);
bool group_seen_list(struct ctx *x, sv q, struct groups *out);
bool group_of_room(struct ctx *x, id64 room, struct group *out);   /* false, without failure: the room is no group's */
/* E_FORBIDDEN where addressbook.group.creators leaves it to the admins of groups. */
bool group_may_make(struct ctx *x);

/* What a new group has unless it is told: functions, delegation, notice and publication from the settings. */
void group_defaults(struct ctx *x, struct group *g);
/* g->id is made here. Masters are members too. E_INVALID_VALUE by field, E_NO_EXTERNAL, E_LAST_MASTER without a master. */
bool group_add(struct ctx *x, struct group *g, struct group_ids masters, struct group_ids members);
bool group_edit(struct ctx *x, const struct group *g);    /* all but kind, room and people */

/* Who comes, who goes, and, where `masters.v` is not NULL, who the masters are afterwards. E_LAST_MASTER. */
struct group_change {
    struct group_ids add, remove, masters;
};
bool group_change_people(struct ctx *x, id64 id, const struct group_change *c, bool *changed);
bool group_room_set(struct ctx *x, id64 id, id64 room);

bool group_delete(struct ctx *x, id64 id);
bool group_restore(struct ctx *x, id64 id);               /* E_NOT_FOUND once GROUP_KEPT_MS are over */
bool group_expired(struct ctx *x, struct group *out);     /* one of which nothing may be left; false: there is none */
bool group_erase(struct ctx *x, id64 id);

/* A deleted member leaves every group. Where it was the last master, the member who is longest in the group becomes one. */
struct group_heir {
    struct group group;
    id64 member;
};
struct group_heirs {
    struct group_heir *v;
    size_t n, cap;
};
bool group_member_gone(struct ctx *x, id64 member, struct group_heirs *out);

#endif
