/* base/arena.h: memory that is freed all at once; one arena per request.
 *     arena_new() -> arena_alloc()/ANEW()/arena_dup() …, arena_on_free() -> arena_free()
 * Memory is zeroed (but arena_raw()) and never NULL: out of memory ends the process. Not thread-safe; an arena belongs to
 * one thread at a time. Under AddressSanitizer what was not handed out is poisoned. */
#ifndef ENGAWA_BASE_ARENA_H
#define ENGAWA_BASE_ARENA_H

#include "base/defs.h"

struct arena;

/* `block_bytes` is the size of a block; larger pieces get a block of their own. */
struct arena *arena_new(size_t block_bytes);

/* Runs the hooks, newest first, and frees everything. NULL is fine; leaves NULL behind. */
void arena_free(struct arena **a);
void arena_again(struct arena *a);                        /* as new, and a block of it stays: for who reads piece after piece */

/* Zeroed, aligned for any type. `n` may be 0. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_raw(struct arena *a, size_t n);               /* not zeroed: for who writes all of it at once */
void *arena_dup(struct arena *a, const void *p, size_t n);

/* Calls fn(p) in arena_free(): for files, cursors, secrets to wipe. */
void arena_on_free(struct arena *a, void (*fn)(void *), void *p);

/* Bytes held, for limits and figures. */
size_t arena_bytes(const struct arena *a);

#define ANEW(a, type)     ((type *)arena_alloc((a), sizeof(type)))
#define ANEWN(a, type, n) ((type *)arena_alloc_n((a), sizeof(type), (n)))
void *arena_alloc_n(struct arena *a, size_t size, size_t n);

#endif
