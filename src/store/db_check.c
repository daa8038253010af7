/* store/db_check.c: whether a database is whole, and what is wrong with one that is not. */
#include "store/db_sqlite.h"

#include "base/vec.h"

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

/* The engine's words name trees, pages and indexes, never a value. */
bool db_check_all(struct db *d, size_t max, struct db_faults *out)
{
    ROWS r = db_query(d, "PRAGMA integrity_check(50)");

    while (rows_next(&r)) {
        sv said = row_text(&r, 0);
        if (!sv_equal(said, SV("ok")) && out->n < max)
            *PUSH(d->a, out) = said;
    }
    return rows_ok(&r);
}

bool db_check_references(struct db *d, size_t max, struct db_faults *out)
{
    ROWS r = db_query(d, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check");

    while (out->n < max && rows_next(&r)) {
        sv table = row_text(&r, 0), parent = row_text(&r, 2);
        *PUSH(d->a, out) = sv_printf(d->a, "%.*s row %" PRId64 ": what it names in %.*s is not there", SV_ARG(table), row_int(&r, 1), SV_ARG(parent));
    }
    return rows_ok(&r) || out->n == max;
}
