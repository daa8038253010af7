/* store/db_threads_test.c: a writer and readers, each with a handle of its own, as a tenant's process has them. */
#include "base/test.h"
#include "store/db_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct reader {
    struct db_options o;
    _Atomic bool *done;
    int64_t reads, torn;
};

/* Every transaction adds two equal rows: a reader never sees an odd number, nor fewer than before. */
static void *read_on(void *p)
{
    struct reader *me = p;
    struct arena *a = arena_new(4096);
    struct failure f = {0};
    struct db *d = db_open(&me->o, &f);
    int64_t last = 0;

    ENSURE(d);
    db_use(d, a, &f);
    while (!atomic_load(me->done) || me->reads < 50) {
        ROWS r = db_query(d, "SELECT count(*) FROM pair");
        int64_t n = rows_next(&r) ? row_int(&r, 0) : -1;
        me->torn += n < last || n % 2;
        me->reads++;
        last = n;
    }
    db_close(&d);
    arena_free(&a);
    return NULL;
}

TEST(db_readers_beside_the_writer)
{
    struct scratch t = scratch_new();
    _Atomic bool done = false;
    struct reader readers[2];
    pthread_t threads[2];
    struct db *d = scratch_open(&t, "a.db");

    CHECK(db_exec(d, "CREATE TABLE pair (id INTEGER PRIMARY KEY, x BIGINT)"));
    for (size_t i = 0; i < COUNT(readers); i++) {
        readers[i] = (struct reader){.o = scratch_options(&t, "a.db"), .done = &done};
        readers[i].o.flags = DB_READ_ONLY;
        REQUIRE(pthread_create(&threads[i], NULL, read_on, &readers[i]) == 0);
    }
    for (int i = 0; i < 200; i++) {
        CHECK(db_begin(d));
        CHECK(db_exec(d, "INSERT INTO pair (x) VALUES ($1)", INT(i)));
        CHECK(db_exec(d, "INSERT INTO pair (x) VALUES ($1)", INT(i)));
        CHECK(db_commit(d));
        if (i % 50 == 49)
            db_checkpoint(d, false);
    }
    atomic_store(&done, true);
    for (size_t i = 0; i < COUNT(readers); i++) {
        pthread_join(threads[i], NULL);
        CHECK_AT(i, readers[i].reads >= 50);
        CHECK_INT_AT(i, readers[i].torn, 0);
    }
    CHECK_INT(t.f.code, E_NONE);
    db_close(&d);
    scratch_end(&t);
}

static int64_t pairs(struct db *d)
{
    ROWS r = db_query(d, "SELECT count(*) FROM pair");

    return rows_next(&r) ? row_int(&r, 0) : -1;
}

static bool pair_added(struct db *d)
{
    return db_begin(d) && db_exec(d, "INSERT INTO pair (x) VALUES (1)") && db_commit(d);
}

TEST(db_moment_sees_no_later_commit)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");
    struct db_options o = scratch_options(&t, "a.db");

    CHECK(db_exec(d, "CREATE TABLE pair (id INTEGER PRIMARY KEY, x BIGINT)"));
    o.flags = DB_READ_ONLY;
    struct db *reader = scratch_open_as(&t, &o);
    REQUIRE(reader);
    for (int64_t i = 0; i < 3; i++) {
        MOMENT m = moment_begin(reader);
        CHECK(m.open);
        CHECK_INT(pairs(reader), i);
        CHECK(pair_added(d));
        CHECK_INT(pairs(reader), i);                      /* another statement, the same moment */
    }
    CHECK_INT(pairs(reader), 3);
    CHECK(!db_in_transaction(reader));
    {
        MOMENT m = moment_begin(reader);
        MOMENT within = moment_begin(reader);             /* refused, and the first one goes on */
        CHECK(m.open && !within.open);
    }
    CHECK(!db_in_transaction(reader));
    CHECK_INT(t.f.code, E_INTERNAL);
    db_close(&reader);
    db_close(&d);
    scratch_end(&t);
}

/* Opening a second handle must not drop the first one's locks: another process still finds the file in use. */
TEST(db_second_handle_keeps_the_first_ones_locks)
{
    struct scratch t = scratch_new();
    struct db *d = scratch_open(&t, "a.db");
    struct db_options o = scratch_options(&t, "a.db");
    int status = -1;

    CHECK(db_exec(d, "CREATE TABLE a (x BIGINT)"));
    struct db *second = scratch_open_as(&t, &o);
    REQUIRE(second);
    fflush(NULL);
    pid_t pid = fork();
    ENSURE(pid >= 0);
    if (pid == 0) {
        struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510};
        int fd = open(o.path, O_RDWR | O_CLOEXEC);        /* SQLite's shared range */
        _exit(fd >= 0 && fcntl(fd, F_GETLK, &l) == 0 && l.l_type == F_RDLCK ? 0 : 1);
    }
    ENSURE(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
    db_close(&second);
    db_close(&d);
    scratch_end(&t);
}
