/* svc/talk/read_test.c: marks of reading are gathered: however many come, the room is told once, and of what is there. */
#include "svc/talk/read.h"
#include "svc/talk/talk_fixture.h"

static int64_t stored(struct fixture *f, id64 member)
{
    return FIXTURE_INT(f, "SELECT read_seq FROM room_member WHERE member = $1", ID(member));
}

/* What one second's round tells: "room.read room.read.own". */
static sv round_of(struct fixture *f)
{
    struct str s = STR_IN(f->a);

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_reads_store(&f->x));
    for (size_t i = 0; i < f->x.events.n; i++)
        str_printf(&s, i ? " %s" : "%s", event_def(f->x.events.v[i].kind)->name);
    CHECK(fixture_commit(f));
    return str_sv(&s);
}

static void mark(struct fixture *f, id64 who, id64 room, int64_t seq)
{
    fixture_as(f, who);
    CHECK(talk_read(&f->x, room, seq));
}

/* How often it is told when the member types in the room now: 0 or 1. */
static size_t typed(struct fixture *f, id64 who, id64 room)
{
    fixture_as(f, who);
    fixture_begin(f);
    CHECK(talk_typing(&f->x, room));
    size_t n = f->x.events.n;
    CHECK(n == 0 || f->x.events.v[0].kind == EV_TYPING);
    CHECK(fixture_commit(f));
    return n;
}

TEST_BOTH(read_writing_is_told_once_in_three_seconds)
{
    struct house h = house_new(f);
    id64 other;

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("別"), &h.a, 1, &other) && fixture_commit(f));
    CHECK_INT(typed(f, h.a, h.room), 1);
    CHECK_INT(typed(f, h.a, h.room), 0);
    CHECK_INT(typed(f, h.b, h.room), 1);
    CHECK_INT(typed(f, h.a, other), 1);
    f->x.now_ms += TYPING_MS - 1;
    CHECK_INT(typed(f, h.a, h.room), 0);
    f->x.now_ms += 1;
    CHECK_INT(typed(f, h.a, h.room), 1);
}

TEST_BOTH(read_a_thousand_marks_are_told_once)
{
    PROVES("TLK-03");
    struct house h = house_new(f);
    struct talk_spans spans = {0};

    for (int i = 1; i <= 20; i++)
        say(f, h.a, h.room, i, "x");
    for (int i = 0; i < 1000; i++)
        mark(f, h.b, h.room, 1 + i % 20);
    CHECK_STR(round_of(f), SV("room.read.own room.read"));
    CHECK_INT(stored(f, h.b), 20);
    CHECK_STR(round_of(f), SV(""));                       /* nothing new: nobody is told */
    mark(f, h.b, h.room, 3);                              /* back: neither */
    CHECK_STR(round_of(f), SV(""));
    mark(f, h.a, h.room, 4000000000);
    CHECK_STR(round_of(f), SV("room.read.own room.read"));
    CHECK_INT(stored(f, h.a), 20);
    fixture_as(f, h.a);
    CHECK(talk_reads(&f->x, h.room, &spans));
    REQUIRE(spans.n == 1);
    CHECK(spans.v[0].from == 1 && spans.v[0].to == 20 && spans.v[0].n == 2);
    fixture_as(f, h.out);
    CHECK(!talk_read(&f->x, h.room, 1) && f->x.failure.code == E_NOT_FOUND);
}
