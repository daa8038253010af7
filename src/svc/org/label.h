/* svc/org/label.h: titles, grades and permission types: three ordered lists of names that members carry. A title is held
 * per unit, grade and permission type by the member. What a setting switches off is kept, but no answer to members
 * carries it. A label that does not exist is E_NOT_FOUND. */
#ifndef ENGAWA_SVC_ORG_LABEL_H
#define ENGAWA_SVC_ORG_LABEL_H

#include "svc/org/org.h"

#define LABEL_NAME_MAX 50
#define LABELS_MAX     200                                /* of one kind */

/* Stored numbers: never renumber. */
enum label_kind { LABEL_NONE, LABEL_TITLE = 1, LABEL_GRADE = 2, LABEL_PERMTYPE = 3, LABEL_KINDS };

struct label {
    id64 id;
    enum label_kind kind;
    sv name;
    int64_t place, holders;
};
struct labels {
    struct label *v;
    size_t n, cap;
};

const char *label_kind_name(enum label_kind k);           /* "title", "grade", "permtype" */
bool label_kind_find(sv name, enum label_kind *out);
bool label_used(struct ctx *x, enum label_kind k);        /* the setting: are they in use at all? */

bool label_find(struct ctx *x, id64 id, struct label *out);
/* One of this kind, or ID_NONE: what a member may be given. */
bool label_check(struct ctx *x, enum label_kind k, id64 id);
/* The grade or permission type that a member has; id ID_NONE and name "" when it has none. */
bool label_of(struct ctx *x, id64 member, enum label_kind k, struct label *out);
bool label_list(struct ctx *x, struct labels *out);       /* all kinds, each in its order */
bool label_holders(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more);

bool label_add(struct ctx *x, enum label_kind k, sv name, id64 *id);        /* at the end; E_NAME_TAKEN */
bool label_rename(struct ctx *x, id64 id, sv name);
bool label_move(struct ctx *x, id64 id, id64 before);     /* before another of its kind; ID_NONE: to the end */
bool label_delete(struct ctx *x, id64 id);                /* E_LABEL_IN_USE with the number of holders */

#endif
