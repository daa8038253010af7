/* store/db_check_test.c: the digest tells rows apart and nothing else. */
#include "base/test.h"
#include "store/db_digest.h"
#include "store/db_sqlite.h"
#include "store/db_test.h"

#include <string.h>

static struct db *filled(struct scratch *t, const char *name, int64_t last)
{
    struct db *d = scratch_open(t, name);

    ENSURE(db_exec(d, "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT)"));
    ENSURE(db_exec(d, "CREATE TABLE a (k TEXT NOT NULL, n BIGINT, PRIMARY KEY (k, n)) WITHOUT ROWID"));
    for (int64_t i = last; i > 0; i--)                    /* whatever the order they came in */
        ENSURE(db_exec(d, "INSERT INTO b (id, x) VALUES ($1, $2)", INT(i), TEXT(SV("値")))
               && db_exec(d, "INSERT INTO a (k, n) VALUES ('k', $1)", INT(i)));
    return d;
}

TEST(db_digest_is_of_the_rows)
{
    struct scratch t = scratch_new();
    struct db *a = filled(&t, "a.db", 20), *b = filled(&t, "b.db", 20);
    sv da = db_digest(a);

    CHECK_INT(da.n, 64);
    CHECK_STR(db_digest(b), da);
    db_checkpoint(b, true);
    CHECK_STR(db_digest(b), da);
    CHECK(db_exec(b, "UPDATE b SET x = 'other' WHERE id = 9"));
    CHECK(!sv_equal(db_digest(b), da));
    CHECK(db_exec(b, "UPDATE b SET x = '値' WHERE id = 9"));
    CHECK_STR(db_digest(b), da);
    CHECK(db_exec(b, "DELETE FROM a WHERE n = 3"));
    CHECK(!sv_equal(db_digest(b), da));
    CHECK(db_exec(b, "INSERT INTO a (k, n) VALUES ('k', 3)"));
    CHECK(db_exec(b, "CREATE TABLE c (x)"));
    CHECK(!sv_equal(db_digest(b), da));                   /* another schema */
    db_close(&a);
    db_close(&b);
    scratch_end(&t);
}

static struct db_table table_of(struct scratch *t, struct db *d, const char *name)
{
    struct db_tables all;

    CHECK(db_tables(d, t->a, NULL, NULL, &all));
    for (size_t i = 0; i < all.n; i++)
        if (sv_equal(all.v[i].name, sv_c(name)))
            return all.v[i];
    CHECK(false);
    return (struct db_table){0};
}

/* What doc/formats.md says, put together by hand. */
TEST(db_tables_digest_is_as_written_down)
{
    static const char bytes[] = "engawa table 1\n" "\0\0\0\0\0\0\0\3" "t\0\0\0\0\0\0\0\1k" "t\0\0\0\0\0\0\0\1n" "t\0\0\0\0\0\0\0\1x"
                                "Rt\0\0\0\0\0\0\0\1a" "i\377\377\377\377\377\377\377\376" "n"
                                "Rt\0\0\0\0\0\0\0\1b" "r\x3f\xf8\0\0\0\0\0\0" "b\0\0\0\0\0\0\0\2\1\0";
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");
    struct sha256 want = sha256(sv_n(bytes, sizeof(bytes) - 1));

    CHECK(db_exec(d, "CREATE TABLE w (k TEXT PRIMARY KEY, n, x)"));
    CHECK(db_exec(d, "INSERT INTO w VALUES ('b', 1.5, x'0100')") && db_exec(d, "INSERT INTO w VALUES ('a', -2, NULL)"));
    struct db_table w = table_of(&t, d, "w");
    CHECK_INT(w.rows, 2);
    CHECK(memcmp(w.digest.b, want.b, sizeof(want.b)) == 0);
    db_close(&d);
    scratch_end(&t);
}

/* The type of a value counts, the page it lies on does not, and no two rows look alike. */
TEST(db_tables_tell_values_apart)
{
    static const char *const values[] = { "('k', 1, NULL)", "('k', '1', NULL)", "('k', 1.0, NULL)", "('k', x'31', NULL)", "('k', NULL, 1)",
                                          "('k', '', NULL)", "('k', x'', NULL)", "('k1', NULL, NULL)", "('', 'k', NULL)" };
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");
    struct sha256 seen[COUNT(values)];

    CHECK(db_exec(d, "CREATE TABLE w (k TEXT PRIMARY KEY, n, x)"));
    for (size_t i = 0; i < COUNT(values); i++) {
        const struct bind none[] = {{.type = BIND_END}};
        CHECK(db_exec(d, "DELETE FROM w"));
        CHECK_AT(i, db_exec_binds(d, sv_printf(t.a, "INSERT INTO w VALUES %s", values[i]).p, none));
        seen[i] = table_of(&t, d, "w").digest;
        for (int64_t k = 0; k < 300; k++)                 /* its tree grows and shrinks again */
            CHECK(db_exec(d, "INSERT INTO w VALUES ($1, 1, randomblob(50))", INT(k)));
        CHECK(db_exec(d, "DELETE FROM w WHERE length(x) = 50"));
        CHECK_AT(i, memcmp(table_of(&t, d, "w").digest.b, seen[i].b, sizeof(seen[i].b)) == 0);
        for (size_t j = 0; j < i; j++)
            CHECK_AT(i, memcmp(seen[i].b, seen[j].b, sizeof(seen[i].b)) != 0);
    }
    db_close(&d);
    scratch_end(&t);
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

TEST(db_tables_can_be_given_up)
{
    struct scratch t = scratch_new();
    struct db *d = filled(&t, "a.db", 3000);
    struct db_tables all;

    CHECK(!db_tables(d, t.a, never, NULL, &all));
    CHECK_INT(t.f.code, E_RETRY);
    failure_clear(&t.f);
    CHECK(db_tables(d, t.a, NULL, NULL, &all));
    CHECK_INT(table_of(&t, d, "b").rows, 3000);
    db_close(&d);
    scratch_end(&t);
}

static struct db *damaged_index(struct scratch *t)
{
    struct db *d = scratch_open(t, "i.db");

    CHECK(db_exec(d, "CREATE TABLE w (k BIGINT, n BIGINT)") && db_exec(d, "CREATE INDEX w_k ON w (k)"));
    for (int64_t i = 0; i < 20; i++)
        CHECK(db_exec(d, "INSERT INTO w VALUES ($1, $2)", INT(i), INT(100 - i)));
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
    CHECK(db_exec(d, "UPDATE sqlite_schema SET sql = 'CREATE INDEX w_k ON w (n)' WHERE name = 'w_k'"));
    db_close(&d);
    return scratch_open(t, "i.db");
}

TEST(db_check_all_names_an_index_that_is_not_of_its_rows)
{
    struct scratch t = scratch_new();
    struct db *good = filled(&t, "g.db", 50), *bad = damaged_index(&t);
    struct db_faults none = {0}, some = {0}, one = {0};

    CHECK(db_check_all(good, 10, &none));
    CHECK_INT(none.n, 0);
    CHECK(db_check_all(bad, 10, &some) && some.n > 0 && some.n <= 10);
    CHECK(some.n && sv_find(some.v[0], SV("index w_k"), NULL));
    CHECK(db_check_all(bad, 1, &one));
    CHECK_INT(one.n, 1);
    db_close(&good);
    db_close(&bad);
    scratch_end(&t);
}

TEST(db_check_references_names_a_row_whose_other_end_is_missing)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "r.db");
    struct db_faults none = {0}, some = {0};

    CHECK(db_exec(d, "CREATE TABLE m (id INTEGER PRIMARY KEY)") && db_exec(d, "CREATE TABLE s (id INTEGER PRIMARY KEY, m BIGINT REFERENCES m (id))"));
    CHECK(db_exec(d, "INSERT INTO m VALUES (7), (8)") && db_exec(d, "INSERT INTO s VALUES (1, 7), (2, 8)"));
    CHECK(db_check_references(d, 10, &none));
    CHECK_INT(none.n, 0);
    CHECK(db_run_text(d, "PRAGMA foreign_keys = OFF") && db_exec(d, "DELETE FROM m WHERE id = 8"));
    CHECK(db_check_references(d, 10, &some));
    REQUIRE(some.n == 1);
    CHECK_STR(some.v[0], SV("s row 2: what it names in m is not there"));
    db_close(&d);
    scratch_end(&t);
}
