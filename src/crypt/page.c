/* crypt/page.c: pages of a database file through OpenSSL, which has both algorithms in the processor's own instructions. */
#include "crypt/page.h"

#include "base/mem.h"
#include "base/rand.h"
#include "crypt/ossl.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <string.h>

#define KEY   32
#define IV    16
#define TAG   64
#define BLOCK 128                                         /* of SHA-512 */

_Static_assert(IV + TAG == PAGE_TAIL, "the header says what a page costs");

struct page_key {
    EVP_CIPHER_CTX *to, *from;                            /* keyed; each page sets its IV */
    EVP_MD_CTX *inner, *outer, *work;                     /* after HMAC's key block */
};

static void need(bool ok)
{
    if (!ok)
        die("AES-256-CBC or HMAC-SHA512 failed");
}

static EVP_MD_CTX *keyed(const struct ossl *o, const unsigned char *key, unsigned char mask)
{
    unsigned char block[BLOCK] = {0};
    EVP_MD_CTX *c = EVP_MD_CTX_new();

    memcpy(block, key, KEY);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= mask;
    need(c && EVP_DigestInit_ex2(c, o->sha512, NULL) && EVP_DigestUpdate(c, block, BLOCK));
    wipe(block, sizeof(block));
    return c;
}

struct page_key *page_key_new(const struct secret *key, const unsigned char salt[PAGE_SALT])
{
    struct page_key *k = XNEW(struct page_key);
    struct ossl *o = ossl();
    unsigned char tag_key[KEY], tag_salt[PAGE_SALT];

    ENSURE(key->n == KEY);
    for (size_t i = 0; i < PAGE_SALT; i++)
        tag_salt[i] = salt[i] ^ 0x3a;
    need(PKCS5_PBKDF2_HMAC((const char *)key->b, KEY, tag_salt, PAGE_SALT, 2, o->sha512, KEY, tag_key));
    k->to = EVP_CIPHER_CTX_new();
    k->from = EVP_CIPHER_CTX_new();
    k->work = EVP_MD_CTX_new();
    need(k->to && k->from && k->work && EVP_EncryptInit_ex2(k->to, o->aes256_cbc, key->b, NULL, NULL)
         && EVP_DecryptInit_ex2(k->from, o->aes256_cbc, key->b, NULL, NULL)
         && EVP_CIPHER_CTX_set_padding(k->to, 0) && EVP_CIPHER_CTX_set_padding(k->from, 0));
    k->inner = keyed(o, tag_key, 0x36);
    k->outer = keyed(o, tag_key, 0x5c);
    wipe(tag_key, sizeof(tag_key));
    return k;
}

void page_key_free(struct page_key **kp)
{
    struct page_key *k = *kp;

    *kp = NULL;
    if (!k)
        return;
    EVP_CIPHER_CTX_free(k->to);
    EVP_CIPHER_CTX_free(k->from);
    EVP_MD_CTX_free(k->inner);
    EVP_MD_CTX_free(k->outer);
    EVP_MD_CTX_free(k->work);
    xfree(k);
}

/* Of the ciphertext, the IV behind it and the number, lowest byte first. */
static void tag_of(struct page_key *k, uint32_t number, const unsigned char *p, size_t n, unsigned char tag[TAG])
{
    const unsigned char le[4] = {(unsigned char)number, (unsigned char)(number >> 8), (unsigned char)(number >> 16),
                                 (unsigned char)(number >> 24)};
    unsigned len;

    need(EVP_MD_CTX_copy_ex(k->work, k->inner) && EVP_DigestUpdate(k->work, p, n + IV) && EVP_DigestUpdate(k->work, le, sizeof(le))
         && EVP_DigestFinal_ex(k->work, tag, &len) && EVP_MD_CTX_copy_ex(k->work, k->outer)
         && EVP_DigestUpdate(k->work, tag, TAG) && EVP_DigestFinal_ex(k->work, tag, &len));
}

void page_seal(struct page_key *k, uint32_t number, unsigned char *p, size_t n)
{
    int done;

    ENSURE(n % IV == 0 && n <= INT_MAX);
    rand_bytes(p + n, IV);
    need(EVP_EncryptInit_ex2(k->to, NULL, NULL, p + n, NULL) && EVP_EncryptUpdate(k->to, p, &done, p, (int)n) && (size_t)done == n);
    tag_of(k, number, p, n, p + n + IV);
}

bool page_open(struct page_key *k, uint32_t number, unsigned char *p, size_t n)
{
    unsigned char tag[TAG];
    int done;

    ENSURE(n % IV == 0 && n <= INT_MAX);
    tag_of(k, number, p, n, tag);
    if (CRYPTO_memcmp(tag, p + n + IV, TAG) != 0)
        return false;
    need(EVP_DecryptInit_ex2(k->from, NULL, NULL, p + n, NULL) && EVP_DecryptUpdate(k->from, p, &done, p, (int)n) && (size_t)done == n);
    return true;
}
