/* svc/talk/url_test.c: what is an address in a text; the client's test has the same cases (web/test/gallery_test.mjs). */
#include "base/test.h"
#include "svc/talk/url.h"

TEST(talk_url_is_what_clients_make_a_link_of)
{
    static const struct { const char *text, *urls; } t[] = {
        {"", ""}, {"http", ""}, {"http:/", ""}, {"http://", ""}, {"https://", ""}, {"https:///", ""}, {"http://)", ""}, {"https://?", ""},
        {"http://a", "http://a "}, {"https://a.example/b?c=d#e", "https://a.example/b?c=d#e "},
        {"資料はhttps://a.example/日本語です", "https://a.example/日本語です "}, {"(https://a.example/b).", "https://a.example/b "},
        {"「https://a.example」、https://b.example。", "https://a.example https://b.example "}, {"<http://a.example>\"http://b.example\"", "http://a.example http://b.example "},
        {"http://a.example\nhttp://b.example\thttp://c.example　http://d.example", "http://a.example http://b.example http://c.example http://d.example "},
        {"http://http://a", "http://http://a "}, {"hthttp://a", "http://a "}, {"httphttps://a", "https://a "}, {"HTTPS://A", ""}, {"ftp://a mailto:b@c", ""},
        {"https://a.example/(b)", "https://a.example/(b "}, {"https://a.example!?", "https://a.example "}, {"http:// http://a", "http://a "},
        {"https://利用.example", "https://利用.example "},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(1024);
        struct str all = STR_IN(a);
        size_t at = 0;
        for (sv url; talk_url_next(sv_c(t[i].text), &at, &url);)
            str_printf(&all, "%.*s ", SV_ARG(url));
        CHECK_STR_AT(i, str_sv(&all), sv_c(t[i].urls));
        CHECK_INT_AT(i, talk_linked(MESSAGE_TEXT, sv_c(t[i].text)), t[i].urls[0] ? MESSAGE_LINKED : 0);
        CHECK_INT_AT(i, talk_linked(MESSAGE_SYSTEM, sv_c(t[i].text)), 0);
        arena_free(&a);
    }
}
