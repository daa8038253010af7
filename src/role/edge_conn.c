/* role/edge_conn.c: a connection from accept to the grave: handshake, bytes in, deadlines. The way out is edge_out.c. */
#include "role/edge.h"

#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- slots ---- */

static uint32_t slot_take(struct edge *e)
{
    if (e->free_n)
        return e->free_slots[--e->free_n];
    if (e->slots_n == e->slots_cap) {
        e->slots_cap = e->slots_cap ? e->slots_cap * 2 : 64;
        e->slots = xrealloc_n(e->slots, e->slots_cap, sizeof(*e->slots));
        e->free_slots = xrealloc_n(e->free_slots, e->slots_cap, sizeof(*e->free_slots));
    }
    e->slots[e->slots_n] = NULL;
    return (uint32_t)e->slots_n++;
}

struct conn *conn_find(const struct edge *e, uint32_t slot, uint32_t gen)
{
    struct conn *c = slot < e->slots_n ? e->slots[slot] : NULL;

    return c && c->gen == gen && c->state != C_DEAD ? c : NULL;
}

void conn_new(struct edge *e, int fd, uint64_t addr, const char *ip)
{
    static uint32_t generation;
    struct conn *c = XNEW(struct conn);

    c->thing.kind = T_CONN;
    c->state = C_HANDSHAKE;
    c->fd = fd;
    c->slot = slot_take(e);
    c->gen = ++generation;
    c->addr = addr;
    memcpy(c->ip, ip, strnlen(ip, sizeof(c->ip) - 1));
    c->tls = tls_accept(e->tls, fd);
    c->q_cap = 4;
    c->q = xcalloc(c->q_cap, sizeof(struct batch *));
    c->watched = LOOP_READ;
    if (!loop_add(e->loop, fd, LOOP_READ, c)) {
        c->watched = -1;
        conn_end(e, c);
        return;
    }
    e->slots[c->slot] = c;
    e->conns++;
    e->figures.accepted++;
    conn_deadline(e, c, HANDSHAKE_MS);
}

/* ---- deadlines: a wheel of seconds; a deadline that moves away is found late and put back ---- */

static void wheel_out(struct edge *e, struct conn *c)
{
    if (!c->wheel_s)
        return;
    if (c->wheel_prev)
        c->wheel_prev->wheel_next = c->wheel_next;
    else
        e->wheel[c->wheel_s % WHEEL_SLOTS] = c->wheel_next;
    if (c->wheel_next)
        c->wheel_next->wheel_prev = c->wheel_prev;
    c->wheel_prev = c->wheel_next = NULL;
    c->wheel_s = 0;
}

static void wheel_in(struct edge *e, struct conn *c)
{
    int64_t s = c->deadline / 1000 + 1;

    if (s <= e->wheel_s)
        s = e->wheel_s + 1;
    struct conn **at = &e->wheel[s % WHEEL_SLOTS];
    c->wheel_s = s;
    c->wheel_next = *at;
    if (*at)
        (*at)->wheel_prev = c;
    *at = c;
}

void conn_deadline(struct edge *e, struct conn *c, int64_t ms)
{
    c->deadline = e->now_ms + ms;
    if (c->wheel_s && c->wheel_s <= c->deadline / 1000 + 1)
        return;
    wheel_out(e, c);
    wheel_in(e, c);
}

static void expired(struct edge *e, struct conn *c)
{
    switch (c->state) {
    case C_WS:
        ws_expired(e, c);
        break;
    case C_WAITING:
    case C_WS_OPENING:
        if (!c->filing && (c->tenant || c->early.n)) {
            tenant_forget(e, c);
            c->keep = false;
            reply_error_wait(e, c, E_RETRY, 1);
            break;
        }
        conn_end(e, c);
        break;
    case C_DEAD:
        break;
    default:
        conn_end(e, c);
    }
}

void conn_tick(struct edge *e)
{
    int64_t until = e->now_ms / 1000;

    if (until - e->wheel_s > WHEEL_SLOTS)
        e->wheel_s = until - WHEEL_SLOTS;
    while (e->wheel_s < until) {
        struct conn *c = e->wheel[++e->wheel_s % WHEEL_SLOTS];
        e->wheel[e->wheel_s % WHEEL_SLOTS] = NULL;
        for (struct conn *next; c; c = next) {
            next = c->wheel_next;
            c->wheel_prev = c->wheel_next = NULL;
            c->wheel_s = 0;
            if (c->deadline > e->now_ms)
                wheel_in(e, c);
            else
                expired(e, c);
        }
    }
}

/* ---- the end ---- */

void conn_end(struct edge *e, struct conn *c)
{
    if (c->state == C_DEAD)
        return;
    tenant_forget(e, c);
    wheel_out(e, c);
    tls_close(&c->tls, c->queued == 0 && !c->broken);
    if (c->watched >= 0)
        loop_del(e->loop, c->fd);
    fd_close(&c->fd);
    limit_disconnect(e, c->addr);
    if (c->slot < e->slots_n && e->slots[c->slot] == c) {
        e->slots[c->slot] = NULL;
        e->conns--;
    }
    c->state = C_DEAD;
    c->next_dead = e->dead;
    e->dead = c;
}

static void conn_free(struct edge *e, struct conn *c)
{
    e->free_slots[e->free_n++] = c->slot;
    for (; c->q_n; c->q_n--, c->q_at++)
        batch_drop(&c->q[c->q_at & (c->q_cap - 1)]);
    xfree(c->q);
    xfree(c->http);
    xfree(c->topics);
    str_release(&c->in);
    str_release(&c->early);
    ws_release(&c->ws);
    xfree(c);
}

/* At the end of a turn. One that still stands in a list of the way out waits for the next turn. */
void conn_bury(struct edge *e)
{
    struct conn **at = &e->dead;

    while (*at) {
        struct conn *c = *at;
        if (c->in_urgent || c->in_dirty) {
            at = &c->next_dead;
            continue;
        }
        *at = c->next_dead;
        conn_free(e, c);
    }
}

void conn_finish(struct edge *e, struct conn *c)
{
    if (c->state == C_DEAD || c->state == C_CLOSING)
        return;
    tenant_forget(e, c);
    c->state = C_CLOSING;
    conn_deadline(e, c, CLOSING_MS);
    conn_urgent(e, c);
}

/* ---- bytes in ---- */

static void handshake(struct edge *e, struct conn *c)
{
    int r = tls_handshake(c->tls);

    if (r < 0) {
        c->broken = true;
        conn_end(e, c);
        return;
    }
    if (r == 0) {
        int want = tls_wants_write(c->tls) ? LOOP_WRITE : LOOP_READ;
        if (want != c->watched)
            loop_mod(e->loop, c->fd, c->watched = want, c);
        return;
    }
    e->figures.handshakes++;
    e->figures.resumed += tls_resumed(c->tls);
    c->state = C_HTTP;
    conn_deadline(e, c, REQUEST_MS);
    if (c->watched != LOOP_READ)
        loop_mod(e->loop, c->fd, c->watched = LOOP_READ, c);
}

/* Reads requests from c->in as long as one after the other is answered at once. */
static void http_input(struct edge *e, struct conn *c)
{
    while (c->state == C_HTTP && c->in.n) {
        if (!c->http) {
            c->http = XNEW(struct http);
            conn_deadline(e, c, REQUEST_MS);
        }
        bool in_head = c->http->phase <= HP_HEADERS;
        enum http_result r = http_head_read(c->http, &c->in);
        if (r == HTTP_DONE && part_asked(c)) {
            part_begin(e, c);
            continue;
        }
        if (r == HTTP_DONE)
            r = http_read(c->http, &c->in, CALL_BODY_MAX);
        if (r == HTTP_CONTINUE) {
            struct str go = {0};
            str_c(&go, "HTTP/1.1 100 Continue\r\n\r\n");
            conn_put_str(e, c, &go);
            conn_urgent(e, c);
            http_go_on(c->http);
            r = HTTP_MORE;
        }
        if (r == HTTP_MORE) {
            if (in_head && c->http->phase > HP_HEADERS)
                conn_deadline(e, c, BODY_MS);
            return;
        }
        if (r != HTTP_DONE) {
            edge_bad_request(e, c, r);
            return;
        }
        edge_request(e, c);
    }
}

void conn_next_request(struct edge *e, struct conn *c)
{
    c->state = C_HTTP;
    c->tenant = NULL;
    c->request = 0;
    conn_deadline(e, c, IDLE_MS);
    conn_urgent(e, c);                                    /* its flush goes on with what was pipelined */
}

static void input(struct edge *e, struct conn *c)
{
    ptrdiff_t n = tls_read(c->tls, e->reading, sizeof(e->reading));

    if (n == 0)
        return;
    if (n < 0) {
        c->broken = true;
        conn_end(e, c);
        return;
    }
    e->figures.bytes_in += (uint64_t)n;
    if (c->state == C_WS) {
        ws_input(e, c, e->reading, (size_t)n);
    } else if (c->state == C_HTTP) {
        str_bytes(&c->in, e->reading, (size_t)n);
        http_input(e, c);
    } else if (c->streaming) {
        str_bytes(&c->in, e->reading, (size_t)n);
        part_more(e, c);
    }
    if (c->state != C_DEAD && c->in.n == 0 && c->in.cap)
        str_release(&c->in);
}

/* Said everything: waits for the client's end, which it sends after it has read ours. */
static void drain(struct edge *e, struct conn *c)
{
    ssize_t n = recv(c->fd, e->reading, sizeof(e->reading), MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        conn_end(e, c);
}

void conn_ready(struct edge *e, struct conn *c, int events)
{
    if (c->state == C_DEAD)
        return;
    if (c->shut) {
        drain(e, c);
        return;
    }
    if (c->state == C_HANDSHAKE) {
        handshake(e, c);
        if (c->state != C_HTTP)
            return;
        input(e, c);                                      /* the first request often came with the last flight */
        return;
    }
    if (events & LOOP_WRITE) {
        c->blocked = false;
        conn_urgent(e, c);
    }
    if (c->state == C_HTTP && c->in.n && !(events & LOOP_READ))
        http_input(e, c);
    else if ((events & LOOP_READ) && (c->watched & LOOP_READ))
        input(e, c);
    else if ((events & LOOP_GONE) && !(c->watched & LOOP_READ))
        conn_end(e, c);                                   /* while it reads, the read finds out */
}
