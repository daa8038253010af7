/* svc/monitor/audit_log_sql.c: audit rows with the names of the members they speak of. */
#include "svc/monitor/audit_log_sql.h"

#define ENTRY_COLS "a.seq, a.time_ms, a.actor, a.channel, a.ip, a.kind, a.object, a.result, a.count, a.detail,"         \
                   " COALESCE(m.family, ''), COALESCE(m.given, ''), COALESCE(o.family, ''), COALESCE(o.given, ''),"   \
                   " a.detail_hash, a.salt, a.leaf"
#define ENTRY_FROM " FROM audit a LEFT JOIN member m ON m.id = a.actor LEFT JOIN member o ON o.id = a.object "

static sv full_name(struct ctx *x, sv family, sv given)
{
    if (family.n && given.n)
        return sv_printf(x->arena, "%.*s %.*s", SV_ARG(family), SV_ARG(given));
    return family.n ? family : given;
}

static void entry_read(struct ctx *x, struct rows *r, struct audit_entry *e)
{
    e->seq = row_int(r, 0);
    e->time_ms = row_int(r, 1);
    e->actor = row_id(r, 2);
    e->channel = (enum channel)row_int(r, 3);
    e->ip = row_text(r, 4);
    e->act = row_text(r, 5);
    e->object = row_id(r, 6);
    e->result = row_text(r, 7);
    e->count = row_int(r, 8);
    e->detail = row_sealed(r, 9, "audit.detail", e->seq);
    e->actor_name = full_name(x, row_text(r, 10), row_text(r, 11));
    e->object_name = full_name(x, row_text(r, 12), row_text(r, 13));
    e->detail_hash = row_blob(r, 14);
    e->salt = row_blob(r, 15);
    e->leaf = row_blob(r, 16);
}

bool audit_log_sql_page(struct ctx *x, int64_t before, int64_t max, struct audit_entries *out)
{
    ROWS r = db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.seq < $1 ORDER BY a.seq DESC LIMIT $2",
                      INT(before), INT(max));

    while (rows_next(&r))
        entry_read(x, &r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool audit_log_sql_from(struct ctx *x, int64_t seq, int64_t max, struct audit_entries *out)
{
    ROWS r = db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.seq >= $1 ORDER BY a.seq LIMIT $2", INT(seq),
                      INT(max));

    while (rows_next(&r))
        entry_read(x, &r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool audit_log_sql_heads(struct ctx *x, int64_t above, int64_t max, struct signed_heads *out)
{
    ROWS r = db_query(x->db, "SELECT size, time_ms, root, signature FROM audit_head WHERE size > $1 ORDER BY size LIMIT $2",
                      INT(above), INT(max));

    while (rows_next(&r)) {
        struct signed_head *h = PUSH(x->arena, out);
        h->size = row_int(&r, 0);
        h->time_ms = row_int(&r, 1);
        h->root = row_blob(&r, 2);
        h->signature = row_blob(&r, 3);
    }
    return rows_ok(&r);
}

bool audit_log_sql_head_add(struct ctx *x, const struct signed_head *h)
{
    return db_exec(x->db, "INSERT INTO audit_head (size, root, time_ms, signature) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (size) DO NOTHING",
                   INT(h->size), BLOB(h->root), INT(h->time_ms), BLOB(h->signature));
}
