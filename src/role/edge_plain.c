/* role/edge_plain.c: what is answered without TLS, where the configuration has a place for it: the challenges by which a
 * certificate authority sees that the name is ours (RFC 8555), and the way to https for a page. Nothing else: no cookie, no
 * operation, no tenant. One request a connection, few connections, five seconds. */
#include "role/edge.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/host.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PLAINS     64
#define PLAIN_MS   5000
#define CHALLENGES "/.well-known/acme-challenge/"

struct plain {
    struct thing thing;
    int fd;                                               /* -1: free */
    uint32_t gen;
    uint64_t addr;
    int64_t deadline;
    struct str in;
    struct http http;
    bool waits;                                           /* for the supervisor to open the file */
};

static void drop(struct edge *e, struct plain *p)
{
    loop_del(e->loop, p->fd);
    fd_close(&p->fd);
    limit_disconnect(e, p->addr);
    str_release(&p->in);
    p->gen++;
}

void plain_new(struct edge *e, int fd, uint64_t addr)
{
    struct plain *p = NULL;

    if (!e->plains) {
        e->plains = xcalloc(PLAINS, sizeof(*e->plains));
        for (size_t i = 0; i < PLAINS; i++)
            e->plains[i].fd = -1;
    }
    for (size_t i = 0; i < PLAINS && !p; i++)
        if (e->plains[i].fd < 0)
            p = &e->plains[i];
    if (!p || !loop_add(e->loop, fd, LOOP_READ, p)) {
        e->figures.refused++;
        limit_disconnect(e, addr);
        fd_close(&fd);
        return;
    }
    *p = (struct plain){.thing.kind = T_PLAIN, .fd = fd, .gen = p->gen, .addr = addr, .deadline = e->now_ms + PLAIN_MS};
}

/* Short enough for the socket's buffer; a client that does not take it at once has none. */
static void answer(struct edge *e, struct plain *p, int status, sv location, sv body)
{
    struct str out = {0};

    e->figures.status[figure_status(status)]++;
    http_answer(&out, status);
    if (location.n)
        http_say(&out, SV("Location"), location);
    http_say(&out, SV("Content-Type"), SV("text/plain"));
    http_say(&out, SV("X-Content-Type-Options"), SV("nosniff"));
    http_say(&out, SV("Cache-Control"), SV("no-store"));
    http_say(&out, SV("Connection"), SV("close"));
    http_body_bytes(&out, body, p->http.method == HTTP_HEAD);
    if (send(p->fd, out.p, out.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        e->figures.slow_cut++;
    str_release(&out);
    drop(e, p);
}

static sv without_port(sv text)
{
    sv host, port;

    host_split(text, &host, &port);
    return host;
}

/* Only to what is ours: who names another host is sent nowhere. */
static bool origin_by_name(const struct edge *e, sv host, sv *origin)
{
    for (size_t i = 0; i < e->origins_n; i++) {
        if (!sv_equal_nocase(without_port(sv_from(e->origins[i].own, sizeof("https://") - 1)), without_port(host)))
            continue;
        *origin = e->origins[i].own;
        return true;
    }
    return false;
}

static void redirect(struct edge *e, struct plain *p, sv path)
{
    sv query = http_text(&p->in, p->http.query), origin;
    struct str to = {0};

    if (!origin_by_name(e, http_header(&p->http, &p->in, H_HOST), &origin)) {
        answer(e, p, 421, SV(""), SV("This host is not served here.\n"));
        return;
    }
    str_put(&to, origin);
    str_put(&to, path);
    if (query.n)
        str_printf(&to, "?%.*s", SV_ARG(query));
    answer(e, p, 308, str_sv(&to), SV("https alone.\n"));
    str_release(&to);
}

static void challenge(struct edge *e, struct plain *p, sv name)
{
    if (!challenge_name(name)) {
        answer(e, p, 404, SV(""), SV("There is no such challenge.\n"));
        return;
    }
    p->waits = true;
    ipc_put(&e->start.sup, (struct ipc_head){.type = ROLE_CHALLENGE, .conn = (uint32_t)(p - e->plains), .gen = p->gen}, name);
    if (ipc_flush(&e->start.sup) < 0)
        drop(e, p);
}

void plain_challenge(struct edge *e, uint32_t slot, uint32_t gen, int file)
{
    struct plain *p = e->plains && slot < PLAINS ? &e->plains[slot] : NULL;
    char text[CHALLENGE_BYTES];
    FD fd = file;

    if (!p || p->fd < 0 || p->gen != gen || !p->waits)
        return;
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text), 0);
    if (n <= 0)
        answer(e, p, 404, SV(""), SV("There is no such challenge.\n"));
    else
        answer(e, p, 200, SV(""), sv_n(text, (size_t)n));
}

static void request(struct edge *e, struct plain *p)
{
    sv path = http_text(&p->in, p->http.path);
    bool reads = p->http.method == HTTP_GET || p->http.method == HTTP_HEAD;

    e->figures.requests++;
    if (!limit_pass(e, p->addr))
        answer(e, p, 429, SV(""), SV("Too many requests.\n"));
    else if (reads && sv_starts(path, SV(CHALLENGES)))
        challenge(e, p, sv_from(path, sizeof(CHALLENGES) - 1));
    else if (!reads || sv_starts(path, SV("/t/")) || sv_starts(path, SV("/w/")))
        answer(e, p, 403, SV(""), SV("https alone.\n"));  /* what was sent was seen by the whole way: no client may get used to it */
    else
        redirect(e, p, path);
}

void plain_ready(struct edge *e, struct plain *p)
{
    if (p->fd < 0)
        return;
    ssize_t n = recv(p->fd, str_room(&p->in, 4096), 4096, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || p->waits) {
        drop(e, p);
        return;
    }
    str_grew(&p->in, (size_t)n);
    enum http_result r = http_read(&p->http, &p->in, 0);
    if (r == HTTP_DONE)
        request(e, p);
    else if (r != HTTP_MORE)
        answer(e, p, r == HTTP_TOO_LARGE ? 413 : 400, SV(""), SV("No request.\n"));
}

void plain_tick(struct edge *e)
{
    for (size_t i = 0; e->plains && i < PLAINS; i++)
        if (e->plains[i].fd >= 0 && e->plains[i].deadline <= e->now_ms)
            drop(e, &e->plains[i]);
}
