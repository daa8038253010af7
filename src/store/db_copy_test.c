/* store/db_copy_test.c: a copy holds what was committed when it was begun, whatever is committed meanwhile. */
#include "base/test.h"
#include "store/db_test.h"

#include "base/fault.h"

#include <sys/stat.h>

struct meanwhile {
    struct db *writer;
    int64_t asked, stop_at;
};

static bool add(struct db *d, int64_t n)
{
    bool ok = db_begin(d);

    for (int64_t i = 0; ok && i < n; i++)
        ok = db_exec(d, "INSERT INTO thing (x) VALUES (hex(randomblob(1000)))");
    return ok && db_commit(d);
}

static bool write_on(void *arg)
{
    struct meanwhile *m = arg;

    CHECK(add(m->writer, 1));
    return ++m->asked != m->stop_at;
}

static int64_t count(struct db *d)
{
    ROWS r = db_query(d, "SELECT count(*) FROM thing");

    return rows_next(&r) ? row_int(&r, 0) : -1;
}

static bool there(struct scratch *t, const char *name)
{
    struct stat st;

    return stat(scratch_path(t, name), &st) == 0;
}

static void copies(enum db_cipher cipher)
{
    struct scratch t = scratch_new();
    struct db_options o = scratch_options(&t, "a.db"), to = scratch_options(&t, "copy.db");
    struct meanwhile m = {0};

    o.cipher = to.cipher = cipher;
    struct db *w = scratch_open_as(&t, &o);
    CHECK(db_exec(w, "CREATE TABLE thing (id INTEGER PRIMARY KEY, x TEXT)") && add(w, 2000));
    o.flags = DB_READ_ONLY;
    struct db *r = scratch_open_as(&t, &o);
    m.writer = w;
    CHECK(db_hold(r) && add(w, 10));
    CHECK_INT(count(r), 2000);
    CHECK(db_copy(r, &to, write_on, &m));
    db_rollback(r);
    CHECK(m.asked > 3);
    CHECK_INT(count(w), 2010 + m.asked);
    struct db *c = scratch_open_as(&t, &to);
    REQUIRE(c);
    CHECK(db_check(c));
    CHECK_INT(count(c), 2000);
    CHECK(add(c, 1));                                     /* and is a database like any other */
    db_close(&c);
    db_close(&r);
    db_close(&w);
    scratch_end(&t);
}

TEST(db_copy_is_of_one_moment)
{
    copies(DB_AES256);
    copies(DB_AEGIS256);
}

TEST(db_copy_leaves_nothing_when_it_fails)
{
    struct scratch t = scratch_new();
    struct db_options to = scratch_options(&t, "copy.db");
    struct db *d = scratch_open(&t, "a.db");
    struct meanwhile m = {.writer = d, .stop_at = 1};

    CHECK(db_exec(d, "CREATE TABLE thing (id INTEGER PRIMARY KEY, x TEXT)") && add(d, 2000));
    struct db_options o = scratch_options(&t, "a.db");
    struct db *r = scratch_open_as(&t, &o);
    scratch_write(&t, "copy.db", SV("an older one"));
    CHECK(db_hold(r));
    CHECK(!db_copy(r, &to, write_on, &m));
    CHECK_INT(t.f.code, E_RETRY);
    CHECK(!there(&t, "copy.db"));
    failure_clear(&t.f);
    fault_set("copy.full", 2, FAULT_FAIL);
    CHECK(!db_copy(r, &to, NULL, NULL));
    CHECK_INT(t.f.code, E_STORAGE_FULL);
    CHECK(!there(&t, "copy.db"));
    fault_clear();
    failure_clear(&t.f);
    CHECK(db_copy(r, &to, NULL, NULL));
    db_rollback(r);
    db_close(&r);
    db_close(&d);
    scratch_end(&t);
}
