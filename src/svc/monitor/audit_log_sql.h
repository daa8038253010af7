/* svc/monitor/audit_log_sql.h: the statements of the audit log. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_LOG_SQL_H
#define ENGAWA_SVC_MONITOR_AUDIT_LOG_SQL_H

#include "svc/monitor/audit_log.h"

bool audit_log_sql_page(struct ctx *x, int64_t from_ms, int64_t before, int64_t max, struct audit_entries *out);
bool audit_log_sql_from(struct ctx *x, int64_t seq, int64_t max, struct audit_entries *out);

/* A query as the statements take it. */
struct audit_range {
    const struct audit_query *q;
    int64_t low, high;                                    /* low <= seq < high */
    int64_t from_ms, to_ms;                               /* from <= time < to */
    int64_t channel;                                      /* -1: any */
};
bool audit_log_sql_search(struct ctx *x, const struct audit_range *r, int64_t max, struct audit_entries *out);
bool audit_log_sql_time(struct ctx *x, int64_t seq, int64_t *time_ms);     /* of the first row from `seq` on; INT64_MAX: none */

struct signed_head {
    int64_t size, time_ms;
    sv root, signature;
};
struct signed_heads {
    struct signed_head *v;
    size_t n, cap;
};
bool audit_log_sql_heads(struct ctx *x, int64_t above, int64_t max, struct signed_heads *out);
bool audit_log_sql_head_add(struct ctx *x, const struct signed_head *h);

#endif
