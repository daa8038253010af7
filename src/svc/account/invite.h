/* svc/account/invite.h: invitation links (MEM-12, MEM-13) and the persons who came by one and wait for an admin's word (MEM-14,
 * MEM-15). Whoever waits is no member: it has no seat, no session, and its right password is answered E_NOT_APPROVED.
 *     invite_make() -> invite_find() by whoever opens the link -> invited_add() -> invited_drop() when it has become a member,
 *     or invited_reject(): forgotten INVITED_KEPT_MS later
 * What makes a member of a waiting person is the caller's matter (org). */
#ifndef ENGAWA_SVC_ACCOUNT_INVITE_H
#define ENGAWA_SVC_ACCOUNT_INVITE_H

#include "svc/account/account.h"

#define INVITE_MS       (INT64_C(7) * 86400000)
#define INVITED_KEPT_MS (INT64_C(7) * 86400000)
#define INVITES_EACH    20                                /* links of one member at a time: a further one takes the oldest's place */
#define INVITED_MOST    1000                              /* who waits or was rejected: a link that went astray fills no store */

struct invitation {
    id64 id, member;                                      /* member: who made it */
    int64_t made_ms, until_ms, used;                      /* used: how many have come by it */
};

struct invitations {
    struct invitation *v;
    size_t n, cap;
};

/* Somebody who waits. */
struct invited {
    id64 id, inviter;
    sv login, family, given, family_reading, given_reading, language;
    sv stored;                                            /* the hash of its password */
    int64_t made_ms;
};

struct inviteds {
    struct invited *v;
    size_t n, cap;
};

/* member.invite.enabled, as the settings of the request have it. */
bool invite_enabled(const struct ctx *x);
/* member.invite.by: every member, not only who reaches メンバーの招待. */
bool invite_by_all(const struct ctx *x);
/* Writer. E_INVITE_ENDED while invitations are off. The token leaves with the answer and is kept as its hash alone. */
bool invite_make(struct ctx *x, struct secret *token, int64_t *until_ms);
sv   invite_url(struct ctx *x, const struct secret *token);               /* "https://…/t/<n>/join#<token>" */
/* The link of a token. E_INVITE_ENDED, all the same: old, revoked, never made, invitations are off, or whoever made it may
 * not invite any more. */
bool invite_find(struct ctx *x, sv token, struct invitation *out);
bool invite_find_id(struct ctx *x, id64 id, struct invitation *out);      /* E_NOT_FOUND */
bool invite_list(struct ctx *x, struct invitations *out);                 /* the newest first; those that are over are not there */
bool invite_used(struct ctx *x, id64 id);                                 /* writer: one more has come by it */
bool invite_revoke(struct ctx *x, id64 id);                               /* writer */

/* Writer. `w->id` and made_ms are made here. E_LOGIN_TAKEN, E_TOO_MANY. Whether a member has the ID is asked before. */
bool invited_add(struct ctx *x, struct invited *w);
bool invited_find(struct ctx *x, id64 id, struct invited *out);           /* E_NOT_FOUND, also of one who was rejected */
bool invited_list(struct ctx *x, struct inviteds *out);                   /* who came first stands first; without the password */
bool invited_reject(struct ctx *x, id64 id);                              /* writer */
bool invited_drop(struct ctx *x, id64 id);                                /* writer: it is a member now */
/* Whose password it is that a login without a member tries; one who was rejected is there until it is forgotten. */
bool invited_credential(struct ctx *x, sv login, id64 id, struct invited *out);

bool invite_nightly(struct ctx *x);

#endif
