/* api/talk.c: rooms, messages and sync for members; rooms and saved history for the operator. */
#include "api/app.h"
#include "api/room.h"
#include "api/stored.h"
#include "base/rand.h"
#include "svc/org/group.h"
#include "svc/org/unit.h"
#include "svc/talk/imported.h"
#include "svc/talk/message.h"
#include "svc/talk/read_out.h"
#include "svc/talk/room.h"
#include "svc/talk/talk_out.h"

#include <string.h>

struct rooms_out {
    int64_t pos;
    struct list rooms;
};
static const struct field rooms_out_fields[] = {
    FIELD(struct rooms_out, pos, .doc = "events up to here are in this answer: sync from it"),
    FIELD(struct rooms_out, rooms, .of = &talk_room_out, .doc = "by their newest message"),
};
static const struct schema rooms_out = SCHEMA("rooms_out", struct rooms_out, rooms_out_fields);

struct place_out {
    id64 id;
    sv kind, name, description;
    struct list masters;
};
static const struct field place_out_fields[] = {
    FIELD(struct place_out, kind, .one_of = "unit|group", .doc = "what the room belongs to"),
    FIELD(struct place_out, id, .doc = "the unit or group"),
    FIELD(struct place_out, name, .doc = "its name"),
    FIELD(struct place_out, description, .doc = "what it is for"),
    FIELD(struct place_out, masters, .doc = "ids of its masters, or of its leader"),
};
static const struct schema place_out = SCHEMA("place_out", struct place_out, place_out_fields);

struct room_read_out {
    struct ref room, place;
    struct list member_ids;
    bool may_picture;
};
static const struct field room_read_out_fields[] = {
    FIELD(struct room_read_out, room, .of = &talk_room_out, .doc = "the room"),
    FIELD(struct room_read_out, member_ids, .doc = "its members"),
    FIELD(struct room_read_out, place, .of = &place_out, .null = true, .doc = "the unit or group whose room it is"),
    FIELD(struct room_read_out, may_picture, .doc = "the caller may give it a picture"),
};
static const struct schema room_read_out = SCHEMA("room_read_out", struct room_read_out, room_read_out_fields);

struct post_in {
    sv key, kind, text, stamp;
    int64_t reply, thread;
    struct list mentions, files;
    struct ref location, contact, poll;
    bool important;
    time64 deadline;
};
static const struct field post_in_fields[] = {
    FIELD(struct post_in, key, .need = true, .min = 36, .max = 36, .doc = "UUID version 7: makes a repeat harmless"),
    FIELD(struct post_in, kind, .one_of = "text|stamp|location|contact|poll|file", .doc = "what it is; a text when absent"),
    FIELD(struct post_in, text, .max = 10000, .lines = true, .doc = "plain text; the question of a poll; what is said with files; else absent"),
    FIELD(struct post_in, reply, .min = 1, .max = UINT32_MAX, .doc = "seq of the message it answers"),
    FIELD(struct post_in, thread, .min = 1, .max = UINT32_MAX, .doc = "seq of the message under which it stands"),
    FIELD(struct post_in, mentions, .of = &talk_mention_in, .max = TALK_MENTIONS_MAX, .doc = "who is named in the text"),
    FIELD(struct post_in, stamp, .max = 40, .doc = "name of a stamp"),
    FIELD(struct post_in, files, .max = TALK_FILES_MAX, .doc = "ids of whole uploads for this room, in order"),
    FIELD(struct post_in, location, .of = &talk_location, .doc = "a place"),
    FIELD(struct post_in, contact, .of = &talk_contact, .doc = "how to reach somebody"),
    FIELD(struct post_in, poll, .of = &talk_poll, .doc = "what can be chosen"),
    FIELD(struct post_in, important, .doc = "everybody should read it"),
    FIELD(struct post_in, deadline, .doc = "until when; of an important one"),
};
static const struct schema post_in = SCHEMA("post_in", struct post_in, post_in_fields);

struct sync_query {
    int64_t since;
};
static const struct field sync_query_fields[] = {
    FIELD(struct sync_query, since, .need = true, .min = 0, .doc = "the pos that the client holds"),
};
static const struct schema sync_query = SCHEMA("sync_query", struct sync_query, sync_query_fields);

struct event_out {
    int64_t pos;
    id64 room;
    sv event, data;
};
static const struct field event_out_fields[] = {
    FIELD(struct event_out, pos, .doc = "its position"),
    FIELD(struct event_out, event, .doc = "its name"),
    FIELD(struct event_out, room, .doc = "0: told to the member itself"),
    FIELD(struct event_out, data, .json = true, .doc = "as in the live event, by the event's schema"),
};
static const struct schema event_out = SCHEMA("event_out", struct event_out, event_out_fields);

struct sync_out {
    int64_t pos;
    bool reset;
    struct list events;
};
static const struct field sync_out_fields[] = {
    FIELD(struct sync_out, pos, .doc = "hold this from now on"),
    FIELD(struct sync_out, reset, .doc = "too much is missing: load the room list anew"),
    FIELD(struct sync_out, events, .of = &event_out, .doc = "in order"),
};
static const struct schema sync_out = SCHEMA("sync_out", struct sync_out, sync_out_fields);

struct room_add_in {
    sv kind, name, key;
    struct list members;
};
static const struct field room_add_in_fields[] = {
    FIELD(struct room_add_in, kind, .one_of = "several|direct", .doc = "several when absent; direct: the room of two members"),
    FIELD(struct room_add_in, name, .max = 100, .doc = "the room's name; of two members: absent"),
    FIELD(struct room_add_in, key, .min = 36, .max = 36, .doc = "under the same key the room that stands is answered"),
    FIELD(struct room_add_in, members, .need = true, .max = TALK_ROOM_MEMBERS_MAX, .doc = "ids of its members"),
};
static const struct schema room_add_in = SCHEMA("room_add_in", struct room_add_in, room_add_in_fields);

struct room_member_in {
    id64 room, member;
};
static const struct field room_member_in_fields[] = {
    FIELD(struct room_member_in, room, .need = true, .doc = "the room"),
    FIELD(struct room_member_in, member, .need = true, .doc = "the member"),
};
static const struct schema room_member_in = SCHEMA("room_member_in", struct room_member_in, room_member_in_fields);

static const struct field import_reaction_in_fields[] = {
    FIELD(struct talk_import_answer, mark, .need = true, .min = 1, .max = 40, .doc = "an emoji of the set"),
    FIELD(struct talk_import_answer, members, .need = true, .max = TALK_ROOM_MEMBERS_MAX, .doc = "ids of who reacted, first first"),
};
static const struct schema import_reaction_in =
    SCHEMA("import_reaction_in", struct talk_import_answer, import_reaction_in_fields);

static const struct field import_votes_in_fields[] = {
    FIELD(struct talk_import_answer, choice, .max = TALK_CHOICES_MAX, .doc = "its place among the choices, from 0"),
    FIELD(struct talk_import_answer, members, .need = true, .max = TALK_ROOM_MEMBERS_MAX, .doc = "ids of who chose it"),
};
static const struct schema import_votes_in = SCHEMA("import_votes_in", struct talk_import_answer, import_votes_in_fields);

struct import_message_in {
    sv key, sender_name, kind, text, stamp, reply_key, thread_key;
    id64 sender, pinned_by;
    time64 sent;
    struct list mentions, reactions, votes;
    struct ref poll;
    bool important;
};
static const struct field import_message_in_fields[] = {
    FIELD(struct import_message_in, key, .need = true, .min = 36, .max = 36, .doc = "derived from place and text"),
    FIELD(struct import_message_in, sender, .doc = "the member who wrote it; absent: sender_name"),
    FIELD(struct import_message_in, sender_name, .max = 100, .doc = "name of an author who is no member"),
    FIELD(struct import_message_in, kind, .need = true, .one_of = "text|system|stamp|poll", .doc = "what it is"),
    FIELD(struct import_message_in, text, .max = 10000, .lines = true, .doc = "plain text; the question of a poll; of a stamp: absent"),
    FIELD(struct import_message_in, stamp, .max = 40, .doc = "name of a stamp"),
    FIELD(struct import_message_in, poll, .of = &talk_poll, .doc = "what could be chosen"),
    FIELD(struct import_message_in, mentions, .of = &talk_mention_in, .max = TALK_MENTIONS_MAX, .doc = "who is named in the text"),
    FIELD(struct import_message_in, important, .doc = "everybody should read it"),
    FIELD(struct import_message_in, reply_key, .min = 36, .max = 36, .doc = "the message of the room it answers"),
    FIELD(struct import_message_in, thread_key, .min = 36, .max = 36, .doc = "the message of the room under which it stands"),
    FIELD(struct import_message_in, reactions, .of = &import_reaction_in, .max = TALK_MARKS_MAX, .doc = "who reacted, and how"),
    FIELD(struct import_message_in, votes, .of = &import_votes_in, .max = TALK_CHOICES_MAX, .doc = "who voted, and for what"),
    FIELD(struct import_message_in, pinned_by, .doc = "who pinned it; absent: nobody"),
    FIELD(struct import_message_in, sent, .need = true, .doc = "UTC ms"),
};
static const struct schema import_message_in =
    SCHEMA("import_message_in", struct import_message_in, import_message_in_fields);

struct import_in {
    id64 room;
    struct list messages;
};
static const struct field import_in_fields[] = {
    FIELD(struct import_in, room, .need = true, .doc = "the room they go into"),
    FIELD(struct import_in, messages, .of = &import_message_in, .need = true, .max = 500, .doc = "in the file's order"),
};
static const struct schema import_in = SCHEMA("import_in", struct import_in, import_in_fields);

struct import_read_in {
    id64 member;
    sv key;
};
static const struct field import_read_in_fields[] = {
    FIELD(struct import_read_in, member, .need = true, .doc = "who has read"),
    FIELD(struct import_read_in, key, .max = 36, .doc = "up to this message and no further; absent: nothing"),
};
static const struct schema import_read_in = SCHEMA("import_read_in", struct import_read_in, import_read_in_fields);

struct import_reads_in {
    id64 room;
    struct list reads;
};
static const struct field import_reads_in_fields[] = {
    FIELD(struct import_reads_in, room, .need = true, .doc = "the room"),
    FIELD(struct import_reads_in, reads, .of = &import_read_in, .need = true, .max = TALK_ROOM_MEMBERS_MAX,
          .doc = "whose reading is another than the import left it"),
};
static const struct schema import_reads_in = SCHEMA("import_reads_in", struct import_reads_in, import_reads_in_fields);

struct import_out {
    int64_t added, present;
};
static const struct field import_out_fields[] = {
    FIELD(struct import_out, added, .doc = "how many are new"),
    FIELD(struct import_out, present, .doc = "how many stood there already"),
};
static const struct schema import_out = SCHEMA("import_out", struct import_out, import_out_fields);

struct id_out {
    id64 id;
};
static const struct field id_out_fields[] = {FIELD(struct id_out, id, .doc = "the room")};
static const struct schema room_id_out = SCHEMA("room_id_out", struct id_out, id_out_fields);

static bool room_list(struct ctx *x, struct call *c, void *out)
{
    struct rooms_out *o = out;
    struct rooms all = {0};

    (void)c;
    if (!talk_pos(x, &o->pos) || !talk_room_list(x, &all))
        return false;
    struct talk_room_out *v = ANEWN(x->arena, struct talk_room_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        talk_room_fill(x, &all.v[i], &v[i]);
    o->rooms = (struct list){v, all.n};
    return true;
}

static bool group_place(struct ctx *x, id64 room, struct ref *out)
{
    struct place_out *o = ANEW(x->arena, struct place_out);
    struct group_people masters = {0};
    struct group g;

    if (!group_of_room(x, room, &g))
        return true;
    if (!group_masters(x, g.id, &masters))
        return false;
    id64 *ids = ANEWN(x->arena, id64, masters.n);
    for (size_t i = 0; i < masters.n; i++)
        ids[i] = masters.v[i].member;
    *o = (struct place_out){.id = g.id, .kind = SV("group"), .name = g.name, .description = g.description,
                            .masters = {ids, masters.n}};
    out->v = o;
    return true;
}

static bool unit_place(struct ctx *x, id64 room, struct ref *out)
{
    struct place_out *o = ANEW(x->arena, struct place_out);
    id64 *leader = ANEW(x->arena, id64);
    struct unit u;

    if (!unit_of_room(x, room, &u))
        return true;
    *leader = u.leader;
    *o = (struct place_out){.id = u.id, .kind = SV("unit"), .name = u.name, .description = u.description,
                            .masters = {leader, u.leader.n ? 1 : 0}};
    out->v = o;
    return true;
}

static bool room_read(struct ctx *x, struct call *c, void *out)
{
    struct room_read_out *o = out;
    struct talk_room_out *ro = ANEW(x->arena, struct talk_room_out);
    struct room r;

    if (!talk_room_find(x, c->object, &r) || !talk_room_members(x, c->object, &o->member_ids))
        return false;
    talk_room_fill(x, &r, ro);
    o->room.v = ro;
    o->may_picture = room_picture_may(x, &r);
    return r.kind == ROOM_GROUP  ? group_place(x, c->object, &o->place)
           : r.kind == ROOM_UNIT ? unit_place(x, c->object, &o->place)
                                 : true;
}

static bool post(struct ctx *x, struct call *c, void *out)
{
    const struct post_in *in = c->in;
    struct message m = {
        .room = c->object,
        .text = in->text,
        .author_name = SV(""),
        .reply = in->reply,
        .thread = in->thread,
        .flags = in->important ? MESSAGE_IMPORTANT : 0,
        .deadline_ms = in->deadline.ms > 0 ? in->deadline.ms : 0,
        .content = {.mentions = in->mentions, .stamp = in->stamp, .location = in->location, .contact = in->contact,
                    .poll = in->poll},
    };
    struct stored_set files = {0};
    bool repeat;

    if (in->kind.n)
        talk_message_kind_find(in->kind, &m.kind);

    if (!talk_key_read(in->key, m.key))
        return fail_field(&x->failure, "key", "not a UUID of version 7");
    if (in->files.n && !files_of_post(x, c->object, &in->files, &files, &m.content.files))
        return false;
    if (!talk_publish(x, &m, &repeat) || (!repeat && !stored_attach(x, &files, talk_message_id(m.room, m.seq))))
        return false;
    c->repeat = repeat;                                   /* nothing happened: no event, no second row */
    talk_message_fill(x, &m, out);
    return true;
}

static bool sync_events(struct ctx *x, struct call *c, void *out)
{
    const struct sync_query *q = c->query;
    struct sync_out *o = out;
    struct tolds all = {0};

    if (!talk_sync(x, q->since, &all, &o->pos, &o->reset))
        return false;
    struct event_out *v = ANEWN(x->arena, struct event_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct event_out){all.v[i].pos, all.v[i].room, all.v[i].name, all.v[i].data};
    o->events = (struct list){v, all.n};
    return true;
}

static bool room_of_two(struct ctx *x, struct call *c, const struct room_add_in *in, id64 *room)
{
    bool made;

    if (in->members.n != 2)
        return fail_field(&x->failure, "members", "%zu members", in->members.n);
    if (!talk_direct_of(x, in->members.v, room, &made) || (made && in->key.n && !talk_room_made_under(x, *room, in->key)))
        return false;
    c->repeat = !made;
    return true;
}

static bool op_room_add(struct ctx *x, struct call *c, void *out)
{
    const struct room_add_in *in = c->in;
    const id64 *ids = in->members.v;
    struct id_out *o = out;

    if (in->key.n && !talk_room_made(x, in->key, &o->id))
        return false;
    if ((c->repeat = o->id.n != 0))
        return true;
    if (sv_equal(in->kind, SV("direct")))
        return room_of_two(x, c, in, &o->id);
    if (!in->name.n)
        return fail_field(&x->failure, "name", "none");
    bool ok = talk_room_add(x, in->name, ids, in->members.n, &o->id) && (!in->key.n || talk_room_made_under(x, o->id, in->key));

    audit(x, AUDIT_ROOM_ADD, o->id, SV_NONE);
    for (size_t i = 0; ok && i < in->members.n; i++)
        ok = talk_tell_joined(x, o->id, ids[i]);
    return ok;
}

static bool op_room_join(struct ctx *x, struct call *c, void *out)
{
    const struct room_member_in *in = c->in;

    (void)out;
    return talk_room_join(x, in->room, in->member) && talk_tell_joined(x, in->room, in->member);
}

static bool op_room_leave(struct ctx *x, struct call *c, void *out)
{
    const struct room_member_in *in = c->in;

    (void)out;
    return talk_room_leave(x, in->room, in->member) && talk_tell_left(x, in->room, in->member);
}

static struct message import_message(id64 room, const struct import_message_in *in)
{
    struct message m = {.room = room, .author = in->sender, .text = in->text, .sent_ms = in->sent.ms,
                        .flags = in->important ? MESSAGE_IMPORTANT : 0};

    m.content.mentions = in->mentions;
    m.content.stamp = in->stamp;
    m.content.poll = in->poll;
    m.author_name = in->sender.n ? SV("") : in->sender_name;
    talk_message_kind_find(in->kind, &m.kind);
    return m;
}

static bool import_one(struct ctx *x, id64 room, const struct import_message_in *in, struct import_out *o)
{
    struct message m = import_message(room, in);
    bool repeat;

    if (!talk_key_read(in->key, m.key))
        return fail_field(&x->failure, "key", "not a UUID of version 7");
    if (in->reply_key.n && !talk_import_reply(x, room, in->reply_key, &m.reply))
        return false;
    if (in->thread_key.n && !talk_import_thread(x, room, in->thread_key, &m.thread))
        return false;
    if (!talk_import(x, &m, &repeat))
        return false;
    o->added += !repeat;
    o->present += repeat;
    return repeat || (talk_import_reactions(x, &m, in->reactions.v, in->reactions.n) &&
                      talk_import_votes(x, &m, in->votes.v, in->votes.n) &&
                      (!in->pinned_by.n || talk_import_pin(x, &m, in->pinned_by)) && talk_import_told(x, &m));
}

static bool op_import(struct ctx *x, struct call *c, void *out)
{
    const struct import_in *in = c->in;
    const struct import_message_in *v = in->messages.v;
    struct import_out *o = out;

    for (size_t i = 0; i < in->messages.n; i++)
        if (!import_one(x, in->room, &v[i], o))
            return false;
    if (o->added && !talk_import_done(x, in->room))
        return false;
    audit(x, AUDIT_TALK_IMPORT, in->room,
          sv_printf(x->arena, "{\"added\":%" PRId64 ",\"present\":%" PRId64 "}", o->added, o->present));
    return true;
}

static bool op_import_read(struct ctx *x, struct call *c, void *out)
{
    const struct import_reads_in *in = c->in;
    const struct import_read_in *v = in->reads.v;
    int64_t version;

    (void)out;
    if (!talk_room_version(x, in->room, &version))
        return false;
    for (size_t i = 0; i < in->reads.n; i++)
        if (!talk_import_read(x, in->room, v[i].member, v[i].key))
            return false;
    audit(x, AUDIT_TALK_IMPORT, in->room, sv_printf(x->arena, "{\"reads\":%zu}", in->reads.n));
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "room.list", .method = GET, .path = "/rooms", .who = WHO_MEMBER, .service = SERVICE_TALK, .flags = OP_READ | OP_WS,
     .audit = AUDIT_NONE, .out = &rooms_out, .run = room_list, .doc = "The member's rooms, newest message first."},
    {.name = "room.read", .method = GET, .path = "/rooms/:room", .who = WHO_MEMBER, .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .out = &room_read_out, .run = room_read,
     .doc = "A room and its members."},
    {.name = "talk.post", .method = POST, .path = "/rooms/:room/messages", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS | OP_RETRY_SAFE, .audit = AUDIT_MSG_POST, .in = &post_in, .out = &talk_message_out,
     .run = post, .doc = "Writes a message; the same key is the same message."},
    {.name = "sync", .method = GET, .path = "/sync", .who = WHO_MEMBER, .service = SERVICE_TALK, .flags = OP_READ | OP_WS,
     .audit = AUDIT_NONE, .query = &sync_query, .out = &sync_out, .run = sync_events,
     .doc = "What happened since a position, under the rights of now."},
    {.name = "room.add", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_ROOM_ADD, .in = &room_add_in,
     .out = &room_id_out, .run = op_room_add, .doc = "Makes a room."},
    {.name = "room.join", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_ROOM_JOIN, .in = &room_member_in,
     .out = &nothing_out, .run = op_room_join, .doc = "Puts a member into a room; earlier messages stay hidden."},
    {.name = "room.leave", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_ROOM_LEAVE, .in = &room_member_in,
     .out = &nothing_out, .run = op_room_leave, .doc = "Takes a member out of a room."},
    {.name = "talk.import", .who = WHO_OPERATOR, .flags = OP_WRITE | OP_RETRY_SAFE, .audit = AUDIT_TALK_IMPORT,
     .in = &import_in, .out = &import_out, .run = op_import, .doc = "Messages of a saved history; twice changes nothing."},
    {.name = "talk.import_read", .who = WHO_OPERATOR, .flags = OP_WRITE | OP_RETRY_SAFE, .audit = AUDIT_TALK_IMPORT,
     .in = &import_reads_in, .out = &nothing_out, .run = op_import_read,
     .doc = "How far members had read a saved history; an import alone leaves everything read."},
};
/* clang-format on */
const struct op_table talk_ops = {ops, COUNT(ops)};

const struct schema *const event_schemas[] = {&talk_message_out, &talk_room_out, &talk_room_left, &talk_room_changed,
                                              &talk_message_place, &talk_reads_out, &talk_own_read_out, &talk_typing_out};
const size_t event_schema_count = COUNT(event_schemas);
