/* store/db_bind.c: values into a statement. The count is checked in every build: a forgotten bind would be NULL. */
#include "store/db_sqlite.h"

#include <string.h>

static int bind_one(struct db *d, struct stmt *s, int at, const struct bind *b, sqlite3_destructor_type keep)
{
    const char *p = b->s.p ? b->s.p : "";                 /* a NULL pointer would bind NULL */

    switch (b->type) {
    case BIND_INT:
        return sqlite3_bind_int64(s->s, at, b->i);
    case BIND_TEXT:
        return sqlite3_bind_text64(s->s, at, p, b->s.n, keep, SQLITE_UTF8);
    case BIND_BLOB:
        return sqlite3_bind_blob64(s->s, at, p, b->s.n, keep);
    case BIND_SEALED: {
        sv v = db_seal(d, b);
        return sqlite3_bind_blob64(s->s, at, v.p ? v.p : "", v.n, keep);
    }
    case BIND_NULL:
        return sqlite3_bind_null(s->s, at);
    case BIND_END:
        break;
    }
    return SQLITE_MISUSE;
}

bool db_bind_all(struct db *d, struct stmt *s, const char *sql, const struct bind *binds, bool transient)
{
    sqlite3_destructor_type keep = transient ? SQLITE_TRANSIENT : SQLITE_STATIC;
    int n = 0;

    while (binds[n].type != BIND_END)
        n++;
    if (n != s->n)
        return fail(d->f, E_INTERNAL, "%d values for %d parameters: %.120s", n, s->n, sql);
    for (int i = 0; i < n; i++) {
        if (binds[i].type == BIND_TEXT && binds[i].s.n && memchr(binds[i].s.p, 0, binds[i].s.n))
            return fail(d->f, E_INTERNAL, "NUL in the text for $%d: %.120s", i + 1, sql);
        int rc = bind_one(d, s, s->at[i + 1], &binds[i], keep);
        if (rc != SQLITE_OK)
            return db_fail(d, rc, sql);
    }
    return true;
}
