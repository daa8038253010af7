/* svc/file/storage_test.c: sums move with what they count, refuse to the byte, and are compared with it. */
#include "core/core_test.h"
#include "base/clock.h"
#include "core/schema_sql.h"
#include "svc/file/storage.h"
#include "svc/file/stored.h"
#include "svc/file/stored_sql.h"

#include <stdio.h>

#define HASH "0000000000000000000000000000000000000000000000000000000000000000"
#define MB   INT64_C(1048576)

static struct storage sum(struct fixture *f, id64 room)
{
    struct storage s;

    CHECK(storage_of(&f->x, room, &s));
    return s;
}

static bool begin(struct fixture *f, id64 room, int64_t size, struct stored *out)
{
    failure_clear(&f->x.failure);
    f->x.actor.member = (id64){7};
    f->x.actor.channel = CH_W;
    return stored_begin(&f->x, room, SV("a.bin"), size, SV(HASH), out);
}

static size_t faults(struct fixture *f)
{
    struct storage_faults all = {0};

    CHECK(storage_check(&f->x, 10, &all));
    return all.n;
}

TEST(storage_counts_what_comes_and_goes)
{
    struct fixture *f = fixture_new(false);
    id64 a = {1}, b = {2};
    struct stored s[3], copy;

    REQUIRE(begin(f, a, 100, &s[0]) && begin(f, a, 50, &s[1]) && begin(f, b, 7, &s[2]));
    CHECK_INT(sum(f, ID_NONE).bytes, 157);
    CHECK_INT(sum(f, ID_NONE).files, 3);
    CHECK_INT(sum(f, a).bytes, 150);
    CHECK_INT(sum(f, a).files, 2);
    REQUIRE(stored_copy(&f->x, &s[0], b, &copy));         /* the same bytes in another room */
    CHECK_INT(sum(f, ID_NONE).bytes, 157);
    CHECK_INT(sum(f, b).bytes, 107);
    CHECK_INT(faults(f), 0);
    REQUIRE(stored_cancel(&f->x, s[0].id));               /* the other room has the bytes still */
    CHECK_INT(sum(f, a).bytes, 50);
    CHECK_INT(sum(f, ID_NONE).bytes, 157);
    REQUIRE(stored_cancel(&f->x, copy.id) && stored_cancel(&f->x, s[1].id) && stored_cancel(&f->x, s[2].id));
    CHECK_INT(sum(f, ID_NONE).bytes, 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM storage_sum"), 1);    /* of rooms that hold nothing no row is left */
    CHECK_INT(faults(f), 0);
    fixture_free(&f);
}

TEST(storage_refuses_to_the_byte)
{
    struct fixture *f = fixture_new(false);
    struct stored s, t, copy;
    id64 a = {1}, b = {2};

    fixture_setting(f, "talk.room_storage_quota", "10MB");
    fixture_setting(f, "plan.storage_quota", "1GB");
    fixture_call(f);
    REQUIRE(begin(f, a, 10 * MB - 5, &s));
    CHECK(!begin(f, a, 6, &t));
    CHECK_INT(f->x.failure.code, E_ROOM_QUOTA);
    CHECK_INT(f->x.failure.used, 10 * MB - 5);
    CHECK_INT(f->x.failure.left, 5);
    CHECK(begin(f, a, 5, &t));
    CHECK(begin(f, b, 6, &t));
    failure_clear(&f->x.failure);
    CHECK(!stored_copy(&f->x, &s, b, &copy));             /* one that is forwarded takes its place, too */
    CHECK_INT(f->x.failure.code, E_ROOM_QUOTA);
    fixture_setting(f, "talk.room_storage_quota", "none");
    REQUIRE(db_exec(f->d, "UPDATE storage_sum SET bytes = 1073741824 WHERE room = 0"));
    CHECK(!begin(f, b, 1, &t));
    CHECK_INT(f->x.failure.code, E_QUOTA);
    CHECK_INT(f->x.failure.left, 0);
    fixture_free(&f);
}

/* Each of the ways in which a sum can be wrong is one finding. */
TEST(storage_wrong_sums_are_found)
{
    struct fixture *f = fixture_new(false);
    struct stored s;

    REQUIRE(begin(f, (id64){1}, 100, &s));
    CHECK_INT(faults(f), 0);
    REQUIRE(db_exec(f->d, "UPDATE storage_sum SET bytes = bytes + 1 WHERE room = 0"));
    CHECK_INT(faults(f), 1);
    REQUIRE(db_exec(f->d, "UPDATE storage_sum SET files = files + 1 WHERE room = 1"));
    CHECK_INT(faults(f), 2);
    REQUIRE(db_exec(f->d, "INSERT INTO storage_sum (room, bytes, files) VALUES (9, 5, 1)"));
    CHECK_INT(faults(f), 3);
    REQUIRE(db_exec(f->d, "DELETE FROM storage_sum WHERE room = 1"));
    CHECK_INT(faults(f), 3);
    fixture_free(&f);
}

/* Rooms with most first, page after page, also where several hold the same. */
TEST(storage_rooms_by_pages)
{
    struct fixture *f = fixture_new(false);
    struct storage after = {0};
    int64_t sizes[] = {5, 90, 5, 5, 17}, seen = 0, last = INT64_MAX;
    struct stored s;

    for (size_t i = 0; i < COUNT(sizes); i++)
        REQUIRE(begin(f, (id64){(int64_t)i + 1}, sizes[i], &s));
    for (;;) {
        struct storage_set page = {0};
        REQUIRE(storage_rooms(&f->x, &after, 2, &page));
        if (page.n == 0)
            break;
        for (size_t i = 0; i < page.n; i++) {
            CHECK(page.v[i].bytes <= last && page.v[i].bytes == sizes[page.v[i].room.n - 1]);
            last = page.v[i].bytes;
            seen |= INT64_C(1) << page.v[i].room.n;
        }
        after = page.v[page.n - 1];
    }
    CHECK_INT(seen, 0x3e);
    fixture_free(&f);
}

/* A store of before: what lies there is counted once, with the change. */
TEST(storage_of_an_older_store)
{
    struct fixture *f = fixture_new(false);
    struct stored s;

    REQUIRE(begin(f, (id64){1}, 100, &s) && begin(f, (id64){1}, 11, &s) && begin(f, (id64){2}, 3, &s));
    REQUIRE(db_exec(f->d, "DROP TABLE storage_sum") && db_exec(f->d, "UPDATE schema_version SET n = 141"));
    REQUIRE(migrate(f->d, tenant_migrations, 142));
    CHECK_INT(sum(f, ID_NONE).bytes, 114);
    CHECK_INT(sum(f, (id64){1}).bytes, 111);
    CHECK_INT(sum(f, (id64){1}).files, 2);
    CHECK_INT(faults(f), 0);
    fixture_free(&f);
}

static double us_each(struct fixture *f, bool (*ask)(struct fixture *f), int times)
{
    int64_t from = clock_mono_us();

    for (int i = 0; i < times; i++)
        CHECK(ask(f));
    return (double)(clock_mono_us() - from) / times;
}

static bool by_sum(struct fixture *f)
{
    struct storage s;

    return storage_of(&f->x, ID_NONE, &s) && s.bytes == 100000 * 10;
}

static bool by_rows(struct fixture *f)
{
    return FIXTURE_INT(f, "SELECT COALESCE(SUM(size), 0) FROM blob_file") == 100000 * 10;
}

/* A figure, which decides nothing: what an upload asked of all files before, and what it asks now. */
TEST(storage_of_100000_files)
{
    struct fixture *f = fixture_new(false);

    REQUIRE(db_exec(f->d, "INSERT INTO blob_file (id, key, size, made_ms) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                          " SELECT i, zeroblob(64), 10, 0 FROM n"));
    REQUIRE(storage_moved(&f->x, ID_NONE, 100000 * 10, 100000));
    CHECK_INT(faults(f), 0);
    printf("    100,000 files: the kept sum %.1f µs, all rows %.0f µs\n", us_each(f, by_sum, 200), us_each(f, by_rows, 5));
    fixture_free(&f);
}
