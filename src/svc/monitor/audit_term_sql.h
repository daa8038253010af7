/* svc/monitor/audit_term_sql.h: the statements of the term. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_TERM_SQL_H
#define ENGAWA_SVC_MONITOR_AUDIT_TERM_SQL_H

#include "core/ctx.h"

struct audit_term {
    int64_t days, next_days, notice_ms;                   /* in force; announced, 0: none; when that was */
    int64_t target, gone;                                 /* this night's last row to go; the last that went */
    sv frontier;
};
bool audit_term_sql_read(struct ctx *x, struct audit_term *t);
bool audit_term_sql_write(struct ctx *x, const struct audit_term *t);
bool audit_term_sql_first_kept(struct ctx *x, int64_t after, int64_t from_ms, int64_t *seq);   /* INT64_MAX: none */

struct leaves {
    struct sha256 *v;
    size_t n, cap;
};
bool audit_term_sql_leaves(struct ctx *x, int64_t after, int64_t upto, struct leaves *out);
bool audit_term_sql_delete(struct ctx *x, int64_t upto);  /* rows, and heads of a smaller tree */

#endif
