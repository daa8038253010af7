/* role/keystore.h: keyd's folder: the master key and what it wraps.
 *     keystore_master_new() once, at init · keystore_open() -> keystore_get() … -> keystore_close()
 * A file is 8 bytes "EGWKEY" kind version(1), then: master.key (kind 'm'): 32 bytes; the others: a number (u64, big-endian)
 * and an AEAD piece (crypt/aead.h) of 32 bytes, with all that stands before it as associated data: t-<number>.key (kind 't')
 * a tenant's data key, pepper.key ('p'), sign.key ('s', an Ed25519 seed) and backup.key ('b') under the number 0. Files are written beside
 * their place, synced and renamed. Not thread-safe. */
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

void keystore_pepper(const struct keystore *k, int64_t number, sv prehash, struct secret *out);   /* 32 bytes */
void keystore_backup(const struct keystore *k, sv id, struct secret *out);   /* the key of the backup with this id */
void keystore_sign(const struct keystore *k, sv data, unsigned char out[SIGN_BYTES]);
void keystore_public(const struct keystore *k, unsigned char out[SIGN_PUBLIC]);

#endif
