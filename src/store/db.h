/* store/db.h: one encrypted database of one tenant (or the registry), by one thread.
 *     db_open() -> db_use() per request -> db_exec()/db_query() … -> db_close()
 * SQL is always literal text with $1 … binds, the same for both engines; the binds are counted against the statement
 * and statements are cached by the literal's address. A failure is recorded in the request's failure that db_use() named:
 * E_INTERNAL for a broken statement or database, E_STORAGE_FULL for a full disk, E_RETRY for a lock not given within
 * 5 s or a transaction that the engine rolled back. An fsync error ends the process. A value never stands in a failure.
 * Test points (base/fault.h): commit.before commit.after disk.full disk.write disk.fsync disk.synced
 * migrate.statement (before each statement of a migration).
 * Times are BIGINT UTC ms, ids BIGINT made in C, flags SMALLINT; see facts in doc/formats.md. */
#ifndef ENGAWA_STORE_DB_H
#define ENGAWA_STORE_DB_H

#include "base/failure.h"
#include "crypt/secret.h"

struct db;

enum db_cipher { DB_AES256, DB_AEGIS256 };                /* SQLCipher 4 scheme (default); AEGIS-256 */
enum db_flags { DB_CREATE = 1, DB_READ_ONLY = 2, DB_COPY = 4 };   /* DB_COPY: the target of db_copy(), for it alone */

struct db_options {
    const char *path;                                     /* relative to the process's directory, or absolute */
    const struct secret *key;                             /* 32 bytes */
    enum db_cipher cipher;
    int flags;
    int64_t tenant;                                       /* bound into sealed columns */
    const struct secret *seal_key;                        /* NULL: sealed columns pass through (SQLite's pages are
                                                             encrypted); else they are AEAD pieces (PostgreSQL's way,
                                                             and the test that runs SQLite with sealing on) */
};

/* NULL: `f` says why. Checks: raw key of 32 bytes, reserved bytes >= 64, cipher as asked, page authentication on;
 * sets WAL, synchronous=FULL, foreign_keys, secure_delete, temp_store=MEMORY, trusted_schema off, defensive. */
struct db *db_open(const struct db_options *o, struct failure *f);
void db_close(struct db **d);                             /* every rows of it ended; NULL is fine */

/* Where results are copied to and failures go, until the next call. */
void db_use(struct db *d, struct arena *a, struct failure *f);

enum bind_type { BIND_INT, BIND_TEXT, BIND_BLOB, BIND_SEALED, BIND_NULL, BIND_END };

struct bind {
    enum bind_type type;
    int64_t i;                                            /* BIND_INT; BIND_SEALED: the row it is bound to */
    sv s;
    const char *column;                                   /* BIND_SEALED: "table.column" */
};

#define INT(v)   ((struct bind){.type = BIND_INT, .i = (v)})
#define ID(v)    ((struct bind){.type = BIND_INT, .i = (v).n})
#define TEXT(v)  ((struct bind){.type = BIND_TEXT, .s = (v)})
#define BLOB(v)  ((struct bind){.type = BIND_BLOB, .s = (v)})
#define NIL      ((struct bind){.type = BIND_NULL})
/* A value of a sealed column; `row` is an int64 that names its row for good (usually its id). */
#define SEALED(col, row, v) ((struct bind){.type = BIND_SEALED, .i = (row), .s = (v), .column = (col)})

/* db_exec(d, "UPDATE … WHERE id = $1", ID(room)). The first argument after the SQL is $1. */
#define db_exec(d, ...)  db_exec_binds((d), BINDS_SQL(__VA_ARGS__), BINDS_LIST(__VA_ARGS__))
#define db_query(d, ...) db_query_binds((d), BINDS_SQL(__VA_ARGS__), BINDS_LIST(__VA_ARGS__))
#define BINDS_SQL(...)       BINDS_SQL_(__VA_ARGS__, 0)
#define BINDS_SQL_(sql, ...) "" sql
#define BINDS_LIST(...)      BINDS_LIST_(__VA_ARGS__, (struct bind){.type = BIND_END})
#define BINDS_LIST_(sql, ...) (const struct bind[]){__VA_ARGS__}   /* ended by BIND_END */

bool db_exec_binds(struct db *d, const char *sql, const struct bind *binds);
int64_t db_changes(const struct db *d);                   /* rows of the last db_exec() */

struct rows {
    struct db *d;
    struct stmt *s;                                       /* NULL: failed or ended */
    bool failed;
};

void rows_end(struct rows *r);
#define ROWS __attribute__((cleanup(rows_end))) struct rows

struct rows db_query_binds(struct db *d, const char *sql, const struct bind *binds);
bool rows_next(struct rows *r);
bool rows_ok(const struct rows *r);                       /* false: ended on an error, already in the failure */
int64_t row_int(const struct rows *r, int col);
id64 row_id(const struct rows *r, int col);
bool row_null(const struct rows *r, int col);
sv row_text(const struct rows *r, int col);               /* copied into the request's arena */
sv row_blob(const struct rows *r, int col);
sv row_sealed(struct rows *r, int col, const char *column, int64_t row);  /* not authentic: the rows fail */

/* A savepoint; rolled back on every way out but tx_commit(). Nests. Only on the writer. */
struct tx {
    struct db *d;
    bool open;
};
void tx_end(struct tx *t);
#define TX __attribute__((cleanup(tx_end))) struct tx
struct tx tx_begin(struct db *d);
bool tx_commit(struct tx *t);                             /* RELEASE */

/* What is read in it is of one moment, whatever is committed meanwhile; and the engine takes its locks once, not for each
 * statement, which is a good part of a short read. Only where nothing is written; rows end before it does. */
struct moment {
    struct db *d;
    bool open;
};
void moment_end(struct moment *m);
#define MOMENT __attribute__((cleanup(moment_end))) struct moment
struct moment moment_begin(struct db *d);

/* The transaction around a batch; only the writer's loop calls these (store/commit in architecture 4). */
bool db_begin(struct db *d);                              /* BEGIN IMMEDIATE */
bool db_commit(struct db *d);                             /* COMMIT = fsync; false: rolled back, nothing happened */
void db_rollback(struct db *d);
bool db_in_transaction(const struct db *d);               /* false after the engine rolled back by itself */
void db_checkpoint(struct db *d, bool restart);           /* PASSIVE from the checkpointer; RESTART by the writer */
int64_t db_wal_pages(const struct db *d);                 /* after the last commit on this handle */
void db_release_memory(struct db *d);                     /* when quiet */
/* A copy while others write: db_hold() -> reads that see what the copy will hold … -> db_copy() -> db_rollback().
 * The new file (to->path, 0600, replaced) is on the disk when db_copy() returns true, and gone when it does not; `go_on`
 * (may be NULL) is asked about every megabyte, false gives up with E_RETRY. Pages stay in the WAL as long as it is held. */
bool db_hold(struct db *d);                               /* BEGIN and the first read */
bool db_copy(struct db *from, const struct db_options *to, bool (*go_on)(void *), void *arg);
/* A copy that follows what is written, by the handle that writes and no other: between two transactions a piece at a time, and
 * what is committed meanwhile is in the pieces that were copied before. Under another key: a database is put under it so.
 *     db_follow_begin() -> db_follow() … until it says that all is copied -> db_follow_end()
 * NULL or -1: the handle's failure says why; 1: there is more; 0: the copy is the database as it is now. */
struct db_follow;
struct db_follow *db_follow_begin(struct db *from, const struct db_options *to);
int db_follow(struct db_follow *c);
bool db_follow_end(struct db_follow **c, bool keep);      /* keep: it is on the disk when it returns true; else, and else it is gone */
bool db_check(struct db *d);                              /* quick_check */
/* What is wrong, a line each, `max` at most: pages, rows and indexes against each other; rows that name one that is not there.
 * False: it could not be looked through to its end (E_RETRY: the engine was busy); what was found until then stands in `out`. */
struct db_faults {
    sv *v;
    size_t n, cap;
};
bool db_check_all(struct db *d, size_t max, struct db_faults *out);
bool db_check_references(struct db *d, size_t max, struct db_faults *out);
sv db_digest(struct db *d);                               /* over every table's (store/db_digest.h), hex; SV_NONE: failed */

#endif
