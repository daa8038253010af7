/* core/photo.c: what may stand for a member or a room. */
#include "core/photo.h"

static bool refuse(struct ctx *x, enum err code, const char *why)
{
    fail(&x->failure, code, "%s", why);
    x->failure.field = "upload";
    return false;
}

bool photo_made(struct ctx *x, const struct media_found *found, struct photo *out)
{
    const struct media_shot *s = &found->shots[0];

    if (found->verdict == MEDIA_TOO_MUCH)
        return refuse(x, E_TOO_LARGE, found->why);
    if (found->verdict != MEDIA_DONE || found->shots_n != 1)
        return refuse(x, E_NOT_PICTURE, found->verdict != MEDIA_DONE ? found->why : "no picture was made of it");
    if (s->kind != MEDIA_FACE || s->bytes.n > MEDIA_FACE_BYTES || s->width > MEDIA_FACE_SIDE || s->height > MEDIA_FACE_SIDE)
        return refuse(x, E_NOT_PICTURE, "what was made of it is none of ours");
    *out = (struct photo){SV("image/webp"), str_sv(&s->bytes)};
    return true;
}

int64_t photo_next(const struct ctx *x, int64_t last)
{
    return x->now_ms > last ? x->now_ms : last + 1;
}
