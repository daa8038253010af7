/* store/db_digest.c: the digest of each table. A virtual table has no rows of its own: those of the tables in its shadow count. */
#include "store/db_digest.h"

#include "base/vec.h"
#include "store/db_sqlite.h"

#include <string.h>

#define ASK_ROWS 1024

struct digesting {
    struct db *d;
    struct arena *a;
    bool (*go_on)(void *);
    void *arg;
    struct sha256_run *run;
    int64_t rows;
    struct str row;                                       /* of the row at hand */
};

static void number_put(struct str *out, uint64_t v)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        str_char(out, (char)(v >> shift));
}

static void bytes_put(struct str *out, char type, const void *p, size_t n)
{
    str_char(out, type);
    number_put(out, n);
    str_bytes(out, n ? p : "", n);
}

/* Type before value and length before bytes, so that no two rows look alike. */
static void value_put(struct str *out, sqlite3_stmt *s, int i)
{
    double real;
    uint64_t bits;

    switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
        str_char(out, 'i');
        number_put(out, (uint64_t)sqlite3_column_int64(s, i));
        return;
    case SQLITE_FLOAT:
        real = sqlite3_column_double(s, i);
        memcpy(&bits, &real, sizeof(bits));
        str_char(out, 'r');
        number_put(out, bits);
        return;
    case SQLITE_TEXT:
        bytes_put(out, 't', sqlite3_column_text(s, i), (size_t)sqlite3_column_bytes(s, i));
        return;
    case SQLITE_BLOB:
        bytes_put(out, 'b', sqlite3_column_blob(s, i), (size_t)sqlite3_column_bytes(s, i));
        return;
    default:
        str_char(out, 'n');
    }
}

static void head_put(struct str *out, sqlite3_stmt *s)
{
    str_c(out, "engawa table 1\n");
    number_put(out, (uint64_t)sqlite3_column_count(s));
    for (int i = 0; i < sqlite3_column_count(s); i++)
        bytes_put(out, 't', sqlite3_column_name(s, i), strlen(sqlite3_column_name(s, i)));
}

static int add_rows(struct digesting *g, sqlite3_stmt *s)
{
    int rc;

    head_put(&g->row, s);
    sha256_add(g->run, str_sv(&g->row));
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        str_reset(&g->row);
        str_char(&g->row, 'R');
        for (int i = 0; i < sqlite3_column_count(s); i++)
            value_put(&g->row, s, i);
        sha256_add(g->run, str_sv(&g->row));
        if (++g->rows % ASK_ROWS == 0 && g->go_on && !g->go_on(g->arg))
            return SQLITE_ABORT;
    }
    return rc;
}

static bool add_table(struct digesting *g, sv name, const char *sql, struct db_tables *out)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(g->d->h, sql, -1, &s, NULL);

    g->run = sha256_begin();
    g->rows = 0;
    str_reset(&g->row);
    if (rc == SQLITE_OK)
        rc = add_rows(g, s);
    sqlite3_finalize(s);
    struct sha256 digest = sha256_end(&g->run);
    if (rc == SQLITE_ABORT)
        return fail(g->d->f, E_RETRY, "looking through the tables was given up");
    if (rc != SQLITE_DONE)
        return db_fail(g->d, rc, sql);
    *PUSH(g->a, out) = (struct db_table){.name = sv_dup(g->a, name), .rows = g->rows, .digest = digest};
    return true;
}

/* Its key, or all of its columns where it has none. A name of the schema is no input of anybody's. */
static bool order_of(struct digesting *g, sv table, struct str *out)
{
    ROWS r = db_query(g->d, "SELECT replace(name, '\"', '\"\"') FROM pragma_table_info($1) WHERE pk > 0"
                            " OR NOT EXISTS (SELECT 1 FROM pragma_table_info($1) WHERE pk > 0) ORDER BY pk, cid", TEXT(table));

    for (bool first = true; rows_next(&r); first = false)
        str_printf(out, "%s\"%.*s\"", first ? "" : ", ", SV_ARG(row_text(&r, 0)));
    return rows_ok(&r);
}

static bool add_named(struct digesting *g, sv name, sv quoted, struct db_tables *out)
{
    struct str sql = STR_IN(g->a);

    str_printf(&sql, "SELECT * FROM main.\"%.*s\" ORDER BY ", SV_ARG(quoted));
    return order_of(g, name, &sql) && add_table(g, name, sv_cstr(g->a, str_sv(&sql)), out);
}

bool db_tables(struct db *d, struct arena *a, bool (*go_on)(void *), void *arg, struct db_tables *out)
{
    struct digesting g = {.d = d, .a = a, .go_on = go_on, .arg = arg};

    *out = (struct db_tables){0};
    bool ok = add_table(&g, SV("sqlite_schema"), "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                        " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name", out);
    ROWS r = db_query(d, "SELECT name, replace(name, '\"', '\"\"') FROM pragma_table_list WHERE schema = 'main'"
                         " AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    while (ok && rows_next(&r))
        ok = add_named(&g, row_text(&r, 0), row_text(&r, 1), out);
    str_release(&g.row);
    return ok && rows_ok(&r);
}

sv db_digest(struct db *d)
{
    struct sha256_run *run = sha256_begin();
    struct str out = STR_IN(d->a);
    struct db_tables t;
    bool ok = db_tables(d, d->a, NULL, NULL, &t);

    for (size_t i = 0; ok && i < t.n; i++) {
        sha256_add(run, t.v[i].name);
        sha256_add(run, sv_n(t.v[i].digest.b, sizeof(t.v[i].digest.b)));
    }
    struct sha256 all = sha256_end(&run);
    hex_put(&out, sv_n(all.b, sizeof(all.b)));
    return ok ? str_sv(&out) : SV_NONE;
}
