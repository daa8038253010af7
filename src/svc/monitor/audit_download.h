/* svc/monitor/audit_download.h: a log as a file: the rows of one search, as CSV, made in the background and kept for some
 * days. Its row count is that of the search at the moment it was asked for: rows that come later are not in it. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_DOWNLOAD_H
#define ENGAWA_SVC_MONITOR_AUDIT_DOWNLOAD_H

#include "core/file.h"
#include "svc/monitor/audit_log.h"

/* Writer. E_PLAN_REQUIRED in the plan without downloads, E_TOO_MANY while DOWNLOADS_AT_ONCE are being made. */
#define DOWNLOADS_AT_ONCE 3
bool audit_download_start(struct ctx *x, const struct audit_query *q, struct file *out);
/* The log that a file was made of; NULL: none that is known. */
const struct audit_log_def *audit_download_log(struct ctx *x, const struct file *f);
/* The audit row's detail of a file: which log, how many rows, which hash. */
sv audit_download_detail(struct ctx *x, const struct file *f);

extern const struct file_maker audit_download_maker;

#endif
