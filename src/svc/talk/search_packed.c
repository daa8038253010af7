/* svc/talk/search_packed.c: the common part of lists. */
#include "svc/talk/search_packed.h"
#include "svc/talk/search_block.h"

#include <string.h>

void search_packed_begin(struct search_packed *p)
{
    p->group = -1;
}

static bool room_own(struct ctx *x, struct search_packed *p, int64_t group, uint16_t mark)
{
    int64_t id = search_room_id(group, mark), n = -1;
    sv numbers;

    if (!search_sql_numbers(x, id, &numbers))
        return false;
    while (numbers.n) {
        if (!search_gap_read(&numbers, &n) || n >= SEARCH_GROUP)
            return fail(&x->failure, E_INTERNAL, "search: numbers %" PRId64 " are damaged", id);
        p->own[n / 64] |= UINT64_C(1) << n % 64;
    }
    return true;
}

/* Mark 0 is that of numbers of which no room is known. */
static bool group_own(struct ctx *x, struct search_packed *p, int64_t group)
{
    p->own = p->own ? p->own : ANEWN(x->arena, uint64_t, SEARCH_GROUP / 64);
    memset(p->own, 0, SEARCH_GROUP / 8);
    if (!room_own(x, p, group, 0))
        return false;
    for (size_t i = 0; i < p->rooms->n; i++)
        if (!room_own(x, p, group, search_block_mark((id64){p->rooms->v[i].id})))
            return false;
    p->group = group;
    return true;
}

/* The key with its weight goes where it belongs among the ones before it. */
static void weigh(struct search_packed *p, size_t at, size_t bytes)
{
    int64_t key = p->keys.v[at];

    for (; at > 0 && p->weight[at - 1] > bytes; at--) {
        p->keys.v[at] = p->keys.v[at - 1];
        p->weight[at] = p->weight[at - 1];
    }
    p->keys.v[at] = key;
    p->weight[at] = bytes;
}

bool search_packed_part(struct ctx *x, struct search_packed *p, int64_t part, struct search_set *out)
{
    int64_t from = part * p->pack.part, group = from / SEARCH_GROUP;
    sv list;

    if (p->group != group && !group_own(x, p, group))
        return false;
    memset(out, 0, sizeof(*out));
    memcpy(out->bits, p->own + from % SEARCH_GROUP / 64, (size_t)p->pack.part / 8);
    for (size_t i = 0; i < p->keys.n && !search_set_none(out); i++) {
        int64_t id = part << SEARCH_KEY | p->keys.v[i];
        if (!search_sql_list(x, id, &list))
            return false;
        weigh(p, i, list.n);
        if (list.n == 0)
            memset(out, 0, sizeof(*out));
        else if (!search_list_and(list, out))
            return fail(&x->failure, E_INTERNAL, "search: list %" PRId64 " is damaged", id);
    }
    return true;
}
