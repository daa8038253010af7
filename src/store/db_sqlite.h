/* store/db_sqlite.h, for db_*.c and migrate.c alone: what stands behind struct db on SQLite.
 * Every result code of the engine goes through db_fail(), which decides what the request hears and what ends
 * the process. Detail for the log is made of the statement's text and the engine's code, never of a bound value. */
#ifndef ENGAWA_STORE_DB_SQLITE_H
#define ENGAWA_STORE_DB_SQLITE_H

#include "base/map.h"
#include "store/db_text.h"

#include <sqlite3.h>

#define BINDS_MAX 64

struct stmt {
    sqlite3_stmt *s;
    struct stmt *next;                                    /* all of the handle, to finalize them */
    bool busy;                                            /* its rows are being read */
    bool cached;
    int columns;                                          /* of the row at hand; 0: none is */
    int n;                                                /* parameters: $1 … $n */
    unsigned char at[BINDS_MAX + 1];                      /* $i is the engine's at[i] */
};

struct db {
    sqlite3 *h;
    struct arena *a;                                      /* db_use() */
    struct failure *f;
    struct map cache;                                     /* address of the literal -> struct stmt */
    struct stmt *all;
    struct secret seal_key;                               /* n = 0: sealed columns pass through */
    int64_t tenant;
    int64_t changes;
    int64_t wal_pages;
    enum db_cipher cipher;
    bool for_writing;
};

/* The VFS that db_open() opens with; starts the engine at the first call (db_vfs.c). */
const char *db_vfs(void);

/* DB_AES256 as the engine knows it; once, before a handle opens (db_page.c). */
#define DB_PAGE_CIPHER "engawa"
bool db_page_cipher(void);

/* False: the log beside the database is damaged before something that was committed (db_wal.c). Before the engine reads it. */
bool db_wal_whole(struct db *d, const char *path);

/* Records why; always false. An fsync error or lack of memory ends the process. `sql` may be NULL. */
bool db_fail(struct db *d, int rc, const char *sql);
enum err db_err(int rc, int os_error);                    /* what a caller hears of it */

/* NULL: failed. Not busy, no binds, ready to step. */
struct stmt *db_prepare(struct db *d, const char *sql);
void db_stmt_done(struct db *d, struct stmt *s);
/* `transient`: the values are copied, because the rows may outlive them. */
bool db_bind_all(struct db *d, struct stmt *s, const char *sql, const struct bind *binds, bool transient);

/* As db_run_text(), for the way back: no failure is recorded. */
void db_run_quiet(struct db *d, const char *sql);

/* Sealed columns (db_seal.c): a version byte, then an AEAD piece. */
sv db_seal(struct db *d, const struct bind *b);
bool db_unseal(struct db *d, sv sealed, const char *column, int64_t row, sv *plain);

#endif
