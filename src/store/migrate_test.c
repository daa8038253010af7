/* store/migrate_test.c: each line once, whole or not at all, never backwards. */
#include "store/migrate.h"

#include "base/fault.h"
#include "base/test.h"
#include "store/db_test.h"

static const struct migration lines[] = {
    { 1, "CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT NOT NULL);"
         "CREATE TABLE seat (room BIGINT NOT NULL, member BIGINT NOT NULL, PRIMARY KEY (room, member))" },
    { 2, "ALTER TABLE room ADD COLUMN made_ms BIGINT" },
    { 3, "CREATE INDEX room_name ON room (name)" },
};
static const struct migration broken[] = {
    { 1, "CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT NOT NULL);"
         "CREATE TABLE seat (room BIGINT NOT NULL, member BIGINT NOT NULL, PRIMARY KEY (room, member))" },
    { 2, "CREATE TABLE half (x BIGINT); INSERT INTO nowhere VALUES (1)" },
};

static int64_t number(struct db *d, const char *sql)
{
    struct bind none[] = {{.type = BIND_END}};
    ROWS r = db_query_binds(d, sql, none);

    return rows_next(&r) ? row_int(&r, 0) : -1;
}

#define VERSION(d) number((d), "SELECT n FROM schema_version")

TEST(migrate_runs_each_line_once)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");

    CHECK(migrate(d, lines, 0));
    CHECK(migrate(d, lines, 1));
    CHECK_INT(VERSION(d), 1);
    CHECK(db_exec(d, "INSERT INTO room (id, name) VALUES (7, 'a')"));
    CHECK(migrate(d, lines, 3));
    CHECK(migrate(d, lines, 3));
    CHECK_INT(VERSION(d), 3);
    CHECK_INT(number(d, "SELECT count(*) FROM schema_version"), 1);
    CHECK_INT(number(d, "SELECT count(*) FROM room WHERE made_ms IS NULL"), 1);
    CHECK_INT(number(d, "SELECT rowid FROM room"), 7);     /* BIGINT PRIMARY KEY is the row id */
    CHECK_INT(number(d, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_autoindex_room%'"), 0);
    db_close(&d);
    d = scratch_open(&t, "a.db");
    CHECK(migrate(d, lines, 3));
    CHECK_INT(VERSION(d), 3);
    db_close(&d);
    scratch_end(&t);
}

TEST(migrate_refuses_a_newer_database)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");

    CHECK(migrate(d, lines, 3));
    CHECK(!migrate(d, lines, 2));
    CHECK_INT(t.f.code, E_INTERNAL);
    CHECK_INT(VERSION(d), 3);
    db_close(&d);
    scratch_end(&t);
}

TEST(migrate_line_is_whole_or_absent)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");

    CHECK(!migrate(d, broken, 2));
    CHECK_INT(t.f.code, E_INTERNAL);
    CHECK(!db_in_transaction(d));
    CHECK_INT(VERSION(d), 1);
    CHECK_INT(number(d, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
    failure_clear(&t.f);
    /* The same at every write of a good line. */
    for (int64_t n = 1; n < 100; n++) {
        fault_set("disk.full", n, FAULT_FAIL);
        bool ok = migrate(d, lines, 3);
        fault_clear();
        if (ok) {
            CHECK(n > 2);
            break;
        }
        CHECK_INT_AT(n, t.f.code, E_STORAGE_FULL);
        failure_clear(&t.f);
        int64_t at = VERSION(d);
        CHECK_AT(n, at == 1 || at == 2);
        CHECK_INT_AT(n, number(d, "SELECT count(*) FROM pragma_table_info('room') WHERE name = 'made_ms'"), at == 2);
    }
    CHECK_INT(VERSION(d), 3);
    db_close(&d);
    scratch_end(&t);
}
