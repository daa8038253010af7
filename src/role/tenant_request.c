/* role/tenant_request.c: a request's life, links, and the databases of the threads. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

struct link *link_ref(struct link *l)
{
    atomic_fetch_add(&l->refs, 1);
    return l;
}

void link_unref(struct link **lp)
{
    struct link *l = *lp;

    *lp = NULL;
    if (!l || atomic_fetch_sub(&l->refs, 1) != 1)
        return;
    ipc_shared_free(&l->out);
    ipc_close(&l->in);
    xfree(l);
}

struct request *request_new(struct house *h, enum door door, struct link *l, const struct ipc_head *head)
{
    struct arena *a = arena_new(4096);
    struct request *r = ANEW(a, struct request);

    r->arena = a;
    r->refs = 1;
    r->house = h;
    r->door = door;
    r->link = l ? link_ref(l) : NULL;
    if (head) {
        r->conn = head->conn;
        r->gen = head->gen;
        r->a = head->a;
    }
    r->policy = tenant_policy(h->t);
    r->x.arena = a;
    r->x.tenant = h->t;
    r->x.policy = r->policy;
    r->x.now_ms = clock_ms();
    r->call.set_sid = &r->sid;
    r->call.set_adm = &r->adm;
    r->call.set_dev = &r->dev;
    r->call.ticket = &r->ticket;
    r->call.stream = reply_stream;
    r->call.stream_to = r;
    return r;
}

struct request *request_ref(struct request *r)
{
    atomic_fetch_add(&r->refs, 1);
    return r;
}

void request_free(struct request **rp)
{
    struct request *r = *rp;

    *rp = NULL;
    if (!r || atomic_fetch_sub(&r->refs, 1) != 1)
        return;
    part_done(r);
    str_release(&r->body);
    session_unref(&r->session);
    session_unref(&r->console);
    policy_unref(&r->policy);
    link_unref(&r->link);
    secret_wipe(&r->sid);
    secret_wipe(&r->adm);
    secret_wipe(&r->dev);
    secret_wipe(&r->ticket);
    struct arena *a = r->arena;
    arena_free(&a);
}

struct db *house_db(struct house *h, struct db **slot, bool read_only)
{
    struct failure f = {0};

    if (!*slot) {
        struct db_options o = {
            .path = "tenant.db",
            .key = &h->key,
            .cipher = h->cipher,
            .flags = read_only ? DB_READ_ONLY : DB_CREATE,
            .tenant = h->t->number,
        };
        *slot = db_open(&o, &f);
        if (!*slot)
            die("the database does not open: %s", f.detail);
    }
    return *slot;
}
