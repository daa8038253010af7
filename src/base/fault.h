/* base/fault.h: named points at which a test build fails or dies, so that tests see what a crash leaves behind.
 *     if (FAULT("commit.before"))  return fail(…);
 *     fault_set("commit.before", 3, FAULT_KILL);     the third time it is passed from now on
 * In a release FAULT() is `false`: neither the check nor the name is in the binary. */
#ifndef ENGAWA_BASE_FAULT_H
#define ENGAWA_BASE_FAULT_H

#include "base/defs.h"

#ifdef ENGAWA_TEST

enum fault_action {
    FAULT_OFF,
    FAULT_FAIL,                                           /* FAULT() answers true, once */
    FAULT_KILL,                                           /* this process ends here, as by SIGKILL */
};

#define FAULT(name) fault_hit(name)

bool fault_hit(const char *name);

/* `n` counts from 1. Replaces what was set for the name (copied, at most 39 bytes); at most 32 names. */
void fault_set(const char *name, int64_t n, enum fault_action action);
void fault_clear(void);                                   /* every name, and the counts */
int64_t fault_count(const char *name);                    /* how often it was passed since it was last set */

#else
#define FAULT(name) false
#endif

#endif
