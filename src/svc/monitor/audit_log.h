/* svc/monitor/audit_log.h: reading the audit log: pages and searches for the console, the whole for an export.
 * core/audit writes; nothing here changes a row. Rows beyond their term (audit_term.h) are absent from every reading. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_LOG_H
#define ENGAWA_SVC_MONITOR_AUDIT_LOG_H

#include "core/ctx.h"

struct audit_entry {
    int64_t seq, time_ms, count;
    id64 actor, object;
    enum channel channel;
    sv ip, act, result, detail, actor_name, object_name;
    const char *object_kind;                              /* what the object is: "member", "unit", "room" …; "": nobody knows */
    id64 room;                                            /* of a row of talk; ID_NONE: of another log, or of no room */
    sv leaf;
    sv detail_hash, salt;                                 /* only by audit_log_export() */
};

struct audit_entries {
    struct audit_entry *v;
    size_t n, cap;
};

/* Rows before `before` (0: the newest), newest first. */
bool audit_log_page(struct ctx *x, int64_t before, int64_t limit, struct audit_entries *out, bool *more);
bool audit_log_head(struct ctx *x, int64_t *size, sv *root_hex);

sv audit_name_of(struct ctx *x, id64 member);             /* as rows name it; "": nobody is there by this id */

/* The logs of the console that have a page: the submenu that gives the right, and the log of audit.def. */
struct audit_log_def {
    const char *id, *log;
    enum menu menu;
    const char *ja, *en;
};
const struct audit_log_def *audit_log_def(sv id);         /* NULL: there is no such log */

struct audit_query {
    const struct audit_log_def *log;
    sv from, to;                                          /* first and last day of the tenant, "2026-11-26"; "": open */
    id64 actor, object;                                   /* ID_NONE: any */
    id64 room, receiver;                                  /* of talk alone, as svc/monitor/audit_talk.h says; ID_NONE: any */
    sv act, ip, channel, result;                          /* "": any; result "refused": everything but ok */
    sv word;                                              /* in names (of a message: its room's), in a setting's key or its label */
};
/* Days and names sound? E_INVALID_VALUE with the field's name. */
bool audit_query_check(struct ctx *x, const struct audit_query *q);
/* As JSON members: what an audit row and a file say they were made from. */
void audit_query_write(struct json *j, const struct audit_query *q);
bool audit_query_read(struct ctx *x, sv json, struct audit_query *q);

/* Rows that fit, newest first, before `before` (0: the newest): `limit` at most. *next: where to go on, 0 when there is
 * nothing more. A search by word looks at so many rows in one call that it stays quick; then a page may be short, even
 * empty, and *next says where it stopped. */
bool audit_log_search(struct ctx *x, const struct audit_query *q, int64_t before, int64_t limit, struct audit_entries *out,
                      int64_t *next);

/* The export that auditverify reads (doc/formats.md, audit export 1), piece by piece to `put`. */
bool audit_log_export(struct ctx *x, int64_t tenant, void (*put)(void *to, sv piece), void *to);

/* Signed heads: size, root, time, signature. */
bool audit_log_sign_store(struct ctx *x, int64_t size, sv root, int64_t time_ms, sv signature);

#endif
