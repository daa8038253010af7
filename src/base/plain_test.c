/* base/plain_test.c: what is cut off, and what may not stand in a name. */
#include "base/plain.h"
#include "base/test.h"

TEST(text_trim_and_plain)
{
    static const struct { const char *in, *trimmed; bool plain; } t[] = {
        { "", "", true }, { " ", "", true }, { "　", "", true }, { " 森　", "森", true }, { "森 真由", "森 真由", true },
        { "\u00A0a\u2003", "a", true }, { "\ta\n", "a", false }, { "a\x7F", "a\x7F", false }, { "a\xC2\x80", "a\xC2\x80", false },
        { "a\xC2\x85z", "a\xC2\x85z", false }, { "a\xC2\x9Fz", "a\xC2\x9Fz", false }, { "a\u00A0b", "a\u00A0b", true },
        { "a\u202Eb", "a\u202Eb", false }, { "a\u2028b", "a\u2028b", false }, { "a\u2066b", "a\u2066b", false }, { "é😀", "é😀", true },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_STR_AT(i, text_trim(sv_c(t[i].in)), sv_c(t[i].trimmed));
        CHECK_INT_AT(i, text_plain(sv_c(t[i].in)), t[i].plain);
    }
}

TEST(text_words)
{
    static const struct { const char *in, *want; } t[] = {
        { "", "" }, { " 　", "" }, { "森", "森|" }, { " 森　真由 ", "森|真由|" }, { "a\u00A0b\tc", "a|b|c|" },
    };

    struct arena *a = arena_new(1024);
    for (size_t i = 0; i < COUNT(t); i++) {
        struct str got = STR_IN(a);
        sv rest = sv_c(t[i].in), word;

        while (text_word(&rest, &word)) {
            str_put(&got, word);
            str_char(&got, '|');
        }
        CHECK_STR_AT(i, str_sv(&got), sv_c(t[i].want));
    }
    arena_free(&a);
}
