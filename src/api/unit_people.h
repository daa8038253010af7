/* api/unit_people.h: a page of a unit's members; the console's and the members' answers are cut from the same struct. */
#ifndef ENGAWA_API_UNIT_PEOPLE_H
#define ENGAWA_API_UNIT_PEOPLE_H

#include "api/app.h"
#include "svc/org/unit.h"

extern const struct schema unit_page_query;

struct unit_person_out {
    id64 id, title;
    sv login, family, given, family_reading, given_reading, status, title_name;
    bool main, leader;
};
struct unit_people_out {
    struct list members;
    bool more;
};

/* `colleague`: what a colleague may see of them, nothing where units are not shown. */
bool unit_people_page(struct ctx *x, struct call *c, bool colleague, struct unit_people_out *out);
bool unit_leader_name(struct ctx *x, id64 leader, sv *out);   /* ID_NONE: empty */

#endif
