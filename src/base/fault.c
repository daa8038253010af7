/* base/fault.c: the table of points that a test has armed. Empty in a release. */
#include "base/fault.h"

#ifdef ENGAWA_TEST

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 32
#define NAME_MAX_BYTES 40

static struct fault {
    char name[NAME_MAX_BYTES];
    int64_t seen, at;
    enum fault_action action;
} faults[NAMES_MAX];
static size_t faults_n;                                   /* read without the lock: 0 is the usual case */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct fault *find(const char *name)
{
    for (size_t i = 0; i < faults_n; i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}

bool fault_hit(const char *name)
{
    enum fault_action do_it = FAULT_OFF;

    if (__atomic_load_n(&faults_n, __ATOMIC_ACQUIRE) == 0)
        return false;
    pthread_mutex_lock(&lock);
    struct fault *f = find(name);
    if (f && ++f->seen == f->at)
        do_it = f->action;
    pthread_mutex_unlock(&lock);
    if (do_it == FAULT_KILL) {
        kill(getpid(), SIGKILL);
        _exit(128 + SIGKILL);                             /* a confined role may send no signal; this too ends it at once */
    }
    return do_it == FAULT_FAIL;
}

void fault_set(const char *name, int64_t n, enum fault_action action)
{
    ENSURE(strlen(name) < NAME_MAX_BYTES);
    pthread_mutex_lock(&lock);
    struct fault *f = find(name);
    if (!f) {
        ENSURE(faults_n < NAMES_MAX);
        f = &faults[faults_n];
        snprintf(f->name, sizeof(f->name), "%s", name);
        __atomic_store_n(&faults_n, faults_n + 1, __ATOMIC_RELEASE);
    }
    f->seen = 0;
    f->at = n;
    f->action = action;
    pthread_mutex_unlock(&lock);
}

void fault_clear(void)
{
    pthread_mutex_lock(&lock);
    __atomic_store_n(&faults_n, 0, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&lock);
}

int64_t fault_count(const char *name)
{
    pthread_mutex_lock(&lock);
    struct fault *f = find(name);
    int64_t n = f ? f->seen : 0;
    pthread_mutex_unlock(&lock);
    return n;
}

#endif
