/* role/keyc.h: calls to keyd over a link to it, each blocking until the answer (10 s at most). For the tenant's and
 * control's processes; keyd knows a tenant by its link, so `number` counts only from control. Keys that passed through
 * the link's buffers are wiped there. */
#ifndef ENGAWA_ROLE_KEYC_H
#define ENGAWA_ROLE_KEYC_H

#include "crypt/secret.h"
#include "net/ipc.h"

struct keyc_head {
    uint64_t size, time_ms;                               /* size 0 and time 0: none yet */
    unsigned char root[32], signature[64];
};

bool keyc_make(struct ipc *keyd, int64_t number);         /* control only; these two: false also when refused */
bool keyc_destroy(struct ipc *keyd, int64_t number);
bool keyc_get(struct ipc *keyd, int64_t number, struct secret *key);
bool keyc_pepper(struct ipc *keyd, const struct secret *prehash, struct secret *out);
bool keyc_sign_head(struct ipc *keyd, struct keyc_head *h);   /* fills the signature; false: refused */
bool keyc_last_head(struct ipc *keyd, int64_t number, struct keyc_head *out);   /* false: not authentic: refuse to serve */
bool keyc_public(struct ipc *keyd, unsigned char out[32]);

#endif
