/* role/headlog.h: the installation's log of signed audit heads, kept by keyd: heads.log in its folder.
 *     headlog_open() -> headlog_last() / headlog_sign() … -> headlog_close()
 * A record is 129 bytes: version(1) tenant size (u64, big-endian) root[32] time (u64 ms) signature[64] check[8], where check
 * is the beginning of SHA-256 over the 121 bytes before it, and the signature (Ed25519) is over head_bytes(). The log only
 * grows; a torn record at its end, left by a crash, is cut off when it is opened. */
#ifndef ENGAWA_ROLE_HEADLOG_H
#define ENGAWA_ROLE_HEADLOG_H

#include "role/keystore.h"

#define HEAD_RECORD 129

struct head {
    int64_t tenant;
    uint64_t size, time_ms;
    unsigned char root[32], signature[SIGN_BYTES];
};

struct headlog;

/* What is signed: "engawa head 1\n" tenant size (u64, big-endian) root[32] time (u64). */
void head_bytes(struct str *out, const struct head *h);

struct headlog *headlog_open(int dir, const char **why);  /* NULL: `why`; e.g. a damaged record before the end */
void headlog_close(struct headlog **l);

/* The tenant's last signed head; false: none yet. Not authentic (somebody wrote the file): *broken. */
bool headlog_last(struct headlog *l, const struct keystore *k, int64_t tenant, struct head *out, bool *broken);

/* Signs h (fills h->signature), appends and syncs it. Refused: smaller than the last one of its tenant, another root for
 * the same size, a broken last one. The same head again gives a signature and no second record. */
bool headlog_sign(struct headlog *l, const struct keystore *k, struct head *h);

#endif
