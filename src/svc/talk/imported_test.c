/* svc/talk/imported_test.c: what a saved history holds beside its words. */
#include "svc/talk/imported.h"
#include "svc/talk/message.h"
#include "svc/talk/room.h"
#include "svc/talk/talk_fixture.h"

static const id64 *of(const id64 *v)
{
    return v;
}

/* One message of the history, as an operation of its own gave it. */
static int64_t put(struct fixture *f, id64 room, int key, struct message m)
{
    bool repeat;

    m.room = room;
    m.author_name = SV("");
    memset(m.key, 0x70, sizeof(m.key));
    m.key[1] = (unsigned char)key;
    m.sent_ms = 1000 + key;
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_import(&f->x, &m, &repeat) && !repeat);
    CHECK(fixture_commit(f));
    return m.seq;
}

static sv key_of(struct fixture *f, int key)
{
    struct message m = message(ID_NONE, key, "");

    m.key[1] = (unsigned char)key;
    m.key[0] = 0x70;
    return talk_key_text(f->x.arena, m.key);
}

TEST_BOTH(imported_answers_and_threads)
{
    struct house h = house_new(f);
    const struct talk_choice choices[] = {{SV("一")}, {SV("二")}};
    const struct talk_poll poll = {.choices = {choices, 2}};
    const id64 a[] = {h.a}, both[] = {h.a, h.b}, nobody[] = {{99}};
    struct message m = {.room = h.room, .author = h.a, .kind = MESSAGE_POLL, .text = SV("どれ"), .content = {.poll = {&poll}}}, now;
    int64_t seq;

    m.seq = put(f, h.room, 1, m);
    put(f, h.room, 2, (struct message){.author = h.b, .text = SV("下"), .thread = m.seq});
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    struct talk_import_answer marks[] = {{.mark = SV("👍"), .members = {of(both), 2}}};
    struct talk_import_answer votes[] = {{.choice = 0, .members = {of(a), 1}}, {.choice = 1, .members = {of(both), 2}}};
    CHECK(talk_import_reactions(&f->x, &m, marks, 1));
    CHECK(talk_import_votes(&f->x, &m, votes, 1));
    CHECK(talk_import_pin(&f->x, &m, h.b));
    CHECK(talk_import_told(&f->x, &m));
    CHECK(fixture_commit(f));
    fixture_as(f, h.b);
    REQUIRE(talk_message(&f->x, h.room, m.seq, &now));
    CHECK(now.reactions.n == 1 && now.reactions.v[0].members.n == 2);
    CHECK(now.votes.n == 1 && now.votes.v[0].members.v[0].n == h.a.n);
    CHECK_INT(now.pinned_by.n, h.b.n);
    CHECK_INT(now.replies, 1);
    CHECK_INT(now.replied_ms, 1002);

    fixture_as(f, ID_NONE);
    CHECK(talk_import_thread(&f->x, h.room, key_of(f, 1), &seq) && seq == m.seq);
    CHECK(!talk_import_thread(&f->x, h.room, key_of(f, 2), &seq));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_as(f, ID_NONE);
    CHECK(!talk_import_votes(&f->x, &m, votes, 2));       /* h.a twice, where one may be chosen */
    fixture_as(f, ID_NONE);
    votes[0].choice = 2;
    CHECK(!talk_import_votes(&f->x, &m, votes, 1));
    fixture_as(f, ID_NONE);
    marks[0].mark = SV("x");
    CHECK(!talk_import_reactions(&f->x, &m, marks, 1));
    fixture_as(f, ID_NONE);
    marks[0] = (struct talk_import_answer){.mark = SV("👍"), .members = {of(nobody), 1}};
    CHECK(!talk_import_reactions(&f->x, &m, marks, 1));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_as(f, ID_NONE);
    CHECK(!talk_import_pin(&f->x, &m, nobody[0]));
    fixture_as(f, ID_NONE);
    m.content.poll.v = NULL;
    CHECK(!talk_import_votes(&f->x, &m, votes, 1));
}

TEST_BOTH(imported_reading_goes_both_ways)
{
    struct house h = house_new(f);
    struct room r;

    for (int i = 1; i <= 3; i++)
        put(f, h.room, i, (struct message){.author = h.a, .text = SV("昔")});
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_import_done(&f->x, h.room));
    CHECK(talk_import_read(&f->x, h.room, h.a, key_of(f, 2)));
    CHECK(talk_import_read(&f->x, h.room, h.b, SV("")));
    CHECK(fixture_commit(f));
    REQUIRE(talk_room_seen_by(&f->x, h.room, h.a, &r));
    CHECK_INT(r.read_seq, 2);
    REQUIRE(talk_room_seen_by(&f->x, h.room, h.b, &r));
    CHECK_INT(r.read_seq, 0);
    CHECK(!talk_import_read(&f->x, h.room, h.out, SV("")));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, ID_NONE);
    CHECK(!talk_import_read(&f->x, h.room, h.a, key_of(f, 9)));
}

TEST_BOTH(imported_kinds_are_whole)
{
    struct house h = house_new(f);
    bool repeat;
    struct message wrong[] = {
        {.kind = MESSAGE_STAMP, .text = SV(""), .content = {.stamp = SV("nothing")}},
        {.kind = MESSAGE_TEXT, .text = SV("")},
        {.kind = MESSAGE_POLL, .text = SV("どれ")},
        {.kind = MESSAGE_SYSTEM, .text = SV("")},
    };

    for (size_t i = 0; i < COUNT(wrong); i++) {
        wrong[i].room = h.room;
        wrong[i].author = h.a;
        wrong[i].author_name = SV("");
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        CHECK_AT(i, !talk_import(&f->x, &wrong[i], &repeat));
        CHECK_INT_AT(i, f->x.failure.code, E_INVALID_VALUE);
        fixture_rollback(f);
    }
    CHECK_INT(put(f, h.room, 5, (struct message){.author = h.a, .kind = MESSAGE_STAMP, .text = SV(""), .content = {.stamp = SV("ryokai")}}), 1);
}

TEST_BOTH(imported_rooms_of_two_are_found_again)
{
    struct house h = house_new(f);
    const id64 both[] = {h.a, h.b}, turned[] = {h.b, h.a}, one[] = {h.a, h.a};
    id64 first, again;
    bool made;

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_direct_of(&f->x, both, &first, &made) && made);
    CHECK(fixture_commit(f));
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_direct_of(&f->x, turned, &again, &made) && !made);
    CHECK_INT(again.n, first.n);
    CHECK(!talk_direct_of(&f->x, one, &again, &made));
    fixture_rollback(f);
}
