/* core/network.h: from which networks a member may use the service (NET-01 to NET-03, NET-06). Asked where a session begins, at each
 * request, for each open WebSocket at each tick, and of all sessions when a setting of it changes. */
#ifndef ENGAWA_CORE_NETWORK_H
#define ENGAWA_CORE_NETWORK_H

#include "core/channel.h"
#include "core/policy.h"

struct network_asker {
    id64 member;
    enum role role;                                       /* as it is now, not as it was when the session began */
    enum channel channel;
    struct ip ip;
    bool known;                                           /* `ip` is one: what is no address stands in no list */
};

enum network_verdict { NETWORK_REFUSED, NETWORK_LISTED, NETWORK_EXEMPT };

struct network_asker network_asker(id64 member, enum role role, enum channel channel, sv ip);
/* LISTED also where everybody may come from everywhere. */
enum network_verdict network_allows(const struct policy *p, const struct network_asker *a);

bool network_limited(const struct policy *p);             /* not everybody may come from everywhere */
/* Is this one of its settings? */
bool network_setting(size_t i);
bool network_exempts_super(size_t i);                     /* the super admin's alone to change */
/* Nobody could come in but who is exempt: a list is asked for, and it is empty. */
bool network_closed(const struct policy *p);

#endif
