/* base/json_test.c: what the reader takes and refuses, and that the writer's text reads back. */
#include "base/json.h"

#include "base/rand.h"
#include "base/test.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static bool reads(struct arena *a, sv text, struct json_value *v)
{
    const char *why = NULL;
    bool ok = json_read(a, text, v, &why);

    CHECK(ok == (why == NULL));
    return ok;
}

TEST(json_takes_and_writes_back)
{
    static const struct { const char *in, *out; } t[] = {
        { "null", "null" },
        { " [ ] ", "[]" },
        { "{}", "{}" },
        { "{\"a\":1,\"b\":[true,false,null,-0,1.5e3]}", "{\"a\":1,\"b\":[true,false,null,-0,1.5e3]}" },
        { "\"\\u0041\\ud83c\\udfe0\\n\\/\"", "\"A🏠\\n/\"" },
        { "\"縁側\"", "\"縁側\"" },
        { "\"<script>\\u007f\\\"\\\\\"", "\"\\u003cscript>\\u007f\\\"\\\\\"" },
        { "9223372036854775807", "9223372036854775807" },
        { "1e308", "1e308" },
        { "{\"\":{\"\":0}}", "{\"\":{\"\":0}}" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct json_value v;
        CHECK_AT(i, reads(a, sv_c(t[i].in), &v));
        CHECK_STR_AT(i, json_write(a, &v), sv_c(t[i].out));
    }
    arena_free(&a);
}

/* Part of security B6.10; that the API answers 400 is the API tests' to show. */
TEST(json_refuses)
{
    static const sv t[] = {
        SV(""), SV(" "), SV("NaN"), SV("Infinity"), SV("-"), SV("+1"), SV("01"), SV("1."), SV(".5"), SV("1e"), SV("1e999"),
        SV("-1e999"), SV("0x10"), SV("1 2"), SV("[1,]"), SV("[,1]"), SV("[1"), SV("{\"a\":1,}"), SV("{a:1}"), SV("{\"a\"}"),
        SV("{\"a\":1,\"a\":2}"), SV("{\"a\":1,\"\\u0061\":2}"), SV("\"\\ud800\""), SV("\"\\udc00\""),
        SV("\"\\ud800\\u0041\""), SV("\"\\ud800x\""), SV("\"\\u0000\""), SV("\"\0\""), SV("\"a\nb\""), SV("\"\t\""),
        SV("\"\\x41\""), SV("\"\\u12\""), SV("\"abc"), SV("\"abc\\"), SV("'a'"), SV("tru"), SV("nulll"), SV("true false"),
        SV("\xef\xbb\xbf{}"), SV("\"\xff\""), SV("\"\xed\xa0\x80\""), SV("\"\xc0\xaf\""), SV("{}\0"), SV("[]]"), SV("/**/1"),
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct json_value v;
        CHECK_AT(i, !reads(a, t[i], &v));
    }
    arena_free(&a);
}

TEST(json_depth_ends_at_64)
{
    struct arena *a = arena_new(4096);
    struct json_value v;

    for (size_t depth = 62; depth < 68; depth++) {
        struct str s = STR_IN(a);
        for (size_t i = 0; i < depth; i++)
            str_char(&s, '[');
        for (size_t i = 0; i < depth; i++)
            str_char(&s, ']');
        CHECK_INT_AT(depth, reads(a, str_sv(&s), &v), depth <= JSON_DEPTH_MAX);
    }
    struct str deep = STR_IN(a);
    for (size_t i = 0; i < 100000; i++)
        str_c(&deep, i % 2 ? "[" : "{\"a\":");
    CHECK(!reads(a, str_sv(&deep), &v));
    arena_free(&a);
}

/* Whatever the number of members, and wherever among them the second one stands. */
TEST(json_finds_every_double_name)
{
    for (size_t members = 2; members <= 40; members++)
        for (size_t twice = 0; twice < members; twice++) {
            struct arena *a = arena_new(4096);
            struct str s = STR_IN(a);
            struct json_value v;
            for (size_t i = 0; i < members; i++)
                str_printf(&s, "%s\"name%zu\":%zu", i ? "," : "{", i, i);
            str_char(&s, '}');
            CHECK_AT(members, reads(a, str_sv(&s), &v));
            CHECK_INT_AT(members, json_get(&v, sv_printf(a, "name%zu", twice))->i, twice);
            s.n--;
            str_printf(&s, ",\"name%zu\":0}", twice);
            CHECK_AT(members * 100 + twice, !reads(a, str_sv(&s), &v));
            arena_free(&a);
        }
}

TEST(json_numbers)
{
    static const struct { const char *in; bool whole; int64_t i; double number; } t[] = {
        { "0", true, 0, 0 }, { "-1", true, -1, -1 }, { "9223372036854775807", true, INT64_MAX, 9223372036854775807.0 },
        { "-9223372036854775808", true, INT64_MIN, -9223372036854775808.0 },
        { "9223372036854775808", false, 0, 9223372036854775808.0 }, { "1.0", false, 0, 1 }, { "1e2", false, 0, 100 },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct json_value v;
        CHECK_AT(i, reads(a, sv_c(t[i].in), &v));
        CHECK_AT(i, v.type == JSON_NUMBER && v.whole == t[i].whole);
        CHECK_AT(i, !v.whole || v.i == t[i].i);
        CHECK_AT(i, v.number >= t[i].number && v.number <= t[i].number);
    }
    arena_free(&a);
}

TEST(json_typed_writer)
{
    struct arena *a = arena_new(4096);
    struct str s = STR_IN(a);
    struct json j = JSON_TO(&s);
    struct json_value v;

    json_open(&j, NULL);
    json_text(&j, "t", SV("a\"\\\n\x01</script>縁"));
    json_text(&j, "none", SV_NONE);
    json_int(&j, "min", INT64_MIN);
    json_id(&j, "id", (id64){INT64_MAX});
    json_list(&j, "l");
    json_bool(&j, NULL, true);
    json_null(&j, NULL);
    json_time(&j, NULL, 0);
    json_time(&j, NULL, -1);
    json_raw(&j, NULL, SV("{}"));
    json_list_end(&j);
    json_open(&j, "o");
    json_close(&j);
    json_close(&j);
    CHECK_STR(str_sv(&s), SV("{\"t\":\"a\\\"\\\\\\n\\u0001\\u003c/script>縁\",\"none\":\"\",\"min\":-9223372036854775808,"
                             "\"id\":\"9223372036854775807\",\"l\":[true,null,\"1970-01-01T00:00:00.000Z\",null,{}],"
                             "\"o\":{}}"));
    CHECK(reads(a, str_sv(&s), &v));
    CHECK_STR(json_get(&v, SV("t"))->text, SV("a\"\\\n\x01</script>縁"));
    CHECK(json_get(&v, SV("T")) == NULL);
    CHECK(json_get(NULL, SV("t")) == NULL);
    arena_free(&a);
}

/* A byte at a time, as the writer did before it looked at sixteen. */
static sv simply(struct arena *a, sv v)
{
    struct str s = STR_IN(a);

    str_char(&s, '"');
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c == '"' || c == '\\')
            str_printf(&s, "\\%c", c);
        else if (c == '\n')
            str_c(&s, "\\n");
        else if (c < 0x20 || c == 0x7F || c == '<')
            str_printf(&s, "\\u%04x", c);
        else
            str_char(&s, (char)c);
    }
    str_char(&s, '"');
    return str_sv(&s);
}

/* Bytes of every value at every place of the sixteen, in texts of every length up to some sixteens: few escapes or many. */
TEST(json_text_is_escaped_wherever_it_stands)
{
    uint64_t seed = rand_u64(), state = seed;

    for (int round = 0; round < 20000; round++) {
        struct arena *a = arena_new(1024);
        struct str s = STR_IN(a);
        struct json j = JSON_TO(&s);
        char text[70];
        size_t n = (state = state * UINT64_C(6364136223846793005) + 1) >> 33;
        bool many = n & 1;
        n = n / 2 % (sizeof(text) + 1);
        for (size_t i = 0; i < n; i++) {
            uint64_t r = (state = state * UINT64_C(6364136223846793005) + 1) >> 33;
            text[i] = (char)(many || r % 16 == 0 ? r >> 8 : 'a' + r % 26);
        }
        json_text(&j, NULL, sv_n(text, n));
        if (!sv_equal(str_sv(&s), simply(a, sv_n(text, n))))
            printf("seed %" PRIu64 ", round %d\n", seed, round);
        CHECK_AT(round, sv_equal(str_sv(&s), simply(a, sv_n(text, n))));
        arena_free(&a);
    }
}
