/* base/clock.c: clocks, RFC 3339 and ISO 8601 durations. */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

#ifdef ENGAWA_TEST
static _Atomic int64_t test_offset_ms, test_still_ms;     /* still: where the clock stands; 0: it goes */

void clock_test_offset(int64_t ms)
{
    test_offset_ms = ms;
}

void clock_test_still(bool still)
{
    if (!still)
        test_still_ms = 0;
    else if (!test_still_ms)
        test_still_ms = clock_ms() - test_offset_ms;
}
#define OFFSET_MS test_offset_ms

static int64_t (*test_source)(void);

void clock_test_source(int64_t (*us)(void))
{
    test_source = us;
}
#else
#define OFFSET_MS 0
#endif

int64_t clock_ms(void)
{
    struct timespec t;

#ifdef ENGAWA_TEST
    if (test_source)
        return test_source() / 1000;
    if (test_still_ms)
        return test_still_ms + test_offset_ms;
#endif
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + OFFSET_MS;
}

int64_t clock_mono_us(void)
{
    struct timespec t;

#ifdef ENGAWA_TEST
    if (test_source)
        return test_source();
#endif
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_mono_ms(void)
{
    return clock_mono_us() / 1000;
}

/* Both directions after Howard Hinnant, "chrono-compatible low-level date algorithms". */
int64_t days_from_date(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);          /* below 146,097: division in 32 bits is cheaper */
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;

    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Two digits. */
static char *pair(char *to, unsigned v)
{
    to[0] = (char)('0' + v / 10);
    to[1] = (char)('0' + v % 10);
    return to + 2;
}

/* By hand, not by printf: a page of messages holds a time for each. */
void time_put(struct str *out, int64_t ms)
{
    int64_t days = ms / 86400000, in_day = ms % 86400000;
    int y, m, d;

    if (in_day < 0) {
        in_day += 86400000;
        days--;
    }
    date_from_days(days, &y, &m, &d);
    if (y < 0 || y > 9999)
        str_printf(out, "%04d", y);

    unsigned rest = (unsigned)in_day, s = rest / 1000;
    char *from = str_room(out, sizeof("2026-01-02T03:04:05.006Z")), *to = from;

    if (y >= 0 && y <= 9999)
        to = pair(pair(to, (unsigned)y / 100), (unsigned)y % 100);
    *to++ = '-';
    to = pair(to, (unsigned)m);
    *to++ = '-';
    to = pair(to, (unsigned)d);
    *to++ = 'T';
    to = pair(to, s / 3600);
    *to++ = ':';
    to = pair(to, s / 60 % 60);
    *to++ = ':';
    to = pair(to, s % 60);
    *to++ = '.';
    *to++ = (char)('0' + rest % 1000 / 100);
    to = pair(to, rest % 100);
    *to++ = 'Z';
    str_grew(out, (size_t)(to - from));
}

sv time_text(struct arena *a, int64_t ms)
{
    struct str s = STR_IN(a);

    time_put(&s, ms);
    return str_sv(&s);
}

static int64_t digits(sv text, size_t at, size_t n)
{
    int64_t v = 0;

    for (size_t i = at; i < at + n; i++)
        v = v * 10 + (text.p[i] - '0');
    return v;
}

bool time_read(sv text, int64_t *ms)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    struct str again = {0};

    if (text.n != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (form[i] == '0' ? text.p[i] < '0' || text.p[i] > '9' : text.p[i] != form[i])
            return false;
    *ms = days_from_date((int)digits(text, 0, 4), (int)digits(text, 5, 2), (int)digits(text, 8, 2)) * 86400000
        + ((digits(text, 11, 2) * 60 + digits(text, 14, 2)) * 60 + digits(text, 17, 2)) * 1000 + digits(text, 20, 3);
    time_put(&again, *ms);                                /* no 30th of February, no 25th hour */
    bool same = sv_equal(str_sv(&again), text);
    str_release(&again);
    return same;
}

static const struct {
    char unit;
    bool in_time;
    int64_t ms;
} duration_units[] = {
    {'Y', false, 365 * 86400000LL}, {'M', false, 30 * 86400000LL}, {'D', false, 86400000LL},
    {'H', true, 3600000}, {'M', true, 60000}, {'S', true, 1000},
};

bool duration_parse(sv s, int64_t *ms)
{
    size_t unit = 0, parts = 0;
    bool in_time = false;
    int64_t sum = 0;

    if (sv_equal(s, SV("none"))) {
        *ms = -1;
        return true;
    }
    if (!sv_starts(s, SV("P")))
        return false;
    for (s = sv_from(s, 1); s.n;) {
        if (s.p[0] == 'T') {
            if (in_time)
                return false;
            in_time = true;
            s = sv_from(s, 1);
            parts = 0;
            continue;
        }
        size_t digits = 0;
        int64_t n;
        while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
            digits++;
        if (digits == 0 || digits > 6 || digits == s.n || !sv_int(sv_upto(s, digits), &n))
            return false;
        while (unit < COUNT(duration_units) && (duration_units[unit].unit != s.p[digits] ||
                                                duration_units[unit].in_time != in_time))
            unit++;
        if (unit == COUNT(duration_units))
            return false;
        sum += n * duration_units[unit++].ms;
        parts++;
        s = sv_from(s, digits + 1);
    }
    *ms = sum;
    return parts > 0;
}
