/* svc/org/profile_sql.c: photos, and the columns of a member that belong to its profile. */
#include "svc/org/profile_sql.h"
#include "core/member_state.h"

bool profile_sql_photo_put(struct ctx *x, id64 member, const struct photo *p)
{
    return db_exec(x->db, "INSERT INTO photo (member, type, data) VALUES ($1, $2, $3)"
                          " ON CONFLICT (member) DO UPDATE SET type = excluded.type, data = excluded.data",
                   ID(member), TEXT(p->media_type), SEALED("photo.data", member.n, p->bytes));
}

bool profile_sql_photo_delete(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM photo WHERE member = $1", ID(member));
}

bool profile_sql_photo_find(struct ctx *x, id64 member, struct photo *out)
{
    ROWS r = db_query(x->db, "SELECT type, data FROM photo WHERE member = $1", ID(member));

    if (!rows_next(&r))
        return false;
    *out = (struct photo){row_text(&r, 0), row_sealed(&r, 1, "photo.data", member.n)};
    return rows_ok(&r);
}

bool profile_sql_photo_ms(struct ctx *x, id64 member, int64_t *ms)
{
    ROWS r = db_query(x->db, "SELECT photo_ms FROM member WHERE id = $1 AND status <> $2", ID(member),
                      INT(MEMBER_DELETED));

    if (!rows_next(&r))
        return false;
    *ms = row_int(&r, 0);
    return true;
}

bool profile_sql_photo_ms_set(struct ctx *x, id64 member, int64_t ms)
{
    return db_exec(x->db, "UPDATE member SET photo_ms = $1 WHERE id = $2", INT(ms), ID(member));
}

bool profile_sql_presence_set(struct ctx *x, id64 member, sv stored)
{
    return db_exec(x->db, "UPDATE member SET presence = $1 WHERE id = $2", SEALED("member.presence", member.n, stored),
                   ID(member));
}

bool profile_sql_kept(struct ctx *x, id64 member, struct profile_kept *out)
{
    ROWS r = db_query(x->db, "SELECT m.password_ms,"
                             " (SELECT COUNT(*) FROM session s WHERE s.member = m.id AND s.console = 0 AND s.second = 0 AND s.made_ms > 0),"
                             " (SELECT COUNT(*) FROM device d WHERE d.member = m.id),"
                             " (SELECT COUNT(*) FROM known_browser k WHERE k.member = m.id), m.here_hidden,"
                             " (SELECT COUNT(*) FROM member_access a WHERE a.member = m.id)"
                             " FROM member m WHERE m.id = $1 AND m.status <> $2", ID(member), INT(MEMBER_DELETED));

    if (!rows_next(&r))
        return false;
    *out = (struct profile_kept){.password_ms = row_int(&r, 0), .sessions = row_int(&r, 1), .devices = row_int(&r, 2),
                                 .browsers = row_int(&r, 3), .here_hidden = row_int(&r, 4) != 0, .accesses = row_int(&r, 5)};
    return true;
}
