/* api/room.c: rooms that members make: of two people, of several; their pictures; and how each keeps its list. */
#include "api/room.h"
#include "api/app.h"
#include "api/photo.h"
#include "base/plain.h"
#include "svc/org/group.h"
#include "svc/org/unit.h"
#include "svc/talk/room.h"
#include "svc/talk/talk_out.h"

struct create_in {
    sv kind, name;
    struct list members;
    bool history;
};
static const struct field create_in_fields[] = {
    FIELD(struct create_in, kind, .need = true, .one_of = "direct|several",
          .doc = "direct: with one other member, the room there is or a new one"),
    FIELD(struct create_in, members, .need = true, .min = 1, .max = TALK_ROOM_MEMBERS_MAX, .doc = "ids of the others"),
    FIELD(struct create_in, name, .max = TALK_ROOM_NAME_MAX, .doc = "of a room of several people"),
    FIELD(struct create_in, history, .doc = "newcomers see what was said before"),
};
static const struct schema create_in = SCHEMA("create_in", struct create_in, create_in_fields);

struct invite_in {
    struct list members;
};
static const struct field invite_in_fields[] = {
    FIELD(struct invite_in, members, .need = true, .min = 1, .max = TALK_ROOM_MEMBERS_MAX, .doc = "ids of those who come"),
};
static const struct schema invite_in = SCHEMA("invite_in", struct invite_in, invite_in_fields);

struct remove_in {
    id64 member;
};
static const struct field remove_in_fields[] = {FIELD(struct remove_in, member, .need = true, .doc = "who goes")};
static const struct schema remove_in = SCHEMA("remove_in", struct remove_in, remove_in_fields);

struct change_in {
    sv name;
};
static const struct field change_in_fields[] = {
    FIELD(struct change_in, name, .need = true, .min = 1, .max = TALK_ROOM_NAME_MAX, .doc = "its name from now on"),
};
static const struct schema change_in = SCHEMA("room_change_in", struct change_in, change_in_fields);

struct history_in {
    bool history;
};
static const struct field history_in_fields[] = {
    FIELD(struct history_in, history, .need = true, .doc = "newcomers see what was said before"),
};
static const struct schema history_in = SCHEMA("room_history_in", struct history_in, history_in_fields);

struct prefs_in {
    bool muted, pinned;
};
static const struct field prefs_in_fields[] = {
    FIELD(struct prefs_in, muted, .need = true, .doc = "no notices of it"),
    FIELD(struct prefs_in, pinned, .need = true, .doc = "kept at the top"),
};
static const struct schema prefs_in = SCHEMA("room_prefs_in", struct prefs_in, prefs_in_fields);

/* The room as the caller has it now. */
static bool answer(struct ctx *x, id64 room, void *out)
{
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    talk_room_fill(x, &r, out);
    return true;
}

/* Without the blanks around it; of blanks alone it is none. */
static bool name_read(struct ctx *x, sv given, sv *name)
{
    *name = text_trim(given);
    return name->n ? true : fail_field(&x->failure, "name", "missing, or blank");
}

static bool create(struct ctx *x, struct call *c, void *out)
{
    const struct create_in *in = c->in;
    const id64 *ids = in->members.v;
    bool made;
    id64 room;
    sv name;

    if (sv_equal(in->kind, SV("direct"))) {
        if (in->members.n != 1 || in->name.n)
            return fail_field(&x->failure, in->name.n ? "name" : "members", "one other member, no name");
        if (!talk_direct(x, ids[0], &room, &made))
            return false;
        c->repeat = !made;
        return answer(x, room, out);
    }
    return name_read(x, in->name, &name) && talk_several(x, name, in->history, ids, in->members.n, &room) && answer(x, room, out);
}

static bool invite(struct ctx *x, struct call *c, void *out)
{
    const struct invite_in *in = c->in;
    size_t came;

    if (!talk_invite(x, c->object, in->members.v, in->members.n, &came))
        return false;
    c->repeat = came == 0;                                /* all were in it already: nothing happened */
    return answer(x, c->object, out);
}

static bool leave(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return talk_leave(x, c->object);
}

static bool remove_member(struct ctx *x, struct call *c, void *out)
{
    const struct remove_in *in = c->in;

    return talk_remove(x, c->object, in->member) && answer(x, c->object, out);
}

static bool change(struct ctx *x, struct call *c, void *out)
{
    const struct change_in *in = c->in;
    sv name;

    audit(x, AUDIT_ROOM_CHANGE, c->object, SV_NONE);
    return name_read(x, in->name, &name) && talk_rename(x, c->object, name) && answer(x, c->object, out);
}

static bool history(struct ctx *x, struct call *c, void *out)
{
    const struct history_in *in = c->in;

    audit(x, AUDIT_ROOM_CHANGE, c->object, in->history ? SV("{\"history\":true}") : SV("{\"history\":false}"));
    return talk_history_set(x, c->object, in->history) && answer(x, c->object, out);
}

static bool prefs(struct ctx *x, struct call *c, void *out)
{
    const struct prefs_in *in = c->in;

    audit(x, AUDIT_ROOM_PREFS, c->object, SV_NONE);
    return talk_prefs(x, c->object, in->muted, in->pinned) && answer(x, c->object, out);
}

/* ---- the picture ---- */

static bool group_may(struct ctx *x, id64 room)
{
    bool mine, master;
    struct group g;

    if (reaches(x->actor.reach, M_MEMBER_GROUP))
        return true;
    return group_of_room(x, room, &g) && group_seen(x, g.id, &g, &mine, &master) && master;
}

static bool unit_may(struct ctx *x, id64 room)
{
    struct unit u;

    if (reaches(x->actor.reach, M_MEMBER_UNIT))
        return true;
    return unit_of_room(x, room, &u) && u.delegation && u.leader.n == x->actor.member.n;
}

bool room_picture_may(struct ctx *x, const struct room *r)
{
    return r->kind == ROOM_SEVERAL || (r->kind == ROOM_GROUP && group_may(x, r->id)) || (r->kind == ROOM_UNIT && unit_may(x, r->id));
}

static bool picture_may(struct ctx *x, id64 room)
{
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    return room_picture_may(x, &r) ||
           (x->failure.code == E_NONE && fail(&x->failure, E_DENIED, "the room's picture is for others to change"));
}

static bool photo(struct ctx *x, struct call *c, void *out)
{
    struct photo p;
    int64_t version;

    (void)out;
    if (!talk_photo_find(x, c->object, &p, &version))
        return false;
    photo_answer(x, c, c->object, version, &p);
    return true;
}

static bool photo_put(struct ctx *x, struct call *c, void *out)
{
    const struct photo *p;

    audit(x, AUDIT_ROOM_PHOTO, c->object, SV("{\"fields\":[\"photo\"]}"));
    return picture_may(x, c->object) && photo_taken(x, c, &p) && talk_photo_put(x, c->object, p) && answer(x, c->object, out);
}

static bool photo_delete(struct ctx *x, struct call *c, void *out)
{
    audit(x, AUDIT_ROOM_PHOTO, c->object, SV("{\"removed\":[\"photo\"]}"));
    return picture_may(x, c->object) && talk_photo_delete(x, c->object) && answer(x, c->object, out);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "room.create", .method = POST, .path = "/rooms", .who = WHO_MEMBER, .service = SERVICE_TALK, .flags = OP_WRITE | OP_WS,
     .audit = AUDIT_ROOM_ADD, .in = &create_in, .out = &talk_room_out, .run = create,
     .doc = "Begins to talk: with one other member in the room there is, with several in a new one."},
    {.name = "room.invite", .method = POST, .path = "/rooms/:room/members", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_JOIN, .in = &invite_in, .out = &talk_room_out, .run = invite,
     .doc = "Asks more members into a room of several people."},
    {.name = "room.quit", .method = POST, .path = "/rooms/:room/leave", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_LEAVE, .out = &nothing_out, .run = leave,
     .doc = "Leaves a room of several people."},
    {.name = "room.remove", .method = POST, .path = "/rooms/:room/remove", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_LEAVE, .in = &remove_in, .out = &talk_room_out, .run = remove_member,
     .doc = "Takes a member out of a room that the caller made."},
    {.name = "room.change", .method = PUT, .path = "/rooms/:room", .who = WHO_MEMBER, .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_CHANGE, .in = &change_in, .out = &talk_room_out, .run = change,
     .doc = "Another name for a room of several people."},
    {.name = "room.history", .method = PUT, .path = "/rooms/:room/history", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_CHANGE, .in = &history_in, .out = &talk_room_out, .run = history,
     .doc = "Whether those who come from now on see what was said before; by the room's maker."},
    {.name = "room.prefs", .method = PUT, .path = "/rooms/:room/prefs", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_ROOM_PREFS, .in = &prefs_in, .out = &talk_room_out, .run = prefs,
     .doc = "How the member keeps the room in its list."},
    {.name = "room.photo", .method = GET, .path = "/rooms/:room/photo", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_READ | OP_FILE, .audit = AUDIT_NONE, .query = &photo_query, .run = photo, .doc = "The picture of a room."},
    {.name = "room.photo.put", .method = PUT, .path = "/rooms/:room/photo", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_SLOW, .audit = AUDIT_ROOM_PHOTO, .in = &photo_in, .out = &talk_room_out, .prepare = photo_prepare, .look = photo_look,
     .run = photo_put, .settle = photo_settle,
     .doc = "Gives a room a picture; by whoever may name it."},
    {.name = "room.photo.delete", .method = DELETE_, .path = "/rooms/:room/photo", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE, .audit = AUDIT_ROOM_PHOTO, .out = &talk_room_out, .run = photo_delete, .doc = "Takes a room's picture away."},
};
/* clang-format on */
const struct op_table room_ops = {ops, COUNT(ops)};
