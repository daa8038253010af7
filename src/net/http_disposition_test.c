/* net/http_disposition_test.c: names of files in a header: for old clients, for new ones, and never as a path or quote. */
#include "net/http.h"

#include "base/test.h"

TEST(disposition_names)
{
    static const struct {
        const char *name, *want;
    } t[] = {
        {"audit.csv", "attachment; filename=\"audit.csv\"; filename*=UTF-8''audit.csv"},
        {"a b.csv", "attachment; filename=\"a b.csv\"; filename*=UTF-8''a%20b.csv"},
        {"監査.csv", "attachment; filename=\"__.csv\"; filename*=UTF-8''%E7%9B%A3%E6%9F%BB.csv"},
        {"a\"b\\c/d.csv", "attachment; filename=\"a_b_c_d.csv\"; filename*=UTF-8''a_b_c_d.csv"},
        {"a\r\nX: y", "attachment; filename=\"a__X_ y\"; filename*=UTF-8''a__X_%20y"},
        {"100%.csv", "attachment; filename=\"100_.csv\"; filename*=UTF-8''100_.csv"},
        {"gpj\xE2\x80\xAE.exe", "attachment; filename=\"gpj_.exe\"; filename*=UTF-8''gpj_.exe"},
        {"it's.csv", "attachment; filename=\"it's.csv\"; filename*=UTF-8''it%27s.csv"},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = {0};
        http_disposition(&s, "attachment", sv_c(t[i].name));
        CHECK_STR_AT(i, str_sv(&s), sv_c(t[i].want));
        str_release(&s);
    }
}

TEST(disposition_keeps_the_ending_of_a_long_name)
{
    struct str name = {0}, s = {0};

    for (int i = 0; i < 300; i++)
        str_c(&name, "あ");
    str_c(&name, ".csv");
    http_disposition(&s, "inline", str_sv(&name));
    CHECK(sv_starts(str_sv(&s), SV("inline; filename=\"_")));
    CHECK(sv_ends(str_sv(&s), SV("%82.csv")));
    CHECK(s.n < 1024);
    str_release(&s);
    str_release(&name);
}
