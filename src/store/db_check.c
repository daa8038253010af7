/* store/db_check.c: whether a database is whole. */
#include "store/db_sqlite.h"

static bool check(struct db *d)
{
    ROWS r = db_query(d, "PRAGMA quick_check(1)");
    sv said = rows_next(&r) ? sv_dup(d->a, row_text(&r, 0)) : SV("nothing");

    if (!rows_ok(&r))
        return false;
    return sv_equal(said, SV("ok")) || fail(d->f, E_INTERNAL, "quick_check found a fault: %.*s", SV_ARG(sv_upto(said, 200)));
}

/* Of one moment: without a transaction around it the full-text index looks at its own list of parts before the check's begins,
 * and misses what a writer has merged away in between. */
bool db_check(struct db *d)
{
    bool own = !db_in_transaction(d);

    if (own && !db_hold(d))
        return false;
    bool whole = check(d);
    if (own)
        db_rollback(d);
    return whole;
}
