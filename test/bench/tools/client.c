/* test/bench/tools/client.c: connections of a crowd: TLS, a ticket by the cookie, the WebSocket, its frames. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define OUT         2048                                  /* a request; one at a time is under way but for the poster's */
#define OUT_QUEUE   (256 * 1024)
#define PER_ADDRESS 20000                                 /* connections from one loopback address: it has 28,000 ports */
#define GIVE_UP_S   120

struct crowd crowd;

/* ---- connections ---- */

static void watch(struct conn *c, bool writes)
{
    struct epoll_event e = {.events = EPOLLIN | (writes ? (uint32_t)EPOLLOUT : 0), .data.ptr = c};

    if (c->writes != writes)
        epoll_ctl(crowd.epoll, EPOLL_CTL_MOD, c->fd, &e);
    c->writes = writes;
}

static void cut(struct conn *c)
{
    if (!crowd.may_end)
        fail("connection %zu ended in state %d", (size_t)(c - crowd.conns), c->state);
    crowd.open -= c->state == OPEN;
    crowd.dialing -= c->state != OPEN && c->state != AWAY;
    SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);   /* else its session may not be used again */
    SSL_free(c->ssl);
    close(c->fd);
    c->ssl = NULL;
    c->state = AWAY;
    c->in_n = c->out_n = 0;
    c->ask_at = 0;
    c->writes = false;
}

static void dial(struct conn *c)
{
    size_t i = (size_t)(c - crowd.conns);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)crowd.port)}, from = {.sin_family = AF_INET};
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    int one = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(i / PER_ADDRESS));
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        fail("socket: %s", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
    if (bind(c->fd, (struct sockaddr *)&from, sizeof(from)) < 0 || (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS))
        fail("connect: %s", strerror(errno));
    c->ssl = SSL_new(crowd.tls);
    SSL_set_fd(c->ssl, c->fd);
    SSL_set_app_data(c->ssl, c);
    SSL_set_tlsext_host_name(c->ssl, "localhost");
    SSL_set_connect_state(c->ssl);
    if (c->session)
        SSL_set_session(c->ssl, c->session);
    c->state = HANDSHAKE;
    c->writes = true;
    crowd.dialing++;
    crowd.tries++;
    epoll_ctl(crowd.epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static int new_session(SSL *ssl, SSL_SESSION *session)
{
    struct conn *c = SSL_get_app_data(ssl);

    SSL_SESSION_free(c->session);
    c->session = session;
    return 1;
}

void client_flush(struct conn *c)
{
    size_t done = 0;

    while (done < c->out_n) {
        int r = SSL_write(c->ssl, c->out + done, (int)(c->out_n - done));
        if (r <= 0) {
            int why = SSL_get_error(c->ssl, r);
            if (why != SSL_ERROR_WANT_WRITE && why != SSL_ERROR_WANT_READ) {
                cut(c);
                return;
            }
            break;
        }
        done += (size_t)r;
    }
    memmove(c->out, c->out + done, c->out_n - done);
    c->out_n -= done;
    watch(c, c->out_n > 0);
}

static void put(struct conn *c, const void *bytes, size_t n)
{
    if (c->out_n + n > c->out_cap) {
        c->out_cap = c->out_n + n > OUT ? OUT_QUEUE : OUT;
        c->out = realloc(c->out, c->out_cap);
    }
    if (!c->out || c->out_n + n > c->out_cap)
        fail("more than %d bytes wait", OUT_QUEUE);
    memcpy(c->out + c->out_n, bytes, n);
    c->out_n += n;
}

static void ask_ticket(struct conn *c)
{
    char ask[1200];
    int n = snprintf(ask, sizeof(ask), "POST /t/%s/ws-ticket HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\nX-Engawa: 1\r\nCookie: %s\r\nContent-Length: 0\r\n\r\n",
                     crowd.tenant, crowd.port, crowd.origin, c->cookie);

    c->state = TICKET;
    put(c, ask, (size_t)n);
    client_flush(c);
}

static void ask_socket(struct conn *c, const char *ticket, int ticket_n)
{
    char ask[1200];
    int n = snprintf(ask, sizeof(ask),
                     "GET /t/%s/ws HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: %s\r\n"
                     "Sec-WebSocket-Protocol: engawa.v1, ticket.%.*s\r\n\r\n",
                     crowd.tenant, crowd.port, crowd.origin, ticket_n, ticket);

    c->state = OPENING;
    put(c, ask, (size_t)n);
    client_flush(c);
}

static void frame(struct conn *c, unsigned char first, const char *text, size_t n)
{
    unsigned char head[8] = {first, 0x80}, mask[4] = {1, 2, 3, 4};
    char body[OUT];
    size_t at = 2;

    if (n > sizeof(body) || n > 65535)
        fail("a frame of %zu bytes", n);
    if (n < 126) {
        head[1] |= (unsigned char)n;
    } else {
        head[1] |= 126;
        head[at++] = (unsigned char)(n >> 8);
        head[at++] = (unsigned char)n;
    }
    memcpy(head + at, mask, 4);
    for (size_t i = 0; i < n; i++)
        body[i] = (char)(text[i] ^ (char)mask[i & 3]);
    put(c, head, at + 4);
    put(c, body, n);
}

void client_ask(struct conn *c, const char *op, const char *more)
{
    char text[OUT];
    int n = snprintf(text, sizeof(text), "{\"id\":\"%u\",\"op\":\"%s\",%s}", ++c->asked, op, more);

    crowd.asked++;
    c->sent = now();
    frame(c, 0x81, text, (size_t)n);
}

static bool starts(const char *text, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* A frame of the server: an answer, an event, a ping. */
static void heard(struct conn *c, unsigned char first, const char *text, size_t n)
{
    if ((first & 15) == 9) {
        frame(c, 0x8A, text, n);
        return;
    }
    if (first != 0x81)
        fail("frame %02x: %.*s", first, (int)n, text);
    if (starts(text, n, "{\"id\":")) {
        const char *status = memmem(text, n < 60 ? n : 60, "\"status\":200", 12);
        if (!status)
            fail("refused: %.*s", (int)n, text);
        if (++crowd.answered > crowd.asked)
            fail("an answer that nobody asked for: %.*s", (int)n, text);
        if (crowd.answer)
            crowd.answer(c);
    } else if (starts(text, n, "{\"event\":\"talk.message.posted\"")) {
        const char *at = memmem(text, n, "\"seq\":", 6);
        uint64_t seq = at ? strtoull(at + 6, NULL, 10) : 0;
        if (!seq || (c->seq && seq != c->seq + 1))
            fail("message %llu after %llu", (unsigned long long)seq, (unsigned long long)c->seq);
        c->seq = seq;
        if (crowd.event)
            crowd.event(c, text, n);
    }
}

static size_t frames(struct conn *c, const char *p, size_t n)
{
    size_t at = 0;

    while (n - at >= 2) {
        const unsigned char *f = (const unsigned char *)p + at;
        size_t head = 2, len = f[1] & 0x7F;
        if (len == 126) {
            if (n - at < 4)
                break;
            len = (size_t)f[2] << 8 | f[3];
            head = 4;
        } else if (len == 127) {
            if (n - at < 10)
                break;
            len = 0;
            for (int i = 2; i < 10; i++)
                len = len << 8 | f[i];
            head = 10;
        }
        if (n - at < head + len)
            break;
        heard(c, f[0], p + at + head, len);
        at += head + len;
    }
    return at;
}

/* A whole answer of HTTP/1.1 with a Content-Length, or 0. */
static size_t answered(const char *p, size_t n)
{
    const char *end = memmem(p, n, "\r\n\r\n", 4), *length = memmem(p, n, "Content-Length: ", 16);
    size_t body = length && length < end ? strtoull(length + 16, NULL, 10) : 0;

    if (!end || (size_t)(end + 4 - p) + body > n)
        return 0;
    return (size_t)(end + 4 - p) + body;
}

/* Seconds after which an answer of 429 or 503 wants to be asked again; 0: another one. */
static double wait_of(const char *p, size_t n)
{
    const char *after = memmem(p, n, "\r\nRetry-After: ", 15);

    if (memcmp(p + 9, "429", 3) != 0 && memcmp(p + 9, "503", 3) != 0)
        return 0;
    return after ? strtod(after + 15, NULL) : 0.001;
}

static size_t taken(struct conn *c, const char *p, size_t n)
{
    size_t whole;

    switch (c->state) {
    case TICKET: {
        if (!(whole = answered(p, n)))
            return 0;
        const char *ticket = memmem(p, whole, "\"ticket\":\"", 10);
        if (memcmp(p + 9, "200", 3) != 0 || !ticket) {
            if (crowd.may_end && wait_of(p, whole) > 0) {             /* "not now": as a browser does */
                c->ask_at = now() + wait_of(p, whole);
                crowd.waits++;
                return whole;
            }
            fail("no ticket: %.*s", (int)whole, p);
        }
        ask_socket(c, ticket + 10, (int)strcspn(ticket + 10, "\""));
        return whole;
    }
    case OPENING:
        if (!(whole = answered(p, n)))
            return 0;
        if (memcmp(p + 9, "101", 3) != 0 && crowd.may_end) {         /* a browser is told no reason, and tries again */
            crowd.refused++;
            cut(c);
            return whole;
        }
        if (memcmp(p + 9, "101", 3) != 0)
            fail("no WebSocket: %.*s", (int)whole, p);
        c->state = OPEN;
        crowd.open++;
        crowd.dialing--;
        return whole;
    case OPEN:
        return frames(c, p, n);
    default:
        fail("bytes in state %d", c->state);
    }
    return 0;
}

/* What is not whole yet is kept in c->in; a connection at rest holds nothing. */
static void take(struct conn *c, const char *p, size_t n)
{
    if (c->in_n) {
        if (c->in_n + n > c->in_cap)
            c->in = realloc(c->in, c->in_cap = c->in_n + n);
        memcpy(c->in + c->in_n, p, n);
        p = c->in;
        n += c->in_n;
    }
    size_t at = 0, step;
    while (at < n && c->state != AWAY && (step = taken(c, p + at, n - at)))
        at += step;
    if (c->state == AWAY)
        return;
    if (n - at > c->in_cap) {
        char *more = malloc(n - at);
        memcpy(more, p + at, n - at);
        free(c->in);
        c->in = more;
        c->in_cap = n - at;
    } else if (n - at) {
        memmove(c->in, p + at, n - at);
    }
    c->in_n = n - at;
    if (!c->in_n && c->in_cap > 65536) {
        free(c->in);
        c->in = NULL;
        c->in_cap = 0;
    }
}

static void ready(struct conn *c)
{
    static char buf[64 * 1024];

    if (c->state == HANDSHAKE) {
        int r = SSL_do_handshake(c->ssl);
        if (r != 1) {
            int why = SSL_get_error(c->ssl, r);
            if (why == SSL_ERROR_WANT_READ)
                watch(c, false);
            else if (why != SSL_ERROR_WANT_WRITE)
                cut(c);
            return;
        }
        crowd.resumed += (uint64_t)SSL_session_reused(c->ssl);
        ask_ticket(c);
        return;
    }
    for (;;) {
        int n = SSL_read(c->ssl, buf, sizeof(buf));
        if (n <= 0) {
            int why = SSL_get_error(c->ssl, n);
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
                cut(c);
                return;
            }
            break;
        }
        take(c, buf, (size_t)n);
        if (c->state == AWAY)
            return;
        if (!SSL_has_pending(c->ssl))
            break;
    }
    if (c->out_n)
        client_flush(c);
}

void client_turn(int ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(crowd.epoll, events, 512, ms);

    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;
        if (c->state != AWAY)
            ready(c);
    }
}

/* Who was to wait, and has. */
static void ask_again(void)
{
    double t = now();

    for (size_t i = 0; i < crowd.n; i++)
        if (crowd.conns[i].state == TICKET && crowd.conns[i].ask_at > 0 && crowd.conns[i].ask_at <= t) {
            crowd.conns[i].ask_at = 0;
            ask_ticket(&crowd.conns[i]);
        }
}

double client_open(size_t at_once)
{
    double from = now(), looked_at = 0;
    size_t next = 0;

    while (crowd.open < crowd.n) {
        if (crowd.waits && now() - looked_at > 0.01) {
            looked_at = now();
            ask_again();
        }
        for (size_t looked = 0; crowd.dialing < at_once && looked < crowd.n; looked++, next = (next + 1) % crowd.n)
            if (crowd.conns[next].state == AWAY)
                dial(&crowd.conns[next]);
        client_turn(crowd.waits ? 10 : 100);
        if (now() - from > GIVE_UP_S)
            fail("%zu of %zu are open after %d s", crowd.open, crowd.n, GIVE_UP_S);
    }
    return now() - from;
}

void client_begin(int port, const char *ca, const char *origin, const char *tenant)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    crowd = (struct crowd){.port = port, .origin = origin, .tenant = tenant, .epoll = epoll_create1(0), .tls = SSL_CTX_new(TLS_client_method())};
    if (SSL_CTX_load_verify_locations(crowd.tls, ca, NULL) != 1)
        fail("no certificate authority in %s", ca);
    SSL_CTX_set_verify(crowd.tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(crowd.tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(crowd.tls, 1);                 /* one system call a record */
    SSL_CTX_set_options(crowd.tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(crowd.tls, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(crowd.tls, new_session);
}

void client_read(void)
{
    char line[500];
    size_t cap = 0;

    while (fgets(line, sizeof(line), stdin) && line[0] != '.') {
        if (crowd.n == cap && !(crowd.conns = realloc(crowd.conns, (cap = cap ? cap * 2 : 64) * sizeof(struct conn))))
            fail("no memory");
        struct conn *c = &crowd.conns[crowd.n++];
        *c = (struct conn){.fd = -1};
        char *blank = strrchr(line, ' ');
        if (!blank || (size_t)(blank - line) >= sizeof(c->cookie) || sscanf(blank + 1, "%23s", c->room) != 1)
            fail("a line without form");
        memcpy(c->cookie, line, (size_t)(blank - line));
    }
    if (!crowd.n)
        fail("nobody");
}
