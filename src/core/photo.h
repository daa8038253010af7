/* core/photo.h: a small picture that stands for a member or a room: checked as it comes in, stored whole, and sent with a
 * version that makes each one another address. */
#ifndef ENGAWA_CORE_PHOTO_H
#define ENGAWA_CORE_PHOTO_H

#include "core/ctx.h"

#define PHOTO_BYTES (30 * 1024)
#define PHOTO_SIDE  512

struct photo {
    sv media_type, bytes;
};

/* Only what makes the picture is kept (base/image.h); what was sent as one type and is another is refused.
 * E_INVALID_VALUE field "type" or "data"; E_TOO_LARGE: more than PHOTO_BYTES. */
bool photo_check(struct ctx *x, sv media_type, sv bytes, struct photo *out);
/* Of the picture that comes after the one of version `last` (0: none): greater, whatever the clock does. */
int64_t photo_next(const struct ctx *x, int64_t last);

#endif
