/* svc/contract/home.h: what waits for an admin and how far the opening of a tenant has come: counts alone. */
#ifndef ENGAWA_SVC_CONTRACT_HOME_H
#define ENGAWA_SVC_CONTRACT_HOME_H

#include "core/ctx.h"
#include "core/member_state.h"

struct home {
    int64_t locked;                                       /* members whose log-in is paused after wrong passwords */
    int64_t not_started;                                  /* whose start date lies ahead */
    int64_t never_seen;                                   /* who may log in and never did */
    int64_t waiting;                                      /* who came by an invitation and waits for approval */
    int64_t role_paused;                                  /* admins whose role waits for the super admin */
    int64_t handover;                                     /* an offer of the super admin's role that is open */
    int64_t members, units, sub_admins;
    int64_t company, password;                            /* settings of theirs that a member has changed */
};

bool contract_home(struct ctx *x, struct home *out);

#endif
