/* core/typing.c: once in TYPING_MS. */
#include "core/typing.h"
#include "base/rand.h"

void typing_init(struct typing *t)
{
    map_init(&t->now, rand_u64());
    map_init(&t->before, rand_u64());
    t->since_ms = 0;
}

void typing_release(struct typing *t)
{
    map_release(&t->now);
    map_release(&t->before);
}

/* Neither longer ago than that nor, where the clock was set back, yet to come. */
static bool within(int64_t ms, int64_t now_ms)
{
    return ms && now_ms >= ms && now_ms - ms < TYPING_MS;
}

static int64_t told_at(const struct map *m, uint64_t key)
{
    return (int64_t)(uintptr_t)map_get(m, key);
}

bool typing_due(struct typing *t, id64 room, id64 member, int64_t now_ms)
{
    uint64_t key = (uint64_t)member.n ^ (uint64_t)room.n * UINT64_C(0x9E3779B97F4A7C15);

    if (!within(t->since_ms, now_ms)) {                   /* all of `before` is as old at least */
        map_release(&t->before);
        t->before = t->now;
        map_init(&t->now, rand_u64());
        t->since_ms = now_ms;
    }
    if (within(told_at(&t->now, key), now_ms) || within(told_at(&t->before, key), now_ms))
        return false;
    map_put(&t->now, key, (void *)(uintptr_t)now_ms);
    return true;
}
