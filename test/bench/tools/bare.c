/* test/bench/tools/bare.c: the least server that the crowd takes for one: what this machine can do at best with the same client
 * beside it. TLS and its session tickets, one thread, epoll; all answers are made up. A post is what was written with one fdatasync
 * together with all that came with it, and goes to every open connection as an event of the product's size, one frame each.
 *
 * usage: bare CERTIFICATE KEY FOLDER
 * Prints "PORT PID". A line of standard input cuts all connections; its end ends the program. */
#include "measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNS 20000
#define IN    4096                                        /* a request or a post, and what came behind it */
#define EVENT 470                                         /* bytes of an event with a post of 129 bytes, as the edge sends it */
#define POSTS 4096                                        /* posts of one turn */

struct conn {
    int fd;
    SSL *ssl;
    bool secure, open;
    char *in;                                             /* only while something is not whole */
    size_t in_n;
};

static struct {
    int epoll, disk;
    SSL_CTX *tls;
    struct conn *conns[CONNS];
    size_t n;
    uint64_t seq;
    struct {
        struct conn *by;
        char id[16];
    } posts[POSTS];
    size_t posts_n;
} bare;

static void conn_free(struct conn *c)
{
    for (size_t i = 0; i < bare.n; i++)
        if (bare.conns[i] == c) {
            bare.conns[i] = bare.conns[--bare.n];
            break;
        }
    SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(c->ssl);
    close(c->fd);
    free(c->in);
    free(c);
}

static void say(struct conn *c, const void *bytes, size_t n)
{
    for (int r; (r = SSL_write(c->ssl, bytes, (int)n)) <= 0;) {
        struct pollfd p = {.fd = c->fd, .events = POLLOUT};
        if (SSL_get_error(c->ssl, r) != SSL_ERROR_WANT_WRITE || poll(&p, 1, 30000) != 1)
            fail("bare: a client does not read");
    }
}

static void say_frame(struct conn *c, const char *text, size_t n)
{
    char out[EVENT + 200];
    size_t at = 0;

    out[at++] = (char)0x81;
    if (n < 126) {
        out[at++] = (char)n;
    } else {
        out[at++] = 126;
        out[at++] = (char)(n >> 8);
        out[at++] = (char)n;
    }
    memcpy(out + at, text, n);
    say(c, out, at + n);
}

static void post_taken(struct conn *c, const char *text, size_t n)
{
    const char *id = memmem(text, n, "\"id\":\"", 6);

    if (!id || bare.posts_n == POSTS)
        fail("bare: not a post: %.*s", (int)n, text);
    bare.posts[bare.posts_n].by = c;
    snprintf(bare.posts[bare.posts_n++].id, sizeof(bare.posts->id), "%.*s", (int)strcspn(id + 6, "\""), id + 6);
}

/* One durable write, then each post to everybody, then its answer. */
static void posts_done(void)
{
    static char page[4096];
    char text[EVENT + 1], answer[80];

    if (!bare.posts_n)
        return;
    memset(page, (int)bare.seq, sizeof(page));
    if (write(bare.disk, page, sizeof(page)) != (ssize_t)sizeof(page) || fdatasync(bare.disk) != 0)
        fail("bare: the disk refuses");
    for (size_t i = 0; i < bare.posts_n; i++) {
        int n = snprintf(text, sizeof(text), "{\"event\":\"talk.message.posted\",\"seq\":%llu,\"text\":\"", (unsigned long long)++bare.seq);
        memset(text + n, 'x', sizeof(text) - (size_t)n);
        memcpy(text + EVENT - 2, "\"}", 2);
        for (size_t k = 0; k < bare.n; k++)
            if (bare.conns[k]->open)
                say_frame(bare.conns[k], text, EVENT);
        n = snprintf(answer, sizeof(answer), "{\"id\":\"%s\",\"status\":200}", bare.posts[i].id);
        say_frame(bare.posts[i].by, answer, (size_t)n);
    }
    bare.posts_n = 0;
}

/* One request or frame at the beginning of what came; its bytes, or 0 when it is not whole. */
static size_t taken(struct conn *c, char *p, size_t n)
{
    static const char ticket[] = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"ticket\":\"t\"}", upgrade[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

    if (!c->open) {
        char *end = memmem(p, n, "\r\n\r\n", 4);
        if (!end)
            return 0;
        c->open = p[0] == 'G';
        say(c, c->open ? upgrade : ticket, strlen(c->open ? upgrade : ticket));
        return (size_t)(end + 4 - p);
    }
    if (n < 8)
        return 0;
    size_t len = (unsigned char)p[1] & 0x7F, head = 6;
    if (len == 126) {
        len = (size_t)(unsigned char)p[2] << 8 | (unsigned char)p[3];
        head = 8;
    }
    if (n < head + len)
        return 0;
    for (size_t i = 0; i < len; i++)
        p[head + i] ^= p[head - 4 + (i & 3)];
    post_taken(c, p + head, len);
    return head + len;
}

static void take(struct conn *c, char *p, size_t n)
{
    size_t at = 0, step;

    while (at < n && (step = taken(c, p + at, n - at)))
        at += step;
    c->in_n = n - at;
    if (c->in_n && !c->in && !(c->in = malloc(IN)))
        fail("no memory");
    if (c->in_n)
        memmove(c->in, p + at, c->in_n);
    if (!c->in_n) {
        free(c->in);
        c->in = NULL;
    }
}

/* False: the connection has ended. */
static bool ready(struct conn *c)
{
    static char buf[IN];

    if (!c->secure) {
        int r = SSL_accept(c->ssl), why = SSL_get_error(c->ssl, r);
        c->secure = r == 1;
        return r == 1 || why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    }
    for (;;) {
        if (c->in_n)
            memcpy(buf, c->in, c->in_n);
        int r = SSL_read(c->ssl, buf + c->in_n, (int)(sizeof(buf) - c->in_n));
        if (r <= 0)
            return SSL_get_error(c->ssl, r) == SSL_ERROR_WANT_READ;
        take(c, buf, c->in_n + (size_t)r);
    }
}

static void welcome(int listener)
{
    int one = 1;

    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        struct conn *c = calloc(1, sizeof(*c));
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        if (bare.n == CONNS || !c)
            fail("bare: more than %d connections", CONNS);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        c->fd = fd;
        c->ssl = SSL_new(bare.tls);
        SSL_set_fd(c->ssl, fd);
        bare.conns[bare.n++] = c;
        epoll_ctl(bare.epoll, EPOLL_CTL_ADD, fd, &e);
    }
}

static int listening(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&a, n) != 0 || listen(fd, 4096) != 0 || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        fail("bare: no port");
    printf("%d %d\n", ntohs(a.sin_port), (int)getpid());
    fflush(stdout);
    return fd;
}

static void begin(char **argv)
{
    struct rlimit files;
    char path[4096];

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    bare.tls = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(bare.tls, argv[1]) != 1 || SSL_CTX_use_PrivateKey_file(bare.tls, argv[2], SSL_FILETYPE_PEM) != 1)
        fail("bare: no certificate");
    SSL_CTX_set_session_id_context(bare.tls, (const unsigned char *)"bare", 4);
    SSL_CTX_set_mode(bare.tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(bare.tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(bare.tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_num_tickets(bare.tls, 1);
    snprintf(path, sizeof(path), "%s/bare.tmp", argv[3]);
    bare.disk = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (bare.disk < 0)
        fail("bare: %s cannot be made", path);
    unlink(path);
    bare.epoll = epoll_create1(EPOLL_CLOEXEC);
}

int main(int argc, char **argv)
{
    struct epoll_event events[512], own = {.events = EPOLLIN};
    char order[64];

    if (argc != 4)
        return 2;
    begin(argv);
    int listener = listening();
    own.data.ptr = &listener;
    epoll_ctl(bare.epoll, EPOLL_CTL_ADD, listener, &own);
    own.data.ptr = NULL;
    epoll_ctl(bare.epoll, EPOLL_CTL_ADD, 0, &own);
    for (;;) {
        bool cut = false;
        int n = epoll_wait(bare.epoll, events, 512, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == &listener)
                welcome(listener);
            else if (!events[i].data.ptr && read(0, order, sizeof(order)) <= 0)
                return 0;
            else if (!events[i].data.ptr)
                cut = true;
            else if (!ready(events[i].data.ptr))
                conn_free(events[i].data.ptr);
        }
        posts_done();
        while (cut && bare.n)
            conn_free(bare.conns[bare.n - 1]);
    }
}
