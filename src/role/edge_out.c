/* role/edge_out.c: the way out: a ring of shared batches per connection. Answers are written in the turn they are made;
 * fan-out takes its turn in slices. Whatever has gathered for a connection by then goes in one TLS record. */
#include "role/edge.h"

#include "base/mem.h"

#include <string.h>
#include <sys/socket.h>

struct batch *batch_of(struct str *own)
{
    struct batch *b = XNEW(struct batch);

    b->refs = 1;
    b->own = *own;
    b->view = str_sv(&b->own);
    *own = (struct str){0};
    return b;
}

struct batch *batch_view(sv bytes)
{
    struct batch *b = XNEW(struct batch);

    b->refs = 1;
    b->view = bytes;
    return b;
}

void batch_drop(struct batch **b)
{
    if (*b && --(*b)->refs == 0) {
        str_release(&(*b)->own);
        xfree(*b);
    }
    *b = NULL;
}

static struct batch **queued(const struct conn *c, uint32_t i)
{
    return &c->q[(c->q_at + i) & (c->q_cap - 1)];
}

static void ring_grow(struct conn *c)
{
    struct batch **q = xcalloc((size_t)c->q_cap * 2, sizeof(struct batch *));

    for (uint32_t i = 0; i < c->q_n; i++)
        q[i] = *queued(c, i);
    xfree(c->q);
    c->q = q;
    c->q_at = 0;
    c->q_cap *= 2;
}

/* What a client that does not read may leave with us. */
static void cut_if_slow(struct edge *e, struct conn *c)
{
    if (c->state == C_WS && c->queued > OUT_MAX) {
        e->figures.slow_cut++;
        conn_drop_queue(c);
        ws_end(e, c, WS_LATER, SV("too slow"));
    }
}

void conn_put(struct edge *e, struct conn *c, struct batch *b)
{
    if (c->state == C_DEAD || b->view.n == 0)
        return;
    if (c->q_n == c->q_cap)
        ring_grow(c);
    b->refs++;
    *queued(c, c->q_n++) = b;
    c->queued += b->view.n;
    cut_if_slow(e, c);
}

void conn_put_str(struct edge *e, struct conn *c, struct str *s)
{
    struct batch *b = batch_of(s);

    conn_put(e, c, b);
    batch_drop(&b);
}

void conn_drop_queue(struct conn *c)
{
    size_t begun = c->q_off + c->pending, sum = 0;
    uint32_t keep = 0;

    while (keep < c->q_n && sum < begun)                  /* whole batches, hence whole frames */
        sum += (*queued(c, keep++))->view.n;
    while (c->q_n > keep) {
        struct batch **last = queued(c, --c->q_n);
        c->queued -= (*last)->view.n;
        batch_drop(last);
    }
}

void conn_urgent(struct edge *e, struct conn *c)
{
    if (c->in_urgent || c->state == C_DEAD)
        return;
    c->in_urgent = true;
    c->next_urgent = NULL;
    if (e->urgent)
        e->urgent_last->next_urgent = c;
    else
        e->urgent = c;
    e->urgent_last = c;
}

void conn_dirty(struct edge *e, struct conn *c)
{
    if (c->in_dirty || c->blocked || c->state == C_DEAD)
        return;
    c->in_dirty = true;
    c->next_dirty = NULL;
    if (e->dirty)
        e->dirty_last->next_dirty = c;
    else
        e->dirty = c;
    e->dirty_last = c;
}

/* The next record's bytes: straight from the first batch when it fills a record or stands alone. */
static sv gather(struct edge *e, const struct conn *c)
{
    sv first = sv_from((*queued(c, 0))->view, c->q_off);
    size_t n = 0;

    if (c->q_n == 1 || first.n >= TLS_WRITE_MAX)
        return sv_upto(first, TLS_WRITE_MAX);
    for (uint32_t i = 0; i < c->q_n && n < TLS_WRITE_MAX; i++) {
        sv piece = i ? (*queued(c, i))->view : first;
        piece = sv_upto(piece, TLS_WRITE_MAX - n);
        memcpy(e->scratch + n, piece.p, piece.n);
        n += piece.n;
    }
    return sv_n(e->scratch, n);
}

static void consumed(struct conn *c, size_t n)
{
    c->queued -= n;
    n += c->q_off;
    while (c->q_n && n >= (*queued(c, 0))->view.n) {
        n -= (*queued(c, 0))->view.n;
        batch_drop(queued(c, 0));
        c->q_at++;
        c->q_n--;
    }
    c->q_off = n;
    c->pending = 0;
}

static void watch(struct edge *e, struct conn *c)
{
    bool part = c->streaming && c->tenant && c->tenant->link.fd >= 0;
    bool held = part && link_full(c->tenant);
    bool reads = c->state == C_HTTP || c->state == C_WS || c->shut || (part && !held);
    int want = (reads ? LOOP_READ : 0) | (c->blocked ? LOOP_WRITE : 0);

    if (c->queued > FILE_LOW)
        want &= ~LOOP_READ;                               /* who does not read is not read */
    if (held)
        c->tenant->parts_held = true;                     /* tenant_flush_all() has it read again */
    if (want != c->watched)
        loop_mod(e->loop, c->fd, c->watched = want, c);
}

static void flush(struct edge *e, struct conn *c)
{
    size_t before = c->queued;

    while (c->q_n && !c->blocked && c->tls) {
        sv piece = gather(e, c);
        ptrdiff_t n = tls_write(c->tls, piece.p, piece.n);
        if (n < 0) {
            c->broken = true;
            conn_end(e, c);
            return;
        }
        if (n == 0) {
            c->pending = piece.n;
            c->blocked = true;
        } else {
            e->figures.bytes_out += (uint64_t)n;
            consumed(c, (size_t)n);
        }
    }
    if (c->state == C_CLOSING && c->q_n == 0 && !c->shut) {
        c->shut = true;                                   /* closing with unread bytes would take our answer away */
        tls_close(&c->tls, true);
        shutdown(c->fd, SHUT_WR);
    }
    if (c->queued && c->queued < before && (c->state == C_HTTP || c->state == C_CLOSING || c->filing))
        conn_deadline(e, c, IDLE_MS);                     /* a long answer on a slow line is fine while it moves */
    if (c->filing)
        file_ask(e, c);
    if (c->state == C_WS)
        ws_more(c);
    watch(e, c);
}

static void flush_urgent(struct edge *e)
{
    while (e->urgent) {
        struct conn *c = e->urgent;
        e->urgent = c->next_urgent;
        c->in_urgent = false;
        if (c->state == C_DEAD)
            continue;
        flush(e, c);
        if (c->state == C_HTTP && c->in.n && c->q_n == 0)
            conn_ready(e, c, 0);                          /* a pipelined request */
    }
}

size_t conn_flush_all(struct edge *e)
{
    flush_urgent(e);
    for (int i = 0; e->dirty && i < SLICE_FLUSH; i++) {
        struct conn *c = e->dirty;
        e->dirty = c->next_dirty;
        c->in_dirty = false;
        if (c->state != C_DEAD && c->q_n)
            flush(e, c);
    }
    flush_urgent(e);
    return e->dirty != NULL;
}
