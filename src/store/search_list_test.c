/* store/search_list_test.c: a list gives back what was put into it, takes no more bytes than a bit for each position, and what
 * is no list is refused; the keys of a question are those of the text's tokens. */
#include "store/search_list.h"
#include "base/rand.h"
#include "base/test.h"
#include "store/search.h"

#include <stdio.h>
#include <string.h>

static struct search_set of(const size_t *v, size_t n)
{
    struct search_set s;

    memset(&s, 0, sizeof(s));
    for (size_t i = 0; i < n; i++)
        search_set_add(&s, v[i]);
    return s;
}

TEST(search_list_is_a_stored_format)
{
    static const struct { size_t v[4], n; const char *bytes; size_t want; } t[] = {
        { { 0 }, 0, "g", 1 },
        { { 0 }, 1, "g\x01", 2 },
        { { 300 }, 1, "g\xad\x02", 3 },
        { { 1, 200, 8191 }, 3, "g\x02\xc7\x01\xb7\x3e", 6 },
        { { 1, 2, 4 }, 3, "b\x16", 2 },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct search_set s = of(t[i].v, t[i].n), again = of(NULL, 0);
        struct str out = STR_IN(a);
        search_list_write(&out, &s);
        CHECK_STR_AT(i, str_sv(&out), sv_n(t[i].bytes, t[i].want));
        CHECK_AT(i, search_list_read(str_sv(&out), &again));
        CHECK_AT(i, memcmp(&s, &again, sizeof(s)) == 0);
    }
    arena_free(&a);
}

TEST(search_list_refuses_what_is_none)
{
    static const struct { const char *p; size_t n; } t[] = {
        { "", 0 }, { "x", 1 }, { "g\x00", 2 }, { "g\x80", 2 }, { "g\x81\x80\x02", 4 }, { "g\x01\x80\x80\x80\x80\x80\x01", 8 },
        { "g\xff\xff\xff\xff\x7f", 6 },
    };
    struct arena *a = arena_new(16 * 1024);
    char *bits = arena_alloc(a, SEARCH_PART / 8 + 2);
    struct search_set s = of(NULL, 0);

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_AT(i, !search_list_read(sv_n(t[i].p, t[i].n), &s) && !search_list_and(sv_n(t[i].p, t[i].n), &s));
    bits[0] = 'b';
    CHECK(search_list_read(sv_n(bits, SEARCH_PART / 8 + 1), &s));
    CHECK(!search_list_read(sv_n(bits, SEARCH_PART / 8 + 2), &s));
    arena_free(&a);
}

TEST(search_list_gives_back_what_was_put_in)
{
    uint64_t seed = rand_u64(), state = seed;

    for (int round = 0; round < 300; round++) {
        struct arena *a = arena_new(16 * 1024);
        struct search_set s = of(NULL, 0), t = of(NULL, 0), both, again = of(NULL, 0);
        struct str out = STR_IN(a);
        uint64_t thin = 1 + (uint64_t)round * (uint64_t)round / 8;
        size_t at = SEARCH_PART, n = 0, held = 0;
        for (size_t i = 0; i < SEARCH_PART; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            if ((state >> 33) % thin == 0)
                search_set_add(&s, i);
            if ((state >> 20) % 3 == 0)
                search_set_add(&t, i);
        }
        search_list_write(&out, &s);
        both = t;
        bool ok = search_list_read(str_sv(&out), &again) && search_list_and(str_sv(&out), &both) &&
                  memcmp(&s, &again, sizeof(s)) == 0 && out.n <= SEARCH_PART / 8 + 1;
        for (size_t i = 0; i < SEARCH_PART; i++) {
            ok = ok && search_set_has(&both, i) == (search_set_has(&s, i) && search_set_has(&t, i));
            n += search_set_has(&s, i);
        }
        for (size_t before = at; ok && search_set_below(&s, &at); before = at, held++)
            ok = at < before && search_set_has(&s, at);
        ok = ok && search_set_count(&s, SEARCH_PART + 1) == n && search_set_count(&s, 3) == (n < 3 ? n : 3);
        if (!CHECK(ok && held == n && search_set_none(&s) == (n == 0)))
            printf("seed %" PRIu64 ", round %d\n", seed, round);
        arena_free(&a);
    }
}

TEST(search_gaps_follow_each_other)
{
    static const int64_t t[] = { 0, 1, 128, 129, 1048575 };
    struct arena *a = arena_new(4096);
    struct str out = STR_IN(a);
    int64_t from = -1, n = -1;

    for (size_t i = 0; i < COUNT(t); i++) {
        search_gap_write(&out, from, t[i]);
        from = t[i];
    }
    sv rest = str_sv(&out);
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_AT(i, search_gap_read(&rest, &n));
        CHECK_INT_AT(i, n, t[i]);
    }
    CHECK(rest.n == 0 && !search_gap_read(&rest, &n));
    arena_free(&a);
}

/* Whatever is asked for as a whole token or by a word's beginning has the key of a token that the text has. */
TEST(search_keys_of_a_question_are_those_of_tokens)
{
    static const struct { const char *word, *text; size_t n; } t[] = {
        { "議", "議事", 1 }, { "議事録", "議事録", 2 }, { "engaw", "Engawa", 1 }, { "engawa会", "engawa会議", 2 }, { "abc", "abcde", 1 },
        { "ああああ", "ああああ", 1 }, { "𠮷野", "𠮷野家", 1 }, { "第3四半期", "第3四半期", 4 },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct folded w = fold_places(a, sv_c(t[i].word)), f = fold_places(a, sv_c(t[i].text));
        struct str query = STR_IN(a), tokens = STR_IN(a);
        struct search_keys keys = {.n = 0};
        size_t there = 0;
        CHECK_AT(i, search_ask(&query, &w));
        search_tokens(&tokens, &f);
        search_keys_of(&keys, str_sv(&query));
        CHECK_INT_AT(i, keys.n, t[i].n);
        for (size_t k = 0; k < keys.n; k++) {
            sv rest = str_sv(&tokens), one;
            bool has = false;
            while (sv_cut(&rest, ' ', &one))
                has |= search_key(one) == keys.v[k];
            there += has;
            CHECK_AT(i, keys.v[k] >= 0 && keys.v[k] < INT64_C(1) << SEARCH_KEY);
        }
        CHECK_INT_AT(i, there, keys.n);
    }
    CHECK(search_key(SV("会議")) != search_key(SV("議会")) && search_key(SV("会")) != search_key(SV("会議")));
    CHECK(search_key(SV("会")) < search_key(SV("会議")) && search_key(SV("会議")) < search_key(SV("議")));
    arena_free(&a);
}
