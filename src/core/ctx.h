/* core/ctx.h: who asks, for which tenant, with what: the first argument of every service.
 * What an operation on the writer wants to happen after COMMIT it leaves in `effects`, its events in `events`, its audit
 * rows in `audits`; the writer's loop carries them out in this order, or forgets them with a rolled back operation. */
#ifndef ENGAWA_CORE_CTX_H
#define ENGAWA_CORE_CTX_H

#include "base/vec.h"
#include "core/audit.h"
#include "core/channel.h"
#include "core/event.h"
#include "core/policy.h"
#include "core/template.h"
#include "store/db.h"

struct blob_far;
struct tenant;
struct session;

struct actor {
    id64 member;                                          /* ID_NONE: nobody yet, or the operator */
    id64 session;
    enum role role;                                       /* what it reaches as an admin says `reach`, never the role */
    struct reach reach;
    enum channel channel;
    cell_set restricts;                                   /* by the member's permission template */
    bool console;                                         /* a console session stands behind this call */
    bool operator;                                        /* the installation's operator, by the command line */
    int64_t proof_ms;                                     /* when the password was last proven; 0: never */
    int limited;                                          /* enum must_change: may only set a new password */
    int second;                                           /* enum second_due: may only prove who it is by a second step */
    bool terms_due;                                       /* may only accept the terms of use, or end */
    bool exempt;                                          /* a sign-in that the address list let in by an exemption alone */
    sv browser;                                           /* the token of a browser known from before, as shown; "" */
    sv ip, agent;
    sv origin;                                            /* of the request, as checked against our own */
    sv files;                                             /* the origin that files are had from; "": the request's own */
    bool english;                                         /* language of answers */
};

enum effect_kind {
    EFF_SEQ,                                              /* a: room, b: its last seq; carried out after RELEASE */
    EFF_TOPIC_JOIN,                                       /* a: member, b: topic */
    EFF_TOPIC_LEAVE,                                      /* a: member, b: topic */
    EFF_OPEN,                                             /* a: room, b: topic that the connection at hand joins */
    EFF_CLOSE,                                            /* the same, and leaves */
    EFF_HERE,                                             /* b: enum here_state of the connection at hand */
    EFF_WATCH,                                            /* text: int64_t, the members whom the connection at hand watches from now on */
    EFF_HERE_HIDE,                                        /* a: member, b: 1 nobody is told of it, 0 again */
    EFF_SESSION_FRESH,                                    /* a: session, b: when its member's password was set */
    EFF_TERMS,                                            /* a: member, who has accepted the terms */
    EFF_TRIES_FORGET,                                     /* a: member */
    EFF_SESSION_END,                                      /* a: session */
    EFF_MEMBER_END,                                       /* a: member, b: the session that may stay, or 0 */
    EFF_MEMBER_APPS,                                      /* a: member, whose app sessions end */
    EFF_MEMBER_ROLE,                                      /* a: member, text: struct grant, what it has from now on */
    EFF_RESTRICTS,                                        /* text: struct restricted, what each member's template restricts from now on */
    EFF_MEMBER_RESTRICTS,                                 /* a: member, b: cell_set, the same of one */
    EFF_MEMBER_LANGUAGE,                                  /* a: member, b: 1 English, 0 Japanese */
    EFF_CLOSED,                                           /* a: the tenant is closed since then; 0: no longer */
    EFF_OPENED,                                           /* the tenant is open from now on */
    EFF_FILE,                                             /* a: a file that is to be made */
    EFF_PREVIEW,                                          /* a: a message, text: the address whose page is to be shown under it */
    EFF_STORE,                                            /* something is to be sent to the operator's store, or is to go there */
    EFF_BLOB_ERASE,                                       /* a: a blob that no file has any more */
    EFF_SETTING,                                          /* a: number of the setting, text: the value */
};

struct effect {
    enum effect_kind kind;
    int64_t a, b;
    sv text;
};

struct ctx {
    struct arena *arena;                                  /* the request's; every result is allocated here */
    struct db *db;                                        /* one tenant's, opened with its key: no query reaches another */
    struct tenant *tenant;
    const struct policy *policy;                          /* the settings at the start of the request */
    struct actor actor;
    int64_t now_ms;                                       /* UTC; one reading per request */
    const struct blob_far *far;                           /* how this thread reads files that lie in the operator's store; NULL: it does not wait for them */
    struct failure failure;                               /* the first one */
    VEC(struct event) events;
    VEC(struct audit_row) audits;
    VEC(struct effect) effects;
};

void effect(struct ctx *x, enum effect_kind kind, int64_t a, int64_t b);
void effect_text(struct ctx *x, enum effect_kind kind, int64_t a, sv text);

#endif
