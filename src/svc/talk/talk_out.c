/* svc/talk/talk_out.c: what an event or an answer says of a message or a room. */
#include "svc/talk/talk_out.h"
#include "svc/talk/preview.h"
#include "svc/talk/talk_sql.h"

static const struct field reaction_fields[] = {
    FIELD(struct talk_answer_out, mark, .doc = "an emoji of the set"),
    FIELD(struct talk_answer_out, members, .doc = "ids of those who reacted with it, the first 20"),
    FIELD(struct talk_answer_out, n, .doc = "how many they are"),
};
const struct schema talk_reaction_out = SCHEMA("reaction_out", struct talk_answer_out, reaction_fields);

static const struct field votes_fields[] = {
    FIELD(struct talk_answer_out, choice, .doc = "its place among the choices, from 0"),
    FIELD(struct talk_answer_out, members, .doc = "ids of those who chose it, the first 20"),
    FIELD(struct talk_answer_out, n, .doc = "how many they are"),
};
const struct schema talk_votes_out = SCHEMA("votes_out", struct talk_answer_out, votes_fields);

struct preview_out {
    id64 id;
    sv url, title, text, site;
    int64_t width, height;
};
static const struct field preview_fields[] = {
    FIELD(struct preview_out, id, .doc = "another one when the page was fetched anew: `v` of its picture"),
    FIELD(struct preview_out, url, .doc = "the address"),
    FIELD(struct preview_out, title, .doc = "what the page calls itself"),
    FIELD(struct preview_out, text, .doc = "what it says of itself; may be empty"),
    FIELD(struct preview_out, site, .doc = "whose it is; may be empty"),
    FIELD(struct preview_out, width, .sparse = true, .doc = "of its picture; absent: it has none"),
    FIELD(struct preview_out, height, .sparse = true, .doc = "of its picture"),
};
static const struct schema preview_out = SCHEMA("preview_out", struct preview_out, preview_fields);

static const struct field message_fields[] = {
    FIELD(struct talk_message_out, id, .doc = "room << 32 | seq"),
    FIELD(struct talk_message_out, room, .doc = "the room"),
    FIELD(struct talk_message_out, seq, .doc = "its place in the room, from 1 without a gap"),
    FIELD(struct talk_message_out, author, .doc = "the member who wrote it; 0: see author_name"),
    FIELD(struct talk_message_out, author_name,
          .doc = "name of an author who is no member (saved history), else empty; empty too where the server speaks"),
    FIELD(struct talk_message_out, kind, .one_of = "text|system|stamp|location|contact|poll|file", .doc = "what it is"),
    FIELD(struct talk_message_out, text, .doc = "plain text"),
    FIELD(struct talk_message_out, sent, .doc = "by the server's clock"),
    FIELD(struct talk_message_out, key, .doc = "the client's key"),
    FIELD(struct talk_message_out, reply, .sparse = true, .doc = "seq of the message it answers"),
    FIELD(struct talk_message_out, thread, .sparse = true, .doc = "seq of the message under which it stands"),
    FIELD(struct talk_message_out, replies, .sparse = true, .doc = "how many stand under it"),
    FIELD(struct talk_message_out, replied, .sparse = true, .doc = "when the last of them came"),
    FIELD(struct talk_message_out, edited, .sparse = true, .doc = "when its text was changed last"),
    FIELD(struct talk_message_out, gone, .sparse = true, .doc = "taken back: nothing of it is left"),
    FIELD(struct talk_message_out, pinned, .sparse = true, .doc = "pinned in the room"),
    FIELD(struct talk_message_out, pinned_by, .sparse = true, .doc = "who pinned it"),
    FIELD(struct talk_message_out, important, .sparse = true, .doc = "everybody should read it"),
    FIELD(struct talk_message_out, deadline, .sparse = true, .doc = "until when"),
    FIELD(struct talk_message_out, content, .of = &talk_content, .sparse = true, .doc = "what its kind is made of"),
    FIELD(struct talk_message_out, preview, .of = &preview_out, .sparse = true, .doc = "what stands behind the first address in its text"),
    FIELD(struct talk_message_out, reactions, .of = &talk_reaction_out, .sparse = true, .doc = "by who came first"),
    FIELD(struct talk_message_out, votes, .of = &talk_votes_out, .sparse = true, .doc = "choices that somebody voted for"),
};
const struct schema talk_message_out = SCHEMA("message_out", struct talk_message_out, message_fields);

static const struct field room_fields[] = {
    FIELD(struct talk_room_out, id, .doc = "the room"),
    FIELD(struct talk_room_out, name, .doc = "its name"),
    FIELD(struct talk_room_out, kind, .one_of = "direct|several|unit|notice|group",
          .doc = "what kind of room; notice: the server's notices, nobody else writes"),
    FIELD(struct talk_room_out, members, .doc = "how many members"),
    FIELD(struct talk_room_out, first_seq, .doc = "where the member's history begins"),
    FIELD(struct talk_room_out, last_seq, .doc = "of the newest message that the member may see; 0: none"),
    FIELD(struct talk_room_out, read_seq, .doc = "how far the member has read"),
    FIELD(struct talk_room_out, mentions, .sparse = true, .doc = "how often the member is named in what it has not read"),
    FIELD(struct talk_room_out, muted, .sparse = true, .doc = "the member wants no notices of it"),
    FIELD(struct talk_room_out, pinned, .sparse = true, .doc = "the member keeps it at the top"),
    FIELD(struct talk_room_out, folder, .sparse = true, .doc = "in which of the member's folders it is"),
    FIELD(struct talk_room_out, photo, .sparse = true, .doc = "version of its picture; absent: none"),
    FIELD(struct talk_room_out, peer, .sparse = true, .doc = "of two people: the other one"),
    FIELD(struct talk_room_out, maker, .sparse = true, .doc = "of several people: who made it"),
    FIELD(struct talk_room_out, history, .sparse = true, .doc = "of several people: newcomers see what was said before"),
    FIELD(struct talk_room_out, last, .of = &talk_message_out, .null = true, .doc = "the newest message"),
};
const struct schema talk_room_out = SCHEMA("room_out", struct talk_room_out, room_fields);

struct message_place {
    id64 room;
    int64_t seq;
};
static const struct field message_place_fields[] = {
    FIELD(struct message_place, room, .doc = "the room"),
    FIELD(struct message_place, seq, .doc = "the message's place in it"),
};
const struct schema talk_message_place = SCHEMA("message_place", struct message_place, message_place_fields);

struct room_left {
    id64 room;
};
static const struct field room_left_fields[] = {FIELD(struct room_left, room, .doc = "the room")};
const struct schema talk_room_left = SCHEMA("room_left", struct room_left, room_left_fields);

struct room_changed {
    id64 room;
    sv name;
    int64_t photo;
};
static const struct field room_changed_fields[] = {
    FIELD(struct room_changed, room, .doc = "the room"),
    FIELD(struct room_changed, name, .doc = "its name from now on"),
    FIELD(struct room_changed, photo, .sparse = true, .doc = "version of its picture from now on; absent: none"),
};
const struct schema talk_room_changed = SCHEMA("room_changed", struct room_changed, room_changed_fields);

struct list talk_answers_fill(struct ctx *x, const struct talk_answers *all, size_t max)
{
    if (all->n == 0)
        return (struct list){0};

    struct talk_answer_out *v = ANEWN(x->arena, struct talk_answer_out, all->n);
    for (size_t i = 0; i < all->n; i++) {
        const struct talk_answer *a = &all->v[i];
        v[i] = (struct talk_answer_out){a->mark, a->choice, (int64_t)a->members.n,
                                        {a->members.v, a->members.n < max ? a->members.n : max}};
    }
    return (struct list){v, all->n};
}

static time64 time_or_none(int64_t ms)
{
    return (time64){ms ? ms : -1};
}

/* One that cannot be read is none; its failure stands in x. */
static void preview_fill(struct ctx *x, const struct message *m, struct ref *to)
{
    struct talk_preview p;
    bool there;

    if (!talk_preview_of(x, m, &p, &there) || !there)
        return;
    struct preview_out *o = ANEW(x->arena, struct preview_out);
    *o = (struct preview_out){p.id, p.url, p.title, p.words, p.site, p.width, p.height};
    to->v = o;
}

void talk_message_fill(struct ctx *x, const struct message *m, struct talk_message_out *o)
{
    *o = (struct talk_message_out){
        .id = talk_message_id(m->room, m->seq),
        .room = m->room,
        .author = m->author,
        .seq = m->seq,
        .author_name = m->author_name,
        .kind = sv_c(talk_message_kind_name(m->kind)),
        .text = m->text,
        .key = talk_key_text(x->arena, m->key),
        .sent = {m->sent_ms},
        .reply = m->reply,
        .thread = m->thread,
        .replies = m->replies,
        .replied = time_or_none(m->replied_ms),
        .edited = time_or_none(m->edited_ms),
        .deadline = time_or_none(m->deadline_ms),
        .gone = m->gone_ms != 0,
        .pinned = m->pinned_ms != 0,
        .pinned_by = m->pinned_by,
        .important = m->flags & MESSAGE_IMPORTANT,
        .reactions = talk_answers_fill(x, &m->reactions, TALK_ANSWERS_TOLD),
        .votes = talk_answers_fill(x, &m->votes, TALK_ANSWERS_TOLD),
    };
    if (m->gone_ms) {
        o->text = SV("");
        o->reactions = o->votes = (struct list){0};
    } else if (!talk_content_empty(&m->content)) {
        struct talk_content *c = ANEW(x->arena, struct talk_content);
        *c = m->content;
        o->content.v = c;
    }
    preview_fill(x, m, &o->preview);
}

void talk_room_fill(struct ctx *x, const struct room *r, struct talk_room_out *o)
{
    *o = (struct talk_room_out){
        .id = r->id,
        .name = r->name,
        .kind = sv_c(talk_room_kind_name(r->kind)),
        .members = r->members,
        .first_seq = r->first_seq,
        .last_seq = r->last_seq,
        .read_seq = r->read_seq,
        .mentions = r->mentions,
        .muted = r->muted,
        .pinned = r->pinned_ms != 0,
        .folder = r->folder,
        .photo = r->photo_ms,
        .peer = r->peer,
        .maker = r->kind == ROOM_SEVERAL ? r->maker : ID_NONE,
        .history = r->kind == ROOM_SEVERAL && r->history,
    };
    if (r->last) {
        struct talk_message_out *last = ANEW(x->arena, struct talk_message_out);
        talk_message_fill(x, r->last, last);
        o->last.v = last;
    }
}

static sv json_of(struct ctx *x, const struct schema *s, const void *v)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    schema_write(&j, NULL, s, v);
    return str_sv(&text);
}

bool talk_tell_posted(struct ctx *x, const struct message *m)
{
    struct talk_message_out o;

    talk_message_fill(x, m, &o);
    return talk_told(x, m, json_of(x, &talk_message_out, &o));
}

bool talk_tell_message_changed(struct ctx *x, const struct message *m)
{
    id64 id = talk_message_id(m->room, m->seq);
    struct talk_message_out o;
    struct list members = {0};
    bool all;

    talk_message_fill(x, m, &o);
    sv data = json_of(x, &talk_message_out, &o);
    if (!talk_seen_by_all(x, m->room, m->seq, &all))
        return false;
    if (all) {
        event_room(x, EV_MSG_CHANGED, m->room, data);
        event_object(x, id);
        return true;
    }
    if (!talk_sql_members_from(x, m->room, m->seq, &members))
        return false;
    for (size_t i = 0; i < members.n; i++) {
        event_member(x, EV_MSG_CHANGED_FOR, ((const id64 *)members.v)[i], data);
        event_object(x, id);
    }
    return true;
}

bool talk_tell_hidden(struct ctx *x, const struct message *m)
{
    struct message_place o = {m->room, m->seq};

    event_member(x, EV_MSG_HIDDEN, x->actor.member, json_of(x, &talk_message_place, &o));
    return true;
}

bool talk_tell_joined(struct ctx *x, id64 room, id64 member)
{
    struct talk_room_out o;
    struct room r;

    if (!talk_room_seen_by(x, room, member, &r))
        return false;
    r.last = NULL;                                        /* what is stored outlives the membership: nothing that was said */
    talk_room_fill(x, &r, &o);
    event_member(x, EV_ROOM_JOINED, member, json_of(x, &talk_room_out, &o));
    return true;
}

bool talk_tell_prefs(struct ctx *x, id64 room)
{
    struct talk_room_out o;
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    r.last = NULL;                                        /* what is stored outlives the membership: nothing that was said */
    talk_room_fill(x, &r, &o);
    event_member(x, EV_ROOM_PREFS, x->actor.member, json_of(x, &talk_room_out, &o));
    return true;
}

bool talk_tell_left(struct ctx *x, id64 room, id64 member)
{
    struct room_left o = {room};

    event_member(x, EV_ROOM_LEFT, member, json_of(x, &talk_room_left, &o));
    return true;
}

bool talk_tell_changed(struct ctx *x, id64 room)
{
    struct room r;

    if (!talk_sql_room(x, room, &r))
        return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
    struct room_changed o = {room, r.name, r.photo_ms};
    event_room(x, EV_ROOM_CHANGED, room, json_of(x, &talk_room_changed, &o));
    return true;
}
