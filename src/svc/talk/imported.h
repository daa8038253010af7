/* svc/talk/imported.h: what a saved history holds beside its words: threads, reactions, votes, pins, and how far everybody
 * had read. All of it on the writer, by the operator, right after talk_import() of the message; no right is asked.
 *     talk_import() -> talk_import_reactions(), talk_import_votes(), talk_import_pin() -> talk_import_told()
 *     … talk_import_done() -> talk_import_read() */
#ifndef ENGAWA_SVC_TALK_IMPORTED_H
#define ENGAWA_SVC_TALK_IMPORTED_H

#include "svc/talk/talk.h"

/* Who reacted with the mark, or voted for the choice. */
struct talk_import_answer {
    sv mark;
    int64_t choice;
    struct list members;                                  /* id64 */
};

/* The message under which one stands, by its key; E_INVALID_VALUE: none, or it stands in a thread itself. */
bool talk_import_thread(struct ctx *x, id64 room, sv key, int64_t *seq);
bool talk_import_reactions(struct ctx *x, const struct message *m, const struct talk_import_answer *v, size_t n);
bool talk_import_votes(struct ctx *x, const struct message *m, const struct talk_import_answer *v, size_t n);
bool talk_import_pin(struct ctx *x, const struct message *m, id64 by);
/* The room hears of the message as it stands now, and of the one whose thread grew. */
bool talk_import_told(struct ctx *x, const struct message *m);
/* The member has read up to the message of this key and no further; an empty key: nothing at all. */
bool talk_import_read(struct ctx *x, id64 room, id64 member, sv key);

#endif
