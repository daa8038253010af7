/* core/tree.h: the Merkle tree of RFC 9162 (section 2.1) as its frontier: the roots of the perfect subtrees that the
 * binary digits of its size name, largest first. Appending costs O(1) amortised, the root O(log n). */
#ifndef ENGAWA_CORE_TREE_H
#define ENGAWA_CORE_TREE_H

#include "crypt/hash.h"

struct tree {
    uint64_t size;
    struct sha256 at[64];                                 /* as many as `size` has ones, largest subtree first */
    unsigned n;
};

struct sha256 tree_leaf(sv data);                         /* SHA-256(0x00 | data) */
void tree_add(struct tree *t, const struct sha256 *leaf);
struct sha256 tree_root(const struct tree *t);            /* of the empty tree: SHA-256 of nothing */
void tree_put(const struct tree *t, struct str *out);     /* the frontier's bytes, for the store */
bool tree_get(struct tree *t, uint64_t size, sv bytes);   /* false: not as many as the size needs */

#endif
