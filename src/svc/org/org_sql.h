/* svc/org/org_sql.h: the statements of org, one function each. */
#ifndef ENGAWA_SVC_ORG_ORG_SQL_H
#define ENGAWA_SVC_ORG_ORG_SQL_H

#include "core/schema.h"
#include "svc/org/org.h"

bool org_sql_find(struct ctx *x, id64 id, struct member *out);             /* also a deleted one; false without failure: none */
bool org_sql_list(struct ctx *x, const struct member *after, int64_t limit, struct members *out);
bool org_sql_count(struct ctx *x, int64_t *n);                             /* all but the deleted ones */
bool org_sql_seats(struct ctx *x, int64_t *used, int64_t *booked);         /* booked: with those not yet started */

/* Members as lists name them: all rows of a statement whose first columns are MEMBER_BRIEF. */
#define MEMBER_BRIEF "m.id, m.login, m.family, m.given, m.family_reading, m.given_reading"
bool org_sql_brief(struct ctx *x, struct rows *r, struct members *out);

/* What a search looks at, in the order of the list. */
struct member_row {
    id64 id;
    enum member_status status;                            /* as stored */
    struct leave leave;
    int64_t start_ms, deleted_ms;
};
struct member_scan {
    struct rows rows;
};
/* All members, or (unit) those of a unit; `deleted`: the deleted ones instead. */
struct member_scan org_sql_scan(struct ctx *x, id64 unit, bool deleted);
bool org_sql_scan_next(struct member_scan *s, struct member_row *out);
/* Of the row just read: what its search compares. */
sv   org_sql_scan_folded(const struct member_scan *s);
sv   org_sql_scan_profile(struct member_scan *s, const struct member_row *row);

bool org_sql_add(struct ctx *x, struct member *m, sv password_hash);       /* false without failure: login or number taken */
bool org_sql_edit(struct ctx *x, struct member *m);
bool org_sql_number_taken(struct ctx *x, sv employee_number, id64 but);
bool org_sql_login_owner(struct ctx *x, sv login, id64 *id);               /* also of a deleted one; false: nobody */
bool org_sql_login_held(struct ctx *x, sv login, id64 but);              /* for somebody else than this member */
bool org_sql_login_hold(struct ctx *x, sv login, id64 member, int64_t until_ms);
bool org_sql_login_free(struct ctx *x, sv login);
bool org_sql_rename(struct ctx *x, id64 id, sv login);
bool org_sql_label_exists(struct ctx *x, id64 label, int64_t kind);

bool org_sql_status(struct ctx *x, id64 id, enum member_status s);
bool org_sql_leave(struct ctx *x, id64 id, const struct leave *l);
bool org_sql_role_pause(struct ctx *x, id64 id);          /* an admin role, until the super admin confirms it */
bool org_sql_start(struct ctx *x, id64 id, int64_t start_ms);
bool org_sql_role(struct ctx *x, id64 id, enum role r);
bool org_sql_delete(struct ctx *x, id64 id);
bool org_sql_restore(struct ctx *x, id64 id);
bool org_sql_erase(struct ctx *x, id64 id);

bool org_sql_leaves_over(struct ctx *x);
/* Ids: whose suspending leave is over, or has begun; who was deleted long ago. */
bool org_sql_due(struct ctx *x, struct list *lifted, struct list *suspend, struct list *erase);
bool org_sql_held_over(struct ctx *x);

#endif
