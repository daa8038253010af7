/* role/ctl_print.c: an answer for a person: names and values, a list of objects as columns. */
#include "role/ctl.h"

#include "base/log.h"
#include "base/utf8.h"

#include <stdio.h>

#define COLUMNS 12
#define NAMES   15                                        /* at least so wide */

/* What moves a terminal's cursor, breaks its lines or turns its text round never reaches it: escaped as in a log. */
static sv harmless(struct arena *a, sv text)
{
    struct str out = STR_IN(a);

    log_escape(&out, text);
    return str_sv(&out);
}

static sv raw(struct arena *a, const struct json_value *v)
{
    switch (v->type) {
    case JSON_NULL:
        return SV("-");
    case JSON_BOOL:
        return v->yes ? SV("yes") : SV("no");
    case JSON_NUMBER:
    case JSON_TEXT:
        return v->text;
    default:
        return json_write(a, v);
    }
}

static sv shown(struct arena *a, const struct json_value *v)
{
    return harmless(a, raw(a, v));
}

/* Cells as wide as they look: characters of East Asia take two places. */
static int width(sv text)
{
    uint32_t cp;
    int n = 0;

    for (size_t at = 0; utf8_next(text, &at, &cp);)
        n += cp >= 0x1100 && (cp <= 0x115F || (cp >= 0x2E80 && cp <= 0xFF60) || cp >= 0x1F300) ? 2 : 1;
    return n;
}

static void cell(sv text, int pad)
{
    printf("%.*s", SV_ARG(text));
    for (int i = width(text); i < pad; i++)
        putchar(' ');
}

/* The names of all rows' members, in the order in which they first come. */
static size_t columns(struct arena *a, const struct json_value *list, sv names[COLUMNS], int wide[COLUMNS])
{
    size_t n = 0;

    for (const struct json_value *r = list->child; r; r = r->next)
        for (const struct json_value *f = r->child; f; f = f->next) {
            size_t i = 0;
            while (i < n && !sv_equal(names[i], f->name))
                i++;
            if (i == COLUMNS)
                continue;
            if (i == n) {
                names[n] = f->name;
                wide[n++] = width(f->name);
            }
            int w = width(shown(a, f));
            wide[i] = w > wide[i] ? w : wide[i];
        }
    return n;
}

static void rows(struct arena *a, const struct json_value *list)
{
    sv names[COLUMNS];
    int wide[COLUMNS];
    size_t n = columns(a, list, names, wide);

    for (size_t i = 0; i < n; i++)
        cell(names[i], i + 1 < n ? wide[i] + 2 : 0);
    putchar('\n');
    for (const struct json_value *r = list->child; r; r = r->next) {
        for (size_t i = 0; i < n; i++) {
            const struct json_value *f = json_get(r, names[i]);
            cell(f ? shown(a, f) : SV(""), i + 1 < n ? wide[i] + 2 : 0);
        }
        putchar('\n');
    }
}

void ctl_print(const struct ctl *c, sv json)
{
    struct json_value v = {0};
    bool object = json_read(c->arena, json, &v, NULL) && v.type == JSON_OBJECT;

    if (c->json || !object) {                             /* \uXXXX means the same in JSON, which has no others; a file goes as it is */
        printf("%.*s\n", SV_ARG(object ? harmless(c->arena, json) : json));
        return;
    }
    int wide = NAMES;
    for (const struct json_value *f = v.child; f; f = f->next)
        wide = width(f->name) > wide ? width(f->name) : wide;
    for (const struct json_value *f = v.child; f; f = f->next) {
        bool table = f->type == JSON_ARRAY && f->child && f->child->type == JSON_OBJECT;
        if (table) {
            rows(c->arena, f);
            continue;
        }
        cell(f->name, wide + 1);
        cell(shown(c->arena, f), 0);
        putchar('\n');
    }
}
