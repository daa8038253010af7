/* crypt/sign.c: Ed25519 by libsodium; ECDSA P-256 by OpenSSL, with the raw forms of WebCrypto turned into its own. */
#include "crypt/sign.h"

#include "crypt/ossl.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <sodium.h>

#define P256_POINT 65
#define P256_SIGNATURE 64
#define P256_DER_MAX 80                                   /* 2 + 2 * (2 + 33), rounded up */

_Static_assert(crypto_sign_PUBLICKEYBYTES == SIGN_PUBLIC && crypto_sign_BYTES == SIGN_BYTES, "Ed25519");

void sign_new(struct secret *seed)
{
    secret_random(seed, crypto_sign_SEEDBYTES);
}

static void keypair(const struct secret *seed, unsigned char *public_key, struct secret *private_key)
{
    _Static_assert(crypto_sign_SECRETKEYBYTES <= SECRET_MAX, "fits");
    ENSURE(seed->n == crypto_sign_SEEDBYTES);
    crypto_sign_seed_keypair(public_key, private_key->b, seed->b);
    private_key->n = crypto_sign_SECRETKEYBYTES;
}

void sign_public(const struct secret *seed, unsigned char out[SIGN_PUBLIC])
{
    SECRET private_key = {0};

    keypair(seed, out, &private_key);
}

void sign_bytes(const struct secret *seed, sv data, unsigned char out[SIGN_BYTES])
{
    unsigned char public_key[SIGN_PUBLIC];
    SECRET private_key = {0};

    keypair(seed, public_key, &private_key);
    crypto_sign_detached(out, NULL, (const unsigned char *)data.p, data.n, private_key.b);
}

bool sign_verify(sv public_key, sv data, sv signature)
{
    return public_key.n == SIGN_PUBLIC && signature.n == SIGN_BYTES
        && crypto_sign_verify_detached((const unsigned char *)signature.p, (const unsigned char *)data.p, data.n,
                                       (const unsigned char *)public_key.p) == 0;
}

/* NULL: not a point of the curve. */
static EVP_PKEY *p256_key(sv point)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"prime256v1"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point.p, point.n),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;

    if (!c || EVP_PKEY_fromdata_init(c) <= 0 || EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
        key = NULL;
    EVP_PKEY_CTX_free(c);
    return key;
}

/* r | s as DER; 0: impossible. */
static size_t p256_der(sv signature, unsigned char der[P256_DER_MAX])
{
    const unsigned char *p = (const unsigned char *)signature.p;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(p, 32, NULL), *s = BN_bin2bn(p + 32, 32, NULL);

    if (!sig || !r || !s)
        die("out of memory (OpenSSL signature)");
    ECDSA_SIG_set0(sig, r, s);                            /* owns both now */
    int n = i2d_ECDSA_SIG(sig, NULL);
    if (n > 0 && n <= P256_DER_MAX)
        n = i2d_ECDSA_SIG(sig, &der);
    else
        n = 0;
    ECDSA_SIG_free(sig);
    return n > 0 ? (size_t)n : 0;
}

bool p256_verify(sv point, sv data, sv signature)
{
    unsigned char der[P256_DER_MAX];

    if (point.n != P256_POINT || point.p[0] != 4 || signature.n != P256_SIGNATURE)
        return false;
    size_t n = p256_der(signature, der);
    EVP_PKEY *key = n ? p256_key(point) : NULL;
    EVP_MD_CTX *c = ossl()->md;
    bool ok = key && EVP_DigestVerifyInit_ex(c, NULL, "SHA256", NULL, NULL, key, NULL) > 0
        && EVP_DigestVerify(c, der, n, (const unsigned char *)data.p, data.n) == 1;

    EVP_MD_CTX_reset(c);
    EVP_PKEY_free(key);
    ERR_clear_error();                                    /* a refused signature is no error of the next call */
    return ok;
}
