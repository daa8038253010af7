/* store/db_open_test.c: what stands on the disk, and what is refused. */
#include "store/db_sqlite.h"

#include "base/test.h"
#include "store/db_test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define CANARY "canary-7f3a9c 縁側のひみつ"

/* A table of some pages with the canary in every row, in the file or still in the WAL. */
static struct db *filled(struct scratch *t, const struct db_options *o, int64_t tenant_mark)
{
    struct db *d = scratch_open_as(t, o);

    if (!d)
        die("filled: %s", t->f.detail);
    ENSURE(db_exec(d, "CREATE TABLE note (id INTEGER PRIMARY KEY, mark BIGINT, text TEXT)"));
    ENSURE(db_exec(d, "CREATE INDEX note_text ON note (text, id)"));
    ENSURE(db_begin(d));
    for (int i = 1; i <= 300; i++)
        ENSURE(db_exec(d, "INSERT INTO note (id, mark, text) VALUES ($1, $2, $3)", INT(i), INT(tenant_mark),
                       TEXT(SV(CANARY))));
    ENSURE(db_commit(d));
    return d;
}

static void fill_and_close(struct scratch *t, const char *name)
{
    struct db_options o = scratch_options(t, name);
    struct db *d = filled(t, &o, 1);

    db_close(&d);
}

/* Rows that every page of the table and its index took part in; -1: refused. */
static int64_t read_all(struct scratch *t, const struct db_options *o)
{
    struct db *d = scratch_open_as(t, o);
    int64_t n = -1;

    if (!d)
        return -1;
    {
        ROWS r = db_query(d, "SELECT sum(length(text) > 0), sum(id) FROM note NOT INDEXED");
        if (rows_next(&r))
            n = row_int(&r, 0);
        if (!rows_ok(&r))
            n = -1;
    }
    if (n >= 0 && !db_check(d))
        n = -1;
    db_close(&d);
    return n;
}

static struct db_options existing(struct scratch *t, const char *name)
{
    struct db_options o = scratch_options(t, name);

    o.flags = 0;
    failure_clear(&t->f);
    return o;
}

TEST(db_wrong_key_is_refused)
{
    struct scratch t = scratch_new();
    struct db_options o;
    SECRET other = {0};

    PROVES("PLT-02");
    fill_and_close(&t, "a.db");
    o = existing(&t, "a.db");
    CHECK_INT(read_all(&t, &o), 300);
    secret_set(&other, secret_view(&t.key));
    other.b[31] ^= 1;
    o.key = &other;
    CHECK(scratch_open_as(&t, &o) == NULL);
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    o.key = &t.key;
    o.cipher = DB_AEGIS256;
    CHECK(scratch_open_as(&t, &o) == NULL);
    CHECK_INT(t.f.code, E_INTERNAL);
    scratch_end(&t);
}

/* Places all over the file: header, pages, their authentication. None is read as if nothing were. */
TEST(db_flipped_byte_is_detected)
{
    struct scratch t = scratch_new();
    struct db_options o;

    fill_and_close(&t, "a.db");
    sv whole = scratch_read(&t, "a.db");
    REQUIRE(whole.n > 8 * PAGE);
    char *p = arena_dup(t.a, whole.p, whole.n);
    for (size_t at = 0; at < whole.n; at += whole.n / 120 + 1) {
        p[at] = (char)(p[at] ^ 0x20);
        scratch_write(&t, "a.db", sv_n(p, whole.n));
        o = existing(&t, "a.db");
        CHECK_INT_AT(at, read_all(&t, &o), -1);
        p[at] = (char)(p[at] ^ 0x20);
    }
    scratch_write(&t, "a.db", whole);
    o = existing(&t, "a.db");
    CHECK_INT(read_all(&t, &o), 300);
    scratch_end(&t);
}

TEST(db_swapped_pages_are_detected)
{
    struct scratch t = scratch_new();
    struct db_options o;

    PROVES("PLT-10");
    PROVES("B11.03");
    fill_and_close(&t, "a.db");
    sv whole = scratch_read(&t, "a.db");
    REQUIRE(whole.n > 8 * PAGE);
    for (size_t first = 1; first + 1 < whole.n / PAGE; first++) {
        char *p = arena_dup(t.a, whole.p, whole.n);
        memcpy(p + first * PAGE, whole.p + (first + 1) * PAGE, PAGE);
        memcpy(p + (first + 1) * PAGE, whole.p + first * PAGE, PAGE);
        scratch_write(&t, "a.db", sv_n(p, whole.n));
        o = existing(&t, "a.db");
        CHECK_INT_AT(first, read_all(&t, &o), -1);
    }
    scratch_end(&t);
}

TEST(db_of_another_tenant_is_refused_whole_and_page_by_page)
{
    struct scratch t = scratch_new();
    SECRET key_b = {0};
    struct db_options a = scratch_options(&t, "a.db"), b = scratch_options(&t, "b.db");
    struct db *d;

    PROVES("PLT-02");
    PROVES("B11.03");
    secret_random(&key_b, 32);
    b.key = &key_b;
    d = filled(&t, &a, 1);
    db_close(&d);
    d = filled(&t, &b, 2);
    db_close(&d);
    sv file_a = scratch_read(&t, "a.db"), file_b = scratch_read(&t, "b.db");
    CHECK_INT(file_a.n, file_b.n);
    CHECK_INT(read_all(&t, &b), 300);
    scratch_write(&t, "b.db", file_a);                    /* A's file in B's folder */
    b.flags = 0;
    CHECK_INT(read_all(&t, &b), -1);
    CHECK_INT(t.f.code, E_INTERNAL);
    char *p = arena_dup(t.a, file_b.p, file_b.n);         /* one page of A in B's file, at its own place */
    memcpy(p + 2 * PAGE, file_a.p + 2 * PAGE, PAGE);
    scratch_write(&t, "b.db", sv_n(p, file_b.n));
    failure_clear(&t.f);
    CHECK_INT(read_all(&t, &b), -1);
    /* Even the same key: the file's own salt is in its pages' keys. */
    struct db_options c = scratch_options(&t, "c.db");
    d = filled(&t, &c, 3);
    db_close(&d);
    sv file_c = scratch_read(&t, "c.db");
    p = arena_dup(t.a, file_c.p, file_c.n);
    memcpy(p + 2 * PAGE, file_a.p + 2 * PAGE, PAGE);
    scratch_write(&t, "c.db", sv_n(p, file_c.n));
    failure_clear(&t.f);
    CHECK_INT(read_all(&t, &c), -1);
    scratch_end(&t);
}

static bool contains(sv file, sv what)
{
    return sv_find(file, what, NULL);
}

/* Database, WAL (before a checkpoint) and shared memory: neither the words nor SQL nor SQLite's own header. */
TEST(db_nothing_is_readable_on_the_disk)
{
    static const char *const words[] = { CANARY, "canary", "縁側", "CREATE TABLE", "SQLite format 3", "note_text" };
    static const char *const files[] = { "a.db", "a.db-wal", "a.db-shm" };
    static const enum db_cipher ciphers[] = { DB_AES256, DB_AEGIS256 };

    PROVES("PLT-10");
    for (size_t c = 0; c < COUNT(ciphers); c++) {
        struct scratch t = scratch_new();
        struct db_options o = scratch_options(&t, "a.db");
        o.cipher = ciphers[c];
        struct db *d = filled(&t, &o, 1);
        db_checkpoint(d, false);
        ENSURE(db_exec(d, "UPDATE note SET text = text || 'x'"));
        for (size_t f = 0; f < COUNT(files); f++) {
            sv file = scratch_read(&t, files[f]);
            CHECK_AT(f, file.n > PAGE);
            for (size_t w = 0; w < COUNT(words); w++)
                CHECK_AT(f * 10 + w, !contains(file, sv_c(words[w])));
        }
        {
            ROWS r = db_query(d, "SELECT text FROM note WHERE id = 1");  /* and yet it is there */
            CHECK(rows_next(&r));
            CHECK_STR(row_text(&r, 0), SV(CANARY "x"));
        }
        db_close(&d);
        scratch_end(&t);
    }
}

/* SQLCipher 4's form: a random salt, then ciphertext from byte 16 on. The weaker forms leave bytes 16 to 23 of
 * SQLite's header in clear: page size 4096, versions 2 2, reserved, 64 32 32. */
TEST(db_first_page_is_wholly_encrypted)
{
    struct scratch t = scratch_new();
    static const char clear[] = { 0x10, 0x00, 0x02, 0x02, 0x50, 0x40, 0x20, 0x20 };

    PROVES("PLT-10");
    fill_and_close(&t, "a.db");
    fill_and_close(&t, "b.db");
    sv a = scratch_read(&t, "a.db"), b = scratch_read(&t, "b.db");
    CHECK(!contains(a, SV("SQLite format 3")));
    CHECK(memcmp(a.p, b.p, 16) != 0);                     /* salts */
    CHECK(memcmp(a.p + 16, b.p + 16, 8) != 0);
    CHECK(memcmp(a.p + 16, clear, 8) != 0 && memcmp(b.p + 16, clear, 8) != 0);
    CHECK(memcmp(a.p + 20, "\x50\x40\x20\x20", 4) != 0);
    scratch_end(&t);
}

TEST(db_pages_have_room_for_authentication)
{
    struct scratch t = scratch_new();
    struct db_options o = scratch_options(&t, "aes.db");
    int reserved = -1;

    PROVES("PLT-10");
    PROVES("B11.02");
    struct db *d = scratch_open_as(&t, &o);
    REQUIRE(d);
    CHECK_INT(sqlite3_file_control(d->h, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved), SQLITE_OK);
    CHECK_INT(reserved, 80);
    CHECK_INT(sqlite3mc_config(d->h, "hmac_check", -1), 1);
    db_close(&d);
    o = scratch_options(&t, "aegis.db");
    o.cipher = DB_AEGIS256;
    d = scratch_open_as(&t, &o);
    REQUIRE(d);
    reserved = -1;
    CHECK_INT(sqlite3_file_control(d->h, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved), SQLITE_OK);
    CHECK_INT(reserved, 64);
    db_close(&d);
    scratch_end(&t);
}

/* A file made by another hand: the same key, a cipher or a form that promises less. */
static void make_foreign(struct scratch *t, const char *name, const char *cipher, int legacy)
{
    char key[36] = "raw:";
    sqlite3 *h = NULL;

    unlink(scratch_path(t, name));
    memcpy(key + 4, t->key.b, 32);
    ENSURE(sqlite3_open_v2(scratch_path(t, name), &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, db_vfs()) == 0);
    if (cipher) {
        sqlite3mc_config(h, "cipher", sqlite3mc_cipher_index(cipher));
        if (legacy >= 0)
            sqlite3mc_config_cipher(h, cipher, "legacy", legacy);
        ENSURE(sqlite3_key(h, key, sizeof(key)) == 0);
    }
    ENSURE(sqlite3_exec(h, "PRAGMA journal_mode = WAL; CREATE TABLE note (id, text)", NULL, NULL, NULL) == 0);
    ENSURE(sqlite3_close(h) == 0);
}

TEST(db_weaker_files_are_refused)
{
    static const struct { const char *cipher; int legacy; } t[] = {
        { NULL, -1 }, { "chacha20", -1 }, { "sqlcipher", 0 }, { "sqlcipher", 3 }, { "aegis", -1 },
    };
    struct scratch s = scratch_new();

    PROVES("PLT-10");
    PROVES("B11.02");
    for (size_t i = 0; i < COUNT(t); i++) {
        make_foreign(&s, "x.db", t[i].cipher, t[i].legacy);
        CHECK_AT(i, scratch_read(&s, "x.db").n >= 2048);
        struct db_options o = existing(&s, "x.db");
        CHECK_AT(i, scratch_open_as(&s, &o) == NULL);
        CHECK_INT_AT(i, s.f.code, E_INTERNAL);
    }
    make_foreign(&s, "x.db", "sqlcipher", 4);             /* the one that is ours */
    struct db_options o = existing(&s, "x.db");
    struct db *d = scratch_open_as(&s, &o);
    CHECK(d != NULL);
    db_close(&d);
    scratch_end(&s);
}

static int64_t rows_in(sqlite3 *h, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t n = sqlite3_prepare_v2(h, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;

    sqlite3_finalize(s);
    return n;
}

/* Our form of pages (db_page.c) is the engine's own: each reads and goes on writing the other's file. */
TEST(db_pages_are_the_engines_own)
{
    struct scratch t = scratch_new();
    char key[36] = "raw:";
    sqlite3 *h = NULL;

    fill_and_close(&t, "x.db");
    memcpy(key + 4, t.key.b, 32);
    REQUIRE(sqlite3_open_v2(scratch_path(&t, "x.db"), &h, SQLITE_OPEN_READWRITE, db_vfs()) == 0);
    CHECK(sqlite3mc_config(h, "cipher", sqlite3mc_cipher_index("sqlcipher")) > 0);
    CHECK_INT(sqlite3mc_config_cipher(h, "sqlcipher", "legacy", 4), 4);
    CHECK_INT(sqlite3_key(h, key, sizeof(key)), SQLITE_OK);
    CHECK_INT(rows_in(h, "SELECT COUNT(*) FROM note WHERE text LIKE 'canary-7f3a9c%'"), 300);
    CHECK_INT(sqlite3_exec(h, "INSERT INTO note (mark, text) SELECT 2, text FROM note; DELETE FROM note WHERE id % 3 = 0", NULL, NULL, NULL),
              SQLITE_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
    struct db_options o = existing(&t, "x.db");
    struct db *d = scratch_open_as(&t, &o);
    REQUIRE(d);
    CHECK(db_check(d));
    CHECK_INT(rows_in(d->h, "SELECT COUNT(*) FROM note WHERE mark = 2 AND text LIKE 'canary-7f3a9c%'"), 200);
    db_close(&d);
    scratch_end(&t);
}

TEST(db_refuses_what_is_not_there)
{
    struct scratch t = scratch_new();
    struct db_options o = existing(&t, "none.db");
    struct stat st;

    CHECK(scratch_open_as(&t, &o) == NULL);
    CHECK(access(o.path, F_OK) != 0);                     /* nor was it made */
    scratch_write(&t, "empty.db", SV_NONE);
    o = existing(&t, "empty.db");
    CHECK(scratch_open_as(&t, &o) == NULL);
    ENSURE(symlink("a.db", scratch_path(&t, "link.db")) == 0);
    fill_and_close(&t, "a.db");
    o = existing(&t, "link.db");
    CHECK(scratch_open_as(&t, &o) == NULL);
    o = existing(&t, "a.db");
    CHECK_INT(read_all(&t, &o), 300);
    CHECK(stat(o.path, &st) == 0);
    CHECK_INT(st.st_mode & 0777, 0600);
    scratch_end(&t);
}

TEST(db_reader_reads_only)
{
    struct scratch t = scratch_new();
    struct db_options o = scratch_options(&t, "a.db");
    struct db *writer = filled(&t, &o, 1);
    o.flags = DB_READ_ONLY;
    struct db *reader = scratch_open_as(&t, &o);

    REQUIRE(reader);
    CHECK(!db_exec(reader, "DELETE FROM note"));
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    CHECK(db_exec(writer, "DELETE FROM note WHERE id > 10"));
    {
        ROWS r = db_query(reader, "SELECT count(*) FROM note");
        CHECK(rows_next(&r));
        CHECK_INT(row_int(&r, 0), 10);
    }
    db_close(&reader);
    db_close(&writer);
    scratch_end(&t);
}

TEST(db_is_defensive)
{
    struct scratch t = scratch_new();
    struct db_options o = scratch_options(&t, "a.db");
    struct db *d = filled(&t, &o, 1);
    int on = -1;

    PROVES("B11.10");                                     /* that every text is a literal: tool/sqlliteral */
    CHECK_INT(sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, -1, &on), SQLITE_OK);
    CHECK_INT(on, 1);
    CHECK_INT(sqlite3_db_config(d->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &on), SQLITE_OK);
    CHECK_INT(on, 0);
    CHECK(!db_exec(d, "PRAGMA writable_schema = ON") || !db_exec(d, "DELETE FROM sqlite_schema"));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "ATTACH ':memory:' AS other"));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "SELECT load_extension('x')"));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "SELECT \"no such column\""));      /* a misspelled name is no text */
    failure_clear(&t.f);
    CHECK(db_check(d));
    db_close(&d);
    scratch_end(&t);
}
