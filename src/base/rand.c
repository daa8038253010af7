/* base/rand.c: getrandom, and ids made from it. */
#include "base/rand.h"

#include <errno.h>
#include <sys/random.h>

#ifdef ENGAWA_TEST
static uint64_t test_seed;

void rand_test_seed(uint64_t seed)
{
    __atomic_store_n(&test_seed, seed, __ATOMIC_SEQ_CST);
}

/* splitmix64 (Steele, Lea, Flood 2014): enough for ids that a test wants to meet again. */
static uint64_t id_bits(void)
{
    if (!__atomic_load_n(&test_seed, __ATOMIC_SEQ_CST))
        return rand_u64();
    uint64_t z = __atomic_add_fetch(&test_seed, 0x9e3779b97f4a7c15u, __ATOMIC_SEQ_CST);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
#else
#define id_bits rand_u64
#endif

void rand_bytes(void *p, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t r = getrandom((char *)p + got, n - got, 0);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            die("the kernel gave no random bytes");
        got += (size_t)r;
    }
}

uint64_t rand_u64(void)
{
    uint64_t v;

    rand_bytes(&v, sizeof(v));
    return v;
}

uint64_t rand_below(uint64_t n)
{
    uint64_t v, limit = UINT64_MAX - UINT64_MAX % n;

    do
        v = rand_u64();
    while (v >= limit);
    return v % n;
}

id64 rand_id(void)
{
    int64_t n;

    do
        n = (int64_t)(id_bits() >> 1);
    while (n == 0);
    return (id64){n};
}

int64_t rand_room_id(void)
{
    int64_t n;

    do
        n = (int64_t)(id_bits() >> 33);
    while (n == 0);
    return n;
}
