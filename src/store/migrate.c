/* store/migrate.c: runs what a database has not seen yet, line by line. */
#include "store/migrate.h"

#include "store/db_sqlite.h"

static bool version(struct db *d, int64_t *n)
{
    ROWS r = db_query(d, "SELECT n FROM schema_version");

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

/* Only INTEGER PRIMARY KEY is SQLite's row id; BIGINT PRIMARY KEY, PostgreSQL's word, would be a second index. */
static char *for_this_engine(struct arena *a, sv sql)
{
    sv from = SV("BIGINT PRIMARY KEY");
    struct str out = STR_IN(a);
    size_t at;

    while (sv_find(sql, from, &at)) {
        str_put(&out, sv_upto(sql, at));
        str_put(&out, SV("INTEGER PRIMARY KEY"));
        sql = sv_from(sql, at + from.n);
    }
    str_put(&out, sql);
    return sv_cstr(a, str_sv(&out));
}

/* The line and its number stand or fall together. */
static bool step(struct db *d, const struct migration *m)
{
    if (!db_begin(d))
        return false;
    if (db_run_text(d, for_this_engine(d->a, sv_c(m->sql))) && db_exec(d, "DELETE FROM schema_version")
        && db_exec(d, "INSERT INTO schema_version (n) VALUES ($1)", INT(m->n)))
        return db_commit(d);
    db_rollback(d);
    return false;
}

bool migrate(struct db *d, const struct migration *list, size_t count)
{
    int64_t have;

    for (size_t i = 0; i < count; i++)
        ENSURE(list[i].n == (int)i + 1);
    if (!db_exec(d, "CREATE TABLE IF NOT EXISTS schema_version (n BIGINT NOT NULL)") || !version(d, &have))
        return false;
    if (have > (int64_t)count)
        return fail(d->f, E_INTERNAL, "database has schema %" PRId64 ", this program knows %zu", have, count);
    for (size_t i = (size_t)have; i < count; i++)
        if (!step(d, &list[i]))
            return false;
    return true;
}
