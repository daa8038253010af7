/* core/marks_test.c: many marks of one member in one room are one, the furthest; what is taken is gone. */
#include "core/core_test.h"
#include "core/marks.h"

TEST(marks_gather)
{
    struct arena *a = arena_new(4096);
    struct marks *m = marks_new();
    struct mark *v;

    for (int64_t i = 1; i <= 1000; i++)
        CHECK(marks_put(m, 7, 1, i));
    CHECK(marks_put(m, 7, 1, 3));
    CHECK(marks_put(m, 7, 2, 5) && marks_put(m, 8, 1, 9));
    CHECK_INT(marks_count(m), 3);
    REQUIRE(marks_take(m, a, &v) == 3);
    CHECK(v[0].room == 7 && v[0].member == 1 && v[0].seq == 1000);
    CHECK(v[1].member == 2 && v[1].seq == 5 && v[2].room == 8);
    CHECK_INT(marks_count(m), 0);
    CHECK_INT(marks_take(m, a, &v), 0);
    for (int64_t i = 0; i < MARKS_MAX; i++)
        CHECK(marks_put(m, i, 1, 1));
    CHECK(!marks_put(m, MARKS_MAX, 1, 1));
    CHECK(marks_put(m, 0, 1, 2));
    marks_free(&m);
    CHECK(m == NULL);
    arena_free(&a);
}
