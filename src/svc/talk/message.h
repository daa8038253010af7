/* svc/talk/message.h: what happens to a message after it was written: changed, taken back, hidden, reacted to, voted on,
 * pinned, forwarded, answered in a thread. All but the reads run on the writer; each change is told to those who may see
 * the message (talk_tell_message_changed).
 * A message that the acting member may not see is E_NOT_FOUND: it is older than the member's history, hidden by the member,
 * or of a room the member is not in. What may be seen and not done is E_DENIED: another's message, a later try than
 * talk.take_back allows, a message that was taken back, a room of service notices. */
#ifndef ENGAWA_SVC_TALK_MESSAGE_H
#define ENGAWA_SVC_TALK_MESSAGE_H

#include "svc/talk/talk.h"

#define TALK_MARKS_MAX   20                               /* kinds of reactions on one message */
#define TALK_PINS_MAX    100                              /* of a room */
#define TALK_FORWARD_MAX 20                               /* rooms at once */

id64    talk_room_of(id64 message);
int64_t talk_seq_of(id64 message);

/* Posts, writes the audit row and tells the room; a repeat does none of the two. */
bool talk_publish(struct ctx *x, struct message *m, bool *repeat);

bool talk_message_visible(struct ctx *x, id64 message);
bool talk_edit(struct ctx *x, id64 message, sv text, struct list mentions);         /* struct talk_mention */
bool talk_take_back(struct ctx *x, id64 message);
bool talk_hide(struct ctx *x, id64 message);              /* for the acting member alone; again: nothing happens */
bool talk_react(struct ctx *x, id64 message, sv mark, bool on);
bool talk_vote(struct ctx *x, id64 message, const int64_t *choices, size_t n);      /* instead of earlier votes */
bool talk_poll_close(struct ctx *x, id64 message);
bool talk_pin(struct ctx *x, id64 message, bool on);
/* The scanner for malware has said something else of one of its files: what is written in that is searched, or no longer. Of
 * nobody's doing; a message that is gone stays as it is. */
bool talk_file_checked(struct ctx *x, id64 message, id64 file, sv check);
/* The message once more, in another room, as the acting member's; under `m->key`. m->room is where to. */
bool talk_forward_to(struct ctx *x, id64 message, struct message *m, bool *repeat);

/* Any thread. *any: of the room's messages up to `upto` one was taken back at that moment or later. */
bool talk_taken_back_since(struct ctx *x, id64 room, int64_t upto, int64_t since_ms, bool *any);
/* Any thread. Newest first. */
bool talk_pins(struct ctx *x, id64 room, struct messages *out);                     /* by when they were pinned */
bool talk_thread(struct ctx *x, id64 root, int64_t before, int64_t limit, struct messages *out, bool *more);
/* Messages from behind `after` on, the nearest `limit` of them; *newer: more follow. */
bool talk_history_after(struct ctx *x, id64 room, int64_t after, int64_t limit, struct messages *out, bool *newer);

#endif
