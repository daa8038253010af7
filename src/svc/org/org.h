/* svc/org/org.h: the members of a tenant: their record, their state, their admin role.
 * Reads work on any thread; what changes something runs on the writer inside an operation's savepoint.
 * A member that does not exist or is deleted is E_NOT_FOUND, always, but for the functions that name the deleted ones. */
#ifndef ENGAWA_SVC_ORG_ORG_H
#define ENGAWA_SVC_ORG_ORG_H

#include "core/ctx.h"
#include "core/member_state.h"
#include "svc/org/org_field.h"

struct member {
    id64 id;
    sv login, family, given, family_reading, given_reading, nickname, employee_number, language;
    sv phone, mobile, private_mail, workplace, duties, sns, birthday, join_date, related_contact;   /* "": not given */
    id64 grade, permtype;                                 /* ID_NONE: none */
    sv presence;
    enum role role;                                       /* as granted; without force while role_paused */
    struct reach reach;                                   /* of the role, the same */
    id64 admin_role;                                      /* which one, of ROLE_CUSTOM */
    sv admin_role_name;                                   /* its name; "" of a built-in one */
    bool role_paused;                                     /* it was suspended: until the super admin confirms the role */
    enum member_status status;                            /* as of now: suspended also while a leave says so */
    enum member_status stored_status;
    struct leave leave;
    bool app_suspended;                                   /* member.app_suspended */
    int64_t start_ms, seen_ms, made_ms, photo_ms, deleted_ms;   /* seen_ms: 0 never; photo_ms: 0 no photo */
};

struct members {
    struct member *v;
    size_t n, cap;
};

#define MEMBER_RESTORE_MS (30 * INT64_C(86400000))        /* a deleted member can come back, an ID stays held */

/* "active", "suspended", "deleted", or "not_started" while the start date lies ahead. */
const char *org_member_state(const struct member *m, int64_t now_ms);
/* Today by the tenant's own time zone, and the first moment of a day of it. */
int64_t org_today(const struct ctx *x);
int64_t org_day_ms(const struct ctx *x, int64_t day);
/* "YYYY-MM-DD" -> the first moment of that day. E_INVALID_VALUE with `field`. */
bool org_day_read(struct ctx *x, const char *field, sv date, int64_t *ms);

bool org_member_find(struct ctx *x, id64 id, struct member *out);
bool org_member_named(struct ctx *x, sv login, struct member *out);        /* by the part of its Engawa ID before @ */
/* Also one that was deleted and can still come back. */
bool org_member_find_any(struct ctx *x, id64 id, struct member *out);

/* Which members, and which page of them: sorted by reading. */
enum member_filter { FILTER_NONE, FILTER_ACTIVE, FILTER_NOT_STARTED, FILTER_SUSPENDED, FILTER_ON_LEAVE, FILTER_DELETED };
struct member_query {
    sv q;                                                 /* words, all of which must stand in one of the fields */
    enum member_filter filter;
    id64 unit;                                            /* only members of this unit */
    id64 after;                                           /* continue behind this member; ID_NONE: from the first */
    int64_t limit;
    bool colleague;                                       /* asked by a plain member: hidden fields are not searched */
};
struct member_page {
    struct members members;
    int64_t total;                                        /* of all pages */
    bool more;
};
bool org_member_search(struct ctx *x, const struct member_query *q, struct member_page *out);
/* All members, sorted by reading; those after the member `after` (ID_NONE: from the first). *more: there are further ones. */
bool org_member_list(struct ctx *x, id64 after, int64_t limit, struct members *out, bool *more);

/* `m->id` is made here; the password's hash comes from account ("": none yet). Checks every field of the record, the ID
 * and the seats. E_LOGIN_TAKEN, E_NUMBER_TAKEN, E_SEATS. A start_ms of 0 is now. */
bool org_member_add(struct ctx *x, struct member *m, sv password_hash);
/* For many at once: what org_member_add() asks of one but the seats, without writing; the seats of all; and the writing of
 * one that was checked, without a password. */
bool org_member_check(struct ctx *x, struct member *m);
bool org_seats_for(struct ctx *x, int64_t now, int64_t later);   /* how many begin at once, how many on a day to come */
bool org_member_put(struct ctx *x, struct member *m);
/* 1 … 40 of a-z 0-9 . _ - , begins with a letter or digit. E_INVALID_VALUE field "login". */
bool org_login_check(struct ctx *x, sv login);
/* Takes the fields of `mask` (org_field.h) from `to`, checked; what the tenant does not use is E_DENIED. `*changed` gets
 * those that differ. Whether the acting member may write them is asked before: org_fields_may(). */
bool org_member_edit(struct ctx *x, id64 id, const struct member *to, field_mask mask, field_mask *changed);
/* The first day of use, while the old one lies ahead; E_CONFLICT after that. */
bool org_member_start(struct ctx *x, id64 id, int64_t start_ms);

/* E_DENIED for an admin who reaches more than the actor: the record of anybody else may be changed, the own one too. */
bool org_member_reachable(struct ctx *x, id64 id);
/* The member on whom the acting admin wants to act: E_DENIED for the super admin, for oneself and for an admin who
 * reaches more than the actor (ACC-08). Whoever changes a member's account asks here first. */
bool org_member_target(struct ctx *x, id64 id, struct member *out);
/* All sessions of the member end with the reply. An admin role comes back from a suspension only when it is confirmed. */
bool org_member_suspend(struct ctx *x, id64 id);
bool org_member_resume(struct ctx *x, id64 id);           /* also what a leave suspends; the leave itself goes on */
bool org_member_logout(struct ctx *x, id64 id);
bool org_member_leave(struct ctx *x, id64 id, const struct leave *l);
bool org_member_leave_end(struct ctx *x, id64 id);
/* The old ID is held for MEMBER_RESTORE_MS; its owner may take it back. E_LOGIN_TAKEN. */
bool org_member_rename(struct ctx *x, id64 id, sv login);
/* Sessions, role, password, links, unit and group memberships end; rooms are the caller's matter (talk). */
bool org_member_delete(struct ctx *x, id64 id);
/* Within MEMBER_RESTORE_MS, without password and memberships. E_NOT_FOUND after that; E_SEATS. */
bool org_member_restore(struct ctx *x, id64 id);
/* Ends the member's sessions: a session has the role it began with. The super admin's role moves nowhere here. */
bool org_member_role(struct ctx *x, id64 id, enum role role);

/* Members that use the service now (not started and deleted ones do not count), and the plan's limit (-1: none). */
bool org_seats(struct ctx *x, int64_t *used, int64_t *limit);

/* Nightly: leaves that are over, sessions of those whose leave suspends from today, the personal fields of members
 * deleted longer than MEMBER_RESTORE_MS ago, IDs that are free again. */
bool org_nightly(struct ctx *x);

#endif
