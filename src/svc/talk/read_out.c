/* svc/talk/read_out.c: events of reading and writing. */
#include "svc/talk/read_out.h"

static const struct field span_fields[] = {
    FIELD(struct talk_span, from, .doc = "they see messages from this seq on"),
    FIELD(struct talk_span, to, .doc = "and have read them up to this one"),
    FIELD(struct talk_span, n, .doc = "so many members"),
};
const struct schema talk_span_out = SCHEMA("read_span", struct talk_span, span_fields);

struct reads_out {
    id64 room;
    struct list reads;
};
static const struct field reads_fields[] = {
    FIELD(struct reads_out, room, .doc = "the room"),
    FIELD(struct reads_out, reads, .of = &talk_span_out, .doc = "how far its members have read, the author of a message among them"),
};
const struct schema talk_reads_out = SCHEMA("room_reads", struct reads_out, reads_fields);

struct own_read_out {
    id64 room;
    int64_t seq;
};
static const struct field own_read_fields[] = {
    FIELD(struct own_read_out, room, .doc = "the room"),
    FIELD(struct own_read_out, seq, .doc = "the member has read up to here, on whatever device"),
};
const struct schema talk_own_read_out = SCHEMA("own_read", struct own_read_out, own_read_fields);

struct typing_out {
    id64 room, member;
};
static const struct field typing_fields[] = {
    FIELD(struct typing_out, room, .doc = "the room"),
    FIELD(struct typing_out, member, .doc = "who is writing there"),
};
const struct schema talk_typing_out = SCHEMA("typing", struct typing_out, typing_fields);

static sv json_of(struct ctx *x, const struct schema *s, const void *v)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    schema_write(&j, NULL, s, v);
    return str_sv(&text);
}

void talk_tell_reads(struct ctx *x, id64 room, const struct talk_spans *spans)
{
    const struct reads_out o = {room, {spans->v, spans->n}};

    event_open(x, EV_ROOM_READ, room, json_of(x, &talk_reads_out, &o));
}

void talk_tell_own_read(struct ctx *x, id64 room, id64 member, int64_t seq)
{
    const struct own_read_out o = {room, seq};

    event_self(x, EV_OWN_READ, member, json_of(x, &talk_own_read_out, &o));
}

void talk_tell_typing(struct ctx *x, id64 room)
{
    const struct typing_out o = {room, x->actor.member};

    event_open(x, EV_TYPING, room, json_of(x, &talk_typing_out, &o));
}
