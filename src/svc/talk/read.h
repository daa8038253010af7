/* svc/talk/read.h: how far the members of a room have read (既読), who is writing, and who has the room open.
 *     talk_read() -> talk_reads_store() once a second -> room.read to those who have the room open
 * Events of this page are not stored and have no pos: who misses one asks. A room's state of reading is a list of spans:
 * so many members see the messages `from` … `to` and have read them; the author of a message is among them. */
#ifndef ENGAWA_SVC_TALK_READ_H
#define ENGAWA_SVC_TALK_READ_H

#include "svc/talk/talk.h"

#define TALK_REMIND_MS INT64_C(3600000)                   /* not twice for one message within it */

struct talk_span {
    int64_t from, to, n;
};
struct talk_spans {
    struct talk_span *v;
    size_t n, cap;
};

bool talk_reads(struct ctx *x, id64 room, struct talk_spans *out);
/* Any thread: gathered until the writer comes. A room that the member is not in: E_NOT_FOUND. */
bool talk_read(struct ctx *x, id64 room, int64_t seq);
bool talk_reads_store(struct ctx *x);                     /* writer */
/* Writer, so that it cannot pass a removal: the connection at hand hears of reading and writing in the room, or no more. */
bool talk_open(struct ctx *x, id64 room, bool open);
bool talk_typing(struct ctx *x, id64 room);               /* writer: told once in TYPING_MS, and nothing else */
/* Who of those that may see the message has read it, and who has not; without its author. */
bool talk_readers(struct ctx *x, id64 message, struct list *read, struct list *unread);
/* Writer, by the author: a service notice to each who has not read it. E_TOO_MANY: within the hour. */
bool talk_remind(struct ctx *x, id64 message, int64_t *reminded);

#endif
