/* svc/account/second.h: the second step of signing in (ACC-19, ACC-20): who is asked for it, by what it is proven, and how a member
 * comes to have a way. After the right password a session waits (core/session.h, enum second_due); it may do nothing but
 *     second_find() -> second_try() on the writer, at most SECOND_TRIES times -> account_enter()
 * Ways: the digits of an authenticator app; a code from a sheet of ten that the member keeps; a code that an admin gives out on a
 * slip; and, where only new devices are asked, a word from another device that is signed in. Decision 0016. */
#ifndef ENGAWA_SVC_ACCOUNT_SECOND_H
#define ENGAWA_SVC_ACCOUNT_SECOND_H

#include "core/session.h"
#include "svc/account/account.h"

#define SECOND_TRIES     5
#define SECOND_CODES     10                               /* on a sheet */
#define SECOND_CODE      16                               /* characters of 5 bits: no search finds one behind its hash */
#define SECOND_SLIP_MS   (INT64_C(72) * 3600 * 1000)
#define SECOND_ASKS      10                               /* of the member's other devices, in an hour: nobody is worn down by questions */
#define SECOND_FRESH_MS  (INT64_C(10) * 60 * 1000)        /* from the app's secret to its first code */

struct credential;

enum second_way { WAY_NONE, WAY_APP, WAY_CODE, WAY_SLIP, WAY_DEVICE };
const char *second_way_name(enum second_way w);           /* "", "app", "code", "slip", "device" */

/* What a member has. */
struct second {
    int64_t app_ms;                                       /* when its app was registered; 0: none */
    int64_t codes;                                        /* of its sheet, that are left */
    bool must;                                            /* it is asked at each login, or at each new device, whatever it chooses */
};

/* Is a second step due at this sign-in, after the right password? */
bool second_due(struct ctx *x, const struct credential *c, enum second_due *due);
bool second_find(struct ctx *x, id64 member, struct second *out);
int64_t second_remember_days(const struct ctx *x, const struct second *s);   /* of a browser that proves it; 0: not at all */

/* Writer. A secret for the app, which counts from its first code on; an earlier one goes on until then. `out` leaves with the answer. */
bool second_app_begin(struct ctx *x, struct secret *out);
/* Writer. The first code of it. E_CODE_WRONG. */
bool second_app_confirm(struct ctx *x, sv code);
bool second_app_drop(struct ctx *x);                      /* writer; its sheet goes with it; E_LAST_WAY */
/* Writer. A new sheet of SECOND_CODES codes; those of the one before are worth nothing. `out`: XXXX-XXXX-XXXX-XXXX. */
bool second_sheet(struct ctx *x, sv out[SECOND_CODES]);
/* Writer. One code for the member, by an admin; an earlier one is worth nothing. */
bool second_slip(struct ctx *x, id64 member, sv *code, int64_t *until_ms);
/* Writer. The member has lost its phone: app, sheet and remembered devices are gone. */
bool second_reset(struct ctx *x, id64 member);

/* One try of the acting session, which waits. */
struct second_try {
    struct proof tried;                                   /* how it was counted: account_tried() */
    enum second_way way;                                  /* by which it was proven; WAY_NONE: it was not */
    bool over;                                            /* it was the last: the session ends */
};
/* Writer. `code` "": by the word of another device. E_CODE_WRONG, E_SESSION_ENDED; the session that waited is gone where it is right.
 * account_tried() stores how it was counted, and second_settle() that a try was wrong. */
bool second_prove(struct ctx *x, sv code, struct second_try *t);
bool second_settle(struct ctx *x, const struct second_try *t);

/* ---- the word of another device ---- */

enum second_answer { ANSWER_NONE = 0, ANSWER_YES = 1, ANSWER_NO = 2 };

struct second_ask {
    id64 session;                                         /* that waits; ID_NONE: nothing is asked */
    int64_t number, made_ms;                              /* number: two digits, shown there and entered here */
    enum second_answer answer;
    sv ip, agent;
};

/* May the acting session, which waits, ask the member's other devices? */
bool second_may_ask(struct ctx *x, bool *yes);
bool second_ask(struct ctx *x, struct second_ask *out);                   /* writer; E_DENIED: it may not; E_TOO_MANY */
bool second_asked(struct ctx *x, struct second_ask *out);                 /* by the acting session */
bool second_asking(struct ctx *x, struct second_ask *out);                /* the newest of the acting member that has no answer yet */
/* Writer. A wrong number says no. E_NOT_FOUND: it waits no more. */
bool second_answer(struct ctx *x, id64 session, int64_t number, bool yes, bool *granted);

bool second_nightly(struct ctx *x);

#endif
