/* role/keys_file.h: what a new machine needs beside a backup: a copy of keyd's folder without its master key (engawa.keys),
 * and the master key, as a copy of master.key or sealed by a passphrase (a recovery file).
 * engawa.keys: "EGWKEYS" version(1); for each file the length of its name (1 byte), name, length (u16, big-endian), bytes;
 * a name of no length; SHA-256 of all before. Every key in it is wrapped by the master key: who finds it has nothing.
 * Recovery file: "EGWRECO" version(1), salt[16], an AEAD piece of the master key under Argon2id(passphrase, salt), with the
 * 24 bytes before it as associated data. `why` is a literal. */
#ifndef ENGAWA_ROLE_KEYS_FILE_H
#define ENGAWA_ROLE_KEYS_FILE_H

#include "crypt/secret.h"

#define KEYS_FILE_MAX (64 * 1024 * 1024)

/* The wrapped keys of the folder `dir`. */
bool keys_gather(int dir, struct str *out, const char **why);
/* Writes them into the folder `dir`, which is empty. */
bool keys_spread(sv file, int dir, const char **why);

void recovery_put(const struct secret *master, sv passphrase, struct str *out);
bool recovery_is(sv file);
bool recovery_get(sv file, sv passphrase, struct secret *master, const char **why);

#endif
