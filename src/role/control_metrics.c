/* role/control_metrics.c: figures in Prometheus' text format, by HTTP/1.1 on the socket that the supervisor made for it: a file
 * of the data directory or an address of this machine itself, never where browsers come. GET /metrics asks every process once;
 * whoever asks meanwhile gets the same answer. One answer a connection. */
#include "role/control_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/http.h"
#include "role/keyc.h"
#include "role/roles.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define WATCHERS   8
#define WATCHER_MS 10000
#define ROUND_MS   2000

struct watcher {
    int fd;
    int64_t deadline_ms;
    struct str in, out;
    struct http http;
    bool waits, dead;                                     /* waits: for the round to end */
    struct watcher *next;
};

static void watcher_drop(struct control *c, struct watcher *w)
{
    if (w->dead)
        return;
    w->dead = true;
    loop_del(c->peers.loop, w->fd);
    fd_close(&w->fd);
}

void metrics_accept(struct control *c)
{
    int fd = accept4(c->metrics, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), n = 0;

    for (struct watcher *w = c->watchers; w; w = w->next)
        n++;
    if (fd < 0)
        return;
    struct watcher *w = XNEW(struct watcher);
    *w = (struct watcher){.fd = fd, .deadline_ms = clock_mono_ms() + WATCHER_MS, .next = c->watchers};
    if (n >= WATCHERS || !loop_add(c->peers.loop, fd, LOOP_READ, w)) {
        close(fd);
        xfree(w);
        return;
    }
    c->watchers = w;
}

/* What is left goes when the socket takes it. */
static void watcher_flush(struct control *c, struct watcher *w)
{
    ssize_t n = send(w->fd, w->out.p, w->out.n, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0)
        str_drop(&w->out, (size_t)n);
    if (w->out.n && (n > 0 || errno == EAGAIN))
        loop_mod(c->peers.loop, w->fd, LOOP_WRITE, w);
    else
        watcher_drop(c, w);
}

static void watcher_answer(struct control *c, struct watcher *w, int status, const char *type, sv body)
{
    w->waits = false;
    http_answer(&w->out, status);
    http_say(&w->out, SV("Content-Type"), sv_c(type));
    http_say(&w->out, SV("Cache-Control"), SV("no-store"));
    http_say(&w->out, SV("Connection"), SV("close"));
    http_body_bytes(&w->out, body, w->http.method == HTTP_HEAD);
    watcher_flush(c, w);
}

/* ---- a round ---- */

static void own_figures(struct control *c, struct str *out)
{
    const struct backup_state *b = &c->alarm.state;
    uint64_t states[2] = {0}, active = 0, waiting = 0;

    alarm_look(c, true);
    for (struct tenant_row *t = registry_next(c->registry, NULL); t; t = registry_next(c->registry, t)) {
        if (t->state == TENANT_OPEN || t->state == TENANT_SUSPENDED)
            states[t->state == TENANT_SUSPENDED]++;
        active += t->running && t->state == TENANT_OPEN;
    }
    for (struct relay *r = c->relays; r; r = r->next)
        waiting++;
    start_figures(&c->start, out);
    figures_put(out, FIGURE_TENANTS, 0, states[0]);
    figures_put(out, FIGURE_TENANTS, 1, states[1]);
    figures_put(out, FIGURE_ACTIVE, 0, active);
    figures_put(out, FIGURE_QUEUE, 4, waiting);
    figures_put(out, FIGURE_PROCESSES, ROLE_SUPERVISOR, 1);
    figures_put(out, FIGURE_BACKUP, 0, (uint64_t)(b->begun_ms / 1000));
    figures_put(out, FIGURE_BACKUP_BYTES, 0, (uint64_t)b->bytes);
    figures_put(out, FIGURE_BACKUP_MISSING, 0, c->alarm.missing);
    figures_put(out, FIGURE_DRILL, 0, (uint64_t)(b->drill_ms / 1000));
    figures_put(out, FIGURE_DRILL_FAILED, 0, b->drill_ms && !b->drill_equal);
    figures_put(out, FIGURE_DRILL_OVERDUE, 0, c->alarm.overdue);
    figures_put(out, FIGURE_KEY_SINCE, 0, (uint64_t)(c->master_ms / 1000));
    figures_put(out, FIGURE_KEY_OVERDUE, 0, key_overdue(c));
    figures_put(out, FIGURE_SILENT, 0, (uint64_t)(c->round.wanted - c->round.got));
}

static void take_own(struct control *c)
{
    struct str out = {0};

    own_figures(c, &out);
    ENSURE(figures_take(&c->round.figures, &c->own_seen, str_sv(&out)));
    str_release(&out);
}

/* keyd is asked and waited for, as always: it answers at once. */
static void take_keyd(struct control *c)
{
    struct peer *keyd = control_keyd_quiet(c);
    struct arena *a = arena_new(4096);
    sv figures;

    c->round.wanted++;
    if (keyd && keyc_figures(&keyd->ipc, a, &figures)
        && figures_take(&c->round.figures, &keyd->seen, figures))
        c->round.got++;
    arena_free(&a);
}

static void round_begin(struct control *c)
{
    struct round *r = &c->round;

    figures_begin(&r->figures);
    r->asked = true;
    r->call = ++c->last_call;
    r->deadline_ms = clock_mono_ms() + ROUND_MS;
    r->wanted = r->got = 0;
    take_keyd(c);
    for (struct peer *p = c->peers.first; p; p = p->next) {
        if (p->dead || p->role == ROLE_CTL || p->role == ROLE_KEYD)
            continue;
        ipc_put(&p->ipc, (struct ipc_head){.type = FIGURES_ASK, .a = r->call}, SV_NONE);
        peers_flush(&c->peers, p);
        r->wanted++;
    }
}

static void round_end(struct control *c)
{
    struct str text = {0};

    take_own(c);
    c->round.asked = false;
    figures_write(&c->round.figures, &text);
    for (struct watcher *w = c->watchers; w; w = w->next)
        if (w->waits && !w->dead)
            watcher_answer(c, w, 200, "text/plain; version=0.0.4; charset=utf-8", str_sv(&text));
    str_release(&text);
}

void metrics_tell(struct control *c, struct peer *from, const struct ipc_head *h, sv payload)
{
    if (!c->round.asked || h->a != c->round.call)
        return;
    if (figures_take(&c->round.figures, &from->seen, payload))
        c->round.got++;
    else
        log_put(LOG_ERROR, "figures of %s have no form", roles[from->role].name);
}

/* ---- requests ---- */

/* A page of a browser on this machine that was led to our address by its name reads nothing. */
static bool host_ok(const struct watcher *w)
{
    sv host = http_header(&w->http, &w->in, H_HOST), rest = host, name;

    if (sv_starts(host, SV("[::1]")))
        return true;
    sv_cut(&rest, ':', &name);
    return sv_equal_nocase(name, SV("localhost")) || sv_starts(name, SV("127."));
}

static void request(struct control *c, struct watcher *w)
{
    sv path = http_text(&w->in, w->http.path);

    if (!host_ok(w))
        watcher_answer(c, w, 421, "text/plain", SV("ask for localhost\n"));
    else if (w->http.method != HTTP_GET && w->http.method != HTTP_HEAD)
        watcher_answer(c, w, 405, "text/plain", SV("GET alone\n"));
    else if (sv_equal(path, SV("/health")))
        watcher_answer(c, w, control_keyd(c) ? 200 : 503, "application/json", control_keyd(c) ? SV("{\"status\":\"ok\"}") : SV("{\"status\":\"no keyd\"}"));
    else if (!sv_equal(path, SV("/metrics")))
        watcher_answer(c, w, 404, "text/plain", SV("/metrics or /health\n"));
    else {
        w->waits = true;
        if (!c->round.asked)
            round_begin(c);
    }
}

static void read_some(struct control *c, struct watcher *w)
{
    ssize_t n = recv(w->fd, str_room(&w->in, 4096), 4096, MSG_DONTWAIT);

    if (n <= 0 || w->waits) {
        watcher_drop(c, w);                               /* gone, or it says more than one request */
        return;
    }
    str_grew(&w->in, (size_t)n);
    enum http_result r = http_read(&w->http, &w->in, 0);
    if (r == HTTP_DONE)
        request(c, w);
    else if (r != HTTP_MORE)
        watcher_answer(c, w, 400, "text/plain", SV("no request\n"));
}

bool metrics_ready(struct control *c, void *what)
{
    struct watcher *w = c->watchers;

    while (w && w != what)
        w = w->next;
    if (!w)
        return false;
    if (w->dead)
        return true;
    if (w->out.n)
        watcher_flush(c, w);
    else
        read_some(c, w);
    return true;
}

void metrics_sweep(struct control *c, int64_t now_ms)
{
    if (c->round.asked && (c->round.got >= c->round.wanted || c->round.deadline_ms <= now_ms))
        round_end(c);
    for (struct watcher **at = &c->watchers, *w; (w = *at);) {
        if (w->deadline_ms <= now_ms)
            watcher_drop(c, w);
        if (!w->dead) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        str_release(&w->in);
        str_release(&w->out);
        xfree(w);
    }
}

void metrics_end(struct control *c)
{
    c->round.asked = false;
    for (struct watcher *w = c->watchers; w; w = w->next)
        watcher_drop(c, w);
    metrics_sweep(c, INT64_MAX);
    xfree(c->own_seen);
    fd_close(&c->metrics);
}
