/* api/group.h: what the other tables of the api floor tell groups. */
#ifndef ENGAWA_API_GROUP_H
#define ENGAWA_API_GROUP_H

#include "core/ctx.h"

/* A member is being deleted: it leaves all groups; where it was the last master another one follows. */
bool groups_member_gone(struct ctx *x, id64 member);
/* Nightly: erases one group whose time to come back is over; *more: there may be another. */
bool groups_erase(struct ctx *x, bool *more);

#endif
