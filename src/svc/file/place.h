/* svc/file/place.h: where the bytes of a file lie: in the tenant's folder, or in the operator's S3-compatible store. A file that is
 * whole is sent there as it lies sealed in the folder; it goes from the folder when the store has confirmed it and the row says so.
 * Pictures that were made of files stay in the folder: they are what a room shows first.
 *     place_to_send() on any thread -> … -> place_sent() · place_to_drop() -> … -> place_dropped() on the writer */
#ifndef ENGAWA_SVC_FILE_PLACE_H
#define ENGAWA_SVC_FILE_PLACE_H

#include "core/op.h"
#include "store/blob.h"

enum place { PLACE_HERE, PLACE_LEAVING, PLACE_STORE };    /* stored numbers: never renumber */

struct placed {
    id64 id;
    int64_t size;
};

bool place_leaves(struct ctx *x, id64 blob);              /* writer: it is whole, and is to be sent */
/* The next one behind `after` that is to be sent; behind the last one the first again. */
bool place_to_send(struct ctx *x, id64 after, struct placed *out, bool *there);
/* The next one behind `after` that was there before there was a store: place_leaves() is due. */
bool place_before(struct ctx *x, id64 after, id64 *out, bool *there);
/* Writer. It lies in the store. Where its row went meanwhile, the object is to go. */
bool place_sent(struct ctx *x, id64 blob);
/* Writer, before the row goes: its object is to go too, where it has one or may get one. */
bool place_leave_object(struct ctx *x, id64 blob);
bool place_to_drop(struct ctx *x, id64 *blob, bool *there);
bool place_lost(struct ctx *x, id64 blob);                /* writer: the folder has not what is to be sent */
bool place_dropped(struct ctx *x, id64 blob);             /* writer: the object is gone */
/* Of those that lie in the store. */
bool place_count(struct ctx *x, int64_t *files, int64_t *bytes);
bool place_known(struct ctx *x, id64 blob, bool *known);   /* it lies in the store still */
bool place_stored(struct ctx *x, id64 after, size_t max, struct placed *out, size_t *n);

#endif
