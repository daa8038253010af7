/* svc/talk/room_sql.c: rooms that members make, in the store. */
#include "svc/talk/room_sql.h"

bool room_sql_direct(struct ctx *x, id64 a, id64 b, id64 *room)
{
    ROWS r = db_query(x->db, "SELECT r.id FROM room_member a JOIN room_member b ON b.room = a.room AND b.member = $1"
                             " JOIN room r ON r.id = a.room WHERE a.member = $2 AND r.kind = $3 AND r.closed_ms = 0",
                      ID(b), ID(a), INT(ROOM_DIRECT));

    *room = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

bool room_sql_history(struct ctx *x, id64 room, bool history)
{
    return db_exec(x->db, "UPDATE room SET history = $1 WHERE id = $2", INT(history), ID(room));
}

bool room_sql_prefs(struct ctx *x, id64 room, bool muted, int64_t pinned_ms)
{
    return db_exec(x->db, "UPDATE room_member SET muted = $1, pinned_ms = $2 WHERE member = $3 AND room = $4", INT(muted),
                   INT(pinned_ms), ID(x->actor.member), ID(room));
}

bool room_sql_span_begin(struct ctx *x, id64 room, id64 member, int64_t version)
{
    return db_exec(x->db, "INSERT INTO room_span (room, member, from_version, until_version) VALUES ($1, $2, $3, 0)",
                   ID(room), ID(member), INT(version));
}

bool room_sql_span_end(struct ctx *x, id64 room, id64 member, int64_t version)
{
    return db_exec(x->db, "UPDATE room_span SET until_version = $1 WHERE room = $2 AND member = $3 AND until_version = 0",
                   INT(version), ID(room), ID(member));
}

bool room_sql_active(struct ctx *x, id64 member, bool *active)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM member WHERE id = $1 AND status NOT IN (2, 3) AND NOT (leave_suspends = 1"
                             " AND leave_from_ms > 0 AND leave_from_ms <= $2 AND (leave_until_ms = 0 OR leave_until_ms > $2))",
                      ID(member), INT(x->now_ms));

    *active = rows_next(&r);
    return rows_ok(&r);
}

bool room_sql_photo_put(struct ctx *x, id64 room, const struct photo *p)
{
    return db_exec(x->db, "INSERT INTO room_photo (room, type, data) VALUES ($1, $2, $3)"
                          " ON CONFLICT (room) DO UPDATE SET type = excluded.type, data = excluded.data",
                   ID(room), TEXT(p->media_type), SEALED("room_photo.data", room.n, p->bytes));
}

bool room_sql_photo_delete(struct ctx *x, id64 room)
{
    return db_exec(x->db, "DELETE FROM room_photo WHERE room = $1", ID(room));
}

bool room_sql_photo_find(struct ctx *x, id64 room, struct photo *out)
{
    ROWS r = db_query(x->db, "SELECT type, data FROM room_photo WHERE room = $1", ID(room));

    if (!rows_next(&r))
        return false;
    *out = (struct photo){row_text(&r, 0), row_sealed(&r, 1, "room_photo.data", room.n)};
    return rows_ok(&r);
}

bool room_sql_photo_ms_set(struct ctx *x, id64 room, int64_t ms)
{
    return db_exec(x->db, "UPDATE room SET photo_ms = $1 WHERE id = $2", INT(ms), ID(room));
}
