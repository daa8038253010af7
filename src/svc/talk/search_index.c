/* svc/talk/search_index.c: the writer's work for the index: what is to be done is done in the transaction that says so. */
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_block.h"
#include "svc/talk/search_part.h"
#include "svc/talk/search_place.h"
#include "svc/talk/search_sql.h"

#include <stdlib.h>

#define PIECE 256                                         /* messages */

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

/* A message that changed keeps its number. */
static bool put_in(struct ctx *x, const struct search_todo *t, struct docs *docs, struct search_block *block)
{
    struct search_text text;
    int64_t n = -1;
    bool there;

    if (!search_sql_read(x, t->message, ID_NONE, &text) ||
        (t->known && !search_number_of(x, t->message, t->sent_ms, &n)))
        return false;
    there = text.there && search_has_words(&text);
    if (n >= 0 && (!search_remove(x->db, n) || !search_sql_removed_add(x)))
        return false;
    if (!there)
        return n < 0 || search_sql_unplace(x, n);
    if (n < 0 && (!search_number_new(x, t->sent_ms, &n) ||
                  (n >= 0 && (!search_sql_place(x, n, t->message, t->sent_ms) ||
                              !search_block_set(x, block, n, talk_room_of(t->message))))))
        return false;
    if (n >= 0)
        doc_add(x, n, t->message, &text, docs);
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct doc *l = a, *r = b;

    return (l->n > r->n) - (l->n < r->n);
}

/* An index that another version made is made anew. */
static bool version_right(struct ctx *x)
{
    int64_t version;

    if (!search_sql_version(x, &version))
        return false;
    return version == SEARCH_VERSION || (search_clear(x->db) && search_sql_anew(x, SEARCH_VERSION));
}

/* The index wants ascending numbers. */
bool talk_search_index(struct ctx *x, bool *more)
{
    struct search_todos todo = {0};
    struct docs docs = {0};
    struct search_block block = {.at = -1};

    if (!version_right(x) || !search_sql_todo(x, PIECE, &todo))
        return false;
    *more = todo.n == PIECE;
    for (size_t i = 0; i < todo.n; i++)
        if (!put_in(x, &todo.v[i], &docs, &block) || !search_sql_done(x, todo.v[i].message))
            return false;
    if (!search_block_keep(x, &block))
        return false;
    if (docs.n > 1)
        qsort(docs.v, docs.n, sizeof(*docs.v), by_number);
    for (size_t i = 0; i < docs.n; i++)
        if (!search_put(x->db, docs.v[i].n, docs.v[i].tokens))
            return false;
    return true;
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
    int64_t removed;

    *more = false;
    if (!search_sql_removed(x, &removed))
        return false;
    return removed == 0 || (search_tidy(x->db, more) && (*more || search_sql_removed_none(x)));
}
