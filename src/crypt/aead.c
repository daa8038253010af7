/* crypt/aead.c: AES-256-GCM. A random 96-bit nonce is safe for 2^32 pieces under one key (NIST SP 800-38D 8.3);
 * the nonce comes from the kernel for every piece, so that neither a restart nor a copy of a process repeats one. */
#include "crypt/aead.h"

#include "base/rand.h"
#include "crypt/ossl.h"

#include <limits.h>

#define KEY   32
#define NONCE 12
#define TAG   16

_Static_assert(NONCE + TAG == AEAD_EXTRA, "the header says what a piece costs");

/* Writes nonce | ciphertext | tag to `to` (plain.n + AEAD_EXTRA bytes). */
static void seal(const struct secret *key, sv aad, sv plain, unsigned char *to)
{
    struct ossl *o = ossl();
    EVP_CIPHER_CTX *c = o->cipher;
    int n;

    ENSURE(key->n == KEY && plain.n <= INT_MAX && aad.n <= INT_MAX);
    rand_bytes(to, NONCE);
    bool ok = EVP_EncryptInit_ex2(c, o->aes256_gcm, key->b, to, NULL)
        && (aad.n == 0 || EVP_EncryptUpdate(c, NULL, &n, (const unsigned char *)aad.p, (int)aad.n))
        && (plain.n == 0 || EVP_EncryptUpdate(c, to + NONCE, &n, (const unsigned char *)plain.p, (int)plain.n))
        && EVP_EncryptFinal_ex(c, to + NONCE + plain.n, &n)
        && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, to + NONCE + plain.n);
    EVP_CIPHER_CTX_reset(c);
    if (!ok)
        die("AES-256-GCM failed");
}

/* Writes sealed.n - AEAD_EXTRA bytes to `to`, wiped again when they are not authentic. */
static bool open_to(const struct secret *key, sv aad, sv sealed, unsigned char *to)
{
    const unsigned char *p = (const unsigned char *)sealed.p;
    size_t plain = sealed.n - AEAD_EXTRA;
    unsigned char tag[TAG];
    struct ossl *o = ossl();
    EVP_CIPHER_CTX *c = o->cipher;
    int n;

    ENSURE(key->n == KEY && plain <= INT_MAX && aad.n <= INT_MAX);
    for (size_t i = 0; i < TAG; i++)
        tag[i] = p[NONCE + plain + i];
    bool ok = EVP_DecryptInit_ex2(c, o->aes256_gcm, key->b, p, NULL)
        && (aad.n == 0 || EVP_DecryptUpdate(c, NULL, &n, (const unsigned char *)aad.p, (int)aad.n))
        && (plain == 0 || EVP_DecryptUpdate(c, to, &n, p + NONCE, (int)plain))
        && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, tag)
        && EVP_DecryptFinal_ex(c, tag, &n) > 0;
    EVP_CIPHER_CTX_reset(c);
    if (!ok)
        wipe(to, plain);
    return ok;
}

void aead_seal(const struct secret *key, sv aad, sv plain, struct str *out)
{
    seal(key, aad, plain, (unsigned char *)str_room(out, plain.n + AEAD_EXTRA));
    str_grew(out, plain.n + AEAD_EXTRA);
}

bool aead_open(const struct secret *key, sv aad, sv sealed, struct str *out)
{
    if (sealed.n < AEAD_EXTRA)
        return false;
    if (!open_to(key, aad, sealed, (unsigned char *)str_room(out, sealed.n - AEAD_EXTRA)))
        return false;
    str_grew(out, sealed.n - AEAD_EXTRA);
    return true;
}

bool aead_open_in(const struct secret *key, sv aad, char *sealed, size_t n, sv *plain)
{
    if (n < AEAD_EXTRA || !open_to(key, aad, sv_n(sealed, n), (unsigned char *)sealed + NONCE))
        return false;
    *plain = sv_n(sealed + NONCE, n - AEAD_EXTRA);
    return true;
}

void aead_wrap(const struct secret *key, sv aad, const struct secret *plain, struct str *out)
{
    aead_seal(key, aad, secret_view(plain), out);
}

bool aead_unwrap(const struct secret *key, sv aad, sv sealed, struct secret *out)
{
    secret_wipe(out);
    if (sealed.n < AEAD_EXTRA || sealed.n - AEAD_EXTRA > SECRET_MAX)
        return false;
    if (!open_to(key, aad, sealed, out->b))
        return false;
    out->n = sealed.n - AEAD_EXTRA;
    return true;
}
