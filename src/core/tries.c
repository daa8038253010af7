/* core/tries.c: a bounded map from member and source to what was tried. */
#include "core/tries.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#define SOURCE_MAX 64
#define LIFTED_MAX 256                                   /* the latest; who asks about an older time is told yes */

struct entry {
    id64 member;
    size_t source_n;
    char source[SOURCE_MAX];
    struct try_row row;
};

struct tries {
    pthread_mutex_t lock;
    struct map map;
    uint64_t serial;                                      /* how many were lifted */
    id64 lifted[LIFTED_MAX];                              /* number n stands at n % LIFTED_MAX */
};

struct tries *tries_new(void)
{
    struct tries *t = XNEW(struct tries);

    pthread_mutex_init(&t->lock, NULL);
    map_init(&t->map, rand_u64());
    return t;
}

static void drop_all(struct tries *t)
{
    struct map_slot slot;
    size_t at = 0;

    while (map_next(&t->map, &at, &slot))
        xfree(slot.value);
    map_release(&t->map);
}

void tries_free(struct tries **tp)
{
    struct tries *t = *tp;

    *tp = NULL;
    if (!t)
        return;
    drop_all(t);
    pthread_mutex_destroy(&t->lock);
    xfree(t);
}

static uint64_t key_of(const struct tries *t, id64 member, sv source)
{
    return sv_hash(source, t->map.seed ^ (uint64_t)member.n);
}

static bool is(const struct entry *e, id64 member, sv source)
{
    return e && e->member.n == member.n && sv_equal(sv_n(e->source, e->source_n), source);
}

bool tries_get(struct tries *t, id64 member, sv source, struct try_row *out)
{
    pthread_mutex_lock(&t->lock);
    const struct entry *e = map_get(&t->map, key_of(t, member, source));
    bool known = is(e, member, source);
    if (known)
        *out = e->row;
    pthread_mutex_unlock(&t->lock);
    return known;
}

/* With the lock held. */
static void set(struct tries *t, id64 member, sv source, const struct try_row *row)
{
    uint64_t key = key_of(t, member, source);

    ENSURE(source.n <= SOURCE_MAX);
    struct entry *e = map_get(&t->map, key);
    if (!e) {
        if (t->map.n >= TRIES_MAX)
            drop_all(t);
        e = XNEW(struct entry);
        map_put(&t->map, key, e);
    }
    e->member = member;
    e->source_n = source.n;
    memcpy(e->source, source.p, source.n);
    e->row = *row;
}

void tries_set(struct tries *t, id64 member, sv source, const struct try_row *row)
{
    pthread_mutex_lock(&t->lock);
    set(t, member, source, row);
    pthread_mutex_unlock(&t->lock);
}

/* With the lock held. */
static bool lifted(const struct tries *t, id64 member, uint64_t since)
{
    if (t->serial - since > LIFTED_MAX)
        return true;
    for (uint64_t n = since; n < t->serial; n++)
        if (t->lifted[n % LIFTED_MAX].n == member.n)
            return true;
    return false;
}

uint64_t tries_serial(struct tries *t)
{
    pthread_mutex_lock(&t->lock);
    uint64_t serial = t->serial;
    pthread_mutex_unlock(&t->lock);
    return serial;
}

bool tries_lifted(struct tries *t, id64 member, uint64_t since)
{
    pthread_mutex_lock(&t->lock);
    bool yes = lifted(t, member, since);
    pthread_mutex_unlock(&t->lock);
    return yes;
}

void tries_keep(struct tries *t, uint64_t since, id64 member, sv source, const struct try_row *row)
{
    pthread_mutex_lock(&t->lock);
    if (!lifted(t, member, since))
        set(t, member, source, row);
    pthread_mutex_unlock(&t->lock);
}

void tries_forget(struct tries *t, id64 member)
{
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&t->lock);
    uint64_t *keys = xcalloc(t->map.n + 1, sizeof(*keys));
    while (map_next(&t->map, &at, &slot))
        if (((const struct entry *)slot.value)->member.n == member.n)
            keys[n++] = slot.key;
    for (size_t i = 0; i < n; i++)
        xfree(map_del(&t->map, keys[i]));
    t->lifted[t->serial++ % LIFTED_MAX] = member;
    pthread_mutex_unlock(&t->lock);
    xfree(keys);
}

size_t tries_count(struct tries *t)
{
    pthread_mutex_lock(&t->lock);
    size_t n = t->map.n;
    pthread_mutex_unlock(&t->lock);
    return n;
}

sv tries_source(struct arena *a, sv ip)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr six;

    if (!sv_find(ip, SV(":"), NULL) || inet_pton(AF_INET6, sv_cstr(a, ip), &six) != 1)
        return sv_upto(ip, SOURCE_MAX);
    memset(six.s6_addr + 8, 0, 8);
    ENSURE(inet_ntop(AF_INET6, &six, text, sizeof(text)));
    return sv_printf(a, "%s/64", text);
}
