/* base/map.h: a hash table from 64-bit keys to pointers, open addressing, own memory.
 *     map_init() -> map_put()/map_get()/map_del() … -> map_release()
 * Key 0 is allowed. Not thread-safe. Deletion moves entries, so do not delete while iterating
 * with map_next(); values belong to the caller. For text keys hash with sv_hash() and compare yourself. */
#ifndef ENGAWA_BASE_MAP_H
#define ENGAWA_BASE_MAP_H

#include "base/defs.h"

struct map_slot {
    uint64_t key;
    void    *value;                                       /* NULL: empty */
};

struct map {
    struct map_slot *slots;
    size_t n, cap;
    uint64_t seed;
};

void  map_init(struct map *m, uint64_t seed);             /* seed from base/rand where strangers choose keys */
void  map_release(struct map *m);
void *map_get(const struct map *m, uint64_t key);         /* NULL: absent */
void *map_put(struct map *m, uint64_t key, void *value);  /* value not NULL; returns the one it replaced */
void *map_del(struct map *m, uint64_t key);               /* returns what was there, or NULL */
bool  map_next(const struct map *m, size_t *at, struct map_slot *out);   /* *at starts at 0 */

#endif
