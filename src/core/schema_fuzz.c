/* core/schema_fuzz.c: a query and a body against schemas that have every type of field. The property: what is accepted
 * keeps its bounds, and, written out and read again, is equal. Input: the query, a line feed, the body. */
#include "base/clock.h"
#include "base/utf8.h"
#include "core/schema.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct leaf {
    id64 id;
    sv word;
};
static const struct field leaf_fields[] = {
    FIELD(struct leaf, id, .need = true, .doc = "an id"),
    FIELD(struct leaf, word, .need = true, .max = 8, .doc = "a text"),
};
static const struct schema leaf = SCHEMA("leaf", struct leaf, leaf_fields);

struct all {
    sv text, lines, choice;
    id64 id;
    int64_t number, low;
    bool yes;
    time64 when;
    struct list ids, leaves;
    struct ref one;
};
static const struct field all_fields[] = {
    FIELD(struct all, text, .need = true, .min = 1, .max = 12, .doc = "a text"),
    FIELD(struct all, lines, .need = true, .max = 12, .lines = true, .doc = "lines"),
    FIELD(struct all, choice, .need = true, .one_of = "ja|en", .doc = "a choice"),
    FIELD(struct all, id, .need = true, .doc = "an id"),
    FIELD(struct all, number, .need = true, .min = 1, .max = 100, .doc = "a number"),
    FIELD(struct all, low, .need = true, .min = INT64_MIN, .doc = "any number"),
    FIELD(struct all, yes, .need = true, .doc = "a flag"),
    FIELD(struct all, when, .need = true, .doc = "a time"),
    FIELD(struct all, ids, .need = true, .max = 3, .doc = "ids"),
    FIELD(struct all, leaves, .need = true, .of = &leaf, .min = 1, .max = 3, .doc = "structs"),
    FIELD(struct all, one, .need = true, .of = &leaf, .doc = "a struct"),
};
static const struct schema all = SCHEMA("all", struct all, all_fields);

struct asked {
    sv text;
    id64 id;
    int64_t number;
};
static const struct field asked_fields[] = {
    FIELD(struct asked, text, .need = true, .max = 12, .doc = "a text"),
    FIELD(struct asked, id, .need = true, .doc = "an id"),
    FIELD(struct asked, number, .need = true, .min = -5, .max = 100, .doc = "a number"),
};
static const struct schema asked = SCHEMA("asked", struct asked, asked_fields);

static void must(bool cond)
{
    if (!cond)
        abort();
}

static sv written(struct arena *a, const struct schema *s, const void *in)
{
    struct str out = STR_IN(a);
    struct json j = JSON_TO(&out);

    schema_write(&j, NULL, s, in);
    return str_sv(&out);
}

/* Times are read as numbers and written as text: the text is checked and put back as the number. */
static void time_back(struct arena *a, struct json_value *tree, int64_t ms)
{
    struct json_value *v = (struct json_value *)(uintptr_t)json_get(tree, SV("when"));

    if (!v)
        return;
    must(v->type == JSON_TEXT && sv_equal(v->text, time_text(a, ms)));
    *v = (struct json_value){.type = JSON_NUMBER, .whole = true, .i = ms, .name = v->name, .next = v->next};
}

static void again(struct arena *a, const struct schema *s, const void *in, int64_t when_ms)
{
    void *out = arena_alloc(a, s->size);
    sv first = written(a, s, in);
    struct failure f = {0};
    struct json_value v;

    must(json_read(a, first, &v, NULL));
    time_back(a, &v, when_ms);
    must(schema_read(a, s, &v, out, &f));
    must(sv_equal(written(a, s, out), first));
}

static void body(struct arena *a, sv text)
{
    struct json_value v;
    struct all in = {0};
    struct failure f = {0};

    if (!json_read(a, text, &v, NULL))
        return;
    if (!schema_read(a, &all, &v, &in, &f)) {
        must(f.code == E_INVALID_VALUE && f.field);
        return;
    }
    must(utf8_count(in.text) >= 1 && utf8_count(in.text) <= 12 && in.number >= 1 && in.number <= 100);
    must(in.id.n > 0 && in.ids.n <= 3 && in.leaves.n >= 1 && in.leaves.n <= 3 && in.one.v);
    again(a, &all, &in, in.when.ms);
}

static void query(struct arena *a, sv text)
{
    struct asked in = {0};
    struct failure f = {0};

    if (!schema_read_query(a, &asked, text, &in, &f)) {
        must(f.code == E_INVALID_VALUE && f.field);
        return;
    }
    must(utf8_valid(in.text) && in.id.n > 0 && in.number >= -5 && in.number <= 100);
    again(a, &asked, &in, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    sv text = {(const char *)p, n};
    size_t at;

    if (sv_find(text, SV("\n"), &at)) {
        query(a, sv_upto(text, at));
        body(a, sv_from(text, at + 1));
    }
    arena_free(&a);
    return 0;
}
