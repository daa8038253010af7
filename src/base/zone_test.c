/* base/zone_test.c: midnights, also where the clock is moved, and dates of the calendar. */
#include "base/clock.h"
#include "base/test.h"
#include "base/zone.h"

#include <string.h>

TEST(zone_midnights)
{
    static const struct { const char *zone, *day, *start; } t[] = {
        { "Asia/Tokyo", "2026-11-26", "2026-11-25T15:00:00.000Z" },
        { "UTC", "2026-11-26", "2026-11-26T00:00:00.000Z" },
        { "No/Where", "2026-11-26", "2026-11-26T00:00:00.000Z" },
        { "Asia/Kolkata", "2026-11-26", "2026-11-25T18:30:00.000Z" },
        { "Asia/Kathmandu", "2027-01-01", "2026-12-31T18:15:00.000Z" },
        { "Europe/Berlin", "2027-01-15", "2027-01-14T23:00:00.000Z" },
        { "Europe/Berlin", "2027-03-28", "2027-03-27T23:00:00.000Z" },    /* the clock moves at 2 */
        { "Europe/Berlin", "2027-03-29", "2027-03-28T22:00:00.000Z" },
        { "Europe/Berlin", "2027-10-31", "2027-10-30T22:00:00.000Z" },
        { "Europe/Berlin", "2027-11-01", "2027-10-31T23:00:00.000Z" },
        { "America/New_York", "2027-07-04", "2027-07-04T04:00:00.000Z" },
        { "Australia/Sydney", "2027-01-01", "2026-12-31T13:00:00.000Z" }, /* summer over the turn of the year */
        { "Australia/Lord_Howe", "2027-07-01", "2027-06-30T13:30:00.000Z" },
        { "Australia/Lord_Howe", "2027-01-01", "2026-12-31T13:00:00.000Z" },
        { "America/Santiago", "2027-09-05", "2027-09-05T04:00:00.000Z" }, /* no midnight: 23:59 is followed by 1:00 */
        { "America/Santiago", "2027-04-04", "2027-04-04T04:00:00.000Z" }, /* 23:59 twice */
        { "America/Havana", "2027-11-07", "2027-11-07T04:00:00.000Z" },   /* midnight twice: the first */
        { "Europe/Dublin", "2027-07-01", "2027-06-30T23:00:00.000Z" },
    };

    struct arena *a = arena_new(4096);
    for (size_t i = 0; i < COUNT(t); i++) {
        int64_t day;

        REQUIRE(date_parse(sv_c(t[i].day), &day));
        int64_t ms = zone_day_start_ms(sv_c(t[i].zone), day);
        CHECK_STR_AT(i, time_text(a, ms), sv_c(t[i].start));
        CHECK_INT_AT(i, zone_day(sv_c(t[i].zone), ms), day);
        CHECK_INT_AT(i, zone_day(sv_c(t[i].zone), ms - 1), day - 1);
        CHECK_STR_AT(i, date_text(a, day), sv_c(t[i].day));
    }
    arena_free(&a);
}

TEST(zone_names)
{
    CHECK(zone_known(SV("Asia/Tokyo")) && zone_known(SV("UTC")) && zone_known(SV("America/Argentina/Buenos_Aires")));
    CHECK(!zone_known(SV("")) && !zone_known(SV("asia/tokyo")) && !zone_known(SV("Asia/Toky")) && !zone_known(SV("Mars/Base")));
}

/* Every zone: a day begins once, days follow each other without a gap, and none is shorter than 22 or longer than 26 h (Troll moves its clock by two). */
TEST(zone_days_of_every_zone)
{
    static const char *const names[] = {
#define ZONE(name, rule) name,
#include "base/zone.def"
#undef ZONE
    };
    int64_t from = days_from_date(2026, 1, 1);

    for (size_t i = 0; i < COUNT(names); i++) {
        CHECK_AT(i, i == 0 || strcmp(names[i - 1], names[i]) < 0);
        int64_t before = zone_day_start_ms(sv_c(names[i]), from), wrong = 0;
        for (int64_t d = from + 1; d < from + 800; d++) {
            int64_t start = zone_day_start_ms(sv_c(names[i]), d), hours = (start - before) / 3600000;

            wrong += hours < 22 || hours > 26 || zone_day(sv_c(names[i]), start) != d || zone_day(sv_c(names[i]), start - 1) != d - 1;
            before = start;
        }
        CHECK_INT_AT(i, wrong, 0);
    }
}

TEST(date_parse)
{
    static const char *const bad[] = { "", "2026-11-2", "2026-11-026", "2026/11/26", "2023-02-29", "2023-02-30", "2026-13-01",
                                       "2026-00-01", "2026-01-00", "2026-04-31", "0000-01-01", "２０２６-01-01", "2026-1a-01", "-026-01-01" };
    int64_t day;

    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_AT(i, !date_parse(sv_c(bad[i]), &day));
    CHECK(date_parse(SV("2024-02-29"), &day));
    CHECK_INT(day, 19782);
    CHECK(date_parse(SV("0001-01-01"), &day) && date_parse(SV("9999-12-31"), &day));
}
