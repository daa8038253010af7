/* svc/talk/chat_import.c: rooms and messages of another messenger's export, put in order. */
#include "svc/talk/chat_import.h"

#include "base/utf8.h"
#include "crypt/hash.h"

#include <stdlib.h>

struct entry {
    sv name;
    size_t at;
    struct entry *next;                                   /* of the same hash */
};

void chat_index_init(struct chat_index *i, struct arena *a)
{
    i->arena = a;
    map_init(&i->map, 0x656e67617761);
}

void chat_index_put(struct chat_index *i, sv name, size_t at)
{
    uint64_t h = sv_hash(name, 0);
    struct entry *e = ANEW(i->arena, struct entry);

    if (!name.n || chat_index_get(i, name) != CHAT_NONE)
        return;
    *e = (struct entry){.name = sv_dup(i->arena, name), .at = at, .next = map_get(&i->map, h)};
    map_put(&i->map, h, e);
}

size_t chat_index_get(const struct chat_index *i, sv name)
{
    for (const struct entry *e = map_get(&i->map, sv_hash(name, 0)); e; e = e->next)
        if (sv_equal(e->name, name))
            return e->at;
    return CHAT_NONE;
}

void chat_member_add(struct arena *a, struct chat_room *room, size_t person)
{
    if (person == CHAT_NONE)
        return;
    for (size_t i = 0; i < room->members.n; i++)
        if (room->members.v[i] == person)
            return;
    *PUSH(a, &room->members) = person;
}

void chat_message_add(struct arena *a, struct chat_import *in, struct chat_room *room, struct chat_message m)
{
    sv rest = m.text;

    if (m.sender_name.n == 0)
        m.sender_name = SV("?");
    if (utf8_count(rest) > CHAT_TEXT_MAX)
        in->counts.cut_texts++;
    for (m.part = 0; rest.n; m.part++) {
        m.text = utf8_upto(rest, CHAT_TEXT_MAX);
        rest = sv_from(rest, m.text.n);
        *PUSH(a, &room->messages) = m;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct chat_message *l = a, *r = b;

    if (l->at_us != r->at_us)
        return (l->at_us > r->at_us) - (l->at_us < r->at_us);
    int ids = sv_compare(l->id, r->id);
    return ids ? ids : (l->part > r->part) - (l->part < r->part);
}

static void finish_room(struct arena *a, struct chat_import *in, struct chat_room *room)
{
    struct arena *scratch = arena_new(64 * 1024);
    struct chat_index ids;
    size_t n = 0;

    if (room->messages.n > 1)
        qsort(room->messages.v, room->messages.n, sizeof(*room->messages.v), by_time);
    chat_index_init(&ids, scratch);
    for (size_t i = 0; i < room->messages.n; i++) {
        struct chat_message m = room->messages.v[i];
        if (n && by_time(&room->messages.v[n - 1], &m) == 0) {
            in->counts.repeated++;
            continue;
        }
        size_t root = m.root.n ? chat_index_get(&ids, m.root) : CHAT_NONE;
        if (root != CHAT_NONE)
            m.root_us = room->messages.v[root].at_us;
        in->counts.threads_flattened += m.root.n && root == CHAT_NONE && m.part == 0;
        if (root == CHAT_NONE)
            m.root = SV("");
        chat_index_put(&ids, m.id, n);
        chat_member_add(a, room, m.person);
        room->messages.v[n++] = m;
    }
    room->messages.n = n;
    in->counts.messages += (int64_t)n;
    map_release(&ids.map);
    arena_free(&scratch);
}

/* Rooms of a few people are called by who is in them. */
static void name_direct(struct arena *a, const struct chat_import *in, struct chat_room *room)
{
    struct str name = STR_IN(a);

    for (size_t i = 0; room->direct && i < room->members.n && i < 20; i++) {
        str_c(&name, i ? "、" : "");
        str_put(&name, in->people.v[room->members.v[i]].name);
    }
    if (name.n)
        room->name = str_sv(&name);
}

void chat_import_finish(struct arena *a, struct chat_import *in)
{
    for (size_t i = 0; i < in->rooms.n; i++) {
        finish_room(a, in, &in->rooms.v[i]);
        name_direct(a, in, &in->rooms.v[i]);
    }
}

static sv uuid(struct arena *a, int64_t at_ms, sv words)
{
    struct sha256 h = sha256(words);
    uint64_t ms = at_ms > 0 ? (uint64_t)at_ms & 0xFFFFFFFFFFFFull : 0;

    return sv_printf(a, "%08x-%04x-7%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)(ms >> 16), (unsigned)(ms & 0xFFFF),
                     h.b[0] & 0xF, h.b[1], (h.b[2] & 0x3F) | 0x80, h.b[3], h.b[4], h.b[5], h.b[6], h.b[7], h.b[8], h.b[9]);
}

sv chat_message_key(struct arena *a, const char *source, int64_t room, int64_t at_us, sv id, int part)
{
    return uuid(a, at_us / 1000, sv_printf(a, "%s 1\n%" PRId64 "\n%d\n%.*s", source, room, part, SV_ARG(id)));
}

sv chat_room_key(struct arena *a, const char *source, sv id)
{
    return uuid(a, 0, sv_printf(a, "%s room 1\n%.*s", source, SV_ARG(id)));
}

sv chat_text(const struct json_value *v, const char *name)
{
    const struct json_value *t = v ? json_get(v, sv_c(name)) : NULL;

    return t && t->type == JSON_TEXT ? t->text : SV("");
}

bool chat_yes(const struct json_value *v, const char *name)
{
    const struct json_value *t = v ? json_get(v, sv_c(name)) : NULL;

    return t && t->type == JSON_BOOL && t->yes;
}

const struct json_value *chat_list(const struct json_value *v, const char *name)
{
    const struct json_value *t = v ? json_get(v, sv_c(name)) : NULL;

    return t && t->type == JSON_ARRAY ? t->child : NULL;
}

void chat_file_line(struct str *text, sv name)
{
    if (text->n)
        str_char(text, '\n');
    str_c(text, "[ファイル]");
    if (name.n) {
        str_char(text, ' ');
        str_put(text, utf8_upto(name, 255));
    }
}
