/* crypt/ossl.c: the process's fetched algorithms and each thread's contexts. */
#include "crypt/ossl.h"

#include "base/mem.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t per_thread;
static EVP_MD *sha256_md, *sha512_md;
static EVP_CIPHER *gcm, *cbc;

static void thread_ended(void *p)
{
    struct ossl *o = p;

    EVP_MD_CTX_free(o->md);
    EVP_CIPHER_CTX_free(o->cipher);
    xfree(o);
}

static void fetch(void)
{
    sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
    gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    sha512_md = EVP_MD_fetch(NULL, "SHA512", NULL);
    cbc = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    if (!sha256_md || !sha512_md || !gcm || !cbc)
        die("OpenSSL lacks SHA256, SHA512, AES-256-GCM or AES-256-CBC");
    if (pthread_key_create(&per_thread, thread_ended) != 0)
        die("no thread key");
}

struct ossl *ossl(void)
{
    pthread_once(&once, fetch);
    struct ossl *o = pthread_getspecific(per_thread);
    if (o)
        return o;
    o = XNEW(struct ossl);
    *o = (struct ossl){.md = EVP_MD_CTX_new(), .cipher = EVP_CIPHER_CTX_new(), .sha256 = sha256_md, .sha512 = sha512_md,
                       .aes256_gcm = gcm, .aes256_cbc = cbc};
    if (!o->md || !o->cipher || pthread_setspecific(per_thread, o) != 0)
        die("out of memory (OpenSSL contexts)");
    return o;
}
