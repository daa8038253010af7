/* api/brief.h: members as lists name them: ID and name, a page at a time. */
#ifndef ENGAWA_API_BRIEF_H
#define ENGAWA_API_BRIEF_H

#include "core/schema.h"
#include "svc/org/org.h"

extern const struct schema briefs_out;
void briefs_fill(struct ctx *x, const struct members *page, bool more, void *out);   /* out: a struct of briefs_out */

#endif
