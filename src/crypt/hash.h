/* crypt/hash.h: SHA-256, HMAC-SHA-256, and the texts of bytes that the product uses (hex, base64url).
 * crypt_warm() once per process before it confines itself: OpenSSL reads its files at first use. */
#ifndef ENGAWA_CRYPT_HASH_H
#define ENGAWA_CRYPT_HASH_H

#include "base/str.h"
#include "crypt/secret.h"

void crypt_warm(void);                                    /* also sodium_init(); ends the process on failure */

struct sha256 {
    unsigned char b[32];
};

struct sha256 sha256(sv data);
struct sha256 sha256_of(const sv *parts, size_t n);       /* of the parts one after the other */
/* Bit by bit, by one thread at a time and over any time: sha256_begin() -> sha256_add() … -> sha256_end() */
struct sha256_run;
struct sha256_run *sha256_begin(void);
void sha256_add(struct sha256_run *r, sv data);
struct sha256 sha256_end(struct sha256_run **r);          /* frees; NULL is fine: the hash of nothing */
struct sha256 hmac_sha256(sv key, sv data);
void hmac_secret(const struct secret *key, sv data, struct secret *out);   /* 32 bytes */

void hex_put(struct str *out, sv bytes);                  /* lower case */
bool hex_read(struct arena *a, sv text, sv *bytes);       /* either case, even length */
void base64url_put(struct str *out, sv bytes);            /* no padding */
bool base64url_read(struct arena *a, sv text, sv *bytes); /* canonical, no padding */
void base64_put(struct str *out, sv bytes);               /* RFC 4648 with padding: WebSocket accept key */

#endif
