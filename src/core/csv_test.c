/* core/csv_test.c: cells as spreadsheets read them, and none that they would carry out. */
#include "core/csv.h"

#include "base/test.h"

TEST(csv_cells)
{
    PROVES("B10.03");
    static const struct {
        const char *in, *want;
    } t[] = {
        {"", "\"\""},
        {"森下 真由", "\"森下 真由\""},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\r\nlines", "\"two\r\nlines\""},
        {"=1+1", "\"'=1+1\""},
        {"+81", "\"'+81\""},
        {"-1", "\"'-1\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"\n=1", "\"'\n=1\""},
        {"  =1", "\"'  =1\""},
        {"＝1", "\"'＝1\""},
        {"＋1", "\"'＋1\""},
        {"－1", "\"'－1\""},
        {"＠a", "\"'＠a\""},
        {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
        {"\"=1", "\"\"\"=1\""},
        {"a=1", "\"a=1\""},
        {"{\"a\":1}", "\"{\"\"a\"\":1}\""},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct str s = {0};
        struct csv c;
        csv_on(&c, &s);
        csv_cell(&c, sv_c(t[i].in));
        CHECK_STR_AT(i, str_sv(&s), sv_c(t[i].want));
        str_release(&s);
    }
}

TEST(csv_rows_and_mark)
{
    struct str s = {0};
    struct csv c;

    csv_begin(&c, &s);
    csv_cell(&c, SV("a"));
    csv_cell_int(&c, -5);
    csv_end_row(&c);
    csv_on(&c, &s);
    csv_cell_int(&c, 7);
    csv_cell(&c, SV(""));
    csv_end_row(&c);
    CHECK_STR(str_sv(&s), SV("\xEF\xBB\xBF\"a\",-5\r\n7,\"\"\r\n"));
    str_release(&s);
}
