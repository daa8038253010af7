/* svc/contract/closing_sql.c: who is left, and the mark on the tenant's row. */
#include "svc/contract/closing_sql.h"
#include "core/member_state.h"

bool closing_sql_left(struct ctx *x, struct closing_left *out)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(SUM(CASE WHEN status = $2 THEN 1 ELSE 0 END), 0),"
                             " COALESCE(SUM(CASE WHEN status <> $2 AND start_ms > $3 THEN 1 ELSE 0 END), 0),"
                             " COUNT(*) FROM member WHERE id <> $1 AND status <> $4",
                      ID(x->actor.member), INT(MEMBER_SUSPENDED), INT(x->now_ms), INT(MEMBER_DELETED));

    *out = (struct closing_left){0};
    if (rows_next(&r))
        *out = (struct closing_left){.suspended = row_int(&r, 0), .not_started = row_int(&r, 1), .active = row_int(&r, 2)};
    out->active -= out->suspended + out->not_started;
    return rows_ok(&r);
}

bool closing_sql_mark(struct ctx *x, int64_t closed_ms, bool *changed)
{
    if (!db_exec(x->db, "UPDATE tenant SET closed_ms = $1 WHERE id = 1 AND (closed_ms = 0) <> ($1 = 0)", INT(closed_ms)))
        return false;
    *changed = db_changes(x->db) == 1;
    return true;
}

bool closing_sql_links(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM link") && db_exec(x->db, "DELETE FROM invitation");
}
