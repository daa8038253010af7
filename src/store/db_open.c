/* store/db_open.c: opens a database so that nothing of it can be weaker than asked.
 * Order: open -> cipher -> key -> first read (a wrong key shows here) -> checks -> settings. A raw key of any length
 * but 32 would silently become a passphrase, and a cipher without reserved bytes would silently authenticate
 * nothing: both are asserted. */
#include "store/db_sqlite.h"

#include "base/mem.h"
#include "base/rand.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW "raw:"
#define RAW_BYTES 36                                      /* "raw:" and 256 bits */
#define RESERVED_MIN 64

static const struct cipher {
    const char *name;
    int reserved;                                         /* bytes a page gives for nonce and tag */
    struct { const char *name; int value; } set[2];
} ciphers[] = {
    [DB_AES256]   = { DB_PAGE_CIPHER, 80, {{0}} },
    [DB_AEGIS256] = { "aegis",     64, { { "algorithm", 4 } } },    /* 4: AEGIS-256 */
};

/* What a statement may ask of the engine; a text of ours stays far below. */
static const struct { int limit, value; } limits[] = {
    { SQLITE_LIMIT_LENGTH, 64 << 20 },        { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
    { SQLITE_LIMIT_COLUMN, 200 },             { SQLITE_LIMIT_EXPR_DEPTH, 100 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 20 },     { SQLITE_LIMIT_VDBE_OP, 25000 },
    { SQLITE_LIMIT_FUNCTION_ARG, 32 },        { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 }, { SQLITE_LIMIT_VARIABLE_NUMBER, BINDS_MAX },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 10 },       { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static bool refuse(struct db *d, const char *why)
{
    return fail(d->f, E_INTERNAL, "database refused: %s", why);
}

/* The file of a new database is made here: 0600 whatever the umask. One that exists is only looked at: to open and
 * close it would drop the locks that other handles of this process hold on it (POSIX). */
static bool file_ready(struct db *d, const struct db_options *o)
{
    struct stat st;

    if (lstat(o->path, &st) != 0) {
        FD fd = -1;
        if (errno == ENOENT && (o->flags & DB_CREATE))
            fd = open(o->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        return fd >= 0 || fail(d->f, errno == ENOSPC || errno == EDQUOT ? E_STORAGE_FULL : E_INTERNAL,
                               "database does not open: %s", strerror(errno));
    }
    if (!S_ISREG(st.st_mode))
        return refuse(d, "not a file");
    if (st.st_size == 0 && !(o->flags & DB_CREATE))
        return refuse(d, "empty file");
    return true;
}

static bool set_cipher(struct db *d)
{
    const struct cipher *c = &ciphers[d->cipher];
    int index = sqlite3mc_cipher_index(c->name);
    char word[40] = "default:";

    /* "default:" too: without it the choice is forgotten after the key, and a later rekey takes another cipher. */
    if (index < 1 || sqlite3mc_config(d->h, "default:cipher", index) != index
        || sqlite3mc_config(d->h, "cipher", index) != index || sqlite3mc_config(d->h, "hmac_check", -1) != 1)
        return refuse(d, "the engine lacks the cipher");
    for (size_t i = 0; i < COUNT(c->set) && c->set[i].name; i++) {
        memcpy(word + 8, c->set[i].name, strlen(c->set[i].name) + 1);
        if (sqlite3mc_config_cipher(d->h, c->name, word, c->set[i].value) != c->set[i].value
            || sqlite3mc_config_cipher(d->h, c->name, word + 8, c->set[i].value) != c->set[i].value)
            return refuse(d, "the engine lacks the cipher's form");
    }
    return true;
}

static bool set_key(struct db *d, const struct secret *key)
{
    SECRET raw = {0};

    ENSURE(key->n == 32);
    memcpy(raw.b, RAW, strlen(RAW));
    memcpy(raw.b + strlen(RAW), key->b, key->n);
    raw.n = strlen(RAW) + key->n;
    ENSURE(raw.n == RAW_BYTES);
    int rc = sqlite3_key(d->h, raw.b, RAW_BYTES);
    return rc == SQLITE_OK || db_fail(d, rc, NULL);
}

static bool checked(struct db *d)
{
    int reserved = -1;

    if (sqlite3_file_control(d->h, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved) != SQLITE_OK
        || reserved < RESERVED_MIN || reserved != ciphers[d->cipher].reserved)
        return refuse(d, "its pages have no room for authentication");
    if (sqlite3mc_config(d->h, "cipher", -1) != sqlite3mc_cipher_index(ciphers[d->cipher].name))
        return refuse(d, "another cipher");
    if (sqlite3mc_config(d->h, "hmac_check", -1) != 1)
        return refuse(d, "pages are not authenticated");
    return true;
}

static void harden(sqlite3 *h)
{
    for (size_t i = 0; i < COUNT(limits); i++)
        sqlite3_limit(h, limits[i].limit, limits[i].value);
    sqlite3_db_config(h, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    /* Nothing is gathered by ANALYZE: without this a statement with a range is parsed and planned anew for each value. */
    sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    sqlite3_busy_timeout(h, 5000);
}

static int committed(void *p, sqlite3 *h, const char *schema, int pages)
{
    struct db *d = p;

    (void)h;
    (void)schema;
    d->wal_pages = pages;
    return SQLITE_OK;
}

/* A PRAGMA answers with the value it has now, which need not be the one that was asked for. */
static bool pragma(struct db *d, const char *sql, const char *want)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(d->h, sql, -1, &s, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    bool answered = rc == SQLITE_ROW && sqlite3_column_text(s, 0);
    bool as_wanted = answered && strcmp((const char *)sqlite3_column_text(s, 0), want) == 0;
    sqlite3_finalize(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return db_fail(d, rc, sql);
    return as_wanted || fail(d->f, E_INTERNAL, "database refused: %s is not %s", sql, want);
}

/* A page that is not in the cache is read and deciphered again, which costs more than all else: the lists of a company of
 * 10,000 members go through 12 MiB of pages. The cache grows with what is read, so a small company's stays small. */
static bool settings(struct db *d, int flags)
{
    if (!db_run_text(d, "PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
                        "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;"
                        "PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL"))
        return false;
    if (flags & DB_COPY)                                  /* synced as a whole when it is whole, else thrown away */
        return pragma(d, "PRAGMA journal_mode = MEMORY", "memory") && db_run_text(d, "PRAGMA synchronous = OFF");
    if (!(flags & DB_READ_ONLY) && !pragma(d, "PRAGMA journal_mode = WAL", "wal"))
        return false;
    if ((flags & DB_READ_ONLY) && !db_run_text(d, "PRAGMA query_only = ON"))
        return false;
#ifdef MUTANT_COMMIT_WITHOUT_FSYNC                        /* answers before the disk has it */
    return db_run_text(d, "PRAGMA synchronous = NORMAL");
#endif
    return pragma(d, "PRAGMA journal_mode", "wal") && pragma(d, "PRAGMA synchronous", "2")
        && pragma(d, "PRAGMA foreign_keys", "1") && pragma(d, "PRAGMA secure_delete", "1")
        && pragma(d, "PRAGMA temp_store", "2") && pragma(d, "PRAGMA trusted_schema", "0");
}

static bool open_handle(struct db *d, const struct db_options *o)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        | (o->flags & DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int rc = sqlite3_open_v2(o->path, &d->h, flags, db_vfs());

    if (rc != SQLITE_OK)
        return db_fail(d, rc, NULL);
    harden(d->h);
#ifdef MUTANT_PLAINTEXT_STORE
    (void)set_cipher, (void)set_key, (void)checked;
    if (!settings(d, o->flags))
        return false;
#else
    if (!set_cipher(d) || !set_key(d, o->key))
        return false;
    if (!db_run_text(d, "SELECT count(*) FROM sqlite_schema") || !checked(d) || !settings(d, o->flags))
        return false;
#endif
    sqlite3_wal_autocheckpoint(d->h, 0);                  /* the owner calls db_checkpoint() */
    sqlite3_wal_hook(d->h, committed, d);
    return true;
}

struct db *db_open(const struct db_options *o, struct failure *f)
{
    struct db *d = XNEW(struct db);

    ENSURE((size_t)o->cipher < COUNT(ciphers));
    d->f = f;
    d->cipher = o->cipher;
    d->for_writing = !(o->flags & DB_READ_ONLY);
    d->tenant = o->tenant;
    map_init(&d->cache, 0);
    if (o->seal_key) {
        ENSURE(o->seal_key->n == 32);
        d->seal_key = *o->seal_key;
    }
#ifdef ENGAWA_SEALED                                      /* a test's build: a tenant's sealed columns as on PostgreSQL, on SQLite */
    else if (o->tenant)
        d->seal_key = *o->key;
#endif
    if (!file_ready(d, o) || (!(o->flags & DB_READ_ONLY) && !db_wal_whole(d, o->path)) || !open_handle(d, o))
        db_close(&d);
    else
        d->f = NULL;                                      /* from here on db_use() says where failures go */
    return d;
}

void db_close(struct db **dp)
{
    struct db *d = *dp;

    *dp = NULL;
    if (!d)
        return;
    for (struct stmt *s = d->all, *next; s; s = next) {
        next = s->next;
        sqlite3_finalize(s->s);
        xfree(s);
    }
    map_release(&d->cache);
    ENSURE(sqlite3_close(d->h) == SQLITE_OK);             /* a checkpoint, if it is the last handle */
    secret_wipe(&d->seal_key);
    xfree(d);
}

void db_use(struct db *d, struct arena *a, struct failure *f)
{
    d->a = a;
    d->f = f;
}
