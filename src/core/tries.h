/* core/tries.h: the failed tries to sign in, in memory: what was counted before a hash began and may not be in the store
 * yet, so that guesses that run side by side never find the same count. The store has the same rows (login_failure).
 *     tries_get() -> unknown: from the store -> tries_set() … tries_forget() when an admin lifts a lock
 * Thread-safe; bounded: when it is full it forgets all, and the store is asked again. */
#ifndef ENGAWA_CORE_TRIES_H
#define ENGAWA_CORE_TRIES_H

#include "base/str.h"

#define TRIES_MAX   20000
#define TRIES_EVER  INT64_MAX                             /* paused until an admin lifts it */

struct try_row {
    int64_t failures, pauses, paused_until_ms, last_ms;
};

struct tries;

struct tries *tries_new(void);
void tries_free(struct tries **t);
bool tries_get(struct tries *t, id64 member, sv source, struct try_row *out);
void tries_set(struct tries *t, id64 member, sv source, const struct try_row *row);
void tries_forget(struct tries *t, id64 member);          /* every source of the member */
/* A try takes the serial before it reads and asks with it before it writes: what was read before an admin lifted the lock
 * is worth nothing after. tries_keep() is tries_set() unless that is so. */
uint64_t tries_serial(struct tries *t);
bool tries_lifted(struct tries *t, id64 member, uint64_t since);
void tries_keep(struct tries *t, uint64_t since, id64 member, sv source, const struct try_row *row);
size_t tries_count(struct tries *t);

/* Whose tries count together: an IPv4 address, or the /64 of an IPv6 one ("2001:db8:0:1::/64"). */
sv tries_source(struct arena *a, sv ip);

#endif
