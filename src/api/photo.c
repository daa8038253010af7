/* api/photo.c: pictures of members and rooms on their way in and out. */
#include "api/photo.h"
#include "base/plain.h"
#include "svc/file/stored.h"

#define PHOTO_CHARS 40960                                 /* PHOTO_BYTES as base64url */
_Static_assert(PHOTO_CHARS == PHOTO_BYTES / 3 * 4, "a photo of the largest size fits");

static const struct field photo_in_fields[] = {
    FIELD(struct photo_in, type, .need = true, .one_of = "image/png|image/jpeg|image/webp", .doc = "what the data are"),
    FIELD(struct photo_in, data, .need = true, .min = 1, .max = PHOTO_CHARS,
          .doc = "base64url without padding; at most 30 KiB and 512 points a side; only the picture itself is kept"),
};
const struct schema photo_in = SCHEMA("photo_in", struct photo_in, photo_in_fields);

struct photo_query {
    int64_t v;
};
static const struct field photo_query_fields[] = {
    FIELD(struct photo_query, v, .min = 1, .doc = "its version, as lists say it: an address of its own for each photo"),
};
const struct schema photo_query = SCHEMA("photo_query", struct photo_query, photo_query_fields);

bool photo_read(struct ctx *x, const struct photo_in *in, sv *bytes)
{
    if (!stored_may_upload(x))
        return false;
    return base64url_read(x->arena, in->data, bytes) ? true : fail_field(&x->failure, "data", "no base64url");
}

void photo_answer(struct ctx *x, struct call *c, id64 of, int64_t version, const struct photo *p)
{
    c->file = (struct file_out){
        .name = SV("photo"),
        .type = sv_cstr(x->arena, p->media_type),
        .shown = true,
        .etag = sv_printf(x->arena, "%" PRId64 "-%" PRId64, of.n, version),
        .size = (int64_t)p->bytes.n,
        .bytes = p->bytes,
    };
}
