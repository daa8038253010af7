/* store/db_sqlite.c: statements of one handle: prepared once per literal, kept until the handle closes. */
#include "store/db_sqlite.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum err db_err(int rc, int os_error)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return E_STORAGE_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_ABORT:
    case SQLITE_INTERRUPT:
        return E_RETRY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return os_error == ENOSPC || os_error == EDQUOT ? E_STORAGE_FULL : E_INTERNAL;
    default:
        return E_INTERNAL;
    }
}

/* The engine's own words may quote a value (a search expression, a JSON text); these may not. */
static const char *safe_words(struct db *d, int rc)
{
    return (rc & 0xff) == SQLITE_CONSTRAINT ? sqlite3_errmsg(d->h) : sqlite3_errstr(rc);
}

bool db_fail(struct db *d, int rc, const char *sql)
{
    int os_error = d->h ? sqlite3_system_errno(d->h) : errno;

    if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
        die("fsync failed (%s): what reached the disk is unknown", strerror(os_error));
    if ((rc & 0xff) == SQLITE_READONLY && d->for_writing)     /* its -shm could not be opened for more, and never will be in this process */
        die("the database can only be read (%d)", rc);
    if ((rc & 0xff) == SQLITE_NOMEM)
        die("out of memory (SQLite)");
    ENSURE(d->f);
    if ((rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN)
        return fail(d->f, db_err(rc, os_error), "database %d %s, errno %d%s%.120s", rc, sqlite3_errstr(rc), os_error,
                    sql ? ": " : "", sql ? sql : "");
    return fail(d->f, db_err(rc, os_error), "database %d %.80s%s%.120s", rc, safe_words(d, rc), sql ? ": " : "",
                sql ? sql : "");
}

/* The engine numbers parameters by first appearance: "$2 … $1" are its 1 and 2. */
static bool find_parameters(struct db *d, struct stmt *s, const char *sql)
{
    char name[16];

    s->n = sqlite3_bind_parameter_count(s->s);
    if (s->n > BINDS_MAX)
        return fail(d->f, E_INTERNAL, "more than %d parameters: %.120s", BINDS_MAX, sql);
    for (int i = 1; i <= s->n; i++) {
        snprintf(name, sizeof(name), "$%d", i);
        s->at[i] = (unsigned char)sqlite3_bind_parameter_index(s->s, name);
        if (s->at[i] == 0)
            return fail(d->f, E_INTERNAL, "no %s among %d parameters: %.120s", name, s->n, sql);
    }
    return true;
}

static struct stmt *prepare(struct db *d, const char *sql, bool cached)
{
    struct stmt *s = XNEW(struct stmt);
    const char *rest = NULL;
    int rc = sqlite3_prepare_v3(d->h, sql, -1, cached ? SQLITE_PREPARE_PERSISTENT : 0, &s->s, &rest);

    if (rc != SQLITE_OK || !s->s || (rest && rest[0])) {
        if (rc == SQLITE_ERROR)                           /* quotes the literal, which holds no value */
            fail(d->f, E_INTERNAL, "SQL: %.100s: %.90s", sqlite3_errmsg(d->h), sql);
        else if (rc != SQLITE_OK)
            db_fail(d, rc, sql);
        else
            fail(d->f, E_INTERNAL, "not one statement: %.120s", sql);
    } else if (find_parameters(d, s, sql)) {
        s->cached = cached;
        s->next = d->all;
        d->all = s;
        if (cached)
            map_put(&d->cache, (uintptr_t)sql, s);
        return s;
    }
    sqlite3_finalize(s->s);
    xfree(s);
    return NULL;
}

struct stmt *db_prepare(struct db *d, const char *sql)
{
    struct stmt *s = map_get(&d->cache, (uintptr_t)sql);

    ENSURE(d->f && d->a);
    if (!s)
        return prepare(d, sql, true);
    return s->busy ? prepare(d, sql, false) : s;          /* its rows are open further out: a second one, once */
}

void db_stmt_done(struct db *d, struct stmt *s)
{
    sqlite3_reset(s->s);
    sqlite3_clear_bindings(s->s);
    s->busy = false;
    if (s->cached)
        return;
    for (struct stmt **at = &d->all; *at; at = &(*at)->next)
        if (*at == s) {
            *at = s->next;
            break;
        }
    sqlite3_finalize(s->s);
    xfree(s);
}

bool db_exec_binds(struct db *d, const char *sql, const struct bind *binds)
{
    struct stmt *s = db_prepare(d, sql);
    int rc;

    d->changes = 0;
    if (!s)
        return false;
    if (!db_bind_all(d, s, sql, binds, false)) {
        db_stmt_done(d, s);
        return false;
    }
    while ((rc = sqlite3_step(s->s)) == SQLITE_ROW)
        ;
    bool ok = rc == SQLITE_DONE;
    if (ok && !sqlite3_stmt_readonly(s->s))
        d->changes = sqlite3_changes64(d->h);
    if (!ok)
        db_fail(d, rc, sql);
    db_stmt_done(d, s);
    return ok;
}

int64_t db_changes(const struct db *d)
{
    return d->changes;
}

bool db_run_text(struct db *d, const char *sql)
{
    int rc = sqlite3_exec(d->h, sql, NULL, NULL, NULL);

    if (rc == SQLITE_ERROR)
        return fail(d->f, E_INTERNAL, "SQL: %.100s: %.90s", sqlite3_errmsg(d->h), sql);
    return rc == SQLITE_OK || db_fail(d, rc, sql);
}

void db_run_quiet(struct db *d, const char *sql)
{
    struct failure unheard = {0}, *f = d->f;

    d->f = &unheard;
    (void)db_run_text(d, sql);
    d->f = f;
}
