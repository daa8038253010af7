/* svc/talk/history_test.c: pages of a room's history against what a model of the room says: any changes, any page. */
#include "base/rand.h"
#include "svc/talk/message.h"
#include "svc/talk/talk_fixture.h"

#include <stdio.h>

#define SAID_MAX 80
#define PEOPLE   2

struct said {
    sv text;
    bool gone, hidden[PEOPLE];
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

static void said(struct model *m)
{
    struct message one = message(m->room, (int)m->n + 1, "");
    bool repeat;

    one.text = words(m);
    CHECK_INT(post(m->f, m->people[next(m, PEOPLE)], &one, &repeat), E_NONE);
    m->said[++m->n] = (struct said){.text = one.text};
    CHECK_INT(one.seq, m->n);
}

/* Something happens to a message; what is refused (it is gone, or hidden from who acts) leaves no trace. */
static void changed(struct model *m)
{
    struct fixture *f = m->f;
    int64_t seq = 1 + (int64_t)next(m, (size_t)m->n);
    struct said *s = &m->said[seq];
    size_t who = next(m, PEOPLE), what = next(m, 4);
    id64 id = talk_message_id(m->room, seq);
    bool on = next(m, 3) > 0;

    fixture_as(f, m->people[who]);
    fixture_begin(f);
    sv text = words(m);
    bool ok = what == 0   ? talk_hide(&f->x, id)
              : what == 1 ? talk_edit(&f->x, id, text, (struct list){0})
              : what == 2 ? talk_take_back(&f->x, id)
                          : talk_react(&f->x, id, SV("👍"), on);
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
    else
        *s = (struct said){.gone = true, .text = SV(""), .hidden = {s->hidden[0], s->hidden[1]}};
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
        if (!CHECK_STR(read_back(&m, who, before, limit), want)) {
            printf("seed %" PRIu64 ", round %d\n", seed, round);
            wrong++;
        }
    }
    CHECK_INT(m.n, SAID_MAX);
}
