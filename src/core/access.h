/* core/access.h: access records (DEV-14): from where and with what a member worked. Written when a session begins and with the
 * activity that is stored once a minute: of a session at most one row a day of the tenant and address. */
#ifndef ENGAWA_CORE_ACCESS_H
#define ENGAWA_CORE_ACCESS_H

#include "core/ctx.h"

#define ACCESS_DAYS 90

/* Writer. The session was used at `ms` from `ip`. Of a session that is gone, and of the console's: nothing. */
bool access_note(struct ctx *x, id64 session, int64_t ms, sv ip);
bool access_forget(struct ctx *x);                        /* writer, nightly: those older than ACCESS_DAYS */

struct access {
    id64 id, session;
    enum channel channel;
    sv ip, agent;
    int64_t first_ms, last_ms;
    bool open;                                            /* the session is still there */
};

struct accesses {
    struct access *v;
    size_t n, cap;
};

/* A member's of the last ACCESS_DAYS, newest beginning first, behind the row `after` that began at `after_ms` (ID_NONE: from
 * the newest on). */
bool access_list(struct ctx *x, id64 member, id64 after, int64_t after_ms, int64_t max, struct accesses *out);

#endif
