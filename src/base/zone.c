/* base/zone.c: POSIX rules ("CET-1CEST,M3.5.0,M10.5.0/3") and the days they make. */
#include "base/zone.h"
#include "base/clock.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

static const struct {
    const char *name, *rule;
} zones[] = {
#define ZONE(name, rule) {name, rule},
#include "base/zone.def"
#undef ZONE
};

/* A change of the year: the w-th weekday d of month m (w 5: the last), or day n (m 0; leap: 29 February counts). */
struct change {
    int m, w, d, n;
    bool leap;
    int64_t s;                                            /* seconds of local time since that day's midnight */
};

struct rule {
    int64_t std_s, dst_s;                                 /* east of UTC */
    bool dst;
    struct change begin, end;
};

static const char *find(sv name)
{
    for (size_t i = 0; i < COUNT(zones); i++)
        if (sv_equal(name, sv_c(zones[i].name)))
            return zones[i].rule;
    return NULL;
}

static void skip_name(const char **p)
{
    if (**p == '<') {
        while (**p && **p != '>')
            ++*p;
        *p += **p == '>';
        return;
    }
    while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z'))
        ++*p;
}

static int number(const char **p)
{
    int n = 0;

    while (**p >= '0' && **p <= '9')
        n = n * 10 + (*(*p)++ - '0');
    return n;
}

/* "[+-]hh[:mm[:ss]]" in seconds. */
static int64_t clock_read(const char **p)
{
    int sign = **p == '-' ? -1 : 1;
    int64_t s;

    *p += **p == '-' || **p == '+';
    s = number(p) * INT64_C(3600);
    for (int unit = 60; unit && **p == ':'; unit /= 60) {
        ++*p;
        s += number(p) * (int64_t)unit;
    }
    return sign * s;
}

static void change_read(const char **p, struct change *c)
{
    *c = (struct change){.s = 2 * 3600};
    ++*p;                                                 /* the comma */
    if (**p == 'M') {
        ++*p;
        c->m = number(p);
        ++*p;
        c->w = number(p);
        ++*p;
        c->d = number(p);
    } else {
        c->leap = **p != 'J';
        *p += !c->leap;
        c->n = number(p);
    }
    if (**p == '/') {
        ++*p;
        c->s = clock_read(p);
    }
}

static void rule_read(const char *p, struct rule *r)
{
    *r = (struct rule){0};
    skip_name(&p);
    r->std_s = -clock_read(&p);
    if (!*p)
        return;
    skip_name(&p);
    r->dst_s = *p && *p != ',' ? -clock_read(&p) : r->std_s + 3600;
    if (*p != ',')
        return;
    r->dst = true;
    change_read(&p, &r->begin);
    change_read(&p, &r->end);
}

static int weekday(int64_t day)                           /* 0: Sunday */
{
    return (int)(((day + 4) % 7 + 7) % 7);
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t change_day(const struct change *c, int year)
{
    if (c->m == 0)
        return days_from_date(year, 1, 1) + (c->leap ? c->n : c->n - 1 + (is_leap(year) && c->n >= 60));
    int64_t first = days_from_date(year, c->m, 1);
    int64_t next = c->m == 12 ? days_from_date(year + 1, 1, 1) : days_from_date(year, c->m + 1, 1);
    int64_t day = first + (c->d - weekday(first) + 7) % 7 + 7 * (c->w - 1);
    while (day >= next)
        day -= 7;
    return day;
}

/* The moment of a change, in UTC ms; before it `offset_s` holds. */
static int64_t change_ms(const struct change *c, int year, int64_t offset_s)
{
    return (change_day(c, year) * 86400 + c->s - offset_s) * 1000;
}

static int64_t floor_days(int64_t ms)
{
    return ms / DAY_MS - (ms % DAY_MS < 0);
}

static int64_t offset_s(const struct rule *r, int64_t ms)
{
    int year, month, day;

    if (!r->dst)
        return r->std_s;
    date_from_days(floor_days(ms + r->std_s * 1000), &year, &month, &day);
    int64_t begin = change_ms(&r->begin, year, r->std_s), end = change_ms(&r->end, year, r->dst_s);
    bool summer = begin < end ? ms >= begin && ms < end : ms >= begin || ms < end;
    return summer ? r->dst_s : r->std_s;
}

static struct rule rule_of(sv name)
{
    const char *text = find(name);
    struct rule r;

    rule_read(text ? text : "UTC0", &r);
    return r;
}

bool zone_known(sv name)
{
    return find(name) != NULL;
}

int64_t zone_offset_ms(sv name, int64_t ms)
{
    struct rule r = rule_of(name);

    return offset_s(&r, ms) * 1000;
}

int64_t zone_day(sv name, int64_t ms)
{
    return floor_days(ms + zone_offset_ms(name, ms));
}

int64_t zone_day_start_ms(sv name, int64_t day)
{
    struct rule r = rule_of(name);
    int64_t low = r.dst && r.dst_s < r.std_s ? r.dst_s : r.std_s;
    int64_t high = r.dst && r.dst_s > r.std_s ? r.dst_s : r.std_s;
    int64_t early = day * DAY_MS - high * 1000, late = day * DAY_MS - low * 1000;

    /* Midnight comes by one of the two; where the clock jumps over it, the jump is the day's first moment. */
    return offset_s(&r, early) == high ? early : late;
}

static bool digits(sv s, size_t at, size_t n, int *out)
{
    *out = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out = *out * 10 + (s.p[i] - '0');
    }
    return true;
}

bool date_parse(sv s, int64_t *day)
{
    int y, m, d, yy, mm, dd;

    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) ||
        !digits(s, 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *day = days_from_date(y, m, d);
    date_from_days(*day, &yy, &mm, &dd);                  /* 30 February comes back as 2 March */
    return yy == y && mm == m && dd == d;
}

sv date_text(struct arena *a, int64_t day)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return sv_printf(a, "%04d-%02d-%02d", y, m, d);
}
