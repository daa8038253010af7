/* svc/file/scan.h: rules and statements of the check for malware (PLT-13): what the scanner said of a blob decides whether its bytes
 * may be had. The answer stands with the blob, so a forwarded file shares it.
 *     scan_look() on the thread that looks at files -> scan_refusal() -> scan_keep() on the writer -> scan_passes() at each use
 * A file that is held is looked at again: scan_held_next() -> scan_look() -> scan_settle(); and so is one at its next use that nobody
 * looked at yet, or that was judged with other signatures than the scanner has now: scan_due() -> scan_again() -> scan_settle(). */
#ifndef ENGAWA_SVC_FILE_SCAN_H
#define ENGAWA_SVC_FILE_SCAN_H

#include "core/op.h"
#include "core/tenant.h"
#include "store/blob.h"

bool scan_wanted(const struct ctx *x);                    /* a scanner is configured */
void scan_ask(struct ctx *x);                             /* which signatures the scanner has: the same thread */
bool scan_look(struct ctx *x, id64 blob, struct scan_found *out);
struct stored;
struct stored_set;
bool scan_due(struct ctx *x, const struct stored *s);     /* it must be looked at before it is used */
/* The same thread. *looked false: it is not due, as was seen when the scanner was asked. */
bool scan_again(struct ctx *x, const struct stored *s, struct scan_found *out, bool *looked);
/* The code by which a file that is new is refused; E_NONE: it is not. */
enum err scan_refusal(const struct ctx *x, enum scan_state s);
/* May its bytes and its pictures be had? E_FILE_HELD, E_MALWARE, E_UNSCANNABLE. */
bool scan_passes(struct ctx *x, enum scan_state s);
const char *scan_name(enum scan_state s);                 /* "none", "clean", … */

/* Writer. */
bool scan_keep(struct ctx *x, id64 blob, const struct scan_found *found);
/* Writer: of one that was looked at again. Its files are in `changed`, and have a row each, where it is another state than before;
 * what malware was found in stays what it is. */
bool scan_settle(struct ctx *x, id64 blob, const struct scan_found *found, struct stored_set *changed);

bool scan_held_next(struct ctx *x, id64 after, id64 *blob, bool *there);

#endif
