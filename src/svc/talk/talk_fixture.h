/* svc/talk/talk_fixture.h: what tests of talk begin with: a room of two, a third who is not in it, and single operations on
 * the writer that give E_NONE or the refusal. */
#ifndef ENGAWA_SVC_TALK_TALK_FIXTURE_H
#define ENGAWA_SVC_TALK_TALK_FIXTURE_H

#include "core/core_test.h"
#include "svc/talk/talk.h"

#include <string.h>

struct house {
    id64 room, a, b, out;                                 /* a and b are in the room */
};

static inline struct house house_new(struct fixture *f)
{
    struct house h = { .a = fixture_member(f, "a", ROLE_MEMBER), .b = fixture_member(f, "b", ROLE_MEMBER),
                       .out = fixture_member(f, "out", ROLE_SUPER_ADMIN) };
    const id64 ids[] = { h.a, h.b };

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("店"), ids, 2, &h.room));
    CHECK(fixture_commit(f));
    return h;
}

static inline struct message message(id64 room, int key, const char *text)
{
    struct message m = { .room = room, .text = sv_c(text), .author_name = SV("") };

    memset(m.key, 0x70, sizeof(m.key));
    m.key[0] = (unsigned char)(key >> 8);
    m.key[1] = (unsigned char)key;
    return m;
}

/* One operation on the writer: posts as `who`; E_NONE or the refusal. */
static inline enum err post(struct fixture *f, id64 who, struct message *m, bool *repeat)
{
    fixture_as(f, who);
    fixture_begin(f);
    *repeat = false;
    bool ok = talk_post(&f->x, m, repeat);
    enum err code = f->x.failure.code;
    CHECK_INT(ok, code == E_NONE);
    if (ok && !*repeat)
        talk_told(&f->x, m, SV("{\"posted\":1}"));
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

static inline int64_t say(struct fixture *f, id64 who, id64 room, int key, const char *text)
{
    struct message m = message(room, key, text);
    bool repeat;

    CHECK_INT_AT(key, post(f, who, &m, &repeat), E_NONE);
    CHECK_AT(key, !repeat);
    return m.seq;
}

static inline id64 room_new(struct fixture *f, const id64 *members, size_t n)
{
    id64 room;

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("間"), members, n, &room));
    CHECK(fixture_commit(f));
    return room;
}

/* Each time another message: which one. */
static inline id64 say_words(struct fixture *f, id64 who, id64 room, sv text)
{
    static int keys;
    struct message m = message(room, ++keys, "");
    bool repeat;

    m.text = text;
    CHECK_INT(post(f, who, &m, &repeat), E_NONE);
    CHECK(!repeat);
    return talk_message_id(room, m.seq);
}

static inline enum err join(struct fixture *f, id64 room, id64 member)
{
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    bool ok = talk_room_join(&f->x, room, member);
    enum err code = f->x.failure.code;
    CHECK_INT(ok, code == E_NONE);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

#endif
