/* svc/account/account.h: signing in, passwords, the sessions of a member, the console's door.
 * A password is proven in two steps: account_prove() on the slow queue (reads, hashes, writes nothing), then the
 * operation on the writer looks at the proof. Unknown member and wrong password cost and answer the same; a reason
 * (suspended, not started) is given only after the right password. */
#ifndef ENGAWA_SVC_ACCOUNT_ACCOUNT_H
#define ENGAWA_SVC_ACCOUNT_ACCOUNT_H

#include "core/member_state.h"
#include "core/tenant.h"

/* How a try was counted, and what of it the writer shall store. */
struct try_mark {
    sv source;                                            /* the address or network that tried */
    bool second;                                          /* a code of the second step: counted apart from passwords, so that a
                                                             right password gives no more tries */
    bool counted;                                         /* false: no limit is set */
    bool shut;                                            /* paused or locked: the password was not looked at */
    bool right;
    bool paused, locked;                                  /* this try was the one too many */
    uint64_t since;                                       /* tries_serial() before the counts were read */
    struct try_row here, all, before_here, before_all;
};

/* What account_prove() found. */
struct proof {
    id64 member;                                          /* ID_NONE: no such member */
    id64 waiting;                                         /* then: who waits to become one under that login (invite.h) */
    bool right;                                           /* the password was the stored one */
    bool format;                                          /* it has the form that is set now (ACC-13) */
    sv stored;                                            /* the hash it was compared with */
    struct try_mark tried;
};

/* Slow queue. By login, or (login empty) by the acting member. Always true but for broken parts. */
bool account_prove(struct ctx *x, sv login, sv password, struct proof *out);
/* Slow queue. The text to store for a new password. */
bool account_hash(struct ctx *x, sv password, sv *stored);
/* Slow queue. The same for a member who has one: what account_password_check() refuses, and the last ones (ACC-16). */
bool account_password_new(struct ctx *x, const char *field, id64 member, sv password, sv *stored);

/* ---- what a password may be (password.c) ---- */

/* The person whose password it shall be; what is empty is not compared. */
struct password_about {
    sv login, mail, nickname, family, given, family_reading, given_reading;
    sv birthday, phone, mobile, employee_number;          /* birthday: YYYY-MM-DD */
};

struct password_rules {
    int64_t min, max;                                     /* characters */
    sv format;                                            /* none alnum alnum_special */
    int64_t generations;                                  /* how many of the last ones are refused, the present one included */
};

struct password_rules account_password_rules(struct ctx *x);
/* Length and format by the settings, common passwords, the company's name and (about NULL: without) the person's own data.
 * E_INVALID_VALUE with `field`. */
bool account_password_check(struct ctx *x, const char *field, sv password, const struct password_about *about);
/* A password that the settings allow, for being read out once and changed at the first login. */
bool account_password_make(struct ctx *x, struct secret *out);
/* What is stored of a member, for the check. */
bool account_password_about(struct ctx *x, id64 member, struct password_about *out);
bool account_password_format(struct ctx *x, sv password);                  /* of the form that is set (ACC-13) */
size_t account_common_count(void);                        /* the list of common passwords, for its test */
sv account_common(size_t i);

/* ---- links that set a password (link.c) ---- */

/* Stored numbers: never renumber. */
enum link_kind { LINK_SETUP = 1, LINK_RESET = 2 };

#define LINK_SETUP_MS (INT64_C(72) * 3600 * 1000)
#define LINK_RESET_MS (INT64_C(10) * 60 * 1000)

struct password_link {
    id64 id, member;
    enum link_kind kind;
    int64_t until_ms;
};

/* Writer. A new link of the member; earlier ones are worth nothing from now on. The token leaves with the answer and is
 * kept as its hash alone. */
bool account_setup_link(struct ctx *x, id64 member, enum link_kind kind, struct secret *token, int64_t *until_ms);
/* "https://…/t/<n>/setup#<token>"; without the origin where the caller has none (the operator). */
sv account_link_url(struct ctx *x, const struct secret *token);
/* The link of a token. E_LINK_ENDED: used, old, replaced, never made, or its member may not use it: all the same. */
bool account_link_find(struct ctx *x, sv token, struct password_link *out);
/* Writer. The password is set, the link is used up, every session of the member ends. */
bool account_link_use(struct ctx *x, sv token, sv stored);

/* Writer. The member of a right proof, if it may sign in now: E_SIGN_IN, E_SUSPENDED, E_NOT_STARTED, E_NOT_APPROVED. */
bool account_admit(struct ctx *x, const struct proof *p);
/* Writer. May the member come from where the call comes from (core/network.h)? E_IP_NOT_ALLOWED. Sets x->actor.exempt. */
bool account_network(struct ctx *x, id64 member, enum role role);
/* Of an app: may its sessions begin? E_APP_SUSPENDED where member.app_suspended stops the member's apps (DEV-16). */
bool account_template(struct ctx *x, id64 member);           /* the template lets its mobile app in: else E_SERVICE_DISABLED */
bool account_app(struct ctx *x, bool suspended);
/* Writer. The member's apps are stopped: their sessions end and none begins until they are let go again. */
bool account_app_suspend(struct ctx *x, id64 member, bool on, bool *was);
/* `browser`: what this browser shows from now on to be known again. Where a new password is due, the session may set it
 * and nothing else. Where a second step is due (x->actor.second), it may prove that and nothing else, and `browser` is left
 * empty. */
bool account_sign_in(struct ctx *x, const struct proof *p, struct secret *token, struct secret *browser);
/* What a sign-in says of the second step that the browser once proved: nothing (one that is new is as good as proven: nobody
 * asked), proven now, or not to be remembered. */
enum browser_proof { BROWSER_AS_IT_IS, BROWSER_PROVEN, BROWSER_FORGET };
/* Writer. All proofs are there: the session of the acting member begins (x->actor.limited: as found at the password). */
bool account_enter(struct ctx *x, enum browser_proof proof, struct secret *token, struct secret *browser);
/* Writer. An admin answers for who the member is: where it has no way to prove a second step, its next login counts as the first. */
bool account_vouched(struct ctx *x, id64 member);
/* Ends all other sessions of the member. */
bool account_password_change(struct ctx *x, const struct proof *p, sv stored);
/* Writer, by another hand: all the member's sessions and links end. `must`: what the next sign-in asks for. */
bool account_password_set(struct ctx *x, id64 member, sv stored, enum must_change must);
bool account_password_request(struct ctx *x, id64 member);                 /* writer (MEM-38) */
bool account_sign_out(struct ctx *x, bool all);                            /* writer: the other sessions, or all of them */

/* Writer, nightly: links and pauses that are over and browsers not seen for long. */
bool account_nightly(struct ctx *x);

struct admins {
    id64 *v;
    size_t n, cap;
};
bool account_admins(struct ctx *x, enum menu reach, struct admins *out);      /* active ones, whose role reaches the menu */
/* Writer. Somebody reports a forgotten password: `wanted` when the id is an active member's and there were not too many
 * reports for it or from this source. */
bool account_forgot(struct ctx *x, sv login, id64 *member, bool *wanted);

/* ---- the terms of use (terms.c) ---- */

/* The version in force (platform.terms_version); "": nobody is asked. */
sv account_terms_version(const struct ctx *x);
/* Writer. At a sign-in, of the session just made: where its member has not accepted the version in force, the session may do
 * that and nothing else (x->actor.terms_due). Sessions from before go on. */
bool account_terms_ask(struct ctx *x);
/* Writer. E_CONFLICT: `version` is not the one in force. Accepted once more, nothing changes. */
bool account_terms_accept(struct ctx *x, sv version, bool *again);
/* The newest that the acting member has accepted; "" and 0: none. */
bool account_terms_last(struct ctx *x, sv *version, int64_t *at_ms);

/* ---- wrong tries (lockout.c) ---- */

/* Slow queue. May the password be looked at? Counts the try. False also where the store failed. */
bool lockout_begin(struct ctx *x, id64 member, struct try_mark *t);
bool lockout_begin_second(struct ctx *x, id64 member, struct try_mark *t);  /* of a code of the second step; on the writer */
void lockout_right(struct ctx *x, id64 member, struct try_mark *t);        /* it was right: the counts are 0 */
void lockout_undone(struct ctx *x, id64 member, struct try_mark *t);       /* nothing was looked at: as if never asked */
/* One more of `what` by the member: is it one of the `most` that an hour has room for? In memory alone. */
bool lockout_room(struct ctx *x, id64 member, sv what, int64_t most);
/* An admin has lifted the lock since the try began: it counts for nothing, and nobody is told of it. */
bool lockout_lifted(struct ctx *x, const struct proof *p);
/* Writer, also when the sign-in was refused: stores the counts, audits the one too many. */
bool account_tried(struct ctx *x, const struct proof *p);
bool account_unlock(struct ctx *x, id64 member);                           /* writer (ACC-18) */
bool account_locked(struct ctx *x, id64 member, bool *locked);
bool account_browser_known(struct ctx *x, id64 member);
bool account_browser_keep(struct ctx *x, id64 member, enum browser_proof proof, struct secret *token);
/* When this browser last proved a second step of the member; 0: never. */
bool account_browser_proven(struct ctx *x, id64 member, int64_t *proven_ms);
bool account_console_open(struct ctx *x, const struct proof *p, struct secret *token);

/* The installed web app (channel MP): a device key made at installation after a full sign-in; every session of it begins
 * by a signature of that key over device_text(), whose time must be later than the last one used. */
bool account_device_enrol(struct ctx *x, sv point, id64 *id);             /* writer; E_INVALID_VALUE: no point of P-256 */
bool account_device_session(struct ctx *x, id64 device, int64_t time_ms, sv signature, struct secret *token);
sv   account_device_text(struct arena *a, int64_t tenant, id64 device, int64_t time_ms);

struct device_info {
    id64 id;
    sv agent;                                             /* "": nobody knows */
    int64_t made_ms, seen_ms;
};

struct device_infos {
    struct device_info *v;
    size_t n, cap;
};

bool account_devices(struct ctx *x, id64 member, struct device_infos *out);                   /* newest first */
/* Writer. The key is worth nothing any more and its sessions end; E_NOT_FOUND unless it is that member's. */
bool account_device_drop(struct ctx *x, id64 member, id64 device);
bool account_devices_drop(struct ctx *x, id64 member, int64_t *n);         /* writer: all of the member's; n: how many there were */

struct session_info {
    id64 id;
    enum channel channel;
    sv ip, agent, seen_ip;                                /* where it began, and where it was used last */
    int64_t made_ms, seen_ms;
};

struct session_infos {
    struct session_info *v;
    size_t n, cap;
};

bool account_sessions(struct ctx *x, struct session_infos *out);           /* the acting member's own, newest first */
bool account_sessions_of(struct ctx *x, id64 member, struct session_infos *out);
bool account_session_of(struct ctx *x, id64 session, id64 member);         /* E_NOT_FOUND unless that member's */
bool account_session_owned(struct ctx *x, id64 session);                   /* E_NOT_FOUND unless the member's own */
bool account_seen(struct ctx *x, const struct session_seen *s);           /* writer: last activity of a session */

#endif
