/* role/edge_limit.c: connections and rates by address: IPv4 by the whole address, IPv6 by its /64. Rates stand in a
 * bounded table; when it is full, a row taken at random goes. */
#include "role/edge.h"

#include "base/mem.h"
#include "base/rand.h"

#include <netinet/in.h>
#include <string.h>

#define RATES 65536
#define WAYS  8

struct rate {
    uint64_t addr;                                        /* with `used`: 0 is an address too */
    int64_t last_ms;
    double tokens;
    bool used;
};

void limit_new(struct edge *e)
{
    map_init(&e->by_address, rand_u64());
    e->rates_n = RATES;
    e->rates = xcalloc(RATES, sizeof(struct rate));
}

uint64_t limit_key(const void *sockaddr)
{
    const struct sockaddr_in6 *six = sockaddr;
    const struct sockaddr_in *four = sockaddr;
    uint64_t key;
    uint32_t v4;

    if (four->sin_family == AF_INET)
        return four->sin_addr.s_addr;
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        memcpy(&v4, six->sin6_addr.s6_addr + 12, sizeof(v4));
        return v4;
    }
    memcpy(&key, six->sin6_addr.s6_addr, sizeof(key));
    return key;
}

static uintptr_t count_of(const struct edge *e, uint64_t addr)
{
    return (uintptr_t)map_get(&e->by_address, addr);
}

bool limit_connect(struct edge *e, uint64_t addr)
{
    uintptr_t n = count_of(e, addr);

    if (n >= (uintptr_t)e->limits.per_address)
        return false;
    map_put(&e->by_address, addr, (void *)(n + 1));
    return true;
}

void limit_disconnect(struct edge *e, uint64_t addr)
{
    uintptr_t n = count_of(e, addr);

    if (n > 1)
        map_put(&e->by_address, addr, (void *)(n - 1));
    else
        map_del(&e->by_address, addr);
}

/* The address's row; a new one takes a free place of its set, or one of its rows at random. */
static struct rate *rate_of(struct edge *e, uint64_t addr)
{
    uint64_t h = (addr ^ e->by_address.seed) * 0x9E3779B97F4A7C15u;
    struct rate *set = e->rates + (h >> 32) % (e->rates_n / WAYS) * WAYS;
    struct rate *free_one = NULL;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used && set[i].addr == addr)
            return &set[i];
        if (!set[i].used)
            free_one = &set[i];
    }
    if (!free_one)
        free_one = &set[rand_below(WAYS)];
    *free_one = (struct rate){.addr = addr, .used = true, .last_ms = e->now_ms, .tokens = (double)e->limits.burst};
    return free_one;
}

bool limit_pass(struct edge *e, uint64_t addr)
{
    struct rate *r = rate_of(e, addr);

    r->tokens += (double)(e->now_ms - r->last_ms) * (double)e->limits.rate / 1000.0;
    r->last_ms = e->now_ms;
    if (r->tokens > (double)e->limits.burst)
        r->tokens = (double)e->limits.burst;
    if (r->tokens < 1.0) {
        e->figures.refused++;
        return false;
    }
    r->tokens -= 1.0;
    return true;
}
