/* api/me.h: the answer that says who is signed in: by signing in and by me.read. */
#ifndef ENGAWA_API_ME_H
#define ENGAWA_API_ME_H

#include "core/ctx.h"
#include "core/schema.h"

extern const struct schema me_out;
void *me_new(struct ctx *x);                              /* a struct of me_out */
bool me_fill(struct ctx *x, void *out);                   /* out: a struct of me_out */

#endif
