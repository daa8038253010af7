/* role/tenant_chore.c: what the clock asks for: what members wanted to happen now, who came and went, and the night's round:
 * row after row of the table, each on the writer behind what waits there. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "core/chore.h"
#include "svc/org/here.h"

#define DUE_AGAIN_MS 60000
#define DUE_SOON_MS  2000                                 /* not worth an end and a start */
#define AGAIN_MS 600000                                   /* a chore that failed, or that a rolled back batch undid */

static void next(struct house *h, const struct chore *c);

/* The tenant's midnight before a moment (days 0) or after it (1). */
static int64_t midnight(struct request *r, int64_t ms, int64_t days)
{
    sv zone = policy_text(r->policy, "tenant.time_zone");

    return zone_day_start_ms(zone, zone_day(zone, ms) + days);
}

/* Behind the last row: is everything of the night that the round began in done and committed? Where another night has come
 * since, its round is due at once. */
static void run_end(struct request *r)
{
    struct house *h = r->house;
    int64_t night = midnight(r, h->chores_began_ms, 0);
    bool all = true;
    int64_t done;

    for (size_t i = 0; all && i < h->app->n_chores; i++)
        all = chore_done(&r->x, h->app->chores[i].name, &done) && done >= night;
    atomic_store(&h->chores_at_ms, all ? midnight(r, h->chores_began_ms, 1) : r->x.now_ms + AGAIN_MS);
    atomic_store(&h->chores_running, false);
}

static bool run_row(struct request *r, const struct chore *c, bool *more)
{
    int64_t done;

    if (!chore_done(&r->x, c->name, &done))
        return false;
    if (done >= midnight(r, r->x.now_ms, 0))
        return true;
    if (c->piece ? !c->piece(&r->x, more) : !c->run(&r->x))
        return false;
    return *more || chore_mark(&r->x, c->name);
}

static void run_chore(struct request *r)
{
    const struct chore *c = r->internal_arg;
    bool more = false;

    if (!run_row(r, c, &more) || r->x.failure.code != E_NONE) {
        if (r->x.failure.code == E_NONE)
            fail(&r->x.failure, E_INTERNAL, "no reason given");
        log_put(LOG_ERROR, "chore %s: %s", c->name, r->x.failure.detail);
        r->x.audits.n = 0;
        more = false;
    }
    next(r->house, more ? c : c + 1);
}

static void next(struct house *h, const struct chore *c)
{
    bool end = c == h->app->chores + h->app->n_chores;

    if (!call_internal(h, end ? run_end : run_chore, (void *)(uintptr_t)c))
        atomic_store(&h->chores_running, false);          /* the writer is busy: the tick begins anew */
}

void chores_tick(struct house *h)
{
    if (clock_ms() < atomic_load(&h->chores_at_ms) || atomic_exchange(&h->chores_running, true))
        return;
    h->chores_began_ms = clock_ms();
    next(h, h->app->chores);
}

/* ---- what has come due ---- */

static void due_after(struct request *r, bool committed)
{
    if (!committed)
        atomic_store(&r->house->t->due_ms, 0);
}

/* A refusal is told where the thing stands; what the store could not do is tried again. */
static void run_due(struct request *r)
{
    struct house *h = r->house;
    struct failure *f = &r->x.failure;
    r->after = due_after;
    if (!h->app->due(&r->x, &h->due) || f->code != E_NONE) {
        if (f->code == E_NONE)
            fail(f, E_INTERNAL, "no reason given");
        bool refused = err_def(f->code)->status < 500;
        log_put(refused ? LOG_INFO : LOG_ERROR, "what is due: %s", f->detail);
        r->x.audits.n = 0;
        h->due.failed = refused ? f->code : E_NONE;
        h->due.next_ms = refused ? 0 : r->x.now_ms + DUE_AGAIN_MS;
    }
    atomic_store(&h->t->due_ms, h->due.next_ms);
    atomic_store(&h->due_running, false);
}

void due_tick(struct house *h)
{
    if (clock_ms() < atomic_load(&h->t->due_ms) || atomic_exchange(&h->due_running, true))
        return;
    if (!call_internal(h, run_due, NULL))
        atomic_store(&h->due_running, false);
}

/* INT64_MAX, nothing waits, is 0 to control; -1: not known yet. */
static int64_t moment(struct house *h)
{
    int64_t due = atomic_load(&h->t->due_ms);

    return due == INT64_MAX ? 0 : due == 0 ? -1 : due;
}

void due_tell(struct house *h)
{
    struct ipc_head tell = {.type = DUE_TELL};
    int64_t due = moment(h);

    if (due < 0 || due == h->due_told_ms || !h->control || atomic_load(&h->control->gone))
        return;
    tell.a = (uint64_t)due;
    h->due_told_ms = due;
    ipc_shared_put(h->control->out, &tell, SV(""));
}

/* A tenant that is not open yet has nothing that could wait. */
bool due_settled(struct house *h)
{
    int64_t due = moment(h);

    return !h->t->opened || (due >= 0 && due == h->due_kept_ms && (due == 0 || due - clock_ms() > DUE_SOON_MS));
}

/* ---- the end of the contract ---- */

void closed_tell(struct house *h)
{
    struct ipc_head tell = {.type = TENANT_CLOSED, .a = (uint64_t)atomic_load(&h->t->closed_ms)};

    if (tell.a && h->control && !atomic_load(&h->control->gone))
        ipc_shared_put(h->control->out, &tell, SV(""));
}

void closed_kept(struct house *h, int64_t ms)
{
    h->closed_kept_ms = ms;
    if (ms == 0 && closed_settled(h))
        h->suspended = false;
}

bool closed_settled(struct house *h)
{
    return atomic_load(&h->t->closed_ms) == h->closed_kept_ms;
}

/* ---- who came and went ---- */

struct here_told {
    struct here_change *v;
    size_t n;
};

static void here_after(struct request *r, bool committed)
{
    const struct here_told *t = r->internal_arg;

    if (!committed)
        here_put_back(r->house->t->here, t->v, t->n);
}

static void run_here(struct request *r)
{
    struct here_told *t = ANEW(r->arena, struct here_told);

    t->n = org_here_tell(&r->x, &t->v);
    r->internal_arg = t;
    r->after = here_after;
}

void here_tick(struct house *h)
{
    if (here_waits(h->t->here))
        call_internal(h, run_here, NULL);
}
