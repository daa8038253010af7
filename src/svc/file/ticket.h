/* svc/file/ticket.h: who holds a ticket gets one file, for a while, without a cookie. It names the session that asked for it, the
 * file, the use and the end, under a MAC of the tenant's own (doc/formats.md, "File ticket"). It opens nothing by itself: session,
 * rights and settings are asked again when it is shown. */
#ifndef ENGAWA_SVC_FILE_TICKET_H
#define ENGAWA_SVC_FILE_TICKET_H

#include "core/tenant.h"

#define FILE_SAVE_MS INT64_C(60000)                       /* of a file that is saved: one use */
#define FILE_SHOW_MS INT64_C(600000)                      /* of one that is shown in place */
#define FILE_EXPORT_MS INT64_C(3600000)                   /* of an archive, which may come in parts */

/* SHOW: the file itself; EXPORT: a room as an archive (api/export.h), where `file` is the export; the others: what was made of it. */
enum file_use { FILE_USE_SAVE = 1, FILE_USE_SHOW = 2, FILE_USE_SMALL = 3, FILE_USE_LARGE = 4, FILE_USE_PAGE = 5, FILE_USE_EXPORT = 6 };

struct file_ticket {
    enum file_use use;
    id64 session, file;
    int64_t page;                                         /* of FILE_USE_PAGE, else 0 */
    int64_t until_ms, number;                             /* number: of this ticket */
};

/* Of the acting member's session; its end and number are filled. */
sv file_ticket_new(struct ctx *x, struct file_ticket *t);
bool file_ticket_read(struct arena *a, const struct secret *key, sv text, struct file_ticket *out);    /* false: none of ours */
/* Writer. *first: its first use, where that is kept: small pictures are fetched by the dozen. E_TICKET_ENDED: over, or a saving
 * one used before. */
bool file_ticket_use(struct ctx *x, const struct file_ticket *t, bool *first);

#endif
