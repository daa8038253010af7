/* svc/monitor/audit_check.h: whether the audit log of a database is the one that was written: every row against its leaf,
 * the tree against the rows, and a head that was signed against the tree of its size. For backups; the export that goes
 * out of the house is checked by auditverify, which shares no code. */
#ifndef ENGAWA_SVC_MONITOR_AUDIT_CHECK_H
#define ENGAWA_SVC_MONITOR_AUDIT_CHECK_H

#include "core/ctx.h"
#include "core/tree.h"

struct audit_check {
    int64_t rows;                                         /* in the tree, those that were erased after their term too */
    int64_t wrong;                                        /* the first row that is missing or was altered; 0: none */
    bool tree;                                            /* the rows give the tree that is stored */
    bool head;                                            /* the first `size` rows have the root asked for */
    struct sha256 root;                                   /* of all rows */
};

/* Uses x->db alone. `size` 0: no head was signed. False: the database does not answer. */
bool audit_check(struct ctx *x, int64_t tenant, uint64_t size, const struct sha256 *root, struct audit_check *out);

#endif
