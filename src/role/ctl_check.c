/* role/ctl_check.c: engawactl tenant check: one company's database, or every one that is served, looked through while people use it. */
#include "role/ctl_backup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct checking {
    struct ctl *c;
    sv sample;                                            /* "": as the server has it */
    struct str rows, findings;                            /* JSON objects with commas */
    bool whole;
    int rc;
};

static void add(struct str *to, sv object)
{
    if (to->n)
        str_char(to, ',');
    str_put(to, object);
}

static void finding(struct checking *k, sv company, sv check, sv found)
{
    struct str text = STR_IN(k->c->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "company", company);
    json_text(&j, "check", check);
    json_text(&j, "found", found);
    json_close(&j);
    add(&k->findings, str_sv(&text));
    k->whole = false;
}

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_TEXT ? f->text : SV("");
}

static int64_t number_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_NUMBER && f->whole ? f->i : -1;
}

static void row(struct checking *k, sv company, bool whole, int64_t log_rows, int64_t searched, int64_t ms)
{
    struct str text = STR_IN(k->c->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "company", company);
    json_bool(&j, "whole", whole);
    json_int(&j, "log_rows", log_rows);
    json_int(&j, "searched", searched);
    json_int(&j, "milliseconds", ms);
    json_close(&j);
    add(&k->rows, str_sv(&text));
    k->whole &= whole;
}

static bool call(struct checking *k, const char *op, sv json, struct json_value *out, sv *code)
{
    struct str text = STR_IN(k->c->arena), error = STR_IN(k->c->arena);
    struct json_value v = {0};

    *code = SV("");
    k->rc = ctl_call(k->c, sv_c(op), SV(""), json, &text, &error);
    if (k->rc == CTL_DONE)
        return json_read(k->c->arena, str_sv(&text), out, NULL);
    if (k->rc == CTL_REFUSED && json_read(k->c->arena, str_sv(&error), &v, NULL) && json_get(&v, SV("error")))
        *code = text_of(json_get(&v, SV("error")), "code");
    if (k->rc == CTL_REFUSED && !code->n)
        *code = SV("refused");
    return false;
}

/* One that does not serve is not whole: rolled_back, or a file that does not open (retry). */
static bool company(struct checking *k, sv workgroup)
{
    struct str json = STR_IN(k->c->arena);
    struct json j = JSON_TO(&json);
    struct json_value v = {0};
    sv code;
    int64_t n;

    json_open(&j, NULL);
    json_text(&j, "workgroup", workgroup);
    if (k->sample.n && sv_int(k->sample, &n))
        json_int(&j, "search", n);
    json_close(&j);
    if (!call(k, "tenant.check", str_sv(&json), &v, &code)) {
        if (k->rc != CTL_REFUSED || sv_equal(code, SV("not_found")))
            return false;
        finding(k, workgroup, SV("open"), code);
        row(k, workgroup, false, -1, 0, 0);
        return true;
    }
    const struct json_value *whole = json_get(&v, SV("whole")), *list = json_get(&v, SV("findings"));
    for (const struct json_value *f = list ? list->child : NULL; f; f = f->next)
        finding(k, workgroup, text_of(f, "check"), text_of(f, "found"));
    row(k, workgroup, whole && whole->type == JSON_BOOL && whole->yes, number_of(&v, "log_rows"), number_of(&v, "searched"), number_of(&v, "milliseconds"));
    return true;
}

static bool all(struct checking *k)
{
    struct json_value v = {0}, log = {0};
    const struct json_value *list, *whole;
    sv code;

    if (!call(k, "log.verify", SV("{}"), &log, &code) || !call(k, "tenant.list", SV("{}"), &v, &code))
        return false;
    whole = json_get(&log, SV("whole"));
    if (!whole || !whole->yes)
        finding(k, SV("(registry)"), SV("log"), SV("the operators' log is not whole: engawactl log verify"));
    row(k, SV("(registry)"), whole && whole->yes, number_of(&log, "rows"), 0, 0);
    list = json_get(&v, SV("tenants"));
    for (const struct json_value *t = list ? list->child : NULL; t; t = t->next)
        if (!sv_equal(text_of(t, "state"), SV("opening")) && !company(k, text_of(t, "workgroup")))
            return false;
    return true;
}

int ctl_tenant_check(struct ctl *c)
{
    struct checking k = {.c = c, .whole = true, .rows = STR_IN(c->arena), .findings = STR_IN(c->arena)};
    struct str text = STR_IN(c->arena);
    struct json j = JSON_TO(&text);
    sv one = ctl_value(c, "WORKGROUP"), sample = ctl_value(c, "--search");
    int64_t n;

    k.sample = !sample.p ? SV("") : sv_equal(sample, SV("all")) ? SV("0") : sample;
    if (k.sample.n && (!sv_int(k.sample, &n) || n < 0))
        return ctl_complain("--search: a number, or all"), CTL_USAGE;
    if (!(one.p ? company(&k, one) : all(&k)))
        return k.rc == CTL_REFUSED ? ctl_trouble(c, CTL_REFUSED, "not_found", "%.*s: there is no such company", SV_ARG(one.p ? one : SV("?"))) : k.rc;
    json_open(&j, NULL);
    json_bool(&j, "whole", k.whole);
    json_list(&j, "databases");
    json_raw(&j, NULL, str_sv(&k.rows));
    json_list_end(&j);
    json_list(&j, "findings");
    if (k.findings.n)
        json_raw(&j, NULL, str_sv(&k.findings));
    json_list_end(&j);
    json_close(&j);
    ctl_print(c, str_sv(&text));
    return k.whole ? CTL_DONE : CTL_REFUSED;
}
