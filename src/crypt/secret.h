/* crypt/secret.h: bytes that must not leak. No writer accepts them; they are wiped on every way out and compared
 * in constant time.
 *     SECRET key = {0};   … filled by the functions of crypt/ …   wiped when the block ends */
#ifndef ENGAWA_CRYPT_SECRET_H
#define ENGAWA_CRYPT_SECRET_H

#include "base/str.h"

#define SECRET_MAX 64

struct secret {
    unsigned char b[SECRET_MAX];
    size_t n;
};

void secret_wipe(struct secret *s);
#define SECRET __attribute__((cleanup(secret_wipe))) struct secret

bool secret_set(struct secret *s, sv bytes);              /* false: longer than SECRET_MAX */
void secret_random(struct secret *s, size_t n);           /* n <= SECRET_MAX */
bool secret_equal(const struct secret *a, const struct secret *b);
bool secret_equal_bytes(sv a, sv b);                      /* constant time for equal lengths */
sv   secret_view(const struct secret *s);                 /* for crypt/ and the frames that carry a key to its owner */
void wipe(void *p, size_t n);                             /* never optimised away */

#endif
