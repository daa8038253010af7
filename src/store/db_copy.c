/* store/db_copy.c: a copy of a database while it is used. The copy is of what one read transaction sees, so that no commit
 * that comes meanwhile is in it, and none is in it by half; it has the same cipher, and pages are sealed anew. */
#include "store/db_sqlite.h"

#include "base/fault.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PAGES_AT_ONCE 256                                 /* a megabyte: then `go_on` is asked */

bool db_hold(struct db *d)
{
    return db_run_text(d, "BEGIN; SELECT count(*) FROM sqlite_schema");   /* the read is what takes the snapshot */
}

static bool copy_pages(struct db *from, struct db *to, bool (*go_on)(void *), void *arg)
{
    sqlite3_backup *b = sqlite3_backup_init(to->h, "main", from->h, "main");
    int rc = b ? SQLITE_OK : sqlite3_errcode(to->h);
    bool wanted = true;

    while (b && rc == SQLITE_OK && wanted) {
        rc = FAULT("copy.full") ? SQLITE_FULL : sqlite3_backup_step(b, PAGES_AT_ONCE);
        wanted = !go_on || go_on(arg);
    }
    int end = b ? sqlite3_backup_finish(b) : rc;
    if (!wanted && rc != SQLITE_DONE)
        return fail(from->f, E_RETRY, "the copy was given up");
    if (rc != SQLITE_DONE)
        return db_fail(from, rc == SQLITE_OK ? end : rc, "copying the database");
    return end == SQLITE_OK || db_fail(from, end, "copying the database");
}

/* After the handle is closed: to close another descriptor of an open database would drop its locks (POSIX). */
static bool synced(struct db *from, const char *path)
{
    FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    return (fd >= 0 && fsync(fd) == 0) || fail(from->f, errno == ENOSPC || errno == EDQUOT ? E_STORAGE_FULL : E_INTERNAL,
                                               "the copy is not on the disk: %s", strerror(errno));
}

bool db_copy(struct db *from, const struct db_options *to, bool (*go_on)(void *), void *arg)
{
    struct db_options o = *to;

    ENSURE(db_in_transaction(from));
    o.cipher = from->cipher;
    o.flags = DB_CREATE | DB_COPY;
    if (unlink(o.path) < 0 && errno != ENOENT)
        return fail(from->f, E_INTERNAL, "an older copy cannot be removed: %s", strerror(errno));
    struct db *d = db_open(&o, from->f);
    bool done = d && copy_pages(from, d, go_on, arg);
    db_close(&d);
    done = done && synced(from, o.path);
    if (!done)
        unlink(o.path);
    return done;
}

/* The engine itself copies anew what the same handle writes to pages that are copied already (sqlite3_backup_step). */
struct db_follow {
    struct db *from, *to;
    sqlite3_backup *backup;
    char *path;
    bool done;
};

struct db_follow *db_follow_begin(struct db *from, const struct db_options *to)
{
    struct db_options o = *to;
    struct db_follow *c = XNEW(struct db_follow);
    size_t n = strlen(to->path) + 1;

    c->from = from;
    c->path = xmalloc(n);
    memcpy(c->path, to->path, n);
    o.cipher = from->cipher;
    o.flags = DB_CREATE | DB_COPY;
    if (unlink(o.path) < 0 && errno != ENOENT)
        fail(from->f, E_INTERNAL, "an older copy cannot be removed: %s", strerror(errno));
    else
        c->to = db_open(&o, from->f);
    c->backup = c->to ? sqlite3_backup_init(c->to->h, "main", from->h, "main") : NULL;
    if (c->backup)
        return c;
    if (c->to)
        db_fail(from, sqlite3_errcode(c->to->h), "copying the database");
    db_follow_end(&c, false);
    return NULL;
}

int db_follow(struct db_follow *c)
{
    int rc = FAULT("copy.full") ? SQLITE_FULL : sqlite3_backup_step(c->backup, PAGES_AT_ONCE);

    c->done = rc == SQLITE_DONE;
    if (rc == SQLITE_OK || c->done)
        return c->done ? 0 : 1;
    db_fail(c->from, rc, "copying the database");
    return -1;
}

bool db_follow_end(struct db_follow **cp, bool keep)
{
    struct db_follow *c = *cp;

    *cp = NULL;
    if (!c)
        return false;
    int rc = c->backup ? sqlite3_backup_finish(c->backup) : SQLITE_ERROR;
    db_close(&c->to);
    bool done = keep && c->done && rc == SQLITE_OK && synced(c->from, c->path);
    if (!done)
        unlink(c->path);
    xfree(c->path);
    xfree(c);
    return done;
}
