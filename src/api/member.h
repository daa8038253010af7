/* api/member.h: a member as the console lists it: shared by the console's operations and the operator's. */
#ifndef ENGAWA_API_MEMBER_H
#define ENGAWA_API_MEMBER_H

#include "core/op.h"
#include "svc/org/org.h"

struct console_member_out {
    id64 id;
    sv login, family, given, family_reading, given_reading, role, role_name, status;
    bool on_leave, role_paused, locked;
    int64_t photo, units;
    sv unit;
    time64 last_seen;
};
extern const struct schema console_member_out;

bool console_member_fill(struct ctx *x, const struct member *m, struct console_member_out *o);
/* The day of a moment, where the tenant is. */
sv   member_day(struct ctx *x, int64_t ms);

#endif
