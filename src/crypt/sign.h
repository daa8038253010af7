/* crypt/sign.h: Ed25519 for audit heads (keyd), and ECDSA P-256 of device keys that browsers hold (verify only). */
#ifndef ENGAWA_CRYPT_SIGN_H
#define ENGAWA_CRYPT_SIGN_H

#include "crypt/secret.h"

#define SIGN_PUBLIC 32
#define SIGN_BYTES  64

void sign_new(struct secret *seed);                       /* 32 bytes: the private half */
void sign_public(const struct secret *seed, unsigned char out[SIGN_PUBLIC]);
void sign_bytes(const struct secret *seed, sv data, unsigned char out[SIGN_BYTES]);
bool sign_verify(sv public_key, sv data, sv signature);

/* `point`: 65 bytes, uncompressed (WebCrypto "raw"); `signature`: r | s, 64 bytes (WebCrypto's form); SHA-256. */
bool p256_verify(sv point, sv data, sv signature);

#endif
