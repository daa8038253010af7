/* core/fetched.h: what is asked of the process that fetches a page of the internet (role/fetch.h), and what came of it. All of it is
 * a stranger's word: lengths are checked, the rest is whatever it is. */
#ifndef ENGAWA_CORE_FETCHED_H
#define ENGAWA_CORE_FETCHED_H

#include "base/str.h"

#define FETCH_URL_MAX   2000                              /* bytes of an address */
#define FETCH_TYPE_MAX  200                               /* of a Content-Type */
#define FETCH_MS        5000                              /* for one page or picture, by the product's clock */
#define FETCH_BODY_MAX  (1 << 20)                         /* bytes of an answer */

enum fetch_kind { FETCH_PAGE = 1, FETCH_PICTURE = 2 };    /* a page may be cut, a picture not */
enum fetch_end {
    FETCH_DONE,                                           /* answered 200 with something that was asked for */
    FETCH_NOTHING,                                        /* another status, another type, too long, too slow, too many redirects, nobody there */
    FETCH_CLOSED,                                         /* it leads where nobody may be led: no packet went there */
};

struct fetch_task {
    enum fetch_kind kind;
    sv url, base;                                         /* base: the page in which url stands; "": nowhere */
};

struct fetched {
    enum fetch_end end;
    sv url, type;                                         /* where it was in the end; Content-Type */
    struct str body;
};

#endif
