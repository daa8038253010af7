/* role/edge_tenant.c: the links to tenants' processes: a call goes out at once, or waits for the process to start. A
 * link that breaks answers what it owed with 503 and closes its WebSockets: their clients come back and sync. */
#include "role/edge.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"

#include <string.h>

struct tenant *tenant_of(struct edge *e, int64_t number)
{
    struct tenant *t = map_get(&e->tenants, (uint64_t)number);

    if (t)
        return t;
    t = XNEW(struct tenant);
    t->thing.kind = T_TENANT;
    t->number = number;
    t->link.fd = -1;
    map_init(&t->topics, rand_u64());
    t->next = e->all_tenants;
    e->all_tenants = t;
    map_put(&e->tenants, (uint64_t)number, t);
    return t;
}

/* ---- a call on its way ---- */

static void took(struct conn *c, struct tenant *t, uint16_t type)
{
    c->state = type == REQ_WS_OPEN ? C_WS_OPENING : C_WAITING;
    c->tenant = t;
    t->in_flight++;
}

static void wait_for_link(struct edge *e, struct conn *c, struct tenant *t, uint16_t type, struct str *call)
{
    struct waiting *w;

    if (t->waiting_n == 0)
        t->waiting = xcalloc(TENANT_WAITING, sizeof(*t->waiting));
    w = &t->waiting[t->waiting_n++];
    *w = (struct waiting){.slot = c->slot, .gen = c->gen, .request = c->request, .type = type, .call = *call};
    *call = (struct str){0};
    conn_deadline(e, c, WAKE_MS);
    if (!t->woken) {
        t->woken = true;
        e->figures.wakes++;
        ipc_put(&e->control, (struct ipc_head){.type = TENANT_WAKE, .b = (uint64_t)t->number}, SV_NONE);
    }
}

bool link_full(const struct tenant *t)
{
    return ipc_queued(&t->link) > LINK_QUEUE_MAX;
}

void tenant_send(struct edge *e, struct conn *c, struct tenant *t, uint16_t type, const struct http_call *call)
{
    bool up = t->link.fd >= 0 && !t->dead;
    struct str text = {0};

    if (t->in_flight >= TENANT_IN_FLIGHT || (up && link_full(t))) {
        reply_error_wait(e, c, E_TOO_MANY, 1);
        return;
    }
    if (!up && (t->waiting_n == TENANT_WAITING || e->control.fd < 0)) {
        reply_error_wait(e, c, E_RETRY, 1);
        return;
    }
    call_write(&text, call);
    c->request = ++e->requests;
    took(c, t, type);
    if (up) {
        conn_deadline(e, c, ANSWER_MS);
        ipc_put(&t->link, (struct ipc_head){.type = type, .flags = c->streaming ? IPC_MORE : 0, .conn = c->slot, .gen = c->gen, .a = c->request},
                str_sv(&text));
    } else {
        wait_for_link(e, c, t, type, &text);
    }
    str_release(&text);
}

/* The connection no longer waits for anything of its tenant. */
void tenant_let_go(struct conn *c)
{
    if (c->tenant && c->tenant->in_flight && (c->state == C_WAITING || c->state == C_WS_OPENING))
        c->tenant->in_flight--;
    if (c->tenant && c->state == C_WS)
        c->tenant->in_flight -= c->in_flight < c->tenant->in_flight ? c->in_flight : c->tenant->in_flight;
    c->in_flight = 0;
    c->streaming = false;
    c->request = 0;
    c->tenant = NULL;
}

/* ---- links ---- */

static struct conn *waiter(struct edge *e, const struct waiting *w)
{
    struct conn *c = conn_find(e, w->slot, w->gen);

    return c && c->request == w->request && (c->state == C_WAITING || c->state == C_WS_OPENING) ? c : NULL;
}

static void waiting_free(struct tenant *t)
{
    for (size_t i = 0; i < t->waiting_n; i++)
        str_release(&t->waiting[i].call);
    xfree(t->waiting);
    t->waiting = NULL;
    t->waiting_n = 0;
    t->woken = false;
}

static void waiting_out(struct tenant *t, const struct conn *c)
{
    for (size_t i = 0; i < t->waiting_n; i++) {
        if (t->waiting[i].slot != c->slot || t->waiting[i].gen != c->gen)
            continue;
        str_release(&t->waiting[i].call);
        t->waiting[i] = t->waiting[--t->waiting_n];
        break;
    }
    if (t->waiting_n == 0 && t->waiting)
        waiting_free(t);
}

void tenant_forget(struct edge *e, struct conn *c)
{
    struct tenant *t = c->tenant;

    (void)e;
    str_release(&c->early);
    if (!t)
        return;
    if (t->link.fd >= 0 && !t->dead)
        ipc_put(&t->link, (struct ipc_head){.type = REQ_CLOSED, .conn = c->slot, .gen = c->gen}, SV_NONE);
    waiting_out(t, c);
    topic_leave_all(c);
    tenant_let_go(c);
    if (t->link.fd < 0)
        t->dead = true;                                   /* forgotten by the sweep when nobody else waits */
}

static void each_conn(struct edge *e, struct tenant *t, void (*f)(struct edge *, struct conn *))
{
    for (size_t i = 0; i < e->slots_n; i++)
        if (e->slots[i] && e->slots[i]->tenant == t)
            f(e, e->slots[i]);
}

static void lost(struct edge *e, struct conn *c)
{
    if (c->state == C_WS) {
        ws_end(e, c, WS_RESTART, SV("service restart"));
        return;
    }
    if (c->filing) {                                      /* an answer cut in the middle must not look whole */
        conn_end(e, c);
        return;
    }
    tenant_let_go(c);
    reply_error_wait(e, c, E_RETRY, 1);
}

/* What waits for the start of a process stays; all else was the old process's. */
static void link_lost(struct edge *e, struct tenant *t)
{
    topic_clear(e, t);
    if (t->link.fd >= 0) {
        loop_del(e->loop, t->link.fd);
        ipc_close(&t->link);
        each_conn(e, t, lost);
    }
    t->dead = false;
    t->woken = t->waiting_n > 0;
}

void tenant_link(struct edge *e, int64_t number, int fd)
{
    struct tenant *t = tenant_of(e, number);

    if (t->link.fd >= 0)
        link_lost(e, t);
    ipc_init(&t->link, fd);
    t->watched = LOOP_READ;
    if (!loop_add(e->loop, fd, LOOP_READ, t)) {
        ipc_close(&t->link);
        return;
    }
    for (size_t i = 0; i < t->waiting_n; i++) {
        struct waiting *w = &t->waiting[i];
        struct conn *c = waiter(e, w);
        if (!c)
            continue;
        conn_deadline(e, c, ANSWER_MS);
        ipc_put(&t->link, (struct ipc_head){.type = w->type, .flags = c->streaming ? IPC_MORE : 0, .conn = w->slot, .gen = w->gen, .a = w->request},
                str_sv(&w->call));
        if (c->streaming) {
            conn_urgent(e, c);                            /* its body is read from now on */
            part_more(e, c);
        }
    }
    waiting_free(t);
}

/* A call to a number that never was goes to the decoy, which answers it as every tenant would. */
static void to_decoy(struct edge *e, struct conn *c, const struct waiting *w, int64_t decoy)
{
    struct http_call call;

    tenant_let_go(c);
    if (decoy > 0 && call_read(str_sv(&w->call), &call))
        tenant_send(e, c, tenant_of(e, decoy), w->type, &call);
    else
        reply_error(e, c, E_SESSION_ENDED);
}

void tenant_unknown(struct edge *e, int64_t number, int64_t decoy)
{
    struct tenant *t = map_get(&e->tenants, (uint64_t)number);

    if (!t || number == decoy)
        return;
    struct waiting *all = t->waiting;                     /* no longer its own, whatever happens on the way */
    size_t n = t->waiting_n;
    t->waiting = NULL;
    t->waiting_n = 0;
    for (size_t i = 0; i < n; i++) {
        struct conn *c = waiter(e, &all[i]);
        if (c)
            to_decoy(e, c, &all[i], decoy);
        str_release(&all[i].call);
    }
    xfree(all);
    t->woken = false;
    t->dead = true;                                       /* swept when nothing holds it */
}

/* A tenant without link, waiters and connections is forgotten: strangers may ask for any number. */
static void forget_idle(struct edge *e, struct tenant **at)
{
    struct tenant *t = *at;

    if (t->waiting_n || t->in_flight || t->link.fd >= 0)
        return;
    *at = t->next;
    map_del(&e->tenants, (uint64_t)t->number);
    map_release(&t->topics);
    xfree(t);
}

void tenant_sweep(struct edge *e)
{
    for (struct tenant **at = &e->all_tenants, *t; (t = *at);) {
        if (t->dead) {
            link_lost(e, t);
            forget_idle(e, at);
        }
        if (*at == t)
            at = &t->next;
    }
}

void link_watch(struct edge *e, struct ipc *link, int *watched, void *what)
{
    int want = LOOP_READ | (ipc_queued(link) ? LOOP_WRITE : 0);

    if (want != *watched)
        loop_mod(e->loop, link->fd, *watched = want, what);
}

void tenant_flush_all(struct edge *e)
{
    for (struct tenant *t = e->all_tenants; t; t = t->next) {
        if (t->link.fd < 0 || t->dead || (!ipc_queued(&t->link) && t->watched == LOOP_READ))
            continue;
        if (ipc_flush(&t->link) < 0)
            t->dead = true;
        else
            link_watch(e, &t->link, &t->watched, t);
        if (t->parts_held && !t->dead && ipc_queued(&t->link) <= LINK_QUEUE_MAX / 2) {
            t->parts_held = false;
            each_conn(e, t, part_go_on);
        }
    }
}

/* ---- what a tenant says ---- */

/* A tenant may set its own three cookies and nobody else's. */
static bool cookie_ok(const struct tenant *t, sv value)
{
    static const char *const prefixes[] = {"__Host-sid-", "__Host-adm-", "__Host-dev-"};
    id64 number;

    for (size_t i = 0; i < COUNT(prefixes); i++) {
        sv rest = value, name;
        if (!sv_starts(value, sv_c(prefixes[i])) || !sv_cut(&rest, '=', &name))
            continue;
        return sv_id(sv_from(name, strlen(prefixes[i])), &number) && number.n == t->number;
    }
    return false;
}

bool tenant_header_ok(const struct conn *c, sv name, sv value)
{
    static const char *const may[] = {"Content-Type", "Cache-Control", "Retry-After", "Content-Disposition", "Clear-Site-Data",
                                      "ETag", "Location", "Allow", "Accept-Ranges", "Content-Range"};

    if (sv_equal_nocase(name, SV("Set-Cookie")))
        return !c->at_files && cookie_ok(c->tenant, value);
    if (sv_equal_nocase(name, SV("Content-Security-Policy")))   /* beside ours, and stricter */
        return sv_equal(value, SV("default-src 'none'; sandbox"));
    for (size_t i = 0; i < COUNT(may); i++)
        if (sv_equal_nocase(name, sv_c(may[i])))
            return true;
    return false;
}

/* Headers and body of a RES_HTTP. False: the tenant does not keep to the form. */
static bool answer_put(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload, struct str *out)
{
    struct ipc_in in = IPC_IN(payload);
    uint32_t n = ipc_r_u32(&in);
    bool stored = false, typed = false;

    if (h->b < 200 || h->b > 599 || n > 16 || h->flags & IPC_MORE)
        return false;
    reply_begin(e, c, out, (int)h->b);
    for (uint32_t i = 0; i < n; i++) {
        sv name = ipc_r_bytes(&in, 64), value = ipc_r_bytes(&in, 4096);
        if (!in.ok || !tenant_header_ok(c, name, value) || !http_say(out, name, value))
            return false;
        stored |= sv_equal_nocase(name, SV("Cache-Control"));
        typed |= sv_equal_nocase(name, SV("Content-Type"));
    }
    sv body = ipc_r_bytes(&in, IPC_PAYLOAD_MAX);
    if (!ipc_r_end(&in))
        return false;
    if (!stored)
        http_say(out, SV("Cache-Control"), SV("no-store"));
    if (!typed && body.n)
        http_say(out, SV("Content-Type"), SV("application/json"));
    if (h->b == 304) {
        http_body_none(out);
        return body.n == 0;
    }
    http_body_bytes(out, body, c->head_only);
    return true;
}

static void answered(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload)
{
    struct str out = {0};

    if (c->state == C_WS_OPENING && h->type == RES_WS_OPEN && h->b == 101) {
        ws_opened(e, c);
        return;
    }
    if (c->filing) {                                      /* a second head in one answer */
        conn_end(e, c);
        return;
    }
    if (!answer_put(e, c, h, payload, &out)) {
        log_put(LOG_ERROR, "tenant %" PRId64 ": an answer without form", c->tenant->number);
        str_release(&out);
        tenant_let_go(c);
        reply_error(e, c, E_INTERNAL);
        return;
    }
    tenant_let_go(c);
    reply_done(e, c, &out);
}

/* A frame for one connection of this tenant. A late one, for a slot that is somebody else's now, is dropped. */
static void to_conn(struct edge *e, struct tenant *t, const struct ipc_head *h, sv payload)
{
    struct conn *c = conn_find(e, h->conn, h->gen);
    bool asked, open;

    if (!c || c->tenant != t) {
        if (h->type == RES_FILE || (h->type == RES_WS_OPEN && h->b == 101))   /* nobody will ask for the rest, or say that it ended */
            ipc_put(&t->link, (struct ipc_head){.type = REQ_CLOSED, .conn = h->conn, .gen = h->gen}, SV_NONE);
        e->figures.dropped++;
        return;
    }
    asked = c->request == h->a && (c->state == C_WAITING || c->state == C_WS_OPENING);
    open = c->state == C_WS;
    if (asked && (h->type == RES_HTTP || h->type == RES_WS_OPEN) && (h->type == RES_WS_OPEN) == (c->state == C_WS_OPENING))
        answered(e, c, h, payload);
    else if (asked && h->type == RES_FILE && c->state == C_WAITING && !c->filing)
        file_begin(e, c, h, payload);
    else if (asked && h->type == RES_BODY && c->filing)
        file_body(e, c, h, payload);
    else if (open && h->type == RES_WS_TEXT)
        ws_text(e, c, h, payload);
    else if (open && h->type == RES_WS_WAIT)
        ws_waits(e, c);
    else if (open && h->type == RES_WS_CLOSE)
        ws_end(e, c, ws_code_allowed((uint16_t)h->b) && h->b <= 4999 ? (uint16_t)h->b : WS_POLICY, payload);
    else if (open && (h->type == TOPIC_JOIN || h->type == TOPIC_LEAVE))
        topic_change(e, t, h->a, c, h->type == TOPIC_JOIN);
    else
        e->figures.dropped++;
}

static bool one_frame(struct edge *e, struct tenant *t, const struct ipc_head *h, sv payload)
{
    switch (h->type) {
    case RES_HTTP:
    case RES_BODY:
    case RES_FILE:
    case RES_WS_OPEN:
    case RES_WS_TEXT:
    case RES_WS_WAIT:
    case RES_WS_CLOSE:
    case TOPIC_JOIN:
    case TOPIC_LEAVE:
        to_conn(e, t, h, payload);
        return true;
    case TOPIC_EVENT:
        topic_event(e, t, h->a, payload);
        return true;
    default:
        return false;
    }
}

void tenant_ready(struct edge *e, struct tenant *t, int events)
{
    struct ipc_head h;
    sv payload;
    int got = 0;

    if (t->dead || t->link.fd < 0)
        return;
    if (events & (LOOP_READ | LOOP_GONE)) {
        int r = ipc_read(&t->link);
        while (!t->dead && (got = ipc_next(&t->link, &h, &payload)) > 0)
            if (!one_frame(e, t, &h, payload))
                got = -1, t->dead = true;
        if (r < 0 || got < 0)
            t->dead = true;
    }
}
