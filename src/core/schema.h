/* core/schema.h: a schema binds JSON to a struct: input is parsed by it, output is written by it, and
 * `engawad --describe` prints it, so that the three cannot disagree. FIELD takes the type from the member, so table
 * and struct cannot either; without a .doc it does not compile.
 *     static const struct field post_in_fields[] = { FIELD(struct post_in, text, .need = true, .max = 100, .doc = "…") };
 *     const struct schema post_in = SCHEMA("post_in", struct post_in, post_in_fields);
 * Input: an unknown name, a wrong type, a value out of bounds or a missing needed field is E_INVALID_VALUE with the
 * field's name, and nothing else happens. */
#ifndef ENGAWA_CORE_SCHEMA_H
#define ENGAWA_CORE_SCHEMA_H

#include "base/failure.h"
#include "base/json.h"

/* A time in a struct: UTC ms, negative = none (null in JSON). */
typedef struct {
    int64_t ms;
} time64;

/* Elements of one kind: `v` points to n structs of the field's schema, or to n id64. */
struct list {
    const void *v;
    size_t n;
};

/* A struct of the field's schema, or NULL. */
struct ref {
    const void *v;
};

enum field_type { F_TEXT, F_ID, F_INT, F_BOOL, F_TIME, F_LIST, F_REF };

struct field {
    const char *name, *doc;
    sv key;                                               /* the name as it is written: ,"name": */
    enum field_type type;
    size_t at;                                            /* offset in the struct */
    const struct schema *of;                              /* F_LIST and F_REF; F_LIST of ids: NULL */
    int64_t min, max;                                     /* F_INT: bounds (max 0: none); F_TEXT: code points; F_LIST: elements */
    bool need;                                            /* input: must be there */
    bool null;                                            /* output: may be null */
    bool sparse;                                          /* output: left out while it is empty: nobody sees that it exists */
    bool json;                                            /* F_TEXT, output: the text is JSON of this process */
    bool lines;                                           /* F_TEXT: line feeds and tabs are allowed */
    const char *one_of;                                   /* F_TEXT: values parted by '|' */
};

struct schema {
    const char *name;
    size_t size;
    const struct field *fields;
    size_t n;
};

#define FIELD_TYPE(s, m)                                                                            \
    _Generic(((s *)0)->m, sv: F_TEXT, id64: F_ID, int64_t: F_INT, bool: F_BOOL, time64: F_TIME,     \
             struct list: F_LIST, struct ref: F_REF)
#define FIELD_NAME(title) .name = title, .key = {",\"" title "\":", sizeof(",\"" title "\":") - 1}
#define FIELD(s, m, ...) {FIELD_NAME(#m), .type = FIELD_TYPE(s, m), .at = offsetof(s, m), __VA_ARGS__}
/* A member whose name in JSON is no word of C's to use. */
#define FIELD_AS(title, s, m, ...) {FIELD_NAME(title), .type = FIELD_TYPE(s, m), .at = offsetof(s, m), __VA_ARGS__}
#define SCHEMA(title, s, list) {.name = title, .size = sizeof(s), .fields = list, .n = COUNT(list)}

/* `out` is a zeroed struct of s->size bytes; texts are borrowed from the value's arena. */
bool schema_read(struct arena *a, const struct schema *s, const struct json_value *v, void *out, struct failure *f);
/* "limit=50&before=12": the same rules; percent-decoded; a name twice is refused. */
bool schema_read_query(struct arena *a, const struct schema *s, sv query, void *out, struct failure *f);
void schema_write(struct json *j, const char *name, const struct schema *s, const void *in);
/* Percent-decoding of a path part or query value; '+' stays. False: malformed, NUL or not UTF-8. */
bool percent_read(struct arena *a, sv text, sv *out);

#endif
