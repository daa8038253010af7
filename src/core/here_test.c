/* core/here_test.c: who is here is told once a second; who is lost and comes back is no news; whose session ended goes now. */
#include "core/core_test.h"
#include "core/here.h"

#define T0 INT64_C(1790000000000)

static const id64 ann = {11}, ben = {12};

/* What is told at `now_ms`, of one member at most: -1 nothing. */
static int told(struct here *h, int64_t now_ms)
{
    struct arena *a = arena_new(4096);
    struct here_change *v;
    size_t n = here_take(h, a, now_ms, &v);
    int s = n ? (int)v[0].now : -1;

    CHECK(n <= 1);
    arena_free(&a);
    return s;
}

TEST(here_by_connections)
{
    struct here *h = here_new();

    CHECK(!here_waits(h));
    here_leave(h, ann, HERE_GONE, false, T0);             /* one that never said anything */
    CHECK(!here_waits(h));
    here_say(h, ann, HERE_GONE, HERE_ON);
    here_say(h, ann, HERE_ON, HERE_AWAY);
    here_say(h, ann, HERE_AWAY, HERE_ON);                 /* within the second: one change */
    CHECK_INT(here_told(h, ann), HERE_GONE);              /* not told yet */
    CHECK_INT(told(h, T0), HERE_ON);
    CHECK_INT(here_told(h, ann), HERE_ON);
    CHECK(!here_waits(h));
    here_say(h, ann, HERE_GONE, HERE_AWAY);               /* a second device lies on the table */
    CHECK_INT(told(h, T0), -1);
    here_say(h, ann, HERE_ON, HERE_AWAY);
    CHECK_INT(told(h, T0), HERE_AWAY);
    here_say(h, ann, HERE_AWAY, HERE_ON);
    CHECK_INT(told(h, T0), HERE_ON);
    CHECK_INT(here_told(h, ben), HERE_GONE);
    here_free(&h);
    CHECK(h == NULL);
}

TEST(here_lost_and_back)
{
    struct here *h = here_new();

    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0), HERE_ON);
    here_leave(h, ann, HERE_ON, false, T0);
    CHECK_INT(told(h, T0 + HERE_HOLD_MS - 1), -1);
    CHECK(here_waits(h));
    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0 + HERE_HOLD_MS), -1);
    CHECK(!here_waits(h));
    here_leave(h, ann, HERE_ON, false, T0);
    CHECK_INT(told(h, T0), -1);
    CHECK_INT(told(h, T0 + HERE_HOLD_MS), HERE_GONE);     /* it did not come back */
    CHECK(!here_waits(h));
    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0), HERE_ON);
    here_leave(h, ann, HERE_ON, false, T0);
    CHECK_INT(told(h, T0 - 1), HERE_GONE);                /* the clock was set back */
    here_free(&h);
}

TEST(here_ended_and_hidden_go_at_once)
{
    struct here *h = here_new();

    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0), HERE_ON);
    here_leave(h, ann, HERE_ON, true, T0);
    CHECK_INT(told(h, T0), HERE_GONE);
    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0), HERE_ON);
    here_hide(h, ann, true);
    CHECK_INT(told(h, T0), HERE_GONE);
    here_say(h, ann, HERE_ON, HERE_AWAY);
    CHECK_INT(told(h, T0), -1);
    here_hide(h, ann, false);
    CHECK_INT(told(h, T0), HERE_AWAY);
    here_free(&h);
}

TEST(here_hidden_before_it_says_that_it_is_here)
{
    struct here *h = here_new();

    here_hide(h, ann, true);                              /* its connection opened */
    CHECK_INT(told(h, T0), -1);
    here_say(h, ann, HERE_GONE, HERE_ON);                 /* and its client was slow */
    CHECK_INT(told(h, T0 + 5000), -1);
    CHECK_INT(here_told(h, ann), HERE_GONE);
    here_leave(h, ann, HERE_ON, false, T0 + 6000);
    CHECK_INT(told(h, T0 + 6000 + HERE_HOLD_MS), -1);
    here_say(h, ann, HERE_GONE, HERE_ON);
    CHECK_INT(told(h, T0 + 60000), -1);
    here_free(&h);
}

TEST(here_of_many_in_pieces_and_put_back)
{
    struct here *h = here_new();
    struct arena *a = arena_new(4096);
    struct here_change *v;

    for (int64_t i = 1; i <= HERE_TAKE_MAX + 5; i++)
        here_say(h, (id64){i}, HERE_GONE, HERE_ON);
    CHECK_INT(here_take(h, a, T0, &v), HERE_TAKE_MAX);
    CHECK_INT(v[0].member.n, 1);                          /* who came first is told first */
    CHECK(here_waits(h));
    CHECK_INT(here_take(h, a, T0, &v), 5);
    here_put_back(h, v, 5);
    CHECK_INT(here_told(h, v[0].member), HERE_GONE);
    CHECK_INT(here_take(h, a, T0, &v), 5);
    for (int64_t i = 1; i <= 3; i++)
        here_leave(h, (id64){i}, HERE_ON, true, T0);
    CHECK_INT(here_take(h, a, T0, &v), 3);
    here_put_back(h, v, 3);                               /* nobody remembers them but this */
    CHECK_INT(here_told(h, (id64){2}), HERE_ON);
    CHECK_INT(here_take(h, a, T0, &v), 3);
    CHECK_INT(v[0].now, HERE_GONE);
    arena_free(&a);
    here_free(&h);
}
