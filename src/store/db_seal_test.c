/* store/db_seal_test.c: sealed columns with sealing on (PostgreSQL's way, run on SQLite) and off. */
#include "base/test.h"
#include "store/db_test.h"

#include <string.h>

#define BODY "canary-55aa 来週の予算"

struct sealed {
    struct scratch t;
    struct secret seal_key;
    struct db *on, *plain;                                /* with the seal key; the same file without it */
};

static struct sealed sealed_new(void)
{
    struct sealed s = {.t = scratch_new()};
    struct db_options o = scratch_options(&s.t, "a.db");

    secret_random(&s.seal_key, 32);
    o.seal_key = &s.seal_key;
    s.on = db_open(&o, &s.t.f);
    o.seal_key = NULL;
    s.plain = db_open(&o, &s.t.f);
    ENSURE(s.on && s.plain);
    return s;
}

/* db_use() names the scratch's failure, so it is called where the struct stays. */
static void sealed_use(struct sealed *s)
{
    db_use(s->on, s->t.a, &s->t.f);
    db_use(s->plain, s->t.a, &s->t.f);
    ENSURE(db_exec(s->on, "CREATE TABLE message (id INTEGER PRIMARY KEY, text BLOB, note BLOB)"));
    for (int64_t id = 1; id <= 2; id++)
        ENSURE(db_exec(s->on, "INSERT INTO message (id, text) VALUES ($1, $2)", INT(id),
                       SEALED("message.text", id, SV(BODY))));
}

static void sealed_end(struct sealed *s)
{
    db_close(&s->on);
    db_close(&s->plain);
    secret_wipe(&s->seal_key);
    scratch_end(&s->t);
}

static bool opens(struct db *d, int64_t id, sv want)
{
    ROWS r = db_query(d, "SELECT text FROM message WHERE id = $1", INT(id));
    bool ok = rows_next(&r) && sv_equal(row_sealed(&r, 0, "message.text", id), want);

    rows_next(&r);
    return ok && rows_ok(&r);
}

static sv stored(struct db *d, int64_t id)
{
    ROWS r = db_query(d, "SELECT text FROM message WHERE id = $1", INT(id));

    return rows_next(&r) ? row_blob(&r, 0) : SV_NONE;
}

TEST(sealed_value_is_not_in_the_page)
{
    struct sealed s = sealed_new();

    PROVES("PLT-10");
    sealed_use(&s);
    CHECK(opens(s.on, 1, SV(BODY)));
    CHECK(opens(s.on, 2, SV(BODY)));
    sv one = stored(s.plain, 1), two = stored(s.plain, 2);
    CHECK_INT(one.n, 1 + sizeof(BODY) - 1 + 28);
    CHECK_INT(one.p[0], 1);                               /* version */
    CHECK(!sv_find(one, SV("canary"), NULL));
    CHECK(!sv_equal(one, two));
    CHECK_INT(s.t.f.code, E_NONE);
    sealed_end(&s);
}

TEST(sealed_value_moved_elsewhere_is_refused)
{
    struct sealed s = sealed_new();

    PROVES("PLT-02");
    sealed_use(&s);
    CHECK(db_exec(s.plain, "UPDATE message SET text = $1 WHERE id = 2", BLOB(stored(s.plain, 1))));
    CHECK(opens(s.on, 1, SV(BODY)));
    CHECK(!opens(s.on, 2, SV(BODY)));                     /* another row */
    CHECK_INT(s.t.f.code, E_INTERNAL);
    CHECK(!sv_find(sv_c(s.t.f.detail), SV("canary"), NULL));
    failure_clear(&s.t.f);
    {
        ROWS r = db_query(s.on, "SELECT text FROM message WHERE id = 1");
        CHECK(rows_next(&r));
        CHECK_INT(row_sealed(&r, 0, "message.note", 1).n, 0);          /* another column */
        CHECK(!rows_next(&r));
        CHECK(!rows_ok(&r));
    }
    failure_clear(&s.t.f);
    struct db_options o = scratch_options(&s.t, "a.db");   /* another tenant, the same key */
    o.tenant = 2;
    o.seal_key = &s.seal_key;
    struct db *other = scratch_open_as(&s.t, &o);
    CHECK(!opens(other, 1, SV(BODY)));
    db_close(&other);
    failure_clear(&s.t.f);
    sv piece = stored(s.plain, 1);
    for (size_t i = 0; i < piece.n; i += 3) {             /* altered, its version too */
        char *p = arena_dup(s.t.a, piece.p, piece.n);
        p[i] = (char)(p[i] ^ 2);
        CHECK(db_exec(s.plain, "UPDATE message SET text = $1 WHERE id = 1", BLOB(sv_n(p, piece.n))));
        CHECK_AT(i, !opens(s.on, 1, SV(BODY)));
        failure_clear(&s.t.f);
    }
    sealed_end(&s);
}

TEST(sealed_value_passes_through_where_pages_are_encrypted)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");

    CHECK(db_exec(d, "CREATE TABLE message (id INTEGER PRIMARY KEY, text BLOB)"));
    CHECK(db_exec(d, "INSERT INTO message (id, text) VALUES (1, $1)", SEALED("message.text", 1, SV(BODY))));
    CHECK(db_exec(d, "INSERT INTO message (id, text) VALUES (2, $1)", NIL));
    CHECK(db_exec(d, "INSERT INTO message (id, text) VALUES (3, $1)", SEALED("message.text", 3, SV_NONE)));
    CHECK(opens(d, 1, SV(BODY)));
    CHECK(opens(d, 2, SV_NONE));
    CHECK(opens(d, 3, SV_NONE));
    {
        ROWS r = db_query(d, "SELECT text IS NULL FROM message ORDER BY id");
        for (int i = 0; i < 3; i++) {
            CHECK_AT(i, rows_next(&r));
            CHECK_INT_AT(i, row_int(&r, 0), i == 1);
        }
    }
    db_close(&d);
    scratch_end(&t);
}
