/* store/db_check.c: whether a database is whole. */
#include "store/db_sqlite.h"

bool db_check(struct db *d)
{
    ROWS r = db_query(d, "PRAGMA quick_check(1)");
    bool whole = rows_next(&r) && sv_equal(row_text(&r, 0), SV("ok"));

    if (!rows_ok(&r))
        return false;
    return whole || fail(d->f, E_INTERNAL, "quick_check found a fault");
}
