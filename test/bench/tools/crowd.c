/* test/bench/tools/crowd.c: a crowd of browsers in one thread: each connection comes as one of them does (TLS, a ticket by its
 * cookie, the WebSocket) and reads what it is sent. Standard input: a line "COOKIE ROOM" for each connection, then a line ".".
 * A lost, doubled or disordered message, a refusal or a connection that ends is a failure.
 *
 * usage: crowd PORT CA ORIGIN TENANT hold                 prints "open SECONDS", then waits for the end of standard input
 *        crowd … fan IN_FLIGHT SECONDS                    the first posts to its room, all others are members of it:
 *                                                         prints deliveries/s, posts/s
 *        crowd … rate PER_SECOND SECONDS                  the same at a steady pace: prints posts, and of the time from a post to the
 *                                                         last member p50 and p99 in us
 *        crowd … pairs SECONDS                            connections 2i and 2i+1 answer each other in their room and mark what they read:
 *                                                         prints messages/s, and of the time from post to the other p50 and p99 in us
 *        crowd … again                                    prints "open SECONDS"; when all connections have been cut, all come back at once
 *                                                         with their TLS session tickets: prints seconds, resumed handshakes, connections tried */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define OUT       2048                                    /* a request; one at a time is under way but for the poster's */
#define OUT_QUEUE (256 * 1024)
#define SAMPLES   4000000
#define AT_ONCE   64                                      /* connections that are being opened, but when all come back */
#define PER_ADDRESS 20000                                 /* connections from one loopback address: it has 28,000 ports */
#define GIVE_UP_S 60

/* 129 bytes of Japanese, as in the figures of the design. */
#define TEXT "明日の早番、九時からに変えていただけますか。急で申し訳ありません。シフト表はこちらで直します。"

enum state { AWAY, HANDSHAKE, TICKET, OPENING, OPEN };

struct conn {
    enum state state;
    int fd;
    SSL *ssl;
    SSL_SESSION *session;                                 /* the newest ticket */
    char cookie[400], room[24];
    char *in, *out;
    size_t in_n, in_cap, out_n, out_cap;
    bool writes;
    uint64_t seq;                                         /* of the last message; 0: none yet */
    unsigned asked;
    double posted;
};

static struct {
    int port, epoll;
    const char *origin, *tenant;
    SSL_CTX *tls;
    struct conn *conns;
    size_t n, open, dialing;
    uint64_t resumed, tries;
    void (*event)(struct conn *c, const char *text, size_t n);
    void (*answer)(struct conn *c);
    bool may_end;                                         /* connections may be cut */
} crowd;

static uint32_t *us;
static size_t us_n;

static void fail(const char *form, ...)
{
    va_list args;

    va_start(args, form);
    fputs("crowd: ", stderr);
    vfprintf(stderr, form, args);
    fputc('\n', stderr);
    exit(1);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sample(double seconds)
{
    if (us_n < SAMPLES)
        us[us_n++] = (uint32_t)(seconds * 1e6);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static uint32_t quantile(size_t per_cent)
{
    if (!us_n)
        fail("nothing was measured");
    qsort(us, us_n, sizeof(*us), by_size);
    return us[us_n * per_cent / 100 < us_n ? us_n * per_cent / 100 : us_n - 1];
}

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

static void flush(struct conn *c)
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
    flush(c);
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
    flush(c);
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

static void post(struct conn *c, const char *mark)
{
    unsigned char r[10];
    char text[700];
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
    RAND_bytes(r, sizeof(r));
    int n = snprintf(text, sizeof(text),
                     "{\"id\":\"%u\",\"op\":\"talk.post\",\"params\":{\"room\":\"%s\"},\"body\":{\"key\":\"%08x-%04x-7%03x-8%03x-"
                     "%02x%02x%02x%02x%02x%02x\",\"text\":\"%s" TEXT "\"}}",
                     ++c->asked, c->room, (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF), (r[0] << 8 | r[1]) & 0xFFF,
                     (r[2] << 8 | r[3]) & 0xFFF, r[4], r[5], r[6], r[7], r[8], r[9], mark);
    c->posted = now();
    frame(c, 0x81, text, (size_t)n);
}

static void mark_read(struct conn *c)
{
    char text[200];
    int n = snprintf(text, sizeof(text), "{\"id\":\"%u\",\"op\":\"talk.read\",\"params\":{\"room\":\"%s\"},\"body\":{\"seq\":%llu}}", ++c->asked, c->room,
                     (unsigned long long)c->seq);

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

static size_t taken(struct conn *c, const char *p, size_t n)
{
    size_t whole;

    switch (c->state) {
    case TICKET: {
        if (!(whole = answered(p, n)))
            return 0;
        const char *ticket = memmem(p, whole, "\"ticket\":\"", 10);
        if (memcmp(p + 9, "200", 3) != 0 || !ticket) {
            if (crowd.may_end && memcmp(p + 9, "503", 3) == 0) {     /* the house is starting: as a browser does */
                ask_ticket(c);
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
        if (!SSL_pending(c->ssl) && n < 16384)
            break;
    }
    if (c->out_n)
        flush(c);
}

static void turn(int ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(crowd.epoll, events, 512, ms);

    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;
        if (c->state != AWAY)
            ready(c);
    }
}

static double open_all(size_t at_once)
{
    double from = now();
    size_t next = 0;

    while (crowd.open < crowd.n) {
        for (size_t looked = 0; crowd.dialing < at_once && looked < crowd.n; looked++, next = (next + 1) % crowd.n)
            if (crowd.conns[next].state == AWAY)
                dial(&crowd.conns[next]);
        turn(100);
        if (now() - from > GIVE_UP_S * 2)
            fail("%zu of %zu are open after %d s", crowd.open, crowd.n, GIVE_UP_S * 2);
    }
    return now() - from;
}

/* ---- one room, many members ---- */

static struct {
    uint64_t posted, delivered, first;
    double *sent;
    uint32_t *reached;
    size_t in_flight, cap;
    double end;
} fan;

static void fan_event(struct conn *c, const char *text, size_t n)
{
    (void)text, (void)n;
    fan.delivered++;
    if (!fan.first)
        fan.first = c->seq;
    uint64_t k = c->seq - fan.first;
    if (k >= fan.cap)
        fail("message %llu was not posted by us", (unsigned long long)c->seq);
    if (++fan.reached[k] == crowd.n)
        sample(now() - fan.sent[k]);
}

static void fan_post(void)
{
    if (fan.posted == fan.cap)
        fail("more than %zu posts", fan.cap);
    fan.sent[fan.posted++] = now();
    post(&crowd.conns[0], "");
}

static void fan_answer(struct conn *c)
{
    (void)c;
    if (now() < fan.end && fan.in_flight)
        fan_post();
}

static void fan_run(double seconds)
{
    double from = now();

    fan.end = from + seconds;
    for (size_t i = 0; i < fan.in_flight; i++)
        fan_post();
    flush(&crowd.conns[0]);
    while (fan.delivered < fan.posted * crowd.n || now() < fan.end) {
        turn(100);
        if (now() > fan.end + GIVE_UP_S)
            fail("%llu of %llu deliveries", (unsigned long long)fan.delivered, (unsigned long long)(fan.posted * crowd.n));
    }
    double took = now() - from;
    printf("%.0f %.0f\n", (double)fan.delivered / took, (double)fan.posted / took);
}

static void rate_run(double per_second, double seconds)
{
    double from = now();
    uint64_t all = (uint64_t)(per_second * seconds);

    while (fan.delivered < all * crowd.n) {
        double due = from + (double)fan.posted / per_second - now();
        if (fan.posted < all && due <= 0) {
            fan_post();
            flush(&crowd.conns[0]);
        }
        turn(fan.posted < all ? (due > 0.001 ? (int)(due * 1000) : 0) : 100);
        if (now() > from + seconds + GIVE_UP_S)
            fail("%llu of %llu deliveries", (unsigned long long)fan.delivered, (unsigned long long)(all * crowd.n));
    }
    printf("%llu %u %u\n", (unsigned long long)fan.posted, quantile(50), quantile(99));
}

static void fan_begin(size_t in_flight)
{
    fan.cap = 4000000;
    fan.sent = calloc(fan.cap, sizeof(double));
    fan.reached = calloc(fan.cap, sizeof(uint32_t));
    fan.in_flight = in_flight;
    crowd.event = fan_event;
    crowd.answer = fan_answer;
}

/* ---- pairs ---- */

static double pairs_end;
static size_t pairs_going;

static const char *mark_of(const struct conn *c)
{
    return (c - crowd.conns) & 1 ? "乙 " : "甲 ";
}

static void pairs_event(struct conn *c, const char *text, size_t n)
{
    struct conn *other = crowd.conns + ((size_t)(c - crowd.conns) ^ 1);
    char from[20];
    int from_n = snprintf(from, sizeof(from), "\"text\":\"%s", mark_of(other));

    if (!memmem(text, n, from, (size_t)from_n))
        return;                                           /* its own */
    sample(now() - other->posted);
    mark_read(c);
    if (now() < pairs_end)
        post(c, mark_of(c));
    else
        pairs_going--;
}

static void pairs_run(double seconds)
{
    double from = now();

    if (crowd.n % 2)
        fail("an odd number of connections");
    crowd.event = pairs_event;
    pairs_end = from + seconds;
    pairs_going = crowd.n / 2;
    for (size_t i = 0; i < crowd.n; i += 2) {
        post(&crowd.conns[i], mark_of(&crowd.conns[i]));
        flush(&crowd.conns[i]);
    }
    while (pairs_going) {
        turn(100);
        if (now() > pairs_end + GIVE_UP_S)
            fail("%zu pairs wait for a message", pairs_going);
    }
    double each = (double)us_n / (now() - from);
    printf("%.0f %u %u\n", each, quantile(50), quantile(99));
}

/* ---- all come back ---- */

static void again_run(void)
{
    double begun = 0;

    crowd.may_end = true;
    while (crowd.open)
        turn(100), begun = begun == 0 && crowd.open < crowd.n ? now() : begun;
    crowd.resumed = crowd.tries = 0;
    open_all(crowd.n);
    printf("%.3f %llu %llu\n", now() - begun, (unsigned long long)crowd.resumed, (unsigned long long)crowd.tries);
}

static void read_crowd(void)
{
    char line[500];
    size_t cap = 0;

    while (fgets(line, sizeof(line), stdin) && line[0] != '.') {
        if (crowd.n == cap)
            crowd.conns = realloc(crowd.conns, (cap = cap ? cap * 2 : 64) * sizeof(struct conn));
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

int main(int argc, char **argv)
{
    struct rlimit files;
    double a = argc > 6 ? atof(argv[6]) : 0, b = argc > 7 ? atof(argv[7]) : 0;

    if (argc < 6)
        return 2;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    crowd.port = atoi(argv[1]);
    crowd.origin = argv[3];
    crowd.tenant = argv[4];
    crowd.epoll = epoll_create1(0);
    crowd.tls = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_load_verify_locations(crowd.tls, argv[2], NULL) != 1)
        return 2;
    SSL_CTX_set_verify(crowd.tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(crowd.tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(crowd.tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(crowd.tls, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(crowd.tls, new_session);
    us = malloc(SAMPLES * sizeof(*us));
    read_crowd();
    double opened = open_all(AT_ONCE);
    const char *mode = argv[5];
    if (strcmp(mode, "hold") == 0 || strcmp(mode, "again") == 0) {
        printf("open %.3f\n", opened);
        fflush(stdout);
    }
    if (strcmp(mode, "hold") == 0) {
        while (fcntl(0, F_SETFL, O_NONBLOCK) == 0 && getchar() == EOF && !feof(stdin))
            clearerr(stdin), turn(50);
    } else if (strcmp(mode, "fan") == 0) {
        fan_begin((size_t)a);
        fan_run(b);
    } else if (strcmp(mode, "rate") == 0) {
        fan_begin(0);
        rate_run(a, b);
    } else if (strcmp(mode, "pairs") == 0) {
        pairs_run(a);
    } else if (strcmp(mode, "again") == 0) {
        again_run();
    } else {
        return 2;
    }
    return 0;
}
