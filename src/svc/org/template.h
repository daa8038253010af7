/* svc/org/template.h: permission templates (ACC-32…38): what a company calls a set of restricted cells (core/template.h), and to
 * whom it is bound: to permission types, and to members directly. A member has the one bound to it, else the one of its permission
 * type while types are in use, else 基本設定, which has no row, restricts nothing and cannot be deleted.
 * Whatever changes here binds open sessions from the reply on; their WebSockets come anew (close code 4404). */
#ifndef ENGAWA_SVC_ORG_TEMPLATE_H
#define ENGAWA_SVC_ORG_TEMPLATE_H

#include "svc/org/label.h"

#define TEMPLATES_MAX     100
#define TEMPLATE_NAME_MAX 50

struct template {
    id64 id;
    sv name;
    cell_set restricts;
    int64_t members, types;                               /* bound to it directly */
    int64_t held;                                         /* members who have it, by either way */
};
struct templates {
    struct template *v;
    size_t n, cap;
};

bool template_list(struct ctx *x, struct templates *out);                     /* by name */
bool template_find(struct ctx *x, id64 id, struct template *out);             /* or E_NOT_FOUND */
bool template_basic_held(struct ctx *x, int64_t *out);                        /* members of 基本設定 */

/* E_INVALID_VALUE with the field: a name that is blank or too long; no talk in a mobile app that is allowed (ACC-33).
 * E_NAME_TAKEN: another one has the name, 基本設定 too; width, case and kana do not count. */
bool template_add(struct ctx *x, sv name, cell_set restricts, struct template *out);
bool template_put(struct ctx *x, id64 id, sv name, cell_set restricts, struct template *before, struct template *after);
/* E_TEMPLATE_USED with the number of members who would have another one, or of types where none would, unless confirmed. */
bool template_delete(struct ctx *x, id64 id, bool confirmed, struct template *before);

/* Of a permission type; ID_NONE: none any more. E_TEMPLATE_OTHER with the number of members concerned: it has another one, and that
 * it be replaced was not confirmed. */
struct type_binding {
    id64 label, template, before;
    sv name;                                              /* of the type, in the list */
    int64_t concerned;                                    /* members who have another template since */
};
struct type_bindings {
    struct type_binding *v;
    size_t n, cap;
};
bool template_bind_type(struct ctx *x, struct type_binding *b, bool confirmed);
bool template_of_types(struct ctx *x, struct type_bindings *out);             /* of all types, in their order: label, name, template */

/* Of a member whose reach the actor has (ACC-08); ID_NONE: none directly any more. */
bool template_bind_member(struct ctx *x, id64 member, id64 template, id64 *before);
struct member_template {
    id64 direct, by_type;                                 /* ID_NONE: none. by_type counts while types are in use alone */
    id64 has;                                             /* the one that decides; ID_NONE: 基本設定 */
};
bool template_of_member(struct ctx *x, id64 member, struct member_template *out);
/* Those whom it is bound to directly, by reading, behind the member `after`. */
bool template_members(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more);

#endif
