/* core/session.h: who is signed in. The store holds a session's token only as its hash; the process keeps the sessions
 * it met in a map that revocation empties at once.
 *     session_find() at each request -> session_check() -> … -> session_unref()
 *     session_add() / session_rows_end…() on the writer, with EFF_SESSION_END / EFF_MEMBER_END as effects
 * An ended session refuses also what was waiting in a queue: `ended` is asked again where the operation runs. */
#ifndef ENGAWA_CORE_SESSION_H
#define ENGAWA_CORE_SESSION_H

#include "base/ip_range.h"
#include "core/ctx.h"
#include "core/member_state.h"
#include "crypt/token.h"

#include <stdatomic.h>

#define SESSION_LIFE_DAYS    180                          /* absolute, whatever the activity */
#define CONSOLE_LIFE_HOURS   12
#define DEVICE_SESSION_HOURS 24                           /* of channel MP: the device key's next signature begins another */
#define SESSIONS_PER_MEMBER  20                           /* the oldest ends when one more begins */
#define SECOND_MS            (10 * 60 * 1000)             /* how long a session waits for its second step */
#define SECOND_WAITING       4                            /* of a member at once */
#define PROOF_MS             (5 * 60 * 1000)              /* how long a proven password counts as fresh */

/* What a session waits for after the password (svc/account/second.h). Stored numbers: never renumber. Its life has no change of
 * it: whoever proves the second step has a new session with a new token. */
enum second_due { SECOND_NONE = 0, SECOND_ASK = 1, SECOND_ENROL = 2 };

/* What the template of the member `m` restricts, with its tables joined as `dt`, `pl` and `pt`; $1: 1 while permission types are in
 * use, else 0. */
#define RESTRICTS "COALESCE(dt.restricts, CASE WHEN $1 = 1 THEN pt.restricts END, 0)"
#define RESTRICTS_JOIN                                                                                                       \
    " LEFT JOIN permission_template dt ON dt.id = m.template LEFT JOIN label pl ON pl.id = m.permtype"                       \
    " LEFT JOIN permission_template pt ON pt.id = pl.template"

struct session {
    _Atomic int refs;
    _Atomic bool ended;
    _Atomic int64_t seen_ms;
    int64_t stored_seen_ms;                               /* owned by the main thread */
    id64 id, member, parent;                              /* parent: of a console session */
    bool console;
    bool app_suspended;                                   /* it is one of an app, and its member's apps are stopped */
    _Atomic(enum role) role;                              /* ROLE_MEMBER while the member's admin role is paused */
    _Atomic uint64_t reach[REACH_WORDS];                  /* of the role: read it by session_grant() */
    _Atomic uint32_t grants;                              /* odd while role and reach change; both are read of one number */
    enum channel channel;
    _Atomic cell_set restricts;                           /* by the member's permission template */
    _Atomic bool english;
    int64_t made_ms, proof_ms;
    struct leave leave;                                   /* of the member, as it was when the session was read */
    enum second_due second;
    _Atomic int limited;                                  /* enum must_change, as found when it began */
    _Atomic bool terms_due;                               /* the terms are to be accepted before anything else */
    _Atomic int64_t password_ms;                          /* when the member's password was set */
    _Atomic uint64_t ip[2];                               /* from where it was used last; written by one thread, read by others:
                                                             half of each of two is possible, and harms nothing but one decision */
    struct sha256 hash;
};

struct sessions;

struct sessions *sessions_new(void);
void sessions_free(struct sessions **s);

/* The session of a token, from the map or the store (x->db); NULL: no such session, or its member may not use it, in
 * x->failure. The caller holds a reference. */
struct session *session_find(struct ctx *x, struct sessions *s, sv token, bool console);
/* The same, of its number; never one of the console. */
struct session *session_by_id(struct ctx *x, struct sessions *s, id64 session);
void session_unref(struct session **s);
struct session *session_ref(struct session *s);
/* Idle, absolute end, and `ended`: false with E_SESSION_ENDED (E_REAUTH for the console), or E_SUSPENDED while a leave
 * says so. Marks it as seen. */
bool session_check(struct ctx *x, struct session *s);
/* The member is suspended by a leave, or was since the session began. */
bool session_suspended(const struct session *s, int64_t now_ms);

/* Why this session may do nothing but set a new password (enum must_change); 0: it may do all. */
int session_limited(const struct policy *p, const struct session *s, int64_t now_ms);
int64_t session_idle_ms(const struct policy *p, const struct session *s);  /* by channel; -1: no limit */

void sessions_fresh(struct sessions *s, id64 session, int64_t password_ms);   /* a new password was set in it */
void sessions_terms_member(struct sessions *s, id64 member);      /* the member has accepted the terms */
void sessions_end(struct sessions *s, id64 session);      /* and the console sessions on it */
void sessions_end_member(struct sessions *s, id64 member, id64 but);
void sessions_end_apps(struct sessions *s, id64 member);  /* those of the apps (channel_is_app()) */
struct grant session_grant(const struct session *s);      /* as of now, from any thread; never half of two */
/* The member has another role from now on, or its role another reach; its console sessions end. */
void sessions_role_member(struct sessions *s, id64 member, struct grant g);
void sessions_role_effect(struct sessions *s, const struct effect *e);   /* EFF_MEMBER_ROLE */
/* Members' templates restrict what they say from now on; who is not among them is not restricted. */
struct restricted {
    id64 member;
    cell_set cells;
};
void sessions_restrict(struct sessions *s, const struct restricted *v, size_t n);
void sessions_restrict_member(struct sessions *s, id64 member, cell_set cells);
void sessions_restrict_effect(struct sessions *s, const struct effect *e);    /* EFF_RESTRICTS */
void sessions_language_member(struct sessions *s, id64 member, bool english);   /* of answers to the member, from now on */
void session_used_from(struct session *s, sv ip);         /* at a request that was let in */
/* Sessions whose last activity should be stored: one row each, at most once a minute. */
struct session_seen {
    id64 session;
    int64_t ms;
    struct ip ip;
    bool known;                                           /* `ip` is one */
};
size_t sessions_seen(struct sessions *s, int64_t now_ms, struct session_seen *out, size_t max);
/* From where each one in use was used last, but for the console's. */
struct sessions_used {
    struct session_seen *v;
    size_t n, cap;
};
struct sessions_used sessions_used(struct sessions *s, struct arena *a);
/* Writer. Ends those that were used last from where the settings `p` allow it no more; a device's key stays, for what it begins
 * is looked at anew. */
bool session_end_outside(struct ctx *x, const struct policy *p);

/* On the writer. The token is made by the caller and leaves with the reply. A console session ends the earlier one on
 * its parent. */
bool session_add(struct ctx *x, const struct secret *token, id64 member, id64 parent, bool console, id64 *id);
/* The same of one that waits for its second step. It takes no place of another session; of those that wait, the oldest end. */
bool session_add_waiting(struct ctx *x, const struct secret *token, id64 member, enum second_due second, int limited, id64 *id);
bool session_delete(struct ctx *x, id64 session);         /* and its console sessions and device key; leaves the effect */
/* Writer. The session has enrolled the device's key; an earlier key of it ends. */
bool session_enrols(struct ctx *x, id64 session, id64 device);
/* Writer. A session that the device's key began takes the place of the one before, be it the one that enrolled the key. */
bool session_of_device(struct ctx *x, id64 session, id64 member, id64 device);
/* Writer. A session just made may only set a new password (enum must_change); and one that has done so may do all. */
bool session_limit(struct ctx *x, id64 session, int limited);
bool session_fresh(struct ctx *x, id64 session);
/* Writer. A session just made may only accept the terms; and when its member has, all of them may do all. */
bool session_terms(struct ctx *x, id64 session);
bool session_terms_accepted(struct ctx *x, id64 member);
/* Writer. Nobody has proven a password for it: what needs a fresh proof is refused. */
bool session_unproven(struct ctx *x, id64 session);
/* Device keys end with the sessions; that of the session `but` stays as it does. */
bool session_delete_member(struct ctx *x, id64 member, id64 but);
/* The same, and until the member may work again the sessions' tokens are told why; to work they do never again. */
bool session_suspend_member(struct ctx *x, id64 member);
/* Those of the member's apps alone. Device keys stay: what they begin is looked at anew (DEV-16). */
bool session_delete_apps(struct ctx *x, id64 member);
bool session_restricts_of(struct ctx *x, id64 member, cell_set *out);   /* a member's, from the store */
/* Writer, after a change of templates, of what they are bound to, or of a member's permission type. types: they are in use. */
bool session_restrict(struct ctx *x, bool types);
bool session_restrict_member(struct ctx *x, id64 member); /* the same, where one member alone is concerned */
bool session_role_member(struct ctx *x, id64 member, struct grant g);   /* as sessions_role_member(), when committed */

#endif
