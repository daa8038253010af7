/* api/read.c: reading, writing and having a room open. */
#include "api/app.h"
#include "svc/talk/read.h"
#include "svc/talk/read_out.h"

struct read_in {
    int64_t seq;
};
static const struct field read_in_fields[] = {
    FIELD(struct read_in, seq, .need = true, .min = 1, .max = UINT32_MAX, .doc = "read up to this message"),
};
static const struct schema read_in = SCHEMA("read_in", struct read_in, read_in_fields);

struct open_in {
    bool on;
};
static const struct field open_in_fields[] = {FIELD(struct open_in, on, .need = true, .doc = "false: no longer")};
static const struct schema open_in = SCHEMA("open_in", struct open_in, open_in_fields);

struct open_out {
    struct list reads;
};
static const struct field open_out_fields[] = {
    FIELD(struct open_out, reads, .of = &talk_span_out, .doc = "how far the room's members have read"),
};
static const struct schema open_out = SCHEMA("open_out", struct open_out, open_out_fields);

struct readers_out {
    struct list read, unread;
};
static const struct field readers_out_fields[] = {
    FIELD(struct readers_out, read, .doc = "ids of those who have read it, by reading of their names"),
    FIELD(struct readers_out, unread, .doc = "ids of those who have not"),
};
static const struct schema readers_out = SCHEMA("readers_out", struct readers_out, readers_out_fields);

struct remind_out {
    int64_t reminded;
};
static const struct field remind_out_fields[] = {FIELD(struct remind_out, reminded, .doc = "how many got a notice")};
static const struct schema remind_out = SCHEMA("remind_out", struct remind_out, remind_out_fields);

static bool mark(struct ctx *x, struct call *c, void *out)
{
    const struct read_in *in = c->in;

    (void)out;
    return talk_read(x, c->object, in->seq);
}

static bool set_open(struct ctx *x, struct call *c, void *out)
{
    const struct open_in *in = c->in;
    struct talk_spans spans = {0};
    struct open_out *o = out;

    if (!talk_open(x, c->object, in->on) || !talk_reads(x, c->object, &spans))
        return false;
    o->reads = (struct list){spans.v, spans.n};
    return true;
}

static bool typing(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return talk_typing(x, c->object);
}

static bool readers(struct ctx *x, struct call *c, void *out)
{
    struct readers_out *o = out;

    return talk_readers(x, c->object, &o->read, &o->unread);
}

static bool remind(struct ctx *x, struct call *c, void *out)
{
    struct remind_out *o = out;

    if (!talk_remind(x, c->object, &o->reminded))
        return false;
    c->repeat = o->reminded == 0;                         /* all have read it: nobody was told anything */
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.read", .method = PUT, .path = "/rooms/:room/read", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_QUICK | OP_WS, .audit = AUDIT_NONE, .in = &read_in, .out = &nothing_out, .run = mark,
     .doc = "The member has read up to a message; stored and told once a second."},
    {.name = "room.open", .method = PUT, .path = "/rooms/:room/open", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_LIVE | OP_WS, .audit = AUDIT_NONE, .in = &open_in, .out = &open_out, .run = set_open,
     .doc = "This connection shows the room, or no longer: it hears of reading and writing there."},
    {.name = "talk.typing", .method = POST, .path = "/rooms/:room/typing", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_LIVE | OP_WS, .audit = AUDIT_NONE, .out = &nothing_out, .run = typing,
     .doc = "The member is writing in the room: told to those who have it open, once in three seconds, never stored."},
    {.name = "talk.readers", .method = GET, .path = "/messages/:message/readers", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .out = &readers_out, .run = readers, .doc = "Who has read a message."},
    {.name = "talk.remind", .method = POST, .path = "/messages/:message/remind", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_REMIND, .out = &remind_out, .run = remind,
     .doc = "A service notice to those who have not read an own message; once an hour."},
};
/* clang-format on */
const struct op_table read_ops = {ops, COUNT(ops)};
