/* role/ctl_people.h: for the imports: who of the tenant's members is meant by a name of a file.
 *     ctl_people_names() -> ctl_people_find() -> ctl_people_named() … */
#ifndef ENGAWA_ROLE_CTL_PEOPLE_H
#define ENGAWA_ROLE_CTL_PEOPLE_H

#include "role/ctl.h"

struct ctl_person {
    sv name, login, id;                                   /* login and id "": no member */
};

struct ctl_colleague {
    sv login, id, family, given;
};

struct ctl_people {
    struct ctl *c;
    VEC(struct ctl_person) named;                         /* of the file of --names */
    VEC(sv) names;
    VEC(struct ctl_colleague) members;
};

bool ctl_people_names(struct ctl_people *m);              /* false: said why */
int  ctl_people_find(struct ctl_people *m);               /* reads the members; complains about a login that nobody has */
/* The member's id. The names file decides; else the one member of that name. "": nobody, the name stays text. */
sv   ctl_people_named(const struct ctl_people *m, sv name);

/* Calls an operation of the tenant, says what was refused, reads the answer. */
int  ctl_ask(struct ctl *c, sv op, sv json, struct json_value *out);
/* Control characters other than line feeds and tabs have no place in a message. */
sv   ctl_plain(struct arena *a, sv text, bool lines);

#endif
