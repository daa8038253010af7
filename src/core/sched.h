/* core/sched.h: a tenant's threads are queues. Nothing else above net/ starts a thread or waits.
 *     worker_new() -> worker_put() … -> worker_end() -> worker_free()
 * The thread starts on the first job. It takes what waits, `batch` jobs at most, never waiting for more, and hands them
 * to `run` in the order in which they were put. In a simulator one thread drains the queues in seeded order instead. */
#ifndef ENGAWA_CORE_SCHED_H
#define ENGAWA_CORE_SCHED_H

#include "base/defs.h"

struct worker;

/* A job lives in its owner's memory until `run` got it. */
struct job {
    struct job *next;
};

/* `bound`: how many may wait; `batch`: how many `run` gets at once. */
struct worker *worker_new(const char *name, size_t bound, size_t batch,
                          void (*run)(void *state, struct job **jobs, size_t n), void *state);
bool worker_put(struct worker *w, struct job *j);         /* false: full; the job stays the caller's */
size_t worker_waiting(struct worker *w);
bool worker_started(struct worker *w);                    /* it has had a job */
/* Runs what waits and ends the thread; from then on it takes nothing. Where workers put jobs to each other, all are ended
 * before the first is freed. */
void worker_end(struct worker *w);
void worker_free(struct worker **w);                      /* ends it, if need be. NULL is fine; leaves NULL behind */

#endif
