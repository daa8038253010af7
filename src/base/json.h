/* base/json.h: a strict reader (RFC 8259 and I-JSON's rules) and a typed writer.
 * Reader: json_read() makes a tree in an arena, then json_get()/json_at(). Refused: duplicate names, NUL in text,
 * lone surrogates, numbers out of the range of double, depth above 64, anything after the value.
 * Writer: json_open() … json_text(j, "name", v) … json_close(); commas and escapes are its business. */
#ifndef ENGAWA_BASE_JSON_H
#define ENGAWA_BASE_JSON_H

#include "base/str.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

#define JSON_DEPTH_MAX 64

struct json_value {
    enum json_type type;
    bool     yes;                 /* JSON_BOOL */
    bool     whole;               /* JSON_NUMBER: written without fraction or exponent and fits int64: `i` */
    int64_t  i;
    double   number;
    sv       text;                /* JSON_TEXT: unescaped; JSON_NUMBER: as written */
    sv       name;                /* of a member of an object */
    struct json_value *child;     /* first element or member */
    struct json_value *next;      /* next of the same parent */
};

/* False: malformed. `*error` (may be NULL) is then a literal that says why. */
bool json_read(struct arena *a, sv text, struct json_value *out, const char **error);

const struct json_value *json_get(const struct json_value *object, sv name);   /* NULL: absent or no object */
sv json_write(struct arena *a, const struct json_value *v);                     /* the tree as text */

struct json {
    struct str *out;
    bool comma;                   /* the next element needs one */
};

#define JSON_TO(str_ptr) ((struct json){.out = (str_ptr)})

/* A `name` of NULL writes an element of an array (or the value at the top), or what json_key() has named. */
void json_key(struct json *j, sv key);                    /* a name as it is written, its comma before it: ,"name": */
void json_more(struct json *j, size_t n);                 /* about so many bytes are to come: room for them at once */
void json_open(struct json *j, const char *name);         /* { */
void json_close(struct json *j);                          /* } */
void json_list(struct json *j, const char *name);         /* [ */
void json_list_end(struct json *j);                       /* ] */
void json_text(struct json *j, const char *name, sv v);   /* must be valid UTF-8 */
void json_int(struct json *j, const char *name, int64_t v);
void json_id(struct json *j, const char *name, id64 v);   /* as a string: JavaScript loses bits above 2^53 */
void json_bool(struct json *j, const char *name, bool v);
void json_time(struct json *j, const char *name, int64_t ms);   /* RFC 3339, UTC; negative: null */
void json_null(struct json *j, const char *name);
void json_raw(struct json *j, const char *name, sv text); /* `text` is JSON that this process wrote */

#endif
