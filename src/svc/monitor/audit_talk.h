/* svc/monitor/audit_talk.h: who received a message. One row is stored for each, by its sender, with the version of the room's
 * membership; who was in the room at that version stands in room_span, and so the log of talk is one of sending and of
 * receiving. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_TALK_H
#define ENGAWA_SVC_MONITOR_AUDIT_TALK_H

#include "svc/monitor/audit_log.h"

struct audit_span {
    id64 room;
    int64_t from, until;                                  /* versions; until 0: still there */
};
struct audit_spans {
    struct audit_span *v;
    size_t n, cap;
};
/* When a member was in which room: for audit_talk_received(), which many rows are asked by. */
bool audit_talk_spans(struct ctx *x, id64 member, struct audit_spans *out);
/* Is the row of a message that this member received? Nobody receives what one sends oneself. */
bool audit_talk_received(struct ctx *x, const struct audit_entry *e, id64 member, const struct audit_spans *spans);

struct audit_person {
    id64 id;
    sv name;                                              /* "": nobody is there by this id any more */
};
struct audit_people {
    struct audit_person *v;
    size_t n, cap;
    int64_t all;                                          /* how many there are */
};
/* The first `max` receivers of a row in the order of their readings, and how many there are; none for a row that is not one
 * of a message. */
bool audit_talk_receivers(struct ctx *x, const struct audit_entry *e, int64_t max, struct audit_people *out);

/* The room's name; of one without a name those who are in it, at most three. */
sv audit_talk_room_name(struct ctx *x, const struct audit_entry *e);

#endif
