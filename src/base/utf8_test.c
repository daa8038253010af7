/* base/utf8_test.c: well-formed and malformed sequences of RFC 3629, at every edge. */
#include "base/utf8.h"

#include "base/test.h"

TEST(utf8_validity)
{
    static const struct { sv in; bool valid; } t[] = {
        { {"", 0}, true },             { SV("a"), true },            { SV("縁側🏠"), true },       { SV("\0"), true },
        { SV("\x7f"), true },          { SV("\xc2\x80"), true },     { SV("\xdf\xbf"), true },
        { SV("\xe0\xa0\x80"), true },  { SV("\xed\x9f\xbf"), true }, { SV("\xee\x80\x80"), true },
        { SV("\xf0\x90\x80\x80"), true }, { SV("\xf4\x8f\xbf\xbf"), true },
        { SV("\x80"), false },         { SV("\xbf"), false },        { SV("\xc0\x80"), false },    { SV("\xc1\xbf"), false },
        { SV("\xe0\x9f\xbf"), false }, { SV("\xed\xa0\x80"), false }, { SV("\xed\xbf\xbf"), false },
        { SV("\xf0\x8f\xbf\xbf"), false }, { SV("\xf4\x90\x80\x80"), false }, { SV("\xf5\x80\x80\x80"), false },
        { SV("\xff"), false },         { SV("\xc2"), false },        { SV("\xe3\x81"), false },    { SV("\xf0\x9f\x8f"), false },
        { SV("\xc2" "a"), false },     { SV("\xe3\x81" "a"), false }, { SV("a\xe3"), false },
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, utf8_valid(t[i].in), t[i].valid);
}

/* Every scalar value there and back; every surrogate refused. */
TEST(utf8_every_code_point)
{
    uint64_t wrong = 0, surrogates = 0;

    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            char p[3] = {(char)(0xE0 | cp >> 12), (char)(0x80 | (cp >> 6 & 0x3F)), (char)(0x80 | (cp & 0x3F))};
            surrogates += !utf8_valid(sv_n(p, 3));
            continue;
        }
        struct str s = {0};
        uint32_t back = 0;
        size_t at = 0;
        utf8_put(&s, cp);
        wrong += !utf8_valid(str_sv(&s)) || !utf8_next(str_sv(&s), &at, &back) || back != cp || at != s.n
            || utf8_count(str_sv(&s)) != 1;
        str_release(&s);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(surrogates, 0x800);
}

TEST(utf8_counts_and_cuts)
{
    CHECK_INT(utf8_count(SV("縁a🏠")), 3);
    CHECK_STR(utf8_upto(SV("縁a🏠"), 2), SV("縁a"));
    CHECK_STR(utf8_upto(SV("縁a🏠"), 9), SV("縁a🏠"));
    CHECK_STR(utf8_upto(SV("縁"), 0), SV(""));
    CHECK_INT(utf8_upto(SV_NONE, 5).n, 0);
}

TEST(utf8_control_characters)
{
    static const struct { uint32_t cp; bool control; } t[] = {
        { 0, true }, { '\n', true }, { 0x1F, true }, { ' ', false }, { '~', false }, { 0x7F, true }, { 0x80, true },
        { 0x85, true }, { 0x9B, true }, { 0x9F, true }, { 0xA0, false }, { 0xE9, false }, { 0x3042, false },
        { 0x10FFFF, false },
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, utf8_is_control(t[i].cp), t[i].control);
}
