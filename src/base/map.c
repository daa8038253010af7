/* base/map.c: linear probing with backward-shift deletion. */
#include "base/map.h"
#include "base/mem.h"

static uint64_t mix(uint64_t k, uint64_t seed)
{
    k ^= seed;
    k ^= k >> 33;
    k *= 0xff51afd7ed558ccdu;
    k ^= k >> 33;
    k *= 0xc4ceb9fe1a85ec53u;
    return k ^ (k >> 33);
}

void map_init(struct map *m, uint64_t seed)
{
    *m = (struct map){.seed = seed};
}

void map_release(struct map *m)
{
    xfree(m->slots);
    *m = (struct map){.seed = m->seed};
}

static size_t find(const struct map *m, uint64_t key)
{
    size_t i = (size_t)mix(key, m->seed) & (m->cap - 1);

    while (m->slots[i].value && m->slots[i].key != key)
        i = (i + 1) & (m->cap - 1);
    return i;
}

void *map_get(const struct map *m, uint64_t key)
{
    return m->cap ? m->slots[find(m, key)].value : NULL;
}

static void grow(struct map *m)
{
    struct map old = *m;

    m->cap = old.cap ? old.cap * 2 : 16;
    m->slots = xcalloc(m->cap, sizeof(*m->slots));
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].value)
            m->slots[find(m, old.slots[i].key)] = old.slots[i];
    xfree(old.slots);
}

void *map_put(struct map *m, uint64_t key, void *value)
{
    ENSURE(value);
    if ((m->n + 1) * 4 > m->cap * 3)
        grow(m);
    struct map_slot *s = &m->slots[find(m, key)];
    void *before = s->value;
    m->n += !before;
    *s = (struct map_slot){key, value};
    return before;
}

void *map_del(struct map *m, uint64_t key)
{
    if (!m->cap)
        return NULL;
    size_t i = find(m, key);
    void *before = m->slots[i].value;
    if (!before)
        return NULL;
    m->n--;
    for (size_t j = i;;) {
        m->slots[i].value = NULL;
        for (;;) {
            j = (j + 1) & (m->cap - 1);
            if (!m->slots[j].value)
                return before;
            size_t home = (size_t)mix(m->slots[j].key, m->seed) & (m->cap - 1);
            /* j may fill i only if its home does not lie cyclically in (i, j]. */
            if (i <= j ? (home <= i || home > j) : (home <= i && home > j))
                break;
        }
        m->slots[i] = m->slots[j];
        i = j;
    }
}

bool map_next(const struct map *m, size_t *at, struct map_slot *out)
{
    for (; *at < m->cap; (*at)++)
        if (m->slots[*at].value) {
            *out = m->slots[(*at)++];
            return true;
        }
    return false;
}
