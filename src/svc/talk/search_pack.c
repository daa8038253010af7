/* svc/talk/search_pack.c: from the engine's index to lists, and what leaves them. */
#include "svc/talk/search_pack.h"
#include "store/search.h"
#include "svc/talk/search_block.h"
#include "svc/talk/search_part.h"

#include <stdlib.h>
#include <string.h>

#define POSTINGS 12000                                    /* of a piece, and one token's */
#define STEP     2048                                     /* numbers of a part for each step in which its rooms are gone through */
#define LISTS    500                                      /* of a piece of tidying */

bool search_pack_read(struct ctx *x, struct search_pack *p)
{
    ROWS r = db_query(x->db, "SELECT part, packed, term, step, tidied FROM search_pack WHERE id = 1");

    *p = (struct search_pack){.part = SEARCH_PART, .term = SV(""), .tidied = -1};
    if (rows_next(&r))
        *p = (struct search_pack){row_int(&r, 0), row_int(&r, 1), row_text(&r, 2), row_int(&r, 3), row_int(&r, 4)};
    if (p->part < 64 || p->part > SEARCH_PART || SEARCH_GROUP % p->part)
        return fail(&x->failure, E_INTERNAL, "search: parts of %" PRId64 " numbers", p->part);
    return rows_ok(&r);
}

static bool pack_write(struct ctx *x, const struct search_pack *p)
{
    return db_exec(x->db, "UPDATE search_pack SET packed = $1, term = $2, step = $3, tidied = $4 WHERE id = 1", INT(p->packed),
                   TEXT(p->term), INT(p->step), INT(p->tidied));
}

int64_t search_pack_below(const struct search_pack *p)
{
    return p->packed * p->part;
}

int64_t search_list_id(int64_t part, int64_t key)
{
    return (part / SEARCH_SPAN << SEARCH_KEY | key) * SEARCH_SPAN + part % SEARCH_SPAN;
}

int64_t search_pack_low(const struct search_pack *p)
{
    return p->packed ? search_pack_below(p) : 1;
}

bool search_pack_room(struct ctx *x, const struct search_pack *p, int64_t *left)
{
    int64_t last;

    if (!search_sql_last(x, 0, SEARCH_LATE, &last))
        return false;
    last = last < search_pack_low(p) ? search_pack_low(p) - 1 : last;
    *left = search_pack_below(p) + p->part - 1 - last;
    return true;
}

/* ---- tokens ---- */

static bool bad(struct ctx *x, int64_t id)
{
    return fail(&x->failure, E_INTERNAL, "search: list %" PRId64 " is damaged", id);
}

/* Tokens of one key have one list. */
static bool list_add(struct ctx *x, int64_t id, struct search_set *s)
{
    struct str out = STR_IN(x->arena);
    sv had;

    if (!search_sql_list(x, id, &had))
        return false;
    if (had.n && !search_list_read(had, s))
        return bad(x, id);
    search_list_write(&out, s);
    return search_sql_list_set(x, id, str_sv(&out));
}

static bool of_room(struct ctx *x, sv term)
{
    struct str room = STR_IN(x->arena);

    search_label(&room, SEARCH_ROOM, 0);
    return term.n && sv_starts(term, sv_upto(str_sv(&room), room.n - 1));
}

struct packing {
    struct search_pack *p;
    sv term;                                              /* whose set it is; empty: none so far */
    bool passed;                                          /* a room's, of which lists of their own tell */
    struct search_set set;
};

static bool term_end(struct ctx *x, struct packing *k)
{
    if (k->term.n && !k->passed && !search_set_none(&k->set) && !list_add(x, search_list_id(k->p->packed, search_key(k->term)), &k->set))
        return false;
    k->p->term = k->term.n ? k->term : k->p->term;
    return true;
}

/* *more: the tokens did not end. */
static bool tokens_pack(struct ctx *x, struct search_pack *p, bool *more)
{
    struct packing *k = ANEW(x->arena, struct packing);
    int64_t from = search_pack_below(p);
    ROWS r = search_terms(x->db, p->term);

    *more = false;
    *k = (struct packing){.p = p, .term = SV("")};
    for (int postings = 0; rows_next(&r); postings++) {
        sv term = row_text(&r, 0);
        int64_t at = row_int(&r, 1) - from;
        if (!sv_equal(term, k->term)) {
            if (!term_end(x, k))
                return false;
            if (postings > POSTINGS) {
                *more = true;
                return true;
            }
            k->term = term;
            k->passed = of_room(x, term);
            memset(&k->set, 0, sizeof(k->set));
        }
        if (at >= 0 && at < p->part)
            search_set_add(&k->set, (size_t)at);
    }
    return rows_ok(&r) && term_end(x, k);
}

/* ---- rooms ---- */

struct of_mark {
    uint16_t mark;
    int64_t n;
};

static int by_mark(const void *a, const void *b)
{
    const struct of_mark *l = a, *r = b;

    return l->mark != r->mark ? (l->mark > r->mark) - (l->mark < r->mark) : (l->n > r->n) - (l->n < r->n);
}

static bool last_of(sv numbers, int64_t *last)
{
    *last = -1;
    while (numbers.n)
        if (!search_gap_read(&numbers, last))
            return false;
    return true;
}

static bool room_add(struct ctx *x, int64_t id, const struct of_mark *v, size_t n)
{
    struct str out = STR_IN(x->arena);
    int64_t last;
    sv had;

    if (!search_sql_numbers(x, id, &had))
        return false;
    if (!last_of(had, &last))
        return bad(x, id);
    str_put(&out, had);
    for (size_t i = 0; i < n; i++) {
        int64_t at = v[i].n % SEARCH_GROUP;
        if (at > last)
            search_gap_write(&out, last, at);
        last = at > last ? at : last;
    }
    return search_sql_numbers_set(x, id, str_sv(&out));
}

int64_t search_pack_steps(const struct search_pack *p)
{
    return (p->part + STEP - 1) / STEP;
}

/* Those of the marks of this step. */
static bool rooms_pack(struct ctx *x, const struct search_pack *p)
{
    struct of_mark *v = ANEWN(x->arena, struct of_mark, (size_t)p->part);
    struct search_block block = {.at = -1};
    int64_t from = search_pack_below(p);
    size_t n = 0, end;

    for (int64_t i = from; i < from + p->part; i++) {
        uint16_t mark;
        if (!search_block_get(x, &block, i, &mark))
            return false;
        if (mark * search_pack_steps(p) >> 16 == p->step - 1)
            v[n++] = (struct of_mark){mark, i};
    }
    qsort(v, n, sizeof(*v), by_mark);
    for (size_t at = 0; at < n; at = end) {
        for (end = at + 1; end < n && v[end].mark == v[at].mark; end++)
            ;
        if (!room_add(x, search_room_id(from / SEARCH_GROUP, v[at].mark), v + at, end - at))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

bool search_pack_piece(struct ctx *x, struct search_pack *p)
{
    bool more = false;

    if (p->step == 0) {
        if (!tokens_pack(x, p, &more))
            return false;
        p->step = more ? 0 : 1;
    } else if (p->step <= search_pack_steps(p)) {
        if (!rooms_pack(x, p))
            return false;
        p->step++;
    } else {
        if (!search_clear_fresh(x->db))
            return false;
        *p = (struct search_pack){p->part, p->packed + 1, SV(""), 0, p->tidied};
    }
    return pack_write(x, p);
}

/* ---- what leaves ---- */

bool search_pack_remove(struct ctx *x, int64_t n)
{
    return db_exec(x->db, "INSERT INTO search_hole (n, taken) VALUES ($1, 0) ON CONFLICT (n) DO NOTHING", INT(n)) &&
           search_sql_unplace(x, n);
}

static bool first_hole(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT n FROM search_hole ORDER BY n LIMIT 1");

    *n = rows_next(&r) ? row_int(&r, 0) : -1;
    return rows_ok(&r);
}

/* Those that were taken, part by part of their span. */
static bool holes_read(struct ctx *x, const struct search_pack *p, int64_t part, struct search_set holes[SEARCH_SPAN])
{
    int64_t from = part * p->part;
    ROWS r = db_query(x->db, "SELECT n FROM search_hole WHERE taken = 1 AND n >= $1 AND n < $2", INT(from),
                      INT(from + SEARCH_SPAN * p->part));

    while (rows_next(&r)) {
        int64_t at = row_int(&r, 0) - from;
        search_set_add(&holes[at / p->part], (size_t)(at % p->part));
    }
    return rows_ok(&r);
}

static bool list_without(struct ctx *x, const struct search_list_row *row, const struct search_set *holes)
{
    struct str out = STR_IN(x->arena);
    struct search_set s;
    uint64_t hit = 0;

    memset(&s, 0, sizeof(s));
    if (!search_list_read(row->list, &s))
        return bad(x, row->id);
    for (size_t i = 0; i < COUNT(s.bits); i++) {
        hit |= s.bits[i] & holes->bits[i];
        s.bits[i] &= ~holes->bits[i];
    }
    if (!hit)
        return true;
    if (search_set_none(&s))
        return search_sql_list_none(x, row->id);
    search_list_write(&out, &s);
    return search_sql_list_set(x, row->id, str_sv(&out));
}

/* The lists of a span are gone through once for all holes that it has when that begins. */
static bool holes_begin(struct ctx *x, struct search_pack *p, int64_t n)
{
    int64_t part = n / p->part / SEARCH_SPAN * SEARCH_SPAN;

    p->tidied = search_list_id(part, 0);
    return db_exec(x->db, "UPDATE search_hole SET taken = 1 WHERE n >= $1 AND n < $2", INT(part * p->part),
                   INT((part + SEARCH_SPAN) * p->part)) &&
           pack_write(x, p);
}

static bool holes_piece(struct ctx *x, struct search_pack *p)
{
    int64_t part = (p->tidied >> SEARCH_KEY) / SEARCH_SPAN * SEARCH_SPAN;
    struct search_set *holes = ANEWN(x->arena, struct search_set, SEARCH_SPAN);
    struct search_list_rows rows = {0};

    if (!holes_read(x, p, part, holes) || !search_sql_lists(x, p->tidied, search_list_id(part + SEARCH_SPAN, 0), LISTS, &rows))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        if (!list_without(x, &rows.v[i], &holes[rows.v[i].id % SEARCH_SPAN]))
            return false;
        p->tidied = rows.v[i].id + 1;
    }
    if (rows.n == LISTS)
        return pack_write(x, p);
    p->tidied = -1;
    return pack_write(x, p) && db_exec(x->db, "DELETE FROM search_hole WHERE taken = 1");
}

bool search_pack_tidy(struct ctx *x, bool *more)
{
    struct search_pack p;
    int64_t n;

    if (!search_pack_read(x, &p) || !first_hole(x, &n))
        return false;
    *more = n >= 0;
    if (n < 0)
        return true;
    return p.tidied < 0 ? holes_begin(x, &p, n) : holes_piece(x, &p);
}

bool search_pack_anew(struct ctx *x)
{
    return db_exec(x->db, "UPDATE search_pack SET packed = 0, term = '', step = 0, tidied = -1 WHERE id = 1");
}
