/* api/watermark.h: the text that the phone app shows over pictures, films and documents (FIL-03): whose session it is, and when. */
#ifndef ENGAWA_API_WATERMARK_H
#define ENGAWA_API_WATERMARK_H

#include "core/schema.h"
#include "core/ctx.h"

struct watermark {
    sv name, id, time;
};
extern const struct schema watermark_out;

bool watermark_of(struct ctx *x, struct watermark *out);            /* of the acting member, now, by the tenant's clock */
sv   watermark_lines(struct ctx *x, const struct watermark *m);     /* one below the other */

#endif
