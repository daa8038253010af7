/* svc/talk/later.h: what a member wants to happen at a moment: a message sent, a reminder of a message; and by whom an
 * important message with a deadline has still not been read then. And messages that a member keeps at hand.
 *     talk_later_add() … talk_later_due() at its moment, on the writer, as the member
 * A message that cannot be sent any more (its room was left, its author suspended) stays in the list, with the reason. */
#ifndef ENGAWA_SVC_TALK_LATER_H
#define ENGAWA_SVC_TALK_LATER_H

#include "core/op.h"
#include "svc/talk/talk.h"

#define TALK_LATER_MAX      100                           /* of a member */
#define TALK_LATER_AHEAD_MS (INT64_C(366) * 86400000)
#define TALK_SAVED_MAX      300                           /* of a member */

/* Stored numbers: never renumber. */
enum later_kind { LATER_MESSAGE = 1, LATER_REMINDER = 2, LATER_DEADLINE = 3 };

struct later {
    id64 id, member, room, message;                       /* message: of a reminder or deadline */
    enum later_kind kind;
    int64_t due_ms;
    unsigned char key[TALK_KEY_BYTES];                    /* of a message: under which it will be posted */
    sv text;
    struct talk_content content;                          /* mentions alone */
    sv failed;                                            /* code of the refusal; "": it waits */
};

struct laters {
    struct later *v;
    size_t n, cap;
};

/* Writer. Sets id; a repeat by the same key gives the first one. E_TOO_MANY: the list is full. E_INVALID_VALUE "due":
 * past, or too far ahead. */
bool talk_later_message(struct ctx *x, struct later *l, bool *repeat);
bool talk_later_remind(struct ctx *x, id64 message, int64_t due_ms, struct later *l);      /* instead of an earlier one */
bool talk_later_deadline(struct ctx *x, const struct message *m);
bool talk_later_delete(struct ctx *x, id64 later);
/* Own ones, the next first; deadlines are not among them. */
bool talk_later_list(struct ctx *x, struct laters *out);
bool talk_later_find(struct ctx *x, id64 later, struct later *out);        /* E_NOT_FOUND: none, or another's */

/* Writer, by the tenant's clock: the first thing that is due, as its member. False: it could not be done; called again with
 * d->failed, that one, if it still waits, is set aside with the reason. */
bool talk_later_due(struct ctx *x, struct due *d);

/* What was written in a room and not sent: "" forgets it. The member's own devices are told by the caller. */
bool talk_draft(struct ctx *x, id64 room, sv text);
struct draft {
    id64 room;
    sv text;
    int64_t changed_ms;
};
struct drafts {
    struct draft *v;
    size_t n, cap;
};
bool talk_drafts(struct ctx *x, struct drafts *out);      /* of rooms that the member is in */

bool talk_save(struct ctx *x, id64 message, bool on);
bool talk_saved(struct ctx *x, struct messages *out);     /* newest saved first, those that can still be seen */

#endif
