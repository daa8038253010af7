/* test/sim/sim_keyd.c: role/tenant_keyd.c without a process: keys that never change, and the head that was signed last, which
 * outlives every cut as keyd's own log does. */
#include "base/mem.h"
#include "role/tenant.h"
#include "sim.h"

#include <string.h>

struct keyd {
    int unused;
};

struct keyd *keyd_new(int fd)
{
    (void)fd;
    return XNEW(struct keyd);
}

void keyd_free(struct keyd **k)
{
    xfree(*k);
    *k = NULL;
}

void keyd_replace(struct keyd *k, int fd)
{
    (void)k;
    (void)fd;
}

bool keyd_data_key(struct keyd *k, struct secret *key)
{
    (void)k;
    key->n = 32;
    memset(key->b, 7, 32);
    return true;
}

bool keyd_next(struct keyd *k, struct secret *key)
{
    (void)k;
    (void)key;
    return false;
}

bool keyd_renewed(struct keyd *k, struct secret *key)
{
    return keyd_next(k, key);
}

bool keyd_promote(struct keyd *k)
{
    (void)k;
    return false;
}

bool keyd_pepper(void *keyd, const struct secret *prehash, struct secret *out)
{
    struct sha256 h = sha256_of((sv[]){SV("pepper"), secret_view(prehash)}, 2);

    (void)keyd;
    out->n = 32;
    memcpy(out->b, h.b, 32);
    return true;
}

bool keyd_sign(struct keyd *k, uint64_t size, const struct sha256 *root, int64_t time_ms, unsigned char sig[64])
{
    (void)k;
    (void)time_ms;
    if ((int64_t)size < world->signed_size)
        return false;                                     /* as keyd refuses it */
    if ((int64_t)size == world->signed_size && size > 0 && memcmp(world->signed_root, root->b, 32) != 0)
        sim_wrong("two heads of %" PRIu64 " rows", size);
    world->signed_size = (int64_t)size;
    memcpy(world->signed_root, root->b, 32);
    memset(sig, 9, 64);
    return true;
}

bool keyd_last_head(struct keyd *k, uint64_t *size, struct sha256 *root)
{
    (void)k;
    *size = (uint64_t)world->signed_size;
    memcpy(root->b, world->signed_root, 32);
    return true;
}
