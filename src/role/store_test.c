/* role/store_test.c: no number that a tenant says leads out of what is its own. */
#include "role/store.h"
#include "base/test.h"

TEST(store_key_stays_below_its_tenant)
{
    static const struct { int64_t tenant, blob; const char *key; } t[] = {
        {7, 0x1234, "here/7/34/4660"}, {7, INT64_MAX, "here/7/ff/9223372036854775807"}, {12, 1, "here/12/01/1"},
        {7, 0, NULL}, {7, -1, NULL}, {7, INT64_MIN, NULL}, {0, 1, NULL}, {-7, 1, NULL},
    };
    char key[STORE_KEY];

    for (size_t i = 0; i < COUNT(t); i++) {
        bool made = store_key(key, SV("here/"), t[i].tenant, t[i].blob);
        CHECK_INT_AT(i, made, t[i].key != NULL);
        if (t[i].key)
            CHECK_AT(i, sv_equal(sv_c(key), sv_c(t[i].key)));
    }
    CHECK(store_key(key, SV(""), 1, 255) && sv_equal(sv_c(key), SV("1/ff/255")));
}

TEST(store_key_has_room_for_the_longest)
{
    char key[STORE_KEY], prefix[STORE_KEY];

    memset(prefix, 'p', sizeof(prefix));
    CHECK(store_key(key, sv_n(prefix, STORE_KEY - 64), INT64_MAX, INT64_MAX));
    CHECK(strlen(key) == STORE_KEY - 64 + strlen("9223372036854775807/ff/9223372036854775807"));
    CHECK(!store_key(key, sv_n(prefix, STORE_KEY - 63), 1, 1));
}
