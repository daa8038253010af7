/* svc/org/org_search_test.c: finding members, seats, leaves, held IDs and the nightly work, without and with sealed columns. */
#include "base/clock.h"
#include "core/core_test.h"
#include "svc/org/org.h"
#include "svc/org/rights.h"

static id64 person(struct fixture *f, const char *login, const char *reading, const char *phone)
{
    struct member m = { .login = sv_c(login), .family = SV("森"), .given = sv_c(login), .family_reading = sv_c(reading),
                        .phone = sv_c(phone), .language = SV("ja"), .role = ROLE_MEMBER };

    fixture_call(f);
    if (!CHECK(org_member_add(&f->x, &m, SV("hash"))))
        printf("    %s\n", f->x.failure.detail);
    return m.id;
}

static int64_t found(struct fixture *f, struct member_query q, const char *logins)
{
    struct member_page page;
    struct str s = STR_IN(f->a);

    fixture_call(f);
    q.limit = q.limit ? q.limit : 100;
    CHECK(org_member_search(&f->x, &q, &page));
    for (size_t i = 0; i < page.members.n; i++)
        str_printf(&s, "%.*s ", SV_ARG(page.members.v[i].login));
    CHECK_STR(sv_trim(str_sv(&s)), sv_c(logins));
    return page.total;
}

TEST_BOTH(org_search_by_every_kind_of_field)
{
    id64 mori = person(f, "mori", "もり", "+81467000001");
    id64 unit = { 77 };

    person(f, "abe", "あべ", "+819012345678");
    person(f, "ueno", "うえの", "");
    fixture_member(f, "plain", ROLE_MEMBER);              /* as of before there were other fields: nothing to find it by */
    CHECK_INT(found(f, (struct member_query){ .q = SV("モリ") }, "mori"), 1);
    CHECK_INT(found(f, (struct member_query){ .q = SV("090-1234") }, "abe"), 1);
    CHECK_INT(found(f, (struct member_query){ .q = SV("09") }, ""), 0);
    CHECK_INT(found(f, (struct member_query){ .q = SV("090-1234"), .colleague = true }, "abe"), 1);
    fixture_setting(f, "member.field.visible", "name");
    CHECK_INT(found(f, (struct member_query){ .q = SV("090-1234"), .colleague = true }, ""), 0);
    CHECK_INT(found(f, (struct member_query){ .q = SV("mori"), .colleague = true }, "mori"), 1);   /* the given name */
    CHECK_INT(found(f, (struct member_query){ .q = SV("森") , .limit = 2 }, "abe ueno"), 3);
    CHECK_INT(found(f, (struct member_query){ .limit = 2 }, "plain abe"), 4);
    CHECK(db_exec(f->d, "INSERT INTO unit (id, parent, code, name, description, folded, place, public, functions, delegation,"
                        " notify, leader, room, made_ms, deleted_ms)"
                        " VALUES (77, 0, 'u', 'u', '', 'u', 1, 1, 31, 0, 1, $1, 0, 1, 0)",
                  ID(mori)));
    CHECK(db_exec(f->d, "INSERT INTO unit_member (unit, member, main, title) VALUES (77, $1, 1, 0)", ID(mori)));
    CHECK_INT(found(f, (struct member_query){ .unit = unit }, "mori"), 1);
    CHECK_INT(found(f, (struct member_query){ .unit = unit, .q = SV("abe") }, ""), 0);

    /* Deleted: out of the unit, of its leader's place, and of every list but the one of the deleted. */
    fixture_as(f, ID_NONE);
    f->x.actor.operator = true;
    CHECK(org_member_delete(&f->x, mori));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit_member"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT leader FROM unit"), 0);
    CHECK_INT(found(f, (struct member_query){ .filter = FILTER_DELETED }, "mori"), 1);
    CHECK_INT(found(f, (struct member_query){ .q = SV("mori") }, ""), 0);
}

TEST_BOTH(org_seats_are_taken_by_those_who_use_the_service)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), gone;
    struct member m = { .login = SV("late"), .family = SV("森"), .given = SV("真"), .language = SV("ja"), .role = ROLE_MEMBER,
                        .start_ms = FIXTURE_NOW + 1000 }, over = m;
    int64_t used, limit;

    PROVES("CON-05");
    over.login = SV("over");
    over.start_ms = 0;
    fixture_setting(f, "plan.seats", "4");
    gone = person(f, "gone", "", "");
    fixture_as(f, super);
    CHECK(org_member_add(&f->x, &m, SV("")));
    CHECK(org_seats(&f->x, &used, &limit));
    CHECK_INT(used, 2);                                   /* who has not begun does not count */
    CHECK_INT(limit, 4);
    person(f, "third", "", "");                       /* 3 of 4; the last one is booked */
    fixture_as(f, super);
    CHECK(!org_member_add(&f->x, &over, SV("")));
    CHECK_INT(f->x.failure.code, E_SEATS);
    fixture_as(f, super);
    CHECK(org_member_suspend(&f->x, gone));               /* a suspended one does */
    CHECK(!org_member_add(&f->x, &over, SV("")));
    fixture_as(f, super);
    CHECK(org_member_delete(&f->x, gone));
    CHECK(org_member_add(&f->x, &over, SV("")));
    fixture_as(f, super);
    CHECK(!org_member_restore(&f->x, gone));
    CHECK_INT(f->x.failure.code, E_SEATS);
    fixture_setting(f, "plan.seats", "none");
    fixture_as(f, super);
    CHECK(org_member_restore(&f->x, gone));
    CHECK(org_seats(&f->x, &used, &limit));
    CHECK_INT(used, 4);
    CHECK_INT(limit, -1);
}

TEST_BOTH(org_nightly_work)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), away = person(f, "away", "", ""), left = person(f, "left", "", "+81467");
    struct leave l = { FIXTURE_NOW + 1000, FIXTURE_NOW + 5000, true };
    SECRET token = { 0 };
    struct member m;

    fixture_as(f, super);
    CHECK(org_member_leave(&f->x, away, &l) && org_member_delete(&f->x, left));
    fixture_session(f, away, ID_NONE, false, &token);
    fixture_as(f, super);
    CHECK(org_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session"), 1);
    f->x.now_ms += 1000;
    CHECK(org_member_find(&f->x, away, &m));
    CHECK_INT(m.status, MEMBER_SUSPENDED);
    CHECK(org_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE made_ms > 0"), 0);
    f->x.now_ms += 4000;
    CHECK(org_member_find(&f->x, away, &m));
    CHECK_INT(m.status, MEMBER_ACTIVE);
    CHECK(org_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT leave_from_ms FROM member WHERE id = $1", ID(away)), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session"), 0);

    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE login = 'left'"), 1);
    f->x.now_ms = FIXTURE_NOW + MEMBER_RESTORE_MS;
    CHECK(org_nightly(&f->x));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE login = 'left' OR family = '森'"), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member WHERE id = $1 AND family = '' AND folded = ''", ID(left)), 1);
    CHECK(!org_member_find_any(&f->x, left, &m));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
}

static bool asleep(struct fixture *f, id64 id, int64_t at_ms)
{
    struct member m = { 0 };

    fixture_call(f);
    f->x.now_ms = at_ms;
    CHECK(org_member_find(&f->x, id, &m));
    return m.role_paused;
}

/* A role sleeps from the first moment of a leave that suspends, not when the leave is announced; nobody confirms it before
 * or while it lasts, and its end wakes nothing: by the clock alone, with the nightly work, lifted, and when another leave
 * takes its place. */
TEST_BOTH(org_a_leave_that_suspends_puts_an_admin_role_to_sleep)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN);
    const struct leave l = { FIXTURE_NOW + 1000, FIXTURE_NOW + 5000, true };
    struct member given;

    PROVES("ACC-10");
    for (int way = 0; way < 6; way++) {
        id64 sub = fixture_member(f, (const char *[]){ "a", "b", "c", "d", "e", "f" }[way], ROLE_SUB_ADMIN);
        const struct leave label = { FIXTURE_NOW + 1000, FIXTURE_NOW + 5000, false };

        fixture_as(f, super);
        f->x.now_ms = FIXTURE_NOW;
        CHECK_AT(way, org_member_leave(&f->x, sub, &l));
        CHECK_AT(way, !asleep(f, sub, FIXTURE_NOW));
        fixture_as(f, super);
        CHECK_AT(way, !rights_confirm(&f->x, sub, &given));               /* there is nothing to confirm */
        CHECK_INT_AT(way, f->x.failure.code, E_CONFLICT);
        CHECK_AT(way, asleep(f, sub, FIXTURE_NOW + 1000));
        fixture_as(f, super);
        f->x.now_ms = FIXTURE_NOW + 2000;
        CHECK_AT(way, !rights_confirm(&f->x, sub, &given));               /* not yet */
        fixture_as(f, super);
        f->x.now_ms = FIXTURE_NOW + 2000;
        if (way == 1)
            CHECK(org_nightly(&f->x));
        if (way == 2)
            CHECK(org_member_resume(&f->x, sub));
        if (way == 3)
            CHECK(org_member_leave_end(&f->x, sub));
        if (way == 4)
            CHECK(org_member_leave(&f->x, sub, &label));
        f->x.now_ms = FIXTURE_NOW + 5000;
        if (way == 5)
            CHECK(org_nightly(&f->x));
        CHECK_AT(way, asleep(f, sub, FIXTURE_NOW + 5000));
        fixture_as(f, super);
        f->x.now_ms = FIXTURE_NOW + 5000;
        CHECK_AT(way, rights_confirm(&f->x, sub, &given));
        CHECK_INT_AT(way, given.role, ROLE_SUB_ADMIN);
        CHECK_AT(way, !asleep(f, sub, FIXTURE_NOW + 5000));
        fixture_as(f, super);
        f->x.now_ms = FIXTURE_NOW + 6000;
        CHECK(org_nightly(&f->x));
        CHECK_AT(way, !asleep(f, sub, FIXTURE_NOW + 6000));              /* confirmed is confirmed */
    }
}

TEST_BOTH(org_a_given_up_id_is_held)
{
    id64 super = fixture_member(f, "super", ROLE_SUPER_ADMIN), mori = person(f, "mori", "", ""), other = person(f, "other", "", "");

    fixture_as(f, super);
    CHECK(org_member_rename(&f->x, mori, SV("mayu")));
    CHECK(!org_member_rename(&f->x, other, SV("mori")));
    CHECK_INT(f->x.failure.code, E_LOGIN_TAKEN);
    fixture_as(f, super);
    CHECK(org_member_rename(&f->x, mori, SV("mori")));    /* its owner takes it back, and then mayu is held */
    CHECK(!org_member_rename(&f->x, other, SV("mayu")));
    fixture_as(f, super);
    f->x.now_ms += MEMBER_RESTORE_MS;
    CHECK(org_member_rename(&f->x, other, SV("mayu")));
    fixture_as(f, super);
    CHECK(!org_member_rename(&f->x, other, SV("mayu")));
    CHECK_STR(sv_c(f->x.failure.field), SV("login"));
    fixture_as(f, super);
    CHECK(org_member_rename(&f->x, super, SV("boss")));   /* one's own */
    fixture_as(f, other);
    CHECK(!org_member_rename(&f->x, super, SV("big")));
    CHECK_INT(f->x.failure.code, E_DENIED);
}

TEST_BOTH(org_days_of_the_tenants_zone)
{
    int64_t ms;

    f->x.now_ms = INT64_C(1764082800000);                 /* 2025-11-25T15:00:00Z: the 26th in Tokyo */
    CHECK_INT(org_today(&f->x), days_from_date(2025, 11, 26));
    CHECK(org_day_read(&f->x, "start", SV("2025-11-26"), &ms));
    CHECK_INT(ms, f->x.now_ms);
    fixture_setting(f, "tenant.time_zone", "Europe/Berlin");
    CHECK_INT(org_today(&f->x), days_from_date(2025, 11, 25));
    CHECK(org_day_read(&f->x, "start", SV("2025-11-26"), &ms));
    CHECK_INT(ms, f->x.now_ms + 8 * INT64_C(3600000));
    CHECK(!org_day_read(&f->x, "start", SV("2025-02-29"), &ms));
    CHECK_STR(sv_c(f->x.failure.field), SV("start"));
}
