/* api/photo.c: pictures of members and rooms on their way in and out. */
#include "api/photo.h"
#include "api/app.h"
#include "api/stored.h"

struct photo_in {
    id64 upload;
};
static const struct field photo_in_fields[] = {
    FIELD(struct photo_in, upload, .need = true, .doc = "of photo.begin, whole: a picture of any kind that can be read here; it is gone with the answer"),
};
const struct schema photo_in = SCHEMA("photo_in", struct photo_in, photo_in_fields);

struct photo_query {
    int64_t v;
};
static const struct field photo_query_fields[] = {
    FIELD(struct photo_query, v, .min = 1, .doc = "its version, as lists say it: an address of its own for each photo"),
};
const struct schema photo_query = SCHEMA("photo_query", struct photo_query, photo_query_fields);

/* ---- in ---- */

/* From prepare on to the end. */
struct coming {
    struct stored upload;
    struct scan_found scan;
    bool scanned;                                         /* now, with other signatures than when it came */
    struct failure refusal;                               /* of the picture itself: the writer says it, and drops the upload */
    struct photo photo;
};

static bool begin(struct ctx *x, struct call *c, void *out)
{
    return upload_begin(x, ID_NONE, c->in, out);
}

bool photo_prepare(struct ctx *x, struct call *c)
{
    const struct photo_in *in = c->in;
    struct coming *k = ANEW(x->arena, struct coming);

    c->prepared = k;
    c->look = stored_face(x, in->upload, &k->upload);
    return c->look;
}

static void read_picture(struct ctx *x, struct coming *k, const struct media_found *found)
{
    if (photo_made(x, found, &k->photo))
        return;
    k->refusal = x->failure;
    failure_clear(&x->failure);
}

/* What cannot be done now comes again, and the upload stays for it; what can never be done is the writer's to refuse. */
bool photo_look(struct ctx *x, struct call *c)
{
    struct coming *k = c->prepared;
    struct media_found found;

    if (!scan_again(x, &k->upload, &k->scan, &k->scanned))
        return false;
    if (k->scanned)
        k->upload.scan = k->scan.state;
    if (!scan_passes(x, k->upload.scan)) {
        if (k->upload.scan == SCAN_HELD)
            return false;
        k->refusal = x->failure;
        failure_clear(&x->failure);
        return true;
    }
    if (!stored_face_look(x, &k->upload, &found))
        return false;
    read_picture(x, k, &found);
    return true;
}

bool photo_taken(struct ctx *x, const struct call *c, const struct photo **out)
{
    const struct coming *k = c->prepared;
    struct stored now;

    *out = &k->photo;
    if (!stored_face(x, k->upload.id, &now))              /* another may have taken it meanwhile */
        return false;
    if (k->refusal.code == E_NONE)
        return true;
    x->failure = k->refusal;
    return false;
}

/* Taken or refused, the upload has done. */
bool photo_settle(struct ctx *x, struct call *c)
{
    const struct coming *k = c->prepared;
    struct stored now;

    if (!stored_own(x, k->upload.id, &now)) {
        if (x->failure.code != E_NOT_FOUND)
            return false;
        failure_clear(&x->failure);
        return true;
    }
    return stored_cancel(x, now.id) && (!k->scanned || k->scan.state != SCAN_INFECTED || file_refused(x, &now, &k->scan));
}

/* ---- out ---- */

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

/* clang-format off */
static const struct op ops[] = {
    {.name = "photo.begin", .method = POST, .path = "/uploads", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE, .audit = AUDIT_FILE_UPLOAD,
     .in = &upload_in, .out = &upload_out, .run = begin,
     .doc = "Begins to upload a picture that is to stand for a member or a room; its bytes come in parts, as those of a file do."},
};
/* clang-format on */
const struct op_table photo_ops = {ops, COUNT(ops)};
