/* store/db_fault_test.c: full disks, failing writes, failing fsyncs, kills; and a folder whose parents are closed. */
#include "base/fault.h"

#include "base/test.h"
#include "store/db_test.h"

#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROWS_EACH 40

static struct db *fresh(struct scratch *t)
{
    struct db *d = scratch_open(t, "a.db");

    ENSURE(db_exec(d, "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, part BIGINT, text BLOB)"));
    return d;
}

/* One durable part of many rows. */
static bool add_part(struct db *d, int64_t part)
{
    static const char text[600];
    bool ok = db_begin(d);

    for (int i = 0; ok && i < ROWS_EACH; i++)
        ok = db_exec(d, "INSERT INTO note (id, part, text) VALUES ($1, $2, $3)", INT(part * 1000 + i), INT(part),
                     BLOB(sv_n(text, sizeof(text))));
    if (!ok) {
        db_rollback(d);
        return false;
    }
    return db_commit(d);
}

/* Rows of whole parts; -1 when a part is there by halves. */
static int64_t parts(struct db *d)
{
    ROWS r = db_query(d, "SELECT part, count(*) FROM note GROUP BY part ORDER BY part");
    int64_t n = 0;

    while (rows_next(&r)) {
        if (row_int(&r, 1) != ROWS_EACH || row_int(&r, 0) != n + 1)
            return -1;
        n++;
    }
    return rows_ok(&r) ? n : -1;
}

TEST(db_full_disk_is_told_and_nothing_happened)
{
    struct scratch t = scratch_new();
    struct db *d = fresh(&t);
    int failed = 0;

    CHECK(add_part(d, 1));
    for (int64_t n = 1; n < 100; n++) {
        fault_set("disk.full", n, FAULT_FAIL);
        bool ok = add_part(d, 2);
        if (ok) {
            CHECK_INT_AT(n, parts(d), 2);
            break;
        }
        failed++;
        CHECK_INT_AT(n, t.f.code, E_STORAGE_FULL);
        CHECK_AT(n, !db_in_transaction(d));
        failure_clear(&t.f);
        CHECK_INT_AT(n, parts(d), 1);                     /* readable, and as before */
    }
    fault_clear();
    CHECK(failed > 5);
    CHECK(db_check(d));
    db_close(&d);
    d = fresh(&t);
    CHECK_INT(parts(d), 2);
    db_close(&d);
    scratch_end(&t);
}

TEST(db_failing_write_is_told_and_nothing_happened)
{
    struct scratch t = scratch_new();
    struct db *d = fresh(&t);
    int failed = 0;

    CHECK(add_part(d, 1));
    for (int64_t n = 1; n < 100; n++) {
        fault_set("disk.write", n, FAULT_FAIL);
        if (add_part(d, 2))
            break;
        failed++;
        CHECK_INT_AT(n, t.f.code, E_INTERNAL);
        failure_clear(&t.f);
        CHECK_INT_AT(n, parts(d), 1);
    }
    fault_clear();
    CHECK(failed > 5);
    CHECK_INT(parts(d), 2);
    db_close(&d);
    scratch_end(&t);
}

TEST(db_commit_can_be_refused)
{
    struct scratch t = scratch_new();
    struct db *d = fresh(&t);

    fault_set("commit.before", 1, FAULT_FAIL);
    CHECK(!add_part(d, 1));
    CHECK_INT(t.f.code, E_RETRY);
    CHECK_INT(fault_count("commit.before"), 1);
    fault_clear();
    failure_clear(&t.f);
    CHECK(!db_in_transaction(d));
    CHECK_INT(parts(d), 0);
    CHECK(add_part(d, 1));
    CHECK_INT(parts(d), 1);
    db_close(&d);
    scratch_end(&t);
}

/* In a process of its own: parts 1 to 6, a checkpoint between, each acknowledged through a pipe. Exits by 0 at the end. */
static int child(struct scratch *t, const char *point, int64_t n, enum fault_action action, int64_t *acked)
{
    int way[2], status = 0;
    char c;

    ENSURE(pipe(way) == 0);
    fflush(NULL);
    pid_t pid = fork();
    ENSURE(pid >= 0);
    if (pid == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        ENSURE(freopen("/dev/null", "w", stderr));
        close(way[0]);
        struct db *d = fresh(t);
        fault_set(point, n, action);
        int64_t first = parts(d) + 1;
        for (int64_t part = first; part < first + 6; part++) {
            if (!add_part(d, part) || write(way[1], "+", 1) != 1)
                _exit(1);
            if (part % 2 == 0)
                db_checkpoint(d, part % 4 == 0);
        }
        _exit(0);
    }
    close(way[1]);
    for (*acked = 0; read(way[0], &c, 1) == 1;)
        (*acked)++;
    close(way[0]);
    ENSURE(waitpid(pid, &status, 0) == pid);
    return status;
}

/* A kill at the n-th passing of each point, n = 1, 2, …, until nothing is left to kill. */
TEST(db_acknowledged_part_outlives_a_kill)
{
    static const char *const points[] = { "commit.before", "commit.after", "disk.write", "disk.synced" };

    for (size_t p = 0; p < COUNT(points); p++) {
        int64_t step = p == 2 ? 5 : 1, kills = 0;
        for (int64_t n = 1;; n += step) {
            struct scratch t = scratch_new();
            int64_t acked = 0;
            int status = child(&t, points[p], n, FAULT_KILL, &acked);
            struct db *d = fresh(&t);
            int64_t have = parts(d);
            CHECK_AT(n, have == acked || have == acked + 1);
            CHECK_AT(n, db_check(d));
            CHECK_AT(n, add_part(d, have + 1));           /* and it goes on */
            db_close(&d);
            scratch_end(&t);
            if (WIFEXITED(status)) {
                CHECK_INT_AT(n, WEXITSTATUS(status), 0);
                CHECK_INT_AT(n, acked, 6);
                break;
            }
            CHECK_INT_AT(n, WTERMSIG(status), SIGKILL);
            kills++;
        }
        CHECK_AT(p, kills >= 5);
    }
}

/* What a failed fsync left behind is unknown: the process ends at once and the next one recovers. */
TEST(db_failed_fsync_ends_the_process)
{
    int64_t deaths = 0;

    for (int64_t n = 1;; n++) {
        struct scratch t = scratch_new();
        int64_t acked = 0;
        int status = child(&t, "disk.fsync", n, FAULT_FAIL, &acked);
        struct db *d = fresh(&t);
        int64_t have = parts(d);
        CHECK_AT(n, have == acked || have == acked + 1);
        CHECK_AT(n, db_check(d));
        db_close(&d);
        scratch_end(&t);
        if (WIFEXITED(status)) {
            CHECK_INT_AT(n, WEXITSTATUS(status), 0);
            break;
        }
        CHECK_INT_AT(n, WTERMSIG(status), SIGABRT);
        deaths++;
    }
    CHECK(deaths >= 6);
}

/* Without memory the engine gives up and the process ends; some allocations it can do without. */
TEST(db_memory_that_fails_ends_the_process_and_nothing_else)
{
    int64_t deaths = 0;

    for (int64_t n = 1; n < 900; n += 9) {
        struct scratch t = scratch_new();
        int64_t acked = 0;
        int status = child(&t, "memory.engine", n, FAULT_FAIL, &acked);
        struct db *d = fresh(&t);
        int64_t have = parts(d);
        CHECK_AT(n, have == acked || have == acked + 1);
        CHECK_AT(n, db_check(d));
        db_close(&d);
        scratch_end(&t);
        if (WIFEXITED(status)) {
            CHECK_INT_AT(n, WEXITSTATUS(status), 0);
            CHECK_INT_AT(n, acked, 6);
        } else {
            CHECK_INT_AT(n, WTERMSIG(status), SIGABRT);
            deaths++;
        }
    }
    CHECK(deaths >= 20);
}

/* A folder that this process lives in, below one that it may not even look into. */
TEST(db_opens_below_closed_parents)
{
    struct scratch t = scratch_new();
    int status = -1;
    const char *inner = scratch_path(&t, "inner");

    ENSURE(mkdir(inner, 0700) == 0);
    if (geteuid() == 0)
        ENSURE(chown(inner, 65534, 65534) == 0);
    fflush(NULL);
    pid_t pid = fork();
    ENSURE(pid >= 0);
    if (pid == 0) {
        ENSURE(chdir(inner) == 0);
        if (geteuid() == 0)
            ENSURE(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
        else
            ENSURE(chmod(t.dir, 0) == 0);
        if (access(inner, F_OK) == 0)
            _exit(2);                                     /* the parent is open: nothing would be shown */
        struct db_options o = {.path = "tenant.db", .key = &t.key, .flags = DB_CREATE};
        for (int round = 0; round < 2; round++) {
            struct db *d = db_open(&o, &t.f);
            if (!d)
                _exit(3);
            db_use(d, t.a, &t.f);
            if (!db_exec(d, "CREATE TABLE IF NOT EXISTS a (x)") || !db_exec(d, "INSERT INTO a VALUES (1)"))
                _exit(4);
            db_checkpoint(d, true);
            db_close(&d);
            o.flags = 0;
        }
        _exit(0);
    }
    ENSURE(waitpid(pid, &status, 0) == pid);
    ENSURE(chmod(t.dir, 0700) == 0);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
    CHECK(access(scratch_path(&t, "inner/tenant.db"), F_OK) == 0);
    unlink(scratch_path(&t, "inner/tenant.db"));
    ENSURE(rmdir(inner) == 0);
    scratch_end(&t);
}
