/* api/room.h: what a member may do with a room beyond being in it. */
#ifndef ENGAWA_API_ROOM_H
#define ENGAWA_API_ROOM_H

#include "svc/talk/talk.h"

/* Who may name it: of several people, each of them; of a group, its masters and the admins of groups; of a unit, its leader
 * where that is delegated, and the admins of units. Rooms of two and service notices have no picture. */
bool room_picture_may(struct ctx *x, const struct room *r);

#endif
