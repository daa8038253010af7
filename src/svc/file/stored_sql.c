/* svc/file/stored_sql.c: the statements. */
#include "svc/file/stored_sql.h"
#include "svc/file/place.h"
#include "svc/file/storage.h"

#define COLS "s.id, s.blob, s.room, s.message, s.made_by, s.made_ms, s.until_ms, s.size, s.have, s.state, s.type, s.name, s.hash, s.width, s.height, s.pages," \
             " (SELECT b.scan FROM blob_file b WHERE b.id = s.blob), (SELECT b.scan_by FROM blob_file b WHERE b.id = s.blob)"

static void read_row(struct rows *r, struct stored *s)
{
    s->id = row_id(r, 0);
    s->blob = row_id(r, 1);
    s->room = row_id(r, 2);
    s->message = row_id(r, 3);
    s->made_by = row_id(r, 4);
    s->made_ms = row_int(r, 5);
    s->until_ms = row_int(r, 6);
    s->size = row_int(r, 7);
    s->have = row_int(r, 8);
    s->state = (enum stored_state)row_int(r, 9);
    s->type = row_text(r, 10);
    s->name = row_sealed(r, 11, "stored.name", s->id.n);
    s->hash = row_sealed(r, 12, "stored.hash", s->id.n);
    s->width = row_int(r, 13);
    s->height = row_int(r, 14);
    s->pages = row_int(r, 15);
    s->scan = (enum scan_state)row_int(r, 16);
    s->scan_by = row_text(r, 17);
}

static bool read_all(struct ctx *x, struct rows *r, struct stored_set *out)
{
    while (rows_next(r))
        read_row(r, PUSH(x->arena, out));
    return rows_ok(r);
}

bool stored_sql_blob_add(struct ctx *x, id64 blob, int64_t size, const struct secret *key)
{
    return db_exec(x->db, "INSERT INTO blob_file (id, size, made_ms, key) VALUES ($1, $2, $3, $4)", ID(blob), INT(size), INT(x->now_ms),
                   SEALED("blob_file.key", blob.n, secret_view(key))) && storage_moved(x, ID_NONE, size, 1);
}

bool stored_sql_blob(struct ctx *x, id64 blob, int64_t *size, struct secret *key)
{
    ROWS r = db_query(x->db, "SELECT size, key FROM blob_file WHERE id = $1", ID(blob));

    if (!rows_next(&r))
        return rows_ok(&r) ? fail(&x->failure, E_NOT_FOUND, "no blob %" PRId64, blob.n) : false;
    *size = row_int(&r, 0);
    sv bytes = row_sealed(&r, 1, "blob_file.key", blob.n);
    bool ok = secret_set(key, bytes) && rows_ok(&r);
    wipe((void *)(uintptr_t)bytes.p, bytes.n);
    return ok;
}

bool stored_sql_blob_known(struct ctx *x, id64 blob, bool *known)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM blob_file WHERE id = $1 AND place <> $2", ID(blob), INT(PLACE_STORE));

    *known = rows_next(&r);
    return rows_ok(&r);
}

static bool size_left(struct ctx *x, id64 blob, int64_t *size, bool *there)
{
    ROWS r = db_query(x->db, "SELECT b.size FROM blob_file b WHERE b.id = $1 AND NOT EXISTS (SELECT 1 FROM stored s WHERE s.blob = $1)", ID(blob));

    *there = rows_next(&r);
    *size = *there ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool stored_sql_blob_drop(struct ctx *x, id64 blob, bool *dropped)
{
    int64_t size;

    if (!size_left(x, blob, &size, dropped))
        return false;
    return !*dropped || (db_exec(x->db, "DELETE FROM blob_file WHERE id = $1", ID(blob)) && storage_moved(x, ID_NONE, -size, -1));
}

/* Of those that are whole: of the others nothing is promised yet. */
bool stored_sql_blobs(struct ctx *x, id64 after, size_t max, struct blob_ids *ids, struct list *sizes)
{
    ROWS r = db_query(x->db, "SELECT b.id, b.size FROM blob_file b WHERE b.id > $1 AND b.place <> $4 AND (EXISTS (SELECT 1 FROM stored s WHERE s.blob = b.id"
                             " AND s.state <> $3) OR EXISTS (SELECT 1 FROM rendition d WHERE d.id = b.id)) ORDER BY b.id LIMIT $2",
                      ID(after), INT((int64_t)max), INT(STORED_COMING), INT(PLACE_STORE));
    int64_t *v = ANEWN(x->arena, int64_t, max);
    size_t n = 0;

    while (n < max && rows_next(&r)) {
        *PUSH(x->arena, ids) = row_id(&r, 0);
        v[n++] = row_int(&r, 1);
    }
    *sizes = (struct list){v, n};
    return rows_ok(&r);
}

bool stored_sql_add(struct ctx *x, const struct stored *s)
{
    return db_exec(x->db, "INSERT INTO stored (id, blob, room, message, made_by, made_ms, until_ms, size, have, state, type, name, hash, width, height,"
                          " pages) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                   ID(s->id), ID(s->blob), ID(s->room), ID(s->message), ID(s->made_by), INT(s->made_ms), INT(s->until_ms), INT(s->size),
                   INT(s->have), INT(s->state), TEXT(s->type), SEALED("stored.name", s->id.n, s->name), SEALED("stored.hash", s->id.n, s->hash), INT(s->width), INT(s->height),
                   INT(s->pages)) && (!s->room.n || storage_moved(x, s->room, s->size, 1));
}

bool stored_sql_find(struct ctx *x, id64 file, struct stored *out, bool *there)
{
    ROWS r = db_query(x->db, "SELECT " COLS " FROM stored s WHERE s.id = $1", ID(file));

    *there = rows_next(&r);
    if (*there)
        read_row(&r, out);
    return rows_ok(&r);
}

bool stored_sql_open(struct ctx *x, id64 member, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM stored WHERE made_by = $1 AND message = 0", ID(member));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool stored_sql_have(struct ctx *x, const struct stored *s)
{
    return db_exec(x->db, "UPDATE stored SET have = $2, state = $3, type = $4, width = $5, height = $6, pages = $7 WHERE id = $1", ID(s->id),
                   INT(s->have), INT(s->state), TEXT(s->type), INT(s->width), INT(s->height), INT(s->pages));
}

bool stored_sql_send(struct ctx *x, id64 file, id64 message, bool *sent)
{
    bool ok = db_exec(x->db, "UPDATE stored SET state = $3, message = $2, until_ms = 0 WHERE id = $1 AND state = $4", ID(file), ID(message),
                      INT(STORED_SENT), INT(STORED_READY));

    *sent = ok && db_changes(x->db) == 1;
    return ok;
}

bool stored_sql_delete(struct ctx *x, const struct stored *s)
{
    if (!db_exec(x->db, "DELETE FROM stored WHERE id = $1", ID(s->id)))
        return false;
    return db_changes(x->db) == 0 || !s->room.n || storage_moved(x, s->room, -s->size, -1);
}

bool stored_sql_of_message(struct ctx *x, id64 message, struct stored_set *out)
{
    ROWS r = db_query(x->db, "SELECT " COLS " FROM stored s WHERE s.message = $1", ID(message));

    return read_all(x, &r, out);
}

bool stored_sql_of_blob(struct ctx *x, id64 blob, struct stored_set *out)
{
    ROWS r = db_query(x->db, "SELECT " COLS " FROM stored s WHERE s.blob = $1 ORDER BY s.made_ms, s.id", ID(blob));

    return read_all(x, &r, out);
}

bool stored_sql_expired(struct ctx *x, size_t max, struct stored_set *out)
{
    ROWS r = db_query(x->db, "SELECT " COLS " FROM stored s WHERE s.message = 0 AND s.until_ms <= $1 LIMIT $2", INT(x->now_ms),
                      INT((int64_t)max));

    return read_all(x, &r, out);
}

bool stored_sql_left(struct ctx *x, id64 after, int64_t looked, int64_t below_ms, struct stored_set *out, id64 *last)
{
    int64_t n = 0;
    ROWS r = db_query(x->db, "SELECT " COLS ", m.id, m.gone_ms, m.sent_ms FROM stored s LEFT JOIN message m ON m.id = s.message"
                             " WHERE s.id > $1 AND s.message <> 0 ORDER BY s.id LIMIT $2",
                      ID(after), INT(looked));

    *last = ID_NONE;
    for (; rows_next(&r); n++) {
        *last = row_id(&r, 0);
        if (row_null(&r, 18) || row_int(&r, 19) > 0 || row_int(&r, 20) < below_ms)
            read_row(&r, PUSH(x->arena, out));
    }
    if (n < looked)
        *last = ID_NONE;                                  /* that was all */
    return rows_ok(&r);
}

bool stored_sql_term_changed(struct ctx *x, int64_t *ms)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MAX(changed_ms), 0) FROM setting WHERE key = 'talk.file_retention' OR key = 'talk.retention'");

    *ms = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool stored_sql_reads(struct ctx *x, id64 session, id64 blob, bool *may)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM session WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM blob_file WHERE id = $2 AND scan = $3)",
                      ID(session), ID(blob), INT(SCAN_INFECTED));

    *may = rows_next(&r);
    return rows_ok(&r);
}

bool stored_sql_ticket_use(struct ctx *x, int64_t ticket, int64_t until_ms, bool *first)
{
    bool ok = db_exec(x->db, "INSERT INTO file_ticket (id, until_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", INT(ticket), INT(until_ms));

    *first = ok && db_changes(x->db) == 1;
    return ok;
}

bool stored_sql_tickets_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM file_ticket WHERE until_ms <= $1", INT(x->now_ms - INT64_C(86400000)));
}
