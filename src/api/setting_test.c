/* api/setting_test.c: a preset is applied to the settings as they are stored when its turn comes. */
#include "api/app.h"
#include "core/core_test.h"
#include "svc/contract/contract.h"

static const struct op *op(const char *name)
{
    const struct op *o = op_by_name(app(), sv_c(name));

    ENSURE(o);
    return o;
}

/* As a request does whose settings were read before another change was committed. */
static bool run(struct fixture *f, const char *name, const char *query, const char *body, void *out)
{
    struct call c = {.op = op(name)};
    struct json_value v;
    void *in;

    if (query) {
        c.query = in = arena_alloc(f->a, c.op->query->size);
        CHECK(schema_read_query(f->a, c.op->query, sv_c(query), in, &f->x.failure));
    } else {
        CHECK(json_read(f->a, sv_c(body), &v, NULL));
        c.in = in = arena_alloc(f->a, c.op->in->size);
        CHECK(schema_read(f->a, c.op->in, &v, in, &f->x.failure));
    }
    return c.op->run(&f->x, &c, out);
}

static const char *apply_body(struct fixture *f, sv mark)
{
    return sv_cstr(f->a, sv_printf(f->a, "{\"preset\":\"strict\",\"mark\":\"%.*s\"}", SV_ARG(mark)));
}

/* The mark is the only text of 32 hex digits that the answer holds. */
static sv mark_of(struct fixture *f, const void *out)
{
    struct str s = STR_IN(f->a);
    struct json j = JSON_TO(&s);
    struct json_value v;

    schema_write(&j, NULL, op("console.preset.read")->out, out);
    CHECK(json_read(f->a, str_sv(&s), &v, NULL));
    return json_get(&v, SV("mark"))->text;
}

TEST_BOTH(setting_preset_is_compared_with_what_is_stored)
{
    id64 chief = fixture_member(f, "mori", ROLE_SUPER_ADMIN);
    const struct op *o = op("console.preset.read");
    void *out = arena_alloc(f->a, o->out->size);
    size_t i;

    fixture_as(f, chief);
    CHECK(run(f, "console.preset.read", "preset=strict", NULL, out));
    sv mark = mark_of(f, out);
    /* Another request is committed meanwhile; x.policy is the one from before it. */
    CHECK(policy_find(SV("account.password.min_length"), &i));
    fixture_begin(f);
    CHECK(contract_setting_store(&f->x, i, SV("33")));
    CHECK(db_commit(f->d));
    fixture_as(f, chief);
    fixture_begin(f);
    CHECK(!run(f, "console.preset.apply", NULL, apply_body(f, mark), out));
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_rollback(f);
    fixture_setting(f, "account.password.min_length", "33");
    fixture_as(f, chief);
    CHECK(run(f, "console.preset.read", "preset=strict", NULL, out));
    fixture_begin(f);
    CHECK(run(f, "console.preset.apply", NULL, apply_body(f, mark_of(f, out)), out));
    CHECK(fixture_commit(f));
}
