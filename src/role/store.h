/* role/store.h: engawa-store, the process that speaks with the operator's S3-compatible store, for one tenant. It holds the operator's
 * key and the secret of it, which no tenant sees, and reaches that endpoint alone: its addresses are asked for once, at the start, no
 * redirect is followed, TLS is verified. What it may name are the objects of its tenant: their prefix is said by the supervisor.
 *     tenant: STORE_PUT | STORE_GET | STORE_LOOK | STORE_DROP -> store: STORE_DATA …, STORE_END; again and again
 * It ends with its tenant's link, or when nothing was asked for BUCKET_IDLE_MS. Started for a company that is erased, it asks nobody:
 * it removes all objects below the prefix and ends, with 0 when none is left. */
#ifndef ENGAWA_ROLE_STORE_H
#define ENGAWA_ROLE_STORE_H

#include "core/bucket.h"

#include <inttypes.h>
#include <stdio.h>

#define STORE_PIECE 32768
#define STORE_KEY   160                                   /* bytes of an object's name */

/* "PREFIX7/2a/1234": the prefix ends in '/', or is empty. False: it is no blob's number. */
static inline bool store_key(char out[STORE_KEY], sv prefix, int64_t tenant, int64_t blob)
{
    if (tenant <= 0 || blob <= 0 || prefix.n > STORE_KEY - 64)
        return false;
    snprintf(out, STORE_KEY, "%.*s%" PRId64 "/%02x/%" PRId64, SV_ARG(prefix), tenant, (unsigned)(blob & 255), blob);
    return true;
}

int store_main(void);

#endif
