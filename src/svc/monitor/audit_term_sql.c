/* svc/monitor/audit_term_sql.c: the one row of audit_term, and the rows that go. */
#include "svc/monitor/audit_term_sql.h"
#include "svc/monitor/audit_term.h"

#include <string.h>

bool audit_term_sql_read(struct ctx *x, struct audit_term *t)
{
    ROWS r = db_query(x->db, "SELECT days, next_days, notice_ms, target, gone, frontier FROM audit_term WHERE id = 1");

    if (!rows_next(&r))
        return rows_ok(&r) ? fail(&x->failure, E_INTERNAL, "the audit's term is not there") : false;
    *t = (struct audit_term){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2), row_int(&r, 3), row_int(&r, 4), row_blob(&r, 5)};
    return rows_ok(&r);
}

bool audit_term_super(struct ctx *x, id64 *member)
{
    ROWS r = db_query(x->db, "SELECT id FROM member WHERE role = $1", INT(ROLE_SUPER_ADMIN));

    *member = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

bool audit_term_sql_write(struct ctx *x, const struct audit_term *t)
{
    return db_exec(x->db, "UPDATE audit_term SET days = $1, next_days = $2, notice_ms = $3, target = $4, gone = $5,"
                          " frontier = $6 WHERE id = 1",
                   INT(t->days), INT(t->next_days), INT(t->notice_ms), INT(t->target), INT(t->gone), BLOB(t->frontier));
}

bool audit_term_sql_first_kept(struct ctx *x, int64_t after, int64_t from_ms, int64_t *seq)
{
    ROWS r = db_query(x->db, "SELECT seq FROM audit WHERE seq > $1 AND time_ms >= $2 ORDER BY seq LIMIT 1", INT(after),
                      INT(from_ms));

    *seq = rows_next(&r) ? row_int(&r, 0) : INT64_MAX;
    return rows_ok(&r);
}

bool audit_term_sql_leaves(struct ctx *x, int64_t after, int64_t upto, struct leaves *out)
{
    ROWS r = db_query(x->db, "SELECT leaf FROM audit WHERE seq > $1 AND seq <= $2 ORDER BY seq", INT(after), INT(upto));

    while (rows_next(&r)) {
        sv leaf = row_blob(&r, 0);
        struct sha256 *to = PUSH(x->arena, out);
        if (leaf.n != sizeof(to->b))
            return fail(&x->failure, E_INTERNAL, "a leaf of %zu bytes", leaf.n);
        memcpy(to->b, leaf.p, sizeof(to->b));
    }
    return rows_ok(&r);
}

bool audit_term_sql_delete(struct ctx *x, int64_t upto)
{
    return db_exec(x->db, "DELETE FROM audit WHERE seq <= $1", INT(upto)) &&
           db_exec(x->db, "DELETE FROM audit_head WHERE size < $1", INT(upto));
}
