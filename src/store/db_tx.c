/* store/db_tx.c: savepoints of the services, moments of the readers, the transaction of the writer's loop, checkpoints. */
#include "store/db_sqlite.h"

#include "base/fault.h"

struct tx tx_begin(struct db *d)
{
    return (struct tx){.d = d, .open = db_exec(d, "SAVEPOINT tx")};
}

bool tx_commit(struct tx *t)
{
    if (!t->open)
        return false;
    if (!db_in_transaction(t->d)) {                       /* the engine rolled everything back: nothing to release */
        t->open = false;
        return fail(t->d->f, E_RETRY, "the engine rolled back");
    }
    if (!db_exec(t->d, "RELEASE tx"))
        return false;                                     /* tx_end() goes back */
    t->open = false;
    return true;
}

void tx_end(struct tx *t)
{
    if (t->open && db_in_transaction(t->d))
        db_run_quiet(t->d, "ROLLBACK TO tx; RELEASE tx");
    t->open = false;
}

struct moment moment_begin(struct db *d)
{
    return (struct moment){.d = d, .open = db_exec(d, "BEGIN")};
}

/* Quietly: nothing was written, so there is nothing that could be lost, and what was read has its own failure. */
void moment_end(struct moment *m)
{
    struct failure unheard = {0}, *f = m->d->f;

    if (!m->open || !db_in_transaction(m->d))             /* some errors end the transaction by themselves */
        return;
    m->d->f = &unheard;
    (void)db_exec(m->d, "COMMIT");
    m->d->f = f;
}

bool db_begin(struct db *d)
{
    return db_exec(d, "BEGIN IMMEDIATE");
}

bool db_commit(struct db *d)
{
    bool ok = !FAULT("commit.before") || fail(d->f, E_RETRY, "fault: commit.before");

    if (ok && !db_in_transaction(d))
        ok = fail(d->f, E_RETRY, "the engine rolled back");
    ok = ok && db_exec(d, "COMMIT");
    if (!ok)
        db_rollback(d);
    else
        (void)FAULT("commit.after");
    return ok;
}

void db_rollback(struct db *d)
{
    if (db_in_transaction(d))
        db_run_quiet(d, "ROLLBACK");
}

bool db_in_transaction(const struct db *d)
{
    return sqlite3_get_autocommit(d->h) == 0;
}

void db_checkpoint(struct db *d, bool restart)
{
    int how = restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    int pages = 0, done = 0;
    struct failure unheard = {0}, *f = d->f;
    int rc = sqlite3_wal_checkpoint_v2(d->h, "main", how, &pages, &done);

    d->f = &unheard;                                      /* an fsync error ends the process; the rest comes again */
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY && (rc & 0xff) != SQLITE_LOCKED)
        db_fail(d, rc, NULL);
    d->f = f;
    if (rc == SQLITE_OK && pages >= 0)
        d->wal_pages = restart && done == pages ? 0 : pages;
}

int64_t db_wal_pages(const struct db *d)
{
    return d->wal_pages;
}

void db_release_memory(struct db *d)
{
    sqlite3_db_release_memory(d->h);
}
