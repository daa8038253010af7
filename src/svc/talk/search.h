/* svc/talk/search.h: full-text search over the acting member's rooms (TLK-05), and the index under it.
 *     talk_search_index() on the writer, piece by piece, as long as there is something to do; talk_search() on any thread
 * The index is never asked what a member may see: each message that it gives is compared itself, as it is now, with the
 * member's rooms and rights, and what the index does not know yet is looked through. Found is what the member could also read
 * in the room: from its first_seq on, within talk.retention, neither taken back nor hidden, in no closed room. */
#ifndef ENGAWA_SVC_TALK_SEARCH_H
#define ENGAWA_SVC_TALK_SEARCH_H

#include "svc/talk/talk.h"

#define TALK_SEARCH_CHARS 100                             /* of a question */
#define TALK_SEARCH_WORDS 10
#define TALK_SEARCH_MARKS 100                             /* of one message */

/* Messages in order: the newest first, of equal times the one with the greater id. */
struct search_at {
    int64_t sent_ms;
    int64_t id;
};

struct talk_question {
    sv words;                                             /* all of them; "a phrase" in quotes or 「」; may be empty beside
                                                             sender or room */
    id64 sender, room;                                    /* ID_NONE: any */
    int64_t from_ms, to_ms;                               /* sent from … on, before …; 0: any */
    struct search_at before;                              /* the next page; sent_ms 0: the first */
    size_t limit;
};

/* Characters of the message's text, counted in code points. */
struct talk_mark {
    int64_t at, length;
};

struct talk_hit {
    struct message message;
    struct talk_mark *marks;                              /* none: the word stands in what belongs to the text */
    size_t n;
};

struct talk_hits {
    struct talk_hit *v;
    size_t n, cap;
    bool more;
    struct search_at last;                                /* of the page */
    bool complete;                                        /* false: so much is new that the index has not come to all of it */
};

/* E_INVALID_VALUE with field "q": nothing that could be looked for, or too much; E_NOT_FOUND: no such room for the member. */
bool talk_search(struct ctx *x, const struct talk_question *q, struct talk_hits *out);

/* Writer, in its own transaction: the next piece; *more: there is another. */
bool talk_search_index(struct ctx *x, bool *more);
bool talk_search_waits(struct ctx *x, bool *any);         /* is there something to do, or all of it? */
/* Chore: what was taken out of the index leaves the file too, piece by piece. */
bool talk_search_tidy(struct ctx *x, bool *more);

#endif
