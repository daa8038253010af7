/* api/storage.c: how much is stored, in the console: of the company, and room by room. */
#include "api/app.h"
#include "core/policy.h"
#include "svc/file/storage.h"
#include "svc/talk/place.h"

#define PAGE 50

struct storage_query {
    id64 after;
    int64_t bytes;
};
static const struct field storage_query_fields[] = {
    FIELD(struct storage_query, after, .doc = "the last room of the page before, with its `bytes`"),
    FIELD(struct storage_query, bytes, .min = 0, .max = INT64_MAX, .doc = "bytes of that room"),
};
static const struct schema storage_query = SCHEMA("storage_query", struct storage_query, storage_query_fields);

struct storage_room_out {
    id64 id;
    sv name, kind;
    int64_t bytes, files, members;
};
static const struct field storage_room_fields[] = {
    FIELD(struct storage_room_out, id, .doc = "the room"),
    FIELD(struct storage_room_out, name, .doc = "of an org unit's or a group's; \"\": what others call their rooms is theirs"),
    FIELD(struct storage_room_out, kind, .doc = "unit, group, several, direct; \"\": the room is erased, its files go within a day"),
    FIELD(struct storage_room_out, bytes, .doc = "of its files; one that was forwarded counts in each room that has it"),
    FIELD(struct storage_room_out, files, .doc = "how many they are, those on their way included"),
    FIELD(struct storage_room_out, members, .doc = "how many people are in it"),
};
static const struct schema storage_room_out = SCHEMA("storage_room_out", struct storage_room_out, storage_room_fields);

struct storage_out {
    int64_t used, quota, room_quota;
    struct list rooms;
    bool more;
};
static const struct field storage_out_fields[] = {
    FIELD(struct storage_out, used, .doc = "bytes that the company's files take, with the pictures that were made of them"),
    FIELD(struct storage_out, quota, .doc = "bytes that they may take"),
    FIELD(struct storage_out, room_quota, .doc = "bytes that the files of one room may take; -1: as many as the company's"),
    FIELD(struct storage_out, rooms, .of = &storage_room_out, .doc = "those with most first"),
    FIELD(struct storage_out, more, .doc = "others follow"),
};
static const struct schema storage_out = SCHEMA("storage_out", struct storage_out, storage_out_fields);

static bool room_fill(struct ctx *x, const struct storage *s, struct storage_room_out *o)
{
    struct room r;
    bool there;

    if (!talk_place_any(x, s->room, &r, &there))
        return false;
    *o = (struct storage_room_out){.id = s->room, .name = r.name, .kind = there ? sv_c(talk_room_kind_name(r.kind)) : SV(""),
                                   .bytes = s->bytes, .files = s->files, .members = r.members};
    return true;
}

static bool storage(struct ctx *x, struct call *c, void *out)
{
    const struct storage_query *q = c->query;
    struct storage all, after = {.room = q->after, .bytes = q->bytes};
    struct storage_set rooms = {0};
    struct storage_out *o = out;

    if (!storage_of(x, ID_NONE, &all) || !storage_rooms(x, &after, PAGE + 1, &rooms))
        return false;
    *o = (struct storage_out){.used = all.bytes, .quota = policy_bytes(x->policy, "plan.storage_quota"),
                              .room_quota = policy_bytes(x->policy, "talk.room_storage_quota"), .more = rooms.n > PAGE};
    size_t n = o->more ? PAGE : rooms.n;
    struct storage_room_out *v = ANEWN(x->arena, struct storage_room_out, n);
    for (size_t i = 0; i < n; i++)
        if (!room_fill(x, &rooms.v[i], &v[i]))
            return false;
    o->rooms = (struct list){v, n};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.storage", .method = GET, .path = "/console/storage", .who = WHO_CONSOLE, .menu = M_STATS_STORAGE, .flags = OP_READ,
     .audit = AUDIT_NONE, .query = &storage_query, .out = &storage_out, .run = storage,
     .doc = "How much is stored: by the company, and by each room, those with most first."},
};
/* clang-format on */
const struct op_table storage_ops = {ops, COUNT(ops)};
