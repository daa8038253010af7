/* base/cp932_test.c: the table by spot checks and by its count, and what is no text of this code page. */
#include "base/cp932.h"
#include "base/test.h"
#include "base/utf8.h"

TEST(cp932_reads_what_spreadsheets_write)
{
    static const struct { const char *in, *want; } t[] = {
        { "", "" }, { "abc,\"\r\n", "abc,\"\r\n" }, { "\x5C~", "\\~" },          /* ASCII stays ASCII */
        { "\x90\x58\x89\xBA", "森下" }, { "\x82\xA0\x82\xA2", "あい" }, { "\x83\x41", "ア" }, { "\x83\x5C", "ソ" },
        { "\x95\x5C\x8E\xA6", "表示" },                   /* a trail byte that is a backslash */
        { "\xB1\xDE\xDF", "ｱﾞﾟ" }, { "\x81\x60", "～" }, { "\x87\x40", "①" }, { "\x87\x8A", "㈱" },
        { "\xFB\xFC", "髙" }, { "\xFA\xB1", "﨑" }, { "\xED\x8D", "寘" }, { "\xEA\xA4", "熙" }, { "\xFC\x4B", "黑" },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = {0};

        CHECK_AT(i, cp932_read(sv_c(t[i].in), &s));
        CHECK_STR_AT(i, str_sv(&s), sv_c(t[i].want));
        str_release(&s);
    }
}

TEST(cp932_refuses_what_is_no_text_of_it)
{
    static const char *const t[] = {
        "\x80", "\xA0", "\xFD", "\xFE", "\xFF", "\x82", "a\x82", "\x82\x20", "\x82\x7F", "\x82\xFD", "\x82\xFF",
        "\x81\xAD",                                       /* a hole of the table */
        "\xF0\x40", "\xF9\xFC",                           /* gaiji: everybody's mean something else */
        "\x85\x9F",
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = {0};

        CHECK_AT(i, !cp932_read(sv_c(t[i]), &s));
        str_release(&s);
    }
}

/* Every pair, counted: a row that lost a character would shift all behind it. */
TEST(cp932_table_is_whole)
{
    int pairs = 0;
    uint64_t sum = 0;

    for (int lead = 0x81; lead <= 0xFC; lead++)
        for (int trail = 0; trail <= 0xFF; trail++) {
            const char two[2] = { (char)lead, (char)trail };
            struct str s = {0};
            size_t at = 0;
            uint32_t cp;

            if ((lead >= 0xA0 && lead <= 0xDF) || !cp932_read(sv_n(two, 2), &s)) {
                str_release(&s);
                continue;
            }
            CHECK(utf8_next(str_sv(&s), &at, &cp));
            CHECK_INT(at, s.n);
            pairs++;
            sum += cp * (uint64_t)(lead * 256 + trail);
            str_release(&s);
        }
    CHECK_INT(pairs, 7724);
    CHECK_INT((int64_t)sum, INT64_C(10475361111463));
}
