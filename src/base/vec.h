/* base/vec.h: a growing array in an arena: `struct { T *v; size_t n, cap; }`.
 *     struct msgs out = {0};  *PUSH(arena, &out) = m;  for (size_t i = 0; i < out.n; i++) … out.v[i]
 * VEC(T) names the anonymous struct; PUSH returns the address of the new, zeroed element. */
#ifndef ENGAWA_BASE_VEC_H
#define ENGAWA_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)        \
    struct {          \
        T *v;         \
        size_t n, cap; \
    }

/* Place for `n` elements at once: of a list whose length is about known, larger ones above all. */
#define VEC_ROOM(a, vec, n_) \
    ((vec)->cap < (n_) ? (void)((vec)->v = vec_room((a), (vec)->v, (vec)->n, (n_), sizeof(*(vec)->v)), (vec)->cap = (n_)) : (void)0)

void *vec_room(struct arena *a, const void *v, size_t n, size_t want, size_t size);
void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#define PUSH(a, vec)                                                                       \
    ((vec)->v = vec_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)),         \
     &(vec)->v[(vec)->n++])

#endif
