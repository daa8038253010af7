/* svc/talk/room.h: rooms that members make themselves: of two people, of several. And how each member keeps its list.
 * All of it but the reads runs on the writer. Who comes and goes is told to the room by a line of the server's, to those
 * concerned by room.joined and room.left, and is a row of the log with the version of the membership.
 * E_DENIED: the room's members follow from elsewhere (unit, group, service notices), or only its maker may do it. */
#ifndef ENGAWA_SVC_TALK_ROOM_H
#define ENGAWA_SVC_TALK_ROOM_H

#include "core/photo.h"
#include "svc/talk/talk.h"

#define TALK_ROOM_NAME_MAX 100

/* The room of the acting member and `peer`; the one there is, or a new one. */
bool talk_direct(struct ctx *x, id64 peer, id64 *room, bool *made);
/* The same of two members, by the operator. */
bool talk_direct_of(struct ctx *x, const id64 both[2], id64 *room, bool *made);
/* Of the acting member and these. */
bool talk_several(struct ctx *x, sv name, bool history, const id64 *members, size_t n, id64 *room);
/* Who is in it already is passed over; *came: how many are new. */
bool talk_invite(struct ctx *x, id64 room, const id64 *members, size_t n, size_t *came);
bool talk_leave(struct ctx *x, id64 room);
bool talk_remove(struct ctx *x, id64 room, id64 member);  /* by the maker */
bool talk_rename(struct ctx *x, id64 room, sv name);
/* Its picture (core/photo.h), seen by its members; a line of the server's says who changed it. Whether the acting member may
 * is the caller's question, but for rooms that have none: E_DENIED. */
bool talk_photo_put(struct ctx *x, id64 room, const struct photo *p);
bool talk_photo_delete(struct ctx *x, id64 room);         /* fine when there is none */
bool talk_photo_find(struct ctx *x, id64 room, struct photo *out, int64_t *version);       /* E_NOT_FOUND: none */
bool talk_history_set(struct ctx *x, id64 room, bool history);                      /* by the maker; for newcomers from now on */
bool talk_prefs(struct ctx *x, id64 room, bool muted, bool pinned);

/* Writer: the members of a room change: count, version, who was in it when, and a row of the log. `first`: where the
 * history of newcomers begins. Nobody is told. */
bool talk_members_change(struct ctx *x, id64 room, const id64 *come, size_t n_come, int64_t first, const id64 *go,
                         size_t n_go);

#endif
