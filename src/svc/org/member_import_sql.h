/* svc/org/member_import_sql.h: the statements of the bulk add. */
#ifndef ENGAWA_SVC_ORG_MEMBER_IMPORT_SQL_H
#define ENGAWA_SVC_ORG_MEMBER_IMPORT_SQL_H

#include "svc/org/member_import.h"

/* Stored numbers: never renumber. */
enum { IMPORT_FILE_KIND = 3 };
enum import_state { IMPORT_OPEN = 0, IMPORT_DONE = 1 };

struct import_file {
    id64 id;
    sv name;
    enum import_state state;
    int64_t parts, size, expected;
};

struct import_name {
    id64 id, parent;
    int64_t kind;
    sv code, name;
};
struct import_names {
    struct import_name *v;
    size_t n, cap;
};

bool member_import_sql_add(struct ctx *x, const struct import_file *f);
bool member_import_sql_find(struct ctx *x, id64 id, struct import_file *out);
bool member_import_sql_part(struct ctx *x, id64 id, int64_t seq, sv bytes);
bool member_import_sql_same_part(struct ctx *x, id64 id, int64_t seq, sv bytes);
bool member_import_sql_bytes(struct ctx *x, const struct import_file *f, sv *out);
bool member_import_sql_done(struct ctx *x, id64 id, int64_t rows, sv hash);
bool member_import_sql_units(struct ctx *x, struct import_names *out);
bool member_import_sql_labels(struct ctx *x, struct import_names *out);
bool member_import_sql_mark(struct ctx *x, id64 member, id64 import);
bool member_import_sql_post(struct ctx *x, id64 member, const struct import_post *p, bool main);
bool member_import_sql_people(struct ctx *x, id64 import, const struct member *after, int64_t limit, struct members *out);

#endif
