/* api/describe_test.c: the tables that the product ships: --describe is valid JSON that is complete in itself, and every
 * operation's input refuses what its schema does not name. */
#include "api/app.h"
#include "base/test.h"

#include <string.h>

static const struct json_value *described(struct arena *a)
{
    struct str s = STR_IN(a);
    struct json j = JSON_TO(&s);
    struct json_value *v = ANEW(a, struct json_value);
    const char *why = "";

    json_open(&j, NULL);
    describe_tables(&j);
    json_close(&j);
    CHECK(json_read(a, str_sv(&s), v, &why));
    CHECK_STR(sv_c(why), SV(""));
    return v;
}

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *m = json_get(v, sv_c(name));

    return m && m->type == JSON_TEXT ? m->text : SV_NONE;
}

static const struct json_value *find(const struct json_value *all, const char *table, const char *by, sv name)
{
    const struct json_value *list = json_get(all, sv_c(table));

    for (const struct json_value *v = list ? list->child : NULL; v; v = v->next)
        if (sv_equal(text_of(v, by), name))
            return v;
    return NULL;
}

TEST(describe_names_are_unique_and_explained)
{
    static const struct { const char *table, *key, *says[3]; size_t at_least; } t[] = {
        { "ops", "name", { "who", "audit", "doc" }, 25 }, { "schemas", "name", { NULL }, 30 },
        { "settings", "key", { "requirement", "ja", "en" }, 210 }, { "roles", "id", { "ja", "en" }, 4 },
        { "menus", "id", { "group_ja", "ja", "en" }, 5 }, { "gate", "step", { NULL }, 7 },
        { "events", "name", { "schema", "to", "doc" }, 3 }, { "errors", "code", { "ja", "en" }, 20 },
        { "audit_kinds", "id", { "log", "ja", "en" }, 20 },
    };
    struct arena *a = arena_new(64 * 1024);
    const struct json_value *all = described(a);

    for (size_t i = 0; i < COUNT(t); i++) {
        const struct json_value *list = json_get(all, sv_c(t[i].table));
        size_t n = 0;

        if (!CHECK_AT(i, list && list->type == JSON_ARRAY))
            continue;
        for (const struct json_value *v = list->child; v; v = v->next, n++) {
            sv name = text_of(v, t[i].key);

            CHECK_AT(n, name.n > 0);
            CHECK_AT(n, find(all, t[i].table, t[i].key, name) == v);      /* the first of this name is this one */
            for (size_t k = 0; k < COUNT(t[i].says) && t[i].says[k]; k++)
                CHECK_AT(n, text_of(v, t[i].says[k]).n > 0);
        }
        CHECK_AT(i, n >= t[i].at_least);
    }
    arena_free(&a);
}

/* A right is a row: no operation without one, and what it names exists. */
TEST(describe_operations_are_complete)
{
    struct arena *a = arena_new(64 * 1024);
    const struct json_value *all = described(a);
    static const char *const schemas[] = { "input", "output", "query" };
    int64_t n = 0;

    for (const struct json_value *op = json_get(all, SV("ops"))->child; op; op = op->next, n++) {
        sv who = text_of(op, "who"), menu = text_of(op, "menu"), audit = text_of(op, "audit");

        CHECK_AT(n, !sv_equal(who, SV("unset")));
        CHECK_AT(n, sv_equal(audit, SV("none")) || find(all, "audit_kinds", "id", audit));
        CHECK_INT_AT(n, menu.n > 0, sv_equal(who, SV("console")));
        CHECK_AT(n, menu.n == 0 || sv_equal(menu, SV("any")) || find(all, "menus", "id", menu));
        for (size_t k = 0; k < COUNT(schemas); k++) {
            sv name = text_of(op, schemas[k]);
            CHECK_AT(n, name.n == 0 || find(all, "schemas", "name", name));
        }
    }
    CHECK(n > 0);
    for (const struct json_value *e = json_get(all, SV("events"))->child; e; e = e->next)
        CHECK(find(all, "schemas", "name", text_of(e, "schema")) != NULL);
    arena_free(&a);
}

TEST(describe_fields_are_complete)
{
    struct arena *a = arena_new(64 * 1024);
    const struct json_value *all = described(a);
    int64_t n = 0;

    for (const struct json_value *s = json_get(all, SV("schemas"))->child; s; s = s->next)
        for (const struct json_value *f = json_get(s, SV("fields"))->child; f; f = f->next, n++) {
            sv type = text_of(f, "type"), of = text_of(f, "of");

            CHECK_AT(n, text_of(f, "name").n && text_of(f, "doc").n && type.n);
            CHECK_INT_AT(n, of.n > 0, sv_equal(type, SV("array")) || sv_equal(type, SV("object")));
            CHECK_AT(n, of.n == 0 || sv_equal(of, SV("id")) || find(all, "schemas", "name", of));
        }
    CHECK(n > 100);
    arena_free(&a);
}

/* Every operation that the console's audit log could show has its row's kind; every change has one, but a member's draft. */
TEST(describe_every_change_is_audited)
{
    const struct op *op;

    for (size_t i = 0; (op = op_at(app(), i)); i++) {
        if (op->flags & (OP_WRITE | OP_SLOW))
            CHECK_AT(i, (op->audit != AUDIT_NONE) == !(op->flags & (OP_LIVE | OP_OWN)));
        if (op->flags & OP_OWN)
            CHECK_STR(sv_c(op->name), SV("talk.draft"));
    }
}

/* ---- what no schema names is refused, in every write there is ---- */

static const char *sample(enum field_type t)
{
    static const char *const values[] = { [F_TEXT] = "\"x\"", [F_ID] = "\"1\"", [F_INT] = "1", [F_BOOL] = "true",
                                          [F_TIME] = "1", [F_LIST] = "[]", [F_REF] = "{}" };

    return values[t];
}

static void refused(size_t i, const struct schema *s, sv body, const char *field)
{
    struct arena *a = arena_new(4096);
    void *out = arena_alloc(a, s->size);
    struct failure f = { 0 };
    struct json_value v;

    if (CHECK_AT(i, json_read(a, body, &v, NULL))) {
        CHECK_AT(i, !schema_read(a, s, &v, out, &f));
        CHECK_INT_AT(i, f.code, E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f.field), sv_c(field));
    }
    arena_free(&a);
}

TEST(input_refuses_what_it_does_not_name)
{
    static const char *const extra[] = { "tenant_id", "verified", "is_admin", "__proto__" };
    struct arena *a = arena_new(4096);
    const struct op *op;
    size_t bodies = 0;

    PROVES("B5.07");
    for (size_t i = 0; (op = op_at(app(), i)); i++) {
        if (!op->in)
            continue;
        bodies++;
        for (size_t k = 0; k < COUNT(extra); k++) {
            refused(i, op->in, sv_printf(a, "{\"%s\":\"x\"}", extra[k]), extra[k]);
            if (op->in->n)                                /* behind a field that is right by type, too */
                refused(i, op->in, sv_printf(a, "{\"%s\":true,\"%s\":%s}", extra[k], op->in->fields[0].name,
                                             sample(op->in->fields[0].type)), extra[k]);
        }
    }
    CHECK(bodies >= 10);
    arena_free(&a);
}

/* An array, an object or a number where a text is due, at every text of every input: sign-in is one of them. */
TEST(input_refuses_other_types_for_a_text)
{
    static const char *const other[] = { "[\"x\"]", "{\"$ne\":\"\"}", "{}", "1", "true", "null" };
    struct arena *a = arena_new(4096);
    const struct op *op;
    size_t fields = 0;

    for (size_t i = 0; (op = op_at(app(), i)); i++)
        for (size_t k = 0; op->in && k < op->in->n; k++) {
            const struct field *f = &op->in->fields[k];

            if (f->type != F_TEXT && f->type != F_ID)
                continue;
            fields++;
            for (size_t o = 0; o < COUNT(other); o++)
                refused(i, op->in, sv_printf(a, "{\"%s\":%s}", f->name, other[o]), f->name);
        }
    CHECK(fields >= 20);
    arena_free(&a);
}
