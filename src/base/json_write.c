/* base/json_write.c: the typed writer. Text is escaped so that it is also safe inside HTML and JavaScript. */
#include "base/json.h"
#include "base/clock.h"

#include <string.h>

/* Sixteen bytes at once, by whatever the processor has for it (an extension of both compilers). */
typedef unsigned char bytes16 __attribute__((vector_size(16)));

static inline void byte(struct str *out, char c)
{
    *str_room(out, 1) = c;
    str_grew(out, 1);
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && c != '<';
}

static inline bool plain_all(const char *p)
{
    bytes16 v;
    uint64_t odd[2];

    memcpy(&v, p, sizeof(v));
    v = (bytes16)((v < 0x20) | (v == '"') | (v == '\\') | (v == 0x7F) | (v == '<'));
    memcpy(odd, &v, sizeof(odd));
    return (odd[0] | odd[1]) == 0;
}

/* Copies what needs no escape, up to the first byte that does, and says how many bytes those are: most texts need none. The
 * last sixteen are looked at again with some that were looked at before. `to` has room for `n`; behind what was copied it may
 * hold anything. */
static size_t plain_copy(char *to, const char *p, size_t n)
{
    size_t i = 0, many = sizeof(bytes16);

    while (i + many <= n && plain_all(p + i)) {
        memcpy(to + i, p + i, many);
        i += many;
    }
    if (n >= many && i + many > n && plain_all(p + n - many)) {
        memcpy(to + n - many, p + n - many, many);
        return n;
    }
    for (; i < n && plain((unsigned char)p[i]); i++)
        to[i] = p[i];
    return i;
}

static void escaped(struct str *out, unsigned char c)
{
    if (c == '"' || c == '\\') {
        str_char(out, '\\');
        str_char(out, (char)c);
    } else if (c == '\n') {
        str_put(out, SV("\\n"));
    } else {
        str_printf(out, "\\u%04x", c);
    }
}

static void quoted(struct str *out, sv v)
{
    char *to = str_room(out, v.n + 2);                    /* what it takes without an escape */
    size_t n = plain_copy(to + 1, v.p, v.n);

    *to = '"';
    str_grew(out, n + 1);
    while (n < v.n) {
        escaped(out, (unsigned char)v.p[n++]);
        size_t more = plain_copy(str_room(out, v.n - n), v.p + n, v.n - n);
        str_grew(out, more);
        n += more;
    }
    byte(out, '"');
}

static void named(struct json *j, const char *name)
{
    quoted(j->out, sv_c(name));
    byte(j->out, ':');
}

static inline void begin(struct json *j, const char *name)
{
    if (j->comma)
        byte(j->out, ',');
    j->comma = true;
    if (name)
        named(j, name);
}

void json_key(struct json *j, sv key)
{
    sv as = j->comma ? key : sv_from(key, 1);
    char *to = str_room(j->out, as.n);

    if (as.n >= 8 && as.n <= 16) {                        /* most names: two pieces that may overlap, without a call */
        uint64_t first, last;
        memcpy(&first, as.p, 8);
        memcpy(&last, as.p + as.n - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + as.n - 8, &last, 8);
    } else {
        memcpy(to, as.p, as.n);
    }
    str_grew(j->out, as.n);
    j->comma = false;
}

void json_more(struct json *j, size_t n)
{
    str_room(j->out, n);
}

void json_open(struct json *j, const char *name)
{
    begin(j, name);
    byte(j->out, '{');
    j->comma = false;
}

void json_close(struct json *j)
{
    byte(j->out, '}');
    j->comma = true;
}

void json_list(struct json *j, const char *name)
{
    begin(j, name);
    byte(j->out, '[');
    j->comma = false;
}

void json_list_end(struct json *j)
{
    byte(j->out, ']');
    j->comma = true;
}

void json_text(struct json *j, const char *name, sv v)
{
    begin(j, name);
    quoted(j->out, v);
}

void json_int(struct json *j, const char *name, int64_t v)
{
    begin(j, name);
    str_int(j->out, v);
}

void json_id(struct json *j, const char *name, id64 v)
{
    begin(j, name);
    char *to = str_room(j->out, DIGITS_ROOM + 2), *end;
    *to = '"';
    end = digits_put(to + 1, v.n);
    *end++ = '"';
    str_grew(j->out, (size_t)(end - to));
}

void json_bool(struct json *j, const char *name, bool v)
{
    begin(j, name);
    str_put(j->out, v ? SV("true") : SV("false"));
}

void json_time(struct json *j, const char *name, int64_t ms)
{
    if (ms < 0) {
        json_null(j, name);
        return;
    }
    begin(j, name);
    byte(j->out, '"');
    time_put(j->out, ms);
    byte(j->out, '"');
}

void json_null(struct json *j, const char *name)
{
    begin(j, name);
    str_put(j->out, SV("null"));
}

void json_raw(struct json *j, const char *name, sv text)
{
    begin(j, name);
    str_put(j->out, text);
}

static void tree(struct json *j, const char *name, const struct json_value *v)
{
    struct str key = {0};

    switch (v->type) {
    case JSON_NULL:
        json_null(j, name);
        break;
    case JSON_BOOL:
        json_bool(j, name, v->yes);
        break;
    case JSON_NUMBER:
        json_raw(j, name, v->text);
        break;
    case JSON_TEXT:
        json_text(j, name, v->text);
        break;
    case JSON_ARRAY:
        json_list(j, name);
        for (const struct json_value *c = v->child; c; c = c->next)
            tree(j, NULL, c);
        json_list_end(j);
        break;
    case JSON_OBJECT:
        json_open(j, name);
        for (const struct json_value *c = v->child; c; c = c->next) {
            str_reset(&key);
            str_put(&key, c->name);
            str_char(&key, '\0');
            tree(j, key.p, c);
        }
        json_close(j);
        break;
    }
    str_release(&key);
}

sv json_write(struct arena *a, const struct json_value *v)
{
    struct str out = STR_IN(a);
    struct json j = JSON_TO(&out);

    tree(&j, NULL, v);
    return str_sv(&out);
}
