/* base/str_test.c: borrowed and built strings, arenas, arrays. */
#include "base/str.h"

#include "base/rand.h"
#include "base/test.h"
#include "base/vec.h"

#include <string.h>

TEST(sv_numbers)
{
    static const struct { const char *in; bool ok; int64_t want; } t[] = {
        { "0", true, 0 }, { "-0", true, 0 }, { "007", true, 7 }, { "-5", true, -5 },
        { "9223372036854775807", true, INT64_MAX }, { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 }, { "-9223372036854775809", false, 0 }, { "18446744073709551617", false, 0 },
        { "", false, 0 }, { "-", false, 0 }, { "+1", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 }, { "1a", false, 0 },
        { "--1", false, 0 }, { "99999999999999999999", false, 0 },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        int64_t got = 0;
        CHECK_INT_AT(i, sv_int(sv_c(t[i].in), &got), t[i].ok);
        CHECK_INT_AT(i, got, t[i].want);
    }
}

TEST(sv_ids)
{
    static const struct { const char *in; bool ok; } t[] = {
        { "1", true }, { "9223372036854775807", true }, { "0", false }, { "01", false }, { "-1", false }, { "", false },
        { "9223372036854775808", false }, { "1x", false },
    };
    id64 id = ID_NONE;

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, sv_id(sv_c(t[i].in), &id), t[i].ok);
    CHECK_INT(id.n, INT64_MAX);
}

TEST(sv_pieces)
{
    sv rest = SV("a,,b,"), part;
    static const char *const want[] = { "a", "", "b", "" };
    size_t n = 0, at = 0;

    for (; sv_cut(&rest, ',', &part); n++)
        CHECK_STR_AT(n, part, sv_c(want[n]));
    CHECK_INT(n, 4);
    CHECK_STR(sv_trim(SV(" \t\r\n a b \n")), SV("a b"));
    CHECK_STR(sv_trim(SV("   ")), SV(""));
    CHECK(sv_find(SV("engawa"), SV("awa"), &at) && at == 3);
    CHECK(!sv_find(SV("engawa"), SV("awab"), &at) && !sv_find(SV_NONE, SV("a"), NULL));
    CHECK_STR(sv_from(SV("abc"), 1), SV("bc"));
    CHECK_INT(sv_from(SV("abc"), 9).n, 0);
    CHECK_STR(sv_upto(SV("abc"), 9), SV("abc"));
    CHECK(sv_equal(SV_NONE, SV("")) && sv_equal(sv_c(NULL), SV_NONE));
    CHECK(sv_compare(SV("a"), SV("ab")) < 0 && sv_compare(SV("b"), SV("ab")) > 0 && sv_compare(SV("\xff"), SV("a")) > 0);
    CHECK(sv_equal_nocase(SV("Content-TYPE"), SV("content-type")) && !sv_equal_nocase(SV("k"), SV("\xe2\x84\xaa")));
    CHECK(sv_starts(SV("abc"), SV("ab")) && !sv_starts(SV("a"), SV("ab")) && sv_ends(SV("abc"), SV("bc")));
    CHECK(sv_hash(SV("a"), 1) != sv_hash(SV("a"), 2));
}

TEST(str_builds_in_an_arena_and_alone)
{
    struct arena *a = arena_new(256);
    struct str in = STR_IN(a), own = {0};

    CHECK_INT(str_sv(&own).n, 0);
    for (int i = 0; i < 1000; i++) {
        str_printf(&in, "%d,", i);
        str_int(&own, i);
        str_char(&own, ',');
    }
    CHECK_STR(str_sv(&in), str_sv(&own));
    CHECK_INT(own.n, 3890);
    str_drop(&own, 4);
    CHECK(sv_starts(str_sv(&own), SV("2,3,")));
    str_reset(&own);
    str_put(&own, SV_NONE);
    str_bytes(&own, "a\0b", 3);
    CHECK_STR(str_sv(&own), sv_n("a\0b", 3));
    struct str none = {0};
    CHECK(str_room(&none, 0) != NULL);
    str_release(&none);
    str_release(&own);
    str_release(&own);
    CHECK_STR(sv_printf(a, "%s-%d", "x", 5), SV("x-5"));
    CHECK(strcmp(sv_cstr(a, SV("ab")), "ab") == 0);
    arena_free(&a);
}

/* As printf writes them: the bounds of every length, and any. */
TEST(str_writes_numbers)
{
    struct arena *a = arena_new(4096);
    int64_t power = 1;

    for (int i = 0; i < 19; i++, power *= i < 19 ? 10 : 1)
        for (int64_t d = -1; d <= 1; d++) {
            struct str up = STR_IN(a), down = STR_IN(a);
            str_int(&up, power + d);
            str_int(&down, -power - d);
            CHECK_STR_AT(i, str_sv(&up), sv_printf(a, "%" PRId64, power + d));
            CHECK_STR_AT(i, str_sv(&down), sv_printf(a, "%" PRId64, -power - d));
        }
    struct str ends = STR_IN(a);
    str_int(&ends, INT64_MIN);
    str_int(&ends, INT64_MAX);
    CHECK_STR(str_sv(&ends), SV("-92233720368547758089223372036854775807"));
    for (int i = 0; i < 1000; i++) {
        struct str s = STR_IN(a);
        int64_t n = (int64_t)(rand_u64() >> rand_below(64));
        str_int(&s, n);
        CHECK_STR(str_sv(&s), sv_printf(a, "%" PRId64, n));   /* prints the number */
    }
    arena_free(&a);
}

static void count_call(void *p)
{
    int *n = p;

    *n = *n * 10 + 1;
}

static void count_second(void *p)
{
    int *n = p;

    *n = *n * 10 + 2;
}

TEST(arena_gives_zeroed_aligned_memory_and_runs_hooks)
{
    struct arena *a = arena_new(1024);
    VEC(int64_t) v = {0};
    int calls = 0, wrong = 0;

    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = arena_alloc(a, n);
        wrong += p == NULL || (uintptr_t)p % 16 != 0;
        for (size_t i = 0; i < n; i++)
            wrong += p[i] != 0;
        if (n)
            memset(p, 0xAA, n);
    }
    CHECK_INT(wrong, 0);
    for (int64_t i = 0; i < 1000; i++)
        *PUSH(a, &v) = i;
    CHECK_INT(v.n, 1000);
    for (size_t i = 0; i < v.n; i++)
        wrong += v.v[i] != (int64_t)i;
    CHECK_INT(wrong, 0);
    CHECK(arena_bytes(a) > 3000);
    arena_on_free(a, count_call, &calls);
    arena_on_free(a, count_second, &calls);
    arena_free(&a);
    CHECK(a == NULL);
    CHECK_INT(calls, 21);                                 /* newest first */
    arena_free(&a);
}

TEST(arena_is_as_new_again)
{
    struct arena *a = arena_new(1024);
    int calls = 0;

    arena_again(a);                                       /* nothing in it yet */
    arena_on_free(a, count_call, &calls);
    for (int i = 0; i < 100; i++)
        memset(arena_raw(a, 700), 0xAA, 700);
    arena_again(a);
    CHECK_INT(calls, 1);
    size_t kept = arena_bytes(a);
    CHECK(kept > 0 && kept < 2048);
    for (int i = 0; i < 20; i++) {
        const unsigned char *p = arena_alloc(a, 500);
        CHECK_AT(i, p[0] == 0 && p[499] == 0);
        CHECK_INT_AT(i, arena_bytes(a), kept);
        arena_again(a);
    }
    arena_free(&a);
    CHECK_INT(calls, 1);
}

TEST(str_percent_leaves_what_it_is_told)
{
    struct str s = {0};

    str_percent(&s, SV("Az09-_. ~/縁%\0"), "-_.");
    CHECK_STR(str_sv(&s), SV("Az09-_.%20%7E%2F%E7%B8%81%25%00"));
    str_release(&s);
}
