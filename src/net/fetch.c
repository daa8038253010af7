/* net/fetch.c: a client of HTTPS in its smallest form. */
#include "net/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static bool connected(int fd, const struct addrinfo *to, int timeout_ms)
{
    struct timeval t = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t n = sizeof(error);

    if (connect(fd, to->ai_addr, to->ai_addrlen) < 0 &&
        (errno != EINPROGRESS || poll(&p, 1, timeout_ms) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0 || error))
        return false;
    return fcntl(fd, F_SETFL, 0) == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)) == 0;
}

static int reach(const struct fetch *f)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    int fd = -1;

    if (getaddrinfo(f->host, f->port, &hints, &all) != 0)
        return -1;
    for (const struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd >= 0 && !connected(fd, a, f->timeout_ms)) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(all);
    return fd;
}

/* "HTTP/1.1 200 …" */
static int status_of(sv text)
{
    int64_t n;

    return sv_starts(text, SV("HTTP/1.1 ")) && sv_int(sv_upto(sv_from(text, 9), 3), &n) && n >= 100 ? (int)n : 0;
}

static int speak(SSL *s, const struct fetch *f)
{
    char line[64];
    size_t n = 0;

    if (SSL_set_tlsext_host_name(s, f->host) != 1 || SSL_set1_host(s, f->host) != 1 || SSL_connect(s) != 1)
        return 0;
    if (SSL_write(s, f->request.p, (int)f->request.n) != (int)f->request.n)
        return 0;
    while (n < 13) {
        int got = SSL_read(s, line + n, (int)(sizeof(line) - n));
        if (got <= 0)
            return 0;
        n += (size_t)got;
    }
    return status_of(sv_n(line, n));
}

int fetch_status(const struct fetch *f)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    bool ready = ctx && SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
                 (f->ca ? SSL_CTX_load_verify_locations(ctx, f->ca, NULL) : SSL_CTX_set_default_verify_paths(ctx)) == 1;
    int status = 0;
    FD fd = ready ? reach(f) : -1;
    SSL *s = fd >= 0 ? SSL_new(ctx) : NULL;

    if (s) {
        SSL_set_verify(s, SSL_VERIFY_PEER, NULL);
        if (SSL_set_fd(s, fd) == 1)
            status = speak(s, f);
    }
    SSL_free(s);
    SSL_CTX_free(ctx);
    ERR_clear_error();
    return status;
}
