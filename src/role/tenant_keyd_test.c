/* role/tenant_keyd_test.c: an answer that came too late for its question is not taken for the next one's. */
#include "base/test.h"
#include "role/tenant.h"

static void answer(struct ipc *c, uint64_t a, char fill)
{
    char bytes[32];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = fill;
    ipc_put(c, (struct ipc_head){.type = KEY_PEPPER + KEY_ANSWER, .a = a, .b = 1}, sv_n(bytes, sizeof(bytes)));
    CHECK_INT(ipc_flush(c), 1);
}

TEST(keyd_late_answers_are_passed_over)
{
    SECRET prehash = { .n = 32 }, out = { 0 };
    struct ipc other;
    int pair[2];

    REQUIRE(ipc_pair(pair));
    struct keyd *k = keyd_new(pair[0]);
    ipc_init(&other, pair[1]);
    answer(&other, 1, 'a');
    CHECK(keyd_pepper(k, &prehash, &out));
    CHECK_INT(out.b[31], 'a');
    answer(&other, 1, 'x');                               /* of the first question, once more */
    answer(&other, 2, 'b');
    CHECK(keyd_pepper(k, &prehash, &out));
    CHECK_INT(out.b[31], 'b');
    answer(&other, 9, 'c');                               /* of a question that was never asked */
    CHECK(!keyd_pepper(k, &prehash, &out));
    answer(&other, 4, 'd');
    CHECK(keyd_pepper(k, &prehash, &out));
    CHECK_INT(out.b[31], 'd');
    keyd_free(&k);
    ipc_close(&other);
}
