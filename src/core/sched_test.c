/* core/sched_test.c: order, bound and batches of a worker; its thread starts with the first job, and freeing it runs
 * what waits. Nothing here waits for a time: the worker stands still at a gate that the test opens. */
#include "base/test.h"
#include "core/sched.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#define JOBS       500
#define DEADLINE_S 30

struct number {
    struct job job;
    int n;
};

struct site {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool closed;                                          /* the gate */
    int standing;                                         /* how many runs are at the gate */
    int got[JOBS];
    size_t n, batches, largest;
    pthread_t thread;
};

static bool wait_for(struct site *s)
{
    struct timespec until;

    timespec_get(&until, TIME_UTC);
    until.tv_sec += DEADLINE_S;
    return pthread_cond_timedwait(&s->moved, &s->lock, &until) != ETIMEDOUT;
}

static void run(void *state, struct job **jobs, size_t n)
{
    struct site *s = state;

    pthread_mutex_lock(&s->lock);
    s->thread = pthread_self();
    s->standing++;
    pthread_cond_broadcast(&s->moved);
    while (s->closed)
        pthread_cond_wait(&s->moved, &s->lock);
    s->standing--;
    for (size_t i = 0; i < n; i++)
        s->got[s->n++] = ((struct number *)(void *)jobs[i])->n;
    s->batches++;
    s->largest = n > s->largest ? n : s->largest;
    pthread_mutex_unlock(&s->lock);
}

static struct site site(bool closed)
{
    return (struct site){ .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER, .closed = closed };
}

static void open_gate(struct site *s)
{
    pthread_mutex_lock(&s->lock);
    s->closed = false;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

/* Until the worker has taken its first batch and stands at the gate. */
static bool at_gate(struct site *s)
{
    bool in_time = true;

    pthread_mutex_lock(&s->lock);
    while (s->standing == 0 && in_time)
        in_time = wait_for(s);
    pthread_mutex_unlock(&s->lock);
    return in_time;
}

TEST(worker_keeps_order_and_drains_when_freed)
{
    static const size_t batches[] = { 1, 3, 64 };

    for (size_t b = 0; b < COUNT(batches); b++) {
        struct site s = site(true);
        struct worker *w = worker_new("test", JOBS, batches[b], run, &s);
        struct number jobs[JOBS];

        for (int i = 0; i < JOBS; i++) {
            jobs[i].n = i;
            CHECK_AT(i, worker_put(w, &jobs[i].job));
        }
        CHECK_AT(b, at_gate(&s));
        open_gate(&s);
        worker_free(&w);                                  /* runs what waits */
        CHECK(w == NULL);
        CHECK_INT_AT(b, s.n, JOBS);
        for (int i = 0; i < JOBS; i++)
            CHECK_INT_AT(i, s.got[i], i);
        CHECK_AT(b, s.largest <= batches[b]);
        CHECK_AT(b, s.batches >= JOBS / batches[b]);
        CHECK_AT(b, !pthread_equal(s.thread, pthread_self()));
    }
}

TEST(worker_is_bounded)
{
    struct site s = site(true);
    struct worker *w = worker_new("test", 3, 2, run, &s);
    struct number jobs[7] = { 0 };

    for (int i = 0; i < 7; i++)
        jobs[i].n = i;
    CHECK_INT(worker_waiting(w), 0);
    CHECK(worker_put(w, &jobs[0].job));
    CHECK(at_gate(&s) && worker_started(w));              /* taken: it waits no longer */
    CHECK_INT(worker_waiting(w), 0);
    for (int i = 1; i <= 3; i++)
        CHECK_AT(i, worker_put(w, &jobs[i].job));
    CHECK_INT(worker_waiting(w), 3);
    CHECK(!worker_put(w, &jobs[4].job));                  /* full: still the caller's */
    CHECK(!worker_put(w, &jobs[5].job));
    CHECK_INT(worker_waiting(w), 3);
    open_gate(&s);
    worker_free(&w);
    CHECK_INT(s.n, 4);
    for (int i = 0; i < 4; i++)
        CHECK_INT_AT(i, s.got[i], i);
    CHECK_INT(s.largest, 2);                              /* what waited came together */
}

/* No job, no thread: a worker that nobody needed is freed at once. */
TEST(worker_starts_with_the_first_job)
{
    struct site s = site(true);
    struct worker *w = worker_new("test", 3, 2, run, &s), *none = NULL;

    CHECK(!worker_started(w));
    worker_free(&w);
    CHECK(w == NULL);
    CHECK_INT(s.batches, 0);
    CHECK_INT(s.standing, 0);
    worker_free(&none);
    CHECK(none == NULL);
}

struct feeder {
    struct worker *w;
    struct number *jobs;
};

static void *feed(void *arg)
{
    struct feeder *f = arg;

    for (int i = 0; i < JOBS / 4; i++)
        if (!worker_put(f->w, &f->jobs[i].job))
            return NULL;
    return f;
}

/* Jobs put by several threads: all arrive, each thread's own in its order. */
TEST(worker_takes_from_many_threads)
{
    struct site s = site(false);
    struct worker *w = worker_new("test", JOBS, 8, run, &s);
    struct number jobs[JOBS];
    struct feeder feeders[4];
    pthread_t threads[4];
    int next[4] = { 0 };

    for (int i = 0; i < JOBS; i++)
        jobs[i].n = i;
    for (int t = 0; t < 4; t++) {
        feeders[t] = (struct feeder){ w, jobs + t * (JOBS / 4) };
        CHECK_INT(pthread_create(&threads[t], NULL, feed, &feeders[t]), 0);
    }
    for (int t = 0; t < 4; t++) {
        void *ok = NULL;
        CHECK_INT(pthread_join(threads[t], &ok), 0);
        CHECK_AT(t, ok != NULL);
    }
    worker_free(&w);
    CHECK_INT(s.n, JOBS);
    for (size_t i = 0; i < s.n; i++) {
        int t = s.got[i] / (JOBS / 4);
        CHECK_INT_AT(i, s.got[i] % (JOBS / 4), next[t]++);
    }
}
