/* store/db_wal_test.c: a log that was damaged is refused; one that the power cut short opens, with all that was finished. */
#include "base/test.h"
#include "store/db_test.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define HEADER 32
#define FRAME (24 + 4096)
#define PARTS 4

/* Files as a killed process leaves them. */
struct left {
    sv file, log;
};

static void add(struct db *d, int64_t part, int rows)
{
    static const char text[900];

    ENSURE(db_begin(d));
    for (int i = 0; i < rows; i++)
        ENSURE(db_exec(d, "INSERT INTO note (part, text) VALUES ($1, $2)", INT(part), BLOB(sv_n(text, sizeof(text)))));
    ENSURE(db_commit(d));
}

static struct left taken(struct scratch *t)
{
    return (struct left){scratch_read(t, "a.db"), scratch_read(t, "a.db-wal")};
}

static struct db *filled(struct scratch *t)
{
    struct db *d = scratch_open(t, "a.db");

    ENSURE(db_exec(d, "CREATE TABLE note (id INTEGER PRIMARY KEY, part BIGINT, text BLOB)"));
    db_checkpoint(d, true);
    for (int64_t part = 1; part <= PARTS; part++)
        add(d, part, 30);
    return d;
}

static int64_t parts(struct db *d)
{
    ROWS r = db_query(d, "SELECT count(DISTINCT part) FROM note");

    return rows_next(&r) ? row_int(&r, 0) : -2;
}

/* Parts that are there; -1: the database is refused. */
static int64_t opened(struct scratch *t, const struct left *l, sv log)
{
    struct db_options o = scratch_options(t, "a.db");

    unlink(scratch_path(t, "a.db-shm"));
    scratch_write(t, "a.db", l->file);
    scratch_write(t, "a.db-wal", log);
    struct db *d = scratch_open_as(t, &o);
    if (!d) {
        CHECK(sv_find(sv_c(t->f.detail), SV("its log is damaged at byte"), NULL));
        failure_clear(&t->f);
        return -1;
    }
    int64_t n = parts(d);
    db_close(&d);
    return n;
}

static sv flipped(struct scratch *t, sv log, size_t at)
{
    char *p = arena_alloc(t->a, log.n);

    memcpy(p, log.p, log.n);
    p[at] ^= 4;
    return sv_n(p, log.n);
}

/* Where the frame begins that ends part n (1 …) of the log. */
static size_t commit_of(sv log, int n)
{
    for (size_t at = HEADER; at + FRAME <= log.n; at += FRAME)
        if (memcmp(log.p + at + 4, "\0\0\0", 4) != 0 && --n == 0)
            return at;
    return 0;
}

TEST(db_wal_damage_is_told)
{
    struct scratch t = scratch_new();
    struct db *d = filled(&t);
    struct left l = taken(&t);
    size_t second = commit_of(l.log, 2), third = commit_of(l.log, 3), last = commit_of(l.log, 4);

    db_close(&d);
    REQUIRE(second && third && last && last + FRAME == l.log.n);
    CHECK_INT(opened(&t, &l, l.log), PARTS);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, 9)), -1);             /* the header */
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, 20)), -1);            /* its salts */
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, HEADER + 2)), -1);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, HEADER + 18)), -1);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, second + 700)), -1);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, third)), -1);         /* the commit before the last part */
    /* In the last part nothing proves that it had been finished. */
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, third + FRAME + 30)), PARTS - 1);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, last + 9)), PARTS - 1);
    scratch_end(&t);
}

TEST(db_wal_cut_short_opens)
{
    struct scratch t = scratch_new();
    struct db *d = filled(&t);
    struct left l = taken(&t);

    db_close(&d);
    for (size_t n = 0; n < l.log.n; n += 1999) {
        int64_t whole = 0;
        while (whole < PARTS && commit_of(l.log, (int)whole + 1) && commit_of(l.log, (int)whole + 1) + FRAME <= n)
            whole++;
        CHECK_INT_AT(n, opened(&t, &l, sv_n(l.log.p, n)), whole);
    }
    scratch_end(&t);
}

/* The log begins anew and is shorter than before: what stands behind it is of the round before. */
TEST(db_wal_of_an_earlier_round_proves_nothing)
{
    struct scratch t = scratch_new();
    struct db *d = filled(&t);

    db_checkpoint(d, true);
    add(d, PARTS + 1, 5);
    add(d, PARTS + 2, 5);
    struct left l = taken(&t);
    size_t first = commit_of(l.log, 1), last = commit_of(l.log, 2);
    db_close(&d);
    REQUIRE(last + FRAME < l.log.n);
    CHECK_INT(opened(&t, &l, l.log), PARTS + 2);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, last + 100)), PARTS + 1);
    CHECK_INT(opened(&t, &l, flipped(&t, l.log, first + 100)), -1);
    scratch_end(&t);
}

/* A long transaction went into the log page by page and was taken back; a short one was torn in front of what it left. */
TEST(db_wal_of_what_was_taken_back_proves_nothing)
{
    struct scratch t = scratch_new();
    struct db *d = filled(&t);
    static const char text[900];
    size_t end = scratch_read(&t, "a.db-wal").n;

    ENSURE(db_exec(d, "PRAGMA cache_size = 4") && db_begin(d));
    for (int i = 0; i < 200; i++)
        ENSURE(db_exec(d, "INSERT INTO note (part, text) VALUES (99, $1)", BLOB(sv_n(text, sizeof(text)))));
    db_rollback(d);
    add(d, PARTS + 1, 6);
    struct left l = taken(&t);
    size_t last = commit_of(l.log, PARTS + 1);
    db_close(&d);
    REQUIRE(last > end && last + 4 * FRAME < l.log.n);
    CHECK_INT(opened(&t, &l, l.log), PARTS + 1);
    for (size_t at = end; at < last + FRAME; at += 997)
        CHECK_INT_AT(at, opened(&t, &l, flipped(&t, l.log, at)), PARTS);
    scratch_end(&t);
}
