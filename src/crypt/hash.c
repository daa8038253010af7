/* crypt/hash.c: SHA-256 by OpenSSL, which uses what the processor has for it; HMAC by libsodium (it needs no context of OpenSSL's),
 * bytes as text. */
#include "crypt/hash.h"

#include "base/mem.h"
#include "base/rand.h"
#include "crypt/ossl.h"

#include <sodium.h>
#include <string.h>

_Static_assert(crypto_auth_hmacsha256_BYTES == sizeof(struct sha256), "an HMAC is as long as its hash");

void crypt_warm(void)
{
    unsigned char b[16];

    if (sodium_init() < 0)
        die("libsodium does not start");
    /* No sentences for errors, which nobody here reads, and no random generator: who speaks TLS makes it with its first context. */
    if (!OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL))
        die("OpenSSL does not start");
    sha256(SV("warm"));
    rand_bytes(b, sizeof(b));
}

struct sha256 sha256(sv data)
{
    return sha256_of(&data, 1);
}

struct sha256 sha256_of(const sv *parts, size_t n)
{
    struct ossl *o = ossl();
    struct sha256 out;
    bool ok = EVP_DigestInit_ex2(o->md, o->sha256, NULL);

    for (size_t i = 0; i < n; i++)
        ok = ok && EVP_DigestUpdate(o->md, parts[i].p, parts[i].n);
    if (!ok || !EVP_DigestFinal_ex(o->md, out.b, NULL))
        die("SHA-256 failed");
    return out;
}

struct sha256_run {
    EVP_MD_CTX *md;
};

struct sha256_run *sha256_begin(void)
{
    struct sha256_run *r = XNEW(struct sha256_run);

    r->md = EVP_MD_CTX_new();
    if (!r->md || !EVP_DigestInit_ex2(r->md, ossl()->sha256, NULL))
        die("SHA-256 failed");
    return r;
}

void sha256_add(struct sha256_run *r, sv data)
{
    if (!EVP_DigestUpdate(r->md, data.p, data.n))
        die("SHA-256 failed");
}

struct sha256 sha256_end(struct sha256_run **rp)
{
    struct sha256_run *r = *rp;
    struct sha256 out;

    *rp = NULL;
    if (!r)
        return sha256(SV(""));
    if (!EVP_DigestFinal_ex(r->md, out.b, NULL))
        die("SHA-256 failed");
    EVP_MD_CTX_free(r->md);                               /* wipes it */
    xfree(r);
    return out;
}

struct sha256 hmac_sha256(sv key, sv data)
{
    crypto_auth_hmacsha256_state st;
    struct sha256 out;

    crypto_auth_hmacsha256_init(&st, (const unsigned char *)(key.p ? key.p : ""), key.n);
    crypto_auth_hmacsha256_update(&st, (const unsigned char *)(data.p ? data.p : ""), data.n);
    crypto_auth_hmacsha256_final(&st, out.b);
    wipe(&st, sizeof(st));
    return out;
}

void hmac_secret(const struct secret *key, sv data, struct secret *out)
{
    struct sha256 h = hmac_sha256(secret_view(key), data);

    secret_set(out, sv_n(h.b, sizeof(h.b)));
    wipe(&h, sizeof(h));
}

void hex_put(struct str *out, sv bytes)
{
    char *p = str_room(out, bytes.n * 2 + 1);

    sodium_bin2hex(p, bytes.n * 2 + 1, (const unsigned char *)bytes.p, bytes.n);
    str_grew(out, bytes.n * 2);
}

bool hex_read(struct arena *a, sv text, sv *bytes)
{
    unsigned char *p = arena_alloc(a, text.n / 2 + 1);
    size_t n;

    if (text.n % 2 || (text.n && sodium_hex2bin(p, text.n / 2, text.p, text.n, NULL, &n, NULL) != 0))
        return false;
    *bytes = sv_n(p, text.n / 2);
    return true;
}

static void put_base64(struct str *out, sv bytes, int variant)
{
    size_t n = sodium_base64_encoded_len(bytes.n, variant);
    char *p = str_room(out, n);

    sodium_bin2base64(p, n, (const unsigned char *)bytes.p, bytes.n, variant);
    str_grew(out, strlen(p));
}

void base64url_put(struct str *out, sv bytes)
{
    put_base64(out, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void base64_put(struct str *out, sv bytes)
{
    put_base64(out, bytes, sodium_base64_VARIANT_ORIGINAL);
}

bool base64url_read(struct arena *a, sv text, sv *bytes)
{
    size_t max = text.n / 4 * 3 + 3, n = 0;
    unsigned char *p = arena_alloc(a, max);

    if (text.n && sodium_base642bin(p, max, text.p, text.n, NULL, &n, NULL,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *bytes = sv_n(p, n);
    return true;
}
