/* core/sched.c: a bounded queue and its thread. */
#include "core/sched.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>

/* Sanitizers put red zones on the stack: their builds get more of it. */
#if defined(__SANITIZE_ADDRESS__)
#define STACK_BYTES (2 * 1024 * 1024)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STACK_BYTES (2 * 1024 * 1024)
#endif
#endif
#ifndef STACK_BYTES
#define STACK_BYTES (256 * 1024)
#endif
#define BATCH_MAX   64

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool running, stop;
    struct job *first, **last;
    size_t n, bound, batch;
    void (*run)(void *state, struct job **jobs, size_t n);
    void *state;
    char name[16];
};

struct worker *worker_new(const char *name, size_t bound, size_t batch,
                          void (*run)(void *state, struct job **jobs, size_t n), void *state)
{
    struct worker *w = XNEW(struct worker);

    ENSURE(batch >= 1 && batch <= BATCH_MAX);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->last = &w->first;
    w->bound = bound;
    w->batch = batch;
    w->run = run;
    w->state = state;
    snprintf(w->name, sizeof(w->name), "%s", name);
    return w;
}

static size_t take(struct worker *w, struct job **jobs)
{
    size_t n = 0;

    while (w->first && n < w->batch) {
        jobs[n] = w->first;
        w->first = w->first->next;
        jobs[n++]->next = NULL;
    }
    if (!w->first)
        w->last = &w->first;
    w->n -= n;
    return n;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *jobs[BATCH_MAX];

    pthread_setname_np(pthread_self(), w->name);
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->first && !w->stop)
            pthread_cond_wait(&w->wake, &w->lock);
        size_t n = take(w, jobs);
        if (n == 0)
            break;
        pthread_mutex_unlock(&w->lock);
        w->run(w->state, jobs, n);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void start(struct worker *w)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    if (pthread_create(&w->thread, &attr, work, w) != 0)
        die("no thread for %s", w->name);
    pthread_attr_destroy(&attr);
    w->running = true;
}

bool worker_put(struct worker *w, struct job *j)
{
    pthread_mutex_lock(&w->lock);
    bool room = w->n < w->bound && !w->stop;
    if (room) {
        j->next = NULL;
        *w->last = j;
        w->last = &j->next;
        w->n++;
        if (!w->running)
            start(w);
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

size_t worker_waiting(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    size_t n = w->n;
    pthread_mutex_unlock(&w->lock);
    return n;
}

bool worker_started(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    bool running = w->running;
    pthread_mutex_unlock(&w->lock);
    return running;
}

void worker_end(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    bool running = w->running && !w->stop;
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (running)
        pthread_join(w->thread, NULL);
}

void worker_free(struct worker **wp)
{
    struct worker *w = *wp;

    *wp = NULL;
    if (!w)
        return;
    worker_end(w);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    xfree(w);
}
