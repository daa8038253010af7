/* svc/monitor/audit_check.c: stretch by stretch, each in an arena of its own: a log may have millions of rows. */
#include "svc/monitor/audit_check.h"
#include "svc/monitor/audit_term.h"

#include <string.h>

#define ROWS_AT_ONCE 1000

static bool equal(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

static enum err err_of(sv code)
{
    for (int e = E_NONE; e < E_COUNT; e++)
        if (sv_equal(code, sv_c(err_def((enum err)e)->code)))
            return (enum err)e;
    return E_COUNT;
}

/* False: it is not the row that was written (a kind or a result that nobody writes is none either). */
static bool row_leaf(struct ctx *x, struct rows *r, int64_t tenant, struct sha256 *leaf)
{
    struct audit_row row = {.seq = row_int(r, 0), .time_ms = row_int(r, 1), .actor = row_id(r, 2), .channel = (int)row_int(r, 3),
                            .ip = row_text(r, 4), .object = row_id(r, 6), .count = row_int(r, 8)};
    sv detail_hash = row_blob(r, 10), salt = row_blob(r, 11);
    struct sha256 detail = sha256(row_sealed(r, 9, "audit.detail", row.seq));
    struct str bytes = STR_IN(x->arena);

    row.result = err_of(row_text(r, 7));
    if (!audit_find(row_text(r, 5), &row.kind) || row.result == E_COUNT || !sv_equal(detail_hash, sv_n(detail.b, 32)))
        return false;
    audit_canonical(&bytes, tenant, &row, &detail);
    str_put(&bytes, salt);
    *leaf = tree_leaf(str_sv(&bytes));
    return sv_equal(row_blob(r, 12), sv_n(leaf->b, 32));
}

/* Rows from behind the tree's last on. */
static bool stretch(struct ctx *x, int64_t tenant, struct tree *t, uint64_t size, struct sha256 *at, int64_t *wrong, size_t *got)
{
    ROWS r = db_query(x->db, "SELECT seq, time_ms, actor, channel, ip, kind, object, result, count, detail, detail_hash,"
                             " salt, leaf FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2",
                      INT((int64_t)t->size), INT(ROWS_AT_ONCE));

    for (*got = 0; !*wrong && rows_next(&r); (*got)++) {
        struct sha256 leaf;
        if (row_int(&r, 0) != (int64_t)t->size + 1 || !row_leaf(x, &r, tenant, &leaf))
            *wrong = (int64_t)t->size + 1;
        else
            tree_add(t, &leaf);
        if (t->size == size)
            *at = tree_root(t);
    }
    return rows_ok(&r);
}

bool audit_check(struct ctx *x, int64_t tenant, uint64_t size, const struct sha256 *root, struct audit_check *out)
{
    struct arena *own = x->arena;
    struct tree t, stored;
    struct sha256 at;
    bool ok;

    *out = (struct audit_check){0};
    if (!audit_term_gone(x, &t) || !audit_load(x->db, &stored))
        return false;
    at = tree_root(&t);
    bool before = size <= t.size;                         /* signed rows that are erased: their head cannot be looked at */
    ok = true;
    for (size_t got = ROWS_AT_ONCE; ok && got == ROWS_AT_ONCE && !out->wrong;) {
        x->arena = arena_new(64 * 1024);
        db_use(x->db, x->arena, &x->failure);
        ok = stretch(x, tenant, &t, size, &at, &out->wrong, &got);
        arena_free(&x->arena);
    }
    x->arena = own;
    db_use(x->db, own, &x->failure);
    struct sha256 now = tree_root(&t), want = tree_root(&stored);
    out->rows = (int64_t)t.size;
    out->root = now;
    out->tree = t.size == stored.size && equal(&now, &want);
    out->head = before ? size <= stored.size : t.size >= size && equal(&at, root);
    return ok;
}
