/* role/ctl_backup.h: what making a backup and looking at one share. A trouble has a code that stays: with --json it is
 * {"error":{"code":…,"message":…}} on standard output, else a sentence with the code on standard error.
 *   exit 1: damaged not_whole wrong_key missing_key altered     exit 4: unreadable unwritable full exists not_empty busy no_backup broken_off
 *   not_a_backup no_keys passphrase */
#ifndef ENGAWA_ROLE_CTL_BACKUP_H
#define ENGAWA_ROLE_CTL_BACKUP_H

#include "role/backup_file.h"
#include "role/ctl.h"
#include "role/keystore.h"

#define KEYS_NAME   "engawa.keys"
#define BACKUP_TAIL ".backup"
#define PART_TAIL   ".part"                               /* no name of a whole backup ends so */

PRINTF(4, 5) int ctl_trouble(const struct ctl *c, int exit_code, const char *code, const char *fmt, ...);   /* returns exit_code */
/* By errno: full or unwritable. */
int ctl_write_trouble(const struct ctl *c, sv path);
PRINTF(2, 3) void ctl_progress(const struct ctl *c, const char *fmt, ...);   /* a line on standard error; nothing with --json */
sv ctl_size(struct arena *a, int64_t bytes);              /* "12.4 MiB" */

/* A file that is there whole or not at all: written beside its place, synced, renamed. False: errno. */
bool ctl_file_put(int dir, const char *name, sv bytes, mode_t mode);

/* A folder with all that is in it; no link is followed. */
void ctl_remove_tree(int dir, const char *name);

/* `path` as its folder (opened) and the rest. -1: errno. */
int ctl_folder_of(struct arena *a, sv path, const char **name);

/* ctl_key_store.c. All return an exit code, and have said what is wrong. */
int ctl_own(struct ctl *c, const char *op, sv json, struct json_value *out);      /* control's own */
int ctl_keys_gather(struct ctl *c, struct str *out, int64_t *change);    /* engawa.keys, and at which number of changes */
int ctl_keys_put(struct ctl *c, int folder, sv keys, int64_t change);    /* there, and control knows the place from now on */
int ctl_keys_spread(struct ctl *c, bool all, size_t *left, struct json *unreached);   /* the newest copy at every place that is known */

struct backup_tenant {
    int64_t number, audit_rows;
    int64_t objects, object_bytes;                        /* files that lie in the operator's store, and are not in the backup */
    sv workgroup, audit_root;
};

#endif
