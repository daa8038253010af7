/* core/event.h: what clients are told (events.def). An event gets its `pos` in the transaction that caused it, leaves
 * after COMMIT, and is kept EVENT_DAYS for clients that come back. */
#ifndef ENGAWA_CORE_EVENT_H
#define ENGAWA_CORE_EVENT_H

#include "base/json.h"

#define EVENT_DAYS 7

/* TO_OPEN: to connections that have the room open; TO_SELF: to a member's own; TO_WATCH: to those that show the member. These
 * are not stored and have no pos. */
enum event_to { TO_ROOM, TO_MEMBER, TO_OPEN, TO_SELF, TO_WATCH };
enum event_notify { NOTIFY_NONE, NOTIFY_MEMBERS };

enum event_kind {
#define EVENT(name, id, to, notify, audited, schema, doc) EV_##name,
#include "core/events.def"
#undef EVENT
    EV_COUNT
};

struct event_def {
    const char *name, *schema, *doc;
    enum event_to to;
    enum event_notify notify;
    bool audited;
};

struct event {
    enum event_kind kind;
    int64_t pos;                                          /* given by event_store() */
    int64_t topic;
    id64 room;                                            /* TO_ROOM */
    id64 object;                                          /* the message that is told of; ID_NONE: another thing */
    sv data;                                              /* JSON object */
};

struct ctx;

const struct event_def *event_def(enum event_kind k);
bool event_find(sv name, enum event_kind *out);

/* Topics: a room's is its id (31 bits), a member's is its id with the sign bit set. */
int64_t topic_of_room(id64 room);
int64_t topic_of_member(id64 member);
int64_t topic_of_open(id64 room);                         /* above every room's */
int64_t topic_of_watch(id64 member);                      /* bit 62 is set: above every open room's, below the members' own */

void event_room(struct ctx *x, enum event_kind k, id64 room, sv data);
void event_member(struct ctx *x, enum event_kind k, id64 member, sv data);
void event_open(struct ctx *x, enum event_kind k, id64 room, sv data);
void event_self(struct ctx *x, enum event_kind k, id64 member, sv data);
void event_watched(struct ctx *x, enum event_kind k, id64 member, sv data);
/* Of the event told last: what it tells of. event_forget() takes back what was told of it (writer). */
void event_object(struct ctx *x, id64 object);
bool event_forget(struct ctx *x, id64 object);

/* On the writer, before RELEASE: stores the operation's events from `*pos` + 1 on and moves *pos. */
bool event_store(struct ctx *x, int64_t *pos);
/* The text that goes to every connection of the topic. */
void event_text(struct str *out, const struct event *e);

#endif
