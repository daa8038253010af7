/* crypt/secret.c: libsodium's wiping and constant-time comparing, under the names the product uses. */
#include "crypt/secret.h"

#include "base/rand.h"

#include <sodium.h>
#include <string.h>

void wipe(void *p, size_t n)
{
    if (n)
        sodium_memzero(p, n);
}

void secret_wipe(struct secret *s)
{
    sodium_memzero(s, sizeof(*s));
}

bool secret_set(struct secret *s, sv bytes)
{
    secret_wipe(s);
    if (bytes.n > SECRET_MAX)
        return false;
    if (bytes.n)
        memcpy(s->b, bytes.p, bytes.n);
    s->n = bytes.n;
    return true;
}

void secret_random(struct secret *s, size_t n)
{
    ENSURE(n <= SECRET_MAX);
    secret_wipe(s);
    rand_bytes(s->b, n);
    s->n = n;
}

bool secret_equal_bytes(sv a, sv b)
{
    return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    return secret_equal_bytes(secret_view(a), secret_view(b));
}

sv secret_view(const struct secret *s)
{
    ENSURE(s->n <= SECRET_MAX);
    return sv_n(s->b, s->n);
}
