/* svc/talk/search_pack.h: what is old of the index is packed. Numbers below SEARCH_LATE stand in parts; when a part is full, and
 * before the next number is given, it leaves the engine's index for lists: which of its positions have a token
 * (store/search_list.h), and which of SEARCH_GROUP numbers together are of a room. A question is then the common part of the
 * lists and of the member's rooms, which is small where most talk is that of others. Packing goes piece by piece; where it
 * stands is written in the transaction that did it. A number that was packed never stands in the engine's index again. */
#ifndef ENGAWA_SVC_TALK_SEARCH_PACK_H
#define ENGAWA_SVC_TALK_SEARCH_PACK_H

#include "core/ctx.h"
#include "store/search_list.h"

#define SEARCH_GROUP ((int64_t)1 << 20)                   /* numbers; a stored format */
#define SEARCH_SPAN  32                                   /* parts whose lists of a token stand side by side; a stored format */

struct search_pack {
    int64_t part;                                         /* numbers of a part: a multiple of 64 up to SEARCH_PART */
    int64_t packed;                                       /* parts that were packed: the first ones */
    sv term;                                              /* of the next part: tokens up to this one are in the lists */
    int64_t step;                                         /* 0: tokens; then rooms, so much of them */
    int64_t tidied;                                       /* lists of a part below this one are without holes; -1: none is begun */
};
bool search_pack_read(struct ctx *x, struct search_pack *p);
int64_t search_pack_below(const struct search_pack *p);   /* numbers below it were packed */
int64_t search_list_id(int64_t part, int64_t key);        /* under which the list of a token stands */
int64_t search_pack_low(const struct search_pack *p);     /* the first number that may still be given */
int64_t search_pack_steps(const struct search_pack *p);   /* in which a part's rooms are gone through */

/* Writer. */
bool search_pack_room(struct ctx *x, const struct search_pack *p, int64_t *left);   /* numbers that the next part still takes */
bool search_pack_piece(struct ctx *x, struct search_pack *p);                       /* none is left: the next piece of packing */
bool search_pack_remove(struct ctx *x, int64_t n);        /* of a packed one: it is tidied away later */
bool search_pack_tidy(struct ctx *x, bool *more);
bool search_pack_anew(struct ctx *x);

#endif
