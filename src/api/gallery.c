/* api/gallery.c: photos, files and links of a room. */
#include "api/app.h"
#include "api/day.h"
#include "svc/file/stored.h"
#include "svc/talk/gallery.h"

struct gallery_query {
    sv kind, from, to;
    id64 by;
    int64_t before, limit;
};
static const struct field gallery_query_fields[] = {
    FIELD(struct gallery_query, kind, .need = true, .one_of = "photo|file|link",
          .doc = "photo: pictures and videos, by their content; file: all other files; link: addresses of the web in texts"),
    FIELD(struct gallery_query, by, .doc = "what this member sent alone"),
    FIELD(struct gallery_query, from, .max = 10, .doc = "first day of the tenant, 2026-11-26"),
    FIELD(struct gallery_query, to, .max = 10, .doc = "last day"),
    FIELD(struct gallery_query, before, .min = 1, .max = UINT32_MAX, .doc = "`next` of the page before"),
    FIELD(struct gallery_query, limit, .min = 1, .max = 100, .doc = "how many; 50 when absent. A few more where a message has several"),
};
static const struct schema gallery_query = SCHEMA("gallery_query", struct gallery_query, gallery_query_fields);

struct gallery_item_out {
    id64 message, author;
    int64_t seq;
    sv author_name, url;
    time64 sent;
    struct ref file;
};
static const struct field gallery_item_fields[] = {
    FIELD(struct gallery_item_out, message, .doc = "where it stands"),
    FIELD(struct gallery_item_out, seq, .doc = "of the message in its room"),
    FIELD(struct gallery_item_out, author, .doc = "the member who sent it; 0: see author_name"),
    FIELD(struct gallery_item_out, author_name, .doc = "name of an author who is no member"),
    FIELD(struct gallery_item_out, sent, .doc = "when, UTC ms"),
    FIELD(struct gallery_item_out, file, .of = &talk_file, .sparse = true, .doc = "the photo or file"),
    FIELD(struct gallery_item_out, url, .sparse = true, .doc = "the link"),
};
static const struct schema gallery_item = SCHEMA("gallery_item", struct gallery_item_out, gallery_item_fields);

struct gallery_out {
    struct list items;
    int64_t next;
};
static const struct field gallery_out_fields[] = {
    FIELD(struct gallery_out, items, .of = &gallery_item, .doc = "newest first; those of one message in its order"),
    FIELD(struct gallery_out, next, .sparse = true, .doc = "there are older ones: `before` of the next page"),
};
static const struct schema gallery_out = SCHEMA("gallery_out", struct gallery_out, gallery_out_fields);

static bool gallery(struct ctx *x, struct call *c, void *out)
{
    const struct gallery_query *in = c->query;
    struct gallery_question q = {.by = in->by, .before = in->before, .limit = in->limit ? (size_t)in->limit : 50};
    struct gallery_things all = {0};
    struct gallery_out *o = out;

    q.kind = sv_equal(in->kind, SV("photo")) ? GALLERY_PHOTO : sv_equal(in->kind, SV("file")) ? GALLERY_FILE : GALLERY_LINK;
    if (!query_day(x, in->from, "from", 0, &q.from_ms) || !query_day(x, in->to, "to", 1, &q.to_ms))
        return false;
    int64_t oldest = q.kind == GALLERY_LINK ? 0 : stored_oldest_ms(x);    /* beyond it no file can be had: file.ticket */
    q.from_ms = q.from_ms > oldest ? q.from_ms : oldest;
    if (!talk_gallery(x, c->object, &q, &all, &o->next))
        return false;
    struct gallery_item_out *v = ANEWN(x->arena, struct gallery_item_out, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct gallery_thing *t = &all.v[i];
        v[i] = (struct gallery_item_out){.message = talk_message_id(c->object, t->seq), .seq = t->seq, .author = t->author,
                                         .author_name = t->author_name, .sent = {t->sent_ms}, .file = {t->file}, .url = t->url};
    }
    o->items = (struct list){v, all.n};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.gallery", .method = GET, .path = "/rooms/:room/gallery", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .query = &gallery_query, .out = &gallery_out, .run = gallery,
     .doc = "Photos, files or links of a room, newest first, as far as the caller reads its messages."},
};
/* clang-format on */
const struct op_table gallery_ops = {ops, COUNT(ops)};
