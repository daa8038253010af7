/* core/photo.c: what may stand for a member or a room. */
#include "core/photo.h"
#include "base/image.h"

bool photo_check(struct ctx *x, sv media_type, sv bytes, struct photo *out)
{
    enum image_type want;
    struct image im;
    const char *why;

    if (!image_type_find(media_type, &want))
        return fail_field(&x->failure, "type", "not one of the three kinds");
    if (bytes.n > PHOTO_BYTES)
        return fail(&x->failure, E_TOO_LARGE, "a photo of %zu bytes", bytes.n);
    if (!image_read(x->arena, bytes, &im, &why))
        return fail_field(&x->failure, "data", "%s", why);
    if (im.type != want)
        return fail_field(&x->failure, "type", "the data are of another kind");
    if (im.width > PHOTO_SIDE || im.height > PHOTO_SIDE)
        return fail_field(&x->failure, "data", "more points than a photo may have");
    *out = (struct photo){sv_c(image_media_type(im.type)), im.bytes};
    return true;
}

int64_t photo_next(const struct ctx *x, int64_t last)
{
    return x->now_ms > last ? x->now_ms : last + 1;
}
