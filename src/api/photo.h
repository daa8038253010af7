/* api/photo.h: pictures of members and rooms on their way in and out. */
#ifndef ENGAWA_API_PHOTO_H
#define ENGAWA_API_PHOTO_H

#include "core/op.h"
#include "core/photo.h"

struct photo_in {
    sv type, data;
};
extern const struct schema photo_in, photo_query;

bool photo_read(struct ctx *x, const struct photo_in *in, sv *bytes);      /* E_INVALID_VALUE field "data" */
/* The answer of an OP_FILE operation. `version` is the picture's, of the member or room `of`. */
void photo_answer(struct ctx *x, struct call *c, id64 of, int64_t version, const struct photo *p);

#endif
