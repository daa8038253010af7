/* svc/org/member_csv_test.c: lists as spreadsheets write them, their lines, and what is refused as a whole. */
#include "base/cp932.h"
#include "base/test.h"
#include "base/utf8.h"
#include "svc/org/member_csv.h"

#define HEAD "Engawa ID,姓,名\n"

TEST(member_csv_reads_cells_and_lines)
{
    struct arena *a = arena_new(4096);
    struct member_csv m;
    static const struct { int64_t line; const char *login, *family, *given; } want[] = {
        { 2, "mori", "森下", "真由" }, { 4, "a.b", "O\"Hara, Jr", "line\none" }, { 6, "=cmd|x", "+1", "@SUM(A1)" },
        { 7, "kuga", "久我", "" }, { 8, "spaced", "間", "白" },
    };

    PROVES("MEM-09");
    REQUIRE(member_csv_read(a, SV(HEAD "mori,森下,真由\r\n\r\n\"a.b\",\"O\"\"Hara, Jr\",\"line\none\"\n"
                                       "=cmd|x,+1,@SUM(A1)\rkuga,久我\n spaced , 間 ,\"白\""), &m));
    CHECK(!m.shift_jis);
    CHECK_INT(m.columns, 3);
    REQUIRE(m.rows.n == COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        CHECK_INT_AT(i, m.rows.v[i].line, want[i].line);
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[i], COL_LOGIN), sv_c(want[i].login));
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[i], COL_FAMILY), sv_c(want[i].family));
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[i], COL_GIVEN), sv_c(want[i].given));
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[i], COL_PHONE), SV(""));
        CHECK_INT_AT(i, m.rows.v[i].extra, 0);
    }
    arena_free(&a);
}

/* The same list in both encodings, with and without the mark, is the same list. */
TEST(member_csv_encodings)
{
    /* Engawa ID,姓,名 / mori,髙橋,ソ能 in Shift_JIS: pairs with trail bytes that look like ASCII among them */
    static const char sjis[] = "Engawa ID,\x90\xA9,\x96\xBC\r\nmori,\xFB\xFC\x8B\xB4,\x83\x5C\x94\x5C\r\n";
    static const char *const files[] = { sjis, HEAD "mori,髙橋,ソ能\n", "\xEF\xBB\xBF" HEAD "mori,髙橋,ソ能\r\n" };
    struct arena *a = arena_new(4096);

    PROVES("MEM-09");
    PROVES("B10.04");
    for (size_t i = 0; i < COUNT(files); i++) {
        struct member_csv m;

        if (!CHECK_AT(i, member_csv_read(a, sv_c(files[i]), &m)))
            continue;
        CHECK_INT_AT(i, m.shift_jis, i == 0);
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[0], COL_FAMILY), SV("髙橋"));
        CHECK_STR_AT(i, member_csv_cell(&m, &m.rows.v[0], COL_GIVEN), SV("ソ能"));
    }
    arena_free(&a);
}

TEST(member_csv_titles)
{
    static const struct { const char *title; enum member_column want; } t[] = {
        { "ＩＤ", COL_LOGIN }, { "ログインID", COL_LOGIN }, { "姓（読み）", COL_FAMILY_READING }, { "ｾｲ", COL_FAMILY_READING },
        { "family name", COL_FAMILY }, { "FAMILY_READING", COL_FAMILY_READING }, { "携帯電話番号", COL_MOBILE },
        { "Org unit 2", COL_UNIT2 }, { "兼務役職", COL_TITLE2 }, { " 利用開始日 ", COL_START }, { "生年月日", COL_BIRTHDAY },
        { "権限", COL_COUNT }, { "Role", COL_COUNT }, { "給与", COL_COUNT },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct member_csv m;
        bool login = t[i].want == COL_LOGIN, family = t[i].want == COL_FAMILY;
        sv file = sv_printf(a, "%s%s%s\n%s%sx\n", t[i].title, login ? "" : ",Engawa ID", family ? "" : ",姓",
                            login ? "" : "x,", family ? "" : "x,");
        bool ok = member_csv_read(a, file, &m);

        CHECK_INT_AT(i, ok, t[i].want != COL_COUNT);
        if (ok)
            CHECK_INT_AT(i, m.column[0], t[i].want);
        else
            CHECK_STR_AT(i, m.problem_title, sv_c(t[i].title));
    }
    arena_free(&a);
}

TEST(member_csv_refused_as_a_whole)
{
    static const struct { const char *file; enum csv_problem want; int64_t line; } t[] = {
        { "", CSV_EMPTY, 0 }, { "\n\n", CSV_EMPTY, 0 }, { HEAD, CSV_EMPTY, 0 }, { HEAD ",,\n", CSV_EMPTY, 0 },
        { "\x82", CSV_ENCODING, 0 }, { HEAD "mori,\xFF,x\n", CSV_ENCODING, 0 },
        { HEAD "\"mori,森,由\n", CSV_QUOTE, 2 }, { HEAD "a,b,c\n\"mori\"x,森,由\n", CSV_QUOTE, 3 },
        { "Engawa ID,姓,給与\nmori,森,1\n", CSV_UNKNOWN_COLUMN, 1 }, { "Engawa ID,姓,,名\nmori,森,1,2\n", CSV_UNKNOWN_COLUMN, 1 },
        { "Engawa ID,姓,ID\nmori,森,1\n", CSV_TWICE, 1 }, { "Engawa ID,姓,管理者権限\nmori,森,sub\n", CSV_ROLE_COLUMN, 1 },
        { "姓,名\n森,由\n", CSV_NO_LOGIN, 1 }, { "\nEngawa ID\nmori\n", CSV_NO_NAME, 2 },
    };
    struct arena *a = arena_new(4096);

    PROVES("B10.04");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct member_csv m;

        CHECK_AT(i, !member_csv_read(a, sv_c(t[i].file), &m));
        CHECK_INT_AT(i, m.problem, t[i].want);
        CHECK_INT_AT(i, m.problem_line, t[i].line);
    }
    arena_free(&a);
}

TEST(member_csv_counts_rows_without_reading)
{
    static const struct { const char *file; size_t want; } t[] = {
        { "", 0 }, { "a", 0 }, { "a\nb", 1 }, { "a\nb\n", 1 }, { "a\r\nb\r\nc\r\n", 2 }, { "a\rb\rc", 2 }, { "a\n\n\n,,\nb", 1 },
        { "a\n\"b\nb\nb\"\nc\n", 2 }, { "a\n\"b\n", 1 },
    };
    struct arena *a = arena_new(4096);
    struct str s = STR_IN(a);

    PROVES("MEM-09");
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, member_csv_rows(sv_c(t[i].file)), t[i].want);
    str_c(&s, HEAD);
    for (int i = 0; i < MEMBER_CSV_ROWS; i++)
        str_printf(&s, "m%d,森,由\n", i);
    CHECK_INT(member_csv_rows(str_sv(&s)), MEMBER_CSV_ROWS);
    str_c(&s, "one,too,many");
    CHECK_INT(member_csv_rows(str_sv(&s)), MEMBER_CSV_ROWS + 1);
    arena_free(&a);
}

TEST(member_csv_extra_cells_and_the_template)
{
    struct arena *a = arena_new(4096);
    struct member_csv m;

    REQUIRE(member_csv_read(a, SV("Engawa ID,姓,,\nmori,森,,\nkuga,久我,x,y\n"), &m));
    CHECK_INT(m.columns, 2);
    CHECK_INT(m.rows.v[0].extra, 0);
    CHECK_INT(m.rows.v[1].extra, 2);
    for (int english = 0; english < 2; english++) {
        REQUIRE(member_csv_read(a, member_csv_template(a, english), &m));
        CHECK_INT(m.columns, COL_COUNT);
        CHECK_INT(m.rows.n, 1);
        for (unsigned c = 0; c < COL_COUNT; c++)
            CHECK_INT_AT(c, m.column[c], c);
    }
    arena_free(&a);
}
