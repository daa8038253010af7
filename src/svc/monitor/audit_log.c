/* svc/monitor/audit_log.c: pages and the export. The export has no names and no detail: what it proves is that nobody
 * changed a row; its lines hold the fields under the hash, the detail only by its hash. */
#include "svc/monitor/audit_log.h"
#include "svc/monitor/audit_log_sql.h"
#include "svc/monitor/audit_term.h"

#define EXPORT_ROWS 500

bool audit_log_page(struct ctx *x, int64_t before, int64_t limit, struct audit_entries *out, bool *more)
{
    int64_t kept;

    if (!audit_term_from(x, &kept) || !audit_log_sql_page(x, kept, before ? before : INT64_MAX, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool audit_log_head(struct ctx *x, int64_t *size, sv *root_hex)
{
    struct str hex = STR_IN(x->arena);
    struct tree t;

    if (!audit_load(x->db, &t))
        return false;
    struct sha256 root = tree_root(&t);
    hex_put(&hex, sv_n(root.b, 32));
    *size = (int64_t)t.size;
    *root_hex = str_sv(&hex);
    return true;
}

static void row_line(struct str *s, const struct audit_entry *e)
{
    str_printf(s, "row %" PRId64 " %" PRId64 " %" PRId64 " %s %.*s %.*s %" PRId64 " %.*s %" PRId64 " ", e->seq,
               e->time_ms, e->actor.n, e->channel ? channel_name(e->channel) : "-",
               SV_ARG(e->ip.n ? e->ip : SV("-")), SV_ARG(e->act), e->object.n, SV_ARG(e->result), e->count);
    hex_put(s, e->detail_hash);
    str_char(s, ' ');
    hex_put(s, e->salt);
    str_char(s, ' ');
    hex_put(s, e->leaf);
    str_char(s, '\n');
}

/* Of rows that are erased: how many, and the roots of their subtrees, from the largest on. */
static bool export_gone(struct ctx *x, int64_t *size, void (*put)(void *, sv), void *to)
{
    struct str s = {0};
    struct tree gone;

    if (!audit_term_gone(x, &gone))
        return false;
    *size = (int64_t)gone.size;
    if (gone.size)
        str_printf(&s, "gone %" PRIu64 "\n", gone.size);
    for (unsigned i = 0; i < gone.n; i++) {
        str_c(&s, "root ");
        hex_put(&s, sv_n(gone.at[i].b, 32));
        str_char(&s, '\n');
    }
    if (s.n)
        put(to, str_sv(&s));
    str_release(&s);
    return true;
}

static bool export_rows(struct ctx *x, int64_t gone, void (*put)(void *, sv), void *to)
{
    struct str s = {0};
    int64_t next = gone + 1;
    bool ok = true;

    for (;;) {
        struct audit_entries page = {0};
        ok = audit_log_sql_from(x, next, EXPORT_ROWS, &page);
        if (ok && page.n && page.v[0].seq != next)
            ok = fail(&x->failure, E_RETRY, "rows were erased while the export was written");
        str_reset(&s);
        for (size_t i = 0; ok && i < page.n; i++)
            row_line(&s, &page.v[i]);
        if (s.n)
            put(to, str_sv(&s));
        if (!ok || page.n < EXPORT_ROWS)
            break;
        next = page.v[page.n - 1].seq + 1;
    }
    str_release(&s);
    return ok;
}

static bool export_heads(struct ctx *x, void (*put)(void *, sv), void *to)
{
    struct str s = {0};
    int64_t above = 0;
    bool ok = true;

    for (;;) {
        struct signed_heads page = {0};
        ok = audit_log_sql_heads(x, above, EXPORT_ROWS, &page);
        str_reset(&s);
        for (size_t i = 0; ok && i < page.n; i++) {
            str_printf(&s, "head %" PRId64 " %" PRId64 " ", page.v[i].size, page.v[i].time_ms);
            hex_put(&s, page.v[i].root);
            str_char(&s, ' ');
            hex_put(&s, page.v[i].signature);
            str_char(&s, '\n');
        }
        if (s.n)
            put(to, str_sv(&s));
        if (!ok || page.n < EXPORT_ROWS)
            break;
        above = page.v[page.n - 1].size;
    }
    str_release(&s);
    return ok;
}

/* Of one moment: rows that are written meanwhile are in none of its parts, or the tree would have more than there are. */
bool audit_log_export(struct ctx *x, int64_t tenant, void (*put)(void *to, sv piece), void *to)
{
    MOMENT m = moment_begin(x->db);
    int64_t size, gone;
    sv root;

    if (!m.open)
        return false;
    put(to, sv_printf(x->arena, "engawa audit export 1\ntenant %" PRId64 "\n", tenant));
    if (!export_gone(x, &gone, put, to) || !export_rows(x, gone, put, to) || !export_heads(x, put, to) || !audit_log_head(x, &size, &root))
        return false;
    put(to, sv_printf(x->arena, "tree %" PRId64 " %.*s\nend\n", size, SV_ARG(root)));
    return true;
}

bool audit_log_sign_store(struct ctx *x, int64_t size, sv root, int64_t time_ms, sv signature)
{
    struct signed_head h = {size, time_ms, root, signature};

    return audit_log_sql_head_add(x, &h);
}
