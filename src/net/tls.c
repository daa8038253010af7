/* net/tls.c: one SSL_CTX per certificate, one SSL per connection directly on its socket. */
#include "net/tls.h"

#include "base/clock.h"
#include "base/mem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

struct tls {
    SSL_CTX *ctx;
};

/* clang-format off */
static const char suites[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
/* clang-format on */

static SSL *ssl(const struct tls_conn *c)
{
    return (SSL *)(uintptr_t)c;
}

/* A client that offers protocols without http/1.1 is refused: it means another service (ALPACA). */
static int choose_protocol(SSL *s, const unsigned char **out, unsigned char *out_n, const unsigned char *in, unsigned n,
                           void *arg)
{
    (void)s;
    (void)arg;
    for (unsigned at = 0; at < n; at += in[at] + 1u) {
        if (in[at] == 8 && at + 9 <= n && memcmp(in + at + 1, "http/1.1", 8) == 0) {
            *out = in + at + 1;
            *out_n = 8;
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool load_chain(SSL_CTX *ctx, sv pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    X509 *leaf = bio ? PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL) : NULL;
    bool ok = leaf && SSL_CTX_use_certificate(ctx, leaf) == 1;

    X509_free(leaf);
    while (ok) {
        X509 *more = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!more)
            break;
        ok = SSL_CTX_add0_chain_cert(ctx, more) == 1;
        if (!ok)
            X509_free(more);
    }
    BIO_free(bio);
    ERR_clear_error();
    return ok;
}

static bool load_key(SSL_CTX *ctx, sv pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    bool ok = key && SSL_CTX_use_PrivateKey(ctx, key) == 1;

    EVP_PKEY_free(key);
    BIO_free(bio);
    ERR_clear_error();
    return ok;
}

static bool set_up(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                                 | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);   /* tickets alone */
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"engawa", 6);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    SSL_CTX_set_max_early_data(ctx, 0);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(ctx, suites) == 1
        && SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1;
}

struct tls *tls_new(sv chain, sv key, const char **why)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    struct tls *t;

    ENSURE(chain.n <= INT32_MAX && key.n <= INT32_MAX);
    *why = NULL;
    if (!ctx || !set_up(ctx))
        *why = "OpenSSL refuses the settings";
    else if (!load_chain(ctx, chain))
        *why = "the certificate chain is not readable";
    else if (!load_key(ctx, key))
        *why = "the private key is not readable or not of this certificate";
    else if (SSL_CTX_check_private_key(ctx) != 1)
        *why = "the private key does not belong to the certificate";
    ERR_clear_error();
    if (*why) {
        SSL_CTX_free(ctx);
        return NULL;
    }
    t = XNEW(struct tls);
    t->ctx = ctx;
    return t;
}

void tls_free(struct tls **t)
{
    if (!*t)
        return;
    SSL_CTX_free((*t)->ctx);
    xfree(*t);
    *t = NULL;
}

bool tls_covers(const struct tls *t, sv host)
{
    X509 *leaf = SSL_CTX_get0_certificate(t->ctx);

    return leaf && X509_check_host(leaf, host.p, host.n, 0, NULL) == 1;
}

int64_t tls_end_ms(const struct tls *t)
{
    const X509 *leaf = SSL_CTX_get0_certificate(t->ctx);
    struct tm end = {0};

    if (!leaf || ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &end) != 1)
        return 0;
    int64_t s = days_from_date(end.tm_year + 1900, end.tm_mon + 1, end.tm_mday) * 86400;
    return (s + end.tm_hour * 3600 + end.tm_min * 60 + end.tm_sec) * 1000;
}

void tls_ticket_seed(struct tls *t, const unsigned char seed[TLS_TICKET_SEED])
{
    unsigned char copy[TLS_TICKET_SEED];

    memcpy(copy, seed, sizeof(copy));
    ENSURE(SSL_CTX_set_tlsext_ticket_keys(t->ctx, copy, sizeof(copy)) == 1);
    OPENSSL_cleanse(copy, sizeof(copy));
}

struct tls_conn *tls_accept(struct tls *t, int fd)
{
    SSL *s = SSL_new(t->ctx);

    ENSURE(s && SSL_set_fd(s, fd) == 1);
    SSL_set_accept_state(s);
    return (struct tls_conn *)s;
}

void tls_close(struct tls_conn **c, bool notify)
{
    if (!*c)
        return;
    if (notify && SSL_is_init_finished(ssl(*c)))
        SSL_shutdown(ssl(*c));
    SSL_free(ssl(*c));
    ERR_clear_error();
    *c = NULL;
}

static int outcome(SSL *s, int r)
{
    int e = SSL_get_error(s, r);

    if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE)
        return 0;
    ERR_clear_error();
    return -1;
}

int tls_handshake(struct tls_conn *c)
{
    int r = SSL_do_handshake(ssl(c));

    return r == 1 ? 1 : outcome(ssl(c), r);
}

ptrdiff_t tls_read(struct tls_conn *c, void *p, size_t n)
{
    int r = SSL_read(ssl(c), p, n > INT32_MAX ? INT32_MAX : (int)n);

    return r > 0 ? r : outcome(ssl(c), r);
}

ptrdiff_t tls_write(struct tls_conn *c, const void *p, size_t n)
{
    ENSURE(n > 0 && n <= TLS_WRITE_MAX);
    int r = SSL_write(ssl(c), p, (int)n);

    return r > 0 ? r : outcome(ssl(c), r);
}

bool tls_wants_write(const struct tls_conn *c)
{
    return SSL_want_write(ssl(c));
}

bool tls_pending(const struct tls_conn *c)
{
    return SSL_pending(ssl(c)) > 0;
}

bool tls_resumed(const struct tls_conn *c)
{
    return SSL_session_reused(ssl(c));
}
