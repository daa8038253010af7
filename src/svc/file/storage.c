/* svc/file/storage.c: sums that are kept, what they refuse, and whether they are right. */
#include "svc/file/storage.h"
#include "core/policy.h"
#include "core/tenant.h"

bool storage_moved(struct ctx *x, id64 room, int64_t bytes, int64_t files)
{
#ifdef MUTANT_SUM_KEPT
    if (bytes < 0)
        return true;                                      /* what is erased counts for ever */
#endif
    if (!db_exec(x->db, "INSERT INTO storage_sum (room, bytes, files) VALUES ($1, $2, $3) ON CONFLICT (room) DO UPDATE"
                        " SET bytes = storage_sum.bytes + excluded.bytes, files = storage_sum.files + excluded.files",
                 ID(room), INT(bytes), INT(files)))
        return false;
    return files >= 0 || !room.n || db_exec(x->db, "DELETE FROM storage_sum WHERE room = $1 AND files = 0", ID(room));
}

bool storage_of(struct ctx *x, id64 room, struct storage *out)
{
    ROWS r = db_query(x->db, "SELECT bytes, files FROM storage_sum WHERE room = $1", ID(room));

    *out = (struct storage){.room = room};
    if (rows_next(&r)) {
        out->bytes = row_int(&r, 0);
        out->files = row_int(&r, 1);
    }
    return rows_ok(&r);
}

bool storage_takes(struct ctx *x, id64 room, int64_t bytes)
{
    int64_t quota = policy_bytes(x->policy, room.n ? "talk.room_storage_quota" : "plan.storage_quota");
    struct storage s;

    if (quota < 0)
        return true;
    if (!storage_of(x, room, &s))
        return false;
    if (s.bytes + bytes <= quota)
        return true;
    return fail_full(&x->failure, room.n ? E_ROOM_QUOTA : E_QUOTA, s.bytes, quota - s.bytes, "%" PRId64 " bytes more than %" PRId64 " of %" PRId64,
                     bytes, s.bytes, quota);
}

bool storage_rooms(struct ctx *x, const struct storage *after, int64_t limit, struct storage_set *out)
{
    ROWS r = db_query(x->db, "SELECT room, bytes, files FROM storage_sum WHERE room <> 0 AND bytes > 0 AND (bytes < $1 OR (bytes = $1 AND room < $2))"
                             " ORDER BY bytes DESC, room DESC LIMIT $3",
                      INT(after->room.n ? after->bytes : INT64_MAX), ID(after->room), INT(limit));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct storage){row_id(&r, 0), row_int(&r, 1), row_int(&r, 2)};
    return rows_ok(&r);
}

/* ---- are they right? ---- */

/* Five columns each: the room, what stands there, what is there. */
static bool compare(struct ctx *x, struct rows r, size_t max, struct storage_faults *out)
{
    while (out->n < max && rows_next(&r))
        *PUSH(x->arena, out) = sv_printf(x->arena, "%s %" PRId64 ": it says %" PRId64 " bytes in %" PRId64 " files, there are %" PRId64 " in %" PRId64,
                                         row_int(&r, 0) ? "storage of room" : "storage of the company,", row_int(&r, 0), row_int(&r, 1), row_int(&r, 2),
                                         row_int(&r, 3), row_int(&r, 4));
    bool ok = rows_ok(&r) || out->n == max;
    rows_end(&r);
    return ok;
}

bool storage_check(struct ctx *x, size_t max, struct storage_faults *out)
{
    return compare(x, db_query(x->db, "SELECT k.room, k.bytes, k.files, b.bytes, b.files FROM storage_sum k, (SELECT COALESCE(SUM(size), 0) AS bytes,"
                                      " COUNT(*) AS files FROM blob_file) b WHERE k.room = 0 AND (k.bytes <> b.bytes OR k.files <> b.files)"),
                   max, out)
        && compare(x, db_query(x->db, "SELECT s.room, COALESCE(k.bytes, 0), COALESCE(k.files, 0), s.bytes, s.files FROM (SELECT room, SUM(size) AS bytes,"
                                      " COUNT(*) AS files FROM stored WHERE room <> 0 GROUP BY room) s LEFT JOIN storage_sum k ON k.room = s.room"
                                      " WHERE COALESCE(k.bytes, 0) <> s.bytes OR COALESCE(k.files, 0) <> s.files"),
                   max, out)
        && compare(x, db_query(x->db, "SELECT room, bytes, files, 0, 0 FROM storage_sum WHERE room <> 0 AND room NOT IN (SELECT room FROM stored)"), max, out);
}
