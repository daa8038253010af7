/* crypt/aead.h: AES-256-GCM with a random 96-bit nonce before the ciphertext and the 128-bit tag behind it.
 * `aad` binds the place: what is sealed for one row does not open in another. A key seals less than 2^32 pieces. */
#ifndef ENGAWA_CRYPT_AEAD_H
#define ENGAWA_CRYPT_AEAD_H

#include "crypt/secret.h"

#define AEAD_EXTRA 28                                     /* nonce 12 + tag 16 */

void aead_seal(const struct secret *key, sv aad, sv plain, struct str *out);          /* appends */
bool aead_open(const struct secret *key, sv aad, sv sealed, struct str *out);         /* false: not authentic */
/* In its own place: `plain` then lies within the n bytes of `sealed`, which are wiped when they are not authentic. */
bool aead_open_in(const struct secret *key, sv aad, char *sealed, size_t n, sv *plain);
/* The same for a key inside a key; the plain text never lies in an arena. */
void aead_wrap(const struct secret *key, sv aad, const struct secret *plain, struct str *out);
bool aead_unwrap(const struct secret *key, sv aad, sv sealed, struct secret *out);

#endif
