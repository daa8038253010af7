/* role/edge_topic.c: fan-out. What a tenant's stream says about topics is carried out in exactly its order: an event
 * goes to those who were members when it came, nothing passes a removal, and positions rise on every connection.
 * An event is framed once. Events of one topic that follow each other gather in one batch until its pass begins; a
 * pass queues that batch (a reference) for each member, SLICE_QUEUE of them a turn; connections are then written to in
 * slices of SLICE_FLUSH, and what has gathered for one by its turn leaves in one record. */
#include "role/edge.h"

#include "base/mem.h"

static bool run_live(const struct tenant *t)
{
    return t->first != NULL;
}

/* ---- members ---- */

static struct topic *topic_get(struct tenant *t, uint64_t id)
{
    struct topic *p = map_get(&t->topics, id);

    if (p)
        return p;
    p = XNEW(struct topic);
    p->id = id;
    p->tenant = t;
    map_put(&t->topics, id, p);
    return p;
}

static bool in_pass(const struct topic *p)
{
    const struct run *r = p->tenant->first;

    return r && r->kind == RUN_EVENT && r->topic == p->id;
}

static void set_place(struct conn *c, const struct topic *p, size_t at)
{
    for (size_t i = 0; i < c->topics_n; i++)
        if (c->topics[i].topic == p)
            c->topics[i].at = at;
}

static void move_member(struct topic *p, size_t from, size_t to)
{
    if (from == to)
        return;
    p->members[to] = p->members[from];
    set_place(p->members[to], p, to);
}

/* Takes the member at `at` out. Those a running pass has served stay in front of those it has not. */
static void take_out(struct topic *p, size_t at)
{
    size_t *served = &p->tenant->run_at;

    if (in_pass(p) && at < *served) {
        --*served;
        move_member(p, *served, at);
        at = *served;
    }
    move_member(p, --p->n, at);
    if (p->n == 0 && !in_pass(p)) {
        map_del(&p->tenant->topics, p->id);
        xfree(p->members);
        xfree(p);
    }
}

static void join(struct tenant *t, uint64_t id, struct conn *c)
{
    struct topic *p = topic_get(t, id);

    for (size_t i = 0; i < c->topics_n; i++)
        if (c->topics[i].topic == p)
            return;
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 4;
        p->members = xrealloc_n(p->members, p->cap, sizeof(*p->members));
    }
    if (c->topics_n == c->topics_cap) {
        c->topics_cap = c->topics_cap ? c->topics_cap * 2 : 4;
        c->topics = xrealloc_n(c->topics, c->topics_cap, sizeof(*c->topics));
    }
    c->topics[c->topics_n++] = (struct conn_topic){.topic = p, .at = p->n};
    p->members[p->n++] = c;
}

static void leave(struct tenant *t, uint64_t id, struct conn *c)
{
    const struct topic *p = map_get(&t->topics, id);

    for (size_t i = 0; p && i < c->topics_n; i++) {
        if (c->topics[i].topic != p)
            continue;
        struct conn_topic gone = c->topics[i];
        c->topics[i] = c->topics[--c->topics_n];
        take_out(gone.topic, gone.at);
        return;
    }
}

void topic_leave_all(struct conn *c)
{
    while (c->topics_n) {
        struct conn_topic gone = c->topics[--c->topics_n];
        take_out(gone.topic, gone.at);
    }
}

/* ---- the stream ---- */

static struct run *run_add(struct edge *e, struct tenant *t)
{
    struct run *r = XNEW(struct run);

    if (t->first)
        t->last->next = r;
    else {
        t->first = r;
        t->run_at = 0;
    }
    t->last = r;
    if (!t->in_runs) {
        t->in_runs = true;
        t->next_run = NULL;
        if (e->runs)
            e->runs_last->next_run = t;
        else
            e->runs = t;
        e->runs_last = t;
    }
    return r;
}

void topic_event(struct edge *e, struct tenant *t, uint64_t topic, sv text)
{
    struct run *r = t->last;
    struct str frame = {0};

    if (!run_live(t) && !map_get(&t->topics, topic))
        return;                                           /* nobody listens, and nobody is about to join */
    if (run_live(t) && r->kind == RUN_EVENT && r->topic == topic && (r != t->first || t->run_at == 0)
        && r->batch->refs == 1 && r->batch->own.n < OUT_MAX / 4) {
        ws_put_text(&r->batch->own, text);                /* its pass has not begun: nobody holds it yet */
        r->batch->view = str_sv(&r->batch->own);
        return;
    }
    r = run_add(e, t);
    ws_put_text(&frame, text);
    r->kind = RUN_EVENT;
    r->topic = topic;
    r->batch = batch_of(&frame);
}

void topic_change(struct edge *e, struct tenant *t, uint64_t topic, const struct conn *c, bool joins)
{
    struct run *r;

    if (!run_live(t)) {                                   /* nothing is before it */
        (joins ? join : leave)(t, topic, conn_find(e, c->slot, c->gen));
        return;
    }
    r = run_add(e, t);
    r->kind = joins ? RUN_JOIN : RUN_LEAVE;
    r->topic = topic;
    r->conn = c->slot;
    r->gen = c->gen;
}

static void run_done(struct tenant *t)
{
    struct run *r = t->first;
    struct topic *p = map_get(&t->topics, r->topic);

    t->first = r->next;
    t->run_at = 0;
    batch_drop(&r->batch);
    xfree(r);
    if (p && p->n == 0) {                                 /* its last member left during the pass */
        map_del(&t->topics, p->id);
        xfree(p->members);
        xfree(p);
    }
}

/* Queues the first run's batch for at most `max` members; true when the run is done. */
static bool pass(struct edge *e, struct tenant *t, size_t *budget)
{
    struct run *r = t->first;
    const struct topic *p = map_get(&t->topics, r->topic);

    while (p && t->run_at < p->n && *budget) {
        struct conn *c = p->members[t->run_at++];
        --*budget;
        e->figures.deliveries++;
        conn_put(e, c, r->batch);                         /* a slow one is cut here, and leaves the topic */
        conn_dirty(e, c);
    }
    return !p || t->run_at >= p->n;
}

static void change(struct edge *e, struct tenant *t)
{
    const struct run *r = t->first;
    struct conn *c = conn_find(e, r->conn, r->gen);

    if (c && c->tenant == t && c->state == C_WS)
        (r->kind == RUN_JOIN ? join : leave)(t, r->topic, c);
}

/* One tenant's share of the turn. */
static void tenant_pass(struct edge *e, struct tenant *t, size_t budget)
{
    while (t->first && budget) {
        if (t->first->kind == RUN_EVENT) {
            if (!pass(e, t, &budget))
                return;
        } else {
            change(e, t);
            budget--;
        }
        run_done(t);
    }
}

void topic_pass(struct edge *e)
{
    struct tenant *t = e->runs;

    if (!t)
        return;
    e->runs = t->next_run;
    t->in_runs = false;
    tenant_pass(e, t, SLICE_QUEUE);
    if (!t->first)
        return;
    t->in_runs = true;                                    /* to the end: tenants take turns */
    t->next_run = NULL;
    if (e->runs)
        e->runs_last->next_run = t;
    else
        e->runs = t;
    e->runs_last = t;
}

bool topic_waiting(const struct edge *e)
{
    return e->runs != NULL;
}

void topic_clear(struct edge *e, struct tenant *t)
{
    for (struct tenant **at = &e->runs; *at; at = &(*at)->next_run) {
        if (*at != t)
            continue;
        *at = t->next_run;
        break;
    }
    e->runs_last = e->runs;
    while (e->runs_last && e->runs_last->next_run)
        e->runs_last = e->runs_last->next_run;
    t->in_runs = false;
    while (t->first)
        run_done(t);
}
