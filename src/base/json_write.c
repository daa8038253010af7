/* base/json_write.c: the typed writer. Text is escaped so that it is also safe inside HTML and JavaScript. */
#include "base/json.h"
#include "base/clock.h"

#include <string.h>

/* Sixteen bytes at once, by whatever the processor has for it (an extension of both compilers). */
typedef unsigned char bytes16 __attribute__((vector_size(16)));

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

/* How many bytes from `p` on need no escape: most texts need none. The last sixteen are looked at again with some that
 * were looked at before. */
static size_t plain_bytes(const char *p, size_t n)
{
    size_t i = 0, many = sizeof(bytes16);

    while (i + many <= n && plain_all(p + i))
        i += many;
    if (n >= many && i + many > n && plain_all(p + n - many))
        return n;
    while (i < n && plain((unsigned char)p[i]))
        i++;
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
    size_t n = plain_bytes(v.p, v.n);

    *to = '"';
    if (n)                                                /* an empty text may have no address */
        memcpy(to + 1, v.p, n);
    str_grew(out, n + 1);
    while (n < v.n) {
        escaped(out, (unsigned char)v.p[n++]);
        size_t more = plain_bytes(v.p + n, v.n - n);
        str_bytes(out, v.p + n, more);
        n += more;
    }
    str_char(out, '"');
}

static void begin(struct json *j, const char *name)
{
    if (j->comma)
        str_char(j->out, ',');
    j->comma = true;
    if (name) {
        quoted(j->out, sv_c(name));
        str_char(j->out, ':');
    }
}

void json_key(struct json *j, sv key)
{
    str_put(j->out, j->comma ? key : sv_from(key, 1));
    j->comma = false;
}

void json_open(struct json *j, const char *name)
{
    begin(j, name);
    str_char(j->out, '{');
    j->comma = false;
}

void json_close(struct json *j)
{
    str_char(j->out, '}');
    j->comma = true;
}

void json_list(struct json *j, const char *name)
{
    begin(j, name);
    str_char(j->out, '[');
    j->comma = false;
}

void json_list_end(struct json *j)
{
    str_char(j->out, ']');
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
    str_char(j->out, '"');
    str_int(j->out, v.n);
    str_char(j->out, '"');
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
    str_char(j->out, '"');
    time_put(j->out, ms);
    str_char(j->out, '"');
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
