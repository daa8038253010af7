/* core/tree.c: RFC 9162 hashing with 0x00 before leaves and 0x01 before nodes. */
#include "core/tree.h"

#include <string.h>

struct sha256 tree_leaf(sv data)
{
    const sv parts[] = {sv_n("\0", 1), data};

    return sha256_of(parts, 2);
}

static struct sha256 node(const struct sha256 *left, const struct sha256 *right)
{
    const sv parts[] = {sv_n("\1", 1), sv_n(left->b, 32), sv_n(right->b, 32)};

    return sha256_of(parts, 3);
}

void tree_add(struct tree *t, const struct sha256 *leaf)
{
    struct sha256 h = *leaf;

    for (uint64_t s = t->size; s & 1; s >>= 1)
        h = node(&t->at[--t->n], &h);
    ENSURE(t->n < COUNT(t->at));
    t->at[t->n++] = h;
    t->size++;
}

struct sha256 tree_root(const struct tree *t)
{
    if (t->n == 0)
        return sha256(SV_NONE);
    struct sha256 h = t->at[t->n - 1];
    for (unsigned i = t->n - 1; i-- > 0;)
        h = node(&t->at[i], &h);
    return h;
}

void tree_put(const struct tree *t, struct str *out)
{
    for (unsigned i = 0; i < t->n; i++)
        str_bytes(out, t->at[i].b, 32);
}

bool tree_get(struct tree *t, uint64_t size, sv bytes)
{
    *t = (struct tree){.size = size, .n = (unsigned)__builtin_popcountll(size)};
    if (bytes.n != t->n * sizeof(struct sha256))
        return false;
    for (unsigned i = 0; i < t->n; i++)
        memcpy(t->at[i].b, bytes.p + i * 32, 32);
    return true;
}
