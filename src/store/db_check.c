/* store/db_check.c: whether a database is whole, and a digest that two copies of the same rows share. */
#include "store/db_sqlite.h"

#include "crypt/hash.h"

bool db_check(struct db *d)
{
    ROWS r = db_query(d, "PRAGMA quick_check(1)");
    bool whole = rows_next(&r) && sv_equal(row_text(&r, 0), SV("ok"));

    if (!rows_ok(&r))
        return false;
    return whole || fail(d->f, E_INTERNAL, "quick_check found a fault");
}

/* Length before value, so that no two rows look alike. */
static void add(struct sha256 *h, sqlite3_stmt *s)
{
    for (int i = 0; i < sqlite3_column_count(s); i++) {
        int type = sqlite3_column_type(s, i);
        const void *p = sqlite3_column_blob(s, i);
        size_t n = p ? (size_t)sqlite3_column_bytes(s, i) : 0;
        int64_t head[2] = {type, (int64_t)n};
        sv parts[] = {sv_n(h->b, sizeof(h->b)), sv_n(head, sizeof(head)), sv_n(p, n)};
        *h = sha256_of(parts, COUNT(parts));
    }
}

static bool add_rows(struct db *d, struct sha256 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(d->h, sql, -1, &s, NULL);

    if (rc == SQLITE_OK)
        while ((rc = sqlite3_step(s)) == SQLITE_ROW)
            add(h, s);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE || db_fail(d, rc, sql);
}

/* Calls each(arg, name, digest of the schema or of one table); the digests go on from `h`. */
static bool digest(struct db *d, struct sha256 *h, void (*each)(struct sha256 *h, void *arg, sv name), void *arg)
{
    bool ok = add_rows(d, h, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                             " ORDER BY type, name");
    ROWS r = db_query(d, "SELECT replace(name, '\"', '\"\"'), wr FROM pragma_table_list"
                         " WHERE schema = 'main' AND type IN ('table', 'shadow')"
                         " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    if (ok && each)
        each(h, arg, SV("schema"));
    while (ok && rows_next(&r)) {
        sv name = row_text(&r, 0);
        /* The order of the table's own tree; a name of the schema is no input of anybody's. */
        ok = add_rows(d, h, sv_cstr(d->a, sv_printf(d->a, "SELECT * FROM main.\"%.*s\"%s", SV_ARG(name),
                                                    row_int(&r, 1) ? "" : " ORDER BY rowid")));
        if (ok && each)
            each(h, arg, name);
    }
    return ok && rows_ok(&r);
}

sv db_digest(struct db *d)
{
    struct sha256 h = {{0}};
    struct str out = STR_IN(d->a);

    if (!digest(d, &h, NULL, NULL))
        return SV_NONE;
    hex_put(&out, sv_n(h.b, sizeof(h.b)));
    return str_sv(&out);
}

#ifdef ENGAWA_TEST
static void line(struct sha256 *h, void *arg, sv name)
{
    struct str *out = arg;

    str_put(out, name);
    str_char(out, ' ');
    hex_put(out, sv_n(h->b, sizeof(h->b)));
    str_char(out, '\n');
    *h = (struct sha256){{0}};
}

sv db_digests(struct db *d)
{
    struct sha256 h = {{0}};
    struct str out = STR_IN(d->a);

    return digest(d, &h, line, &out) ? str_sv(&out) : SV_NONE;
}
#endif
