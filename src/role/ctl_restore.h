/* role/ctl_restore.h: a backup on its way to be a house again, for those who look through it (engawactl backup verify), keep it
 * (restore) or try whether it could be kept (drill): one way for all, piece by piece into a folder, each database opened with
 * its own key, looked through, its log compared with the heads that were signed and its tables with what was said of them
 * when it was copied.
 *     restoring_begin() -> restoring_source() -> restoring_unpack() -> restoring_end()
 * A failure is said by ctl_trouble(), and stands in rc. */
#ifndef ENGAWA_ROLE_CTL_RESTORE_H
#define ENGAWA_ROLE_CTL_RESTORE_H

#include "role/ctl_backup.h"
#include "role/headlog.h"
#include "store/db_digest.h"

/* A database of the backup, as it is there. */
struct restored {
    int64_t number;                                       /* REGISTRY_TENANT: the registry */
    sv workgroup;                                         /* as the registry says */
    int64_t audit_rows, rows;                             /* rows: of all tables */
    size_t tables;
    sv audit_root;
    bool compared;                                        /* with what was said of them */
};

struct restoring {
    struct ctl *c;
    bool keep;                                            /* what was looked at stays */
    int dir;                                              /* the folder that is filled */
    const char *path;                                     /* its name, for the engine */
    sv file;                                              /* the backup */
    unsigned char id[BACKUP_ID];
    struct secret master;
    struct keystore *keys;
    struct headlog *heads;
    struct backup_in *in;
    enum db_cipher cipher;
    VEC(struct restored) found;                           /* the registry is the first */
    VEC(struct backup_tenant) registered;                 /* number and workgroup of the tenants that the registry names */
    VEC(int64_t) gone;                                    /* tenants whose keys were destroyed for good: nothing of theirs is restored */
    struct db_tables tables;                              /* of the database that came last */
    struct arena *tables_arena;
    size_t pieces;
    int64_t bytes, begun_ms;                              /* begun: when the backup was, as its manifest says; 0: not read yet */
    sv version;                                           /* … of the program that made it */
    int fd;                                               /* the piece that is written */
    const char *at;                                       /* its path */
    int rc;
    /* Where it went wrong: what was looked at, the byte of the file (-1: none), the table ("": none). */
    sv wrong_at, wrong_table;
    int64_t wrong_byte;
};

bool restoring_fault(struct restoring *r, int rc);        /* false */

/* ctl_keys.c. The first line of a file, a passphrase for a new recovery file. An exit code; said. */
int ctl_passphrase(struct ctl *c, sv path, sv *out);
/* `from` is a backup, or a folder, which stands for its newest one; opens the keys it needs. */
bool restoring_source(struct restoring *r, sv from);
bool restoring_master(struct restoring *r);

/* ctl_whole.c: what was just written is what it should be. */
bool restoring_altered(struct restoring *r, sv what, const char *how, int64_t at);
bool restoring_piece(struct restoring *r, sv name);
bool restoring_tables(struct restoring *r, sv said);      /* of the database that came last */
bool restoring_manifest(struct restoring *r, sv text);

/* ctl_restore.c */
/* A new folder of `name` (mkdtemp) at --scratch, or in /var/tmp. NULL: said. */
const char *restoring_scratch(struct ctl *c, const char *name);
bool restoring_begin(struct restoring *r, struct ctl *c, const char *path);    /* the folder is there; false: said */
bool restoring_unpack(struct restoring *r);
void restoring_end(struct restoring *r);                  /* closes all; the folder stays */
void restoring_remove(const char *path);                  /* with all that is in it */

#endif
