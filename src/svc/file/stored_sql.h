/* svc/file/stored_sql.h: rows of `stored`, `blob` and `file_ticket`. */
#ifndef ENGAWA_SVC_FILE_STORED_SQL_H
#define ENGAWA_SVC_FILE_STORED_SQL_H

#include "svc/file/stored.h"

bool stored_sql_blob_add(struct ctx *x, id64 blob, int64_t size, const struct secret *key);
bool stored_sql_blob(struct ctx *x, id64 blob, int64_t *size, struct secret *key);         /* E_NOT_FOUND */
bool stored_sql_blob_known(struct ctx *x, id64 blob, bool *known);         /* of the folder; one that lies in the store is none of it */
bool stored_sql_blob_drop(struct ctx *x, id64 blob, bool *dropped);        /* unless a file has it */
bool stored_sql_blobs(struct ctx *x, id64 after, size_t max, struct blob_ids *ids, struct list *sizes);

bool stored_sql_add(struct ctx *x, const struct stored *s);
bool stored_sql_find(struct ctx *x, id64 file, struct stored *out, bool *there);
bool stored_sql_open(struct ctx *x, id64 member, int64_t *n);              /* how many of its files are not sent */
bool stored_sql_have(struct ctx *x, const struct stored *s);               /* have, state, type */
bool stored_sql_send(struct ctx *x, id64 file, id64 message, bool *sent);
bool stored_sql_delete(struct ctx *x, const struct stored *s);
bool stored_sql_of_message(struct ctx *x, id64 message, struct stored_set *out);
bool stored_sql_of_blob(struct ctx *x, id64 blob, struct stored_set *out);  /* who had it first comes first */
bool stored_sql_expired(struct ctx *x, size_t max, struct stored_set *out);
/* Of files after `after` in the order of their ids, `looked` at most: those whose message is gone, or older than that. */
bool stored_sql_left(struct ctx *x, id64 after, int64_t looked, int64_t below_ms, struct stored_set *out, id64 *last);
bool stored_sql_term_changed(struct ctx *x, int64_t *ms);

/* *may: the session is there, and no malware was found in the blob. */
bool stored_sql_reads(struct ctx *x, id64 session, id64 blob, bool *may);
/* *first: nobody used it before. */
bool stored_sql_ticket_use(struct ctx *x, int64_t ticket, int64_t until_ms, bool *first);
bool stored_sql_tickets_forget(struct ctx *x);

#endif
