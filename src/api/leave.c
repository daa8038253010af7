/* api/leave.c: what a member leaves behind that is being deleted. */
#include "api/app.h"
#include "api/group.h"
#include "svc/talk/place.h"

bool member_leaves(struct ctx *x, id64 member)
{
    return groups_member_gone(x, member) && talk_member_gone(x, member);
}
