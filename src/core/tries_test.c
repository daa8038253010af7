/* core/tries_test.c: rows by member and source, the bound, and whose tries count together. */
#include "base/test.h"
#include "core/tries.h"

TEST(tries_keep_rows_by_member_and_source)
{
    struct tries *t = tries_new();
    struct try_row r = { .failures = 2, .pauses = 1, .paused_until_ms = 99, .last_ms = 7 }, got = { 0 };

    CHECK(!tries_get(t, (id64){ 1 }, SV("192.0.2.1"), &got));
    tries_set(t, (id64){ 1 }, SV("192.0.2.1"), &r);
    r.failures = 3;
    tries_set(t, (id64){ 1 }, SV("192.0.2.1"), &r);
    tries_set(t, (id64){ 1 }, SV(""), &r);
    tries_set(t, (id64){ 2 }, SV("192.0.2.1"), &r);
    CHECK(tries_get(t, (id64){ 1 }, SV("192.0.2.1"), &got));
    CHECK_INT(got.failures, 3);
    CHECK_INT(got.paused_until_ms, 99);
    CHECK(!tries_get(t, (id64){ 1 }, SV("192.0.2.2"), &got));
    tries_forget(t, (id64){ 1 });
    CHECK(!tries_get(t, (id64){ 1 }, SV("192.0.2.1"), &got));
    CHECK(!tries_get(t, (id64){ 1 }, SV(""), &got));
    CHECK(tries_get(t, (id64){ 2 }, SV("192.0.2.1"), &got));
    tries_free(&t);
    CHECK(t == NULL);
    tries_free(&t);
}

TEST(tries_know_whose_were_lifted_since)
{
    struct tries *t = tries_new();
    struct try_row r = { .failures = 9 }, got = { 0 };
    uint64_t before = tries_serial(t);

    CHECK(!tries_lifted(t, (id64){ 1 }, before));
    tries_forget(t, (id64){ 1 });
    uint64_t behind = tries_serial(t);
    CHECK(tries_lifted(t, (id64){ 1 }, before));
    CHECK(!tries_lifted(t, (id64){ 2 }, before));
    CHECK(!tries_lifted(t, (id64){ 1 }, behind));
    tries_keep(t, before, (id64){ 1 }, SV(""), &r);                      /* what was read before is not kept */
    CHECK(!tries_get(t, (id64){ 1 }, SV(""), &got));
    tries_keep(t, before, (id64){ 2 }, SV(""), &r);
    CHECK(tries_get(t, (id64){ 2 }, SV(""), &got));
    tries_keep(t, behind, (id64){ 1 }, SV(""), &r);
    CHECK(tries_get(t, (id64){ 1 }, SV(""), &got));
    for (int64_t i = 0; i < 300; i++)
        tries_forget(t, (id64){ 1000 + i });
    CHECK(tries_lifted(t, (id64){ 1 }, before));                         /* so long ago that nobody knows */
    CHECK(!tries_lifted(t, (id64){ 1 }, tries_serial(t)));
    tries_free(&t);
}

TEST(tries_are_bounded)
{
    struct tries *t = tries_new();
    struct arena *a = arena_new(4096);
    struct try_row r = { 0 };

    PROVES("B1.08");
    for (int64_t i = 1; i <= 3 * TRIES_MAX; i++) {
        tries_set(t, (id64){ i }, SV("192.0.2.1"), &r);
        if (!CHECK(tries_count(t) <= TRIES_MAX))
            break;
    }
    arena_free(&a);
    tries_free(&t);
}

TEST(tries_source_is_an_address_or_a_64)
{
    static const struct { const char *ip, *source; } t[] = {
        { "192.0.2.7", "192.0.2.7" }, { "2001:db8:0:1::5", "2001:db8:0:1::/64" },
        { "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64" }, { "2001:db8:0:2::5", "2001:db8:0:2::/64" },
        { "::1", "::/64" }, { "", "" },
    };
    struct arena *a = arena_new(4096);

    PROVES("B1.08");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, tries_source(a, sv_c(t[i].ip)), sv_c(t[i].source));
    arena_free(&a);
}
