/* api/tried.h: what follows a try to prove a password, right or wrong: the `settle` of the operations that ask for one. */
#ifndef ENGAWA_API_TRIED_H
#define ENGAWA_API_TRIED_H

#include "core/op.h"
#include "svc/account/account.h"

/* Stores the counts; tells the member and the admins who can help when this try was the one too many. */
bool tried(struct ctx *x, const struct proof *p);
/* For ops whose c->prepared is a struct proof. */
bool tried_settle(struct ctx *x, struct call *c);
/* For ops that ask the acting member's own password again: their body, and their `prepare`; c->prepared is a struct proof. */
extern const struct schema own_password_in;
bool own_password_prepare(struct ctx *x, struct call *c);
/* The same sentence to every admin who reaches the submenu, but for `but`. */
bool tell_admins(struct ctx *x, enum menu reach, id64 but, sv ja, sv en);
/* "森 太郎 (taro)" */
sv member_called(struct ctx *x, id64 member);

#endif
