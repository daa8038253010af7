/* api/leave.c: what a member leaves behind that is being deleted. */
#include "api/app.h"
#include "api/group.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

bool member_leaves(struct ctx *x, id64 member)
{
    struct member m;

    /* Asked first: a refused deletion leaves no row of a master who was not replaced. */
    return org_member_target(x, member, &m) && groups_member_gone(x, member) && talk_member_gone(x, member);
}
