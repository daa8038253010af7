/* role/fetch.h: engawa-fetch, the process that fetches one page or picture to which a member has written an address; then it ends. It
 * reaches the internet and nothing else: each address is looked at where the socket is made, after names were resolved and after each
 * redirect (net/address.h). It holds no key, no cookie, no name of a member; what comes goes unread to the tenant that asked.
 *     tenant: FETCH_TASK -> fetch: FETCH_DATA …, FETCH_END
 * Limits: FETCH_MS in all, which the tenant measures and then hangs up, FETCH_BODY_MAX bytes, FETCH_REDIRECTS, ports 80 and 443, nothing that is packed. */
#ifndef ENGAWA_ROLE_FETCH_H
#define ENGAWA_ROLE_FETCH_H

#include "core/fetched.h"

#define FETCH_REDIRECTS 3
#define FETCH_PIECE     32768

int fetch_main(void);

#endif
