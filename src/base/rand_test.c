/* base/rand_test.c: ids do not repeat, numbers stay in their bounds, a seed gives the same ids again. */
#include "base/rand.h"

#include "base/test.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

TEST(rand_a_million_ids_differ)
{
    size_t n = 1000000, same = 0, outside = 0, high = 0;
    int64_t *ids = malloc(n * sizeof(*ids));

    REQUIRE(ids);
    PROVES("B11.08");                                     /* that nothing else gives randomness: tool/hardened */
    for (size_t i = 0; i < n; i++) {
        ids[i] = rand_id().n;
        outside += ids[i] <= 0;
        high += ids[i] >> 62 != 0;
    }
    qsort(ids, n, sizeof(*ids), compare);
    for (size_t i = 1; i < n; i++)
        same += ids[i] == ids[i - 1];
    CHECK_INT(same, 0);
    CHECK_INT(outside, 0);
    CHECK(high > n / 2 - 5000 && high < n / 2 + 5000);    /* ten standard deviations */
    free(ids);
}

TEST(rand_bounds)
{
    uint64_t hits[7] = {0};

    for (int i = 0; i < 70000; i++)
        hits[rand_below(7)]++;
    for (size_t i = 0; i < COUNT(hits); i++)
        CHECK_AT(i, hits[i] > 9000 && hits[i] < 11000);
    CHECK_INT(rand_below(1), 0);
    for (int i = 0; i < 1000; i++) {
        int64_t room = rand_room_id();
        CHECK(room > 0 && room <= INT32_MAX);
    }
}

TEST(rand_seed_is_for_ids_alone)
{
    id64 a[3], b[3];
    unsigned char x[16], y[16];

    rand_test_seed(7);
    for (size_t i = 0; i < COUNT(a); i++)
        a[i] = rand_id();
    rand_bytes(x, sizeof(x));
    rand_test_seed(7);
    for (size_t i = 0; i < COUNT(b); i++)
        b[i] = rand_id();
    rand_bytes(y, sizeof(y));
    rand_test_seed(0);
    for (size_t i = 0; i < COUNT(a); i++)
        CHECK_INT_AT(i, a[i].n, b[i].n);
    CHECK(!sv_equal(sv_n(x, sizeof(x)), sv_n(y, sizeof(y))));
    CHECK(rand_id().n != a[0].n);
}
