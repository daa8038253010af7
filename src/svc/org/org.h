/* svc/org/org.h: the members of a tenant: their record, their state, their admin role.
 * Reads work on any thread; what changes something runs on the writer inside an operation's savepoint.
 * A member that does not exist or is deleted is E_NOT_FOUND, always. */
#ifndef ENGAWA_SVC_ORG_ORG_H
#define ENGAWA_SVC_ORG_ORG_H

#include "core/ctx.h"
#include "core/member_state.h"

struct member {
    id64 id;
    sv login, family, given, family_reading, given_reading, language;
    enum role role;                                       /* as granted; without force while role_paused */
    bool role_paused;                                     /* it was suspended: until the super admin confirms the role */
    enum member_status status;
    int64_t start_ms, seen_ms;                            /* seen_ms: 0 never */
};

struct members {
    struct member *v;
    size_t n, cap;
};

/* "active", "suspended", or "not_started" while the start date lies ahead. */
const char *org_member_state(const struct member *m, int64_t now_ms);

bool org_member_find(struct ctx *x, id64 id, struct member *out);
/* Sorted by reading; those after the member `after` (ID_NONE: from the first). *more: there are further ones. */
bool org_member_list(struct ctx *x, id64 after, int64_t limit, struct members *out, bool *more);

/* `m->id` is made here; the password's hash comes from account. E_CONFLICT: the login is taken. */
bool org_member_add(struct ctx *x, struct member *m, sv password_hash);
/* a-z 0-9 . _ - , 1 … 64, begins with a letter or digit. E_INVALID_VALUE field "login". */
bool org_login_check(struct ctx *x, sv login);

/* The member on whom the acting admin wants to act: E_DENIED for the super admin, for oneself and for an admin who
 * reaches more than the actor (ACC-08). Whoever changes a member's account asks here first. */
bool org_member_target(struct ctx *x, id64 id, struct member *out);
/* All sessions of the member end with the reply. An admin role comes back from a suspension only when it is confirmed. */
bool org_member_suspend(struct ctx *x, id64 id);
bool org_member_resume(struct ctx *x, id64 id);
bool org_member_delete(struct ctx *x, id64 id);
bool org_member_logout(struct ctx *x, id64 id);
/* Ends the member's sessions: a session has the role it began with. The super admin's role moves nowhere here. */
bool org_member_role(struct ctx *x, id64 id, enum role role);

#endif
