/* core/here.h: who is here: a member with at least one connection on which the app is in use. In memory alone: a process
 * that ends forgets it, and clients say it again when they come back.
 *     here_say(), here_leave() from any thread … here_take() on the writer, once a second: what is told
 * A connection counts from the moment its client says whether it is in use. Who goes is held for HERE_HOLD_MS before it is
 * told, so that a connection that is lost and comes back is no news; but not whose session has ended. What was told last
 * belongs to the writer: who begins to listen gets it there and misses nothing that follows. */
#ifndef ENGAWA_CORE_HERE_H
#define ENGAWA_CORE_HERE_H

#include "base/arena.h"

#define HERE_HOLD_MS  10000
#define HERE_TAKE_MAX 2000                                /* changes told at a time: the rest follow in the next second */

enum here_state { HERE_GONE, HERE_AWAY, HERE_ON };

struct here_change {
    id64 member;
    enum here_state before, now;
};

struct here;

struct here *here_new(void);
void here_free(struct here **h);

/* A connection of the member was in state `before` (HERE_GONE: had said nothing) and is in `now`. */
void here_say(struct here *h, id64 member, enum here_state before, enum here_state now);
/* A connection that was in `before` is gone; `ended`: and its session. */
void here_leave(struct here *h, id64 member, enum here_state before, bool ended, int64_t now_ms);
void here_hide(struct here *h, id64 member, bool hidden); /* nobody is told of the member any more, or again */

bool here_waits(struct here *h);                          /* is there something to take, now or soon? */
/* Writer: the changes to be told. here_put_back(): they could not be. */
size_t here_take(struct here *h, struct arena *a, int64_t now_ms, struct here_change **out);
void here_put_back(struct here *h, const struct here_change *v, size_t n);
enum here_state here_told(struct here *h, id64 member);   /* writer */

const char *here_name(enum here_state s);                 /* "gone", "away", "on" */

#endif
