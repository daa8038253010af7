/* core/audit.h: no action without its row, in the same transaction; the rows are leaves of a Merkle tree (core/tree.h).
 *     audit() … in an operation -> audit_store() by the writer after the batch's last RELEASE, before COMMIT
 * A row says who (actor, channel, address), what (kind), on which object, with which result, how often, and a detail
 * (JSON, sealed). Leaf = SHA-256(0x00 | canonical bytes | 16 random salt): audit_canonical() and doc/formats.md. */
#ifndef ENGAWA_CORE_AUDIT_H
#define ENGAWA_CORE_AUDIT_H

#include "base/failure.h"
#include "core/tree.h"
#include "store/db.h"

enum audit_kind {
    AUDIT_UNSET,                                          /* refused at start: every operation says what it writes */
    AUDIT_NONE,                                           /* by name: this operation writes no row */
#define AUDIT(name, id, log, ja, en) AUDIT_##name,
#include "core/audit.def"
#undef AUDIT
    AUDIT_COUNT
};

struct audit_def {
    const char *id, *log, *ja, *en;
};
const struct audit_def *audit_def(enum audit_kind k);     /* from AUDIT_NONE + 1 on */
bool audit_find(sv id, enum audit_kind *out);

struct audit_row {
    enum audit_kind kind;
    int64_t seq, time_ms;                                 /* seq: given by audit_store() */
    id64 actor;
    int channel;                                          /* enum channel */
    sv ip;
    id64 object;
    enum err result;                                      /* E_NONE: done */
    int64_t count;                                        /* 1, or how many equal refusals this row stands for */
    sv detail;                                            /* JSON object or "" */
};

#define AUDIT_SALT 16

struct ctx;
/* Collects a row of the operation at hand; its result is set when the operation ends. `detail` may be SV_NONE. */
void audit(struct ctx *x, enum audit_kind kind, id64 object, sv detail);

/* The bytes under the hash, without the salt (doc/formats.md, audit row 1). `detail_hash` is over the stored bytes. */
void audit_canonical(struct str *out, int64_t tenant, const struct audit_row *r, const struct sha256 *detail_hash);

/* Gives the rows their numbers and hashes and inserts them with the moved tree. The caller replaces its tree by *t only
 * after COMMIT. */
bool audit_store(struct db *d, struct arena *a, int64_t tenant, struct tree *t, struct audit_row *rows, size_t n);
bool audit_load(struct db *d, struct tree *t);            /* the tree as of the last commit */

/* Refusals: the first of equal ones (actor or address, kind, result, object, detail) is a row at once, the others are gathered and come
 * as one row a minute with their count. One gatherer per tenant, on its main thread. */
struct audit_gather;
struct audit_gather *audit_gather_new(void);
void audit_gather_free(struct audit_gather **g);
/* True: write this row now. False: it was counted. */
bool audit_gather_first(struct audit_gather *g, const struct audit_row *r, int64_t now_ms);
/* Rows of whole minutes that are due; `out` has room for `max`; the texts live in `a`. */
size_t audit_gather_due(struct audit_gather *g, int64_t now_ms, struct arena *a, struct audit_row *out, size_t max);

#endif
