/* role/config_test.c: what a configuration file may say, and what a role is told of it. */
#include "base/test.h"
#include "role/config.h"

TEST(config_lines)
{
    static const struct { const char *text; bool file, ok; int line; } t[] = {
        {"", true, true, 0},
        {"# note\n\nlisten = 127.0.0.1:1\n", true, true, -1},
        {"listen 127.0.0.1\n", true, false, 1},
        {"listen = a\nnonsense = 1\n", true, false, 2},
        {"tenant = 5\n", true, false, 1},                 /* only the supervisor says this */
        {"tenant=5\nworkgroup=ofuna\n", false, true, -1},
        {"log =\n", true, true, -1},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(1024);
        struct config c = {0};
        int line;
        CHECK_INT_AT(i, config_read(&c, a, sv_c(t[i].text), t[i].file, &line), t[i].ok);
        if (!t[i].ok)
            CHECK_INT_AT(i, line, t[i].line);
        arena_free(&a);
    }
}

TEST(config_values_and_defaults)
{
    struct arena *a = arena_new(1024);
    struct config c = {0};
    int64_t n;
    int line;

    CHECK(config_read(&c, a, SV("edges = 3\n zone = Asia/Seoul \r\norigin=https://a,https://b"), true, &line));
    CHECK_STR(config_text(&c, CONFIG_ZONE), SV("Asia/Seoul"));
    CHECK_STR(config_text(&c, CONFIG_SANDBOX), SV("best"));
    CHECK(config_int(&c, CONFIG_EDGES, 0, 64, &n));
    CHECK_INT(n, 3);
    CHECK(!config_int(&c, CONFIG_EDGES, 0, 2, &n));
    CHECK(!config_int(&c, CONFIG_ZONE, 0, 2, &n));
    arena_free(&a);
}

TEST(config_words_that_are_allowed)
{
    static const struct { const char *text, *wrong; } t[] = {
        {"", NULL}, {"files = none\ncipher = aegis256", NULL}, {"files = maybe", "files"}, {"sandbox =", "sandbox"}, {"cipher = aes", "cipher"},
        {"malware_scanner = none|clamd", "malware_scanner"}, {"malware_fail = pass", "malware_fail"}, {"zone = Asia/Seoul", NULL},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(1024);
        struct config c = {0};
        int line;
        CHECK_AT(i, config_read(&c, a, sv_c(t[i].text), true, &line));
        const char *words = "", *wrong = config_wrong(&c, &words);
        CHECK_STR_AT(i, sv_c(wrong ? wrong : ""), sv_c(t[i].wrong ? t[i].wrong : ""));
        CHECK_AT(i, !wrong == !*words);
        arena_free(&a);
    }
}

/* A role hears only what its row names; a file that was written reads back to the same values. */
TEST(config_by_role)
{
    struct arena *a = arena_new(1024);
    struct config c = {0}, again = {0};
    struct str edge = STR_IN(a), file = STR_IN(a);
    int line;

    CHECK(config_read(&c, a, SV("tls_key=/secret/key.pem\nlog=debug\norigin=https://a"), true, &line));
    config_write(&edge, &c, ROLE_EDGE);
    CHECK(!sv_find(str_sv(&edge), SV("/secret"), NULL));
    CHECK(sv_find(str_sv(&edge), SV("origin=https://a\n"), NULL));
    config_write_file(&file, &c);
    CHECK(config_read(&again, a, str_sv(&file), true, &line));
    for (size_t i = 0; i < CONFIG_COUNT; i++)
        CHECK_STR_AT(i, config_text(&again, (enum config_id)i), config_text(&c, (enum config_id)i));
    arena_free(&a);
}
