/* core/schema.c: reading and writing structs by their field tables. */
#include "core/schema.h"
#include "base/utf8.h"

#include <string.h>

#define TIME_MAX_MS INT64_C(253402300799999)              /* 9999-12-31T23:59:59.999Z */

static void *slot(const struct field *f, void *out)
{
    return (char *)out + f->at;
}

static const void *const_slot(const struct field *f, const void *in)
{
    return (const char *)in + f->at;
}

static const struct field *field_find(const struct schema *s, sv name)
{
    for (size_t i = 0; i < s->n; i++)
        if (sv_equal(sv_c(s->fields[i].name), name))
            return &s->fields[i];
    return NULL;
}

/* The name goes into the answer: cut, and only what cannot surprise a log or a page. */
static const char *safe_name(struct arena *a, sv name)
{
    char *p = sv_cstr(a, sv_upto(name, 64));

    for (char *c = p; *c; c++)
        if (*c < 0x20 || *c >= 0x7F)
            *c = '?';
    return p;
}

static bool one_of(const char *values, sv v)
{
    sv rest = sv_c(values), part;

    while (sv_cut(&rest, '|', &part))
        if (sv_equal(part, v))
            return true;
    return false;
}

static bool text_read(const struct field *f, sv v, void *out, struct failure *fl)
{
    size_t count = utf8_count(v);
    uint32_t cp;

    if (f->one_of && !one_of(f->one_of, v))
        return fail_field(fl, f->name, "not one of %s", f->one_of);
    if ((int64_t)count < f->min || (f->max && (int64_t)count > f->max))
        return fail_field(fl, f->name, "%zu characters", count);
    for (size_t i = 0; utf8_next(v, &i, &cp);)
        if (utf8_is_control(cp) && !(f->lines && (cp == '\n' || cp == '\t')))
            return fail_field(fl, f->name, "control character %02x", (unsigned)cp);
    *(sv *)slot(f, out) = v;
    return true;
}

static bool int_read(const struct field *f, int64_t v, void *out, struct failure *fl)
{
    if (v < f->min || (f->max && v > f->max))
        return fail_field(fl, f->name, "%" PRId64 " is out of bounds", v);
    *(int64_t *)slot(f, out) = v;
    return true;
}

/* Input of times is UTC ms (operator's operations), from 1970 to the last year of four digits: RFC 3339 has no more. */
static bool time_read(const struct field *f, int64_t ms, void *out, struct failure *fl)
{
    if (ms < 0 || ms > TIME_MAX_MS)
        return fail_field(fl, f->name, "%" PRId64 " is no time", ms);
    *(time64 *)slot(f, out) = (time64){ms};
    return true;
}

static bool id_read(const struct field *f, sv v, void *out, struct failure *fl)
{
    return sv_id(v, slot(f, out)) ? true : fail_field(fl, f->name, "not an id");
}

static bool list_read(struct arena *a, const struct field *f, const struct json_value *v, void *out,
                      struct failure *fl)
{
    struct list *l = slot(f, out);
    size_t n = 0, size = f->of ? f->of->size : sizeof(id64);
    char *at;

    for (const struct json_value *c = v->child; c; c = c->next)
        n++;
    if ((int64_t)n < f->min || (f->max && (int64_t)n > f->max))
        return fail_field(fl, f->name, "%zu elements", n);
    *l = (struct list){.v = at = arena_alloc_n(a, size, n), .n = n};
    for (const struct json_value *c = v->child; c; c = c->next, at += size) {
        if (f->of ? !schema_read(a, f->of, c, at, fl)
                  : c->type != JSON_TEXT || !sv_id(c->text, (id64 *)(void *)at))
            return fail_field(fl, f->name, "bad element");
    }
    return true;
}

static bool field_read(struct arena *a, const struct field *f, const struct json_value *v, void *out,
                       struct failure *fl)
{
    static const enum json_type want[] = {
        [F_TEXT] = JSON_TEXT, [F_ID] = JSON_TEXT, [F_INT] = JSON_NUMBER, [F_BOOL] = JSON_BOOL,
        [F_TIME] = JSON_NUMBER, [F_LIST] = JSON_ARRAY, [F_REF] = JSON_OBJECT,
    };

    if (v->type != want[f->type] || (v->type == JSON_NUMBER && !v->whole))
        return fail_field(fl, f->name, "wrong type");
    switch (f->type) {
    case F_TEXT:
        return text_read(f, v->text, out, fl);
    case F_ID:
        return id_read(f, v->text, out, fl);
    case F_INT:
        return int_read(f, v->i, out, fl);
    case F_BOOL:
        *(bool *)slot(f, out) = v->yes;
        return true;
    case F_TIME:
        return time_read(f, v->i, out, fl);
    case F_LIST:
        return list_read(a, f, v, out, fl);
    case F_REF: {
        void *to = arena_alloc(a, f->of->size);
        ((struct ref *)slot(f, out))->v = to;
        return schema_read(a, f->of, v, to, fl);
    }
    }
    return false;
}

bool schema_read(struct arena *a, const struct schema *s, const struct json_value *v, void *out,
                 struct failure *fl)
{
    uint64_t seen = 0;

    ENSURE(s->n <= 64);
    if (v->type != JSON_OBJECT)
        return fail_field(fl, "body", "not an object");
    for (const struct json_value *c = v->child; c; c = c->next) {
        const struct field *f = field_find(s, c->name);
        if (!f)
            return fail_field(fl, safe_name(a, c->name), "unknown field");
        if (!field_read(a, f, c, out, fl))
            return false;
        seen |= UINT64_C(1) << (f - s->fields);
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].need && !(seen >> i & 1))
            return fail_field(fl, s->fields[i].name, "missing");
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool percent_read(struct arena *a, sv text, sv *out)
{
    struct str s = STR_IN(a);

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '%') {
            str_char(&s, text.p[i]);
            continue;
        }
        int hi = text.n - i > 2 ? hex_digit(text.p[i + 1]) : -1;
        int lo = text.n - i > 2 ? hex_digit(text.p[i + 2]) : -1;
        if (hi < 0 || lo < 0 || (hi == 0 && lo == 0))
            return false;
        str_char(&s, (char)(hi << 4 | lo));
        i += 2;
    }
    *out = str_sv(&s);
    return utf8_valid(*out);
}

static bool query_field(struct arena *a, const struct field *f, sv text, void *out, struct failure *fl)
{
    int64_t n;
    sv v;

    if (!percent_read(a, text, &v))
        return fail_field(fl, f->name, "bad escape");
    switch (f->type) {
    case F_TEXT:
        return text_read(f, v, out, fl);
    case F_ID:
        return id_read(f, v, out, fl);
    case F_INT:
        return sv_int(v, &n) ? int_read(f, n, out, fl) : fail_field(fl, f->name, "not a number");
    default:
        return fail_field(fl, f->name, "not for a query");
    }
}

bool schema_read_query(struct arena *a, const struct schema *s, sv query, void *out, struct failure *fl)
{
    uint64_t seen = 0;
    sv rest = query.n ? query : SV_NONE, pair, name;

    while (sv_cut(&rest, '&', &pair)) {
        sv value = pair;
        if (!sv_cut(&value, '=', &name) || !value.p)
            return fail_field(fl, "query", "a name without value");
        const struct field *f = field_find(s, name);
        if (!f)
            return fail_field(fl, safe_name(a, name), "unknown field");
        uint64_t bit = UINT64_C(1) << (f - s->fields);
        if (seen & bit)
            return fail_field(fl, f->name, "stands twice");
        seen |= bit;
        if (!query_field(a, f, value, out, fl))
            return false;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].need && !(seen >> i & 1))
            return fail_field(fl, s->fields[i].name, "missing");
    return true;
}

static void list_write(struct json *j, const struct field *f, const struct list *l)
{
    size_t before = j->out->n;

    json_list(j, NULL);
    for (size_t i = 0; i < l->n; i++) {
        if (i == 1)                                       /* the others will be about as long as the first */
            json_more(j, (j->out->n - before) * (l->n - 1));
        if (f->of)
            schema_write(j, NULL, f->of, (const char *)l->v + i * f->of->size);
        else
            json_id(j, NULL, ((const id64 *)l->v)[i]);
    }
    json_list_end(j);
}

static bool empty(const struct field *f, const void *p)
{
    return f->type == F_TEXT   ? ((const sv *)p)->n == 0
           : f->type == F_ID   ? ((const id64 *)p)->n == 0
           : f->type == F_INT  ? *(const int64_t *)p == 0
           : f->type == F_BOOL ? !*(const bool *)p
           : f->type == F_TIME ? ((const time64 *)p)->ms < 0
           : f->type == F_LIST ? ((const struct list *)p)->n == 0
                               : ((const struct ref *)p)->v == NULL;
}

void schema_write(struct json *j, const char *name, const struct schema *s, const void *in)
{
    json_open(j, name);
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        const void *p = const_slot(f, in);
        if (f->sparse && empty(f, p))
            continue;
        json_key(j, f->key);
        switch (f->type) {
        case F_TEXT:
            if (f->json)
                json_raw(j, NULL, *(const sv *)p);
            else
                json_text(j, NULL, *(const sv *)p);
            break;
        case F_ID:
            json_id(j, NULL, *(const id64 *)p);
            break;
        case F_INT:
            json_int(j, NULL, *(const int64_t *)p);
            break;
        case F_BOOL:
            json_bool(j, NULL, *(const bool *)p);
            break;
        case F_TIME:
            json_time(j, NULL, ((const time64 *)p)->ms);
            break;
        case F_LIST:
            list_write(j, f, p);
            break;
        case F_REF:
            if (((const struct ref *)p)->v)
                schema_write(j, NULL, f->of, ((const struct ref *)p)->v);
            else
                json_null(j, NULL);
            break;
        }
    }
    json_close(j);
}
