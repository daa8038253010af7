/* role/tenant_conn.c: the WebSockets of this tenant. Topics are joined and left by the writer alone, after COMMIT, so on
 * each edge's pipe nothing passes a removal. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"
#include "core/network.h"
#include "svc/org/here.h"
#include "svc/talk/talk.h"

#include <stdlib.h>

#define CLOSE_SESSION_ENDED 4401
#define CLOSE_NETWORK       4403                          /* the session goes on, from other networks */
#define CLOSE_RESTRICTED    4404                          /* another permission template: it comes back, and hears what it may hear now */

struct conn {
    struct link *link;                                    /* a reference */
    uint32_t conn, gen;
    struct session *session;                              /* a reference */
    struct str ip, agent, files;                          /* of the handshake: what audit rows say, and where files are had */
    cell_set restricts;                                   /* as its topics were joined */
    enum here_state here;                                 /* HERE_GONE: has said nothing of it */
    int64_t *watched;                                     /* members */
    size_t watched_n;
};

struct conns {
    pthread_mutex_t lock;
    struct map by_place;
    struct here *here;                                    /* the tenant's */
};

static uint64_t place(const struct link *l, uint32_t conn)
{
    return (uint64_t)l->number << 32 | conn;
}

struct conns *conns_new(struct here *here)
{
    struct conns *c = XNEW(struct conns);

    c->here = here;
    pthread_mutex_init(&c->lock, NULL);
    map_init(&c->by_place, rand_u64());
    return c;
}

static void conn_free(struct conn *c)
{
    if (!c)
        return;
    link_unref(&c->link);
    session_unref(&c->session);
    str_release(&c->ip);
    str_release(&c->agent);
    str_release(&c->files);
    xfree(c->watched);
    xfree(c);
}

/* It is out of the map. */
static void conn_gone(struct conns *cs, struct conn *c, bool ended)
{
    if (!c)
        return;
    here_leave(cs->here, c->session->member, c->here, ended, clock_ms());
    conn_free(c);
}

void conns_free(struct conns **cp)
{
    struct map_slot slot;
    size_t at = 0;

    if (!*cp)
        return;
    while (map_next(&(*cp)->by_place, &at, &slot))
        conn_free(slot.value);
    map_release(&(*cp)->by_place);
    pthread_mutex_destroy(&(*cp)->lock);
    xfree(*cp);
    *cp = NULL;
}

static void tell_place(struct link *l, uint32_t conn, uint32_t gen, enum frame_type type, int64_t a, uint64_t b)
{
    struct ipc_head h = {.type = (uint16_t)type, .conn = conn, .gen = gen, .a = (uint64_t)a, .b = b};

    if (!atomic_load(&l->gone))
        ipc_shared_put(l->out, &h, SV(""));
}

static void tell(const struct conn *c, enum frame_type type, int64_t a, uint64_t b)
{
    tell_place(c->link, c->conn, c->gen, type, a, b);
}

/* By the request's own place: once the connection is in the map, the main thread may free it at any moment. */
static bool join_rooms(struct request *r, id64 member, bool talk)
{
    struct rooms all = {0};
    bool hidden;

    r->x.actor.member = member;
    if (!talk_rooms_of(&r->x, &all) || !org_here_hidden(&r->x, member, &hidden))
        return false;
    if (hidden)
        here_hide(r->house->conns->here, member, true);
    if (!talk)                                            /* what a member is told is of talk, to its own topic too */
        return true;
    tell_place(r->link, r->conn, r->gen, TOPIC_JOIN, topic_of_member(member), 0);
    for (size_t i = 0; i < all.n; i++)
        tell_place(r->link, r->conn, r->gen, TOPIC_JOIN, topic_of_room(all.v[i].id), 0);
    return true;
}

static bool may_come(const struct session *s, const struct policy *p, sv ip)
{
    struct network_asker a = network_asker(s->member, s->role, s->channel, ip);

    return network_allows(p, &a) != NETWORK_REFUSED;
}

void conn_open(struct request *r)
{
    struct house *h = r->house;
    struct session *s = ticket_use(h->t, r->ws_ticket, r->ws_origin, r->x.now_ms);

    bool good = s && session_check(&r->x, s) && !template_refuses_app(atomic_load(&s->restricts), s->channel);
    if (!good || !may_come(s, r->x.policy, r->x.actor.ip)) {
        session_unref(&s);
        failure_clear(&r->x.failure);
        fail(&r->x.failure, good ? E_IP_NOT_ALLOWED : E_SESSION_ENDED, "no such ticket, or not from there");
        reply(r);
        return;
    }
    id64 member = s->member;
    struct conn *c = XNEW(struct conn);
    *c = (struct conn){.link = link_ref(r->link), .conn = r->conn, .gen = r->gen, .session = s,
                       .restricts = atomic_load(&s->restricts)};
    bool talk = !template_refuses(c->restricts, SERVICE_TALK, s->channel);
    str_put(&c->ip, r->x.actor.ip);
    str_put(&c->agent, r->x.actor.agent);
    str_put(&c->files, r->x.actor.files);
    struct ipc_head ok = {.type = RES_WS_OPEN, .conn = r->conn, .gen = r->gen, .a = r->a, .b = 101};
    pthread_mutex_lock(&h->conns->lock);                  /* the edge may answer that it is gone already: conn_closed() waits */
    ipc_shared_put(r->link->out, &ok, SV(""));
    struct conn *before = map_put(&h->conns->by_place, place(r->link, r->conn), c);
    pthread_mutex_unlock(&h->conns->lock);
    conn_gone(h->conns, before, false);
    if (!join_rooms(r, member, talk))
        tell_place(r->link, r->conn, r->gen, RES_WS_CLOSE, 0, 1011);
}

struct session *conn_caller(struct conns *cs, struct request *r)
{
    struct session *s = NULL;

    pthread_mutex_lock(&cs->lock);
    struct conn *c = map_get(&cs->by_place, place(r->link, r->conn));
    if (c && c->gen == r->gen) {
        s = session_ref(c->session);
        r->x.actor.ip = sv_dup(r->arena, str_sv(&c->ip));
        r->x.actor.agent = sv_dup(r->arena, str_sv(&c->agent));
        r->x.actor.files = sv_dup(r->arena, str_sv(&c->files));
    }
    pthread_mutex_unlock(&cs->lock);
    return s;
}

void conn_closed(struct conns *cs, const struct link *l, uint32_t conn, uint32_t gen)
{
    pthread_mutex_lock(&cs->lock);
    struct conn *c = map_get(&cs->by_place, place(l, conn));
    if (c && c->gen == gen)
        map_del(&cs->by_place, place(l, conn));
    else
        c = NULL;
    pthread_mutex_unlock(&cs->lock);
    conn_gone(cs, c, false);
}

/* Takes out what `hit` says yes to; `what` goes to it. The caller frees. */
static size_t take(struct conns *cs, bool (*hit)(const struct conn *, const void *), const void *what,
                   struct conn ***out)
{
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&cs->lock);
    *out = xcalloc(cs->by_place.n, sizeof(**out));
    while (map_next(&cs->by_place, &at, &slot))
        if (hit(slot.value, what))
            (*out)[n++] = slot.value;
    for (size_t i = 0; i < n; i++)
        map_del(&cs->by_place, place((*out)[i]->link, (*out)[i]->conn));
    pthread_mutex_unlock(&cs->lock);
    return n;
}

static bool on_link(const struct conn *c, const void *link)
{
    return c->link == link;
}

void conns_drop_link(struct conns *cs, const struct link *l)
{
    struct conn **gone;
    size_t n = take(cs, on_link, l, &gone);

    for (size_t i = 0; i < n; i++)
        conn_gone(cs, gone[i], false);
    xfree(gone);
}

static bool has_ended(const struct conn *c, const void *none)
{
    (void)none;
    return atomic_load(&c->session->ended);
}

static void close_all(struct conns *cs, struct conn **gone, size_t n, uint64_t why)
{
    for (size_t i = 0; i < n; i++) {
        tell(gone[i], RES_WS_CLOSE, 0, why);
        conn_gone(cs, gone[i], true);
    }
    xfree(gone);
}

void conns_close_ended(struct conns *cs)
{
    struct conn **gone;
    size_t n = take(cs, has_ended, NULL, &gone);

    close_all(cs, gone, n, CLOSE_SESSION_ENDED);
}

static bool has_other_template(const struct conn *c, const void *none)
{
    (void)none;
    return c->restricts != atomic_load(&c->session->restricts);
}

void conns_close_restricted(struct conns *cs)
{
    struct conn **gone;
    size_t n = take(cs, has_other_template, NULL, &gone);

    close_all(cs, gone, n, CLOSE_RESTRICTED);
}

struct limits {
    int64_t now_ms;
    const struct policy *policy;
};

static bool is_over(const struct conn *c, const void *limits)
{
    const struct limits *l = limits;
    int64_t idle = session_idle_ms(l->policy, c->session);

    return (idle >= 0 && l->now_ms - atomic_load(&c->session->seen_ms) > idle) ||
           llabs(l->now_ms - c->session->made_ms) > SESSION_LIFE_DAYS * INT64_C(86400000) ||
           session_suspended(c->session, l->now_ms) || session_limited(l->policy, c->session, l->now_ms) != 0;
}

static bool is_outside(const struct conn *c, const void *policy)
{
    return !may_come(c->session, policy, str_sv(&c->ip));
}

void conns_check(struct house *h, int64_t now_ms)
{
    struct policy *p = tenant_policy(h->t);
    struct limits l = {now_ms, p};
    struct conn **gone;
    size_t n = take(h->conns, is_over, &l, &gone);

    close_all(h->conns, gone, n, CLOSE_SESSION_ENDED);
    if (network_limited(p)) {
        n = take(h->conns, is_outside, p, &gone);
        close_all(h->conns, gone, n, CLOSE_NETWORK);
    }
    policy_unref(&p);
}

static bool hears_no_talk(const struct conn *c)
{
    return template_refuses(c->restricts, SERVICE_TALK, c->session->channel);
}

void conns_topic(struct conns *cs, int64_t member, int64_t topic, bool join)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&cs->lock);
    while (map_next(&cs->by_place, &at, &slot)) {
        const struct conn *c = slot.value;
        if (c->session->member.n == member && !(join && hears_no_talk(c)))
            tell(c, join ? TOPIC_JOIN : TOPIC_LEAVE, topic, 0);
    }
    pthread_mutex_unlock(&cs->lock);
}

void conn_topic(struct conns *cs, const struct link *l, uint32_t conn, uint32_t gen, int64_t topic, bool join)
{
    pthread_mutex_lock(&cs->lock);
    const struct conn *c = map_get(&cs->by_place, place(l, conn));
    if (c && c->gen == gen)
        tell(c, join ? TOPIC_JOIN : TOPIC_LEAVE, topic, 0);
    pthread_mutex_unlock(&cs->lock);
}

/* With the lock. NULL: not by WebSocket, or closed meanwhile. */
static struct conn *at_hand(struct request *r)
{
    struct conn *c = r->door == DOOR_WS ? map_get(&r->house->conns->by_place, place(r->link, r->conn)) : NULL;

    return c && c->gen == r->gen ? c : NULL;
}

void conn_here(struct request *r, enum here_state s)
{
    struct conns *cs = r->house->conns;

    pthread_mutex_lock(&cs->lock);
    struct conn *c = at_hand(r);
    if (c) {
        here_say(cs->here, c->session->member, c->here, s);
        c->here = s;
    }
    pthread_mutex_unlock(&cs->lock);
}

static bool stands_in(const int64_t *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == id)
            return true;
    return false;
}

/* For each of `v` that is not in `but`. */
static void tell_watch(const struct conn *c, enum frame_type type, const int64_t *v, size_t n, const int64_t *but, size_t n_but)
{
    for (size_t i = 0; i < n; i++)
        if (!stands_in(but, n_but, v[i]))
            tell(c, type, topic_of_watch((id64){v[i]}), 0);
}

void conn_watch(struct request *r, sv members)
{
    struct conns *cs = r->house->conns;
    size_t n = members.n / sizeof(int64_t);
    int64_t *v = xcalloc(n, sizeof(*v));

    for (size_t i = 0; i < members.n; i++)
        ((char *)v)[i] = members.p[i];
    pthread_mutex_lock(&cs->lock);
    struct conn *c = at_hand(r);
    if (c) {
        tell_watch(c, TOPIC_LEAVE, c->watched, c->watched_n, v, n);
        tell_watch(c, TOPIC_JOIN, v, n, c->watched, c->watched_n);
        xfree(c->watched);
        c->watched = v;
        c->watched_n = n;
        v = NULL;
    }
    pthread_mutex_unlock(&cs->lock);
    xfree(v);
}

size_t conns_count(struct conns *cs)
{
    pthread_mutex_lock(&cs->lock);
    size_t n = cs->by_place.n;
    pthread_mutex_unlock(&cs->lock);
    return n;
}
