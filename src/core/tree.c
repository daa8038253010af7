/* core/tree.c: RFC 9162 hashing with 0x00 before leaves and 0x01 before nodes. */
#include "core/tree_proof.h"

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

/* Proofs */

/* The largest power of two below n, which is 2 at least. */
static uint64_t split(uint64_t n)
{
    return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* Erased rows [from, to) as one subtree of their frontier; NULL: they are none. */
static const struct sha256 *gone_subtree(const struct tree *gone, uint64_t from, uint64_t to)
{
    uint64_t at = 0;

    for (unsigned i = 0; i < gone->n && at <= from; i++) {
        uint64_t size = (uint64_t)1 << (63 - __builtin_clzll(gone->size - at));
        if (at == from && to == from + size)
            return &gone->at[i];
        at += size;
    }
    return NULL;
}

/* The root of rows [from, to). What a proof for rows that are left asks of erased ones is a subtree of their frontier, or made
 * of some. */
static bool root_of(const struct tree_leaves *l, uint64_t from, uint64_t to, struct sha256 *out)
{
    const struct sha256 *known = gone_subtree(l->gone, from, to);
    struct sha256 left, right;

    if (known) {
        *out = *known;
        return true;
    }
    if (to - from == 1) {
        if (from < l->gone->size)
            return false;
        *out = l->v[from - l->gone->size];
        return true;
    }
    uint64_t at = from + split(to - from);
    if (!root_of(l, from, at, &left) || !root_of(l, at, to, &right))
        return false;
    *out = node(&left, &right);
    return true;
}

static bool sibling(const struct tree_leaves *l, uint64_t from, uint64_t to, struct sha256 *path, size_t *n)
{
    ENSURE(*n < TREE_PATH);
    return root_of(l, from, to, &path[(*n)++]);
}

static bool path_to(const struct tree_leaves *l, uint64_t index, uint64_t from, uint64_t to, struct sha256 *path, size_t *n)
{
    if (to - from == 1)
        return true;
    uint64_t at = from + split(to - from);
    return index < at ? path_to(l, index, from, at, path, n) && sibling(l, at, to, path, n)
                      : path_to(l, index, at, to, path, n) && sibling(l, from, at, path, n);
}

bool tree_inclusion(const struct tree_leaves *l, uint64_t index, uint64_t size, struct sha256 *path, size_t *n)
{
    *n = 0;
    return index >= l->gone->size && index < size && size <= l->gone->size + l->n && path_to(l, index, 0, size, path, n);
}

/* `whole`: the earlier tree is all of what stands left of here, so that its root is known to who has its head. */
static bool from_first(const struct tree_leaves *l, uint64_t first, uint64_t from, uint64_t to, bool whole, struct sha256 *path, size_t *n)
{
    if (first == to)
        return whole || sibling(l, from, to, path, n);
    uint64_t at = from + split(to - from);
    return first <= at ? from_first(l, first, from, at, whole, path, n) && sibling(l, at, to, path, n)
                       : from_first(l, first, at, to, false, path, n) && sibling(l, from, at, path, n);
}

bool tree_consistency(const struct tree_leaves *l, uint64_t first, uint64_t size, struct sha256 *path, size_t *n)
{
    *n = 0;
    return first > 0 && first >= l->gone->size && first <= size && size <= l->gone->size + l->n &&
           from_first(l, first, 0, size, true, path, n);
}
