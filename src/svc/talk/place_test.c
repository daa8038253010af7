/* svc/talk/place_test.c: rooms of units and groups follow their members, closed ones are absent for everybody, erased ones
 * are gone; service notices come into a room that nobody answers in; who is deleted is in no room. */
#include "base/rand.h"
#include "core/core_test.h"
#include "svc/talk/message.h"
#include "svc/talk/place.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"

#include <string.h>

struct town {
    id64 a, b, c, room;                                   /* a and b are in the room */
};

#define WRITE(f, ...)                 \
    (fixture_as(f, ID_NONE),          \
     fixture_begin(f),                \
     finish(f, (__VA_ARGS__)))

/* E_NONE when the operation was committed; its events and effects stay to be looked at. */
static enum err finish(struct fixture *f, bool ok)
{
    enum err code = f->x.failure.code;

    CHECK_INT(ok, code == E_NONE);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

static struct town town_new(struct fixture *f)
{
    struct town t = { .a = fixture_member(f, "a", ROLE_MEMBER), .b = fixture_member(f, "b", ROLE_MEMBER),
                      .c = fixture_member(f, "c", ROLE_MEMBER) };
    const id64 ids[] = { t.a, t.b };

    CHECK_INT(WRITE(f, talk_place_open(&f->x, ROOM_GROUP, SV("店長会"), ids, 2, &t.room)), E_NONE);
    return t;
}

static enum err post(struct fixture *f, id64 who, id64 room, int key)
{
    struct message m = { .room = room, .text = SV("x"), .author_name = SV("") };
    bool repeat;

    memset(m.key, 0x70, sizeof(m.key));
    m.key[0] = (unsigned char)key;
    fixture_as(f, who);
    fixture_begin(f);
    return finish(f, talk_post(&f->x, &m, &repeat) && talk_tell_posted(&f->x, &m));
}

/* "group 3 2" = kind, seqs newest first; "-": not there. */
static sv seen(struct fixture *f, id64 who, id64 room)
{
    struct messages v = { 0 };
    struct str s = STR_IN(f->a);
    struct room r;
    bool more, visible;

    fixture_as(f, who);
    visible = talk_room_visible(&f->x, room);
    fixture_as(f, who);
    CHECK_INT(talk_room_find(&f->x, room, &r), visible);
    fixture_as(f, who);
    CHECK_INT(talk_history(&f->x, room, 0, 50, &v, &more), visible);
    if (!visible) {
        CHECK_INT(f->x.failure.code, E_NOT_FOUND);
        return SV("-");
    }
    str_c(&s, talk_room_kind_name(r.kind));
    for (size_t i = 0; i < v.n; i++)
        str_printf(&s, " %" PRId64, v.v[i].seq);
    return str_sv(&s);
}

static size_t rooms_of(struct fixture *f, id64 who)
{
    struct rooms v = { 0 }, bare = { 0 };

    fixture_as(f, who);
    CHECK(talk_room_list(&f->x, &v));
    CHECK(talk_rooms_of(&f->x, &bare));
    CHECK_INT(v.n, bare.n);
    return v.n;
}

/* "+a -b": whose connections the last operation put into the room's topic and took out, in order. */
static sv topics(struct fixture *f, const struct town *t)
{
    struct str s = STR_IN(f->a);

    for (size_t i = 0; i < f->x.effects.n; i++) {
        const struct effect *e = &f->x.effects.v[i];
        if (e->kind != EFF_TOPIC_JOIN && e->kind != EFF_TOPIC_LEAVE)
            continue;
        CHECK_INT(e->b, topic_of_room(t->room));
        str_printf(&s, "%s%c%c", s.n ? " " : "", e->kind == EFF_TOPIC_JOIN ? '+' : '-',
                   e->a == t->a.n   ? 'a'
                   : e->a == t->b.n ? 'b'
                   : e->a == t->c.n ? 'c'
                                    : '?');
    }
    return str_sv(&s);
}

/* Names of the last operation's events, in order. */
static sv events(struct fixture *f)
{
    struct str s = STR_IN(f->a);

    for (size_t i = 0; i < f->x.events.n; i++)
        str_printf(&s, "%s%s", i ? " " : "", event_def(f->x.events.v[i].kind)->name);
    return str_sv(&s);
}

static size_t synced(struct fixture *f, id64 who)
{
    struct tolds v = { 0 };
    int64_t pos;
    size_t n = 0;
    bool reset;

    fixture_as(f, who);
    CHECK(talk_sync(&f->x, 0, &v, &pos, &reset));
    for (size_t i = 0; i < v.n; i++)
        n += v.v[i].room.n != 0;
    return n;
}

TEST_BOTH(place_members_follow)
{
    struct town t = town_new(f);
    const id64 ac[] = { t.c, t.a, t.c, { 99 } }, none[] = { { 99 } };
    struct list ids;

    CHECK_STR(events(f), SV("room.joined room.joined"));
    CHECK_INT(post(f, t.a, t.room, 1), E_NONE);
    CHECK_STR(seen(f, t.b, t.room), SV("group 1"));
    CHECK_STR(seen(f, t.c, t.room), SV("-"));
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, ac, COUNT(ac))), E_NONE);
    CHECK_STR(topics(f, &t), SV("-b +c"));
    CHECK_STR(events(f), SV("room.left room.joined"));
    CHECK_STR(seen(f, t.b, t.room), SV("-"));
    CHECK_INT(post(f, t.b, t.room, 2), E_NOT_FOUND);
    CHECK_STR(seen(f, t.c, t.room), SV("group 1"));       /* a newcomer sees what was before */
    CHECK_INT(FIXTURE_INT(f, "SELECT members FROM room WHERE id = $1", ID(t.room)), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT version FROM room WHERE id = $1", ID(t.room)), 2);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, ac, COUNT(ac))), E_NONE);
    CHECK_INT(f->x.events.n + f->x.effects.n, 0);         /* the same again: nobody is told anything */
    CHECK_INT(FIXTURE_INT(f, "SELECT version FROM room WHERE id = $1", ID(t.room)), 2);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, none, 1)), E_NONE);
    REQUIRE(talk_room_members(&f->x, t.room, &ids) && ids.n == 0);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, NULL, 0)), E_NONE);
}

/* What room.history_for_newcomers says when somebody comes binds reading and sync. */
TEST_BOTH(place_newcomers_see_what_the_setting_says)
{
    struct town t = town_new(f);
    const id64 abc[] = { t.a, t.b, t.c };

    PROVES("TLK-01");
    CHECK_INT(post(f, t.a, t.room, 1), E_NONE);
    fixture_setting(f, "room.history_for_newcomers", "false");
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, abc, 3)), E_NONE);
    CHECK_INT(post(f, t.b, t.room, 2), E_NONE);
    CHECK_STR(seen(f, t.c, t.room), SV("group 2"));
    CHECK_STR(seen(f, t.b, t.room), SV("group 2 1"));
    CHECK_INT(synced(f, t.c), 1);
    fixture_setting(f, "room.history_for_newcomers", "true");
    CHECK_STR(seen(f, t.c, t.room), SV("group 2"));
}

TEST_BOTH(place_closed_is_absent_and_comes_back)
{
    struct town t = town_new(f);
    const id64 bc[] = { t.b, t.c };

    CHECK_INT(post(f, t.a, t.room, 1), E_NONE);
    CHECK_INT(synced(f, t.b), 1);
    CHECK_INT(WRITE(f, talk_place_close(&f->x, t.room)), E_NONE);
    CHECK_INT(f->x.effects.n, 2);
    CHECK_STR(events(f), SV("room.left room.left"));
    CHECK_STR(seen(f, t.a, t.room), SV("-"));
    CHECK_INT(post(f, t.a, t.room, 2), E_NOT_FOUND);
    CHECK_INT(rooms_of(f, t.a), 0);
    CHECK_INT(synced(f, t.b), 0);
    CHECK_INT(WRITE(f, talk_place_close(&f->x, t.room)), E_NONE);
    CHECK_INT(f->x.effects.n + f->x.events.n, 0);
    CHECK_INT(WRITE(f, talk_place_rename(&f->x, t.room, SV("新"))), E_NONE);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, bc, 2)), E_NONE);
    CHECK_INT(f->x.effects.n + f->x.events.n, 0);         /* nobody hears of a room that is not there */
    CHECK_STR(seen(f, t.c, t.room), SV("-"));
    CHECK_INT(WRITE(f, talk_place_restore(&f->x, t.room)), E_NONE);
    CHECK_STR(events(f), SV("room.joined room.joined"));
    CHECK_STR(seen(f, t.b, t.room), SV("group 1"));
    CHECK_STR(seen(f, t.c, t.room), SV("group 1"));
    CHECK_STR(seen(f, t.a, t.room), SV("-"));
    CHECK_INT(post(f, t.b, t.room, 3), E_NONE);
    CHECK_STR(seen(f, t.c, t.room), SV("group 2 1"));
    CHECK_INT(WRITE(f, talk_place_restore(&f->x, t.room)), E_NONE);
    CHECK_INT(f->x.effects.n + f->x.events.n, 0);
}

TEST_BOTH(place_erased_is_gone)
{
    struct town t = town_new(f);

    id64 said = talk_message_id(t.room, 1);
    CHECK_INT(post(f, t.a, t.room, 1), E_NONE);
    fixture_as(f, t.b);
    fixture_begin(f);
    CHECK(talk_react(&f->x, said, SV("👍"), true) && talk_hide(&f->x, said) && talk_sql_mention_all(&f->x, said, t.room));
    CHECK(fixture_commit(f));
    CHECK_INT(WRITE(f, talk_place_erase(&f->x, t.room)), E_NONE);
    CHECK_STR(events(f), SV("room.left room.left"));      /* it was open: they are told */
    CHECK_STR(seen(f, t.a, t.room), SV("-"));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM reaction"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM mention"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message_hidden"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM event WHERE object <> 0"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_member"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM event WHERE topic = $1", INT(topic_of_room(t.room))), 0);
    CHECK_INT(WRITE(f, talk_place_erase(&f->x, t.room)), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_place_close(&f->x, t.room)), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_place_restore(&f->x, t.room)), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, t.room, NULL, 0)), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_place_rename(&f->x, t.room, SV("x"))), E_NOT_FOUND);
}

TEST_BOTH(place_is_renamed)
{
    struct town t = town_new(f);
    struct room r;

    CHECK_INT(WRITE(f, talk_place_rename(&f->x, t.room, SV("店長会 2"))), E_NONE);
    CHECK_STR(events(f), SV("room.changed"));
    CHECK_INT(f->x.events.v[0].topic, topic_of_room(t.room));
    CHECK_INT(WRITE(f, talk_place_rename(&f->x, t.room, SV("店長会 2"))), E_NONE);
    CHECK_INT(f->x.events.n, 0);
    fixture_as(f, t.a);
    REQUIRE(talk_room_find(&f->x, t.room, &r));
    CHECK_STR(r.name, SV("店長会 2"));
}

/* Places are nobody's to join, to leave or to close as if they were rooms of several people, and the other way round. */
TEST_BOTH(place_and_other_rooms_are_apart)
{
    struct town t = town_new(f);
    const id64 a[] = { t.a };
    id64 room;

    CHECK_INT(WRITE(f, talk_room_join(&f->x, t.room, t.c)), E_DENIED);
    CHECK_INT(WRITE(f, talk_room_leave(&f->x, t.room, t.a)), E_DENIED);
    CHECK_INT(WRITE(f, talk_room_add(&f->x, SV("ほか"), a, 1, &room)), E_NONE);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, room, a, 1)), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_place_erase(&f->x, room)), E_NOT_FOUND);
    CHECK_STR(seen(f, t.a, room), SV("several"));
    CHECK_STR(seen(f, t.a, t.room), SV("group"));
}

/* ---- service notices ---- */

static id64 notices_of(struct fixture *f, id64 member)
{
    return (id64){ FIXTURE_INT(f, "SELECT r.id FROM room r JOIN room_member rm ON rm.room = r.id WHERE r.kind = $1"
                                  " AND rm.member = $2", INT(ROOM_NOTICE), ID(member)) };
}

TEST_BOTH(notice_comes_and_is_not_answered)
{
    struct town t = town_new(f);
    struct messages v = { 0 };
    bool more;

    PROVES("OVR-06");
    CHECK_INT(WRITE(f, talk_notice(&f->x, t.a, SV("一つ目"))), E_NONE);
    CHECK_STR(events(f), SV("room.joined talk.message.posted"));
    CHECK_INT(f->x.effects.v[0].kind, EFF_TOPIC_JOIN);    /* before the event leaves */
    id64 room = notices_of(f, t.a);
    CHECK_INT(WRITE(f, talk_notice(&f->x, t.a, SV("二つ目"))), E_NONE);
    CHECK_STR(events(f), SV("talk.message.posted"));
    CHECK_INT(notices_of(f, t.a).n, room.n);
    CHECK_STR(seen(f, t.a, room), SV("notice 2 1"));
    CHECK_STR(seen(f, t.b, room), SV("-"));
    CHECK_INT(rooms_of(f, t.b), 1);
    CHECK_INT(synced(f, t.a), 2);
    CHECK_INT(post(f, t.a, room, 1), E_DENIED);
    CHECK_INT(post(f, t.b, room, 1), E_NOT_FOUND);
    CHECK_INT(WRITE(f, talk_room_join(&f->x, room, t.b)), E_DENIED);
    CHECK_INT(WRITE(f, talk_place_close(&f->x, room)), E_NOT_FOUND);
    fixture_as(f, t.a);
    REQUIRE(talk_history(&f->x, room, 0, 50, &v, &more) && v.n == 2);
    CHECK_STR(v.v[0].text, SV("二つ目"));
    CHECK_INT(v.v[0].author.n, 0);
    CHECK_STR(v.v[0].author_name, SV(""));
    CHECK(memcmp(v.v[0].key, v.v[1].key, TALK_KEY_BYTES) != 0);
    CHECK_INT(v.v[0].key[6] >> 4, 7);
}

TEST_BOTH(notice_in_the_member_s_language)
{
    struct town t = town_new(f);
    struct messages v = { 0 };
    bool more;

    CHECK(db_exec(f->d, "UPDATE member SET language = 'en' WHERE id = $1", ID(t.b)));
    CHECK_INT(WRITE(f, talk_notice_in(&f->x, t.a, SV("変更"), SV("Changed")) &&
                           talk_notice_in(&f->x, t.b, SV("変更"), SV("Changed")) &&
                           talk_notice_in(&f->x, (id64){ 99 }, SV("変更"), SV("Changed"))), E_NONE);
    fixture_as(f, t.a);
    REQUIRE(talk_history(&f->x, notices_of(f, t.a), 0, 50, &v, &more) && v.n == 1);
    CHECK_STR(v.v[0].text, SV("変更"));
    v = (struct messages){ 0 };
    fixture_as(f, t.b);
    REQUIRE(talk_history(&f->x, notices_of(f, t.b), 0, 50, &v, &more) && v.n == 1);
    CHECK_STR(v.v[0].text, SV("Changed"));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room WHERE name = 'Service notices'"), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room WHERE kind = $1", INT(ROOM_NOTICE)), 2);
}

/* Nobody hears more of a rolled back notice than of any other rolled back message. */
TEST_BOTH(notice_rolled_back_leaves_no_gap)
{
    struct town t = town_new(f);

    CHECK_INT(WRITE(f, talk_notice(&f->x, t.a, SV("一"))), E_NONE);
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_notice(&f->x, t.a, SV("失われた")));
    fixture_rollback(f);
    CHECK_INT(WRITE(f, talk_notice(&f->x, t.a, SV("二")) && talk_notice(&f->x, t.a, SV("三"))), E_NONE);
    CHECK_STR(seen(f, t.a, notices_of(f, t.a)), SV("notice 3 2 1"));
}

TEST_BOTH(deleted_member_is_in_no_room)
{
    struct town t = town_new(f);
    const id64 ab[] = { t.a, t.b };
    id64 room, closed = ID_NONE;

    CHECK_INT(WRITE(f, talk_room_add(&f->x, SV("ほか"), ab, 2, &room) &&
                           talk_place_open(&f->x, ROOM_UNIT, SV("閉"), ab, 2, &closed) &&
                           talk_place_close(&f->x, closed) && talk_notice(&f->x, t.a, SV("一"))), E_NONE);
    fixture_status(f, t.a, MEMBER_DELETED);
    CHECK_INT(WRITE(f, talk_member_gone(&f->x, t.a)), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_member WHERE member = $1", ID(t.a)), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT SUM(members) FROM room"), 3);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room WHERE kind = $1", INT(ROOM_NOTICE)), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 0);
    CHECK_STR(seen(f, t.b, t.room), SV("group"));
    CHECK_INT(WRITE(f, talk_notice(&f->x, t.a, SV("二"))), E_NONE);
    CHECK_INT(WRITE(f, talk_place_sync(&f->x, closed, ab, 2)), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_member WHERE member = $1", ID(t.a)), 0);
}

TEST_BOTH(place_gets_an_id_that_no_room_has)
{
    id64 m = fixture_member(f, "a", ROLE_MEMBER), first, second;

    rand_test_seed(29);
    CHECK_INT(WRITE(f, talk_place_open(&f->x, ROOM_GROUP, SV("早番"), &m, 1, &first)), E_NONE);
    rand_test_seed(29);
    CHECK_INT(WRITE(f, talk_place_open(&f->x, ROOM_GROUP, SV("遅番"), &m, 1, &second)), E_NONE);
    rand_test_seed(0);
    CHECK(first.n != second.n);
}
