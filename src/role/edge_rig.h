/* role/edge_rig.h: for the edge's tests: runs the edge as a child process, as the supervisor would, while the test
 * plays supervisor, control, one tenant and the browsers. Every wait has a deadline of 30 s.
 *     rig_start() -> browser_open() -> browser_say() · rig_tenant_gets() · tenant_answers() · browser_hears() … rig_stop() */
#ifndef ENGAWA_ROLE_EDGE_RIG_H
#define ENGAWA_ROLE_EDGE_RIG_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/test.h"
#include "net/ws.h"
#include "role/call.h"
#include "role/refusal.h"
#include "role/roles.h"
#include "role/start.h"

#define RIG_TENANT  INT64_C(4711)
#define RIG_WAIT_MS 30000
#define RIG_SID     "__Host-sid-4711=abc"

struct rig {
    pid_t edge;
    int port;
    struct ipc sup, control, tenant;
    SSL_CTX *ctx;
    SSL_SESSION *session;
};

struct browser {
    int fd;
    SSL *ssl;
    struct str in;
};

/* ---- certificate ---- */

static UNUSED int rig_pem(X509 *cert, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    int fd = memfd_create("pem", 0);
    long n;

    if (cert)
        PEM_write_bio_X509(bio, cert);
    else
        PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    n = BIO_get_mem_data(bio, &text);
    ENSURE(fd >= 0 && write(fd, text, (size_t)n) == n);
    BIO_free(bio);
    return fd;
}

/* `names`: "DNS:a,DNS:b"; NULL: its common name alone. */
static UNUSED void rig_certificate_of(const char *names, int *cert_fd, int *key_fd)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();

    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), 0);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    if (names) {
        X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
        ENSURE(san && X509_add_ext(x, san, -1) == 1);
        X509_EXTENSION_free(san);
    }
    ENSURE(X509_sign(x, key, EVP_sha256()) > 0);
    *cert_fd = rig_pem(x, NULL);
    *key_fd = rig_pem(NULL, key);
    X509_free(x);
    EVP_PKEY_free(key);
}

static UNUSED void rig_certificate(int *cert_fd, int *key_fd)
{
    rig_certificate_of(NULL, cert_fd, key_fd);
}

/* ---- supervisor ---- */

static UNUSED int rig_listener(int *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    ENSURE(fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0 && listen(fd, 1024) == 0);
    ENSURE(getsockname(fd, (struct sockaddr *)&a, &n) == 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static UNUSED void rig_edge(int sup)
{
    dup2(sup, 3);
    close_range(4, ~0u, 0);
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
        _exit(98);
    _exit(edge_main());
}

static UNUSED bool rig_wait(struct ipc *c, uint16_t type, struct ipc_head *h, sv *payload)
{
    int64_t until = clock_mono_ms() + RIG_WAIT_MS;

    for (;;) {
        int r = ipc_next(c, h, payload);
        if (r > 0 && (type == 0 || h->type == type))
            return true;
        if (r == 0) {
            struct pollfd p = {.fd = c->fd, .events = POLLIN};
            if (clock_mono_ms() > until || poll(&p, 1, 1000) < 0 || ipc_read(c) < 0)
                return false;
        }
        if (r < 0)
            return false;
    }
}

static UNUSED void rig_give(struct rig *r, uint16_t type, uint64_t a, uint64_t b, int fd)
{
    ipc_put_fd(&r->sup, (struct ipc_head){.type = type, .a = a, .b = b}, SV_NONE, fd);
    ENSURE(ipc_flush(&r->sup) == 1);
}

static UNUSED void rig_peer(struct rig *r, struct ipc *mine, enum role_id role, int64_t number)
{
    int pair[2];

    ENSURE(ipc_pair(pair));
    ipc_init(mine, pair[0]);
    rig_give(r, SUP_PEER, role, (uint64_t)number, pair[1]);
}

static UNUSED void rig_start(struct rig *r, const char *more_config)
{
    int pair[2], cert, key, listener;
    struct ipc_head h;
    struct str config = {0};
    sv ignored;

    signal(SIGPIPE, SIG_IGN);
    *r = (struct rig){.control.fd = -1, .tenant.fd = -1};
    ENSURE(ipc_pair(pair));
    listener = rig_listener(&r->port);
    fflush(stdout);
    r->edge = fork();
    if (r->edge == 0)
        rig_edge(pair[1]);
    close(pair[1]);
    ipc_init(&r->sup, pair[0]);
    rig_certificate(&cert, &key);
    str_printf(&config, "origin=https://localhost:%d\nlog=error\n%s", r->port, more_config);
    ipc_put(&r->sup, (struct ipc_head){.type = SUP_CONFIG}, str_sv(&config));
    str_release(&config);
    rig_give(r, SUP_LISTENER, LISTEN_HTTPS, 0, listener);
    rig_give(r, SUP_LISTENER, LISTEN_CERT, 0, cert);
    rig_give(r, SUP_LISTENER, LISTEN_KEY, 0, key);
    rig_peer(r, &r->control, ROLE_CONTROL, 0);
    ipc_put(&r->sup, (struct ipc_head){.type = SUP_GO}, SV_NONE);
    ENSURE(ipc_flush(&r->sup) == 1);
    ENSURE(rig_wait(&r->sup, ROLE_READY, &h, &ignored));
    r->ctx = SSL_CTX_new(TLS_client_method());
}

/* The tenant's process is there (anew). */
static UNUSED void rig_tenant(struct rig *r)
{
    if (r->tenant.fd >= 0)
        ipc_close(&r->tenant);
    rig_peer(r, &r->tenant, ROLE_TENANT, RIG_TENANT);
}

/* Stops the edge; its exit status. */
static UNUSED int rig_stop(struct rig *r)
{
    int status = -1;

    ipc_put(&r->sup, (struct ipc_head){.type = SUP_STOP}, SV_NONE);
    ipc_flush(&r->sup);
    waitpid(r->edge, &status, 0);
    ipc_close(&r->sup);
    ipc_close(&r->control);
    if (r->tenant.fd >= 0)
        ipc_close(&r->tenant);
    SSL_SESSION_free(r->session);
    SSL_CTX_free(r->ctx);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* ---- tenant ---- */

/* The next call for the tenant, decoded into `call` (borrowed until the next read). */
static UNUSED bool rig_tenant_gets(struct rig *r, uint16_t type, struct ipc_head *h, struct http_call *call)
{
    sv payload;

    return rig_wait(&r->tenant, type, h, &payload) && call_read(payload, call);
}

static UNUSED void tenant_answers(struct rig *r, const struct ipc_head *asked, uint16_t type, int status, const char *name,
                                  const char *value, sv body)
{
    struct ipc_head h = {.type = type, .conn = asked->conn, .gen = asked->gen, .a = asked->a, .b = (uint64_t)status};
    struct str p = {0};

    ipc_w_u32(&p, name ? 1 : 0);
    if (name) {
        ipc_w_bytes(&p, sv_c(name));
        ipc_w_bytes(&p, sv_c(value));
    }
    ipc_w_bytes(&p, body);
    ipc_put(&r->tenant, h, str_sv(&p));
    str_release(&p);
    ENSURE(ipc_flush(&r->tenant) == 1);
}

static UNUSED void tenant_says(struct rig *r, uint16_t type, const struct ipc_head *to, uint64_t a, uint64_t b, sv payload)
{
    struct ipc_head h = {.type = type, .conn = to ? to->conn : 0, .gen = to ? to->gen : 0, .a = a, .b = b};

    ipc_put(&r->tenant, h, payload);
    ENSURE(ipc_flush(&r->tenant) >= 0);
}

/* ---- browser ---- */

static UNUSED bool browser_open(struct rig *r, struct browser *b)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)r->port)};
    struct timeval limit = {.tv_sec = RIG_WAIT_MS / 1000};

    *b = (struct browser){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(b->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    b->ssl = SSL_new(r->ctx);
    SSL_set_fd(b->ssl, b->fd);
    if (r->session)
        SSL_set_session(b->ssl, r->session);
    return connect(b->fd, (struct sockaddr *)&a, sizeof(a)) == 0 && SSL_connect(b->ssl) == 1;
}

static UNUSED void browser_close(struct browser *b)
{
    SSL_shutdown(b->ssl);
    SSL_free(b->ssl);
    str_release(&b->in);
    fd_close(&b->fd);
}

static UNUSED void browser_say(struct browser *b, sv text)
{
    ENSURE(SSL_write(b->ssl, text.p, (int)text.n) == (int)text.n);
}

static UNUSED bool browser_read(struct browser *b)
{
    int n = SSL_read(b->ssl, str_room(&b->in, 16384), 16384);

    if (n > 0)
        str_grew(&b->in, (size_t)n);
    return n > 0;
}

/* One answer; `body` is borrowed until the next call. Status, or 0 when the connection ended. */
static UNUSED int browser_hears(struct browser *b, struct str *head, struct str *body)
{
    size_t end, at;
    int64_t length = 0, status;
    sv v;

    str_reset(head);
    str_reset(body);
    while (!sv_find(str_sv(&b->in), SV("\r\n\r\n"), &end))
        if (!browser_read(b))
            return 0;
    str_put(head, sv_upto(str_sv(&b->in), end + 2));
    str_drop(&b->in, end + 4);
    if (sv_find(str_sv(head), SV("\r\nContent-Length: "), &at)) {
        v = sv_from(str_sv(head), at + 18);
        sv rest = v;
        sv_cut(&rest, '\r', &v);
        ENSURE(sv_int(v, &length));
    }
    while (b->in.n < (size_t)length)
        if (!browser_read(b))
            return 0;
    str_put(body, sv_upto(str_sv(&b->in), (size_t)length));
    str_drop(&b->in, (size_t)length);
    ENSURE(sv_int(sv_n(head->p + 9, 3), &status));
    return (int)status;
}

/* The connection ends now (whatever came before is kept in b->in). */
static UNUSED bool browser_ended(struct browser *b)
{
    while (browser_read(b))
        continue;
    return SSL_get_error(b->ssl, 0) != SSL_ERROR_WANT_READ;
}

/* A request line and the headers every request needs, then `more`. */
static UNUSED void browser_ask(struct rig *r, struct browser *b, const char *line, const char *more)
{
    struct str s = {0};

    str_printf(&s, "%s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n", line, r->port, more);
    browser_say(b, str_sv(&s));
    str_release(&s);
}

static UNUSED bool says(const struct str *head, const char *what)
{
    return sv_find(str_sv(head), sv_c(what), NULL);
}

/* One request on a connection of its own; the status. */
static UNUSED int once(struct rig *r, sv text, struct str *head, struct str *body)
{
    struct browser b;
    int status = 0;

    if (browser_open(r, &b)) {
        browser_say(&b, text);
        status = browser_hears(&b, head, body);
    }
    browser_close(&b);
    return status;
}

static UNUSED int ask_once(struct rig *r, const char *line, const char *more, struct str *head, struct str *body)
{
    struct str s = {0};
    int status;

    str_printf(&s, "%s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n", line, r->port, more);
    status = once(r, str_sv(&s), head, body);
    str_release(&s);
    return status;
}

/* ---- WebSocket ---- */

static UNUSED void browser_frame(struct browser *b, unsigned first, sv payload)
{
    struct str s = {0};
    const char mask[4] = {1, 2, 3, 4};

    str_char(&s, (char)first);
    if (payload.n < 126) {
        str_char(&s, (char)(0x80 | payload.n));
    } else {
        str_char(&s, (char)(0x80 | 126));
        str_char(&s, (char)(payload.n >> 8));
        str_char(&s, (char)payload.n);
    }
    str_bytes(&s, mask, 4);
    for (size_t i = 0; i < payload.n; i++)
        str_char(&s, (char)(payload.p[i] ^ mask[i & 3]));
    browser_say(b, str_sv(&s));
    str_release(&s);
}

/* The next frame of the server: its opcode, or -1 when the connection ended. */
static UNUSED int browser_frame_in(struct browser *b, struct str *payload)
{
    str_reset(payload);
    for (;;) {
        const unsigned char *p = (const unsigned char *)b->in.p;
        size_t head = 2, n = 0;
        if (b->in.n >= 2) {
            n = p[1] & 127;
            if (n == 126) {
                head = 4;
                n = b->in.n >= 4 ? (size_t)(p[2] << 8 | p[3]) : SIZE_MAX / 2;
            }
        }
        if (b->in.n >= head && b->in.n - head >= n) {
            int op = p[0] & 15;
            str_bytes(payload, p + head, n);
            str_drop(&b->in, head + n);
            return op;
        }
        if (!browser_read(b))
            return -1;
    }
}

/* Opens a WebSocket; `h` names it from then on as the tenant sees it. */
static UNUSED bool browser_websocket(struct rig *r, struct browser *b, struct ipc_head *h)
{
    struct http_call call;
    struct str more = {0}, head = {0}, body = {0};
    int status;

    str_printf(&more,
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: https://localhost:%d\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: engawa.v1, ticket.t1\r\n",
               r->port);
    str_char(&more, '\0');
    browser_ask(r, b, "GET /t/4711/ws", more.p);
    str_release(&more);
    if (!rig_tenant_gets(r, REQ_WS_OPEN, h, &call) || !sv_equal(call.ticket, SV("t1")))
        return false;
    tenant_answers(r, h, RES_WS_OPEN, 101, NULL, NULL, SV(""));
    status = browser_hears(b, &head, &body);
    bool ok = status == 101 && sv_find(str_sv(&head), SV("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), NULL);
    str_release(&head);
    str_release(&body);
    return ok;
}

#endif
