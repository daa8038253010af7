/* svc/talk/later_test.c: what is due is done one after the other; what cannot be done holds nothing up, and what was dropped
 * meanwhile takes nothing with it. With and without sealed columns. */
#include "svc/talk/later.h"
#include "svc/talk/talk_fixture.h"

#define HOUR INT64_C(3600000)

static id64 later(struct fixture *f, id64 who, id64 room, int key, int64_t due_ms)
{
    struct later l = { .room = room, .text = SV("later"), .due_ms = due_ms };
    struct message m = message(room, key, "");
    bool repeat;

    memcpy(l.key, m.key, sizeof(l.key));
    fixture_as(f, who);
    fixture_begin(f);
    CHECK_AT(key, talk_later_message(&f->x, &l, &repeat) && !repeat && fixture_commit(f));
    return l.id;
}

/* As the tenant's clock calls it, `ms` from the beginning on. */
static bool due(struct fixture *f, struct due *d, int64_t ms)
{
    fixture_as(f, ID_NONE);
    f->x.now_ms = FIXTURE_NOW + ms;
    fixture_begin(f);
    bool ok = talk_later_due(&f->x, d);
    d->failed = ok ? E_NONE : f->x.failure.code;
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return ok;
}

static int64_t said(struct fixture *f, id64 author)
{
    return FIXTURE_INT(f, "SELECT COUNT(*) FROM message WHERE author = $1", ID(author));
}

static void leave_room(struct fixture *f, id64 room, id64 member)
{
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_leave(&f->x, room, member) && fixture_commit(f));
}

TEST_BOTH(later_what_fails_is_set_aside_and_what_was_dropped_takes_nothing_with_it)
{
    struct house h = house_new(f);
    struct due d = { 0 };
    struct later l;

    id64 dropped = later(f, h.a, h.room, 1, FIXTURE_NOW + HOUR);
    id64 kept = later(f, h.a, h.room, 2, FIXTURE_NOW + HOUR + 1);
    later(f, h.b, h.room, 3, FIXTURE_NOW + HOUR + 2);
    CHECK(due(f, &d, 0));
    CHECK_INT(d.next_ms, FIXTURE_NOW + HOUR);
    leave_room(f, h.room, h.a);
    CHECK(!due(f, &d, 2 * HOUR));
    CHECK_INT(d.failed, E_NOT_FOUND);
    fixture_begin(f);
    CHECK(talk_later_delete(&f->x, dropped) && fixture_commit(f));
    CHECK(!due(f, &d, 2 * HOUR));                         /* the next one is tried for itself, not set aside for the first */
    CHECK_INT(d.what.n, kept.n);
    CHECK(due(f, &d, 2 * HOUR));
    CHECK(due(f, &d, 2 * HOUR));
    CHECK_INT(said(f, h.b), 1);
    CHECK_INT(said(f, h.a), 0);
    CHECK(due(f, &d, 2 * HOUR));
    CHECK_INT(d.next_ms, INT64_MAX);
    fixture_as(f, h.a);
    CHECK(talk_later_find(&f->x, kept, &l));
    CHECK_STR(l.failed, SV("not_found"));
}

TEST_BOTH(later_a_leave_that_suspends_sends_nothing)
{
    struct house h = house_new(f);
    struct due d = { 0 };

    later(f, h.a, h.room, 1, FIXTURE_NOW + HOUR);
    later(f, h.b, h.room, 2, FIXTURE_NOW + HOUR + 1);
    CHECK(db_exec(f->d, "UPDATE member SET leave_from_ms = $1, leave_until_ms = $2, leave_suspends = 1 WHERE id = $3",
                  INT(FIXTURE_NOW + HOUR), INT(FIXTURE_NOW + 3 * HOUR), ID(h.a)));
    CHECK(!due(f, &d, 2 * HOUR));
    CHECK_INT(d.failed, E_SUSPENDED);
    CHECK(due(f, &d, 2 * HOUR) && due(f, &d, 2 * HOUR));
    CHECK_INT(said(f, h.a), 0);
    CHECK_INT(said(f, h.b), 1);
}
