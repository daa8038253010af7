/* crypt/password.c: Argon2id by libsodium over 32 bytes that nobody without keyd's pepper can make. */
#include "crypt/password.h"

#include "base/clock.h"
#include "crypt/hash.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define MEM_BYTES ((size_t)PASSWORD_MEM_KIB * 1024)
#define PEPPERED  32
#define PASSPHRASE_OPS 3
#define PASSPHRASE_MEM ((size_t)256 * 1024 * 1024)
/* As long as a real one, and the answer to no password: 16 bytes of salt, 32 bytes of hash. */
#define NOBODY "$argon2id$v=19$m=%d,t=%u,p=1$ZW5nYXdhIG5vYm9keSAhIQ$ZW5nYXdhOiB0aGUgaGFzaCBvZiBubyBwYXNzd29yZCE"

static const char domain[] = "engawa password";

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
    if (crypto_pwhash_str_alg(text, (const char *)peppered->b, peppered->n, ops, MEM_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        die("out of memory (Argon2id)");
    str_c(out, text);
}

/* `text` is terminated and was made by password_hash() or is NOBODY. */
static bool verify(const struct secret *peppered, const char *text)
{
    ENSURE(peppered->n == PEPPERED);
    return crypto_pwhash_str_verify(text, (const char *)peppered->b, peppered->n) == 0;
}

bool password_check(const struct secret *peppered, sv stored)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    if (stored.n >= sizeof(text) || !sv_starts(stored, SV("$argon2id$v=19$")))
        return false;
    memcpy(text, stored.p, stored.n);
    return verify(peppered, text);
}

bool password_decoy(const struct secret *peppered, unsigned ops)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    ENSURE(ops >= PASSWORD_OPS_MIN);
    snprintf(text, sizeof(text), NOBODY, PASSWORD_MEM_KIB, ops);
    (void)verify(peppered, text);
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
