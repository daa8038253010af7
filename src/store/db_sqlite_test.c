/* store/db_sqlite_test.c: statements, binds, rows, savepoints. */
#include "store/db.h"

#include "base/test.h"
#include "store/db_sqlite.h"
#include "store/db_test.h"
#include "store/migrate.h"

#include <string.h>

static const struct migration lines[] = {
    { 1, "CREATE TABLE note (id BIGINT PRIMARY KEY, room BIGINT NOT NULL, text BLOB, name TEXT)" },
    { 2, "CREATE TABLE tag (id BIGINT PRIMARY KEY, note BIGINT NOT NULL REFERENCES note (id), word TEXT NOT NULL UNIQUE)" },
};

static struct db *notes(struct scratch *t)
{
    struct db *d = scratch_open(t, "a.db");

    if (!migrate(d, lines, COUNT(lines)))
        die("migrate: %s", t->f.detail);
    return d;
}

static int64_t count(struct db *d)
{
    ROWS r = db_query(d, "SELECT count(*) FROM note");

    return rows_next(&r) ? row_int(&r, 0) : -1;
}

TEST(db_values_come_back_as_they_went_in)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    CHECK(db_exec(d, "INSERT INTO note (id, room, text, name) VALUES ($1, $2, $3, $4)", ID(((id64){INT64_MAX})), INT(-5),
                  BLOB(sv_n("a\0b\xff", 4)), TEXT(SV("縁側 🏠"))));
    CHECK_INT(db_changes(d), 1);
    CHECK(db_exec(d, "INSERT INTO note (id, room, text, name) VALUES ($1, $2, $3, $4)", INT(1), INT(2), NIL,
                  TEXT(SV_NONE)));
    ROWS r = db_query(d, "SELECT id, room, text, name FROM note WHERE room < $2 AND id > $1 ORDER BY id DESC", INT(0),
                      INT(100));
    CHECK(rows_next(&r));
    CHECK_INT(row_id(&r, 0).n, INT64_MAX);
    CHECK_INT(row_int(&r, 1), -5);
    CHECK_STR(row_blob(&r, 2), sv_n("a\0b\xff", 4));
    CHECK_STR(row_text(&r, 3), SV("縁側 🏠"));
    CHECK(rows_next(&r));
    CHECK(row_null(&r, 2) && !row_null(&r, 3));
    CHECK_INT(row_text(&r, 3).n, 0);
    CHECK(!rows_next(&r));
    CHECK(!rows_next(&r));
    CHECK(rows_ok(&r));
    CHECK_INT(t.f.code, E_NONE);
    db_close(&d);
    CHECK(d == NULL);
    scratch_end(&t);
}

/* Where the engine plans by values, each new one costs more than the query itself. */
TEST(db_plans_a_statement_once_whatever_its_values)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);
    const struct stmt *s;

    for (int64_t i = 0; i < 20; i++) {
        ROWS r = db_query(d, "SELECT id FROM note WHERE id >= $1 AND id < $2 AND name LIKE $3 ORDER BY id DESC LIMIT $4",
                          INT(i * 1000), INT(i * 1000 + 50), TEXT(i % 2 ? SV("縁%") : SV("%側")), INT(i));
        CHECK(!rows_next(&r) && rows_ok(&r));
    }
    for (s = d->all; s && !strstr(sqlite3_sql(s->s), "name LIKE $3"); s = s->next)
        ;
    if (CHECK(s != NULL)) {
        CHECK_INT(sqlite3_stmt_status(s->s, SQLITE_STMTSTATUS_RUN, 0), 20);
        CHECK_INT(sqlite3_stmt_status(s->s, SQLITE_STMTSTATUS_REPREPARE, 0), 0);
    }
    db_close(&d);
    scratch_end(&t);
}

TEST(db_counts_values_against_parameters)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    CHECK(!db_exec(d, "INSERT INTO note (id, room) VALUES ($1, $2)", INT(1)));
    CHECK_INT(t.f.code, E_INTERNAL);
    CHECK(sv_find(sv_c(t.f.detail), SV("1 values for 2 parameters"), NULL));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "INSERT INTO note (id, room) VALUES ($1, 2)", INT(1), INT(2)));
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    CHECK(!db_exec(d, "DELETE FROM note WHERE id = $2", INT(1)));      /* no $1 */
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    {
        ROWS r = db_query(d, "SELECT id FROM note WHERE id = $1 OR room = $1");
        CHECK(!rows_next(&r));
        CHECK(!rows_ok(&r));
    }
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    CHECK_INT(count(d), 0);
    /* Names, not order of appearance, decide. */
    CHECK(db_exec(d, "INSERT INTO note (room, id) VALUES ($2, $1)", INT(10), INT(20)));
    CHECK(db_exec(d, "UPDATE note SET room = 21 WHERE id = $1 AND room = $2", INT(10), INT(20)));
    CHECK_INT(db_changes(d), 1);
    db_close(&d);
    scratch_end(&t);
}

TEST(db_failures_are_recorded_without_values)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    CHECK(!db_exec(d, "INSERT INTO nowhere VALUES (1)"));
    CHECK(sv_find(sv_c(t.f.detail), SV("no such table"), NULL));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "INSERT INTO note (id, room) VALUES (1, 1); DELETE FROM note"));
    CHECK(sv_find(sv_c(t.f.detail), SV("not one statement"), NULL));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "INSERT INTO note (id, room, name) VALUES ($1, 1, $2)", INT(1), TEXT(sv_n("a\0b", 3))));
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    CHECK(db_exec(d, "INSERT INTO note (id, room) VALUES (1, 1)"));
    CHECK(db_exec(d, "INSERT INTO tag (id, note, word) VALUES (1, 1, $1)", TEXT(SV("himitsu"))));
    CHECK(!db_exec(d, "INSERT INTO tag (id, note, word) VALUES (2, 1, $1)", TEXT(SV("himitsu"))));
    CHECK_INT(t.f.code, E_INTERNAL);
    CHECK(sv_find(sv_c(t.f.detail), SV("UNIQUE constraint failed: tag.word"), NULL));
    CHECK(!sv_find(sv_c(t.f.detail), SV("himitsu"), NULL));
    failure_clear(&t.f);
    CHECK(!db_exec(d, "INSERT INTO tag (id, note, word) VALUES (3, 99, 'x')"));     /* foreign keys are on */
    failure_clear(&t.f);
    {
        ROWS r = db_query(d, "SELECT json_extract($1, '$.x')", TEXT(SV("{himitsu")));
        CHECK(!rows_next(&r));
        CHECK(!rows_ok(&r));
        CHECK(!sv_find(sv_c(t.f.detail), SV("himitsu"), NULL));
    }
    db_close(&d);
    scratch_end(&t);
}

TEST(db_statement_is_used_again_and_within_itself)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    for (int i = 1; i <= 3; i++)
        CHECK_AT(i, db_exec(d, "INSERT INTO note (id, room) VALUES ($1, $1)", INT(i)));
    int64_t seen = 0;
    for (int level = 0; level < 3; level++) {
        ROWS outer = db_query(d, "SELECT count(*) FROM note");
        CHECK_AT(level, rows_next(&outer));
        CHECK_INT_AT(level, count(d), 3);
        seen += row_int(&outer, 0);
    }
    CHECK_INT(seen, 9);
    /* The same literal while its rows are open: the inner pass does not disturb the outer. */
    int64_t sum = 0, steps = 0;
    static const char *const q = "SELECT id FROM note ORDER BY id";
    struct bind none[] = {{.type = BIND_END}};
    ROWS a = db_query_binds(d, q, none);
    while (rows_next(&a)) {
        ROWS b = db_query_binds(d, q, none);
        while (rows_next(&b)) {
            sum += row_int(&a, 0) * row_int(&b, 0);
            steps++;
        }
        CHECK(rows_ok(&b));
    }
    CHECK(rows_ok(&a));
    CHECK_INT(steps, 9);
    CHECK_INT(sum, 36);
    db_close(&d);
    scratch_end(&t);
}

static bool add_then(struct db *d, int64_t id, bool keep)
{
    TX tx = tx_begin(d);

    if (!db_exec(d, "INSERT INTO note (id, room) VALUES ($1, 1)", INT(id)))
        return false;
    return keep && tx_commit(&tx);
}

TEST(tx_rolls_back_on_every_way_out_but_commit)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    CHECK(db_begin(d));
    CHECK(add_then(d, 1, true));
    CHECK(!add_then(d, 2, false));
    CHECK_INT(count(d), 1);
    {
        TX outer = tx_begin(d);
        CHECK(outer.open);
        CHECK(add_then(d, 3, true));
        CHECK(!add_then(d, 4, false));
        CHECK_INT(count(d), 2);
        {
            TX inner = tx_begin(d);
            CHECK(inner.open);
            CHECK(add_then(d, 5, true));
        }
        CHECK_INT(count(d), 2);
    }
    CHECK_INT(count(d), 1);
    CHECK(!add_then(d, 1, true));                         /* the same id: fails by itself */
    CHECK_INT(t.f.code, E_INTERNAL);
    failure_clear(&t.f);
    CHECK(db_in_transaction(d));
    CHECK(db_commit(d));
    CHECK(!db_in_transaction(d));
    CHECK_INT(count(d), 1);
    CHECK(db_begin(d));
    CHECK(add_then(d, 9, true));
    db_rollback(d);
    CHECK_INT(count(d), 1);
    CHECK_INT(t.f.code, E_NONE);
    CHECK(!db_commit(d));                                 /* nothing open: nothing acknowledged */
    CHECK_INT(t.f.code, E_RETRY);
    db_close(&d);
    scratch_end(&t);
}

TEST(db_ten_thousand_inserts_in_batches)
{
    struct scratch t = scratch_new();
    struct db *d = notes(&t);

    for (int64_t id = 1; id <= 10000;) {
        CHECK(db_begin(d));
        for (int i = 0; i < 64 && id <= 10000; i++, id++)
            if (!add_then(d, id, true))
                CHECK_INT(id, -1);
        CHECK(db_commit(d));
    }
    CHECK_INT(count(d), 10000);
    CHECK(db_wal_pages(d) > 0);
    db_checkpoint(d, false);
    db_checkpoint(d, true);
    CHECK_INT(db_wal_pages(d), 0);
    CHECK(db_check(d));
    db_release_memory(d);
    db_close(&d);
    d = scratch_open(&t, "a.db");
    CHECK_INT(count(d), 10000);
    db_close(&d);
    scratch_end(&t);
}
