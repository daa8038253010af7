/* svc/talk/search_packed.c: the common part of lists. */
#include "svc/talk/search_packed.h"
#include "svc/talk/search_block.h"

#include <string.h>

#define LOOK 2048                                         /* bytes of lists that take the time of a look at one message */

void search_packed_begin(struct search_packed *p)
{
    p->group = -1;
}

static bool own_add(struct ctx *x, struct search_packed *p, sv numbers)
{
    return search_gaps_read(numbers, p->own, SEARCH_GROUP) ||
           fail(&x->failure, E_INTERNAL, "search: numbers of a room are damaged");
}

static bool room_own(struct ctx *x, struct search_packed *p, int64_t group, uint16_t mark)
{
    sv numbers;

    return search_sql_numbers(x, search_room_id(group, mark), &numbers) && own_add(x, p, numbers);
}

static bool rooms_own(struct ctx *x, struct search_packed *p, int64_t group)
{
    ROWS r = search_sql_numbers_mine(x, search_room_id(group, 0));

    while (rows_next(&r))
        if (!own_add(x, p, row_blob(&r, 0)))
            return false;
    return rows_ok(&r);
}

/* Mark 0 is that of numbers of which no room is known. */
static bool group_own(struct ctx *x, struct search_packed *p, int64_t group)
{
    p->own = p->own ? p->own : ANEWN(x->arena, uint64_t, SEARCH_GROUP / 64);
    memset(p->own, 0, SEARCH_GROUP / 8);
    p->group = group;
    return room_own(x, p, group, 0) &&
           (p->rooms->n == 1 ? room_own(x, p, group, search_block_mark((id64){p->rooms->v[0].id})) : rooms_own(x, p, group));
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

/* Those of the rooms. */
static bool own_parts(struct ctx *x, struct search_packed *p, int64_t first, int64_t n)
{
    int64_t from = first * p->pack.part;

    if (p->group != from / SEARCH_GROUP && !group_own(x, p, from / SEARCH_GROUP))
        return false;
    for (int64_t i = 0; i < n; i++, from += p->pack.part) {
        memset(&p->found[i], 0, sizeof(p->found[i]));
        memcpy(p->found[i].bits, p->own + from % SEARCH_GROUP / 64, (size_t)p->pack.part / 8);
    }
    return true;
}

static void none(struct search_packed *p, int64_t from, int64_t below)
{
    for (; from < below; from++)
        memset(&p->found[from], 0, sizeof(p->found[from]));
}

/* Leaves what has the key too: where a part has no list of it, nothing does. */
static bool key_and(struct ctx *x, struct search_packed *p, size_t key, int64_t first, int64_t n)
{
    int64_t id = search_list_id(first, p->keys.v[key]), at = 0;
    ROWS r = search_sql_lists_between(x, id, id + n - 1);
    size_t bytes = 0;

    for (; rows_next(&r); at++) {
        sv list = row_blob(&r, 1);
        none(p, at, row_int(&r, 0) - id);
        at = row_int(&r, 0) - id;
        if (!search_list_and(list, &p->found[at]))
            return fail(&x->failure, E_INTERNAL, "search: list %" PRId64 " is damaged", id + at);
        bytes += list.n;
    }
    none(p, at, n);
    weigh(p, key, bytes / (size_t)n);
    return rows_ok(&r);
}

static size_t count(const struct search_packed *p, int64_t n, size_t max)
{
    size_t all = 0;

    for (int64_t i = 0; i < n && all < max; i++)
        all += search_set_count(&p->found[i], max - all);
    return all;
}

/* Whether a look at the messages that are left costs less than one at a key's lists: so few are left to the comparison. */
static bool few(const struct search_packed *p, int64_t n, size_t key)
{
    size_t max = p->weight[key] * (size_t)n / LOOK;

    return count(p, n, max + 1) <= max;
}

bool search_packed_parts(struct ctx *x, struct search_packed *p, int64_t first, int64_t last)
{
    int64_t n = last - first + 1;

    if (!own_parts(x, p, first, n))
        return false;
    for (size_t i = 0; i < p->keys.n && !few(p, n, i); i++)
        if (!key_and(x, p, i, first, n))
            return false;
    return true;
}
