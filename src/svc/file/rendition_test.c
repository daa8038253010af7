/* svc/file/rendition_test.c: what a stranger's file holds becomes words, whatever its bytes are. */
#include "base/test.h"
#include "base/utf8.h"
#include "svc/file/rendition.h"

TEST(rendition_words_of_whatever_bytes)
{
    static const struct { const char *in; size_t n; const char *out; } t[] = {
        {"", 0, ""}, {" \n\t", 3, ""}, {"a  b\r\n\tc ", 10, "a b c "}, {"\0a\0", 3, "a "}, {"\xe7\xab\x8b\xe3\x80\x80\xe7\xab\x8b", 9, "\xe7\xab\x8b \xe7\xab\x8b"},
        {"a\xff\xc3(b\xe3\x81", 7, "a(b"}, {"\xed\xa0\x80x", 4, "x"}, {"\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80"}, {"\xf4\x90\x80\x80y", 5, "y"},
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        sv got = rendition_words(a, sv_n(t[i].in, t[i].n));
        CHECK_AT(i, sv_equal(got, sv_c(t[i].out)) && utf8_valid(got));
    }
    arena_free(&a);
}
