/* core/schema_test.c: every type of field with its bounds, by body and by query; what is unknown, missing, twice or of
 * another type is refused with the field's name; output reads back equal. */
#include "base/test.h"
#include "core/schema.h"


struct part {
    id64 id;
    sv word;
};
static const struct field part_fields[] = {
    FIELD(struct part, id, .need = true, .doc = "an id"),
    FIELD(struct part, word, .max = 4, .doc = "a text"),
};
static const struct schema part = SCHEMA("part", struct part, part_fields);

struct whole {
    sv text, lines, choice;
    id64 id;
    int64_t number, free, low;
    bool yes;
    time64 when;
    struct list ids, parts;
    struct ref one;
};
static const struct field whole_fields[] = {
    FIELD(struct whole, text, .min = 2, .max = 5, .doc = "a text"),
    FIELD(struct whole, lines, .lines = true, .doc = "lines"),
    FIELD(struct whole, choice, .one_of = "ja|en", .doc = "a choice"),
    FIELD(struct whole, id, .need = true, .doc = "an id"),
    FIELD(struct whole, number, .min = 1, .max = 100, .doc = "a number"),
    FIELD(struct whole, free, .doc = "a number from 0 on"),
    FIELD(struct whole, low, .min = -3, .max = 3, .doc = "a number"),
    FIELD(struct whole, yes, .doc = "a flag"),
    FIELD(struct whole, when, .null = true, .doc = "a time"),
    FIELD(struct whole, ids, .max = 3, .doc = "ids"),
    FIELD(struct whole, parts, .of = &part, .min = 1, .max = 2, .doc = "structs"),
    FIELD(struct whole, one, .of = &part, .null = true, .doc = "a struct"),
};
static const struct schema whole = SCHEMA("whole", struct whole, whole_fields);

/* `field` NULL: accepted. The struct is in *out, the texts live in a. */
static void check_body(size_t i, struct arena *a, const char *body, const char *field, struct whole *out)
{
    struct failure f = { 0 };
    struct json_value v;
    const char *why = "";

    *out = (struct whole){ 0 };
    if (!CHECK_AT(i, json_read(a, sv_c(body), &v, &why)))
        return;
    CHECK_INT_AT(i, schema_read(a, &whole, &v, out, &f), field == NULL);
    CHECK_INT_AT(i, f.code, field ? E_INVALID_VALUE : E_NONE);
    CHECK_STR_AT(i, sv_c(f.field), sv_c(field));
}

TEST(schema_body_types_and_bounds)
{
    static const struct { const char *body, *field; } t[] = {
        { "{\"id\":\"1\"}", NULL },
        { "{\"id\":\"9223372036854775807\"}", NULL },
        { "{\"id\":\"9223372036854775808\"}", "id" }, { "{\"id\":\"0\"}", "id" }, { "{\"id\":\"-1\"}", "id" },
        { "{\"id\":\"01\"}", "id" }, { "{\"id\":\"\"}", "id" }, { "{\"id\":\"1 \"}", "id" }, { "{\"id\":1}", "id" },
        { "{\"id\":null}", "id" }, { "{\"id\":[\"1\"]}", "id" }, { "{\"id\":{}}", "id" }, { "{\"id\":true}", "id" },
        { "{}", "id" },
        /* a text counts in code points */
        { "{\"id\":\"1\",\"text\":\"縁\"}", "text" }, { "{\"id\":\"1\",\"text\":\"縁側\"}", NULL },
        { "{\"id\":\"1\",\"text\":\"縁側縁側縁\"}", NULL }, { "{\"id\":\"1\",\"text\":\"縁側縁側縁側\"}", "text" },
        { "{\"id\":\"1\",\"text\":\"\"}", "text" }, { "{\"id\":\"1\",\"text\":12}", "text" },
        { "{\"id\":\"1\",\"text\":[\"ab\"]}", "text" }, { "{\"id\":\"1\",\"text\":{\"ab\":1}}", "text" },
        { "{\"id\":\"1\",\"text\":true}", "text" }, { "{\"id\":\"1\",\"text\":null}", "text" },
        /* control characters; line feeds and tabs where lines are allowed */
        { "{\"id\":\"1\",\"text\":\"a\\nb\"}", "text" }, { "{\"id\":\"1\",\"text\":\"a\\tb\"}", "text" },
        { "{\"id\":\"1\",\"text\":\"a\\u001bb\"}", "text" }, { "{\"id\":\"1\",\"text\":\"a\\u007fb\"}", "text" },
        { "{\"id\":\"1\",\"text\":\"a\\u0080b\"}", "text" }, { "{\"id\":\"1\",\"text\":\"a\\u0085b\"}", "text" },
        { "{\"id\":\"1\",\"text\":\"a\\u009fb\"}", "text" }, { "{\"id\":\"1\",\"text\":\"a\\u00a0b\"}", NULL },
        { "{\"id\":\"1\",\"lines\":\"a\\u009bb\"}", "lines" }, { "{\"id\":\"1\",\"lines\":\"a\\u00a1b\"}", NULL },
        { "{\"id\":\"1\",\"lines\":\"a\\nb\\tc\"}", NULL }, { "{\"id\":\"1\",\"lines\":\"a\\rb\"}", "lines" },
        { "{\"id\":\"1\",\"lines\":\"a\\u0001\"}", "lines" }, { "{\"id\":\"1\",\"lines\":\"\"}", NULL },
        { "{\"id\":\"1\",\"choice\":\"en\"}", NULL }, { "{\"id\":\"1\",\"choice\":\"fr\"}", "choice" },
        { "{\"id\":\"1\",\"choice\":\"\"}", "choice" }, { "{\"id\":\"1\",\"choice\":\"ja|en\"}", "choice" },
        { "{\"id\":\"1\",\"number\":1}", NULL }, { "{\"id\":\"1\",\"number\":100}", NULL },
        { "{\"id\":\"1\",\"number\":0}", "number" }, { "{\"id\":\"1\",\"number\":101}", "number" },
        { "{\"id\":\"1\",\"number\":1.0}", "number" }, { "{\"id\":\"1\",\"number\":1e1}", "number" },
        { "{\"id\":\"1\",\"number\":\"1\"}", "number" }, { "{\"id\":\"1\",\"number\":[1]}", "number" },
        { "{\"id\":\"1\",\"number\":9223372036854775808}", "number" }, { "{\"id\":\"1\",\"number\":null}", "number" },
        { "{\"id\":\"1\",\"free\":9223372036854775807}", NULL }, { "{\"id\":\"1\",\"free\":-1}", "free" },
        { "{\"id\":\"1\",\"low\":-3}", NULL }, { "{\"id\":\"1\",\"low\":-4}", "low" }, { "{\"id\":\"1\",\"low\":4}", "low" },
        { "{\"id\":\"1\",\"yes\":false}", NULL }, { "{\"id\":\"1\",\"yes\":1}", "yes" },
        { "{\"id\":\"1\",\"yes\":\"true\"}", "yes" }, { "{\"id\":\"1\",\"yes\":null}", "yes" },
        { "{\"id\":\"1\",\"when\":0}", NULL }, { "{\"id\":\"1\",\"when\":253402300799999}", NULL },
        { "{\"id\":\"1\",\"when\":253402300800000}", "when" }, { "{\"id\":\"1\",\"when\":-1}", "when" },
        { "{\"id\":\"1\",\"when\":\"2026-11-25T00:00:00.000Z\"}", "when" },
        { "{\"id\":\"1\",\"ids\":[]}", NULL }, { "{\"id\":\"1\",\"ids\":[\"1\",\"2\",\"3\"]}", NULL },
        { "{\"id\":\"1\",\"ids\":[\"1\",\"2\",\"3\",\"4\"]}", "ids" }, { "{\"id\":\"1\",\"ids\":[1]}", "ids" },
        { "{\"id\":\"1\",\"ids\":[\"x\"]}", "ids" }, { "{\"id\":\"1\",\"ids\":\"1\"}", "ids" },
        { "{\"id\":\"1\",\"ids\":[[\"1\"]]}", "ids" }, { "{\"id\":\"1\",\"ids\":{}}", "ids" },
        { "{\"id\":\"1\",\"parts\":[]}", "parts" }, { "{\"id\":\"1\",\"parts\":[{\"id\":\"2\"}]}", NULL },
        { "{\"id\":\"1\",\"parts\":[{\"id\":\"2\"},{}]}", "id" },
        { "{\"id\":\"1\",\"parts\":[{\"id\":\"2\",\"word\":\"12345\"}]}", "word" },
        { "{\"id\":\"1\",\"parts\":[\"2\"]}", "body" },
        { "{\"id\":\"1\",\"one\":{\"id\":\"2\"}}", NULL }, { "{\"id\":\"1\",\"one\":null}", "one" },
        { "{\"id\":\"1\",\"one\":[]}", "one" }, { "{\"id\":\"1\",\"one\":{}}", "id" },
        { "[]", "body" }, { "\"id\"", "body" }, { "null", "body" }, { "1", "body" },
    };
    struct arena *a = arena_new(4096);
    struct whole out;

    for (size_t i = 0; i < COUNT(t); i++)
        check_body(i, a, t[i].body, t[i].field, &out);
    arena_free(&a);
}

TEST(schema_body_refuses_unknown_fields)
{
    static const struct { const char *body, *field; } t[] = {
        { "{\"id\":\"1\",\"role\":\"super\"}", "role" }, { "{\"tenant_id\":\"2\",\"id\":\"1\"}", "tenant_id" },
        { "{\"id\":\"1\",\"verified\":true}", "verified" }, { "{\"id\":\"1\",\"ID\":\"1\"}", "ID" },
        { "{\"id\":\"1\",\"\":1}", "" }, { "{\"id\":\"1\",\"id \":\"1\"}", "id " },
        { "{\"id\":\"1\",\"one\":{\"id\":\"1\",\"role\":1}}", "role" },
        { "{\"id\":\"1\",\"parts\":[{\"id\":\"1\",\"role\":1}]}", "role" },
        /* the name goes into the answer and the log: nothing in it may surprise them */
        { "{\"id\":\"1\",\"a\\u001b[2J\\n\":1}", "a?[2J?" }, { "{\"id\":\"1\",\"縁\":1}", "???" },
        { "{\"id\":\"1\",\"0123456789012345678901234567890123456789012345678901234567890123456789\":1}",
          "0123456789012345678901234567890123456789012345678901234567890123" },
    };
    struct arena *a = arena_new(4096);
    struct whole out;

    for (size_t i = 0; i < COUNT(t); i++)
        check_body(i, a, t[i].body, t[i].field, &out);
    arena_free(&a);
}

TEST(schema_body_fills_the_struct)
{
    struct arena *a = arena_new(4096);
    struct whole in;

    check_body(0, a, "{\"id\":\"7\",\"text\":\"縁側\",\"lines\":\"a\\nb\",\"choice\":\"ja\",\"number\":3,\"free\":4,\"low\":-1,"
                     "\"yes\":true,\"when\":1000,\"ids\":[\"8\",\"9\"],\"parts\":[{\"id\":\"10\",\"word\":\"w\"}],"
                     "\"one\":{\"word\":\"x\",\"id\":\"11\"}}", NULL, &in);
    CHECK_INT(in.id.n, 7);
    CHECK_STR(in.text, SV("縁側"));
    CHECK_STR(in.lines, SV("a\nb"));
    CHECK_STR(in.choice, SV("ja"));
    CHECK_INT(in.number, 3);
    CHECK_INT(in.free, 4);
    CHECK_INT(in.low, -1);
    CHECK(in.yes);
    CHECK_INT(in.when.ms, 1000);
    REQUIRE(in.ids.n == 2 && in.parts.n == 1 && in.one.v);
    CHECK_INT(((const id64 *)in.ids.v)[1].n, 9);
    CHECK_STR(((const struct part *)in.parts.v)->word, SV("w"));
    CHECK_INT(((const struct part *)in.one.v)->id.n, 11);
    arena_free(&a);
}

struct asked {
    sv text;
    id64 id;
    int64_t number;
    bool yes;
};
static const struct field asked_fields[] = {
    FIELD(struct asked, text, .min = 1, .max = 3, .doc = "a text"),
    FIELD(struct asked, id, .doc = "an id"),
    FIELD(struct asked, number, .need = true, .min = 1, .max = 100, .doc = "a number"),
    FIELD(struct asked, yes, .doc = "not for a query"),
};
static const struct schema asked = SCHEMA("asked", struct asked, asked_fields);

TEST(schema_query_types_and_bounds)
{
    static const struct { const char *query, *field; } t[] = {
        { "number=1", NULL }, { "number=100", NULL }, { "number=0", "number" }, { "number=101", "number" },
        { "number=+1", "number" }, { "number=1%20", "number" }, { "number=", "number" }, { "number=1.0", "number" },
        { "number=0x1", "number" }, { "number=99999999999999999999", "number" }, { "number=%31", NULL },
        { "", "number" }, { "text=a", "number" }, { "number=1&id=12", NULL }, { "number=1&id=0", "id" },
        { "number=1&id=x", "id" }, { "number=1&text=%E7%B8%81", NULL }, { "number=1&text=%E7%B8", "text" },
        { "number=1&text=", "text" }, { "number=1&text=abcd", "text" }, { "number=1&text=%00", "text" },
        { "number=1&text=%0a", "text" }, { "number=1&text=%zz", "text" }, { "number=1&text=a%4", "text" },
        { "number=1&text==", NULL },
        { "number=1&number=1", "number" }, { "number=1&number=2", "number" }, { "text=a&text=a&number=1", "text" },
        { "number=1&role=super", "role" }, { "role=super", "role" }, { "number=1&n%75mber=1", "n%75mber" },
        { "number=1&", "query" }, { "&number=1", "query" }, { "number", "query" }, { "number=1&text", "query" },
        { "=1&number=1", "" }, { "number=1&yes=true", "yes" }, { "number[]=1", "number[]" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct failure f = { 0 };
        struct asked out = { 0 };

        CHECK_INT_AT(i, schema_read_query(a, &asked, sv_c(t[i].query), &out, &f), t[i].field == NULL);
        CHECK_INT_AT(i, f.code, t[i].field ? E_INVALID_VALUE : E_NONE);
        CHECK_STR_AT(i, sv_c(f.field), sv_c(t[i].field));
    }
    arena_free(&a);
}

TEST(schema_query_fills_the_struct)
{
    struct arena *a = arena_new(4096);
    struct failure f = { 0 };
    struct asked out = { 0 };

    CHECK(schema_read_query(a, &asked, SV("id=9223372036854775807&text=a%26+&number=50"), &out, &f));
    CHECK_INT(out.id.n, INT64_MAX);
    CHECK_STR(out.text, SV("a&+"));
    CHECK_INT(out.number, 50);
    arena_free(&a);
}

TEST(schema_percent_read)
{
    static const struct { const char *in, *out; } t[] = {        /* NULL: refused */
        { "", "" }, { "abc", "abc" }, { "a+b", "a+b" }, { "%41", "A" }, { "%2F", "/" }, { "%2f", "/" }, { "%25%32%35", "%25" },
        { "%E7%B8%81", "縁" }, { "縁", "縁" }, { "%", NULL }, { "%4", NULL }, { "a%", NULL }, { "%4g", NULL }, { "%g4", NULL },
        { "%%41", NULL }, { "%00", NULL }, { "a%00b", NULL }, { "%ff", NULL }, { "%C0%80", NULL }, { "%ED%A0%80", NULL },
        { "%E7%B8", NULL }, { "\xE7", NULL }, { "% 1", NULL }, { "%u0041", NULL }, { "%-1", NULL },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        sv out;

        if (CHECK_INT_AT(i, percent_read(a, sv_c(t[i].in), &out), t[i].out != NULL) && t[i].out)
            CHECK_STR_AT(i, out, sv_c(t[i].out));
    }
    arena_free(&a);
}

static sv written(struct arena *a, const struct whole *in)
{
    struct str s = STR_IN(a);
    struct json j = JSON_TO(&s);

    schema_write(&j, NULL, &whole, in);
    return str_sv(&s);
}

TEST(schema_output_reads_back)
{
    static const struct part parts[] = { { { 1 }, { "\"\\", 2 } }, { { INT64_MAX }, { "縁", 3 } } };
    static const id64 ids[] = { { 5 }, { 6 } };
    struct arena *a = arena_new(4096);
    struct whole in = { .text = SV("<a>&'"), .lines = SV("a\n\tb"), .choice = SV("ja"), .id = { INT64_MAX }, .number = 7,
                        .free = INT64_MAX, .low = -3, .yes = true, .when = { 1764043417123 }, .ids = { ids, 2 },
                        .parts = { parts, 2 }, .one = { &parts[1] } }, again;
    struct json_value v;

    sv text = written(a, &in);
    REQUIRE(json_read(a, text, &v, NULL));
    CHECK_STR(json_get(&v, SV("when"))->text, SV("2025-11-25T04:03:37.123Z"));
    CHECK_STR(json_get(&v, SV("id"))->text, SV("9223372036854775807"));
    struct str back = STR_IN(a);
    size_t at;
    REQUIRE(sv_find(text, SV("\"2025-11-25T04:03:37.123Z\""), &at));
    str_printf(&back, "%.*s1764043417123%.*s", SV_ARG(sv_upto(text, at)), SV_ARG(sv_from(text, at + 26)));
    check_body(0, a, sv_cstr(a, str_sv(&back)), NULL, &again);
    CHECK_STR(written(a, &again), text);
    arena_free(&a);
}

TEST(schema_output_of_nothing)
{
    struct arena *a = arena_new(4096);
    struct whole none = { .when = { -1 } };

    CHECK_STR(written(a, &none), SV("{\"text\":\"\",\"lines\":\"\",\"choice\":\"\",\"id\":\"0\",\"number\":0,\"free\":0,\"low\":0,"
                                    "\"yes\":false,\"when\":null,\"ids\":[],\"parts\":[],\"one\":null}"));
    arena_free(&a);
}

/* What is left out while empty cannot be told from what is not there at all. */
TEST(schema_output_leaves_out_what_is_sparse)
{
    struct thin { sv text; id64 id; int64_t n; bool yes; time64 when; struct list ids; struct ref one; };
    static const struct field fields[] = {
        FIELD(struct thin, text, .sparse = true, .doc = "t"), FIELD(struct thin, id, .sparse = true, .doc = "i"),
        FIELD(struct thin, n, .sparse = true, .doc = "n"), FIELD(struct thin, yes, .sparse = true, .doc = "y"),
        FIELD(struct thin, when, .sparse = true, .doc = "w"), FIELD(struct thin, ids, .sparse = true, .doc = "l"),
        FIELD(struct thin, one, .of = &part, .sparse = true, .doc = "o"),
    };
    static const struct schema thin = SCHEMA("thin", struct thin, fields);
    static const struct part p = { { 4 }, { "x", 1 } };
    static const id64 id = { 5 };
    struct thin none = { .when = { -1 } }, full = { SV("a"), { 1 }, 2, true, { 0 }, { &id, 1 }, { &p } };
    struct arena *a = arena_new(4096);
    struct str s = STR_IN(a);
    struct json j = JSON_TO(&s);

    schema_write(&j, NULL, &thin, &none);
    CHECK_STR(str_sv(&s), SV("{}"));
    s = STR_IN(a);
    j = JSON_TO(&s);
    schema_write(&j, NULL, &thin, &full);
    for (size_t i = 0; i < COUNT(fields); i++)
        CHECK_AT(i, sv_find(str_sv(&s), sv_printf(a, "\"%s\":", fields[i].name), NULL));
    arena_free(&a);
}
