/* svc/talk/search_place.c: the number's bits: 41 of time, 12 of the room's hash, 10 of a count. */
#include "svc/talk/search_place.h"

#define EPOCH_MS  INT64_C(946684800000)                   /* 2000-01-01 */
#define TIME_MAX  ((INT64_C(1) << 41) - 1 - SEARCH_SPREAD_MS)
#define HASH_AT   10
#define TIME_AT   22

unsigned search_hash(id64 room)
{
    return ((uint32_t)room.n * UINT32_C(2654435761)) >> 20;
}

unsigned search_hash_of(int64_t number)
{
    return (unsigned)(number >> HASH_AT) & (SEARCH_HASHES - 1);
}

int64_t search_time(int64_t sent_ms)
{
    int64_t t = sent_ms - EPOCH_MS;

    return (t < 0 ? 0 : t > TIME_MAX ? TIME_MAX : t) << TIME_AT;
}

int64_t search_number(int64_t sent_ms, id64 room)
{
    return search_time(sent_ms) | (int64_t)search_hash(room) << HASH_AT;
}

int64_t search_later(int64_t number, int64_t ms)
{
    return number + (ms << TIME_AT);
}

int64_t search_ms(int64_t number)
{
    return (number >> TIME_AT) + EPOCH_MS;
}
