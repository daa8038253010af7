/* svc/talk/search_index.c: the writer's work for the index: what is to be done is done in the transaction that says so. */
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_block.h"
#include "svc/talk/search_pack.h"
#include "svc/talk/search_part.h"
#include "svc/talk/search_place.h"
#include "svc/talk/search_sql.h"

#include <stdlib.h>

#define PIECE 256                                         /* messages */
#define AGAIN 250                                         /* messages of a piece that says that they are to be done */

struct doc {
    int64_t n;
    sv tokens;
};
struct docs {
    struct doc *v;
    size_t n, cap;
};

static void doc_add(struct ctx *x, int64_t n, id64 message, const struct search_text *t, struct docs *docs)
{
    struct folded f = fold_places(x->arena, search_whole(x->arena, t));
    struct str s = STR_IN(x->arena);

    search_tokens(&s, &f);
    search_label(&s, SEARCH_ROOM, talk_room_of(message).n);
    if (t->author.n)
        search_label(&s, SEARCH_AUTHOR, t->author.n);
    *PUSH(x->arena, docs) = (struct doc){n, str_sv(&s)};
}

/* *n: -1 where it was packed: what is said now needs another number. */
static bool take_out(struct ctx *x, int64_t packed, int64_t *n)
{
    bool ok = *n < packed ? search_pack_remove(x, *n) : search_remove(x->db, *n);

    *n = *n < packed ? -1 : *n;
    return ok && search_sql_removed_add(x);
}

struct indexing {
    struct docs docs;
    struct search_block block;
    int64_t packed, low;                                  /* numbers below were packed; the first that may be given */
};

/* A message that changed keeps its number, but in a packed part. */
static bool put_in(struct ctx *x, struct indexing *k, const struct search_todo *t)
{
    struct search_text text;
    int64_t n = -1;
    bool there;

    if (!search_sql_read(x, t->message, ID_NONE, &text) ||
        (t->known && !search_number_of(x, t->message, t->sent_ms, &n)))
        return false;
    there = text.there && search_has_words(&text);
    if (n >= 0 && !take_out(x, k->packed, &n))
        return false;
    if (!there)
        return n < 0 || search_sql_unplace(x, n);
    if (n < 0 && (!search_number_new(x, k->low, t->sent_ms, &n) ||
                  (n >= 0 && (!search_sql_place(x, n, t->message, t->sent_ms) ||
                              !search_block_set(x, &k->block, n, talk_room_of(t->message))))))
        return false;
    if (n >= 0)
        doc_add(x, n, t->message, &text, &k->docs);
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct doc *l = a, *r = b;

    return (l->n > r->n) - (l->n < r->n);
}

/* An index that another version made is made anew, piece by piece: it leaves the store, then all that was said is to be done.
 * Below zero: that is under way. */
static bool anew_piece(struct ctx *x, int64_t version)
{
    bool more = true;

    if (version != -SEARCH_VERSION)
        return search_clear(x->db) && search_pack_anew(x) && search_sql_anew(x, -SEARCH_VERSION);
    if (!search_sql_drop(x, &more) || (!more && !search_sql_again(x, AGAIN, &more)))
        return false;
    return more || search_sql_anew(x, SEARCH_VERSION);
}

/* The index wants ascending numbers. */
static bool docs_put(struct ctx *x, struct docs *docs)
{
    if (docs->n > 1)
        qsort(docs->v, docs->n, sizeof(*docs->v), by_number);
    for (size_t i = 0; i < docs->n; i++)
        if (!search_put(x->db, docs->v[i].n, docs->v[i].tokens))
            return false;
    return true;
}

/* A full part is packed before the next number is given; until then what was said is found among what is to be done. */
bool talk_search_index(struct ctx *x, bool *more)
{
    struct indexing *k = ANEW(x->arena, struct indexing);
    struct search_todos todo = {0};
    struct search_pack pack;
    int64_t version, left;

    *more = true;
    if (!search_sql_version(x, &version))
        return false;
    if (version != SEARCH_VERSION)
        return anew_piece(x, version);
    if (!search_pack_read(x, &pack) || !search_pack_room(x, &pack, &left))
        return false;
    *more = left <= 0;
    if (*more)
        return search_pack_piece(x, &pack);
    size_t max = left < PIECE ? (size_t)left : PIECE;
    if (!search_sql_todo(x, max, &todo))
        return false;
    *more = todo.n == max;
    k->block.at = -1;
    k->packed = search_pack_below(&pack);
    k->low = search_pack_low(&pack);
    for (size_t i = 0; i < todo.n; i++)
        if (!put_in(x, k, &todo.v[i]) || !search_sql_done(x, todo.v[i].message))
            return false;
    return search_block_keep(x, &k->block) && docs_put(x, &k->docs);
}

bool talk_search_waits(struct ctx *x, bool *any)
{
    int64_t version;

    if (!search_sql_version(x, &version))
        return false;
    *any = version != SEARCH_VERSION;
    return *any || search_sql_any_todo(x, any);
}

bool talk_search_tidy(struct ctx *x, bool *more)
{
    int64_t version, removed;

    *more = false;
    if (!search_sql_version(x, &version) || !search_sql_removed(x, &removed))
        return false;
    return version != SEARCH_VERSION || removed == 0 || (search_tidy(x->db, more) && (*more || search_pack_tidy(x, more)) &&
                            (*more || search_sql_removed_none(x)));
}
