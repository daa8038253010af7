/* svc/talk/retention_test.c: what is beyond talk.retention is absent for every reading at once, and erased not before a
 * day after the setting was changed. */
#include "core/core_test.h"
#include "svc/talk/message.h"
#include "svc/talk/retention.h"
#include "svc/talk/search.h"
#include "svc/talk/talk_sql.h"

#include <string.h>

#define DAY INT64_C(86400000)

struct talk {
    id64 a, room;
};

static id64 say(struct fixture *f, const struct talk *t, const char *text)
{
    static int keys;
    struct message m = {.room = t->room, .text = sv_c(text), .author_name = SV("")};
    bool repeat;

    memset(m.key, 0x71, sizeof(m.key));
    memcpy(m.key, &keys, sizeof(keys));
    keys++;
    fixture_as(f, t->a);
    fixture_begin(f);
    CHECK(talk_post(&f->x, &m, &repeat));
    CHECK(fixture_commit(f));
    return talk_message_id(t->room, m.seq);
}

static struct talk talk_new(struct fixture *f)
{
    struct talk t = {.a = fixture_member(f, "a", ROLE_MEMBER)};

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("間"), &t.a, 1, &t.room));
    CHECK(fixture_commit(f));
    return t;
}

static void set(struct fixture *f, const char *value)
{
    fixture_setting(f, "talk.retention", value);
    CHECK(db_exec(f->d, "INSERT INTO setting (id, key, value, changed_ms, changed_by) VALUES (77, 'talk.retention', $1, $2, 0)"
                        " ON CONFLICT (key) DO UPDATE SET changed_ms = excluded.changed_ms",
                  SEALED("setting.value", 77, sv_c(value)), INT(f->x.now_ms)));
}

static size_t read_all(struct fixture *f, const struct talk *t)
{
    struct messages m = {0};
    bool more;

    fixture_as(f, t->a);
    CHECK(talk_history(&f->x, t->room, 0, 100, &m, &more));
    return m.n;
}

static size_t found(struct fixture *f, const struct talk *t, const char *words)
{
    struct talk_hits hits = {0};

    fixture_as(f, t->a);
    CHECK(talk_search(&f->x, &(struct talk_question){.words = sv_c(words), .limit = 50}, &hits));
    return hits.n;
}

/* A night's run; how many messages its row says it erased, -1: no row. */
static int64_t night(struct fixture *f)
{
    bool more = true;
    int64_t rows = -1;

    while (more) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        if (!CHECK(talk_retention_erase(&f->x, &more)))
            return -2;
        if (f->x.audits.n) {
            struct json_value v;
            CHECK_INT(f->x.audits.n, 1);
            CHECK_INT(f->x.audits.v[0].kind, AUDIT_TALK_ERASE);
            CHECK(json_read(f->a, f->x.audits.v[0].detail, &v, NULL));
            rows = json_get(&v, SV("messages"))->i;
        }
        CHECK(fixture_commit(f));
    }
    return rows;
}

TEST_BOTH(retention_cuts_every_reading_off_at_once)
{
    struct talk t = talk_new(f);
    id64 old = say(f, &t, "古い話"), thread, answer;
    struct message m;
    struct messages v = {0};
    struct room room;
    bool more;

    PROVES("TLK-06");
    fixture_begin(f);
    CHECK(talk_pin(&f->x, old, true));
    CHECK(fixture_commit(f));
    f->x.now_ms += 32 * DAY;
    thread = say(f, &t, "新しい話");
    answer = say(f, &t, "もっと新しい話");
    CHECK_INT(read_all(f, &t), 3);
    CHECK_INT(found(f, &t, "話"), 3);
    set(f, "P1M");
    CHECK_INT(read_all(f, &t), 2);
    CHECK_INT(found(f, &t, "話"), 2);
    CHECK_INT(found(f, &t, "古い"), 0);
    fixture_as(f, t.a);
    CHECK(!talk_message(&f->x, t.room, talk_seq_of(old), &m));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, t.a);
    CHECK(!talk_message_visible(&f->x, old));
    fixture_as(f, t.a);
    CHECK(talk_message_visible(&f->x, thread) && talk_message_visible(&f->x, answer));
    CHECK(talk_pins(&f->x, t.room, &v));
    CHECK_INT(v.n, 0);
    CHECK(talk_history_after(&f->x, t.room, 0, 1, &v, &more));
    CHECK_INT(v.n, 1);
    CHECK_INT(v.v[0].seq, talk_seq_of(thread));           /* and not an empty page before it */
    CHECK(more);
    fixture_as(f, t.a);
    CHECK(!talk_forward_to(&f->x, old, &(struct message){.room = t.room}, &more));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    f->x.now_ms += 32 * DAY;
    CHECK_INT(read_all(f, &t), 0);
    fixture_as(f, t.a);
    CHECK(talk_room_find(&f->x, t.room, &room) && !room.last);
    set(f, "none");
    CHECK_INT(read_all(f, &t), 3);                        /* nothing was erased yet */
}

TEST_BOTH(retention_answers_a_repeat_with_nothing_of_what_it_said)
{
    struct talk t = talk_new(f);
    struct message m = {.room = t.room, .text = SV("そのまま"), .author_name = SV("")}, again;
    bool repeat;

    memset(m.key, 0x72, sizeof(m.key));
    again = m;
    fixture_as(f, t.a);
    fixture_begin(f);
    CHECK(talk_post(&f->x, &m, &repeat) && !repeat);
    CHECK(fixture_commit(f));
    set(f, "P1M");
    f->x.now_ms += 32 * DAY;
    fixture_as(f, t.a);
    fixture_begin(f);
    CHECK(talk_post(&f->x, &again, &repeat) && repeat);
    CHECK(fixture_commit(f));
    CHECK_INT(again.seq, m.seq);
    CHECK(again.gone_ms != 0);
    CHECK_STR(again.text, SV(""));
}

TEST_BOTH(retention_erases_a_day_after_the_change_with_the_index)
{
    struct talk t = talk_new(f);
    bool more = true;
    id64 last;

    PROVES("TLK-06");
    for (int i = 0; i < 450; i++)
        last = say(f, &t, "消える話");
    while (more) {
        fixture_begin(f);
        CHECK(talk_search_index(&f->x, &more) && fixture_commit(f));
    }
    f->x.now_ms += 40 * DAY;
    CHECK_INT(night(f), -1);                              /* no limit: nothing goes */
    set(f, "P1M");
    f->x.now_ms += RETENTION_WAIT_MS - 1;
    CHECK_INT(night(f), -1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 450);
    f->x.now_ms += 1;
    CHECK_INT(night(f), 450);
    CHECK_INT(night(f), -1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 0);
    more = true;
    while (more) {
        fixture_begin(f);
        CHECK(talk_search_index(&f->x, &more) && fixture_commit(f));
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM talk_search_docsize"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT removed FROM search_format"), 450);
    more = true;
    while (more) {                                        /* and of its characters nothing is left in the file */
        fixture_begin(f);
        CHECK(talk_search_tidy(&f->x, &more) && fixture_commit(f));
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT removed FROM search_format"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM talk_search_data WHERE id > 10"), 0);
    fixture_restart(f);                                   /* no memory of the room's last number is left but the store's */
    fixture_setting(f, "talk.retention", "P1M");
    CHECK_INT(talk_seq_of(say(f, &t, "また")), talk_seq_of(last) + 1);
}

TEST_BOTH(retention_counts_what_a_period_would_take)
{
    struct talk t = talk_new(f);
    int64_t n, from_ms;

    PROVES("TLK-06");
    say(f, &t, "一");
    f->x.now_ms += 100 * DAY;
    say(f, &t, "二");
    f->x.now_ms += 40 * DAY;
    say(f, &t, "三");
    fixture_as(f, t.a);
    CHECK(talk_retention_count(&f->x, SV("P1M"), &n, &from_ms));
    CHECK_INT(n, 2);
    CHECK(from_ms >= f->x.now_ms + RETENTION_WAIT_MS && from_ms < f->x.now_ms + RETENTION_WAIT_MS + DAY);
    CHECK(talk_retention_count(&f->x, SV("P3M"), &n, &from_ms));
    CHECK_INT(n, 1);
    CHECK(talk_retention_count(&f->x, SV("none"), &n, &from_ms));
    CHECK_INT(n, 0);
    CHECK_INT(from_ms, -1);
    CHECK(!talk_retention_count(&f->x, SV("P2D"), &n, &from_ms));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    CHECK_STR(sv_c(f->x.failure.field), SV("period"));
}
