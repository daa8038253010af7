/* store/column_fixture_test.c: what column_fixture.h promises. */
#include "store/column_fixture.h"

#include "base/vec.h"
#include "store/db_sqlite.h"

bool columns_of(struct db *d, struct arena *a, sv table, struct columns *out)
{
    ROWS r = db_query(d, "SELECT name FROM pragma_table_info($1) ORDER BY cid", TEXT(table));

    while (rows_next(&r))
        *PUSH(a, out) = sv_dup(a, row_text(&r, 0));
    return rows_ok(&r);
}

bool columns_digest(struct db *d, struct arena *a, sv table, const struct columns *c, struct sha256 *digest, int64_t *rows)
{
    struct str sql = STR_IN(a);
    sqlite3_stmt *s = NULL;
    int rc;

    str_c(&sql, "SELECT ");
    for (size_t i = 0; i < c->n; i++)
        str_printf(&sql, "%squote(\"%.*s\")", i ? " || ',' || " : "", SV_ARG(c->v[i]));
    str_printf(&sql, " AS x FROM \"%.*s\" ORDER BY x", SV_ARG(table));
    rc = sqlite3_prepare_v2(d->h, sv_cstr(a, str_sv(&sql)), -1, &s, NULL);
    struct sha256_run *run = sha256_begin();
    for (*rows = 0; rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW; rc = SQLITE_OK, (*rows)++)
        sha256_add(run, sv_n(sqlite3_column_text(s, 0), (size_t)sqlite3_column_bytes(s, 0)));
    sqlite3_finalize(s);
    *digest = sha256_end(&run);
    return rc == SQLITE_DONE || db_fail(d, rc, "columns");
}
