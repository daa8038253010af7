/* store/search_test.c: tokens are those of the golden file; the index and the comparison together find what a plain look
 * through all texts finds; what is removed is gone. */
#include "store/search.h"
#include "base/rand.h"
#include "base/test.h"
#include "base/utf8.h"
#include "store/db_test.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>

static const struct migration lines[] = { { 1, "CREATE SEARCH INDEX talk_search" },
                                          { 2, "CREATE SEARCH INDEX talk_search_late; CREATE SEARCH TERMS talk_search_terms" } };

static struct db *index_new(struct scratch *s)
{
    struct db *d = scratch_open(s, "search.db");

    CHECK(migrate(d, lines, COUNT(lines)));
    return d;
}

static sv tokens_of(struct arena *a, sv text)
{
    struct folded f = fold_places(a, text);
    struct str s = STR_IN(a);

    search_tokens(&s, &f);
    return str_sv(&s);
}

static sv asked(struct arena *a, sv word)
{
    struct folded f = fold_places(a, word);
    struct str s = STR_IN(a);

    return search_ask(&s, &f) ? str_sv(&s) : SV("-");
}

/* "5 3 1": what the index gives. */
static sv found(struct arena *a, struct db *d, sv query)
{
    struct str s = STR_IN(a);
    ROWS r = search_find(d, query, 0, INT64_MAX);

    while (rows_next(&r))
        str_printf(&s, s.n ? " %" PRId64 : "%" PRId64, row_int(&r, 0));
    CHECK(rows_ok(&r));
    return str_sv(&s);
}

static bool matches(struct arena *a, sv text, sv word)
{
    struct folded t = fold_places(a, text), w = fold_places(a, word);
    size_t at;

    return search_match(&t, &w, 0, &at);
}

TEST(search_words_become_questions)
{
    static const struct { const char *word, *want; } t[] = {
        { "議", "\"議\"" },
        { "議事", "\"議事\"" },
        { "議事録", "\"議事\" AND \"事録\"" },
        { "ｶﾞﾑ", "\"がむ\"" },
        { "ＡＢＣ", "\"abc\"" },
        { "engawa", "\"engawa\"*" },
        { "abc会議", "\"abc\" AND \"会議\"" },
        { "engawa会", "\"engawa\" AND \"会\"" },
        { "第3四半期", "\"第\" AND \"3\" AND \"四半\" AND \"半期\"" },
        { "議、事", "\"議\" AND \"事\"" },
        { "a\"b*c", "\"a\" AND \"b\" AND \"c\"" },
        { "", "-" }, { "、。", "-" }, { "\"*()", "-" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, asked(a, sv_c(t[i].word)), sv_c(t[i].want));
    arena_free(&a);
}

TEST(search_compares_folded_and_from_the_beginning_of_a_latin_word)
{
    static const struct { const char *text, *word; bool match; } t[] = {
        { "来週の会議", "会議", true }, { "来週の会議", "週の会", true }, { "来週の会議", "議会", false },
        { "ガム", "ｶﾞﾑ", true }, { "がむ", "ガム", true }, { "ｶﾞﾑ", "が", true }, { "かむ", "ガム", false },
        { "ＡＢＣ商事", "abc商", true }, { "Engawa", "eng", true }, { "Engawa", "gawa", false },
        { "縁側Engawa", "engawa", true }, { "サーバー", "サーバ", true }, { "サーバ", "サーバー", false },
        { "ｻｰﾊﾞｰ", "サーバー", true }, { "あ　い", "あ い", true }, { "あ\n\n い", "あ い", true }, { "あい", "あ い", false },
        { "12345", "123", true }, { "12345", "345", false }, { "090-1234", "1234", true }, { "🙇です", "🙇", true },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, matches(a, sv_c(t[i].text), sv_c(t[i].word)), t[i].match);
    arena_free(&a);
}

TEST(search_tokens_are_a_stored_format)
{
    struct arena *a = arena_new(64 * 1024);
    char *text = arena_alloc(a, 64 * 1024);
    FILE *f = fopen("test/golden/formats/search-1.txt", "r");
    size_t n = f ? fread(text, 1, 64 * 1024, f) : 0, cases = 0;
    sv rest = sv_n(text, n), in, want;

    if (f)
        fclose(f);
    CHECK_INT(SEARCH_VERSION, 3);                         /* has the tokens of version 1; others get a file of their own */
    for (; sv_cut(&rest, '\n', &in) && sv_cut(&rest, '\n', &want); cases++)
        CHECK_STR_AT(cases, tokens_of(a, in), want);
    CHECK(cases >= 10);
    struct str s = STR_IN(a);
    search_label(&s, 'r', 2147483647);
    search_label(&s, 'a', INT64_MAX);
    CHECK_STR(str_sv(&s), SV("\xee\x81\xb2" "7fffffff \xee\x81\xa1" "7fffffffffffffff"));
    arena_free(&a);
}

TEST(search_index_gives_the_highest_first_and_forgets)
{
    struct scratch s = scratch_new();
    struct db *d = index_new(&s);
    struct str q = STR_IN(s.a), more = STR_IN(s.a);

    for (int64_t n = 1; n <= 5; n++) {
        struct str t = STR_IN(s.a);
        str_put(&t, tokens_of(s.a, n % 2 ? SV("来週の会議") : SV("Engawa の議事録")));
        search_label(&t, 'r', n % 3);
        CHECK_AT(n, search_put(d, n, str_sv(&t)));
    }
    CHECK_STR(found(s.a, d, SV("\"議\"")), SV("5 4 3 2 1"));
    CHECK_STR(found(s.a, d, SV("\"会議\"")), SV("5 3 1"));
    CHECK_STR(found(s.a, d, SV("\"engaw\"*")), SV("4 2"));
    CHECK_STR(found(s.a, d, SV("\"en\"")), SV("4 2"));
    CHECK_STR(found(s.a, d, SV("\"議\" AND \"録\"")), SV("4 2"));
    str_c(&q, "\"議\"");
    search_ask_labels(&q, 'r', (const int64_t[]){ 1 }, 1);
    CHECK_STR(found(s.a, d, str_sv(&q)), SV("4 1"));
    search_ask_labels(&more, 'r', (const int64_t[]){ 2, 0 }, 2);
    CHECK_STR(found(s.a, d, str_sv(&more)), SV("5 3 2"));
    CHECK(search_remove(d, 3) && search_remove(d, 99));
    CHECK_STR(found(s.a, d, SV("\"会議\"")), SV("5 1"));
    CHECK(search_put(d, 3, tokens_of(s.a, SV("別の話"))));
    CHECK_STR(found(s.a, d, SV("\"会議\"")), SV("5 1"));
    CHECK_STR(found(s.a, d, SV("\"別\"")), SV("3"));
    {
        ROWS r = search_find(d, SV("\"議\""), 2, 5);
        CHECK(rows_next(&r));
        CHECK_INT(row_int(&r, 0), 4);
    }
    CHECK(search_clear(d));
    CHECK_STR(found(s.a, d, SV("\"議\"")), SV(""));
    CHECK(db_check(d));
    db_close(&d);
    scratch_end(&s);
}

/* Bytes of the index's pages. */
static int64_t stored(struct db *d)
{
    ROWS r = db_query(d, "SELECT SUM(LENGTH(block)) FROM talk_search_data");

    return rows_next(&r) ? row_int(&r, 0) : -1;
}

TEST(search_tidy_takes_what_was_removed_out_of_the_file)
{
    struct scratch s = scratch_new();
    struct db *d = index_new(&s);
    int pieces = 0;
    bool more;

    for (int64_t n = 1; n <= 400; n++)
        CHECK_AT(n, search_put(d, n, tokens_of(s.a, sv_printf(s.a, "ひみつ%" PRId64 "の話", n * 7919))));
    int64_t full = stored(d);
    for (int64_t n = 2; n <= 400; n++)
        CHECK_AT(n, search_remove(d, n));
    do
        CHECK(search_tidy(d, &more));
    while (more && ++pieces < 1000);
    CHECK(!more);
    CHECK(stored(d) < full / 20);
    CHECK_STR(found(s.a, d, SV("\"ひみ\"")), SV("1"));
    db_close(&d);
    scratch_end(&s);
}

/* Random texts of few characters, so that everything meets: the index with the comparison finds what the comparison alone
 * finds, whatever is put, changed and removed. */
TEST(search_finds_what_a_plain_look_finds)
{
    static const char *const pieces[] = { "あ", "ア", "ｱ", "い", "か", "が", "ｶﾞ", "会", "議", "a", "B", "Ｂ", "b1", "2", " ", "、", "-", "ー", "🙇" };
    struct scratch s = scratch_new();
    struct db *d = index_new(&s);
    uint64_t seed = rand_u64(), state = seed;
    sv texts[60] = { { NULL, 0 } };
    size_t hits = 0;

    for (int round = 0; round < 3000; round++) {
        struct str t = STR_IN(s.a);
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t n = (state >> 33) % (round % 3 ? 4 : 12), which = (state >> 20) % COUNT(texts);
        for (size_t i = 0; i < n; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            str_c(&t, pieces[(state >> 33) % COUNT(pieces)]);
        }
        if (round % 3 == 0) {
            if (texts[which].p && !CHECK(search_remove(d, (int64_t)which)))
                break;
            texts[which] = n ? str_sv(&t) : SV_NONE;
            if (n && !CHECK(search_put(d, (int64_t)which, tokens_of(s.a, texts[which]))))
                break;
            continue;
        }
        sv word = sv_trim(str_sv(&t)), query = asked(s.a, word);
        if (sv_equal(query, SV("-")))
            continue;
        bool there[COUNT(texts)] = { false };
        {
            ROWS r = search_find(d, query, 0, INT64_MAX);
            while (rows_next(&r))
                there[row_int(&r, 0)] = true;
            CHECK(rows_ok(&r));
        }
        for (size_t i = 0; i < COUNT(texts); i++) {
            bool naive = texts[i].p && matches(s.a, texts[i], word);
            hits += naive;
            if (naive && !CHECK(there[i]))
                printf("seed %" PRIu64 ": round %d: \"%.*s\" does not give \"%.*s\"\n", seed, round, SV_ARG(word), SV_ARG(texts[i]));
        }
    }
    CHECK(hits > 1000);
    db_close(&d);
    scratch_end(&s);
}
