/* svc/talk/search_block.h: of which rooms the numbers of the index are, as far as two bytes tell, 512 numbers together: the
 * places of as many fill some 30 times as many bytes in pages, and a search in 200 of 10,000 rooms would look at 49 of them for
 * one of its own. It only narrows down, as the index does: what may be the member's is looked at itself (search.h). */
#ifndef ENGAWA_SVC_TALK_SEARCH_BLOCK_H
#define ENGAWA_SVC_TALK_SEARCH_BLOCK_H

#include "core/ctx.h"

#define SEARCH_BLOCK 512                                  /* numbers; a stored format (doc/formats.md) */

/* One block, the last that was asked for; begins as {.at = -1}. */
struct search_block {
    int64_t at;
    bool changed;
    size_t n;                                             /* numbers, from its first on, of which it knows */
    uint16_t rooms[SEARCH_BLOCK];                         /* 0: not known */
};

uint16_t search_block_mark(id64 room);                    /* what is stored of a room; equal for many */
bool search_block_get(struct ctx *x, struct search_block *b, int64_t n, uint16_t *mark);

/* Writer: search_block_set() … search_block_keep(). */
bool search_block_set(struct ctx *x, struct search_block *b, int64_t n, id64 room);
bool search_block_keep(struct ctx *x, struct search_block *b);

#endif
