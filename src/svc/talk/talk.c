/* svc/talk/talk.c: rules of rooms and messages. */
#include "svc/talk/talk.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "crypt/hash.h"
#include "svc/talk/retention.h"
#include "svc/talk/room.h"
#include "svc/talk/search_sql.h"
#include "svc/talk/talk_sql.h"
#include "svc/talk/url.h"

#include <stdlib.h>
#include <string.h>

#define KEY_CHARS 36

#define SYNC_MAX  500
#define SYNC_SPAN 5000                                    /* positions that are looked through for them: others' too */

const char *talk_room_kind_name(enum room_kind k)
{
    static const char *const names[ROOM_KINDS] = {"", "direct", "several", "unit", "notice", "group"};

    return (unsigned)k < ROOM_KINDS ? names[k] : "";
}

static const char *const message_kinds[MESSAGE_KINDS] = {"", "text", "system", "stamp", "location", "contact", "poll", "file"};

const char *talk_message_kind_name(enum message_kind k)
{
    return (unsigned)k < MESSAGE_KINDS ? message_kinds[k] : "";
}

bool talk_message_kind_find(sv name, enum message_kind *out)
{
    for (unsigned k = MESSAGE_TEXT; k < MESSAGE_KINDS; k++)
        if (sv_equal(name, sv_c(message_kinds[k]))) {
            *out = (enum message_kind)k;
            return true;
        }
    return false;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool talk_key_read(sv text, unsigned char key[TALK_KEY_BYTES])
{
    size_t n = 0;

    if (text.n != KEY_CHARS)
        return false;
    for (size_t i = 0; i < KEY_CHARS; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        int d = hex_digit(text.p[i]);
        if (dash ? text.p[i] != '-' : d < 0)
            return false;
        if (dash)
            continue;
        key[n / 2] = (unsigned char)(n % 2 ? key[n / 2] | d : d << 4);
        n++;
    }
    return text.p[14] == '7';
}

sv talk_key_text(struct arena *a, const unsigned char key[TALK_KEY_BYTES])
{
    char *p = arena_raw(a, KEY_CHARS), *to = p;

    for (size_t i = 0; i < TALK_KEY_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *to++ = '-';
        *to++ = "0123456789abcdef"[key[i] >> 4];
        *to++ = "0123456789abcdef"[key[i] & 15];
    }
    return sv_n(p, KEY_CHARS);
}

id64 talk_message_id(id64 room, int64_t seq)
{
    return (id64){room.n << 32 | seq};
}

/* Also where the store could not be asked: the first failure stays. */
static bool no_room(struct ctx *x, id64 room)
{
    return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there for member %" PRId64,
                                             room.n, x->actor.member.n);
}

bool talk_room_visible(struct ctx *x, id64 room)
{
    struct membership me;

    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, &me))
        return no_room(x, room);
    return true;
}

static bool fill_last(struct ctx *x, struct room *r, id64 member)
{
    struct messages last = {0};

    if (!talk_sql_history(x, r->id, member, r->first_seq, UINT32_MAX, 1, &last))
        return false;
    if (last.n) {
        r->last = &last.v[0];
        r->last_seq = last.v[0].seq;
    }
    return true;
}

bool talk_room_seen_by(struct ctx *x, id64 room, id64 member, struct room *out)
{
    if (room.n > INT32_MAX || !talk_sql_room_of(x, room, member, out))
        return no_room(x, room);
    return fill_last(x, out, member);
}

bool talk_room_find(struct ctx *x, id64 room, struct room *out)
{
    return talk_room_seen_by(x, room, x->actor.member, out);
}

static int by_newest(const void *a, const void *b)
{
    const struct room *l = a, *r = b;
    int64_t at = l->last ? l->last->sent_ms : 0, bt = r->last ? r->last->sent_ms : 0;

    return at != bt ? (at < bt) - (at > bt) : (l->id.n > r->id.n) - (l->id.n < r->id.n);
}

bool talk_room_list(struct ctx *x, struct rooms *out)
{
    if (!talk_sql_rooms(x, out))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (!fill_last(x, &out->v[i], x->actor.member))
            return false;
    if (out->n > 1)
        qsort(out->v, out->n, sizeof(*out->v), by_newest);
    return true;
}

bool talk_room_version(struct ctx *x, id64 room, int64_t *version)
{
    struct room r;

    if (!talk_sql_room(x, room, &r))
        return no_room(x, room);
    *version = r.version;
    return true;
}

bool talk_room_members(struct ctx *x, id64 room, struct list *ids)
{
    return talk_sql_members(x, room, ids);
}

bool talk_history(struct ctx *x, id64 room, int64_t before, int64_t limit, struct messages *out, bool *more)
{
    struct membership me;

    if (!talk_sql_member(x, room, x->actor.member, &me))
        return no_room(x, room);
    if (!talk_sql_history(x, room, x->actor.member, me.first_seq, before ? before : UINT32_MAX, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool talk_next_seq(struct ctx *x, id64 room, int64_t *seq)
{
    int64_t last;

    /* Within one operation several messages may come (import): their seqs wait in the effects. */
    for (size_t i = x->effects.n; i-- > 0;)
        if (x->effects.v[i].kind == EFF_SEQ && x->effects.v[i].a == room.n) {
            *seq = x->effects.v[i].b + 1;
            return true;
        }
    if (!tenant_seq(x->tenant, room.n, &last) && !talk_sql_last_seq(x, room, &last))
        return false;
    if (last >= INT32_MAX)
        return fail(&x->failure, E_STORAGE_FULL, "room %" PRId64 " is full", room.n);
    *seq = last + 1;
    return true;
}

/* What the author sent, so that a repeat is known even after the message was changed: 63 bits of a hash, never 0. */
static int64_t talk_said(struct ctx *x, const struct message *m)
{
    struct str s = STR_IN(x->arena);
    struct sha256 hash;
    uint64_t n = 0;

    str_printf(&s, "%d %" PRId64 " %" PRId64 " %d %" PRId64 " %zu ", (int)m->kind, m->reply, m->thread,
               (int)(m->flags & MESSAGE_IMPORTANT), m->deadline_ms, m->text.n);
    str_put(&s, m->text);
    str_put(&s, talk_content_text(x, &m->content));
    hash = sha256(str_sv(&s));
    for (size_t i = 0; i < 8; i++)
        n = n << 8 | hash.b[i];
    return (int64_t)(n >> 1 | 1);
}

/* A message that is known as it may be read now. */
static bool shown(struct ctx *x, struct message *m)
{
    if (m->sent_ms >= talk_oldest_ms(x))
        return talk_sql_answers(x, m);
    m->gone_ms = x->now_ms;                               /* beyond its period: known, and not to be read any more */
    m->text = m->author_name = SV("");
    m->content = (struct talk_content){0};
    m->flags = 0;
    return true;
}

/* The message that stands under this key already: the same one, or another. */
static bool repeated(struct ctx *x, struct message *m)
{
    struct message old;
    int64_t said;

    if (!talk_sql_by_key(x, m->key, m->author, &old, &said))
        return fail(&x->failure, E_INTERNAL, "a key exists and does not exist");
    if (old.room.n != m->room.n || (said ? said != talk_said(x, m) : old.kind != m->kind || !sv_equal(old.text, m->text)))
        return fail(&x->failure, E_KEY_REUSED, "another message under this key");
    *m = old;
    return shown(x, m);
}

static bool put(struct ctx *x, struct message *m, bool *repeat)
{
    bool added;

    m->flags |= talk_linked(m->kind, m->text);
    if (!talk_next_seq(x, m->room, &m->seq) || !talk_sql_message_add(x, m, talk_said(x, m), &added))
        return false;
    *repeat = !added;
    if (!added)
        return repeated(x, m);
    effect(x, EFF_SEQ, m->room.n, m->seq);
    return m->kind == MESSAGE_SYSTEM || m->kind == MESSAGE_STAMP ||
           search_sql_new(x, talk_message_id(m->room, m->seq), m->sent_ms);
}

/* Refused as new, for something that may have changed since it was sent; as a repeat it is answered all the same. */
static bool stands(struct ctx *x, struct message *m, bool *repeat)
{
    struct failure refusal = x->failure;
    struct message old;
    int64_t said;

    failure_clear(&x->failure);
    if (!talk_sql_by_key(x, m->key, m->author, &old, &said)) {
        if (x->failure.code == E_NONE)
            x->failure = refusal;
        return false;
    }
    *repeat = true;
    return repeated(x, m);
}

static bool content_is(struct ctx *x, const struct message *m, bool right, const char *field)
{
    return right || fail_field(&x->failure, field, "a %s cannot be so", talk_message_kind_name(m->kind));
}

/* Each kind has what it is made of and nothing else. */
static bool kind_right(struct ctx *x, const struct message *m)
{
    const struct talk_content *c = &m->content;
    const struct talk_contact *contact = c->contact.v;
    bool words = m->kind == MESSAGE_TEXT || m->kind == MESSAGE_POLL;

    return content_is(x, m, words ? m->text.n > 0 : m->text.n == 0 || m->kind == MESSAGE_FILE, "text") &&
           content_is(x, m, m->kind != MESSAGE_SYSTEM, "kind") &&
           content_is(x, m, (m->kind == MESSAGE_FILE) == (c->files.n > 0), "files") &&
           content_is(x, m, m->kind == MESSAGE_STAMP ? talk_stamp_known(c->stamp) : c->stamp.n == 0, "stamp") &&
           content_is(x, m, (m->kind == MESSAGE_LOCATION) == (c->location.v != NULL), "location") &&
           content_is(x, m, (m->kind == MESSAGE_CONTACT) == (contact != NULL), "contact") &&
           content_is(x, m, !contact || contact->member.n || contact->name.n, "contact") &&
           content_is(x, m, (m->kind == MESSAGE_POLL) == (c->poll.v != NULL), "poll") &&
           content_is(x, m, m->deadline_ms == 0 || (m->flags & MESSAGE_IMPORTANT), "deadline");
}

/* Each names somebody who hears it, by words that stand in the text. */
bool talk_mentions_right(struct ctx *x, const struct message *m)
{
    const struct talk_mention *v = m->content.mentions.v;
    size_t length = utf8_count(m->text);

    for (size_t i = 0; i < m->content.mentions.n; i++) {
        struct membership of;
        if ((uint64_t)v[i].at + (uint64_t)v[i].length > length)
            return fail_field(&x->failure, "mentions", "beyond the text");
        if (sv_equal(v[i].kind, SV("member")) && !talk_sql_member(x, m->room, v[i].id, &of))
            return fail_field(&x->failure, "mentions", "no member of the room");
    }
    return true;
}

bool talk_mentions_put(struct ctx *x, const struct message *m)
{
    const struct talk_mention *v = m->content.mentions.v;
    id64 message = talk_message_id(m->room, m->seq);

    for (size_t i = 0; i < m->content.mentions.n; i++)
        if (!(sv_equal(v[i].kind, SV("member")) ? talk_sql_mention_add(x, message, v[i].id)
              : sv_equal(v[i].kind, SV("unit")) ? talk_sql_mention_unit(x, message, m->room, v[i].id)
                                                : talk_sql_mention_all(x, message, m->room)))
            return false;
    return true;
}

/* What it answers and where it stands must be there for its author; a thread has one floor. */
static bool places_right(struct ctx *x, struct message *m)
{
    struct message other;

    if (m->reply && !talk_message(x, m->room, m->reply, &other))
        return false;
    if (m->thread && !talk_message(x, m->room, m->thread, &other))
        return false;
    if (m->thread && other.thread)
        return fail_field(&x->failure, "thread", "the message stands in a thread itself");
    return true;
}

/* The first message of a thread tells how many stand under it. */
static bool thread_grew(struct ctx *x, const struct message *m)
{
    return m->thread == 0 || talk_sql_thread_grew(x, talk_message_id(m->room, m->thread), m->sent_ms);
}

bool talk_post(struct ctx *x, struct message *m, bool *repeat)
{
    struct membership me;

    if (!talk_sql_member(x, m->room, x->actor.member, &me))
        return no_room(x, m->room);
    if (me.kind == ROOM_NOTICE)
        return fail(&x->failure, E_DENIED, "service notices cannot be answered");
    m->author = x->actor.member;
    m->kind = m->kind ? m->kind : MESSAGE_TEXT;
    m->sent_ms = x->now_ms;
    if (!kind_right(x, m) || !talk_mentions_right(x, m) || !places_right(x, m))
        return stands(x, m, repeat);
    if (!put(x, m, repeat))
        return false;
    return *repeat || (talk_mentions_put(x, m) && thread_grew(x, m));
}

bool talk_posted(struct ctx *x, struct message *m, bool *there)
{
    struct membership me;
    struct message old;
    int64_t said;

    *there = false;
    if (m->room.n > INT32_MAX || !talk_sql_member(x, m->room, x->actor.member, &me))
        return no_room(x, m->room);
    if (!talk_sql_by_key(x, m->key, x->actor.member, &old, &said))
        return x->failure.code == E_NONE;
    if (old.room.n != m->room.n)
        return fail(&x->failure, E_KEY_REUSED, "another message under this key");
    *m = old;
    *there = true;
    return shown(x, m);
}

bool talk_message(struct ctx *x, id64 room, int64_t seq, struct message *out)
{
    struct membership me;
    struct messages one = {0};

    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, &me))
        return no_room(x, room);
    if (seq >= me.first_seq && !talk_sql_history(x, room, x->actor.member, seq, seq + 1, 1, &one))
        return false;
    if (one.n == 0)
        return fail(&x->failure, E_NOT_FOUND, "no message %" PRId64 " in room %" PRId64, seq, room.n);
    *out = one.v[0];
    return true;
}

bool talk_seen_by_all(struct ctx *x, id64 room, int64_t seq, bool *all)
{
    int64_t first;

    if (!talk_sql_last_first(x, room, &first))
        return false;
    *all = first <= seq;
    return true;
}

bool talk_say(struct ctx *x, struct message *m)
{
    bool repeat;

    rand_bytes(m->key, sizeof(m->key));
    m->key[6] = 0x70 | (m->key[6] & 0x0F);                /* a UUID of version 7 as clients make them */
    m->key[8] = 0x80 | (m->key[8] & 0x3F);
    m->author = ID_NONE;
    m->author_name = SV("");
    m->kind = m->kind ? m->kind : MESSAGE_TEXT;
    m->sent_ms = x->now_ms;
    return put(x, m, &repeat);
}

static bool import_right(struct ctx *x, struct message *m)
{
    m->kind = m->kind ? m->kind : MESSAGE_TEXT;
    if (m->kind == MESSAGE_SYSTEM)
        return content_is(x, m, m->text.n > 0 && talk_content_empty(&m->content), "kind");
    return kind_right(x, m) && talk_mentions_right(x, m);
}

bool talk_import(struct ctx *x, struct message *m, bool *repeat)
{
    struct room r;

    if (m->room.n > INT32_MAX || !talk_sql_room(x, m->room, &r) || r.closed)
        return no_room(x, m->room);
    if (r.kind == ROOM_NOTICE)
        return fail(&x->failure, E_DENIED, "service notices have no other history");
    if (m->author.n && !talk_sql_member_exists(x, m->author))
        return fail_field(&x->failure, "sender", "no such member");
    if (!talk_sql_seq_of_key(x, m->room, m->key, &m->seq))
        return false;
    *repeat = m->seq != 0;
    return *repeat ||
           (import_right(x, m) && put(x, m, repeat) && talk_mentions_put(x, m) && thread_grew(x, m));
}

bool talk_import_reply(struct ctx *x, id64 room, sv key, int64_t *seq)
{
    unsigned char bytes[TALK_KEY_BYTES];

    if (!talk_key_read(key, bytes))
        return fail_field(&x->failure, "reply_key", "not a UUID of version 7");
    if (room.n > INT32_MAX)
        return no_room(x, room);
    if (!talk_sql_seq_of_key(x, room, bytes, seq))
        return false;
    return *seq || fail_field(&x->failure, "reply_key", "no such message in the room");
}

bool talk_import_done(struct ctx *x, id64 room)
{
    int64_t next;

    return talk_next_seq(x, room, &next) && talk_sql_read_all(x, room, next - 1);
}

bool talk_told(struct ctx *x, const struct message *m, sv data)
{
    event_room(x, EV_MSG_POSTED, m->room, data);
    event_object(x, talk_message_id(m->room, m->seq));
    return true;
}

/* 31 bits are few enough to meet one that is there: of 10,000 rooms two in a hundred times. */
bool talk_room_id_new(struct ctx *x, id64 *room)
{
    struct room taken;

    do
        *room = (id64){rand_room_id()};
    while (talk_sql_room(x, *room, &taken));
    return x->failure.code == E_NONE;
}

bool talk_room_add(struct ctx *x, sv name, const id64 *members, size_t n, id64 *id)
{
    if (n > TALK_ROOM_MEMBERS_MAX)
        return fail_field(&x->failure, "members", "%zu members", n);
    if (!talk_room_id_new(x, id))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!talk_sql_member_exists(x, members[i]))
            return fail_field(&x->failure, "members", "no member %" PRId64, members[i].n);
        for (size_t k = 0; k < i; k++)
            if (members[k].n == members[i].n)
                return fail_field(&x->failure, "members", "a member twice");
        effect(x, EFF_TOPIC_JOIN, members[i].n, topic_of_room(*id));
    }
    return talk_sql_room_add(x, *id, ROOM_SEVERAL, name, 0) && talk_members_change(x, *id, members, n, 1, NULL, 0);
}

bool talk_room_made(struct ctx *x, sv key, id64 *id)
{
    unsigned char bytes[TALK_KEY_BYTES];

    if (!talk_key_read(key, bytes))
        return fail_field(&x->failure, "key", "not a UUID of version 7");
    return talk_sql_room_made(x, talk_key_text(x->arena, bytes), id);
}

bool talk_room_made_under(struct ctx *x, id64 room, sv key)
{
    unsigned char bytes[TALK_KEY_BYTES];

    return talk_key_read(key, bytes) && talk_sql_room_key(x, room, talk_key_text(x->arena, bytes));
}

bool talk_room_join(struct ctx *x, id64 room, id64 member)
{
    struct membership of;
    int64_t next;
    struct room r;

    if (room.n > INT32_MAX || !talk_sql_room(x, room, &r) || !talk_sql_member_exists(x, member))
        return no_room(x, room);
    if (r.kind != ROOM_SEVERAL)
        return fail(&x->failure, E_DENIED, "the members of this room follow from elsewhere");
    if (r.members >= TALK_ROOM_MEMBERS_MAX)
        return fail(&x->failure, E_CONFLICT, "the room is full");
    if (talk_sql_member(x, room, member, &of))
        return true;
    effect(x, EFF_TOPIC_JOIN, member.n, topic_of_room(room));
    return talk_next_seq(x, room, &next) && talk_members_change(x, room, &member, 1, next, NULL, 0);
}

bool talk_room_leave(struct ctx *x, id64 room, id64 member)
{
    struct membership of;
    struct room r;

    if (room.n > INT32_MAX || !talk_sql_room(x, room, &r))
        return no_room(x, room);
    if (r.kind != ROOM_SEVERAL)
        return fail(&x->failure, E_DENIED, "the members of this room follow from elsewhere");
    if (!talk_sql_member(x, room, member, &of))
        return no_room(x, room);
    effect(x, EFF_TOPIC_LEAVE, member.n, topic_of_room(room));
    return talk_members_change(x, room, NULL, 0, 0, &member, 1);
}

bool talk_pos(struct ctx *x, int64_t *pos)
{
    int64_t oldest = 0;

    return talk_sql_event_range(x, &oldest, pos);
}

bool talk_sync(struct ctx *x, int64_t since, struct tolds *out, int64_t *pos, bool *reset)
{
    int64_t oldest = 0, newest = 0, made_ms;

    if (!talk_sql_event_range(x, &oldest, &newest) || !talk_sql_event_behind(x, since, &made_ms))
        return false;
    *pos = newest;
    /* Older ones may still lie there, of a tenant that slept: they may tell of what is beyond its period. */
    *reset = since > newest || newest - since > SYNC_SPAN || since + 1 < oldest ||
             made_ms < x->now_ms - EVENT_DAYS * INT64_C(86400000);
    if (*reset)
        return true;
    if (!talk_sql_events(x, since, SYNC_MAX + 1, out))
        return false;
    *reset = out->n > SYNC_MAX;
    if (*reset)
        out->n = 0;
    else if (out->n && out->v[out->n - 1].pos > *pos)
        *pos = out->v[out->n - 1].pos;                    /* committed between the two statements */
    return true;
}

bool talk_events_forget(struct ctx *x)
{
    return talk_sql_events_forget(x, x->now_ms - EVENT_DAYS * INT64_C(86400000));
}

bool talk_rooms_of(struct ctx *x, struct rooms *out)
{
    return talk_sql_rooms(x, out);
}
