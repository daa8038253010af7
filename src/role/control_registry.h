/* role/control_registry.h: control's own database: the tenants of the installation and what its operators did.
 *     registry_open() -> registry_find()/registry_put() …, registry_log() before every answer -> registry_close()
 * Tenants are kept in memory as well; the database is the truth and every change is on the disk when a call returns.
 * One thread. */
#ifndef ENGAWA_ROLE_CONTROL_REGISTRY_H
#define ENGAWA_ROLE_CONTROL_REGISTRY_H

#include "core/tree.h"
#include "store/db_digest.h"

#define WORKGROUP_MAX 63

enum tenant_state {
    TENANT_OPEN,
    TENANT_SUSPENDED,
    TENANT_DECOY,                                         /* answers for unknown workgroups; nobody can sign in */
    TENANT_OPENING,                                       /* made, but its first member is not there yet */
    TENANT_DECOY_NEW,                                     /* the decoy before its database is made */
    TENANT_CLOSING,                                       /* cancelled: only the operator is served, until it is erased */
    TENANT_ERASING,                                       /* being erased: nothing brings it back */
};

struct tenant_row {
    int64_t number, uid_index, opened_ms;
    int64_t due_ms;                                       /* when its process wants to be awake next; 0: nothing waits */
    enum tenant_state state;
    sv workgroup, company;
    bool running;                                         /* not stored: its process is there */
    int64_t due_told_ms, woken_ms;                        /* not stored: due_ms to be; when it was last started for it (monotonic; 0: not yet) */
    bool due_asked;                                       /* not stored: it waits to hear that due_told_ms is kept */
    int64_t closed_told_ms, reopened_ms;                  /* not stored: the cancellation that its process told last; the one that was taken back */
};

struct registry;

/* Opens or makes registry.db in the process's folder. NULL: `f` says why. */
struct registry *registry_open(const struct secret *key, enum db_cipher cipher, struct failure *f);
void registry_close(struct registry **r);

/* Letters, digits, '-' and '.', beginning and ending with a letter or digit, 2 … 63 characters; in lower case in `out`,
 * which has WORKGROUP_MAX + 1 bytes. */
bool workgroup_read(sv text, char *out);

/* Rows belong to the registry and live until registry_remove(). */
struct tenant_row *registry_find(const struct registry *r, int64_t number);
struct tenant_row *registry_find_name(const struct registry *r, sv workgroup);   /* whatever its case; never the decoy */
struct tenant_row *registry_next(const struct registry *r, const struct tenant_row *after);   /* NULL: the first */
struct tenant_row *registry_decoy(const struct registry *r);

/* False with E_CONFLICT when the workgroup is taken. uid_index is given here. */
struct tenant_row *registry_add(struct registry *r, const struct tenant_row *row, struct failure *f);
bool registry_state(struct registry *r, struct tenant_row *row, enum tenant_state state, struct failure *f);
bool registry_remove(struct registry *r, struct tenant_row *row, struct failure *f);
/* Of all rows what was told is kept, in one transaction; nothing is written where nothing differs. */
bool registry_due_keep(struct registry *r, struct failure *f);
/* The first row, by its moment, of those that `fits`; NULL: none. */
struct tenant_row *registry_due(const struct registry *r, bool (*fits)(const struct tenant_row *));

/* One line of the operators' log: who (uid), what (operation), for which workgroup, with which result ("begun", "ok" or an
 * error's code). On the disk when it returns true. */
struct ops_row {
    int64_t seq, time_ms, uid;
    sv what, workgroup, result;
};
bool registry_log(struct registry *r, const struct ops_row *row, struct failure *f);
/* Its rows are leaves of a Merkle tree (core/tree.h), whose heads keyd signs; size and root as they are now. */
void registry_log_head(const struct registry *r, uint64_t *size, struct sha256 *root);

/* What a look at every row gives. `wrong`: the first row that is missing or was altered, 0: none. */
struct ops_check {
    int64_t rows, wrong;
    bool missing;
    bool head;                                            /* the first `size` rows have the root asked for */
};
bool registry_log_check(struct registry *r, uint64_t size, const struct sha256 *root, struct ops_check *out, struct failure *f);
/* A copy of the database as snapshot.db beside it; `key` is the registry's; `tables` of the same moment, into `a`. Nobody else
 * is served meanwhile: it is small. */
bool registry_copy(struct registry *r, const struct secret *key, struct arena *a, struct db_tables *tables, struct failure *f);

/* The last `max` rows before `before` (0: from the newest), newest first, into `a`. */
struct ops_row *registry_log_read(struct registry *r, struct arena *a, int64_t before, int64_t max, size_t *n, struct failure *f);

/* Backups, newest first: those that were made whole (why: ""), and tries that failed (why: an error's code). */
struct backup_row {
    int64_t begun_ms, ended_ms, bytes, tenants;
    sv why, id;                                           /* id: hex, as the file begins with; "" */
    int64_t drill_ms;                                     /* when it was last restored for a drill; 0: it was not */
    bool drill_equal;
};
bool registry_backup_add(struct registry *r, const struct backup_row *row, struct failure *f);
struct backup_row *registry_backups(struct registry *r, struct arena *a, int64_t max, size_t *n, struct failure *f);

/* A drill: the backup that was restored, and where it differed ("": nowhere). */
struct drill_row {
    int64_t ended_ms, backup_ms;                          /* backup_ms: when it was begun; for one whose id is known that is looked up */
    bool equal;
    sv place, id;
};
bool registry_drill_add(struct registry *r, const struct drill_row *row, struct failure *f);   /* E_NOT_FOUND: no such backup */

/* What alarms look at; times of what there was none of are 0. */
struct backup_state {
    int64_t begun_ms, ended_ms, bytes;                    /* of the last whole backup */
    bool failed;                                          /* one was begun after it, and failed */
    int64_t drill_ms, equal_ms;                           /* the last drill, the last that found everything equal */
    bool drill_equal;
};
bool registry_backup_state(struct registry *r, struct backup_state *out, struct failure *f);

#endif
