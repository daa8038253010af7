/* svc/monitor/audit_log.h: reading the audit log: pages for the console, the whole for an export.
 * core/audit writes; nothing here changes a row. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_LOG_H
#define ENGAWA_SVC_MONITOR_AUDIT_LOG_H

#include "core/ctx.h"

struct audit_entry {
    int64_t seq, time_ms, count;
    id64 actor, object;
    enum channel channel;
    sv ip, act, result, detail, actor_name, object_name;  /* names: of members */
    sv detail_hash, salt, leaf;                           /* only by audit_log_export() */
};

struct audit_entries {
    struct audit_entry *v;
    size_t n, cap;
};

/* Rows before `before` (0: the newest), newest first. */
bool audit_log_page(struct ctx *x, int64_t before, int64_t limit, struct audit_entries *out, bool *more);
bool audit_log_head(struct ctx *x, int64_t *size, sv *root_hex);

/* The export that auditverify reads (doc/formats.md, audit export 1), piece by piece to `put`. */
bool audit_log_export(struct ctx *x, int64_t tenant, void (*put)(void *to, sv piece), void *to);

/* Signed heads: size, root, time, signature. */
bool audit_log_sign_store(struct ctx *x, int64_t size, sv root, int64_t time_ms, sv signature);

#endif
