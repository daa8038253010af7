/* test/sim/sim_sched.c: core/sched.h without threads: sched_step() runs some jobs of one queue, which and how many decides the seed. */
#include "base/mem.h"
#include "core/sched.h"
#include "sim.h"

struct worker {
    struct job *first, **last;
    size_t n, bound, batch;
    void (*run)(void *state, struct job **jobs, size_t n);
    void *state;
    bool started, stop;
};

static struct worker *workers[WORKERS];

struct worker *worker_new(const char *name, size_t bound, size_t batch, void (*run)(void *state, struct job **jobs, size_t n), void *state)
{
    struct worker *w = XNEW(struct worker);
    size_t i = 0;

    (void)name;
    *w = (struct worker){.bound = bound, .batch = batch, .run = run, .state = state};
    w->last = &w->first;
    while (i < WORKERS && workers[i])
        i++;
    ENSURE(i < WORKERS && batch <= 64);
    workers[i] = w;
    return w;
}

bool worker_put(struct worker *w, struct job *j)
{
    if (w->stop || w->n == w->bound)
        return false;
    j->next = NULL;
    *w->last = j;
    w->last = &j->next;
    w->n++;
    w->started = true;
    return true;
}

size_t worker_waiting(struct worker *w)
{
    return w->n;
}

bool worker_started(struct worker *w)
{
    return w->started;
}

static void run(struct worker *w, size_t most)
{
    struct job *jobs[64];
    size_t n = 0;

    for (; w->first && n < most; n++) {
        jobs[n] = w->first;
        w->first = w->first->next;
        jobs[n]->next = NULL;
    }
    if (!w->first)
        w->last = &w->first;
    w->n -= n;
    if (n > 0)
        w->run(w->state, jobs, n);
}

bool sched_step(void)
{
    struct worker *busy[WORKERS];
    size_t n = 0;

    for (size_t i = 0; i < WORKERS; i++)
        if (workers[i] && workers[i]->n > 0)
            busy[n++] = workers[i];
    if (n == 0)
        return false;
    struct worker *w = busy[sim_random(n)];
    run(w, 1 + sim_random(w->batch));
    return true;
}

void worker_end(struct worker *w)
{
    while (w->n > 0)
        run(w, w->batch);
    w->stop = true;
}

void worker_free(struct worker **wp)
{
    struct worker *w = *wp;

    *wp = NULL;
    if (!w)
        return;
    worker_end(w);
    for (size_t i = 0; i < WORKERS; i++)
        if (workers[i] == w)
            workers[i] = NULL;
    xfree(w);
}
