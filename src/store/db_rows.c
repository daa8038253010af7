/* store/db_rows.c: rows of a query; values are copied into the request's arena. */
#include "base/fault.h"
#include "store/db_sqlite.h"

struct rows db_query_binds(struct db *d, const char *sql, const struct bind *binds)
{
    struct rows r = {.d = d, .s = db_prepare(d, sql)};

    if (r.s && !db_bind_all(d, r.s, sql, binds, true)) {
        db_stmt_done(d, r.s);
        r.s = NULL;
    }
    r.failed = !r.s;
    if (r.s) {
        r.s->busy = true;
        r.s->columns = 0;
    }
    return r;
}

void rows_end(struct rows *r)
{
    if (r->s)
        db_stmt_done(r->d, r->s);
    r->s = NULL;
}

bool rows_next(struct rows *r)
{
    if (!r->s || r->failed) {
        rows_end(r);
        return false;
    }
    int rc = FAULT("store.read") ? SQLITE_IOERR : sqlite3_step(r->s->s);
    if (rc == SQLITE_ROW) {
        r->s->columns = sqlite3_data_count(r->s->s);
        return true;
    }
    if (rc != SQLITE_DONE) {
        r->failed = true;
        db_fail(r->d, rc, sqlite3_sql(r->s->s));
    }
    rows_end(r);
    return false;
}

bool rows_ok(const struct rows *r)
{
    return !r->failed;
}

/* A column that the statement does not have would read as NULL. */
static sqlite3_stmt *at(const struct rows *r, int col)
{
    ENSURE(r->s && col >= 0 && col < r->s->columns);
    return r->s->s;
}

int64_t row_int(const struct rows *r, int col)
{
    return sqlite3_column_int64(at(r, col), col);
}

id64 row_id(const struct rows *r, int col)
{
    return (id64){row_int(r, col)};
}

bool row_null(const struct rows *r, int col)
{
    return sqlite3_column_type(at(r, col), col) == SQLITE_NULL;
}

/* Asks the statement once and the value for the rest: no other thread has the handle, so the value stays as it is.
 * SV_NONE: NULL. */
static sv view(const struct rows *r, int col)
{
    sqlite3_value *v = sqlite3_column_value(at(r, col), col);
    const void *p = sqlite3_value_blob(v);                /* first the value, then its length */

    if (p)
        return sv_n(p, (size_t)sqlite3_value_bytes(v));
    return sqlite3_value_type(v) == SQLITE_NULL ? SV_NONE : SV("");
}

sv row_text(const struct rows *r, int col)
{
    return row_blob(r, col);
}

sv row_blob(const struct rows *r, int col)
{
    sv v = view(r, col);

    return v.p ? sv_dup(r->d->a, v) : v;
}

sv row_sealed(struct rows *r, int col, const char *column, int64_t row)
{
    sv sealed = view(r, col), plain = SV_NONE;

    if (!sealed.p)
        return SV_NONE;
    if (!db_unseal(r->d, sealed, column, row, &plain))
        r->failed = true;                                 /* the next rows_next() is the last */
    return plain;
}
