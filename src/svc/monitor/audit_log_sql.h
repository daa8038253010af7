/* svc/monitor/audit_log_sql.h: the statements of the audit log. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_LOG_SQL_H
#define ENGAWA_SVC_MONITOR_AUDIT_LOG_SQL_H

#include "svc/monitor/audit_log.h"

bool audit_log_sql_page(struct ctx *x, int64_t before, int64_t max, struct audit_entries *out);
bool audit_log_sql_from(struct ctx *x, int64_t seq, int64_t max, struct audit_entries *out);

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
