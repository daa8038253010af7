/* prog/auditverify_fuzz.c: exports and proofs of any form are read to their end or refused. The program shares no code, so it is
 * taken whole. */
int auditverify_main(int argc, char **argv);
#define main auditverify_main
#include "prog/auditverify.c"
#undef main

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (sodium_init() < 0 || !freopen("/dev/null", "w", stdout))
        abort();
    return 0;
}

static int read_bytes(struct verify *v, uint8_t *p, size_t n, int (*each)(struct verify *, char *))
{
    FILE *in = fmemopen(p, n, "r");
    int rc;

    if (!in)
        abort();
    rc = read_lines(v, "input", in, each);
    fclose(in);
    return rc;
}

/* A key that signed nothing would end every reading at the first head: none is given. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct verify *v = calloc(1, sizeof(*v));
    uint8_t *copy = malloc(n + 1);

    if (!v || !copy || !(v->md = EVP_MD_CTX_new()))
        abort();
    memcpy(copy, p, n);
    copy[n] = '\n';
    if (read_bytes(v, copy, n + 1, one_line) == 0)
        export_covered(v);
    free(v->roots);
    EVP_MD_CTX *md = v->md;
    *v = (struct verify){.md = md};
    memset(&the_proof, 0, sizeof(the_proof));
    if (read_bytes(v, copy, n + 1, the_proof_line) == 0)
        proof_whole(v, &the_proof);
    EVP_MD_CTX_free(md);
    free(copy);
    free(v);
    return 0;
}
