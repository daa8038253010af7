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

void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#define PUSH(a, vec)                                                                       \
    ((vec)->v = vec_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)),         \
     &(vec)->v[(vec)->n++])

#endif
