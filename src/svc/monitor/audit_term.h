/* svc/monitor/audit_term.h: how long audit rows stay (plan.audit_days) and how they go. A row beyond its term is absent for
 * every reading at once; each night the oldest rows are erased, in pieces, always from the beginning of the log on. Of
 * what is gone the tree keeps its frontier: the root of every whole subtree, so that the rows that are left prove
 * themselves as before. A shorter term holds only TERM_NOTICE_DAYS after it was announced. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_TERM_H
#define ENGAWA_SVC_MONITOR_AUDIT_TERM_H

#include "core/ctx.h"

#define TERM_NOTICE_DAYS 14

/* Rows of before this moment are beyond the term. */
bool audit_term_from(struct ctx *x, int64_t *ms);

/* What is gone: the first `size` rows, and the frontier that is left of them. */
bool audit_term_gone(struct ctx *x, struct tree *t);

bool audit_term_super(struct ctx *x, id64 *member);       /* whom to tell; ID_NONE: there is none */

/* The night's work before erasing: a term that grew holds at once; one that shrank is announced: *notice_days is then the
 * new term, else 0. The caller tells the admins. */
bool audit_term_look(struct ctx *x, int64_t *notice_days, int64_t *holds_from_ms);
/* Erases a piece of what is beyond the term; the first of a night writes the row that says how many. */
bool audit_term_erase(struct ctx *x, bool *more);

#endif
