/* core/chore.h: nightly work of a tenant (api/chores.c is the table): what has come to its end is erased, what was to be
 * counted is counted. Each row runs on the writer, in a savepoint of its own, once after the tenant's midnight
 * (tenant.time_zone); a tenant that slept does it when it wakes. Nothing hangs on the hour: a limit holds at once, because
 * who reads compares times; a chore only makes room. A row that fails is tried again in the same night. */
#ifndef ENGAWA_CORE_CHORE_H
#define ENGAWA_CORE_CHORE_H

#include "core/ctx.h"

struct chore {
    const char *name;                                     /* stays: the store knows it by this */
    /* One of the two. `piece` does a part that holds up the writer for some milliseconds and sets *more when there is
     * another; it is called again after other work had its turn. Rows, events and effects are an operation's. */
    bool (*run)(struct ctx *x);
    bool (*piece)(struct ctx *x, bool *more);
    const char *doc;
};

bool chore_done(struct ctx *x, const char *name, int64_t *done_ms);    /* 0: never */
bool chore_mark(struct ctx *x, const char *name);         /* done now */

#endif
