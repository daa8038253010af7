/* core/tree_proof.h: proofs of RFC 9162 (sections 2.1.3.1 and 2.1.4.1), for who keeps leaves. prog/auditverify checks them. */
#ifndef ENGAWA_CORE_TREE_PROOF_H
#define ENGAWA_CORE_TREE_PROOF_H

#include "core/tree.h"

#define TREE_PATH 64                                      /* hashes of the longest proof */

/* All rows of a tree: of those that were erased the frontier is known, of the others the leaves. */
struct tree_leaves {
    const struct tree *gone;
    const struct sha256 *v;                               /* from row gone->size on */
    size_t n;
};

/* Row `index` (from 0) in the tree of `size` rows; the tree of `size` rows after that of `first`. *path has room for TREE_PATH.
 * False: outside the tree, or of erased rows. */
bool tree_inclusion(const struct tree_leaves *l, uint64_t index, uint64_t size, struct sha256 *path, size_t *n);
bool tree_consistency(const struct tree_leaves *l, uint64_t first, uint64_t size, struct sha256 *path, size_t *n);

#endif
