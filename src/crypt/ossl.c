/* crypt/ossl.c: the process's fetched algorithms and each thread's contexts. */
#include "crypt/ossl.h"

#include "base/mem.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t per_thread;
static EVP_MD *sha256_md;
static EVP_CIPHER *gcm;

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
    if (!sha256_md || !gcm)
        die("OpenSSL has no SHA256 or no AES-256-GCM");
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
    *o = (struct ossl){.md = EVP_MD_CTX_new(), .cipher = EVP_CIPHER_CTX_new(), .sha256 = sha256_md, .aes256_gcm = gcm};
    if (!o->md || !o->cipher || pthread_setspecific(per_thread, o) != 0)
        die("out of memory (OpenSSL contexts)");
    return o;
}
