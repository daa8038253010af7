/* core/bucket.h: what is asked of the process that speaks with the operator's S3-compatible store (role/store.h), and what came of it.
 * All that leaves is sealed as it lies in the folder (store/blob.h). */
#ifndef ENGAWA_CORE_BUCKET_H
#define ENGAWA_CORE_BUCKET_H

#include "base/str.h"

#define BUCKET_READ_MAX (16 * (65536 + 28))               /* bytes that are read at once: 16 sealed chunks */
#define BUCKET_MS       20000                             /* for one answer; what is sent may take longer while it goes on */
#define BUCKET_IDLE_MS  5000                              /* asked for nothing so long, the process ends */

enum bucket_end {                                         /* of an order */
    BUCKET_DONE,
    BUCKET_NONE,                                          /* there is no such object */
    BUCKET_REFUSED,                                       /* it does not take the key, or its secret */
    BUCKET_AWAY,                                          /* nobody there, too slow, or it fails */
    BUCKET_STRANGE,                                       /* an answer that is none of S3's, or other bytes than were asked for */
    BUCKET_ENDS
};

#endif
