/* svc/file/scan.h: rules and statements of the check for malware (PLT-13): what the scanner said of a blob decides whether its bytes
 * may be had. The answer stands with the blob, so a forwarded file shares it.
 *     scan_look() on the thread that looks at files -> scan_refusal() -> scan_keep() on the writer -> scan_passes() at each use
 * A file that is held is looked at again: scan_held_next() -> scan_look() -> scan_settle(). */
#ifndef ENGAWA_SVC_FILE_SCAN_H
#define ENGAWA_SVC_FILE_SCAN_H

#include "core/op.h"
#include "core/tenant.h"
#include "store/blob.h"

bool scan_wanted(const struct ctx *x);                    /* a scanner is configured */
bool scan_look(struct ctx *x, id64 blob, struct scan_found *out);
/* The code by which a file that is new is refused; E_NONE: it is not. */
enum err scan_refusal(const struct ctx *x, enum scan_state s);
/* May its bytes and its pictures be had? E_FILE_HELD, E_MALWARE, E_UNSCANNABLE. */
bool scan_passes(struct ctx *x, enum scan_state s);
const char *scan_name(enum scan_state s);                 /* "none", "clean", … */

/* Writer. */
bool scan_keep(struct ctx *x, id64 blob, enum scan_state s);
/* Writer: of one that was held; its files have a row each. `name`: of what was found. */
bool scan_settle(struct ctx *x, id64 blob, enum scan_state s, sv name);

bool scan_held_next(struct ctx *x, id64 after, id64 *blob, bool *there);

#endif
