/* core/typing_test.c: once in three seconds for each member and room, and nothing older is kept. */
#include "core/core_test.h"
#include "core/typing.h"

#define T0 INT64_C(1790000000000)

TEST(typing_once_in_three_seconds)
{
    const id64 a = {11}, b = {12}, room = {7}, other = {8};
    struct typing t;

    typing_init(&t);
    CHECK(typing_due(&t, room, a, T0));
    CHECK(!typing_due(&t, room, a, T0) && !typing_due(&t, room, a, T0 + TYPING_MS - 1));
    CHECK(typing_due(&t, room, b, T0 + 1) && typing_due(&t, other, a, T0 + 1));
    CHECK(typing_due(&t, room, a, T0 + TYPING_MS));
    CHECK(!typing_due(&t, room, b, T0 + TYPING_MS));      /* remembered beyond the change of maps */
    CHECK(!typing_due(&t, room, a, T0 + 2 * TYPING_MS - 1) && typing_due(&t, room, a, T0 + 2 * TYPING_MS));
    CHECK(typing_due(&t, room, a, T0 - 1000));            /* the clock was set back: nobody waits for the old time */
    for (int64_t i = 1; i <= 1000; i++)
        CHECK(typing_due(&t, room, (id64){i * 1000}, T0 + TYPING_MS * 3));
    CHECK(t.now.n == 1000);
    CHECK(typing_due(&t, room, a, T0 + TYPING_MS * 4) && typing_due(&t, room, a, T0 + TYPING_MS * 5));
    CHECK(t.now.n == 1 && t.before.n == 1);
    typing_release(&t);
}
