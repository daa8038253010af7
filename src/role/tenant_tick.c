/* role/tenant_tick.c: what a tenant's process does by itself once a second, most of it on the writer behind what waits there. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/mem.h"
#include "svc/account/account.h"
#include "svc/monitor/audit_log.h"
#include "svc/talk/read.h"

#include <malloc.h>
#include <string.h>

#define SIGN_MS    60000
#define SIGN_ROWS  1000
#define FORGET_MS  3600000
#define QUIET_MS   10000                                  /* nobody asked for anything */
#define RELEASE_MS 60000

/* Work on the writer that nobody asked for from outside. */

static void run_seen(struct request *r)
{
    struct session_seen seen[256];
    size_t n = sessions_seen(r->house->t->sessions, r->x.now_ms, seen, COUNT(seen));

    for (size_t i = 0; i < n; i++)
        if (!account_seen(&r->x, &seen[i]))
            return;
}

static void run_reads(struct request *r)
{
    talk_reads_store(&r->x);
}

static void run_gathered(struct request *r)
{
    struct audit_row rows[64];
    size_t n = audit_gather_due(r->house->gather, r->x.now_ms, r->arena, rows, COUNT(rows));

    for (size_t i = 0; i < n; i++)
        *PUSH(r->arena, &r->x.audits) = rows[i];
}

/* Pages that the engine keeps are for those who ask again. A connection's own thread alone may use it. */
static void release(struct db *db)
{
    if (db)
        db_release_memory(db);
    malloc_trim(0);
}

static void run_release(struct request *r)
{
    struct db **db = r->internal_arg;

    release(*db);
}

static void run_forget(struct request *r)
{
    talk_events_forget(&r->x);
}

struct head {
    uint64_t size;
    struct sha256 root;
    int64_t time_ms;
    unsigned char signature[64];
};

static void run_head_store(struct request *r)
{
    struct head *h = r->internal_arg;

#ifdef MUTANT_HEAD_NOT_SIGNED
    h->signature[0] ^= 1;
#endif
    audit_log_sign_store(&r->x, (int64_t)h->size, sv_n(h->root.b, 32), h->time_ms, sv_n(h->signature, 64));
    xfree(h);
    atomic_store(&r->house->signing, false);
}

/* On the slow queue: keyd signs, the writer stores. */
static void run_sign(struct request *r)
{
    struct head *h = r->internal_arg;
    struct house *house = r->house;

    if (keyd_sign(house->keyd, h->size, &h->root, h->time_ms, h->signature)) {
        call_internal(house, run_head_store, h);
    } else {
        xfree(h);
        atomic_store(&house->signing, false);
    }
}

/* On the writer: what is to be signed is the tree as committed before this batch. */
static void run_head_take(struct request *r)
{
    struct head *h = XNEW(struct head);
    struct house *house = r->house;
    struct request *next = request_new(house, DOOR_INTERNAL, NULL, NULL);

    h->size = house->t->tree.size;
    h->root = tree_root(&house->t->tree);
    h->time_ms = r->x.now_ms;
    next->internal = run_sign;
    next->internal_arg = h;
    if (worker_put(house->slow, &next->job))
        return;
    request_free(&next);
    xfree(h);
    atomic_store(&house->signing, false);
}

static void sign_due(struct house *h, struct ticks *t, int64_t now)
{
    int64_t size = atomic_load(&h->audit_size);

    if (size == h->signed_size || (!t->idle && now - t->sign_ms < SIGN_MS && size - h->signed_size < SIGN_ROWS))
        return;
    if (atomic_exchange(&h->signing, true))
        return;
    t->sign_ms = now;
    h->signed_size = size;
    call_internal(h, run_head_take, NULL);
}

static void release_when_quiet(struct house *h, struct ticks *t, int64_t now)
{
    int64_t asked = atomic_load(&h->posts) + atomic_load(&h->reads) + atomic_load(&h->refusals);

    if (asked != t->asked || t->asked_ms == 0) {
        t->asked = asked;
        t->asked_ms = now;
        t->released_ms = 0;
    }
    if (now - t->asked_ms < QUIET_MS || (t->released_ms && now - t->released_ms < RELEASE_MS))
        return;
    t->released_ms = now;
    release(h->main_db);
    call_internal_on(h, h->writer, run_release, &h->write_db);
    if (worker_started(h->reader))
        call_internal_on(h, h->reader, run_release, &h->read_db);
    if (worker_started(h->slow))
        call_internal_on(h, h->slow, run_release, &h->slow_db);
    if (worker_started(h->filer))
        call_internal_on(h, h->filer, run_release, &h->file_db);
    if (worker_started(h->looker))
        call_internal_on(h, h->looker, run_release, &h->look_db);
    if (worker_started(h->fetcher))
        call_internal_on(h, h->fetcher, run_release, &h->fetch_db);
    store_quiet(h);
}

void reads_store(struct house *h)
{
    if (marks_count(h->t->marks) > 0)
        call_internal(h, run_reads, NULL);
}

void tick_run(struct house *h, struct ticks *t)
{
    int64_t now = clock_mono_ms();

    conns_check(h, clock_ms());
    if (!h->t->opened || h->refused)
        return;
    release_when_quiet(h, t, now);
    sign_due(h, t, now);
    makings_tick(h);
    renew_tick(h);
    if (!closed_settled(h))
        closed_tell(h);
    if (!h->suspended) {
        chores_tick(h);
        due_tick(h);
        due_tell(h);
        scan_tick(h);
        move_tick(h);
    }
    here_tick(h);
    if (atomic_load(&h->refusals) > 0)
        call_internal(h, run_gathered, NULL);
    call_internal(h, run_seen, NULL);
    index_look(h);
    reads_store(h);
    if (now - t->forget_ms >= FORGET_MS) {
        t->forget_ms = now;
        call_internal(h, run_forget, NULL);
    }
}
