/* svc/file/storage.h: how much is stored, by the tenant and by each room, without counting it anew. A row is moved in the
 * transaction that stores or erases what it counts. The tenant's row counts blobs: each once, however many messages have it, with
 * the pictures that were made of them, and from the moment at which an upload begins. A room's row counts its files: one that was
 * forwarded counts in every room that has it, pictures that were made of it in none; a picture that is to stand for somebody has no
 * room. */
#ifndef ENGAWA_SVC_FILE_STORAGE_H
#define ENGAWA_SVC_FILE_STORAGE_H

#include "core/ctx.h"

struct storage {
    id64 room;                                            /* ID_NONE: the tenant */
    int64_t bytes, files;
};
struct storage_set {
    struct storage *v;
    size_t n, cap;
};
struct storage_faults {
    sv *v;                                                /* sentences, which name rooms by their ids */
    size_t n, cap;
};

bool storage_moved(struct ctx *x, id64 room, int64_t bytes, int64_t files);      /* writer */
/* Any thread. The sum of a room, or of the tenant. */
bool storage_of(struct ctx *x, id64 room, struct storage *out);
/* May `bytes` more come? E_QUOTA (room: ID_NONE) or E_ROOM_QUOTA, which tell how much is there and how much is left. */
bool storage_takes(struct ctx *x, id64 room, int64_t bytes);
/* Rooms by what they hold, those with most first, from behind `after` on; its room ID_NONE: from the first. */
bool storage_rooms(struct ctx *x, const struct storage *after, int64_t limit, struct storage_set *out);

/* Do the sums agree with what they count? `max` faults at most; x->db stands in one moment. */
bool storage_check(struct ctx *x, size_t max, struct storage_faults *out);

#endif
