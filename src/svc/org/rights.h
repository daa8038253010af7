/* svc/org/rights.h: who holds which admin role: the list, giving and taking, confirming after a suspension, and the
 * hand-over of the super admin's role. Everything here that changes something is the super admin's alone (the operation
 * says so: OP_SUPER). What a built-in role reaches is fixed in core/perm.def; the others: svc/org/custom_role.h.
 * A change of a role holds for the open sessions of the member from the reply on; its console sessions end. */
#ifndef ENGAWA_SVC_ORG_RIGHTS_H
#define ENGAWA_SVC_ORG_RIGHTS_H

#include "svc/org/org.h"

#define HANDOVER_MS (INT64_C(24) * 3600 * 1000)           /* how long the new holder may take to confirm */

struct holder {
    id64 id, by;                                          /* by: who gave the role; ID_NONE: it came with the opening */
    sv login, family, given, family_reading, given_reading, language, by_family, by_given;
    enum role role;
    struct reach reach;
    id64 admin_role;                                      /* of ROLE_CUSTOM, with its name */
    sv admin_role_name;
    bool paused;
    enum member_status status;
    int64_t start_ms, granted_ms, console_ms;             /* console_ms: last use of the console; 0: never */
};

struct holders {
    struct holder *v;
    size_t n, cap;
};

/* The built-in roles first, widest reach first, then the others by name; each by reading. Paused and suspended holders are in it, deleted ones are not. */
bool rights_holders(struct ctx *x, struct holders *out);

/* ROLE_MEMBER takes the role away, ROLE_CUSTOM gives the company's own role `custom`. E_CONFIRM: the new role reaches a sensitive
 * submenu that the old one did not, and the danger was not confirmed. E_DENIED for the super admin and oneself. The member as it
 * was and as it is go to *before and *after. */
bool rights_grant(struct ctx *x, id64 member, enum role role, id64 custom, bool confirmed, struct member *before,
                  struct member *after);
/* Gives a paused role its force again. E_CONFLICT: nothing is paused, or the member is still suspended. */
bool rights_confirm(struct ctx *x, id64 id, struct member *out);

struct handover {
    id64 id, from, to;
    sv from_family, from_given, to_family, to_given;
    int64_t until_ms;
};

/* The open hand-over: false without a failure when there is none. */
bool rights_handover(struct ctx *x, struct handover *out);
/* E_CONFLICT: one is open already. E_DENIED: the member cannot work now, or is the super admin. */
bool rights_handover_begin(struct ctx *x, id64 to, struct handover *out);
/* Ends the open one, when the acting member gives or is to take; else there is nothing to end: true, out->id is 0. */
bool rights_handover_end(struct ctx *x, struct handover *out);
/* By the named member: both roles change in one step. E_NOT_FOUND: none is open for this member. True with out->id 0 for
 * who is the super admin already: the answer to the first try was lost. */
bool rights_handover_accept(struct ctx *x, struct handover *out);

#endif
