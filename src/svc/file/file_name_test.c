/* svc/file/file_name_test.c: names as they are shown, and what they end in. */
#include "base/test.h"
#include "base/utf8.h"
#include "svc/file/file_name.h"

TEST(file_name_is_cleaned)
{
    static const struct {
        const char *in, *out;
    } t[] = {
        {"a.txt", "a.txt"}, {"見積 書.xlsx", "見積 書.xlsx"}, {"../../a", "a"}, {"C:\\x\\a.b", "a.b"}, {"a/", "file"}, {"..", "file"}, {"", "file"},
        {" . ", "file"}, {"a. . ", "a"}, {".bashrc", "bashrc"}, {"a\x7f\tb", "ab"}, {"a\u202egpj.exe", "agpj.exe"}, {"\u2066a\u2069", "a"},
        {"a\u200bb", "ab"}, {"a:b|c", "a_b_c"}, {"con", "_con"}, {"CON.tar.gz", "_CON.tar.gz"}, {"con1", "con1"}, {"com1", "_com1"}, {"LPT9.x", "_LPT9.x"},
        {"nul ", "_nul"}, {"nulle", "nulle"}, {"が", "が"}, {"か\u3099", "か\u3099"},
    };
    struct arena *a = arena_new(4096);
    struct str s = STR_IN(a);

    PROVES("B7.06");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, file_name_clean(a, sv_c(t[i].in)), sv_c(t[i].out));
    for (int i = 0; i < 400; i++)
        str_c(&s, "長");
    str_c(&s, ".tar.gz");
    sv cut = file_name_clean(a, str_sv(&s));
    CHECK(utf8_valid(cut) && utf8_count(cut) <= FILE_NAME_MAX && sv_ends(cut, SV(".gz")));
    arena_free(&a);
}

TEST(file_name_ends_in_a_limited_extension_however_it_is_written)
{
    static const struct {
        const char *in;
        bool limited;
    } t[] = {
        {"a.exe", true}, {"A.EXE", true}, {"a.exe.", true}, {"a.exe . ", true}, {"a.Ｅｘｅ", true}, {"a．exe", true}, {"a。exe", true}, {"a.pdf.exe", true},
        {"a.exe%00.png", true}, {"a.exe::$DATA", true}, {"a.exe:s", true}, {"a.exe;.jpg", true}, {"a.e\u200bxe", true}, {"\u202ea.exe", true},
        {"x/a.exe", true}, {".exe", true}, {"a.js", true}, {"exe", false}, {"a.exe.txt", false}, {"a.exex", false}, {"a.json", false}, {"", false},
        {"a.", false}, {"a.exe/b", false},
    };
    struct arena *a = arena_new(4096);

    PROVES("FIL-05");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, file_name_limited(a, sv_c(t[i].in), SV("exe|js|bat")), t[i].limited);
    CHECK(!file_name_limited(a, SV("a.exe"), SV("{}")));
    CHECK(!file_name_limited(a, SV("a."), SV("")));
    arena_free(&a);
}
