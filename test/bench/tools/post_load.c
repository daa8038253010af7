/* test/bench/tools/post_load.c: durable posts, closed loop: each line "TICKET ROOM" of standard input is one sender with one
 * post in flight over its own TLS WebSocket, for SECONDS. Prints posts per second and the quantiles of post -> reply.
 * With `read` each asks for the last 50 messages of its room instead.
 *
 * usage: post_load PORT CA ORIGIN TENANT SECONDS [read] < senders */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SENDERS 256
#define SAMPLES 400000
#define FRAMES  (128 * 1024)                              /* an answer of 50 messages, and more behind it */

/* 129 bytes of Japanese, as in the figures of the design. */
static const char text[] = "明日の早番、九時からに変えていただけますか。急で申し訳ありません。シフト表はこちらで直します。";

struct sender {
    char ticket[64], room[24];
    pthread_t thread;
    uint32_t *us;
    size_t n;
    bool failed;
};

static struct {
    int port, seconds;
    bool read;
    const char *origin, *tenant;
    SSL_CTX *tls;
    double end;
} run;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static SSL *dial(const struct sender *s)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)run.port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, n;
    SSL *ssl = SSL_new(run.tls);
    char ask[1024], answer[4096];

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 || SSL_set_fd(ssl, fd) != 1 ||
        SSL_set_tlsext_host_name(ssl, "localhost") != 1 || SSL_connect(ssl) != 1)
        return NULL;
    n = snprintf(ask, sizeof(ask),
                 "GET /t/%s/ws HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: %s\r\n"
                 "Sec-WebSocket-Protocol: engawa.v1, ticket.%s\r\n\r\n",
                 run.tenant, run.port, run.origin, s->ticket);
    if (SSL_write(ssl, ask, n) != n || SSL_read(ssl, answer, sizeof(answer)) < 12 || memcmp(answer + 9, "101", 3) != 0)
        return NULL;
    return ssl;
}

static int read_text(const struct sender *s, unsigned n, char *body, size_t room)
{
    /* blanks behind it: the frame's length takes the same two bytes as a post's */
    return snprintf(body, room, "{\"id\":\"%u\",\"op\":\"talk.history\",\"params\":{\"room\":\"%s\",\"limit\":50}}%*s", n, s->room, 126, "");
}

static int post_text(const struct sender *s, unsigned n, char *body, size_t room)
{
    unsigned char r[10];
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
    RAND_bytes(r, sizeof(r));
    return snprintf(body, room,
                       "{\"id\":\"%u\",\"op\":\"talk.post\",\"params\":{\"room\":\"%s\"},\"body\":{\"key\":\"%08x-%04x-7%03x-8%03x-"
                       "%02x%02x%02x%02x%02x%02x\",\"text\":\"%s\"}}",
                       n, s->room, (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF), (r[0] << 8 | r[1]) & 0xFFF,
                       (r[2] << 8 | r[3]) & 0xFFF, r[4], r[5], r[6], r[7], r[8], r[9], text);
}

static bool post(SSL *ssl, const struct sender *s, unsigned n)
{
    unsigned char frame[1024], mask[4] = {1, 2, 3, 4};
    char body[700];
    int len = run.read ? read_text(s, n, body, sizeof(body)) : post_text(s, n, body, sizeof(body));
    size_t at = 0;

    frame[at++] = 0x81;
    frame[at++] = 0x80 | 126;
    frame[at++] = (unsigned char)(len >> 8);
    frame[at++] = (unsigned char)len;
    memcpy(frame + at, mask, 4);
    at += 4;
    for (int i = 0; i < len; i++)
        frame[at++] = (unsigned char)(body[i] ^ mask[i & 3]);
    return SSL_write(ssl, frame, (int)at) == (int)at;
}

/* Reads frames until the answer to post n has come; its own event comes as well and is passed over. */
static bool answered(SSL *ssl, unsigned char *buf, size_t *have, unsigned n)
{
    char want[40];
    size_t want_n = (size_t)snprintf(want, sizeof(want), "{\"id\":\"%u\",\"status\":200", n);

    for (;;) {
        while (*have >= 2) {
            size_t head = 2, len = buf[1] & 0x7F;
            if (len == 126) {
                if (*have < 4)
                    break;
                len = (size_t)buf[2] << 8 | buf[3];
                head = 4;
            }
            if (*have < head + len)
                break;
            bool is = len > want_n && memcmp(buf + head, want, want_n) == 0;
            bool other = len > 6 && memcmp(buf + head, "{\"id\":", 6) == 0 && !is;
            memmove(buf, buf + head + len, *have - head - len);
            *have -= head + len;
            if (other)
                return false;
            if (is)
                return true;
        }
        int got = SSL_read(ssl, buf + *have, (int)(FRAMES - *have));
        if (got <= 0)
            return false;
        *have += (size_t)got;
    }
}

static void *work(void *arg)
{
    struct sender *s = arg;
    unsigned char buf[FRAMES];
    size_t have = 0;
    SSL *ssl = dial(s);

    s->failed = !ssl;
    for (unsigned n = 1; ssl && now() < run.end; n++) {
        double from = now();
        if (!post(ssl, s, n) || !answered(ssl, buf, &have, n)) {
            s->failed = true;
            break;
        }
        if (s->n < SAMPLES)
            s->us[s->n++] = (uint32_t)((now() - from) * 1e6);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct sender senders[SENDERS];
    size_t n = 0, all = 0;
    bool failed = false;

    if (argc != 6 && argc != 7)
        return 2;
    run.read = argc == 7 && strcmp(argv[6], "read") == 0;
    run.port = atoi(argv[1]);
    run.origin = argv[3];
    run.tenant = argv[4];
    run.seconds = atoi(argv[5]);
    run.tls = SSL_CTX_new(TLS_client_method());
    if (SSL_CTX_load_verify_locations(run.tls, argv[2], NULL) != 1)
        return 2;
    SSL_CTX_set_verify(run.tls, SSL_VERIFY_PEER, NULL);
    while (n < SENDERS && scanf("%63s %23s", senders[n].ticket, senders[n].room) == 2)
        n++;
    run.end = now() + run.seconds;
    for (size_t i = 0; i < n; i++) {
        senders[i].us = malloc(SAMPLES * sizeof(uint32_t) / (n > 8 ? 8 : 1));
        pthread_create(&senders[i].thread, NULL, work, &senders[i]);
    }
    uint32_t *us = malloc(SAMPLES * 8 * sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        pthread_join(senders[i].thread, NULL);
        failed |= senders[i].failed;
        for (size_t k = 0; k < senders[i].n && all < (size_t)SAMPLES * 8; k++)
            us[all++] = senders[i].us[k];
    }
    if (failed || all == 0) {
        fputs("post_load: a sender failed\n", stderr);
        return 1;
    }
    qsort(us, all, sizeof(*us), by_size);
    printf("%.0f %u %u\n", (double)all / run.seconds, us[all / 2], us[all * 99 / 100]);
    return 0;
}
