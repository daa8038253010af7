/* core/here.c: connections are counted by member; what changed waits in a list for the next second. */
#include "core/here.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"

#include <pthread.h>

struct person {
    id64 member;
    int on, away;                                         /* connections that have said so */
    bool hidden, waits, at_once;                          /* waits: stands in the list; at_once: its leaving is not held */
    enum here_state told;
    int64_t left_ms;                                      /* when its last connection went */
    struct person *next;                                  /* of the list */
};

struct here {
    pthread_mutex_t lock;
    struct map by_member;
    struct person *first, *last;                          /* what may have changed, oldest first */
};

struct here *here_new(void)
{
    struct here *h = XNEW(struct here);

    pthread_mutex_init(&h->lock, NULL);
    map_init(&h->by_member, rand_u64());
    return h;
}

void here_free(struct here **hp)
{
    struct map_slot slot;
    size_t at = 0;

    if (!*hp)
        return;
    while (map_next(&(*hp)->by_member, &at, &slot))
        xfree(slot.value);
    map_release(&(*hp)->by_member);
    pthread_mutex_destroy(&(*hp)->lock);
    xfree(*hp);
    *hp = NULL;
}

static struct person *person(struct here *h, id64 member)
{
    struct person *p = map_get(&h->by_member, (uint64_t)member.n);

    if (p)
        return p;
    p = XNEW(struct person);
    p->member = member;
    map_put(&h->by_member, (uint64_t)member.n, p);
    return p;
}

static void wait(struct here *h, struct person *p)
{
    if (p->waits)
        return;
    p->waits = true;
    p->next = NULL;
    if (h->first)
        h->last->next = p;
    else
        h->first = p;
    h->last = p;
}

static void count(struct person *p, enum here_state s, int n)
{
    if (s == HERE_ON)
        p->on += n;
    if (s == HERE_AWAY)
        p->away += n;
}

void here_say(struct here *h, id64 member, enum here_state before, enum here_state now)
{
    if (before == now)
        return;
    pthread_mutex_lock(&h->lock);
    struct person *p = person(h, member);
    count(p, before, -1);
    count(p, now, 1);
    p->at_once = false;
    wait(h, p);
    pthread_mutex_unlock(&h->lock);
}

void here_leave(struct here *h, id64 member, enum here_state before, bool ended, int64_t now_ms)
{
    if (before == HERE_GONE)
        return;
    pthread_mutex_lock(&h->lock);
    struct person *p = person(h, member);
    count(p, before, -1);
    p->left_ms = now_ms;
    p->at_once = ended;
    wait(h, p);
    pthread_mutex_unlock(&h->lock);
}

void here_hide(struct here *h, id64 member, bool hidden)
{
    pthread_mutex_lock(&h->lock);
    struct person *p = person(h, member);
    p->hidden = hidden;
    wait(h, p);
    pthread_mutex_unlock(&h->lock);
}

bool here_waits(struct here *h)
{
    pthread_mutex_lock(&h->lock);
    bool waits = h->first != NULL;
    pthread_mutex_unlock(&h->lock);
    return waits;
}

/* Lost so lately that it may come back; a clock that was set back holds nobody. */
static bool held(const struct person *p, int64_t now_ms)
{
    return !p->at_once && !p->hidden && now_ms >= p->left_ms && now_ms - p->left_ms < HERE_HOLD_MS;
}

static enum here_state state(const struct person *p)
{
    return p->hidden ? HERE_GONE : p->on ? HERE_ON : p->away ? HERE_AWAY : HERE_GONE;
}

/* True: it goes on waiting. */
static bool take_one(struct here *h, struct person *p, int64_t now_ms, struct here_change *out, size_t *n)
{
    enum here_state now = state(p);

    if (now < p->told && held(p, now_ms))
        return true;
    if (now != p->told)
        out[(*n)++] = (struct here_change){p->member, p->told, now};
    p->told = now;
    if (now == HERE_GONE && !p->on && !p->away && !p->hidden) {   /* who hides may say that it is here long after it came */
        map_del(&h->by_member, (uint64_t)p->member.n);
        xfree(p);
    } else {
        p->waits = false;
    }
    return false;
}

size_t here_take(struct here *h, struct arena *a, int64_t now_ms, struct here_change **out)
{
    size_t n = 0;

    *out = arena_alloc(a, HERE_TAKE_MAX * sizeof(**out));
    pthread_mutex_lock(&h->lock);
    struct person *next, *p = h->first;
    h->first = h->last = NULL;
    for (; p; p = next) {
        next = p->next;
        if (n == HERE_TAKE_MAX || take_one(h, p, now_ms, *out, &n)) {
            p->waits = false;
            wait(h, p);
        }
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

void here_put_back(struct here *h, const struct here_change *v, size_t n)
{
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < n; i++) {
        struct person *p = person(h, v[i].member);
        p->told = v[i].before;
        wait(h, p);
    }
    pthread_mutex_unlock(&h->lock);
}

enum here_state here_told(struct here *h, id64 member)
{
    pthread_mutex_lock(&h->lock);
    const struct person *p = map_get(&h->by_member, (uint64_t)member.n);
    enum here_state s = p ? p->told : HERE_GONE;
    pthread_mutex_unlock(&h->lock);
    return s;
}

const char *here_name(enum here_state s)
{
    static const char *const names[] = {"gone", "away", "on"};

    return names[s];
}
