/* role/status_test.c: how probes become periods, what of them is shown, and for how long. */
#include "base/test.h"
#include "role/status.h"

#define NOW INT64_C(1790000000000)
#define DAY INT64_C(86400000)
#define MIN INT64_C(60000)

static struct status status_new(struct arena *a, const char *history, const char *notes)
{
    struct status s = { .arena = a };
    int line;

    CHECK(status_read(&s, sv_c(history), sv_c(notes), &line));
    return s;
}

static sv history_of(struct arena *a, const struct status *s)
{
    struct str out = STR_IN(a);

    status_write(s, &out);
    return str_sv(&out);
}

static bool shows(const struct status *s, int64_t now_ms, const char *what)
{
    struct str out = { 0 };

    status_page(s, now_ms, false, &out);
    bool found = sv_find(str_sv(&out), sv_c(what), NULL);
    str_release(&out);
    return found;
}

TEST(status_of_probes)
{
    static const struct { int good; int64_t slowest; enum status_state want; } t[] = {
        { 2, 10, STATE_GOOD }, { 2, STATUS_SLOW_MS, STATE_GOOD }, { 2, STATUS_SLOW_MS + 1, STATE_SLOW }, { 1, 10, STATE_PARTLY },
        { 1, 9000, STATE_PARTLY }, { 0, 10, STATE_DOWN },
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, status_of_tries(t[i].good, t[i].slowest), t[i].want);
}

TEST(status_periods_grow_and_change)
{
    struct arena *a = arena_new(4096);
    struct status s = status_new(a, "", "");

    status_add(&s, SERVICE_TALK, STATE_GOOD, NOW);
    status_add(&s, SERVICE_WEB, STATE_GOOD, NOW);
    status_add(&s, SERVICE_TALK, STATE_GOOD, NOW + MIN);
    status_add(&s, SERVICE_TALK, STATE_DOWN, NOW + 2 * MIN);
    status_add(&s, SERVICE_TALK, STATE_DOWN, NOW + 3 * MIN);
    status_add(&s, SERVICE_TALK, STATE_GOOD, NOW + 4 * MIN);
    status_add(&s, SERVICE_TALK, STATE_GOOD, NOW + 4 * MIN + STATUS_GAP_MS + 1);      /* nobody looked meanwhile */
    CHECK_STR(history_of(a, &s), SV("1790000000000\t1790000120000\ttalk\tgood\n1790000000000\t1790000000000\tweb\tgood\n"
                                    "1790000120000\t1790000240000\ttalk\tdown\n1790000240000\t1790000240000\ttalk\tgood\n"
                                    "1790000540001\t1790000540001\ttalk\tgood\n"));
    struct status again = status_new(a, sv_cstr(a, history_of(a, &s)), "");
    CHECK_STR(history_of(a, &again), history_of(a, &s));
    arena_free(&a);
}

TEST(status_maintenance_is_what_was_said)
{
    struct arena *a = arena_new(4096);
    struct str note = STR_IN(a);
    static const struct { int service; int64_t from, until; enum status_state talk, web; } t[] = {
        { -1, -MIN, MIN, STATE_MAINTENANCE, STATE_MAINTENANCE }, { SERVICE_TALK, -MIN, MIN, STATE_MAINTENANCE, STATE_DOWN },
        { SERVICE_WEB, 0, MIN, STATE_DOWN, STATE_MAINTENANCE }, { -1, MIN, 2 * MIN, STATE_DOWN, STATE_DOWN }, { -1, -MIN, 0, STATE_DOWN, STATE_DOWN },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct status_note n = { NOW + t[i].from, NOW + t[i].until, true, t[i].service, SV("<点検>"), SV("") };
        str_reset(&note);
        status_note_write(&note, &n);
        struct status s = status_new(a, "", sv_cstr(a, str_sv(&note)));
        status_add(&s, SERVICE_TALK, STATE_DOWN, NOW);
        status_add(&s, SERVICE_WEB, STATE_DOWN, NOW);
        CHECK_INT_AT(i, s.periods.v[0].state, t[i].talk);
        CHECK_INT_AT(i, s.periods.v[1].state, t[i].web);
        CHECK_AT(i, shows(&s, NOW, "&lt;点検&gt;"));
    }
    struct status_note said = { NOW - MIN, NOW + MIN, false, -1, SV("遅れています"), SV("late") };
    str_reset(&note);
    status_note_write(&note, &said);
    struct status s = status_new(a, "", sv_cstr(a, str_sv(&note)));
    status_add(&s, SERVICE_TALK, STATE_GOOD, NOW);
    CHECK_INT(s.periods.v[0].state, STATE_GOOD);          /* what is only said changes no state */
    CHECK(shows(&s, NOW, "遅れています") && shows(&s, NOW, "正常") && !shows(&s, NOW + STATUS_KEPT_MS + 2 * MIN, "遅れています"));
    arena_free(&a);
}

TEST(status_three_months)
{
    struct arena *a = arena_new(4096);

    for (int days = 80; days < 105; days++) {
        sv line = sv_printf(a, "%" PRId64 "\t%" PRId64 "\ttalk\tdown\n%" PRId64 "\t%" PRId64 "\ttalk\tgood\n", NOW - days * DAY - MIN, NOW - days * DAY,
                            NOW - days * DAY, NOW);
        struct status s = status_new(a, sv_cstr(a, line), "");
        CHECK_INT_AT(days, shows(&s, NOW, "state down"), days <= 92);
        CHECK_INT_AT(days, !shows(&s, NOW, "障害はありませんでした"), days <= 92);
        status_forget(&s, NOW);
        CHECK_INT_AT(days, s.periods.n, days <= 92 ? 2 : 1);
    }
    arena_free(&a);
}

TEST(status_refuses_what_is_no_line)
{
    static const char *const bad[] = { "1\t2\ttalk\tnothing\n", "1\t2\tdrive\tgood\n", "x\t2\ttalk\tgood\n", "1\t2\ttalk\n", "1\t2\t\tgood\n" };
    static const char *const bad_notes[] = { "1\t2\tnote\tdrive\ta\tb\n", "1\t2\tother\t\ta\tb\n", "1\t2\tnote\t\ta\n", "1\tx\tnote\t\ta\tb\n" };
    struct arena *a = arena_new(4096);
    int line;

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct status s = { .arena = a };
        CHECK_AT(i, !status_read(&s, sv_printf(a, "1\t2\ttalk\tgood\n%s", bad[i]), SV(""), &line));
        CHECK_INT_AT(i, line, 2);
    }
    for (size_t i = 0; i < COUNT(bad_notes); i++) {
        struct status s = { .arena = a };
        CHECK_AT(i, !status_read(&s, SV(""), sv_c(bad_notes[i]), &line));
    }
    arena_free(&a);
}
