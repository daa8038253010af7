/* base/fold_test.c: what folds to the same, and what stays apart. */
#include "base/fold.h"
#include "base/test.h"

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
