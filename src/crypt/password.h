/* crypt/password.h: passwords are kept as Argon2id over a keyed prehash, so that a copy of the database alone
 * allows no guess (security B1.04).
 *     password_prehash(tenant, password) -> keyd answers HMAC(pepper, tenant | prehash) -> password_hash()/password_check()
 * The whole password counts, whatever its length. Slow on purpose: call only on the slow queue. */
#ifndef ENGAWA_CRYPT_PASSWORD_H
#define ENGAWA_CRYPT_PASSWORD_H

#include "crypt/secret.h"

#define PASSWORD_MEM_KIB  19456                           /* 19 MiB, the floor */
#define PASSWORD_OPS_MIN  2
#define PASSWORD_OPS_MAX  1000
#ifdef ENGAWA_TEST
#define PASSWORD_MS       1                               /* the least work that is allowed: tests sign in a thousand times */
#else
#define PASSWORD_MS       100                             /* an attempt shall cost at least this (security B1.04) */
#endif

/* 32 bytes over all bytes of the password, bound to the tenant. */
void password_prehash(int64_t tenant, sv password, struct secret *out);

/* `peppered` is keyd's answer. `ops` = Argon2id passes (>= PASSWORD_OPS_MIN). Result: the standard
 * "$argon2id$v=19$m=…" text with a fresh 16-byte salt, appended to out. */
void password_hash(const struct secret *peppered, unsigned ops, struct str *out);
bool password_check(const struct secret *peppered, sv stored);
/* A key of 32 bytes from a passphrase that a person keeps: Argon2id, 256 MiB, three passes, a second or so. */
#define PASSPHRASE_SALT 16
bool passphrase_key(sv passphrase, const unsigned char salt[PASSPHRASE_SALT], struct secret *out);   /* false: no memory */
/* Same work as password_check() against nothing: for unknown members. Always false. */
bool password_decoy(const struct secret *peppered, unsigned ops);
#ifdef ENGAWA_TEST
/* At the start of a test build's server: a password costs next to nothing from now on, for its tests log in ten thousand times.
 * Unit tests have the real cost, and a release has nothing to make it less. */
void password_cheap(void);
#endif
/* Smallest number of passes >= PASSWORD_OPS_MIN that takes >= ms on this machine (a few measurements). */
unsigned password_calibrate(int64_t ms);

#endif
