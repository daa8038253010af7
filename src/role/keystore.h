/* role/keystore.h: keyd's folder: the master key and what it wraps.
 *     keystore_master_new() once, at init · keystore_open() -> keystore_get() … -> keystore_close()
 * A file is 8 bytes "EGWKEY" kind version(1), then: master.key (kind 'm'): 32 bytes; the others: a number (u64, big-endian)
 * and an AEAD piece (crypt/aead.h) of 32 bytes, with all that stands before it as associated data: t-<number>.key (kind 't')
 * a tenant's data key, n-<number>.key ('n') the one that is to take its place, o-<number>-<ms>.key ('o') one that it took the place of
 * then, which older backups need; x-<number>.key ('x': u64 ms, zeros) says that a tenant's keys were destroyed for good; pepper.key ('p'),
 * sign.key ('s', an Ed25519 seed), backup.key ('b') and epoch.key ('e': u64 ms, zeros: since when the master key is in use) under the
 * number 0. Files are written beside their place, synced and renamed.
 * Another master key: keystore_prepare() writes master.new, keystore_rotate() renames it to master.next, and from then on, also after
 * a crash, every file is wrapped by either; keystore_rotate_step() wraps one more by the new one, the last renames it to master.key.
 * Not thread-safe. */
#ifndef ENGAWA_ROLE_KEYSTORE_H
#define ENGAWA_ROLE_KEYSTORE_H

#include "crypt/sign.h"

struct keystore;

/* Makes master.key (0400) in `dir`. False: it is there already, or cannot be written; `why` says it. */
bool keystore_master_new(int dir, const char **why);

/* Reads the master key and opens or makes pepper and signing key. NULL: `why` says it: master.key missing, readable by
 * its group or others, of another length; a file that is not authentic. Borrows `dir`. */
struct keystore *keystore_open(int dir, const char **why);
/* The same for a copy of the folder without master.key, which is given. */
struct keystore *keystore_open_with(int dir, const struct secret *master, const char **why);
void keystore_close(struct keystore **k);                 /* wipes */

/* What a copy of master.key holds. False: `why`; it may be readable by its owner alone. */
bool keystore_master_read(int dir, const char *name, struct secret *out, const char **why);
bool keystore_master_write(int dir, const struct secret *master, const char **why);   /* master.key (0400), new */

bool keystore_make(struct keystore *k, int64_t number);   /* false: the number has a key already, or it was not stored; errno */
bool keystore_get(struct keystore *k, int64_t number, struct secret *out);   /* false: none, or not authentic */
bool keystore_destroy(struct keystore *k, int64_t number);   /* overwrites, then removes; false: none or not removed */


/* A file of the store that is wrapped by the master key. False: it is none. */
#define KEY_NAME 40
bool keystore_name(sv name, char *kind, int64_t *number);

/* For good: its keys are overwritten and removed, no new one is ever made under the number, and a copy of the store says so. Done
 * already: true. */
bool keystore_erase(struct keystore *k, int64_t number, int64_t now_ms);
bool keystore_gone(struct keystore *k, int64_t number, int64_t *ms);

/* Another data key of a tenant, which has the present one until keystore_promote(). */
bool keystore_renew(struct keystore *k, int64_t number);  /* true also when it is there already */
bool keystore_next(struct keystore *k, int64_t number, struct secret *out);  /* false: none */
bool keystore_promote(struct keystore *k, int64_t number, int64_t now_ms);   /* false: there is none, or not stored; again, then */
/* Keys that the present one took the place of, from i = 0 on; false: no more. */
bool keystore_old(struct keystore *k, int64_t number, size_t i, struct secret *out);
bool keystore_put(struct keystore *k, int64_t number, const struct secret *key);   /* in a copy alone: what its database opens with */
size_t keystore_forget_old(struct keystore *k, int64_t before_ms);           /* how many */

/* Which master key it is, to name it to a person: 16 hex digits and a NUL. */
#define KEY_ID 17
void keystore_id(const struct secret *master, char out[KEY_ID]);
struct keystore_state {
    char id[KEY_ID];
    int64_t made_ms;                                      /* since when this master key is in use; 0: not known */
    bool rotating;
    int64_t left;                                         /* files still wrapped by the old one */
};
void keystore_state(struct keystore *k, struct keystore_state *out);
bool keystore_prepare(struct keystore *k, const char **why);                 /* master.new; another try replaces it */
bool keystore_rotate(struct keystore *k, const char **why);                  /* false: nothing prepared, or one is under way */
bool keystore_rotating(const struct keystore *k);
bool keystore_rotate_step(struct keystore *k, int64_t now_ms);               /* false: not stored: again later */

void keystore_pepper(const struct keystore *k, int64_t number, sv prehash, struct secret *out);   /* 32 bytes */
void keystore_backup(const struct keystore *k, sv id, struct secret *out);   /* the key of the backup with this id */
void keystore_sign(const struct keystore *k, sv data, unsigned char out[SIGN_BYTES]);
void keystore_public(const struct keystore *k, unsigned char out[SIGN_PUBLIC]);

#endif
