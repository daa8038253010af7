/* test/bench/fanout.c: what one delivery of a room's message costs the edge, beside the same bytes sent by a loop that
 * does nothing else, in the same minute. One room, 1,000 TLS connections, 200-byte texts (204-byte frames).
 *
 * usage: fanout [MEMBERS [SECONDS]]
 * The edge (or the bare loop) runs alone on CPU 0; this program, on CPU 1, is the tenant and all the clients. Clients
 * count the bytes inside TLS records without decrypting them; the CPU time is the server process's own. They never
 * answer a ping, so the whole run with the edge must end within the minute after which it calls them gone. */
#include "role/edge_rig.h"
#include "row.h"

#include <netinet/tcp.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

#define TEXT  200
#define FRAME (TEXT + 4)
#define RECORD_EXTRA 17                                   /* TLS 1.3: type byte and tag, within a record's length */

struct client {
    struct browser b;
    unsigned char head[5];
    size_t head_n, left;
    bool tls;
};

struct crowd {
    struct client *c;
    size_t n;
    int epoll;
    uint64_t bytes;                                       /* of frames, over all clients */
};

static void pin(size_t cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof(set), &set);
}

static double cpu_s(pid_t pid)
{
    clockid_t clock;
    struct timespec t;

    ENSURE(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the clients' side ---- */

static void count(struct crowd *w, struct client *c, const unsigned char *p, size_t n)
{
    if (!c->tls) {
        w->bytes += n;
        return;
    }
    while (n) {
        if (c->left) {
            size_t k = n < c->left ? n : c->left;
            c->left -= k;
            p += k;
            n -= k;
            continue;
        }
        c->head[c->head_n++] = *p++;
        n--;
        if (c->head_n < sizeof(c->head))
            continue;
        c->head_n = 0;
        c->left = (size_t)(c->head[3] << 8 | c->head[4]);
        w->bytes += c->left - RECORD_EXTRA;
    }
}

static void drain(struct crowd *w, int wait_ms)
{
    static unsigned char buffer[256 * 1024];
    struct epoll_event got[256];
    int n = epoll_wait(w->epoll, got, 256, wait_ms);

    for (int i = 0; i < n; i++) {
        struct client *c = got[i].data.ptr;
        ssize_t k = recv(c->b.fd, buffer, sizeof(buffer), MSG_DONTWAIT);
        ENSURE(k != 0);                                   /* nobody may be cut in a measurement */
        if (k > 0)
            count(w, c, buffer, (size_t)k);
    }
}

static void crowd_add(struct crowd *w, struct client *c, bool tls)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};

    c->tls = tls;
    ENSURE(epoll_ctl(w->epoll, EPOLL_CTL_ADD, c->b.fd, &e) == 0);
}

static struct crowd crowd_new(size_t n)
{
    return (struct crowd){.c = xcalloc(n, sizeof(struct client)), .n = n, .epoll = epoll_create1(EPOLL_CLOEXEC)};
}

static void crowd_free(struct crowd *w)
{
    for (size_t i = 0; i < w->n; i++) {
        SSL_free(w->c[i].b.ssl);
        str_release(&w->c[i].b.in);
        close(w->c[i].b.fd);
    }
    close(w->epoll);
    xfree(w->c);
}

/* ---- one measurement ---- */

struct source {
    pid_t pid;
    void (*post)(struct source *s);                       /* one more text for everybody */
    struct rig *rig;
    int pipe;
};

/* Keeps `flight` texts under way for `seconds`; µs of CPU per delivery. */
static double measure(struct crowd *w, struct source *s, const char *name, uint64_t flight, double seconds, double beside)
{
    uint64_t all = (uint64_t)w->n * FRAME, sent = 0, base = w->bytes;
    double cpu = cpu_s(s->pid);
    int64_t from = clock_mono_us(), until = from + (int64_t)(seconds * 1e6);

    while (clock_mono_us() < until) {
        while (sent - (w->bytes - base) / all < flight) {
            s->post(s);
            sent++;
        }
        drain(w, 1);
    }
    for (int64_t end = clock_mono_us() + 30000000; w->bytes - base < sent * all;) {
        ENSURE(clock_mono_us() < end);
        drain(w, 10);
    }
    double took = (double)(clock_mono_us() - from) / 1e6, n = (double)(sent * w->n);
    cpu = cpu_s(s->pid) - cpu;
    printf("%-34s %10.0f deliveries/s  %5.2f us CPU each  %3.0f %% of its core", name, n / took, cpu / n * 1e6, cpu / took * 100);
    if (beside > 0)
        printf("  x %.2f", cpu / n * 1e6 / beside);
    printf("\n");
    fflush(stdout);
    return cpu / n * 1e6;
}

/* ---- the bare loop ---- */

static void bare_child(int listener, int orders, size_t n, SSL_CTX *ctx)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};
    int *fds = xcalloc(n, sizeof(*fds)), one = 1;
    SSL **ssl = xcalloc(n, sizeof(*ssl));
    char text[FRAME] = "x", order;

    pin(0);
    for (size_t i = 0; i < n; i++) {
        poll(&p, 1, 30000);
        fds[i] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        if (!ctx)
            continue;
        ssl[i] = SSL_new(ctx);
        SSL_set_fd(ssl[i], fds[i]);
        if (SSL_accept(ssl[i]) != 1)
            _exit(1);
    }
    while (read(orders, &order, 1) == 1)
        for (size_t i = 0; i < n; i++)
            if (ctx ? SSL_write(ssl[i], text, FRAME) != FRAME : send(fds[i], text, FRAME, MSG_NOSIGNAL) != FRAME)
                _exit(2);
    _exit(0);
}

static void bare_post(struct source *s)
{
    ENSURE(write(s->pipe, "x", 1) == 1);
}

static SSL_CTX *bare_ctx(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();

    X509_gmtime_adj(X509_getm_notBefore(x), 0);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    ENSURE(X509_sign(x, key, EVP_sha256()) > 0);
    ENSURE(SSL_CTX_use_certificate(ctx, x) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1);
    SSL_CTX_set_num_tickets(ctx, 0);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    X509_free(x);
    EVP_PKEY_free(key);
    return ctx;
}

static double bare(size_t n, double seconds, bool tls, uint64_t flight)
{
    struct rig r = {0};
    struct crowd w = crowd_new(n);
    SSL_CTX *server = tls ? bare_ctx() : NULL;
    int orders[2], listener = rig_listener(&r.port);
    struct source s = {.post = bare_post};
    double us;

    ENSURE(pipe(orders) == 0);
    s.pid = fork();
    if (s.pid == 0) {
        close(orders[1]);
        bare_child(listener, orders[0], n, server);
    }
    s.pipe = orders[1];
    r.ctx = SSL_CTX_new(TLS_client_method());
    for (size_t i = 0; i < n; i++) {
        struct browser *b = &w.c[i].b;
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)r.port)};
        if (tls) {
            ENSURE(browser_open(&r, b));
        } else {
            b->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            ENSURE(connect(b->fd, (struct sockaddr *)&a, sizeof(a)) == 0);
        }
        crowd_add(&w, &w.c[i], tls);
    }
    us = measure(&w, &s, tls ? "bare loop, SSL_write" : "bare loop, send", flight, seconds, 0);
    close(orders[0]);
    close(orders[1]);
    close(listener);
    waitpid(s.pid, NULL, 0);
    crowd_free(&w);
    SSL_CTX_free(r.ctx);
    SSL_CTX_free(server);
    return us;
}

/* ---- the edge ---- */

static void edge_post(struct source *s)
{
    static char text[TEXT];

    memset(text, 'x', sizeof(text));
    ipc_put(&s->rig->tenant, (struct ipc_head){.type = TOPIC_EVENT, .a = 1}, sv_n(text, sizeof(text)));
    ENSURE(ipc_flush(&s->rig->tenant) >= 0);
}

static int64_t rss_kb(pid_t pid)
{
    char path[64];
    long pages = 0, total;

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
    FILE *f = fopen(path, "r");
    if (!f || fscanf(f, "%ld %ld", &total, &pages) != 2)
        pages = 0;
    if (f)
        fclose(f);
    return pages * 4;
}

/* µs of CPU per delivery with one text under way: then every member gets a frame and a record of its own. */
static double edge(size_t n, double seconds, double beside)
{
    static const uint64_t flights[] = {1, 2, 8, 32};
    struct rig r;
    struct crowd w = crowd_new(n);
    struct source s = {.post = edge_post, .rig = &r};
    struct ipc_head h;
    char name[64];
    double us[COUNT(flights)];

    pin(0);                                               /* the edge inherits it */
    rig_start(&r, "edge_per_address=20000\nedge_rate=1000000\nedge_burst=1000000\n");
    pin(1);
    rig_tenant(&r);
    s.pid = r.edge;
    int64_t before = rss_kb(r.edge);
    double cpu = cpu_s(r.edge);
    for (size_t i = 0; i < n; i++) {
        ENSURE(browser_open(&r, &w.c[i].b) && browser_websocket(&r, &w.c[i].b, &h));
        tenant_says(&r, TOPIC_JOIN, &h, 1, 0, SV_NONE);
        crowd_add(&w, &w.c[i], true);
    }
    printf("%-34s %10.2f ms CPU, %.1f kB each while idle\n", "edge, handshake and opening", (cpu_s(r.edge) - cpu) / (double)n * 1e3,
           (double)(rss_kb(r.edge) - before) / (double)n);
    for (size_t i = 0; i < COUNT(flights); i++) {
        snprintf(name, sizeof(name), "edge, %d in flight", (int)flights[i]);
        us[i] = measure(&w, &s, name, flights[i], seconds, beside);
    }
    crowd_free(&w);
    ENSURE(rig_stop(&r) == 0);
    return us[0];
}

int main(int argc, char **argv)
{
    int64_t n = 1000, seconds = 3;
    struct rlimit files;

    if ((argc > 1 && (!sv_int(sv_c(argv[1]), &n) || n < 1)) || (argc > 2 && (!sv_int(sv_c(argv[2]), &seconds) || seconds < 1))) {
        fprintf(stderr, "usage: fanout [MEMBERS [SECONDS]]\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    pin(1);
    printf("fan-out: one room, %d TLS connections, %d-byte frames; server alone on its core\n", (int)n, FRAME);
    double send_us = bare((size_t)n, (double)seconds, false, 2);
    double before = bare((size_t)n, (double)seconds, true, 2);
    double us = edge((size_t)n, (double)seconds, before);
    double after = bare((size_t)n, (double)seconds, true, 2);
    char note[80];

    snprintf(note, sizeof(note), "bare send without TLS %.2f µs; SSL_write before and after %.2f, %.2f", send_us, before, after);
    bench_row("fanout.cpu", us, (before + after) / 2, note);
    return 0;
}
