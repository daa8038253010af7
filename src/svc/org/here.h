/* svc/org/here.h: who is here now, for those who have the person on their screen. Nothing of it is stored or audited but
 * whether a member wants to be seen at all. Everything runs on the writer, so that who begins to watch misses nothing.
 * Who may see a member's entry among the colleagues may see whether it is here: today every member of the tenant. */
#ifndef ENGAWA_SVC_ORG_HERE_H
#define ENGAWA_SVC_ORG_HERE_H

#include "core/ctx.h"
#include "core/here.h"
#include "core/schema.h"

#define HERE_WATCH_MAX 100                                /* members that one connection watches at a time */

struct here_out {
    id64 member;
    sv state;
};
extern const struct schema here_out;

/* The connection at hand is in use, or is open and nobody uses it. */
bool org_here_say(struct ctx *x, bool away);
/* From now on the connection at hand hears of these members, and of no others; `out`: those that are not gone, of here_out.
 * Members that are not there are left out. */
bool org_here_watch(struct ctx *x, const id64 *members, size_t n, struct list *out);
bool org_here_show(struct ctx *x, bool shown);            /* colleagues see of the acting member whether it is here */
bool org_here_hidden(struct ctx *x, id64 member, bool *hidden);
/* Once a second: tells what has changed. *told: for here_put_back(), where the batch is undone. */
size_t org_here_tell(struct ctx *x, struct here_change **told);

#endif
