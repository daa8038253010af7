/* base/json_read.c: recursive descent over a bounded depth; the first error ends it. */
#include "base/json.h"
#include "base/map.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FEW 16                                            /* members whose names are compared one by one */

struct reader {
    struct arena *arena;
    sv s;
    size_t at;
    const char *error;
};

static bool bad(struct reader *r, const char *why)
{
    if (!r->error)
        r->error = why;
    return false;
}

static int peek(const struct reader *r)
{
    return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

static void blanks(struct reader *r)
{
    int c;

    while ((c = peek(r)) == ' ' || c == '\t' || c == '\n' || c == '\r')
        r->at++;
}

static bool word(struct reader *r, sv w)
{
    if (!sv_starts(sv_from(r->s, r->at), w))
        return bad(r, "unknown word");
    r->at += w.n;
    return true;
}

static bool hex4(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++) {
        int c = peek(r);
        if (c >= '0' && c <= '9')
            c -= '0';
        else if (c >= 'a' && c <= 'f')
            c -= 'a' - 10;
        else if (c >= 'A' && c <= 'F')
            c -= 'A' - 10;
        else
            return bad(r, "bad \\u escape");
        v = v << 4 | (uint32_t)c;
        r->at++;
    }
    *out = v;
    return true;
}

static bool escape(struct reader *r, struct str *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = peek(r);
    const char *hit = c > 0 ? strchr(from, c) : NULL;
    uint32_t cp, low;

    r->at++;
    if (hit) {
        str_char(out, to[hit - from]);
        return true;
    }
    if (c != 'u')
        return bad(r, "unknown escape");
    if (!hex4(r, &cp))
        return false;
    if (cp >= 0xD800 && cp <= 0xDBFF) {
        if (!sv_starts(sv_from(r->s, r->at), SV("\\u")))
            return bad(r, "lone surrogate");
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return bad(r, "lone surrogate");
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    } else if (cp >= 0xDC00 && cp <= 0xDFFF) {
        return bad(r, "lone surrogate");
    }
    if (cp == 0)
        return bad(r, "NUL in text");
    utf8_put(out, cp);
    return true;
}

/* The input as a whole is valid UTF-8, checked by json_read(). */
static bool text(struct reader *r, sv *out)
{
    struct str s = STR_IN(r->arena);
    bool escaped = false;
    size_t from = ++r->at;

    for (;;) {
        int c = peek(r);
        if (c < 0)
            return bad(r, "text without end");
        if (c < 0x20)
            return bad(r, "control character in text");
        if (c != '"' && c != '\\') {
            r->at++;
            continue;
        }
        if (c == '\\' || escaped)
            str_bytes(&s, r->s.p + from, r->at - from);
        if (c == '"') {
            *out = escaped ? str_sv(&s) : sv_n(r->s.p + from, r->at - from);
            r->at++;
            return true;
        }
        escaped = true;
        r->at++;
        if (!escape(r, &s))
            return false;
        from = r->at;
    }
}

static size_t digits(struct reader *r)
{
    size_t from = r->at;

    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at - from;
}

static bool number(struct reader *r, struct json_value *v)
{
    size_t from = r->at;
    char buf[64];

    v->type = JSON_NUMBER;
    v->whole = true;
    if (peek(r) == '-')
        r->at++;
    int first = peek(r);
    size_t n = digits(r);
    if (n == 0 || (first == '0' && n > 1))
        return bad(r, "bad number");
    if (peek(r) == '.') {
        v->whole = false;
        r->at++;
        if (digits(r) == 0)
            return bad(r, "bad number");
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        v->whole = false;
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (digits(r) == 0)
            return bad(r, "bad number");
    }
    v->text = sv_n(r->s.p + from, r->at - from);
    if (v->text.n >= sizeof(buf))
        return bad(r, "number too long");
    memcpy(buf, v->text.p, v->text.n);
    buf[v->text.n] = '\0';
    v->number = strtod(buf, NULL);
    if (!isfinite(v->number))
        return bad(r, "number out of range");
    v->whole = v->whole && sv_int(v->text, &v->i);
    return true;
}

static bool value(struct reader *r, struct json_value *v, int depth);

/* Looks for the name among the earlier members: by walking while they are few, by a map of hashes beyond. */
static bool is_new(struct map *seen, const struct json_value *first, const struct json_value *v, size_t count)
{
    if (count > FEW && !map_put(seen, sv_hash(v->name, seen->seed), (void *)(uintptr_t)v))
        return true;
    for (const struct json_value *c = first; c && c != v; c = c->next)
        if (sv_equal(c->name, v->name))
            return false;
    return true;
}

static bool member(struct reader *r, struct json_value *c, int depth)
{
    if (peek(r) != '"')
        return bad(r, "a name must be text");
    if (!text(r, &c->name))
        return false;
    blanks(r);
    if (peek(r) != ':')
        return bad(r, "missing colon");
    r->at++;
    sv name = c->name;
    if (!value(r, c, depth))
        return false;
    c->name = name;
    return true;
}

static bool children(struct reader *r, struct json_value *v, int depth, struct map *seen)
{
    struct json_value **tail = &v->child;
    char end = v->type == JSON_OBJECT ? '}' : ']';
    size_t count = 0;

    r->at++;
    blanks(r);
    if (peek(r) == end) {
        r->at++;
        return true;
    }
    for (;;) {
        struct json_value *c = ANEW(r->arena, struct json_value);
        blanks(r);
        if (!(v->type == JSON_OBJECT ? member(r, c, depth + 1) : value(r, c, depth + 1)))
            return false;
        *tail = c;
        tail = &c->next;
        if (v->type == JSON_OBJECT && count == FEW)
            for (const struct json_value *e = v->child; e; e = e->next)
                map_put(seen, sv_hash(e->name, seen->seed), (void *)(uintptr_t)e);
        if (v->type == JSON_OBJECT && !is_new(seen, v->child, c, count))
            return bad(r, "a name stands twice");
        count++;
        blanks(r);
        int sep = peek(r);
        if (sep != ',' && sep != end)
            return bad(r, "missing comma or end");
        r->at++;
        if (sep == end)
            return true;
    }
}

static bool value(struct reader *r, struct json_value *v, int depth)
{
    struct map seen;
    bool ok;

    if (depth > JSON_DEPTH_MAX)
        return bad(r, "too deep");
    blanks(r);
    *v = (struct json_value){.type = JSON_NULL};
    switch (peek(r)) {
    case '{':
    case '[':
        v->type = peek(r) == '{' ? JSON_OBJECT : JSON_ARRAY;
        map_init(&seen, 0x9e3779b97f4a7c15u);
        ok = children(r, v, depth, &seen);
        map_release(&seen);
        return ok;
    case '"':
        v->type = JSON_TEXT;
        return text(r, &v->text);
    case 't':
        v->type = JSON_BOOL;
        v->yes = true;
        return word(r, SV("true"));
    case 'f':
        v->type = JSON_BOOL;
        return word(r, SV("false"));
    case 'n':
        return word(r, SV("null"));
    default:
        return number(r, v);
    }
}

bool json_read(struct arena *a, sv input, struct json_value *out, const char **error)
{
    struct reader r = {.arena = a, .s = input};
    bool ok = utf8_valid(input) ? true : bad(&r, "not UTF-8");

    ok = ok && value(&r, out, 1);
    if (ok) {
        blanks(&r);
        if (r.at != input.n)
            ok = bad(&r, "something follows the value");
    }
    if (ok && memchr(input.p ? input.p : "", '\0', input.n))
        ok = bad(&r, "NUL in text");
    if (error)
        *error = r.error;
    return ok;
}

const struct json_value *json_get(const struct json_value *object, sv name)
{
    if (!object || object->type != JSON_OBJECT)
        return NULL;
    for (const struct json_value *c = object->child; c; c = c->next)
        if (sv_equal(c->name, name))
            return c;
    return NULL;
}
