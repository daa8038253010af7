/* core/chore.c: when each chore was last done. */
#include "core/chore.h"

bool chore_done(struct ctx *x, const char *name, int64_t *done_ms)
{
    ROWS r = db_query(x->db, "SELECT done_ms FROM chore WHERE name = $1", TEXT(sv_c(name)));

    *done_ms = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool chore_mark(struct ctx *x, const char *name)
{
    return db_exec(x->db, "INSERT INTO chore (name, done_ms) VALUES ($1, $2)"
                          " ON CONFLICT (name) DO UPDATE SET done_ms = excluded.done_ms",
                   TEXT(sv_c(name)), INT(x->now_ms));
}
