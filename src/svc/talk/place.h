/* svc/talk/place.h: rooms that somebody else keeps: those of org units and groups, whose members follow from there, and
 * each member's room of service notices, which only the server writes into.
 *     talk_place_open() -> talk_place_sync() … talk_place_close() -> talk_place_restore() or talk_place_erase()
 * All of it runs on the writer, in the operation that changed the unit or group: members are told by room.joined and
 * room.left, and from the reply on who is no member any more reads nothing. Deleted members are left out everywhere.
 * A closed place is absent for everybody: lists, reads, posts, sync. A place that does not exist is E_NOT_FOUND. */
#ifndef ENGAWA_SVC_TALK_PLACE_H
#define ENGAWA_SVC_TALK_PLACE_H

#include "svc/talk/talk.h"

/* `kind`: ROOM_UNIT or ROOM_GROUP. A newcomer sees what was said before, or not, as room.history_for_newcomers says. */
bool talk_place_open(struct ctx *x, enum room_kind kind, sv name, const id64 *members, size_t n, id64 *room);
/* Its members become exactly these; also while it is closed. */
bool talk_place_sync(struct ctx *x, id64 room, const id64 *members, size_t n);
bool talk_place_rename(struct ctx *x, id64 room, sv name);
bool talk_place_close(struct ctx *x, id64 room);          /* again: nothing happens */
bool talk_place_restore(struct ctx *x, id64 room);        /* opens a closed one; an open one stays as it is */
bool talk_place_erase(struct ctx *x, id64 room);          /* for ever, with all that was said */

/* Any room, whoever asks: what of it the console may know. *there false: it is erased. */
bool talk_place_any(struct ctx *x, id64 room, struct room *out, bool *there);

/* One service notice to the member; its room is made when there is none. A deleted member gets none. The text is in the
 * member's language: talk_notice_in() picks it. */
bool talk_notice(struct ctx *x, id64 member, sv text);
bool talk_notice_in(struct ctx *x, id64 member, sv ja, sv en);
bool talk_notice_about(struct ctx *x, id64 member, sv ja, sv en, id64 message);     /* leads to a message */

/* A member was deleted: it leaves every room, and its service notices are erased. */
bool talk_member_gone(struct ctx *x, id64 member);

#endif
