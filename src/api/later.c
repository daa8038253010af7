/* api/later.c: messages sent at a moment, reminders, messages kept at hand. */
#include "api/app.h"
#include "svc/talk/later.h"
#include "svc/talk/message.h"
#include "svc/talk/talk_out.h"

struct later_in {
    sv key, text;
    struct list mentions;
    time64 due;
};
static const struct field later_in_fields[] = {
    FIELD(struct later_in, key, .need = true, .min = 36, .max = 36, .doc = "UUID version 7: the message's, and makes a repeat harmless"),
    FIELD(struct later_in, text, .need = true, .min = 1, .max = 10000, .lines = true, .doc = "plain text"),
    FIELD(struct later_in, mentions, .of = &talk_mention_in, .max = TALK_MENTIONS_MAX, .doc = "who is named in the text"),
    FIELD(struct later_in, due, .need = true, .doc = "when it is sent; within a year"),
};
static const struct schema later_in = SCHEMA("later_in", struct later_in, later_in_fields);

struct reminder_in {
    time64 due;
};
static const struct field reminder_in_fields[] = {
    FIELD(struct reminder_in, due, .need = true, .doc = "when a service notice shall remind of it; within a year"),
};
static const struct schema reminder_in = SCHEMA("reminder_in", struct reminder_in, reminder_in_fields);

struct later_out {
    id64 id, room, message;
    sv kind, text, failed;
    time64 due;
};
static const struct field later_out_fields[] = {
    FIELD(struct later_out, id, .doc = "of the entry"),
    FIELD(struct later_out, kind, .one_of = "message|reminder", .doc = "what will happen"),
    FIELD(struct later_out, room, .doc = "where"),
    FIELD(struct later_out, message, .doc = "of a reminder: which message; 0 else"),
    FIELD(struct later_out, text, .doc = "of a message"),
    FIELD(struct later_out, due, .doc = "when"),
    FIELD(struct later_out, failed, .sparse = true, .doc = "code of the refusal: it was due and could not be sent"),
};
static const struct schema later_out = SCHEMA("later_out", struct later_out, later_out_fields);

struct laters_out {
    struct list items;
};
static const struct field laters_out_fields[] = {FIELD(struct laters_out, items, .of = &later_out, .doc = "the next first")};
static const struct schema laters_out = SCHEMA("laters_out", struct laters_out, laters_out_fields);

struct save_in {
    bool on;
};
static const struct field save_in_fields[] = {FIELD(struct save_in, on, .need = true, .doc = "false: no longer")};
static const struct schema save_in = SCHEMA("save_in", struct save_in, save_in_fields);

struct saved_out {
    struct list messages;
};
static const struct field saved_out_fields[] = {
    FIELD(struct saved_out, messages, .of = &talk_message_out, .doc = "newest saved first, those that can still be seen"),
};
static const struct schema saved_out = SCHEMA("saved_out", struct saved_out, saved_out_fields);

struct draft_in {
    sv text;
};
static const struct field draft_in_fields[] = {
    FIELD(struct draft_in, text, .need = true, .max = 10000, .lines = true, .doc = "what stands there; empty: nothing any more"),
};
static const struct schema draft_in = SCHEMA("draft_in", struct draft_in, draft_in_fields);

struct draft_out {
    id64 room;
    sv text;
    time64 changed;
};
static const struct field draft_out_fields[] = {
    FIELD(struct draft_out, room, .doc = "the room"),
    FIELD(struct draft_out, text, .doc = "what was written there and not sent; empty: nothing"),
    FIELD(struct draft_out, changed, .doc = "when"),
};
static const struct schema draft_out = SCHEMA("draft", struct draft_out, draft_out_fields);

struct drafts_out {
    struct list drafts;
};
static const struct field drafts_out_fields[] = {
    FIELD(struct drafts_out, drafts, .of = &draft_out, .doc = "of the rooms that the caller is in"),
};
static const struct schema drafts_out = SCHEMA("drafts_out", struct drafts_out, drafts_out_fields);

static struct later_out shown(const struct later *l)
{
    return (struct later_out){
        .id = l->id,
        .room = l->room,
        .message = l->message,
        .kind = l->kind == LATER_MESSAGE ? SV("message") : SV("reminder"),
        .text = l->text,
        .failed = l->failed,
        .due = {l->due_ms},
    };
}

static bool later(struct ctx *x, struct call *c, void *out)
{
    const struct later_in *in = c->in;
    struct later l = {.room = c->object, .text = in->text, .content = {.mentions = in->mentions}, .due_ms = in->due.ms};
    bool repeat;

    if (!talk_key_read(in->key, l.key))
        return fail_field(&x->failure, "key", "not a UUID of version 7");
    if (!talk_later_message(x, &l, &repeat))
        return false;
    c->repeat = repeat;
    audit(x, AUDIT_LATER, c->object, SV_NONE);
    *(struct later_out *)out = shown(&l);
    return true;
}

static bool reminder(struct ctx *x, struct call *c, void *out)
{
    const struct reminder_in *in = c->in;
    struct later l;

    if (!talk_later_remind(x, c->object, in->due.ms, &l))
        return false;
    audit(x, AUDIT_LATER, c->object, SV_NONE);
    *(struct later_out *)out = shown(&l);
    return true;
}

static bool list(struct ctx *x, struct call *c, void *out)
{
    struct laters_out *o = out;
    struct laters all = {0};

    (void)c;
    if (!talk_later_list(x, &all))
        return false;
    struct later_out *v = ANEWN(x->arena, struct later_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = shown(&all.v[i]);
    o->items = (struct list){v, all.n};
    return true;
}

static bool drop(struct ctx *x, struct call *c, void *out)
{
    struct later l;

    (void)out;
    if (!talk_later_find(x, c->object, &l))
        return false;
    audit(x, AUDIT_LATER_DELETE, l.message.n ? l.message : l.room, SV_NONE);
    return talk_later_delete(x, l.id);
}

static bool draft(struct ctx *x, struct call *c, void *out)
{
    const struct draft_in *in = c->in;
    const struct draft_out o = {c->object, in->text, {x->now_ms}};
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    (void)out;
    if (!talk_draft(x, c->object, in->text))
        return false;
    schema_write(&j, NULL, &draft_out, &o);
    event_self(x, EV_DRAFT, x->actor.member, str_sv(&text));
    return true;
}

static bool drafts(struct ctx *x, struct call *c, void *out)
{
    struct drafts_out *o = out;
    struct drafts all = {0};

    (void)c;
    if (!talk_drafts(x, &all))
        return false;
    struct draft_out *v = ANEWN(x->arena, struct draft_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct draft_out){all.v[i].room, all.v[i].text, {all.v[i].changed_ms}};
    o->drafts = (struct list){v, all.n};
    return true;
}

static bool save(struct ctx *x, struct call *c, void *out)
{
    const struct save_in *in = c->in;

    (void)out;
    audit(x, AUDIT_SAVE, c->object, in->on ? SV("{\"on\":true}") : SV("{\"on\":false}"));
    return talk_save(x, c->object, in->on);
}

static bool saved(struct ctx *x, struct call *c, void *out)
{
    struct saved_out *o = out;
    struct messages all = {0};

    (void)c;
    if (!talk_saved(x, &all))
        return false;
    struct talk_message_out *v = ANEWN(x->arena, struct talk_message_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        talk_message_fill(x, &all.v[i], &v[i]);
    o->messages = (struct list){v, all.n};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.later.message", .method = POST, .path = "/rooms/:room/later", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS | OP_RETRY_SAFE, .audit = AUDIT_LATER, .in = &later_in, .out = &later_out, .run = later,
     .doc = "A message that is sent at a moment, if its author may still write there then."},
    {.name = "talk.later.remind", .method = PUT, .path = "/messages/:message/reminder", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_LATER, .in = &reminder_in, .out = &later_out, .run = reminder,
     .doc = "Reminds the caller of a message at a moment, instead of an earlier reminder of it."},
    {.name = "talk.later.list", .method = GET, .path = "/later", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS, .audit = AUDIT_NONE,
     .out = &laters_out, .run = list, .doc = "What of the caller's waits for its moment, and what could not be sent."},
    {.name = "talk.later.delete", .method = DELETE_, .path = "/later/:later", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_LATER,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_LATER_DELETE, .out = &nothing_out, .run = drop,
     .doc = "Drops a scheduled message or a reminder."},
    {.name = "talk.draft", .method = PUT, .path = "/rooms/:room/draft", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM,
     .flags = OP_WRITE | OP_WS | OP_OWN, .audit = AUDIT_NONE, .in = &draft_in, .out = &nothing_out, .run = draft,
     .doc = "Keeps what was written and not sent for the caller's other devices."},
    {.name = "talk.drafts", .method = GET, .path = "/drafts", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS, .audit = AUDIT_NONE,
     .out = &drafts_out, .run = drafts, .doc = "What the caller has written and not sent."},
    {.name = "talk.save", .method = PUT, .path = "/messages/:message/saved", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_MESSAGE,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_SAVE, .in = &save_in, .out = &nothing_out, .run = save,
     .doc = "Keeps a message at hand for the caller alone, or no longer."},
    {.name = "talk.saved", .method = GET, .path = "/saved", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS, .audit = AUDIT_NONE,
     .out = &saved_out, .run = saved, .doc = "The messages that the caller keeps at hand."},
};
/* clang-format on */
const struct op_table later_ops = {ops, COUNT(ops)};
