/* svc/file/place.c: the statements. */
#include "svc/file/place.h"
#include "core/scan.h"
#include "svc/file/stored.h"

bool place_leaves(struct ctx *x, id64 blob)
{
    if (!x->tenant->stores)
        return true;
    effect(x, EFF_STORE, 0, 0);
    return db_exec(x->db, "UPDATE blob_file SET place = $2 WHERE id = $1 AND place = $3", ID(blob), INT(PLACE_LEAVING), INT(PLACE_HERE));
}

/* What the scanner has not judged yet stays where it can read it. */
bool place_to_send(struct ctx *x, id64 after, struct placed *out, bool *there)
{
    for (bool again = after.n != 0;; again = false) {
        ROWS r = db_query(x->db, "SELECT id, size FROM blob_file WHERE place = 1 AND id > $1 AND scan <> $2 ORDER BY id LIMIT 1", ID(after), INT(SCAN_HELD));
        *there = rows_next(&r);
        if (*there)
            *out = (struct placed){row_id(&r, 0), row_int(&r, 1)};
        if (!rows_ok(&r) || *there || !again)
            return rows_ok(&r);
        after = ID_NONE;
    }
}

bool place_before(struct ctx *x, id64 after, id64 *out, bool *there)
{
    ROWS r = db_query(x->db, "SELECT b.id FROM blob_file b WHERE b.id > $1 AND b.place = $2"
                             " AND EXISTS (SELECT 1 FROM stored s WHERE s.blob = b.id AND s.room <> 0 AND s.state <> $3) ORDER BY b.id LIMIT 1",
                      ID(after), INT(PLACE_HERE), INT(STORED_COMING));

    *there = rows_next(&r);
    if (*there)
        *out = row_id(&r, 0);
    return rows_ok(&r);
}

bool place_sent(struct ctx *x, id64 blob)
{
    if (!db_exec(x->db, "UPDATE blob_file SET place = $2 WHERE id = $1", ID(blob), INT(PLACE_STORE)))
        return false;
    if (db_changes(x->db) > 0) {
        effect(x, EFF_BLOB_ERASE, blob.n, 0);
        return true;
    }
    effect(x, EFF_STORE, 0, 0);
    return db_exec(x->db, "INSERT INTO store_drop (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", ID(blob));
}

bool place_leave_object(struct ctx *x, id64 blob)
{
    if (x->tenant->stores)
        effect(x, EFF_STORE, 0, 0);
    return db_exec(x->db, "INSERT INTO store_drop (id) SELECT b.id FROM blob_file b WHERE b.id = $1 AND (b.place <> $2 OR $3 <> 0)"
                          " AND NOT EXISTS (SELECT 1 FROM stored s WHERE s.blob = $1) ON CONFLICT (id) DO NOTHING",
                   ID(blob), INT(PLACE_HERE), INT(x->tenant->stores));
}

bool place_to_drop(struct ctx *x, id64 *blob, bool *there)
{
    ROWS r = db_query(x->db, "SELECT id FROM store_drop ORDER BY id LIMIT 1");

    *there = rows_next(&r);
    if (*there)
        *blob = row_id(&r, 0);
    return rows_ok(&r);
}

bool place_dropped(struct ctx *x, id64 blob)
{
    return db_exec(x->db, "DELETE FROM store_drop WHERE id = $1", ID(blob));
}

bool place_lost(struct ctx *x, id64 blob)
{
    return db_exec(x->db, "UPDATE blob_file SET place = $2 WHERE id = $1 AND place = $3", ID(blob), INT(PLACE_HERE), INT(PLACE_LEAVING));
}

bool place_count(struct ctx *x, int64_t *files, int64_t *bytes)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM blob_file WHERE place = $1", INT(PLACE_STORE));

    *files = *bytes = 0;
    if (rows_next(&r)) {
        *files = row_int(&r, 0);
        *bytes = row_int(&r, 1);
    }
    return rows_ok(&r);
}

bool place_known(struct ctx *x, id64 blob, bool *known)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM blob_file WHERE id = $1 AND place = $2", ID(blob), INT(PLACE_STORE));

    *known = rows_next(&r);
    return rows_ok(&r);
}

bool place_stored(struct ctx *x, id64 after, size_t max, struct placed *out, size_t *n)
{
    ROWS r = db_query(x->db, "SELECT id, size FROM blob_file WHERE id > $1 AND place = $2 ORDER BY id LIMIT $3", ID(after), INT(PLACE_STORE), INT((int64_t)max));

    for (*n = 0; *n < max && rows_next(&r); ++*n)
        out[*n] = (struct placed){row_id(&r, 0), row_int(&r, 1)};
    return rows_ok(&r);
}
