/* base/arena.c: a list of blocks; the newest is filled from its front. */
#include "base/arena.h"
#include "base/mem.h"

#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
/* A gap between two pieces, so that running over the end of one is seen. */
#define GAP 16
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define ALIGN 16

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct hook {
    struct hook *next;
    void (*fn)(void *);
    void *p;
};

struct arena {
    struct block *first;
    struct hook *hooks;
    size_t block_bytes, bytes;
};

static struct block *block_add(struct arena *a, size_t size)
{
    struct block *b = xmalloc(sizeof(*b) + size);

    b->next = a->first;
    b->size = size;
    b->used = 0;
    a->first = b;
    a->bytes += sizeof(*b) + size;
    POISON(b->data, size);
    return b;
}

struct arena *arena_new(size_t block_bytes)
{
    struct arena *a = xmalloc(sizeof(*a));

    *a = (struct arena){.block_bytes = block_bytes < 256 ? 256 : block_bytes};
    return a;
}

void arena_free(struct arena **ap)
{
    struct arena *a = *ap;

    *ap = NULL;
    if (!a)
        return;
    for (struct hook *h = a->hooks; h; h = h->next)
        h->fn(h->p);
    while (a->first) {
        struct block *b = a->first;
        a->first = b->next;
        UNPOISON(b->data, b->size);
        xfree(b);
    }
    xfree(a);
}

void arena_again(struct arena *a)
{
    for (struct hook *h = a->hooks; h; h = h->next)
        h->fn(h->p);
    a->hooks = NULL;
    for (struct block *b; (b = a->first) && b->next;) {
        a->first = b->next;
        a->bytes -= sizeof(*b) + b->size;
        UNPOISON(b->data, b->size);
        xfree(b);
    }
    if (a->first) {
        a->first->used = 0;
        POISON(a->first->data, a->first->size);
    }
}

void *arena_raw(struct arena *a, size_t n)
{
    struct block *b = a->first;
    size_t want;

    ENSURE(n <= SIZE_MAX / 4);
    want = (n + GAP + ALIGN - 1) / ALIGN * ALIGN;
    if (!b || b->size - b->used < want) {
        if (want > a->block_bytes / 2 && b) {
            /* A large piece stands alone behind the block in use, which goes on being filled. */
            struct block *big = block_add(a, want);
            a->first = b;
            big->next = b->next;
            b->next = big;
            b = big;
        } else {
            b = block_add(a, want > a->block_bytes ? want : a->block_bytes);
        }
    }
    void *p = b->data + b->used;
    b->used += want;
    UNPOISON(p, n);
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_raw(a, n), 0, n);
}

void *arena_alloc_n(struct arena *a, size_t size, size_t n)
{
    ENSURE(size == 0 || n <= SIZE_MAX / 4 / size);
    return arena_alloc(a, size * n);
}

void *arena_dup(struct arena *a, const void *p, size_t n)
{
    void *q = arena_raw(a, n);

    return n ? memcpy(q, p, n) : q;
}

void arena_on_free(struct arena *a, void (*fn)(void *), void *p)
{
    struct hook *h = ANEW(a, struct hook);

    *h = (struct hook){.next = a->hooks, .fn = fn, .p = p};
    a->hooks = h;
}

size_t arena_bytes(const struct arena *a)
{
    return a->bytes;
}
