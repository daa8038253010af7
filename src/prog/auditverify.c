/* prog/auditverify.c: checks an audit export without the server, its database or any of its code.
 *
 *     auditverify [--key HEX] [--heads FILE] EXPORT
 *
 * EXPORT is what `engawactl audit export` writes; HEX is the installation's public key (`engawactl audit key`); FILE is a
 * copy of head lines kept elsewhere ("head SIZE TIME ROOT SIGNATURE"), which shows that nothing was cut off the end.
 * Every row's leaf is computed anew from its fields and salt, the tree from the leaves (RFC 9162, section 2.1), and each
 * signed head is compared with the tree of its size. Of rows that were erased after their term the roots of their
 * subtrees stand in the export: the tree goes on from them. Formats: doc/formats.md, "audit".
 * Exit: 0 all is as it was written; 1 something was changed: the first bad line is named; 2 wrong use or unreadable. */
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
    unsigned long heads, heads_signed, heads_older;
    EVP_MD_CTX *md;
};

static int bad(const struct verify *v, const char *what, ...) __attribute__((format(printf, 2, 3)));

static int bad(const struct verify *v, const char *what, ...)
{
    va_list ap;

    printf("%s:%lu: ", v->file, v->line);
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
        return bad(v, "erased rows stand before all others, and once");
    if (!number(f[1], &v->gone) || v->gone == 0)
        return bad(v, "the number of erased rows is malformed");
    v->rows = v->gone;
    for (uint64_t n = v->gone; n; n &= n - 1)
        v->roots_due++;
    return 0;
}

/* root HASH: of the erased rows' perfect subtrees, the largest first */
static int subtree(struct verify *v, char **f)
{
    if (v->roots_due == 0)
        return bad(v, "there is no such subtree of erased rows");
    if (!hex(f[1], v->stack[v->depth++], HASH))
        return bad(v, "the root is malformed");
    if (--v->roots_due == 0)
        root(v, v->gone_root);
    return 0;
}

/* row SEQ TIME ACTOR CHANNEL IP ACT OBJECT RESULT COUNT DETAIL-HASH SALT LEAF */
static int row(struct verify *v, char **f)
{
    unsigned char detail[HASH], salt[16], leaf[HASH], computed[HASH];
    struct buffer b = {.n = 0};
    uint64_t seq;
    char tenant[24];

    if (!number(f[1], &seq) || !hex(f[10], detail, HASH) || !hex(f[11], salt, sizeof(salt)) || !hex(f[12], leaf, HASH))
        return bad(v, "row %s is malformed", f[1]);
    if (v->roots_due)
        return bad(v, "the roots of the erased rows are missing");
    if (seq != v->rows + 1)
        return bad(v, "row %s stands where row %" PRIu64 " belongs: a row was removed, added or moved", f[1], v->rows + 1);
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
        return bad(v, "row %s was changed: its fields do not give its leaf", f[1]);
    add_leaf(v, leaf);
    return 0;
}

/* head SIZE TIME ROOT SIGNATURE */
static int head(struct verify *v, char **f)
{
    unsigned char is[HASH], signature[crypto_sign_BYTES];
    struct buffer b = {.n = 0};
    uint64_t size, time_ms;

    if (!number(f[1], &size) || !number(f[2], &time_ms) || !hex(f[3], is, HASH) ||
        !hex(f[4], signature, sizeof(signature)))
        return bad(v, "head %s is malformed", f[1]);
    if (size > v->rows)
        return bad(v, "head %s was signed, but only %" PRIu64 " rows are left: the end was cut off", f[1], v->rows);
    if (size < v->gone)
        v->heads_older++;                                 /* its rows are erased: only its signature is left to check */
    else if (size > 0 && memcmp(is, root_at(v, size), HASH) != 0)
        return bad(v, "head %s does not fit the rows up to it: they were changed together with their hashes", f[1]);
    v->heads++;
    if (!v->have_key)
        return 0;
    put(&b, "engawa head 1\n", 14);
    put_u64(&b, v->tenant);
    put_u64(&b, size);
    put(&b, is, HASH);
    put_u64(&b, time_ms);
    if (crypto_sign_verify_detached(signature, b.b, b.n, v->key) != 0)
        return bad(v, "head %s was not signed by this key", f[1]);
    v->heads_signed++;
    return 0;
}

static int tree(struct verify *v, char **f)
{
    unsigned char is[HASH], computed[HASH];
    uint64_t size;

    if (!number(f[1], &size) || !hex(f[2], is, HASH))
        return bad(v, "the tree's line is malformed");
    if (v->has_tree)
        return bad(v, "the tree's line stands twice");
    v->has_tree = true;
    root(v, computed);
    if (size < v->rows && size >= v->gone && memcmp(is, root_at(v, size), HASH) == 0)
        return 0;                                         /* rows went on while the export was written */
    if (size != v->rows || memcmp(is, computed, HASH) != 0)
        return bad(v, "the tree has %" PRIu64 " rows, its line says %s", v->rows, f[1]);
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
        return strcmp(line, "engawa audit export 1") == 0 ? 0 : bad(v, "this is no audit export of version 1");
    if (v->ended)
        return bad(v, "something stands behind the end");
    int n = fields(line, f, ROW_FIELDS);
    if (strcmp(f[0], "tenant") == 0 && n == 2)
        return number(f[1], &v->tenant) ? 0 : bad(v, "the tenant's number is malformed");
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
        return v->has_tree ? 0 : bad(v, "the tree's line is missing");
    }
    return bad(v, "this line is none of an export");
}

static int read_file(struct verify *v, const char *name, int (*each)(struct verify *, char *))
{
    char line[LINE_MAX_BYTES];
    FILE *in = fopen(name, "r");
    int rc = 0;

    if (!in) {
        fprintf(stderr, "auditverify: %s cannot be read\n", name);
        return 2;
    }
    v->file = name;
    v->line = 0;
    while (rc == 0 && fgets(line, sizeof(line), in)) {
        size_t n = strlen(line);
        v->line++;
        if (n == 0 || line[n - 1] != '\n')
            rc = bad(v, "a line without end");
        else {
            line[n - 1] = '\0';
            rc = each(v, line);
        }
    }
    if (rc == 0 && ferror(in))
        rc = 2;
    fclose(in);
    return rc;
}

static int anchor_line(struct verify *v, char *line)
{
    char *f[ROW_FIELDS];

    if (fields(line, f, ROW_FIELDS) != 5 || strcmp(f[0], "head") != 0)
        return bad(v, "this is no head");
    return head(v, f);
}

static int usage(void)
{
    fputs("usage: auditverify [--key HEX] [--heads FILE] EXPORT\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static struct verify v;
    const char *heads = NULL;
    int i = 1, rc;

    if (sodium_init() < 0 || !(v.md = EVP_MD_CTX_new()))
        return 2;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--heads") == 0)
            heads = argv[i + 1];
        else if (strcmp(argv[i], "--key") == 0 && hex(argv[i + 1], v.key, sizeof(v.key)))
            v.have_key = true;
        else
            return usage();
    }
    if (i + 1 != argc)
        return usage();
    rc = read_file(&v, argv[i], one_line);
    if (rc == 0 && !v.ended)
        rc = bad(&v, "the export has no end: it was cut off");
    if (rc == 0 && heads)
        rc = read_file(&v, heads, anchor_line);
    if (rc == 0 && v.gone)
        printf("%" PRIu64 " rows were erased after their term; %lu heads are older than what is left\n", v.gone, v.heads_older);
    if (rc == 0)
        printf("%" PRIu64 " rows and %lu heads are as they were written%s\n", v.rows - v.gone, v.heads,
               v.have_key ? "; every head is signed" : "; signatures were not checked (--key)");
    free(v.roots);
    EVP_MD_CTX_free(v.md);
    return rc;
}
