/* svc/talk/history_test.c: pages of a room's history against what a model of the room says: any changes, any page. */
#include "base/rand.h"
#include "core/schema_sql.h"
#include "svc/talk/message.h"
#include "svc/talk/talk_fixture.h"
#include "svc/talk/talk_out.h"

#include <stdio.h>

#define SAID_MAX 80
#define PEOPLE   2

struct said {
    sv text;
    bool gone, threaded, hidden[PEOPLE];
    bool reacted[PEOPLE];
};

struct model {
    struct fixture *f;
    uint64_t state;
    id64 room, people[PEOPLE];
    struct said said[SAID_MAX + 1];                       /* by seq */
    int64_t n;
};

static size_t next(struct model *m, size_t below)
{
    m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(m->state >> 33) % below;
}

/* Texts with what an answer escapes, and some that are long. */
static sv words(struct model *m)
{
    static const char *const some[] = {"縁側", "a", "\"", "\\", "\n", "<b>", "お茶 "};
    struct str s = STR_IN(m->f->a);

    for (size_t n = 1 + next(m, next(m, 10) ? 12 : 300); n > 0; n--)
        str_c(&s, some[next(m, COUNT(some))]);
    str_char(&s, '.');
    return str_sv(&s);
}

/* One in three answers another, names everybody, or is important. */
static void said(struct model *m)
{
    static const struct talk_mention all = {.kind = {"all", 3}, .length = 1};
    struct message one = message(m->room, (int)m->n + 1, "");
    size_t who = next(m, PEOPLE), what = next(m, 12);
    int64_t seq = 1 + (int64_t)next(m, (size_t)m->n + 1);
    const struct said *other = &m->said[seq];
    bool repeat, there = seq <= m->n && !other->gone && !other->hidden[who];

    one.text = words(m);
    one.reply = there && what == 0 ? seq : 0;
    one.thread = there && what == 1 && !other->threaded ? seq : 0;
    if (what == 2)
        one.content.mentions = (struct list){&all, 1};
    if (what == 3) {
        one.flags = MESSAGE_IMPORTANT;
        one.deadline_ms = next(m, 2) ? m->f->x.now_ms + 60000 : 0;
    }
    CHECK_INT(post(m->f, m->people[who], &one, &repeat), E_NONE);
    m->said[++m->n] = (struct said){.text = one.text, .threaded = one.thread != 0};
    CHECK_INT(one.seq, m->n);
}

/* Something happens to a message; what is refused (it is gone, or hidden from who acts) leaves no trace. */
static void changed(struct model *m)
{
    struct fixture *f = m->f;
    int64_t seq = 1 + (int64_t)next(m, (size_t)m->n);
    struct said *s = &m->said[seq];
    size_t who = next(m, PEOPLE), what = next(m, 5);
    id64 id = talk_message_id(m->room, seq);
    bool on = next(m, 3) > 0;

    fixture_as(f, m->people[who]);
    fixture_begin(f);
    sv text = words(m);
    bool ok = what == 0   ? talk_hide(&f->x, id)
              : what == 1 ? talk_edit(&f->x, id, text, (struct list){0})
              : what == 2 ? talk_take_back(&f->x, id)
              : what == 3 ? talk_react(&f->x, id, SV("👍"), on)
                          : talk_pin(&f->x, id, on);
    if (!ok) {
        fixture_rollback(f);
        return;
    }
    CHECK(fixture_commit(f));
    if (what == 0)
        s->hidden[who] = true;
    else if (what == 1)
        s->text = text;
    else if (what == 3)
        s->reacted[who] = on;
    else if (what == 2)
        *s = (struct said){.gone = true, .text = SV(""), .threaded = s->threaded, .hidden = {s->hidden[0], s->hidden[1]}};
}

/* seq, text and reactions, a line each. */
static sv wanted(struct model *m, size_t who, int64_t before, int64_t limit)
{
    struct str s = STR_IN(m->f->a);
    int64_t n = 0, seq = before && before <= m->n ? before - 1 : m->n;

    for (; seq > 0; seq--) {
        const struct said *one = &m->said[seq];
        if (one->hidden[who])
            continue;
        if (n++ == limit) {
            str_c(&s, "+");
            break;
        }
        str_printf(&s, "%" PRId64 " %.*s %d\n", seq, SV_ARG(one->text), one->reacted[0] + one->reacted[1]);
    }
    return str_sv(&s);
}

static sv read_back(struct model *m, size_t who, int64_t before, int64_t limit)
{
    struct fixture *f = m->f;
    struct str s = STR_IN(f->a);
    struct messages page = {0};
    bool more = false;

    fixture_as(f, m->people[who]);
    CHECK(talk_history(&f->x, m->room, before, limit, &page, &more));
    for (size_t i = 0; i < page.n; i++) {
        const struct message *one = &page.v[i];
        size_t marks = one->reactions.n ? one->reactions.v[0].members.n : 0;
        CHECK(one->room.n == m->room.n && (one->gone_ms != 0) == m->said[one->seq].gone && one->reactions.n <= 1);
        str_printf(&s, "%" PRId64 " %.*s %zu\n", one->seq, SV_ARG(one->text), marks);
    }
    str_c(&s, more ? "+" : "");
    return str_sv(&s);
}

static sv told(struct model *m, const struct message *one)
{
    struct str text = STR_IN(m->f->a);
    struct json j = JSON_TO(&text);
    struct talk_message_out o;

    talk_message_fill(&m->f->x, one, &o);
    schema_write(&j, NULL, &talk_message_out, &o);
    return str_sv(&text);
}

/* The page of the newest reads what few messages have for them alone, the page after a message reads all of every row. */
static bool both_ways_the_same(struct model *m)
{
    struct fixture *f = m->f;
    struct messages down = {0}, up = {0};
    bool more, same = true;

    fixture_as(f, m->people[next(m, PEOPLE)]);
    CHECK(talk_history(&f->x, m->room, 0, SAID_MAX, &down, &more) && talk_history_after(&f->x, m->room, 0, SAID_MAX, &up, &more));
    if (!CHECK_INT(down.n, up.n))
        return false;
    for (size_t i = 0; same && i < up.n; i++)
        same = CHECK_STR_AT((int)i, told(m, &down.v[i]), told(m, &up.v[i]));
    return same;
}

TEST_BOTH(history_is_what_the_room_holds)
{
    uint64_t seed = rand_u64();
    struct model m = {.f = f, .state = seed};
    struct house h = house_new(f);
    int wrong = 0;

    m.room = h.room;
    m.people[0] = h.a;
    m.people[1] = h.b;
    for (int round = 0; round < 600 && wrong < 3; round++) {
        if (m.n == 0 || (m.n < SAID_MAX && next(&m, 4) == 0))
            said(&m);
        else
            changed(&m);
        size_t who = next(&m, PEOPLE);
        int64_t before = next(&m, 3) ? 0 : 1 + (int64_t)next(&m, (size_t)m.n + 2), limit = 1 + (int64_t)next(&m, 60);
        sv want = wanted(&m, who, before, limit);
        bool right = CHECK_STR(read_back(&m, who, before, limit), want);
        if (!right || (round % 8 == 0 && !both_ways_the_same(&m))) {
            printf("seed %" PRIu64 ", round %d\n", seed, round);
            wrong++;
        }
    }
    CHECK_INT(m.n, SAID_MAX);

    /* A store from before the flag: migration 125 finds what is in use. */
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(db_exec(f->d, "UPDATE message SET flags = flags & 7") && db_exec(f->d, "UPDATE schema_version SET n = 124"));
    CHECK(fixture_commit(f));
    CHECK(migrate(f->d, tenant_migrations, 125));
    CHECK(both_ways_the_same(&m));
}
