/* core/event_test.c: positions in commit order, a rollback that leaves none, topics, and the text that leaves. */
#include "core/core_test.h"

TEST(event_names_and_topics)
{
    for (unsigned k = 0; k < EV_COUNT; k++) {
        const struct event_def *d = event_def((enum event_kind)k);
        enum event_kind found;

        CHECK_AT(k, d->name[0] && d->schema[0] && d->doc[0]);
        CHECK_AT(k, event_find(sv_c(d->name), &found));
        CHECK_INT_AT(k, found, k);
    }
    enum event_kind none;
    CHECK(!event_find(SV(""), &none));
    CHECK_INT(topic_of_room((id64){ 7 }), 7);
    CHECK(topic_of_member((id64){ 7 }) < 0);              /* no member's topic is a room's */
    CHECK(topic_of_member((id64){ INT64_MAX }) < 0);
    CHECK(topic_of_member((id64){ 7 }) != topic_of_member((id64){ 8 }));
}

static void check_stored(struct fixture *f, int64_t pos, int64_t topic, const char *kind, const char *data)
{
    ROWS r = db_query(f->d, "SELECT topic, kind, data, made_ms FROM event WHERE pos = $1", INT(pos));

    if (!CHECK_AT(pos, rows_next(&r)))
        return;
    CHECK_INT_AT(pos, row_int(&r, 0), topic);
    CHECK_STR_AT(pos, row_text(&r, 1), sv_c(kind));
    CHECK_STR_AT(pos, row_sealed(&r, 2, "event.data", pos), sv_c(data));
    CHECK_INT_AT(pos, row_int(&r, 3), FIXTURE_NOW);
    CHECK_AT(pos, rows_ok(&r));
}

TEST_BOTH(event_positions_follow_the_commits)
{
    int64_t pos = 0, before;

    fixture_begin(f);
    event_room(&f->x, EV_MSG_POSTED, (id64){ 7 }, SV("{\"a\":1}"));
    event_member(&f->x, EV_ROOM_JOINED, (id64){ 9 }, SV("{\"b\":2}"));
    CHECK(event_store(&f->x, &pos));
    CHECK(db_commit(f->d));
    CHECK_INT(pos, 2);
    CHECK_INT(f->x.events.v[0].pos, 1);
    CHECK_INT(f->x.events.v[1].pos, 2);
    check_stored(f, 1, 7, "talk.message.posted", "{\"a\":1}");
    check_stored(f, 2, topic_of_member((id64){ 9 }), "room.joined", "{\"b\":2}");

    fixture_call(f);
    fixture_begin(f);
    before = pos;
    event_room(&f->x, EV_MSG_POSTED, (id64){ 7 }, SV("{\"lost\":1}"));
    CHECK(event_store(&f->x, &pos));
    fixture_rollback(f);
    pos = before;
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM event"), 2);

    fixture_begin(f);
    event_room(&f->x, EV_MSG_POSTED, (id64){ 7 }, SV("{\"c\":3}"));
    CHECK(event_store(&f->x, &pos));
    CHECK(db_commit(f->d));
    check_stored(f, 3, 7, "talk.message.posted", "{\"c\":3}");        /* no gap where the lost one was */
    fixture_restart(f);
    CHECK_INT(f->t->pos, 3);
}

/* Where an event cannot be stored its operation fails, and says so. */
TEST_BOTH(event_store_fails_aloud)
{
    int64_t pos = 0;

    CHECK(db_exec(f->d, "INSERT INTO event (pos, made_ms, topic, kind, data) VALUES (1, 0, 0, 'x', '')"));
    fixture_begin(f);
    event_room(&f->x, EV_MSG_POSTED, (id64){ 7 }, SV("{}"));
    CHECK(!event_store(&f->x, &pos));
    CHECK(f->x.failure.code != E_NONE);
    CHECK_INT(pos, 0);
    fixture_rollback(f);
}

TEST(event_text_is_json)
{
    static const struct { struct event e; const char *text; } t[] = {
        { { .kind = EV_MSG_POSTED, .pos = 12, .room = { 2147483647 }, .data = { "{\"x\":\"縁\"}", 11 } },
          "{\"event\":\"talk.message.posted\",\"pos\":12,\"room\":\"2147483647\",\"data\":{\"x\":\"縁\"}}" },
        { { .kind = EV_ROOM_LEFT, .pos = INT64_MAX, .data = { "{}", 2 } },
          "{\"event\":\"room.left\",\"pos\":9223372036854775807,\"data\":{}}" },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = STR_IN(a);

        event_text(&s, &t[i].e);
        CHECK_STR_AT(i, str_sv(&s), sv_c(t[i].text));
    }
    arena_free(&a);
}
