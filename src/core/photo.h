/* core/photo.h: a small picture that stands for a member or a room: made by the process that reads strangers' files (core/media.h),
 * stored whole, and sent with a version that makes each one another address. Older ones may be PNG or JPEG, as they were sent. */
#ifndef ENGAWA_CORE_PHOTO_H
#define ENGAWA_CORE_PHOTO_H

#include "core/ctx.h"
#include "core/media.h"

struct photo {
    sv media_type, bytes;
};

/* Of what was found with MEDIA_WANT_FACE. E_NOT_PICTURE: it cannot be decoded; E_TOO_LARGE: beyond the limits of core/media.h;
 * both with field "upload". */
bool photo_made(struct ctx *x, const struct media_found *found, struct photo *out);
/* Of the picture that comes after the one of version `last` (0: none): greater, whatever the clock does. */
int64_t photo_next(const struct ctx *x, int64_t last);

#endif
