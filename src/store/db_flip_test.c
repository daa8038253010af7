/* store/db_flip_test.c (A09): one bit of a database or of its log flips while nobody looks. It is told, or it is in nothing
 * that is read: every row that is given is a row that was stored.
 *     ENGAWA_FLIPS=10000 SEED=7 build/asan/unit-store 'db_flip*'      that many */
#include "base/test.h"
#include "store/db_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTS 12                                          /* transactions; half of them are in the file, half in the log */
#define EACH 30
#define FLIPS 150

static uint64_t state;

static uint64_t number(uint64_t below)
{
    return test_number(&state, below);
}

static sv text_of(struct arena *a, int64_t id)
{
    return sv_printf(a, "%" PRId64 " 縁側 %0200" PRId64, id, id * 7919);
}

static bool add_part(struct db *d, struct arena *a, int64_t part)
{
    bool ok = db_begin(d);

    for (int64_t i = 0; ok && i < EACH; i++) {
        int64_t id = part * 1000 + i;
        ok = db_exec(d, "INSERT INTO note (id, part, text) VALUES ($1, $2, $3)", INT(id), INT(part), TEXT(text_of(a, id)));
    }
    return ok && db_commit(d);
}

/* The file and its log as a killed process leaves them. */
struct left {
    sv file, log;
};

static struct left written(struct scratch *t)
{
    struct left l;
    struct db *d = scratch_open(t, "a.db");

    ENSURE(db_exec(d, "CREATE TABLE note (id INTEGER PRIMARY KEY, part BIGINT, text TEXT)")
           && db_exec(d, "CREATE INDEX note_part ON note (part, text)"));
    for (int64_t part = 1; part <= PARTS; part++) {
        ENSURE(add_part(d, t->a, part));
        if (part == PARTS / 2)
            db_checkpoint(d, true);
    }
    l = (struct left){scratch_read(t, "a.db"), scratch_read(t, "a.db-wal")};
    db_close(&d);
    return l;
}

static void put_back(struct scratch *t, const struct left *l)
{
    unlink(scratch_path(t, "a.db-shm"));
    scratch_write(t, "a.db", l->file);
    scratch_write(t, "a.db-wal", l->log);
}

enum { TOLD = -2, WRONG = -1 };

/* How many of the rows stored are given, in order. */
static int64_t rows_given(struct db *d, struct arena *a)
{
    ROWS r = db_query(d, "SELECT id, part, text FROM note ORDER BY id");
    int64_t n = 0;

    for (; rows_next(&r); n++) {
        int64_t id = (n / EACH + 1) * 1000 + n % EACH;
        if (row_int(&r, 0) != id || row_int(&r, 1) != id / 1000 || !sv_equal(row_text(&r, 2), text_of(a, id)))
            return WRONG;
    }
    return rows_ok(&r) ? n : TOLD;
}

static int64_t rows_by_index(struct db *d)
{
    ROWS r = db_query(d, "SELECT count(text) FROM note INDEXED BY note_part");

    return rows_next(&r) ? row_int(&r, 0) : TOLD;
}

/* How many whole parts are given; WRONG: something else than what was stored; TOLD: an error. */
static int64_t look(struct scratch *t)
{
    struct db_options o = scratch_options(t, "a.db");
    struct db *d = scratch_open_as(t, &o);

    if (!d)
        return TOLD;
    int64_t n = rows_given(d, t->a), by_index = n < 0 ? n : rows_by_index(d);
    db_close(&d);
    if (n < 0 || by_index < 0)
        return n < 0 ? n : by_index;
    return n % EACH || by_index != n ? WRONG : n / EACH;
}

/* `at` counts through the file and then the log. */
static int64_t flipped(struct scratch *t, const struct left *l, uint64_t at, unsigned bit)
{
    sv bytes = at < l->file.n ? l->file : l->log;
    uint64_t place = at < l->file.n ? at : at - l->file.n;
    char *changed = arena_alloc(t->a, bytes.n);

    memcpy(changed, bytes.p, bytes.n);
    changed[place] = (char)(changed[place] ^ (1 << bit));
    struct left with = *l;
    *(at < l->file.n ? &with.file : &with.log) = sv_n(changed, bytes.n);
    put_back(t, &with);
    int64_t found = look(t);
    failure_clear(&t->f);
    return found;
}

TEST(db_flip_is_told_or_harmless)
{
    uint64_t flips = test_env("ENGAWA_FLIPS", FLIPS);
    int64_t told = 0, whole = 0, short_by_one = 0;
    struct scratch t = scratch_new();
    struct left l = written(&t);

    state = test_seed();
    put_back(&t, &l);
    CHECK_INT(look(&t), PARTS);                           /* unflipped, all is there */
    for (uint64_t i = 0; i < flips; i++) {
        struct scratch one = t;                           /* its files; memory of its own */
        one.a = arena_new(64 * 1024);
        uint64_t at = number(2) ? number(l.file.n) : l.file.n + number(l.log.n);
        int64_t found = flipped(&one, &l, at, (unsigned)number(8));
        told += found == TOLD;
        whole += found == PARTS;
        short_by_one += found == PARTS - 1;               /* the log's last transaction, as if it had never been finished */
        CHECK_AT(at, found == TOLD || found == PARTS || (found == PARTS - 1 && at >= l.file.n));
        arena_free(&one.a);
    }
    printf("    %" PRIu64 " flips: %" PRId64 " told, %" PRId64 " harmless, %" PRId64 " in the unfinished end\n", flips, told, whole,
           short_by_one);
    CHECK(told > (int64_t)flips / 2);
    scratch_end(&t);
}
