/* svc/org/profile.h: what a member shows of itself beside its record: a photo, and for a while a line on what it is doing.
 * What changes something runs on the writer. Who may see or change it is the caller's question. */
#ifndef ENGAWA_SVC_ORG_PROFILE_H
#define ENGAWA_SVC_ORG_PROFILE_H

#include "core/photo.h"

#define PROFILE_PRESENCE    60                            /* characters */

/* What is refused: core/photo.h. */
bool profile_photo_put(struct ctx *x, id64 member, const struct photo *p);
bool profile_photo_delete(struct ctx *x, id64 member);    /* fine when there is none */
/* Its version, one more than the last at every change; 0: none. */
bool profile_photo_version(struct ctx *x, id64 member, int64_t *version);
bool profile_photo_find(struct ctx *x, id64 member, struct photo *out);    /* E_NOT_FOUND: none */

struct presence {
    sv text;                                              /* "": nothing is said */
    int64_t until_ms;                                     /* the first moment at which it is over; 0: stays */
};

/* An empty text says nothing any more. E_INVALID_VALUE field "until": already over, or more than a year ahead. */
bool profile_presence_put(struct ctx *x, id64 member, const struct presence *p);
/* Of the column member.presence; nothing once it is over. */
struct presence profile_presence(struct arena *a, sv stored, int64_t now_ms);

/* What is kept about a member beside its record. */
struct profile_kept {
    int64_t password_ms, sessions, devices, browsers, accesses;   /* password_ms: when it was set; 0: none was */
    bool here_hidden;                                     /* svc/org/here.h */
};
bool profile_kept(struct ctx *x, id64 member, struct profile_kept *out);

#endif
