/* crypt/password.c: Argon2id by libsodium over 32 bytes that nobody without keyd's pepper can make. */
#include "crypt/password.h"

#include "base/clock.h"
#include "crypt/hash.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PEPPERED  32
#define PASSPHRASE_OPS 3
#define PASSPHRASE_MEM ((size_t)256 * 1024 * 1024)
/* As long as a real one, and the answer to no password: 16 bytes of salt, 32 bytes of hash. */
#define NOBODY "$argon2id$v=19$m=%d,t=%u,p=1$ZW5nYXdhIG5vYm9keSAhIQ$ZW5nYXdhOiB0aGUgaGFzaCBvZiBubyBwYXNzd29yZCE"

#define MEM_MAX_KIB (1024 * 1024)
#define FORM "$argon2id$v=19$m="

static const char domain[] = "engawa password";

#ifdef ENGAWA_TEST
static int mem_kib = PASSWORD_MEM_KIB;

void password_cheap(void)
{
    mem_kib = 256;                                        /* what is mapped by itself and given back, as the real cost is */
}
#else
static const int mem_kib = PASSWORD_MEM_KIB;
#endif

void password_prehash(int64_t tenant, sv password, struct secret *out)
{
    crypto_auth_hmacsha256_state st;
    unsigned char n[8];

    for (int i = 0; i < 8; i++)
        n[i] = (unsigned char)((uint64_t)tenant >> (56 - 8 * i));
    crypto_auth_hmacsha256_init(&st, (const unsigned char *)domain, sizeof(domain) - 1);
    crypto_auth_hmacsha256_update(&st, n, sizeof(n));
    crypto_auth_hmacsha256_update(&st, (const unsigned char *)(password.p ? password.p : ""), password.n);
    secret_wipe(out);
    crypto_auth_hmacsha256_final(&st, out->b);
    out->n = crypto_auth_hmacsha256_BYTES;
    wipe(&st, sizeof(st));
}

void password_hash(const struct secret *peppered, unsigned ops, struct str *out)
{
    char text[crypto_pwhash_STRBYTES];

    ENSURE(peppered->n == PEPPERED && ops >= PASSWORD_OPS_MIN);
    if (crypto_pwhash_str_alg(text, (const char *)peppered->b, peppered->n, ops, (size_t)mem_kib * 1024,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        die("out of memory (Argon2id)");
    str_c(out, text);
}

/* What the text of password_hash() says. */
struct stored {
    int64_t mem_kib, ops;
    unsigned char salt[crypto_pwhash_SALTBYTES], hash[32];
};

static bool base64(sv text, unsigned char *out, size_t n)
{
    size_t got = 0;

    return sodium_base642bin(out, n, text.p, text.n, NULL, &got, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 && got == n;
}

static bool read_stored(sv text, struct stored *s)
{
    sv mem, ops, salt;

    if (!sv_starts(text, SV(FORM)))
        return false;
    text = sv_from(text, strlen(FORM));
    if (!sv_cut(&text, ',', &mem) || !sv_cut(&text, ',', &ops) || !sv_starts(ops, SV("t=")) || !sv_starts(text, SV("p=1$")))
        return false;
    text = sv_from(text, strlen("p=1$"));
    return sv_int(mem, &s->mem_kib) && s->mem_kib >= 8 && s->mem_kib <= MEM_MAX_KIB && sv_int(sv_from(ops, 2), &s->ops)
        && s->ops >= 1 && s->ops <= PASSWORD_OPS_MAX && sv_cut(&text, '$', &salt)
        && base64(salt, s->salt, sizeof(s->salt)) && base64(text, s->hash, sizeof(s->hash));
}

/* Not by libsodium's own crypto_pwhash_str_verify(): it says of too little memory what it says of another password, and a
 * right one would be refused and counted as a guess. */
static bool verify(const struct secret *peppered, sv text)
{
    struct stored s;
    unsigned char hash[sizeof(s.hash)];

    ENSURE(peppered->n == PEPPERED);
    if (!read_stored(text, &s))
        return false;
    if (crypto_pwhash(hash, sizeof(hash), (const char *)peppered->b, peppered->n, s.salt, (unsigned long long)s.ops,
                      (size_t)s.mem_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        die("out of memory (Argon2id)");
    bool same = sodium_memcmp(hash, s.hash, sizeof(hash)) == 0;
    wipe(hash, sizeof(hash));
    return same;
}

bool password_check(const struct secret *peppered, sv stored)
{
    return verify(peppered, stored);
}

bool password_decoy(const struct secret *peppered, unsigned ops)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    ENSURE(ops >= PASSWORD_OPS_MIN);
    snprintf(text, sizeof(text), NOBODY, mem_kib, ops);
    (void)verify(peppered, sv_c(text));
    return false;
}

bool passphrase_key(sv passphrase, const unsigned char salt[PASSPHRASE_SALT], struct secret *out)
{
    _Static_assert(PASSPHRASE_SALT == crypto_pwhash_SALTBYTES, "Argon2id");
    secret_wipe(out);
    if (crypto_pwhash(out->b, 32, passphrase.p ? passphrase.p : "", passphrase.n, salt, PASSPHRASE_OPS, PASSPHRASE_MEM,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return false;
    out->n = 32;
    return true;
}

static int64_t time_of(unsigned ops)
{
    SECRET nothing = {0};
    int64_t start = clock_mono_us();

    nothing.n = PEPPERED;
    password_decoy(&nothing, ops);
    return clock_mono_us() - start;
}

unsigned password_calibrate(int64_t ms)
{
    unsigned ops = PASSWORD_OPS_MIN;

    time_of(ops);                                         /* the first touches the memory */
    for (int tries = 0; tries < 8; tries++) {
        int64_t us = time_of(ops);
        if (us >= ms * 1000)
            return ops;
        int64_t next = us > 0 ? (int64_t)ops * ms * 1000 / us : ops * 2;
        ops = next > ops ? (unsigned)next : ops + 1;
    }
    return ops;
}
