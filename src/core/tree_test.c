/* core/tree_test.c: roots against the reference vectors of RFC 9162 (Certificate Transparency) and against the
 * definition itself; the frontier's way to the store and back. */
#include "base/test.h"
#include "core/tree_proof.h"

#define LEAVES 300

static sv hex(struct arena *a, const struct sha256 *h)
{
    struct str s = STR_IN(a);

    hex_put(&s, sv_n(h->b, 32));
    return str_sv(&s);
}

/* The inputs and roots that every CT implementation is tested with. */
TEST(tree_roots_are_the_reference_vectors)
{
    static const struct { const char *leaf, *root; } t[] = {
        { NULL, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
        { "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
        { "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
        { "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
        { "3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
        { "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
        { "5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
        { "606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
    };
    struct arena *a = arena_new(4096);
    struct tree tree = { 0 };

    for (size_t i = 0; i < COUNT(t); i++) {
        if (t[i].leaf) {
            sv bytes;

            CHECK_AT(i, hex_read(a, sv_c(t[i].leaf), &bytes));
            struct sha256 leaf = tree_leaf(bytes);
            tree_add(&tree, &leaf);
        }
        struct sha256 root = tree_root(&tree);
        CHECK_INT_AT(i, tree.size, i);
        CHECK_STR_AT(i, hex(a, &root), sv_c(t[i].root));
    }
    arena_free(&a);
}

/* MTH of RFC 9162, 2.1.1, as it is written there. */
static struct sha256 mth(const struct sha256 *leaves, size_t n)
{
    size_t k = 1;

    if (n == 0)
        return sha256(SV_NONE);
    if (n == 1)
        return leaves[0];
    while (k * 2 < n)
        k *= 2;
    struct sha256 left = mth(leaves, k), right = mth(leaves + k, n - k);
    const sv parts[] = { SV("\1"), sv_n(left.b, 32), sv_n(right.b, 32) };
    return sha256_of(parts, 3);
}

TEST(tree_roots_are_the_definition)
{
    struct arena *a = arena_new(4096);
    struct sha256 leaves[LEAVES];
    struct tree tree = { 0 };

    for (size_t n = 0; n <= LEAVES; n++) {
        struct sha256 got = tree_root(&tree), want = mth(leaves, n);

        CHECK_STR_AT(n, sv_n(got.b, 32), sv_n(want.b, 32));
        CHECK_INT_AT(n, tree.n, __builtin_popcountll(n));
        if (n == LEAVES)
            break;
        leaves[n] = tree_leaf(sv_printf(a, "leaf %zu", n));
        tree_add(&tree, &leaves[n]);
    }
    arena_free(&a);
}

/* A tree that went through the store at any size grows as the one that stayed in memory. */
TEST(tree_frontier_comes_back)
{
    struct arena *a = arena_new(4096);
    struct tree tree = { 0 };

    for (size_t n = 0; n < LEAVES; n++) {
        struct str bytes = STR_IN(a);
        struct tree again;

        tree_put(&tree, &bytes);
        CHECK_AT(n, tree_get(&again, n, str_sv(&bytes)));
        struct sha256 one = tree_root(&tree), two = tree_root(&again);
        CHECK_STR_AT(n, sv_n(two.b, 32), sv_n(one.b, 32));
        CHECK_AT(n, !tree_get(&again, n, sv_n(bytes.p, bytes.n + 1)));
        CHECK_AT(n, n == 0 || !tree_get(&again, n, sv_upto(str_sv(&bytes), bytes.n - 1)));
        CHECK_AT(n, n == 0 || !tree_get(&again, n, sv_upto(str_sv(&bytes), bytes.n - 32)));
        struct sha256 leaf = tree_leaf(sv_n(&n, sizeof(n)));
        tree_add(&tree, &leaf);
    }
    arena_free(&a);
}

/* PATH and SUBPROOF of RFC 9162, 2.1.3.1 and 2.1.4.1, as they are written there. */
static size_t rfc_path(const struct sha256 *leaves, size_t m, size_t n, struct sha256 *out)
{
    size_t k = 1, hashes;

    if (n == 1)
        return 0;
    while (k * 2 < n)
        k *= 2;
    hashes = m < k ? rfc_path(leaves, m, k, out) : rfc_path(leaves + k, m - k, n - k, out);
    out[hashes] = m < k ? mth(leaves + k, n - k) : mth(leaves, k);
    return hashes + 1;
}

static size_t rfc_subproof(const struct sha256 *leaves, size_t m, size_t n, bool b, struct sha256 *out)
{
    size_t k = 1, hashes;

    if (m == n && b)
        return 0;
    if (m == n) {
        out[0] = mth(leaves, n);
        return 1;
    }
    while (k * 2 < n)
        k *= 2;
    hashes = m <= k ? rfc_subproof(leaves, m, k, b, out) : rfc_subproof(leaves + k, m - k, n - k, false, out);
    out[hashes] = m <= k ? mth(leaves + k, n - k) : mth(leaves, k);
    return hashes + 1;
}

#define SMALL 20

/* Whatever was erased before them, the proofs of what is left are those of the whole tree; those of erased rows are refused. */
TEST(tree_proofs_are_the_definition)
{
    struct arena *a = arena_new(4096);
    struct sha256 all[SMALL], got[TREE_PATH], want[TREE_PATH];
    struct tree gone = { 0 };
    size_t n, hashes;

    for (size_t i = 0; i < SMALL; i++)
        all[i] = tree_leaf(sv_printf(a, "leaf %zu", i));
    for (size_t erased = 0; erased <= SMALL; erased++) {
        struct tree_leaves l = { &gone, all + erased, SMALL - erased };

        for (size_t size = 1; size <= SMALL; size++) {
            for (size_t m = 0; m < size; m++) {
                bool made = tree_inclusion(&l, m, size, got, &n);
                CHECK_INT_AT(m, made, m >= erased);
                if (!made)
                    continue;
                hashes = rfc_path(all, m, size, want);
                CHECK_STR_AT(m, sv_n(got, n * sizeof(*got)), sv_n(want, hashes * sizeof(*want)));
            }
            CHECK_AT(size, !tree_inclusion(&l, size, size, got, &n));
            for (size_t m = 1; m <= size; m++) {
                bool made = tree_consistency(&l, m, size, got, &n);
                CHECK_INT_AT(m, made, m >= erased);
                if (!made)
                    continue;
                hashes = rfc_subproof(all, m, size, true, want);
                CHECK_STR_AT(m, sv_n(got, n * sizeof(*got)), sv_n(want, hashes * sizeof(*want)));
            }
            CHECK_AT(size, !tree_consistency(&l, size + 1, size, got, &n));
        }
        CHECK_AT(erased, !tree_inclusion(&l, SMALL, SMALL + 1, got, &n));
        CHECK_AT(erased, !tree_consistency(&l, SMALL, SMALL + 1, got, &n));
        CHECK_AT(erased, !tree_consistency(&l, 0, SMALL, got, &n));
        if (erased < SMALL)
            tree_add(&gone, &all[erased]);
    }
    arena_free(&a);
}
