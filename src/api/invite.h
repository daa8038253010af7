/* api/invite.h: what a change of settings means to those who wait for approval. */
#ifndef ENGAWA_API_INVITE_H
#define ENGAWA_API_INVITE_H

#include "svc/contract/contract.h"

/* Writer, after the settings have changed: automatic approval, just turned on, makes members of all who wait, as far as there
 * are seats and their IDs are free. E_WAITING with their number unless the change is confirmed. */
bool invited_follow(struct ctx *x, const struct setting_changes *c);

#endif
