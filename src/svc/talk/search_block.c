/* svc/talk/search_block.c: marks of rooms by numbers, low byte first. */
#include "svc/talk/search_block.h"
#include "svc/talk/search_sql.h"

/* Ids of rooms are random. */
uint16_t search_block_mark(id64 room)
{
    return (uint16_t)(room.n & UINT16_MAX);
}

static bool block_read(struct ctx *x, struct search_block *b, int64_t at)
{
    sv v;

    if (!search_sql_block(x, at, &v))
        return false;
    *b = (struct search_block){.at = at, .n = v.n / 2 < SEARCH_BLOCK ? v.n / 2 : SEARCH_BLOCK};
    for (size_t i = 0; i < b->n; i++)
        b->rooms[i] = (uint16_t)((unsigned char)v.p[2 * i] | (unsigned char)v.p[2 * i + 1] << 8);
    return true;
}

bool search_block_get(struct ctx *x, struct search_block *b, int64_t n, uint16_t *mark)
{
    if (b->at != n / SEARCH_BLOCK && !block_read(x, b, n / SEARCH_BLOCK))
        return false;
    *mark = b->rooms[n % SEARCH_BLOCK];
    return true;
}

bool search_block_set(struct ctx *x, struct search_block *b, int64_t n, id64 room)
{
    size_t i = (size_t)(n % SEARCH_BLOCK);

    if (b->at != n / SEARCH_BLOCK && (!search_block_keep(x, b) || !block_read(x, b, n / SEARCH_BLOCK)))
        return false;
    b->rooms[i] = search_block_mark(room);
    b->n = b->n > i ? b->n : i + 1;
    b->changed = true;
    return true;
}

bool search_block_keep(struct ctx *x, struct search_block *b)
{
    unsigned char bytes[sizeof(b->rooms)];

    if (!b->changed)
        return true;
    for (size_t i = 0; i < b->n; i++) {
        bytes[2 * i] = (unsigned char)b->rooms[i];
        bytes[2 * i + 1] = (unsigned char)(b->rooms[i] >> 8);
    }
    b->changed = false;
    return search_sql_block_set(x, b->at, sv_n(bytes, 2 * b->n));
}
