/* api/unit_room.h: rooms of units follow what org says about the units. All of it on the writer, in the operation that
 * changed the unit. */
#ifndef ENGAWA_API_UNIT_ROOM_H
#define ENGAWA_API_UNIT_ROOM_H

#include "svc/org/unit.h"

/* The people of these units are others now. A room is made with the first of them. */
bool unit_rooms_follow(struct ctx *x, const struct id_list *changed);
/* The unit was edited: its room has its name, and is open while talk is on. */
bool unit_room_edited(struct ctx *x, const struct unit *before, const struct unit *after);
bool unit_rooms_close(struct ctx *x, const struct units *gone);
bool unit_rooms_open(struct ctx *x, const struct units *back);
/* A chore's piece: one of the units deleted too long ago is erased, with all that was said in its room. */
bool unit_forget(struct ctx *x, bool *more);

#endif
