/* role/attack.h: what a stranger would do first who runs code of his own in a role: in test builds alone, asked for by
 * HEALTH_ASK, b: 1 all attempts that a refusal answers, 2 … one that ends the process. A release has none of it. */
#ifndef ENGAWA_ROLE_ATTACK_H
#define ENGAWA_ROLE_ATTACK_H

#include "base/json.h"
#include "role/roles.h"
#include "role/start.h"

#ifdef ENGAWA_TEST
/* "attacks": [{"name", "done", "errno"}]; `done`: it was not refused. `number` 0: nothing. */
void attack(enum role_id role, uint64_t number, struct json *j);
/* The same into the log, piece by piece: of a process that lives for one thing. */
void attack_log(const struct start *s);
#endif

#endif
