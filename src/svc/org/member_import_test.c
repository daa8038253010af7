/* svc/org/member_import_test.c: what a list must hold, that a wrong line names itself, and that all are added or none. */
#include "core/core_test.h"
#include "svc/org/member_import.h"

#include <string.h>

#define HEAD "Engawa ID,姓,名,姓 (読み),使用言語,電話,誕生日,利用開始日,組織,役職,社員番号\n"

static id64 upload(struct fixture *f, sv file)
{
    id64 id;
    size_t at = 0;

    CHECK(member_import_begin(&f->x, SV("list.csv"), (int64_t)file.n, &id));
    for (int64_t seq = 0; at < file.n; seq++) {
        sv part = sv_upto(sv_from(file, at), 7000);

        CHECK(member_import_part(&f->x, id, seq, part));
        CHECK(member_import_part(&f->x, id, seq, part));  /* a repeat is harmless */
        at += part.n;
    }
    return id;
}

static id64 admin(struct fixture *f)
{
    id64 m = fixture_member(f, "chief", ROLE_SUPER_ADMIN);

    CHECK(db_exec(f->d, "INSERT INTO unit (id, parent, code, name, description, folded, place, public, functions, delegation,"
                        " notify, leader, room, made_ms, deleted_ms) VALUES (11, 0, 'HQ', '本社', '', '', 0, 1, 31, 0, 0, 0, 0, 1, 0),"
                        " (12, 11, 'OF', '大船店', '', '', 0, 1, 31, 0, 0, 0, 0, 1, 0), (13, 11, 'X1', '店', '', '', 0, 1, 31, 0, 0, 0,"
                        " 0, 1, 0), (14, 11, 'X2', '店', '', '', 0, 1, 31, 0, 0, 0, 0, 1, 0)"));
    CHECK(db_exec(f->d, "INSERT INTO label (id, kind, name, place) VALUES (21, 1, '店長', 0), (22, 2, '店長', 0)"));
    fixture_as(f, m);
    return m;
}

static bool plan(struct fixture *f, id64 id, struct import_plan *p)
{
    return member_import_plan(&f->x, id, NULL, 0, p);
}

TEST_BOTH(import_adds_all_with_their_units)
{
    struct import_plan p;
    struct id_list changed = { 0 };
    struct members page = { 0 };
    bool more;

    PROVES("MEM-09");
    admin(f);
    id64 id = upload(f, SV("\xEF\xBB\xBF" HEAD "Mori@engawa,森下,真由,もりした,,'+81312345678,1980/4/5,2027年4月1日,大船店,店長,007\r\n"
                           "kuga,久我,里奈,くが,English,03-5555-1234,,,HQ,,=1+1\r\n"));
    REQUIRE(plan(f, id, &p));
    CHECK_INT(p.error_count, 0);
    REQUIRE(p.people.n == 2);
    CHECK(member_import_run(&f->x, id, &p, &changed));
    CHECK_INT(changed.n, 2);                              /* 大船店 and 本社 above it */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit_member WHERE main = 1"), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM unit_member WHERE unit = 12 AND title = 21"), 1);
    REQUIRE(member_import_people(&f->x, id, ID_NONE, 1, &page, &more));
    CHECK(more && page.n == 1);
    CHECK_STR(page.v[0].login, SV("kuga"));
    REQUIRE(member_import_people(&f->x, id, page.v[0].id, 5, &page, &more));
    CHECK(!more && page.n == 2);
    struct member m;
    REQUIRE(org_member_find(&f->x, page.v[1].id, &m));
    CHECK_STR(m.login, SV("mori"));
    CHECK_STR(m.phone, SV("+81312345678"));
    CHECK_STR(m.birthday, SV("1980-04-05"));
    CHECK_STR(m.employee_number, SV("007"));
    CHECK_INT(m.start_ms, INT64_C(1806505200000));        /* 2027-04-01 00:00 in Tokyo */
    REQUIRE(org_member_find(&f->x, page.v[0].id, &m));
    CHECK_STR(m.employee_number, SV("=1+1"));             /* a formula is a text */
    CHECK_STR(m.phone, SV("+81355551234"));
    CHECK_STR(m.language, SV("en"));
    CHECK(!plan(f, id, &p));                              /* once */
    CHECK_INT(f->x.failure.code, E_CONFLICT);
}

TEST_BOTH(import_names_what_is_wrong)
{
    static const struct { const char *line; enum member_column column; enum import_code code; } t[] = {
        { ",森,由,,,,,,,,", COL_LOGIN, IMP_NEED }, { "mo ri,森,由,,,,,,,,", COL_LOGIN, IMP_LOGIN_FORM },
        { "mori@other,森,由,,,,,,,,", COL_LOGIN, IMP_FOREIGN_DOMAIN }, { "chief,森,由,,,,,,,,", COL_LOGIN, IMP_LOGIN_TAKEN },
        { "mori,,由,,,,,,,,", COL_FAMILY, IMP_NEED }, { "mori,森,,,,,,,,,", COL_GIVEN, IMP_NEED },
        { "mori,\"森\n下\",由,,,,,,,,", COL_FAMILY, IMP_TEXT }, { "mori,森,由,,fr,,,,,,", COL_LANGUAGE, IMP_LANGUAGE },
        { "mori,森,由,,,12,,,,,", COL_PHONE, IMP_PHONE }, { "mori,森,由,,,,1980/2/30,,,,", COL_BIRTHDAY, IMP_DATE },
        { "mori,森,由,,,,,明日,,,", COL_START, IMP_DATE }, { "mori,森,由,,,,,,無い店,,", COL_UNIT, IMP_UNIT },
        { "mori,森,由,,,,,,店,,", COL_UNIT, IMP_UNIT_AMBIGUOUS }, { "mori,森,由,,,,,,HQ,社長,", COL_TITLE, IMP_TITLE },
        { "mori,森,由,,,,,,,店長,", COL_TITLE, IMP_TITLE_ALONE }, { "mori,森,由,,,,,,,,,多い", COL_COUNT, IMP_EXTRA },
    };

    PROVES("MEM-09");
    PROVES("B10.04");
    admin(f);
    for (size_t i = 0; i < COUNT(t); i++) {
        struct import_plan p;
        struct id_list changed = { 0 };

        fixture_call(f);
        id64 id = upload(f, sv_printf(f->a, "%sgood,良,い,,,,,,,,\n%s\n", HEAD, t[i].line));
        if (!CHECK_AT(i, plan(f, id, &p)))
            continue;
        CHECK_INT_AT(i, p.error_count, 1);
        CHECK_INT_AT(i, p.errors.v[0].line, 3);
        CHECK_INT_AT(i, p.errors.v[0].column, t[i].column);
        CHECK_INT_AT(i, p.errors.v[0].code, t[i].code);
        CHECK_INT_AT(i, p.people.n, 1);
        CHECK_AT(i, !member_import_run(&f->x, id, &p, &changed));
        CHECK_INT_AT(i, f->x.failure.code, E_IMPORT_ERRORS);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member"), 1);
}

TEST_BOTH(import_twins_in_one_list)
{
    struct import_plan p;

    admin(f);
    id64 id = upload(f, SV(HEAD "mori,森,由,,,,,,,,1\nb,森,由,,,,,,,,\nMORI@engawa,森,由,,,,,,,,2\nc,森,由,,,,,,,,1\nd,森,由,,,,,,,,\n"));
    REQUIRE(plan(f, id, &p));
    REQUIRE(p.error_count == 2);
    CHECK_INT(p.errors.v[0].line, 4);
    CHECK_INT(p.errors.v[0].code, IMP_LOGIN_TWICE);
    CHECK_INT(p.errors.v[1].line, 5);
    CHECK_INT(p.errors.v[1].code, IMP_NUMBER_TWICE);
}

/* A line is mended or left out without a new upload. */
TEST_BOTH(import_mended_lines)
{
    static const sv cells[] = { SV("mori"), SV("森"), SV("由"), SV(""), SV(""), SV(""), SV(""), SV(""), SV(""), SV(""), SV("") };
    struct import_mend mends[] = { { 3, false, cells, COUNT(cells) }, { 4, true, NULL, 0 } };
    struct id_list changed = { 0 };
    struct import_plan p;

    admin(f);
    id64 id = upload(f, SV(HEAD "good,良,い,,,,,,,,\nmo ri,森,由,,,,,,,,\n,,x,,,,,,,,\n"));
    REQUIRE(plan(f, id, &p));
    CHECK_INT(p.error_count, 3);
    REQUIRE(member_import_plan(&f->x, id, mends, 2, &p));
    CHECK_INT(p.error_count, 0);
    CHECK_INT(p.dropped, 1);
    CHECK(member_import_run(&f->x, id, &p, &changed));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM member"), 3);
    id = upload(f, SV(HEAD "a,a,a\n"));
    mends[0].line = 9;
    CHECK(!member_import_plan(&f->x, id, mends, 1, &p));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_call(f);
    mends[0] = (struct import_mend){ 2, false, cells, 2 };
    CHECK(!member_import_plan(&f->x, id, mends, 1, &p));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
}

TEST_BOTH(import_limits)
{
    struct str s = STR_IN(f->a);
    struct id_list changed = { 0 };
    struct import_plan p;
    id64 id;

    PROVES("MEM-09");
    PROVES("CON-05");
    id64 me = admin(f);
    str_c(&s, "Engawa ID,姓,名\n");
    for (int i = 0; i <= MEMBER_CSV_ROWS; i++)
        str_c(&s, "\"broken,x,y\n\",\n");
    id = upload(f, str_sv(&s));
    CHECK(!plan(f, id, &p));
    CHECK_INT(f->x.failure.code, E_TOO_LARGE);            /* before anybody saw that it cannot be read */
    fixture_call(f);
    CHECK(!member_import_begin(&f->x, SV("x"), IMPORT_BYTES_MAX + 1, &id));
    CHECK_INT(f->x.failure.code, E_TOO_LARGE);
    fixture_call(f);
    CHECK(member_import_begin(&f->x, SV("x"), 5, &id));
    CHECK(!plan(f, id, &p));                              /* parts are missing */
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_call(f);
    CHECK(!member_import_part(&f->x, id, 1, SV("a")));
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_call(f);
    CHECK(!member_import_part(&f->x, id, 0, SV("abcdef")));
    CHECK_INT(f->x.failure.code, E_TOO_LARGE);
    fixture_call(f);
    id = upload(f, SV("Engawa ID,姓,名\na,a,a\nb,b,b\n"));
    fixture_setting(f, "plan.seats", "2");
    fixture_as(f, me);
    REQUIRE(plan(f, id, &p));
    CHECK(!member_import_run(&f->x, id, &p, &changed));
    CHECK_INT(f->x.failure.code, E_SEATS);
    fixture_call(f);
    fixture_setting(f, "plan.seats", "3");
    fixture_as(f, fixture_member(f, "other", ROLE_SUB_ADMIN));
    CHECK(!member_import_visible(&f->x, id));             /* another admin's */
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, me);
    f->x.now_ms += IMPORT_LIFE_MS;
    CHECK(!member_import_visible(&f->x, id));
    f->x.now_ms -= IMPORT_LIFE_MS;
    fixture_call(f);
    CHECK(member_import_visible(&f->x, id));
}
