/* store/migrate.c: runs what a database has not seen yet, line by line. */
#include "store/migrate.h"

#include "base/fault.h"
#include "store/db_sqlite.h"

static bool version(struct db *d, int64_t *n)
{
    ROWS r = db_query(d, "SELECT n FROM schema_version");

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

/* What a line says in words of both engines, in this engine's. Only INTEGER PRIMARY KEY is SQLite's row id; BIGINT PRIMARY
 * KEY, PostgreSQL's word, would be a second index. The search index (search.h) keeps neither texts nor places; its leaves
 * fit into a page beside what the cipher reserves. */
static const struct { const char *said, *here; } words[] = {
    { "BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY" },
    { "CREATE SEARCH INDEX talk_search_late",
      "CREATE VIRTUAL TABLE talk_search_late USING fts5 (tokens, content = '', contentless_delete = 1, detail = none,"
      " tokenize = 'ascii'); INSERT INTO talk_search_late (talk_search_late, rank) VALUES ('pgsz', 3800)" },
    { "CREATE SEARCH INDEX talk_search",
      "CREATE VIRTUAL TABLE talk_search USING fts5 (tokens, content = '', contentless_delete = 1, detail = none,"
      " tokenize = 'ascii'); INSERT INTO talk_search (talk_search, rank) VALUES ('pgsz', 3800)" },
    { "CREATE SEARCH TERMS talk_search_terms", "CREATE VIRTUAL TABLE talk_search_terms USING fts5vocab ('talk_search', 'instance')" },
};

static sv put_here(struct arena *a, sv sql, sv said, sv here)
{
    struct str out = STR_IN(a);
    size_t at;

    while (sv_find(sql, said, &at)) {
        str_put(&out, sv_upto(sql, at));
        str_put(&out, here);
        sql = sv_from(sql, at + said.n);
    }
    str_put(&out, sql);
    return str_sv(&out);
}

static char *for_this_engine(struct arena *a, sv sql)
{
    for (size_t i = 0; i < COUNT(words); i++)
        sql = put_here(a, sql, sv_c(words[i].said), sv_c(words[i].here));
    return sv_cstr(a, sql);
}

/* Statement by statement; between two of them a crash leaves the line undone. */
static bool run_each(struct db *d, const char *sql)
{
    int rc = SQLITE_OK;

    while (rc == SQLITE_OK && *sql) {
        sqlite3_stmt *s = NULL;
        const char *rest = sql;
        (void)FAULT("migrate.statement");
        rc = sqlite3_prepare_v2(d->h, sql, -1, &s, &rest);
        while (rc == SQLITE_OK && s && (rc = sqlite3_step(s)) == SQLITE_ROW)
            rc = SQLITE_OK;
        if (rc == SQLITE_ERROR)
            fail(d->f, E_INTERNAL, "SQL: %.100s: %.90s", sqlite3_errmsg(d->h), sql);
        else if (rc != SQLITE_OK && rc != SQLITE_DONE)
            db_fail(d, rc, sql);
        sqlite3_finalize(s);
        rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
        sql = rest;
    }
    return rc == SQLITE_OK;
}

/* The line and its number stand or fall together. */
static bool step(struct db *d, const struct migration *m)
{
    if (!db_begin(d))
        return false;
    if (run_each(d, for_this_engine(d->a, sv_c(m->sql))) && db_exec(d, "DELETE FROM schema_version")
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
