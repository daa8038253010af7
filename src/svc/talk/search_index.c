/* svc/talk/search_index.c: the writer's work for the index: what is to be done is done in the transaction that says so. */
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
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

/* The next free number; -1: none is left, which takes SEARCH_SPREAD_MS * SEARCH_COUNTS messages of one moment and room. */
static bool number_free(struct ctx *x, id64 room, int64_t sent_ms, int64_t *n)
{
    for (int64_t ms = 0; ms < SEARCH_SPREAD_MS; ms++) {
        int64_t from = search_later(search_number(sent_ms, room), ms), last;
        if (!search_sql_last(x, from, from + SEARCH_COUNTS, &last))
            return false;
        if (last < from + SEARCH_COUNTS - 1) {
            *n = last < 0 ? from : last + 1;
            return true;
        }
    }
    *n = -1;
    return true;
}

static bool take_out(struct ctx *x, const struct search_todo *t)
{
    int64_t from = search_time(t->sent_ms), n;

    if (!search_sql_number(x, from, search_later(from, SEARCH_SPREAD_MS), t->message, &n))
        return false;
    return n < 0 || (search_remove(x->db, n) && search_sql_unplace(x, n));
}

static sv tokens_of(struct ctx *x, id64 message, const struct search_text *t)
{
    struct folded f = fold_places(x->arena, search_whole(x->arena, t));
    struct str s = STR_IN(x->arena);

    search_tokens(&s, &f);
    search_label(&s, SEARCH_ROOM, talk_room_of(message).n);
    if (t->author.n)
        search_label(&s, SEARCH_AUTHOR, t->author.n);
    return str_sv(&s);
}

static bool put_in(struct ctx *x, const struct search_todo *t, struct docs *docs)
{
    struct search_text text;
    int64_t n;

    if (!search_sql_read(x, t->message, ID_NONE, &text))
        return false;
    if (!text.there || !search_has_words(&text))
        return true;
    if (!number_free(x, talk_room_of(t->message), text.sent_ms, &n))
        return false;
    if (n < 0)
        return true;
    *PUSH(x->arena, docs) = (struct doc){n, tokens_of(x, t->message, &text)};
    return search_sql_place(x, n, t->message);
}

static int by_time(const void *a, const void *b)
{
    const struct search_todo *l = a, *r = b;

    return l->sent_ms != r->sent_ms ? (l->sent_ms > r->sent_ms) - (l->sent_ms < r->sent_ms)
                                    : (l->message.n > r->message.n) - (l->message.n < r->message.n);
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

/* The index wants ascending numbers; places are given by time, so that they follow the order in a room. */
bool talk_search_index(struct ctx *x, bool *more)
{
    struct search_todos todo = {0};
    struct docs docs = {0};

    if (!version_right(x) || !search_sql_todo(x, PIECE, &todo))
        return false;
    *more = todo.n == PIECE;
    if (todo.n > 1)
        qsort(todo.v, todo.n, sizeof(*todo.v), by_time);
    for (size_t i = 0; i < todo.n; i++)
        if ((todo.v[i].known && !take_out(x, &todo.v[i])) || !put_in(x, &todo.v[i], &docs) ||
            !search_sql_done(x, todo.v[i].message))
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
    return search_sql_any_todo(x, any);
}
