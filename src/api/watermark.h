/* api/watermark.h: the text that the phone app shows over pictures, films and documents (FIL-03): whose session it is, and when. */
#ifndef ENGAWA_API_WATERMARK_H
#define ENGAWA_API_WATERMARK_H

#include "core/op.h"
#include "core/schema.h"
#include "svc/file/stored.h"

struct watermark {
    sv name, id, time;
};
extern const struct schema watermark_out;

bool watermark_of(struct ctx *x, struct watermark *out);            /* of the acting member, now, by the tenant's clock */
/* Of an operation with .make = watermark_draw: the picture that it was about to answer with is drawn on when its row is on the disk. */
bool watermark_later(struct ctx *x, struct call *c, struct stored_reading *reading, const struct rendition *of);
bool watermark_draw(struct ctx *x, struct call *c);

#endif
