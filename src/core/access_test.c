/* core/access_test.c: of a session one access record a day of the tenant and address, kept for 90 days and no longer. */
#include "core/access.h"
#include "core/core_test.h"

#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

static bool note(struct fixture *f, id64 session, int64_t ms, const char *ip)
{
    fixture_call(f);
    return access_note(&f->x, session, ms, sv_c(ip));
}

static size_t listed(struct fixture *f, id64 member, struct accesses *out)
{
    fixture_call(f);
    *out = (struct accesses){0};
    CHECK(access_list(&f->x, member, ID_NONE, 0, 100, out));
    return out->n;
}

TEST_BOTH(access_is_a_row_by_session_day_and_address)
{
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN), o = fixture_member(f, "oka", ROLE_MEMBER);
    SECRET a = { 0 }, b = { 0 }, c = { 0 }, door = { 0 };
    int64_t midnight = (FIXTURE_NOW + 9 * HOUR) / DAY * DAY + DAY - 9 * HOUR;     /* the next one in Tokyo */
    struct accesses all;

    f->x.now_ms = FIXTURE_NOW;
    f->x.actor.channel = CH_MP;
    id64 s = fixture_session(f, m, ID_NONE, false, &a), other = fixture_session(f, m, ID_NONE, false, &b);
    fixture_session(f, m, s, true, &door);                /* the console's is no access of its own */
    fixture_session(f, o, ID_NONE, false, &c);
    CHECK_INT(listed(f, m, &all), 2);
    CHECK_INT(listed(f, o, &all), 1);
    const struct { id64 session; int64_t ms; const char *ip; int rows; } t[] = {
        { s, FIXTURE_NOW + 60000, "192.0.2.7", 2 }, { s, FIXTURE_NOW + 30000, "192.0.2.7", 2 }, { s, FIXTURE_NOW + 60000, "192.0.2.8", 3 },
        { other, FIXTURE_NOW + 60000, "192.0.2.8", 4 }, { s, midnight - 1, "192.0.2.7", 4 }, { s, midnight, "192.0.2.7", 5 },
        { s, midnight + 1, "192.0.2.7", 5 }, { s, FIXTURE_NOW - 5, "192.0.2.7", 5 }, { { 12345 }, midnight, "192.0.2.7", 5 },
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_AT(i, note(f, t[i].session, t[i].ms, t[i].ip));
        CHECK_INT_AT(i, (int64_t)listed(f, m, &all), t[i].rows);
    }
    CHECK_INT(all.v[0].first_ms, midnight);               /* that began last comes first */
    CHECK_INT(all.v[0].last_ms, midnight + 1);
    CHECK_INT(all.v[0].session.n, s.n);
    CHECK_INT(all.v[0].channel, CH_MP);
    CHECK_STR(all.v[0].ip, SV("192.0.2.7"));
    CHECK_STR(all.v[0].agent, SV("縁側 test"));
    CHECK(all.v[0].open);
    CHECK_INT(all.v[4].first_ms, FIXTURE_NOW - 5);        /* the clock went back */
    CHECK_INT(all.v[4].last_ms, midnight - 1);
    ROWS r = db_query(f->d, "SELECT agent FROM member_access");
    REQUIRE(rows_next(&r));
    CHECK_INT(sv_find(row_blob(&r, 0), SV("test"), NULL), !f->sealed);
    rows_end(&r);
    fixture_call(f);
    fixture_begin(f);
    CHECK(session_delete(&f->x, s));
    CHECK(fixture_commit(f));
    CHECK_INT(listed(f, m, &all), 5);                     /* an ended session's stay */
    CHECK(!all.v[0].open);
}

TEST_BOTH(access_is_kept_for_ninety_days)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    SECRET token = { 0 };
    struct accesses all;

    f->x.now_ms = FIXTURE_NOW;
    id64 s = fixture_session(f, m, ID_NONE, false, &token);
    CHECK(note(f, s, FIXTURE_NOW + 10 * DAY, "192.0.2.9"));
    f->x.now_ms = FIXTURE_NOW + ACCESS_DAYS * DAY;
    CHECK_INT(listed(f, m, &all), 2);
    CHECK(access_forget(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member_access"), 2);
    f->x.now_ms++;
    CHECK_INT(listed(f, m, &all), 1);                     /* not shown, whether or not the night has passed */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member_access"), 2);
    CHECK(access_forget(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member_access"), 1);
    CHECK_STR(all.v[0].ip, SV("192.0.2.9"));
}
