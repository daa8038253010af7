/* base/fold_test.c: what folds to the same, and what stays apart. */
#include "base/fold.h"
#include "base/test.h"
#include "base/utf8.h"

TEST(fold_makes_equal_what_people_hold_for_equal)
{
    static const struct { const char *in, *want; } t[] = {
        { "", "" },
        { "Sales", "sales" },
        { "ＳＡＬＥＳ－１", "sales-1" },
        { "営業部", "営業部" },
        { "モリシタ　マユ", "もりしたまゆ" },
        { "もりした まゆ", "もりしたまゆ" },
        { "ﾓﾘｼﾀ ﾏﾕ", "もりしたまゆ" },
        { "ｻﾞｲﾑ", "ざいむ" },
        { "ﾊﾟﾝ ﾊﾞﾝ ﾊﾝ", "ぱんばんはん" },
        { "ｳﾞｧｲｵﾘﾝ", "ゔぁいおりん" },
        { "ヴァイオリン", "ゔぁいおりん" },
        { "か\xe3\x82\x99き\xe3\x82\x9b", "がぎ" },
        { "つ\xe3\x82\x99て\xe3\x82\x99と\xe3\x82\x99", "づでど" },
        { "ﾁﾞﾎﾟ", "ぢぽ" },
        { "あ゛", "あ゛" },
        { "゛", "゛" },
        { "ÄÖÜß×", "äöüß×" },
        { "グループ", "ぐるーぷ" },
        { " \t\n ", "" },
        { "🙇１", "🙇1" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        sv once = fold(a, sv_c(t[i].in));

        CHECK_STR_AT(i, once, sv_c(t[i].want));
        CHECK_STR_AT(i, fold(a, once), once);             /* folding again changes nothing */
    }
    arena_free(&a);
}

/* Each character with the code points it came from, "が0-2 a2-3". */
static sv places(struct arena *a, const char *text)
{
    struct folded f = fold_places(a, sv_c(text));
    struct str s = STR_IN(a);

    for (size_t i = 0; i < f.n; i++) {
        if (i)
            str_char(&s, '|');
        utf8_put(&s, f.c[i]);
        str_printf(&s, "%u-%u", f.at[i], f.end[i]);
    }
    return str_sv(&s);
}

TEST(fold_knows_where_each_character_stood)
{
    static const struct { const char *in, *want; } t[] = {
        { "", "" },
        { "Ａb", "a0-1|b1-2" },
        { "ｶﾞガが", "が0-2|が2-3|が3-4" },
        { "ﾊﾟー", "ぱ0-2|ー2-3" },
        { " 議\n\t 事　", " 0-1|議1-2| 2-5|事5-6| 6-7" },
        { "か\xe3\x82\x99", "が0-2" },
        { "か \xe3\x82\x99", "か0-1| 1-2|\xe3\x82\x99" "2-3" },
        { "🙇ー１", "🙇0-1|ー1-2|12-3" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, places(a, t[i].in), sv_c(t[i].want));
    arena_free(&a);
}
