/* svc/monitor/audit_log_sql.c: audit rows with the names of whom and what they speak of. */
#include "svc/monitor/audit_log_sql.h"
#include "base/json.h"
#include "core/full_name.h"

#define ENTRY_COLS "a.seq, a.time_ms, a.actor, a.channel, a.ip, a.kind, a.object, a.result, a.count, a.detail,"         \
                   " COALESCE(m.family, ''), COALESCE(m.given, ''), COALESCE(o.family, sm.family, ''),"                 \
                   " COALESCE(o.given, sm.given, ''), COALESCE(u.name, g.name, rm.name, l.name, f.name, ''),"           \
                   " CASE WHEN o.id IS NOT NULL THEN 1 WHEN s.id IS NOT NULL THEN 2 WHEN u.id IS NOT NULL THEN 3"       \
                   " WHEN g.id IS NOT NULL THEN 4 WHEN rm.id IS NOT NULL THEN 5 WHEN l.id IS NOT NULL THEN 6"           \
                   " WHEN f.id IS NOT NULL THEN 7 ELSE 0 END, a.leaf, COALESCE(rm.id, 0)"
#define ENTRY_FROM " FROM audit a LEFT JOIN member m ON m.id = a.actor LEFT JOIN member o ON o.id = a.object"           \
                   " LEFT JOIN session s ON s.id = a.object LEFT JOIN member sm ON sm.id = s.member"                    \
                   " LEFT JOIN unit u ON u.id = a.object LEFT JOIN groups_ g ON g.id = a.object"                        \
                   " LEFT JOIN room rm ON rm.id = CASE WHEN a.log = 'talk' AND a.object >= 4294967296"                     \
                   " THEN a.object / 4294967296 ELSE a.object END LEFT JOIN label l ON l.id = a.object"                        \
                   " LEFT JOIN file f ON f.id = a.object "

/* A session that has ended can no longer be looked up: its rows are the acts of whom it belonged to. */
static bool own_session(sv act)
{
    return sv_starts(act, SV("session.")) || sv_equal(act, SV("console.open"));
}

/* A file goes with its message; what it was called stands in the row itself. */
static void file_named(struct ctx *x, struct audit_entry *e)
{
    struct json_value v;
    const struct json_value *name;

    if (!sv_starts(e->act, SV("file.")) || !json_read(x->arena, e->detail, &v, NULL))
        return;
    name = json_get(&v, SV("name"));
    if (name && name->type == JSON_TEXT) {
        e->object_name = name->text;
        e->object_kind = "file";
    }
}

static void entry_read(struct ctx *x, struct rows *r, struct audit_entry *e)
{
    static const char *const kinds[] = {"", "member", "session", "unit", "group", "room", "label", "file"};
    sv thing = row_text(r, 14);

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
    e->actor_name = full_name(x->arena, row_text(r, 10), row_text(r, 11));
    e->object_name = thing.n ? thing : full_name(x->arena, row_text(r, 12), row_text(r, 13));
    e->object_kind = kinds[row_int(r, 15)];
    e->leaf = row_blob(r, 16);
    e->room = row_id(r, 17);
    if (e->room.n && !sv_equal(sv_c(e->object_kind), SV("room")))
        e->room = ID_NONE;
    if (e->room.n && e->room.n != e->object.n)
        e->object_kind = "message";
    if (e->object.n && !e->object_kind[0] && own_session(e->act)) {
        e->object_kind = "session";
        e->object_name = e->actor_name;
    }
    file_named(x, e);
}

sv audit_name_of(struct ctx *x, id64 member)
{
    ROWS r = db_query(x->db, "SELECT family, given FROM member WHERE id = $1", ID(member));

    return rows_next(&r) ? full_name(x->arena, row_text(&r, 0), row_text(&r, 1)) : SV("");
}

static bool entries(struct ctx *x, struct rows r, struct audit_entries *out)
{
    while (rows_next(&r))
        entry_read(x, &r, PUSH(x->arena, out));
    bool ok = rows_ok(&r);
    rows_end(&r);
    return ok;
}

bool audit_log_sql_page(struct ctx *x, int64_t from_ms, int64_t before, int64_t max, struct audit_entries *out)
{
    return entries(x, db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.seq < $1 AND a.time_ms >= $3"
                                      " ORDER BY a.seq DESC LIMIT $2",
                               INT(before), INT(max), INT(from_ms)),
                   out);
}

/* A message's number is that of its room and its own (svc/talk/talk.h), so the rows of a room are those on the room and on
 * numbers between. The same conditions each time: what stands first decides by which index the rows are found. */
#define CONDITIONS " AND a.seq < $2 AND a.seq >= $3 AND a.time_ms >= $4 AND a.time_ms < $5 AND ($6 = 0 OR a.actor = $6)"   \
                   " AND ($7 = '' OR a.kind = $7) AND ($8 = 0 OR a.object = $8) AND ($9 = '' OR a.ip = $9)"             \
                   " AND ($10 < 0 OR a.channel = $10)"                                                                 \
                   " AND ($11 = '' OR a.result = $11 OR ($11 = 'refused' AND a.result <> 'ok'))"                       \
                   " AND ($13 = 0 OR a.object = $13 OR (a.object >= $14 AND a.object < $15))"                          \
                   " ORDER BY a.seq DESC LIMIT $12"
#define CONDITION_BINDS TEXT(sv_c(q->log->log)), INT(r->high), INT(r->low), INT(r->from_ms), INT(r->to_ms), ID(q->actor),  \
                        TEXT(q->act), ID(q->object), TEXT(q->ip), INT(r->channel), TEXT(q->result), INT(max), \
                        ID(q->room), INT(first_of(q->room.n)), INT(first_of(q->room.n + 1))

/* No room has a number of more than 31 bits: what does has no messages. */
static int64_t first_of(int64_t room)
{
    return room > 0 && room <= INT32_MAX ? room << 32 : 0;
}

bool audit_log_sql_search(struct ctx *x, const struct audit_range *r, int64_t max, struct audit_entries *out)
{
    const struct audit_query *q = r->q;

    if (q->act.n)
        return entries(x, db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.kind = $7 AND a.log || '' = $1" CONDITIONS,
                                   CONDITION_BINDS),
                       out);
    if (q->actor.n)
        return entries(x, db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.actor = $6 AND a.log || '' = $1" CONDITIONS,
                                   CONDITION_BINDS),
                       out);
    if (sv_equal(sv_c(q->log->log), SV("talk")))
        return entries(x, db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.log || '' = $1" CONDITIONS, CONDITION_BINDS), out);
    return entries(x, db_query(x->db, "SELECT " ENTRY_COLS ENTRY_FROM "WHERE a.log = $1 AND a.log <> 'talk'" CONDITIONS,
                               CONDITION_BINDS),
                   out);
}

bool audit_log_sql_time(struct ctx *x, int64_t seq, int64_t *time_ms)
{
    ROWS r = db_query(x->db, "SELECT time_ms FROM audit WHERE seq >= $1 ORDER BY seq LIMIT 1", INT(seq));

    *time_ms = rows_next(&r) ? row_int(&r, 0) : INT64_MAX;
    return rows_ok(&r);
}

bool audit_log_sql_from(struct ctx *x, int64_t seq, int64_t max, struct audit_entries *out)
{
    ROWS r = db_query(x->db, "SELECT seq, time_ms, actor, channel, ip, kind, object, result, count, detail_hash, salt, leaf"
                             " FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2",
                      INT(seq), INT(max));

    while (rows_next(&r)) {
        struct audit_entry *e = PUSH(x->arena, out);
        e->seq = row_int(&r, 0);
        e->time_ms = row_int(&r, 1);
        e->actor = row_id(&r, 2);
        e->channel = (enum channel)row_int(&r, 3);
        e->ip = row_text(&r, 4);
        e->act = row_text(&r, 5);
        e->object = row_id(&r, 6);
        e->result = row_text(&r, 7);
        e->count = row_int(&r, 8);
        e->detail_hash = row_blob(&r, 9);
        e->salt = row_blob(&r, 10);
        e->leaf = row_blob(&r, 11);
    }
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
