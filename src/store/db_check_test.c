/* store/db_check_test.c: the digest tells rows apart and nothing else. */
#include "base/test.h"
#include "store/db_test.h"

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
