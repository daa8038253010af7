/* role/refusal.h: the JSON body of a refusal, the same from the edge and from a tenant's process, so that nobody can
 * tell which of them answered. */
#ifndef ENGAWA_ROLE_REFUSAL_H
#define ENGAWA_ROLE_REFUSAL_H

#include "base/failure.h"

#define REF_CHARS 12

void ref_new(char ref[REF_CHARS + 1]);                    /* a fresh request number: 12 hex digits, for answer and log */
/* {"error":{"code":…,"message":…,"ref":…[,"field":…]}}; field may be NULL. */
void refusal_put(struct str *out, enum err e, bool english, const char *ref, const char *field);
/* Accept-Language: true when English is asked for before Japanese; Japanese otherwise. */
bool language_english(sv accept_language);

#endif
