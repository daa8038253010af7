/* api/message.c: reading messages of a room, and what is done with one of them. */
#include "api/app.h"
#include "api/photo.h"
#include "api/stored.h"
#include "svc/talk/message.h"
#include "svc/talk/preview.h"
#include "svc/talk/talk_out.h"

struct history_query {
    int64_t before, after, around, limit;
};
static const struct field history_query_fields[] = {
    FIELD(struct history_query, before, .min = 1, .max = UINT32_MAX, .doc = "messages before this seq; absent: the newest"),
    FIELD(struct history_query, after, .min = 1, .max = UINT32_MAX, .doc = "messages after this seq instead"),
    FIELD(struct history_query, around, .min = 1, .max = UINT32_MAX, .doc = "the message of this seq and those about it instead"),
    FIELD(struct history_query, limit, .min = 1, .max = 100, .doc = "how many at most; 50 when absent"),
};
static const struct schema history_query = SCHEMA("history_query", struct history_query, history_query_fields);

struct messages_out {
    struct list messages;
    bool more, newer;
};
static const struct field messages_out_fields[] = {
    FIELD(struct messages_out, messages, .of = &talk_message_out, .doc = "newest first"),
    FIELD(struct messages_out, more, .doc = "there are older ones"),
    FIELD(struct messages_out, newer, .sparse = true, .doc = "there are newer ones"),
};
static const struct schema messages_out = SCHEMA("messages_out", struct messages_out, messages_out_fields);

struct edit_in {
    sv text;
    struct list mentions;
};
static const struct field edit_in_fields[] = {
    FIELD(struct edit_in, text, .need = true, .min = 1, .max = 10000, .lines = true, .doc = "the text from now on"),
    FIELD(struct edit_in, mentions, .of = &talk_mention_in, .max = TALK_MENTIONS_MAX, .doc = "who is named in it"),
};
static const struct schema edit_in = SCHEMA("edit_in", struct edit_in, edit_in_fields);

struct reaction_in {
    sv mark;
    bool on;
};
static const struct field reaction_in_fields[] = {
    FIELD(struct reaction_in, mark, .need = true, .min = 1, .max = 8, .doc = "an emoji of the set"),
    FIELD(struct reaction_in, on, .need = true, .doc = "false: no longer"),
};
static const struct schema reaction_in = SCHEMA("reaction_in", struct reaction_in, reaction_in_fields);

struct vote {
    int64_t choice;
};
static const struct field vote_fields[] = {
    FIELD(struct vote, choice, .need = true, .min = 0, .max = TALK_CHOICES_MAX, .doc = "its place among the choices, from 0"),
};
static const struct schema vote = SCHEMA("vote", struct vote, vote_fields);

struct votes_in {
    struct list votes;
};
static const struct field votes_in_fields[] = {
    FIELD(struct votes_in, votes, .of = &vote, .need = true, .max = TALK_CHOICES_MAX, .doc = "instead of earlier ones; none: no vote"),
};
static const struct schema votes_in = SCHEMA("votes_in", struct votes_in, votes_in_fields);

struct pin_in {
    bool on;
};
static const struct field pin_in_fields[] = {FIELD(struct pin_in, on, .need = true, .doc = "false: no longer")};
static const struct schema pin_in = SCHEMA("pin_in", struct pin_in, pin_in_fields);

struct forward_to {
    id64 room;
    sv key;
};
static const struct field forward_to_fields[] = {
    FIELD(struct forward_to, room, .need = true, .doc = "the room it goes to"),
    FIELD(struct forward_to, key, .need = true, .min = 36, .max = 36, .doc = "UUID version 7: makes a repeat harmless"),
};
static const struct schema forward_to = SCHEMA("forward_to", struct forward_to, forward_to_fields);

struct forward_in {
    struct list to;
};
static const struct field forward_in_fields[] = {
    FIELD(struct forward_in, to, .of = &forward_to, .need = true, .min = 1, .max = TALK_FORWARD_MAX, .doc = "where to"),
};
static const struct schema forward_in = SCHEMA("forward_in", struct forward_in, forward_in_fields);

struct answers_out {
    struct list reactions, votes;
};
static const struct field answers_out_fields[] = {
    FIELD(struct answers_out, reactions, .of = &talk_reaction_out, .doc = "all of those who reacted"),
    FIELD(struct answers_out, votes, .of = &talk_votes_out, .doc = "all of those who voted"),
};
static const struct schema answers_out = SCHEMA("answers_out", struct answers_out, answers_out_fields);

struct thread_query {
    int64_t before, limit;
};
static const struct field thread_query_fields[] = {
    FIELD(struct thread_query, before, .min = 1, .max = UINT32_MAX, .doc = "messages before this seq; absent: the newest"),
    FIELD(struct thread_query, limit, .min = 1, .max = 100, .doc = "how many at most; 50 when absent"),
};
static const struct schema thread_query = SCHEMA("thread_query", struct thread_query, thread_query_fields);

static struct list messages_fill(struct ctx *x, const struct messages *all)
{
    struct talk_message_out *v = arena_raw(x->arena, all->n * sizeof(*v));    /* each is written as a whole */

    for (size_t i = 0; i < all->n; i++)
        talk_message_fill(x, &all->v[i], &v[i]);
    return (struct list){v, all->n};
}

/* Half of the page before the message, the rest from it on. */
static bool around(struct ctx *x, id64 room, int64_t seq, int64_t limit, struct messages_out *o)
{
    struct messages older = {0}, newer = {0};

    if (!talk_history_after(x, room, seq - 1, limit - limit / 2, &newer, &o->newer) ||
        (limit > 1 && !talk_history(x, room, seq, limit / 2, &older, &o->more)))
        return false;
    for (size_t i = 0; i < older.n; i++)
        *PUSH(x->arena, &newer) = older.v[i];
    o->messages = messages_fill(x, &newer);
    return true;
}

static bool history(struct ctx *x, struct call *c, void *out)
{
    const struct history_query *q = c->query;
    int64_t limit = q->limit ? q->limit : 50;
    struct messages_out *o = out;
    struct messages page = {0};

    if (q->around)
        return around(x, c->object, q->around, limit, o);
    if (q->after) {
        o->more = true;                                   /* the message at `after` at least was there */
        if (!talk_history_after(x, c->object, q->after, limit, &page, &o->newer))
            return false;
    } else if (!talk_history(x, c->object, q->before, limit, &page, &o->more)) {
        return false;
    }
    o->messages = messages_fill(x, &page);
    return true;
}

/* The message as it is after the operation. */
static bool answer(struct ctx *x, struct call *c, void *out)
{
    struct message m;

    if (!talk_message(x, talk_room_of(c->object), talk_seq_of(c->object), &m))
        return false;
    talk_message_fill(x, &m, out);
    return true;
}

static bool message_read(struct ctx *x, struct call *c, void *out)
{
    return answer(x, c, out);
}

static bool edit(struct ctx *x, struct call *c, void *out)
{
    const struct edit_in *in = c->in;

    return talk_edit(x, c->object, in->text, in->mentions) && answer(x, c, out);
}

static bool take_back(struct ctx *x, struct call *c, void *out)
{
    return talk_take_back(x, c->object) && stored_let_go(x, c->object) && answer(x, c, out);
}

static bool hide(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return talk_hide(x, c->object);
}

static bool react(struct ctx *x, struct call *c, void *out)
{
    const struct reaction_in *in = c->in;

    return talk_react(x, c->object, in->mark, in->on) && answer(x, c, out);
}

static bool votes(struct ctx *x, struct call *c, void *out)
{
    const struct votes_in *in = c->in;
    const struct vote *v = in->votes.v;
    int64_t choices[TALK_CHOICES_MAX];

    for (size_t i = 0; i < in->votes.n; i++)
        choices[i] = v[i].choice;
    return talk_vote(x, c->object, choices, in->votes.n) && answer(x, c, out);
}

static bool answers(struct ctx *x, struct call *c, void *out)
{
    struct answers_out *o = out;
    struct message m;

    if (!talk_message(x, talk_room_of(c->object), talk_seq_of(c->object), &m))
        return false;
    o->reactions = talk_answers_fill(x, &m.reactions, SIZE_MAX);
    o->votes = talk_answers_fill(x, &m.votes, SIZE_MAX);
    return true;
}

static bool poll_close(struct ctx *x, struct call *c, void *out)
{
    return talk_poll_close(x, c->object) && answer(x, c, out);
}

static bool pin(struct ctx *x, struct call *c, void *out)
{
    const struct pin_in *in = c->in;

    return talk_pin(x, c->object, in->on) && answer(x, c, out);
}

/* One target. A repeat makes no files: its message has them. */
static bool forward_one(struct ctx *x, id64 message, struct message *m, bool *repeat)
{
    struct stored_set files = {0};
    struct message source, old = *m;

    if (!talk_posted(x, &old, repeat))
        return false;
    if (!*repeat && (!talk_message(x, talk_room_of(message), talk_seq_of(message), &source) ||
                     (!source.gone_ms && source.content.files.n &&
                      !files_of_forward(x, &source.content.files, m->room, &files, &m->content.files))))
        return false;
    return talk_forward_to(x, message, m, repeat) && (*repeat || stored_attach(x, &files, talk_message_id(m->room, m->seq)));
}

static bool forward(struct ctx *x, struct call *c, void *out)
{
    const struct forward_in *in = c->in;
    const struct forward_to *to = in->to.v;
    struct messages_out *o = out;
    struct messages all = {0};

    c->repeat = true;
    for (size_t i = 0; i < in->to.n; i++) {
        struct message *m = PUSH(x->arena, &all);
        bool repeat;
        m->room = to[i].room;
        if (!talk_key_read(to[i].key, m->key))
            return fail_field(&x->failure, "key", "not a UUID of version 7");
        if (!forward_one(x, c->object, m, &repeat))
            return false;
        c->repeat = c->repeat && repeat;
    }
    o->messages = messages_fill(x, &all);
    return true;
}

static bool pins(struct ctx *x, struct call *c, void *out)
{
    struct messages_out *o = out;
    struct messages all = {0};

    if (!talk_pins(x, c->object, &all))
        return false;
    o->messages = messages_fill(x, &all);
    return true;
}

static bool thread(struct ctx *x, struct call *c, void *out)
{
    const struct thread_query *q = c->query;
    struct messages_out *o = out;
    struct messages all = {0};

    if (!talk_thread(x, c->object, q->before, q->limit ? q->limit : 50, &all, &o->more))
        return false;
    o->messages = messages_fill(x, &all);
    return true;
}

static bool preview_picture(struct ctx *x, struct call *c, void *out)
{
    struct talk_preview p;
    struct photo picture;

    (void)out;
    if (!talk_preview_picture(x, c->object, &p, &picture))
        return false;
    photo_answer(x, c, c->object, p.id.n, &picture);
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.history", .method = GET, .path = "/rooms/:room/messages", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_QUICK | OP_WS, .audit = AUDIT_NONE, .query = &history_query, .out = &messages_out, .run = history,
     .doc = "Messages of a room, newest first: the newest, or those before, after or around one."},
    {.name = "talk.message", .method = GET, .path = "/messages/:message", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_QUICK | OP_WS, .audit = AUDIT_NONE, .out = &talk_message_out, .run = message_read,
     .doc = "One message, for quotes and links to it."},
    {.name = "talk.edit", .method = PUT, .path = "/messages/:message", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_MSG_EDIT, .in = &edit_in, .out = &talk_message_out, .run = edit,
     .doc = "Another text for an own message, as long as the setting allows."},
    {.name = "talk.take_back", .method = POST, .path = "/messages/:message/take-back", .who = WHO_MEMBER, .service = SERVICE_TALK,
     .object = OBJ_MESSAGE, .flags = OP_WRITE | OP_WS, .audit = AUDIT_MSG_TAKE_BACK, .out = &talk_message_out,
     .run = take_back, .doc = "Takes an own message back for all, as long as the setting allows."},
    {.name = "talk.hide", .method = POST, .path = "/messages/:message/hide", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_MSG_HIDE, .out = &nothing_out, .run = hide,
     .doc = "Deletes a message for oneself; the others keep it."},
    {.name = "talk.react", .method = PUT, .path = "/messages/:message/reactions", .who = WHO_MEMBER, .service = SERVICE_TALK,
     .object = OBJ_MESSAGE, .flags = OP_WRITE | OP_WS, .audit = AUDIT_MSG_REACT, .in = &reaction_in, .out = &talk_message_out,
     .run = react, .doc = "Reacts to a message, or no longer."},
    {.name = "talk.vote", .method = PUT, .path = "/messages/:message/votes", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_POLL_VOTE, .in = &votes_in, .out = &talk_message_out, .run = votes,
     .doc = "Votes in a poll, instead of what was voted before."},
    {.name = "talk.answers", .method = GET, .path = "/messages/:message/answers", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .out = &answers_out, .run = answers,
     .doc = "All who reacted to a message or voted: the message itself names the first of them."},
    {.name = "talk.preview.picture", .method = GET, .path = "/messages/:message/preview", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_READ | OP_FILE, .audit = AUDIT_NONE, .query = &photo_query, .run = preview_picture,
     .doc = "The picture of the page that stands behind the first address in a message."},
    {.name = "talk.poll.close", .method = POST, .path = "/messages/:message/close", .who = WHO_MEMBER, .service = SERVICE_TALK,
     .object = OBJ_MESSAGE, .flags = OP_WRITE | OP_WS, .audit = AUDIT_POLL_CLOSE, .out = &talk_message_out,
     .run = poll_close, .doc = "Ends an own poll."},
    {.name = "talk.pin", .method = PUT, .path = "/messages/:message/pin", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_MSG_PIN, .in = &pin_in, .out = &talk_message_out, .run = pin,
     .doc = "Pins a message in its room, or no longer."},
    {.name = "talk.forward", .method = POST, .path = "/messages/:message/forward", .who = WHO_MEMBER, .service = SERVICE_TALK,
     .object = OBJ_MESSAGE, .flags = OP_WRITE | OP_WS | OP_RETRY_SAFE, .audit = AUDIT_MSG_POST, .in = &forward_in,
     .out = &messages_out, .run = forward, .doc = "The same words in other rooms, with whose they are."},
    {.name = "talk.pins", .method = GET, .path = "/rooms/:room/pins", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .out = &messages_out, .run = pins, .doc = "Pinned messages of a room."},
    {.name = "talk.thread", .method = GET, .path = "/messages/:message/thread", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .query = &thread_query, .out = &messages_out, .run = thread,
     .doc = "What stands under a message, newest first."},
};
/* clang-format on */
const struct op_table message_ops = {ops, COUNT(ops)};
