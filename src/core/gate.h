/* core/gate.h: may this caller do this? The steps stand in one table in the order of architecture 5; the first refusal
 * wins. Three refusals: (a) the caller may not use this operation at all: 403; (b) the object is absent, deleted, foreign
 * or not visible: 404, always the same; (c) visible, but this act is not allowed: 403 by the service.
 *     gate_enter() on the main thread -> schema -> gate_run() on the thread that runs the operation */
#ifndef ENGAWA_CORE_GATE_H
#define ENGAWA_CORE_GATE_H

#include "core/op.h"
#include "core/tenant.h"

/* What the caller showed. */
struct credentials {
    sv sid, adm;                                          /* cookie values */
    struct session *session;                              /* a WebSocket's: given instead of sid */
    bool operator;                                        /* came by control's link */
};

/* Fills x->actor; on success *session (may be NULL for public operations) and *console hold references. */
bool gate_enter(struct ctx *x, const struct op *op, const struct credentials *cr, struct session **session,
                struct session **console);
/* Just before the operation runs: is the session still good, is the object visible? */
bool gate_run(struct ctx *x, const struct app *app, struct call *c, struct session *session, struct session *console);

/* "Sec-Fetch-Site", "Origin" and the X-Engawa header of an unsafe method: E_CROSS_SITE unless all fit. */
bool gate_same_site(struct ctx *x, sv origin, sv own_origin, sv fetch_site, sv marked);

size_t gate_steps(void);                                  /* for --describe and the manual */
const char *gate_step_name(size_t i);

#endif
