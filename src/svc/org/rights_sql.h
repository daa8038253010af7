/* svc/org/rights_sql.h: the statements of admin rights. */
#ifndef ENGAWA_SVC_ORG_RIGHTS_SQL_H
#define ENGAWA_SVC_ORG_RIGHTS_SQL_H

#include "svc/org/rights.h"

/* Stored numbers: never renumber. */
enum handover_state { HANDOVER_OPEN = 1, HANDOVER_DONE = 2, HANDOVER_ENDED = 3 };

bool rights_sql_holders(struct ctx *x, struct holders *out);
bool rights_sql_role(struct ctx *x, id64 member, enum role role, id64 custom, id64 by);
bool rights_sql_wake(struct ctx *x, id64 member);
bool rights_sql_handover(struct ctx *x, struct handover *out);
bool rights_sql_handover_add(struct ctx *x, const struct handover *h);
bool rights_sql_handover_expire(struct ctx *x);
bool rights_sql_handover_state(struct ctx *x, id64 id, enum handover_state s);

#endif
