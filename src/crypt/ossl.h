/* crypt/ossl.h, for crypt/ alone: OpenSSL's algorithms, fetched once per process, and contexts, one set per thread.
 * A fetch costs more than a small digest (it takes locks and walks the providers), so nothing fetches per call. */
#ifndef ENGAWA_CRYPT_OSSL_H
#define ENGAWA_CRYPT_OSSL_H

#include <openssl/evp.h>

struct ossl {
    EVP_MD_CTX *md;
    EVP_CIPHER_CTX *cipher;                               /* reset after use: holds no key in between */
    const EVP_MD *sha256, *sha512;
    const EVP_CIPHER *aes256_gcm, *aes256_cbc;
};

/* This thread's; freed when the thread ends. Ends the process when OpenSSL lacks an algorithm. */
struct ossl *ossl(void);

#endif
