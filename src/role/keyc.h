/* role/keyc.h: control's calls to keyd over its link, each blocking until the answer (10 s at most). */
#ifndef ENGAWA_ROLE_KEYC_H
#define ENGAWA_ROLE_KEYC_H

#include "crypt/hash.h"
#include "net/ipc.h"

/* False: refused, or no answer. */
bool keyc_make(struct ipc *keyd, int64_t number, bool *full);   /* full: it was not, for want of room on the disk */
bool keyc_destroy(struct ipc *keyd, int64_t number);
bool keyc_erase(struct ipc *keyd, int64_t number);
bool keyc_renew(struct ipc *keyd, int64_t number, bool *full);
bool keyc_prepare(struct ipc *keyd, bool *full);
bool keyc_rotate(struct ipc *keyd);
bool keyc_forget_old(struct ipc *keyd, int64_t before_ms);
struct keyc_state {
    int64_t made_ms, left;
    bool rotating, renewing;                              /* renewing: the tenant that was named */
    char id[24];
};
bool keyc_state(struct ipc *keyd, int64_t number, struct keyc_state *out);
bool keyc_fault(struct ipc *keyd, sv name, int64_t n);    /* test builds */
bool keyc_public(struct ipc *keyd, struct arena *a, sv *key);          /* 32 bytes, Ed25519 */
bool keyc_sign(struct ipc *keyd, uint64_t size, const struct sha256 *root, int64_t time_ms);   /* the operators' log */
bool keyc_last_head(struct ipc *keyd, uint64_t *size, struct sha256 *root);   /* size 0: none was signed yet */
bool keyc_backup(struct ipc *keyd, sv id, struct secret *key);
bool keyc_figures(struct ipc *keyd, struct arena *a, sv *figures);
bool keyc_get(struct ipc *keyd, int64_t number, struct secret *key);   /* wiped from the link's buffer */

#endif
