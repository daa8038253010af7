/* prog/auditverify.c: checks an audit export, or a proof of a part of it, without the server, its database or any of its code.
 *
 *     auditverify [--key HEX] [--heads FILE] [--no-head-yet] [--proof PROOF] [EXPORT]
 *
 * EXPORT is what `engawactl audit export` writes; HEX is the installation's public key (`engawactl audit key`); FILE is a
 * copy of head lines kept elsewhere ("head SIZE TIME ROOT SIGNATURE"), which shows that nothing was cut off the end.
 * Every row's leaf is computed anew from its fields and salt, the tree from the leaves (RFC 9162, section 2.1), and each
 * signed head is compared with the tree of its size. Of rows that were erased after their term the roots of their
 * subtrees stand in the export: the tree goes on from them. An export that no head covers is refused: anyone can write one; with
 * --no-head-yet it is taken, for a company whose first head is still to be signed.
 * PROOF is what `engawactl audit inclusion` and `audit consistency` write, for one who may not see the other rows: that a row
 * stands in the tree of a head, or that the tree of a head goes on from that of an earlier one (sections 2.1.3.2, 2.1.4.2). With
 * EXPORT its heads must be of the export's tree too. Formats: doc/formats.md, "audit".
 * Exit: 0 all is as it was written; 1 something was changed: the first bad line is named, "FILE:LINE: CODE: sentence", where CODE
 * stays the same for good; 2 wrong use or unreadable. */
#include <ctype.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH 32
#define LINE_MAX_BYTES 4096
#define ROW_FIELDS 13
#define PATH_MAX_HASHES 64                                /* a tree of 2^63 rows has 63 levels; a consistency proof one hash more */

struct buffer {
    unsigned char b[LINE_MAX_BYTES];
    size_t n;
};

struct verify {
    const char *file;
    unsigned long line;
    uint64_t tenant, rows;
    unsigned char stack[64][HASH];                        /* roots of the perfect subtrees, largest first */
    unsigned depth;
    unsigned char *roots;                                 /* the root after each row that is left, for the heads */
    uint64_t gone;                                        /* rows that were erased */
    unsigned roots_due;                                   /* subtrees of theirs whose root is still to come */
    unsigned char gone_root[HASH];                        /* of the tree of the erased rows alone */
    size_t room;
    bool have_key, has_tree, ended;
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
    unsigned long heads, heads_older;
    uint64_t covered;                                     /* rows under the largest head */
    EVP_MD_CTX *md;
};

struct proof {
    bool of_row, ended;
    uint64_t seq;
    unsigned char leaf[HASH];
    unsigned heads, hashes;
    uint64_t size[2];                                     /* of the heads: the earlier first */
    unsigned char root[2][HASH], path[PATH_MAX_HASHES][HASH];
};

static int bad(const struct verify *v, const char *code, const char *what, ...) __attribute__((format(printf, 3, 4)));

static int bad(const struct verify *v, const char *code, const char *what, ...)
{
    va_list ap;

    printf("%s:%lu: %s: ", v->file, v->line, code);
    va_start(ap, what);
    vprintf(what, ap);
    va_end(ap);
    putchar('\n');
    return 1;
}

static void sha256(struct verify *v, const struct buffer *in, unsigned char out[HASH])
{
    unsigned n = HASH;

    if (EVP_DigestInit_ex(v->md, EVP_sha256(), NULL) != 1 || EVP_DigestUpdate(v->md, in->b, in->n) != 1 ||
        EVP_DigestFinal_ex(v->md, out, &n) != 1) {
        fputs("auditverify: no SHA-256\n", stderr);
        exit(2);
    }
}

static void put(struct buffer *b, const void *p, size_t n)
{
    if (n > sizeof(b->b) - b->n) {
        fputs("auditverify: a line is too long\n", stderr);
        exit(2);
    }
    memcpy(b->b + b->n, p, n);
    b->n += n;
}

static void put_u32(struct buffer *b, size_t n)
{
    const unsigned char be[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8),
                                 (unsigned char)n};

    put(b, be, 4);
}

static void put_u64(struct buffer *b, uint64_t n)
{
    put_u32(b, (size_t)(n >> 32));
    put_u32(b, (size_t)(n & 0xFFFFFFFFu));
}

static void put_text(struct buffer *b, const char *text)
{
    size_t n = strcmp(text, "-") == 0 ? 0 : strlen(text);

    put_u32(b, n);
    put(b, text, n);
}

/* Lower case alone: what is written one way only can be changed in no byte unseen. */
static bool hex(const char *text, unsigned char *out, size_t n)
{
    if (strlen(text) != n * 2)
        return false;
    for (size_t i = 0; i < n; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        if (!strchr("0123456789abcdef", pair[0]) || !strchr("0123456789abcdef", pair[1]))
            return false;
        out[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return true;
}

static bool number(const char *text, uint64_t *out)
{
    char *end;

    if (!isdigit((unsigned char)text[0]) || (text[0] == '0' && text[1]) || strlen(text) > 19)
        return false;
    *out = strtoull(text, &end, 10);
    return *end == '\0';
}

static void join(struct verify *v, const unsigned char *left, const unsigned char *right, unsigned char out[HASH])
{
    struct buffer b = {.n = 0};

    put(&b, "\1", 1);
    put(&b, left, HASH);
    put(&b, right, HASH);
    sha256(v, &b, out);
}

static void root(struct verify *v, unsigned char out[HASH])
{
    struct buffer none = {.n = 0};

    if (v->depth == 0) {
        sha256(v, &none, out);
        return;
    }
    memcpy(out, v->stack[v->depth - 1], HASH);
    for (unsigned i = v->depth - 1; i-- > 0;)
        join(v, v->stack[i], out, out);
}

static void add_leaf(struct verify *v, const unsigned char leaf[HASH])
{
    unsigned char h[HASH];

    memcpy(h, leaf, HASH);
    for (uint64_t s = v->rows; s & 1; s >>= 1)
        join(v, v->stack[--v->depth], h, h);
    memcpy(v->stack[v->depth++], h, HASH);
    v->rows++;
    if (v->rows - v->gone > v->room) {
        v->room = v->room ? v->room * 2 : 1024;
        v->roots = realloc(v->roots, v->room * HASH);
        if (!v->roots) {
            fputs("auditverify: out of memory\n", stderr);
            exit(2);
        }
    }
    root(v, v->roots + (v->rows - v->gone - 1) * HASH);
}

/* The root of the tree of that size, which is at least `gone`. */
static const unsigned char *root_at(const struct verify *v, uint64_t size)
{
    return size == v->gone ? v->gone_root : v->roots + (size - v->gone - 1) * HASH;
}

/* gone SIZE */
static int gone(struct verify *v, char **f)
{
    if (v->rows || v->gone || v->heads)
        return bad(v, "order", "erased rows stand before all others, and once");
    if (!number(f[1], &v->gone) || v->gone == 0)
        return bad(v, "malformed", "the number of erased rows is malformed");
    v->rows = v->gone;
    for (uint64_t n = v->gone; n; n &= n - 1)
        v->roots_due++;
    return 0;
}

/* root HASH: of the erased rows' perfect subtrees, the largest first */
static int subtree(struct verify *v, char **f)
{
    if (v->roots_due == 0)
        return bad(v, "order", "there is no such subtree of erased rows");
    if (!hex(f[1], v->stack[v->depth++], HASH))
        return bad(v, "malformed", "the root is malformed");
    if (--v->roots_due == 0)
        root(v, v->gone_root);
    return 0;
}

/* row SEQ TIME ACTOR CHANNEL IP ACT OBJECT RESULT COUNT DETAIL-HASH SALT LEAF: its number and its leaf, when the fields give it */
static int row_read(struct verify *v, char **f, uint64_t *seq, unsigned char leaf[HASH])
{
    unsigned char detail[HASH], salt[16], computed[HASH];
    struct buffer b = {.n = 0};
    char tenant[24];

    if (!number(f[1], seq) || !hex(f[10], detail, HASH) || !hex(f[11], salt, sizeof(salt)) || !hex(f[12], leaf, HASH))
        return bad(v, "malformed", "row %s is malformed", f[1]);
    snprintf(tenant, sizeof(tenant), "%" PRIu64, v->tenant);
    put(&b, "\0", 1);
    put(&b, "engawa audit 1\n", 15);
    put_text(&b, tenant);
    for (int i = 1; i <= 9; i++)
        put_text(&b, f[i]);
    put_u32(&b, HASH);
    put(&b, detail, HASH);
    put(&b, salt, sizeof(salt));
    sha256(v, &b, computed);
    if (memcmp(computed, leaf, HASH) != 0)
        return bad(v, "row_changed", "row %s was changed: its fields do not give its leaf", f[1]);
    return 0;
}

static int row(struct verify *v, char **f)
{
    unsigned char leaf[HASH];
    uint64_t seq;

    if (row_read(v, f, &seq, leaf))
        return 1;
    if (v->roots_due)
        return bad(v, "order", "the roots of the erased rows are missing");
    if (seq != v->rows + 1)
        return bad(v, "row_order", "row %s stands where row %" PRIu64 " belongs: a row was removed, added or moved", f[1], v->rows + 1);
    add_leaf(v, leaf);
    return 0;
}

/* head SIZE TIME ROOT SIGNATURE: its size and root, when the key signed it */
static int head_read(struct verify *v, char **f, uint64_t *size, unsigned char is[HASH])
{
    unsigned char signature[crypto_sign_BYTES];
    struct buffer b = {.n = 0};
    uint64_t time_ms;

    if (!number(f[1], size) || !number(f[2], &time_ms) || !hex(f[3], is, HASH) || !hex(f[4], signature, sizeof(signature)))
        return bad(v, "malformed", "head %s is malformed", f[1]);
    if (!v->have_key)
        return 0;
    put(&b, "engawa head 1\n", 14);
    put_u64(&b, v->tenant);
    put_u64(&b, *size);
    put(&b, is, HASH);
    put_u64(&b, time_ms);
    if (crypto_sign_verify_detached(signature, b.b, b.n, v->key) != 0)
        return bad(v, "not_signed", "head %s was not signed by this key", f[1]);
    return 0;
}

static int head_fits(struct verify *v, uint64_t size, const unsigned char is[HASH])
{
    if (size > v->rows)
        return bad(v, "cut_off", "head %" PRIu64 " was signed, but only %" PRIu64 " rows are left: the end was cut off", size, v->rows);
    if (size < v->gone)
        v->heads_older++;                                 /* its rows are erased: only its signature is left to check */
    else if (size > 0 && memcmp(is, root_at(v, size), HASH) != 0)
        return bad(v, "head_differs", "head %" PRIu64 " does not fit the rows up to it: they were changed together with their hashes", size);
    else if (size > v->covered)
        v->covered = size;
    v->heads++;
    return 0;
}

static int head(struct verify *v, char **f)
{
    unsigned char is[HASH];
    uint64_t size;

    return head_read(v, f, &size, is) || head_fits(v, size, is);
}

static int tree(struct verify *v, char **f)
{
    unsigned char is[HASH], computed[HASH];
    uint64_t size;

    if (!number(f[1], &size) || !hex(f[2], is, HASH))
        return bad(v, "malformed", "the tree's line is malformed");
    if (v->has_tree)
        return bad(v, "order", "the tree's line stands twice");
    if (v->roots_due)
        return bad(v, "order", "the roots of the erased rows are missing");
    v->has_tree = true;
    root(v, computed);
    if (size < v->rows && size >= v->gone && memcmp(is, root_at(v, size), HASH) == 0)
        return 0;                                         /* rows went on while the export was written */
    if (size != v->rows || memcmp(is, computed, HASH) != 0)
        return bad(v, "tree_differs", "the tree has %" PRIu64 " rows, its line says %s", v->rows, f[1]);
    return 0;
}

static int fields(char *line, char **f, int max)
{
    int n = 0;

    for (char *p = line; n < max; n++) {
        f[n] = p;
        p = strchr(p, ' ');
        if (!p)
            return n + 1;
        *p++ = '\0';
    }
    return max + 1;
}

static int one_line(struct verify *v, char *line)
{
    char *f[ROW_FIELDS];

    if (v->line == 1)
        return strcmp(line, "engawa audit export 1") == 0 ? 0 : bad(v, "no_export", "this is no audit export of version 1");
    if (v->ended)
        return bad(v, "order", "something stands behind the end");
    int n = fields(line, f, ROW_FIELDS);
    if (strcmp(f[0], "tenant") == 0 && n == 2)
        return number(f[1], &v->tenant) ? 0 : bad(v, "malformed", "the tenant's number is malformed");
    if (strcmp(f[0], "gone") == 0 && n == 2)
        return gone(v, f);
    if (strcmp(f[0], "root") == 0 && n == 2)
        return subtree(v, f);
    if (strcmp(f[0], "row") == 0 && n == ROW_FIELDS)
        return row(v, f);
    if (strcmp(f[0], "head") == 0 && n == 5)
        return head(v, f);
    if (strcmp(f[0], "tree") == 0 && n == 3)
        return tree(v, f);
    if (strcmp(f[0], "end") == 0 && n == 1) {
        v->ended = true;
        return v->has_tree ? 0 : bad(v, "no_tree", "the tree's line is missing");
    }
    return bad(v, "malformed", "this line is none of an export");
}

static int read_lines(struct verify *v, const char *name, FILE *in, int (*each)(struct verify *, char *))
{
    char line[LINE_MAX_BYTES];
    int rc = 0;

    v->file = name;
    v->line = 0;
    while (rc == 0 && fgets(line, sizeof(line), in)) {
        size_t n = strlen(line);
        v->line++;
        if (n == 0 || line[n - 1] != '\n')
            rc = bad(v, "malformed", "a line without end");
        else {
            line[n - 1] = '\0';
            rc = each(v, line);
        }
    }
    return rc == 0 && ferror(in) ? 2 : rc;
}

static int read_file(struct verify *v, const char *name, int (*each)(struct verify *, char *))
{
    FILE *in = fopen(name, "r");
    int rc;

    if (!in) {
        fprintf(stderr, "auditverify: %s cannot be read\n", name);
        return 2;
    }
    rc = read_lines(v, name, in, each);
    fclose(in);
    return rc;
}

static int anchor_line(struct verify *v, char *line)
{
    char *f[ROW_FIELDS];

    if (fields(line, f, ROW_FIELDS) != 5 || strcmp(f[0], "head") != 0)
        return bad(v, "malformed", "this is no head");
    return head(v, f);
}

static int export_covered(const struct verify *v)
{
    if (v->covered == 0)
        return bad(v, "no_head", "no head covers what is left: nothing shows that the server wrote it; one is signed every minute");
    return 0;
}

/* A proof */

static int proof_head(struct verify *v, struct proof *p, char **f)
{
    if (p->heads == (p->of_row ? 1u : 2u))
        return bad(v, "order", "a proof of %s", p->of_row ? "a row has one head" : "two trees has two heads");
    if (head_read(v, f, &p->size[p->heads], p->root[p->heads]))
        return 1;
    if (v->ended && head_fits(v, p->size[p->heads], p->root[p->heads]))
        return 1;
    p->heads++;
    return 0;
}

static int proof_line(struct verify *v, struct proof *p, char *line)
{
    char *f[ROW_FIELDS];
    uint64_t tenant;

    if (v->line == 1)
        return strcmp(line, "engawa audit proof 1") == 0 ? 0 : bad(v, "no_proof", "this is no audit proof of version 1");
    if (p->ended)
        return bad(v, "order", "something stands behind the end");
    int n = fields(line, f, ROW_FIELDS);
    if (v->line == 2 && strcmp(f[0], "tenant") == 0 && n == 2) {
        if (!number(f[1], &tenant))
            return bad(v, "malformed", "the tenant's number is malformed");
        if (v->ended && tenant != v->tenant)
            return bad(v, "other_tenant", "the proof is of tenant %" PRIu64 ", the export of %" PRIu64, tenant, v->tenant);
        v->tenant = tenant;
        return 0;
    }
    if (v->line == 3 && strcmp(f[0], "row") == 0 && n == ROW_FIELDS) {
        p->of_row = true;
        return row_read(v, f, &p->seq, p->leaf);
    }
    if (v->line > 2 && p->hashes == 0 && strcmp(f[0], "head") == 0 && n == 5)
        return proof_head(v, p, f);
    if (p->heads && strcmp(f[0], "path") == 0 && n == 2) {
        if (p->hashes == PATH_MAX_HASHES || !hex(f[1], p->path[p->hashes++], HASH))
            return bad(v, "malformed", "the path is malformed");
        return 0;
    }
    if (p->heads && strcmp(f[0], "end") == 0 && n == 1) {
        p->ended = true;
        return 0;
    }
    return bad(v, "malformed", "this line is none of a proof");
}

/* One level up a tree whose last row is *sn, from row *fn or a node of its path: does the next hash of the proof stand to the left?
 * False: the proof is longer than the tree is high. */
static bool up(uint64_t *fn, uint64_t *sn, bool *left)
{
    if (*sn == 0)
        return false;
    *left = (*fn & 1) || *fn == *sn;
    for (; *left && !(*fn & 1) && *fn != 0; *fn >>= 1)
        *sn >>= 1;
    *fn >>= 1;
    *sn >>= 1;
    return true;
}

static bool included(struct verify *v, const struct proof *p)
{
    unsigned char r[HASH];
    uint64_t fn = p->seq - 1, sn = p->size[0] - 1;
    bool left;

    if (p->seq == 0 || p->seq > p->size[0])
        return false;
    memcpy(r, p->leaf, HASH);
    for (unsigned i = 0; i < p->hashes; i++) {
        if (!up(&fn, &sn, &left))
            return false;
        join(v, left ? p->path[i] : r, left ? r : p->path[i], r);
    }
    return sn == 0 && memcmp(r, p->root[0], HASH) == 0;
}

static bool consistent(struct verify *v, const struct proof *p)
{
    unsigned char fr[HASH], sr[HASH];
    uint64_t first = p->size[0], second = p->size[1], fn = first - 1, sn = second - 1;
    unsigned i = 0;
    bool left;

    if (first == 0 || first > second)
        return false;
    if (first == second)
        return p->hashes == 0 && memcmp(p->root[0], p->root[1], HASH) == 0;
    if (p->hashes == 0)
        return false;
    /* The earlier tree is one of the later one's perfect subtrees, or the path begins with the last one they share. */
    memcpy(fr, (first & (first - 1)) == 0 ? p->root[0] : p->path[i++], HASH);
    memcpy(sr, fr, HASH);
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    for (; i < p->hashes; i++) {
        if (!up(&fn, &sn, &left))
            return false;
        if (left)
            join(v, p->path[i], fr, fr);
        join(v, left ? p->path[i] : sr, left ? sr : p->path[i], sr);
    }
    return sn == 0 && memcmp(fr, p->root[0], HASH) == 0 && memcmp(sr, p->root[1], HASH) == 0;
}

static int proof_whole(struct verify *v, const struct proof *p)
{
    if (!p->ended)
        return bad(v, "no_end", "the proof has no end: it was cut off");
    if (p->heads != (p->of_row ? 1u : 2u))
        return bad(v, "order", "a proof of two trees has two heads");
    if (p->of_row && !included(v, p))
        return bad(v, "not_included", "row %" PRIu64 " does not stand in the tree of head %" PRIu64, p->seq, p->size[0]);
    if (!p->of_row && !consistent(v, p))
        return bad(v, "not_consistent", "the tree of head %" PRIu64 " does not go on from that of head %" PRIu64, p->size[1], p->size[0]);
    return 0;
}

static struct proof the_proof;

static int the_proof_line(struct verify *v, char *line)
{
    return proof_line(v, &the_proof, line);
}

static int usage(void)
{
    fputs("usage: auditverify [--key HEX] [--heads FILE] [--no-head-yet] [--proof PROOF] [EXPORT]\n", stderr);
    return 2;
}

static void say(const struct verify *v, bool export, const struct proof *p)
{
    const char *how = v->have_key ? "" : "; signatures were not checked (--key)";

    if (export && v->gone)
        printf("%" PRIu64 " rows were erased after their term; %lu heads are older than what is left\n", v->gone, v->heads_older);
    if (export)
        printf("%" PRIu64 " rows and %lu heads are as they were written%s\n", v->rows - v->gone, v->heads,
               v->have_key ? "; every head is signed" : how);
    if (p && p->of_row)
        printf("row %" PRIu64 " stands in the tree of head %" PRIu64 "%s\n", p->seq, p->size[0], how);
    else if (p)
        printf("the tree of head %" PRIu64 " goes on from that of head %" PRIu64 "%s\n", p->size[1], p->size[0], how);
}

int main(int argc, char **argv)
{
    static struct verify v;
    const char *heads = NULL, *proof = NULL, *export = NULL;
    bool no_head_yet = false;
    int i = 1, rc = 0;

    if (sodium_init() < 0 || !(v.md = EVP_MD_CTX_new()))
        return 2;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--no-head-yet") == 0) {
            no_head_yet = true;
            i--;
        } else if (strcmp(argv[i], "--heads") == 0)
            heads = argv[i + 1];
        else if (strcmp(argv[i], "--proof") == 0)
            proof = argv[i + 1];
        else if (strcmp(argv[i], "--key") == 0 && hex(argv[i + 1], v.key, sizeof(v.key)))
            v.have_key = true;
        else
            return usage();
    }
    if (i + 1 == argc)
        export = argv[i];
    else if (i != argc || !proof || heads)
        return usage();
    if (export)
        rc = read_file(&v, export, one_line);
    if (export && rc == 0 && !v.ended)
        rc = bad(&v, "no_end", "the export has no end: it was cut off");
    if (rc == 0 && heads)
        rc = read_file(&v, heads, anchor_line);
    if (export && rc == 0 && !no_head_yet)
        rc = export_covered(&v);
    if (rc == 0 && proof)
        rc = read_file(&v, proof, the_proof_line);
    if (rc == 0 && proof)
        rc = proof_whole(&v, &the_proof);
    if (rc == 0)
        say(&v, export != NULL, proof ? &the_proof : NULL);
    free(v.roots);
    EVP_MD_CTX_free(v.md);
    return rc;
}
