/* api/photo.h: pictures of members and rooms on their way in and out. What comes in is an upload like any other, and is gone with the
 * answer: what is kept is the small picture that was made of it.
 *     photo.begin, file.part … -> an operation with photo_prepare, photo_look, photo_settle, and photo_taken() in its run */
#ifndef ENGAWA_API_PHOTO_H
#define ENGAWA_API_PHOTO_H

#include "core/op.h"
#include "core/photo.h"

extern const struct schema photo_in, photo_query;

bool photo_prepare(struct ctx *x, struct call *c);
bool photo_look(struct ctx *x, struct call *c);
bool photo_settle(struct ctx *x, struct call *c);
/* Writer: the picture, where there is one. E_NOT_FOUND, E_NOT_PICTURE, E_TOO_LARGE, E_MALWARE … */
bool photo_taken(struct ctx *x, const struct call *c, const struct photo **out);

/* The answer of an OP_FILE operation. `version` is the picture's, of the member or room `of`. */
void photo_answer(struct ctx *x, struct call *c, id64 of, int64_t version, const struct photo *p);

#endif
