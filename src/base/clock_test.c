/* base/clock_test.c: dates against a day-by-day count, time as text, durations. */
#include "base/clock.h"

#include "base/rand.h"
#include "base/test.h"

TEST(clock_dates_day_by_day)
{
    static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t day = days_from_date(1600, 1, 1), wrong = 0;

    CHECK_INT(days_from_date(1970, 1, 1), 0);
    CHECK_INT(days_from_date(2000, 3, 1), 11017);
    CHECK_INT(days_from_date(1969, 12, 31), -1);
    for (int y = 1600; y < 2401; y++)
        for (int m = 1; m <= 12; m++) {
            bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
            for (int d = 1; d <= month_days[m - 1] + (m == 2 && leap); d++, day++) {
                int y2, m2, d2;
                date_from_days(day, &y2, &m2, &d2);
                wrong += days_from_date(y, m, d) != day || y2 != y || m2 != m || d2 != d;
            }
        }
    CHECK_INT(wrong, 0);
}

TEST(clock_time_text)
{
    static const struct { int64_t ms; const char *want; } t[] = {
        { 0, "1970-01-01T00:00:00.000Z" }, { 1795579417123, "2026-11-25T04:03:37.123Z" }, { -1, "1969-12-31T23:59:59.999Z" },
        { 951782399999, "2000-02-28T23:59:59.999Z" }, { 951782400000, "2000-02-29T00:00:00.000Z" },
    };
    struct arena *a = arena_new(1024);

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, time_text(a, t[i].ms), sv_c(t[i].want));
    arena_free(&a);
}

/* As printf writes it: any moment from the year 0 to the last of four digits. */
TEST(clock_time_read)
{
    static const char *const wrong[] = {
        "", "2026-11-26", "2026-11-26T17:40:11Z", "2026-11-26T17:40:11.000+00:00", "2026-02-30T00:00:00.000Z", "2026-11-26T24:00:00.000Z",
        "2026-11-26T17:60:11.000Z", "2026-11-26 17:40:11.000Z", "2026-11-26T17:40:1x.000Z", "2026-11-26T17:40:11.000Z ",
    };
    struct arena *a = arena_new(1024);
    int64_t ms;

    for (int64_t t = -1; t < INT64_C(5000000000000); t += INT64_C(97654321987)) {
        CHECK(time_read(time_text(a, t), &ms));
        CHECK_INT(ms, t);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK_AT(i, !time_read(sv_c(wrong[i]), &ms));
    arena_free(&a);
}

TEST(clock_time_text_of_any_time)
{
    struct arena *a = arena_new(1024);
    int64_t first = days_from_date(0, 1, 1), days = days_from_date(10000, 1, 1) - first;

    for (int i = 0; i < 1000; i++) {
        int64_t day = first + (int64_t)rand_below((uint64_t)days), rest = (int64_t)rand_below(86400000);
        int y, m, d;
        date_from_days(day, &y, &m, &d);
        CHECK_STR(time_text(a, day * 86400000 + rest),
                  sv_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, m, d, (int)(rest / 3600000), (int)(rest / 60000 % 60),
                            (int)(rest / 1000 % 60), (int)(rest % 1000)));
    }
    CHECK_STR(time_text(a, days_from_date(12345, 6, 7) * 86400000), SV("12345-06-07T00:00:00.000Z"));
    arena_free(&a);
}

TEST(clock_durations)
{
    static const struct { const char *in; int64_t s; } t[] = {
        { "PT0S", 0 }, { "PT30M", 1800 }, { "PT12H", 43200 }, { "P7D", 604800 }, { "P1M", 2592000 }, { "P1Y", 31536000 },
        { "P1DT2H3M4S", 93784 }, { "P1Y2M3DT4H5M6S", 36993906 }, { "PT90M", 5400 }, { "P0D", 0 },
    };
    static const char *const bad[] = {
        "", "P", "PT", "P1", "P1H", "PT1D", "P1DT", "1D", "p1d", "P-1D", "P1D1Y", "PT1S1M", "PT1H1H", "P1.5D", "P1000000D",
        "PT1M ", "PTT1M", "none ", "None", "P1W",
    };
    int64_t ms = 0;

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_AT(i, duration_parse(sv_c(t[i].in), &ms));
        CHECK_INT_AT(i, ms, t[i].s * 1000);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_AT(i, !duration_parse(sv_c(bad[i]), &ms));
    CHECK(duration_parse(SV("none"), &ms) && ms == -1);
}

TEST(clock_offset_moves_the_wall_clock_alone)
{
    int64_t wall = clock_ms(), mono = clock_mono_ms();

    clock_test_offset(3600000);
    CHECK(clock_ms() - wall >= 3600000 && clock_ms() - wall < 3660000);
    CHECK(clock_mono_ms() >= mono && clock_mono_ms() - mono < 60000);
    clock_test_offset(0);
    CHECK(clock_ms() - wall < 60000);
}

TEST(clock_that_stands_still_is_moved_by_the_offset_alone)
{
    int64_t mono = clock_mono_us();

    clock_test_offset(60000);
    clock_test_still(true);
    int64_t wall = clock_ms();
    while (clock_mono_us() < mono + 3000)
        ;
    clock_test_still(true);                               /* once more changes nothing */
    CHECK_INT(clock_ms(), wall);
    clock_test_offset(61001);
    CHECK_INT(clock_ms(), wall + 1001);
    clock_test_still(false);
    clock_test_offset(0);
    CHECK(clock_ms() < wall && wall - clock_ms() <= 60000);
}
