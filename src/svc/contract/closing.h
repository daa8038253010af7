/* svc/contract/closing.h: the end of a contract: the tenant is closed by its super admin, nobody is served from then on, and
 * after ENDING_DAYS the installation erases it; until then the operator may take it back. */
#ifndef ENGAWA_SVC_CONTRACT_CLOSING_H
#define ENGAWA_SVC_CONTRACT_CLOSING_H

#include "core/ctx.h"

#define ENDING_DAYS 7
#define ENDING_MS   (ENDING_DAYS * INT64_C(86400000))     /* from the cancellation to the erasure, by the server's clock */

/* Who else is left, in whatever state: each of them stands in the way. */
struct closing_left {
    int64_t active, suspended, not_started;
};
bool closing_left(struct ctx *x, struct closing_left *out);

/* Writer. E_MEMBERS_LEFT; E_INVALID_VALUE with field "workgroup" where `typed` is not the tenant's name. Sessions, device
 * keys and links are gone with it. */
bool closing_close(struct ctx *x, sv typed);
/* Writer. The same again is no change: *was says whether it was closed. */
bool closing_reopen(struct ctx *x, bool *was);

#endif
