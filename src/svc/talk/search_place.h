/* svc/talk/search_place.h: under which number a message stands in the index: by the time it was sent, so that the newest
 * come first, with a hash of its room, so that most messages of others' rooms are passed over without a look
 * (doc/formats.md). Up to SEARCH_SPREAD_MS - 1 later than its time, where so many were sent at once. */
#ifndef ENGAWA_SVC_TALK_SEARCH_PLACE_H
#define ENGAWA_SVC_TALK_SEARCH_PLACE_H

#include "base/defs.h"

#define SEARCH_COUNTS    1024
#define SEARCH_HASHES    4096
#define SEARCH_SPREAD_MS 16

int64_t  search_number(int64_t sent_ms, id64 room);       /* the first of a room at a time; + 0 … SEARCH_COUNTS - 1 */
int64_t  search_time(int64_t sent_ms);                    /* the first of all of a time */
int64_t  search_later(int64_t number, int64_t ms);        /* the same, so many ms later */
int64_t  search_ms(int64_t number);
unsigned search_hash(id64 room);                          /* below SEARCH_HASHES */
unsigned search_hash_of(int64_t number);

#endif
