/* role/edge.c: the edge's start and its loop. A turn: wait, handle what is there, one slice of the fan-out, write what
 * was answered, hand frames to the tenants, bury the dead. */
#include "role/edge.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "crypt/hash.h"
#include "role/roles.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS       256
#define ACCEPTS      32                                   /* of one listener in a turn */
#define PEM_MAX      (256 * 1024)
#define STOP_MS      5000
#define SPARE_FDS    200                                  /* for links, listeners, files that come */

/* ---- certificate ---- */

bool file_read(int fd, struct str *out)
{
    for (;;) {
        ssize_t n = pread(fd, str_room(out, 4096), 4096, (off_t)out->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || out->n + (size_t)n > PEM_MAX)
            return n == 0;
        str_grew(out, (size_t)n);
    }
}

static void forget_text(struct str *s)
{
    if (s->n)
        explicit_bzero(s->p, s->n);
    str_release(s);
}

/* The key follows its chain; only both together take effect. The old ones stay where the new ones are no good. */
static void certificate(struct edge *e, enum listener_kind kind, int fd)
{
    struct str text = {0};
    const char *why = "not readable";
    struct tls *t = NULL;

    if (!file_read(fd, &text))
        str_reset(&text);
    fd_close(&fd);
    if (kind == LISTEN_CERT) {
        str_release(&e->chain);
        e->chain = text;
        return;
    }
    if (text.n && e->chain.n)
        t = tls_new(str_sv(&e->chain), str_sv(&text), &why);
    forget_text(&text);
    str_release(&e->chain);
    if (!t) {
        log_put(LOG_ERROR, "certificate: %s%s", why, e->tls ? "; the one before stays in use" : "");
        return;
    }
    struct str end = {0};
    e->certificate_end_ms = tls_end_ms(t);
    e->warned_ms = 0;
    time_put(&end, e->certificate_end_ms);
    log_put(LOG_INFO, "certificate: %s, until %.*s", e->tls ? "a new one is in use" : "in use", SV_ARG(str_sv(&end)));
    str_release(&end);
    tls_ticket_seed(t, e->ticket_seed);
    tls_free(&e->tls);
    e->tls = t;
    origins_read(e);
}

/* ---- listeners ---- */

static void listener_add(struct edge *e, int fd, bool plain)
{
    e->listeners = xrealloc_n(e->listeners, e->listeners_n + 1, sizeof(*e->listeners));
    e->listeners[e->listeners_n++] = (struct listener){.thing.kind = T_LISTENER, .fd = fd, .plain = plain};
}

static void listen_on(struct edge *e, bool on)
{
    for (size_t i = 0; i < e->listeners_n && on != e->listening; i++) {
        struct listener *l = &e->listeners[i];
        if (!on)
            loop_del(e->loop, l->fd);
        else if (!loop_add(e->loop, l->fd, LOOP_READ | LOOP_SHARED, l))
            die("no descriptors for a listener");
    }
    e->listening = on;
}

static void welcome(struct edge *e, int fd, const struct sockaddr_storage *from, bool plain)
{
    uint64_t addr = limit_key(from);
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    char ip[46] = "";
    int one = 1;

    if (!limit_connect(e, addr)) {
        e->figures.refused++;
        fd_close(&fd);
        return;
    }
    if (plain) {
        plain_new(e, fd, addr);
        return;
    }
    if (from->ss_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, ip, sizeof(ip));
    else if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, ip, sizeof(ip));
    else
        inet_ntop(AF_INET6, &six->sin6_addr, ip, sizeof(ip));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    conn_new(e, fd, addr, ip);
}

static void accept_some(struct edge *e, const struct listener *l)
{
    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage from = {0};
        socklen_t n = sizeof(from);
        int fd = accept4(l->fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;                                       /* nothing more, or it was gone again */
        if (e->conns < (size_t)e->limits.connections) {
            welcome(e, fd, &from, l->plain);
            continue;
        }
        e->figures.refused++;
        fd_close(&fd);
    }
}

/* ---- control ---- */

static void control_link(struct edge *e, int fd)
{
    if (e->control.fd >= 0) {
        loop_del(e->loop, e->control.fd);
        ipc_close(&e->control);
    }
    ipc_init(&e->control, fd);
    e->control_watched = LOOP_READ;
    if (!loop_add(e->loop, fd, LOOP_READ, &e->control_thing))
        die("no descriptors for control's link");
    for (struct tenant *t = e->all_tenants; t; t = t->next)
        if (t->waiting_n)                                 /* the old control may never have heard */
            ipc_put(&e->control, (struct ipc_head){.type = TENANT_WAKE, .b = (uint64_t)t->number}, SV_NONE);
}

static void control_lost(struct edge *e)
{
    loop_del(e->loop, e->control.fd);
    ipc_close(&e->control);
}

static void health(struct edge *e, const struct ipc_head *ask)
{
    const struct edge_figures *f = &e->figures;
    struct str text = {0};
    struct json j = JSON_TO(&text);
    size_t topics = 0, tenants = 0;

    for (const struct tenant *t = e->all_tenants; t; t = t->next) {
        topics += t->topics.n;
        tenants += t->link.fd >= 0;
    }
    json_open(&j, NULL);
    start_health(&e->start, &j, ask->b);
    json_int(&j, "connections", (int64_t)e->conns);
    json_int(&j, "tenants", (int64_t)tenants);
    json_int(&j, "topics", (int64_t)topics);
    const struct { const char *name; uint64_t v; } t[] = {
        {"accepted", f->accepted}, {"tls_handshakes", f->handshakes}, {"tls_resumed", f->resumed}, {"requests", f->requests},
        {"messages", f->messages}, {"deliveries", f->deliveries}, {"bytes_in", f->bytes_in}, {"bytes_out", f->bytes_out},
        {"refused", f->refused}, {"slow_cut", f->slow_cut}, {"late_frames", f->dropped}, {"wakes", f->wakes},
    };
    for (size_t i = 0; i < COUNT(t); i++)
        json_int(&j, t[i].name, (int64_t)t[i].v);
    json_close(&j);
    ipc_put(&e->control, (struct ipc_head){.type = HEALTH_TELL, .a = ask->a}, str_sv(&text));
    str_release(&text);
}

static bool control_frame(struct edge *e, const struct ipc_head *h)
{
    switch (h->type) {
    case NAME_FOUND:
        edge_name_found(e, h->conn, h->gen, (int64_t)h->b);
        return true;
    case TENANT_UNKNOWN:
        tenant_unknown(e, (int64_t)h->b, (int64_t)h->a);
        return true;
    case HEALTH_ASK:
        health(e, h);
        return true;
    case FIGURES_ASK:
        edge_figures(e, h);
        return true;
    default:
        return false;
    }
}

static void control_ready(struct edge *e, int events)
{
    struct ipc_head h;
    sv payload;
    int got = 0, r = 0;

    if (e->control.fd < 0)
        return;
    if (events & (LOOP_READ | LOOP_GONE)) {
        r = ipc_read(&e->control);
        while ((got = ipc_next(&e->control, &h, &payload)) > 0)
            if (!control_frame(e, &h)) {
                got = -1;
                break;
            }
    }
    if (r < 0 || got < 0)
        control_lost(e);
}

static void control_flush(struct edge *e)
{
    if (e->control.fd < 0 || (!ipc_queued(&e->control) && e->control_watched == LOOP_READ))
        return;
    if (ipc_flush(&e->control) < 0)
        control_lost(e);
    else
        link_watch(e, &e->control, &e->control_watched, &e->control_thing);
}

/* ---- the supervisor ---- */

static void link_new(struct edge *e, enum role_id role, int64_t number, int fd)
{
    if (role == ROLE_CONTROL)
        control_link(e, fd);
    else if (role == ROLE_TENANT && number > 0)
        tenant_link(e, number, fd);
    else
        fd_close(&fd);
}

static void stop(struct edge *e, int64_t within_ms)
{
    e->stopping = true;
    e->stop_by_ms = e->now_ms + within_ms;
    listen_on(e, false);
    for (size_t i = 0; i < e->slots_n; i++) {
        struct conn *c = e->slots[i];
        if (c && c->state == C_WS)
            ws_end(e, c, WS_GOING, SV("going away"));
        else if (c && c->state != C_WAITING && c->state != C_WS_OPENING)
            conn_finish(e, c);
    }
}

static void supervisor_ready(struct edge *e)
{
    struct start_news n;

    while (e->stop_by_ms != e->now_ms && start_next(&e->start, &n)) {
        if (n.what == NEWS_LINK)
            link_new(e, n.role, n.number, n.fd);
        else if (n.what == NEWS_LISTENER && (n.kind == LISTEN_CERT || n.kind == LISTEN_KEY))
            certificate(e, n.kind, n.fd);
        else if (n.what == NEWS_LISTENER && n.kind >= LISTEN_PAGE && n.kind < LISTEN_PAGE + PAGE_TEXTS)
            page_take(e, n.kind - LISTEN_PAGE, n.fd);
        else if (n.what == NEWS_CHALLENGE)
            plain_challenge(e, n.conn, n.gen, n.fd);
        else if (n.what == NEWS_LISTENER)
            fd_close(&n.fd);
        else if (n.what == NEWS_STOP)
            stop(e, STOP_MS);
        else if (n.what == NEWS_GONE)
            stop(e, 0);
    }
}

/* ---- the loop ---- */

static void handle(struct edge *e, const struct loop_event *ev)
{
    struct thing *what = ev->what;

    switch (what->kind) {
    case T_LISTENER:
        if (e->listening)
            accept_some(e, (struct listener *)what);
        break;
    case T_SUPERVISOR:
        supervisor_ready(e);
        break;
    case T_CONTROL:
        control_ready(e, ev->events);
        break;
    case T_TENANT:
        tenant_ready(e, (struct tenant *)what, ev->events);
        break;
    case T_PLAIN:
        plain_ready(e, (struct plain *)what);
        break;
    case T_CONN:
        conn_ready(e, (struct conn *)what, ev->events);
        break;
    }
}

static bool turn(struct edge *e)
{
    struct loop_event events[EVENTS];
    bool busy = topic_waiting(e) || e->dirty || e->urgent;
    int n = loop_wait(e->loop, events, EVENTS, busy ? 0 : 1000);

    e->now_ms = clock_mono_ms();
    for (int i = 0; i < n; i++)
        handle(e, &events[i]);
    topic_pass(e);
    conn_tick(e);
    edge_certificate_tick(e);
    plain_tick(e);
    conn_flush_all(e);
    tenant_sweep(e);
    tenant_flush_all(e);
    control_flush(e);
    conn_bury(e);
    return !e->stopping || (e->conns > 0 && e->now_ms < e->stop_by_ms);
}

/* ---- start ---- */

static void limits_read(struct edge *e)
{
    const struct config *c = &e->start.config;
    struct rlimit files;
    struct edge_limits *l = &e->limits;

    if (!config_int(c, CONFIG_EDGE_CONNECTIONS, 1, 1000000, &l->connections)
        || !config_int(c, CONFIG_EDGE_PER_ADDRESS, 1, 1000000, &l->per_address)
        || !config_int(c, CONFIG_EDGE_RATE, 1, 10000000, &l->rate) || !config_int(c, CONFIG_EDGE_BURST, 1, 10000000, &l->burst))
        die("edge_connections, edge_per_address, edge_rate and edge_burst are whole numbers from 1 on");
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < (rlim_t)l->connections + SPARE_FDS)
        l->connections = (int64_t)files.rlim_cur > 2 * SPARE_FDS ? (int64_t)files.rlim_cur - SPARE_FDS : SPARE_FDS;
}

/* Edges that share a seed take each other's session tickets; one alone makes its own. */
static bool seed_read(struct edge *e)
{
    struct arena *a = arena_new(1024);
    sv text = config_text(&e->start.config, CONFIG_TICKET_SEED), bytes;
    bool ok = text.n == 0 || (hex_read(a, text, &bytes) && bytes.n == TLS_TICKET_SEED);

    if (ok && text.n)
        memcpy(e->ticket_seed, bytes.p, TLS_TICKET_SEED);
    else
        rand_bytes(e->ticket_seed, TLS_TICKET_SEED);
    arena_free(&a);
    return ok;
}

static bool begin(struct edge *e)
{
    int fd;

    e->supervisor.kind = T_SUPERVISOR;
    e->control_thing.kind = T_CONTROL;
    e->control.fd = -1;
    e->now_ms = clock_mono_ms();
    e->wheel_s = e->now_ms / 1000;
    e->loop = loop_new();
    map_init(&e->tenants, rand_u64());
    limit_new(e);
    limits_read(e);
    if (!seed_read(e))
        return false;
    if ((fd = start_take_listener(&e->start, LISTEN_CERT)) >= 0)
        certificate(e, LISTEN_CERT, fd);
    if ((fd = start_take_listener(&e->start, LISTEN_KEY)) >= 0)
        certificate(e, LISTEN_KEY, fd);
    for (size_t i = 0; i < PAGE_TEXTS; i++)
        if ((fd = start_take_listener(&e->start, (enum listener_kind)(LISTEN_PAGE + i))) >= 0)
            page_take(e, i, fd);
    while ((fd = start_take_listener(&e->start, LISTEN_HTTPS)) >= 0)
        listener_add(e, fd, false);
    while ((fd = start_take_listener(&e->start, LISTEN_PLAIN)) >= 0)
        listener_add(e, fd, true);
    if (!e->tls || !e->listeners_n || !e->origins_n) {
        log_put(LOG_ERROR, "the edge needs a certificate, a listener and an origin (https://…)");
        return false;
    }
    return true;
}

int edge_main(void)
{
    static struct edge *e;                                /* until the process ends: nothing of it is given back */

    e = XNEW(struct edge);
    if (!start_role(ROLE_EDGE, &e->start) || !begin(e) || !start_ready(&e->start))
        return 1;
    if (!loop_add(e->loop, e->start.sup.fd, LOOP_READ, &e->supervisor))
        return 1;
    for (size_t i = 0; i < e->start.links.n; i++) {
        struct start_link *l = &e->start.links.v[i];
        link_new(e, l->role, l->number, l->fd);
        l->fd = -1;
    }
    listen_on(e, true);
    while (turn(e))
        continue;
    return 0;
}
