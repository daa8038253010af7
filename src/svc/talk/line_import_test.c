/* svc/talk/line_import_test.c: files in the shapes that LINE writes, and the lines that fool a reader. */
#include "base/test.h"
#include "svc/talk/line_import.h"

#include <stdio.h>

static struct line_import read_file(struct arena *a, const char *text)
{
    struct line_import out;

    CHECK(line_import_read(a, sv_c(text), (struct line_names){0}, &out));
    return out;
}

static void check_at(const struct line_import *in, size_t i, const char *when, const char *sender, const char *text)
{
    char at[32];

    if (!CHECK_AT(i, i < in->messages.n))
        return;
    const struct line_message *m = &in->messages.v[i];
    snprintf(at, sizeof(at), "%04d-%02d-%02d %02d:%02d", m->at.year, m->at.month, m->at.day, m->at.hour, m->at.minute);
    CHECK_STR_AT(i, sv_c(at), sv_c(when));
    CHECK_STR_AT(i, m->sender, sv_c(sender));
    CHECK_STR_AT(i, m->text, sv_c(text));
    CHECK_INT_AT(i, m->system, sender[0] == 0);
}

TEST(line_phone_japanese)
{
    struct arena *a = arena_new(4096);
    struct line_import in = read_file(a,
        "\xEF\xBB\xBF[LINE] 大船店とのトーク履歴\r\n保存日時：2026/11/20 18:05\r\n\r\n2026/11/18(水)\r\n"
        "7:02\t森下 真由\tありがとう。開店前に見ます。\r\n"
        "7:03\t森下 真由\t\"二行の\r\n本文は\"\"引用符\"\"で囲まれる\"\r\n"
        "7:05\t小早川 恵\t[スタンプ]\r\n"
        "7:30\t\t小早川 恵が柳 さつきをグループに追加しました。\r\n"
        "7:31\t小早川 恵がメッセージの送信を取り消しました\r\n"
        "9:10\t森下 真由\t☎ 通話時間 1:23\r\n\r\n2026/11/19(木)\r\n午前0:05\t柳 さつき\t夜更かし\r\n午後12:01\t柳 さつき\t昼\r\n");

    CHECK_STR(in.room, SV("大船店"));
    check_at(&in, 0, "2026-11-18 07:02", "森下 真由", "ありがとう。開店前に見ます。");
    check_at(&in, 1, "2026-11-18 07:03", "森下 真由", "二行の\n本文は\"引用符\"で囲まれる");
    check_at(&in, 2, "2026-11-18 07:05", "小早川 恵", "[スタンプ]");
    check_at(&in, 3, "2026-11-18 07:30", "", "小早川 恵が柳 さつきをグループに追加しました。");
    check_at(&in, 4, "2026-11-18 07:31", "", "小早川 恵がメッセージの送信を取り消しました");
    check_at(&in, 5, "2026-11-18 09:10", "森下 真由", "☎ 通話時間 1:23");
    check_at(&in, 6, "2026-11-19 00:05", "柳 さつき", "夜更かし");
    check_at(&in, 7, "2026-11-19 12:01", "柳 さつき", "昼");
    CHECK_INT(in.messages.n, 8);
    CHECK_INT(in.systems, 2);
    CHECK_INT(in.placeholders, 2);
    CHECK_INT(in.unknown, 0);
    CHECK_INT(in.doubtful.n, 0);
    arena_free(&a);
}

TEST(line_phone_english)
{
    struct arena *a = arena_new(4096);
    struct line_import in = read_file(a,
        "[LINE] Chat history with Ofuna\nSaved on: 11/20/2026, 18:05\n\n2026/11/8(Sun)\n"
        "AM 7:02\tMayu\thello\n3:15 PM\tMayu\tbye\n07:30\tKei\t[Photo]\n");

    CHECK_STR(in.room, SV("Ofuna"));
    check_at(&in, 0, "2026-11-08 07:02", "Mayu", "hello");
    check_at(&in, 1, "2026-11-08 15:15", "Mayu", "bye");
    check_at(&in, 2, "2026-11-08 07:30", "Kei", "[Photo]");
    CHECK_INT(in.placeholders, 1);
    arena_free(&a);
}

/* Several lines without quotes, clocks and dates within a text, quotes that were the writer's own. */
TEST(line_bodies_that_fool)
{
    struct arena *a = arena_new(4096);
    struct line_import in = read_file(a,
        "2026/11/18(水)\n"
        "7:02\tA\t一行目\n二行目\n\n四行目\n"
        "7:03\tA\t\"自分の引用\"\n"
        "7:04\tA\t\"閉じない\n"
        "7:05\tA\t次\"\n"
        "7:06\tA\t予定\n10:00 集合\n25:99\t違う\n2026/11/19\n2026/13/40(水)\n");

    check_at(&in, 0, "2026-11-18 07:02", "A", "一行目\n二行目\n\n四行目");
    check_at(&in, 1, "2026-11-18 07:03", "A", "\"自分の引用\"");
    check_at(&in, 2, "2026-11-18 07:04", "A", "\"閉じない");
    check_at(&in, 3, "2026-11-18 07:05", "A", "次\"");
    arena_free(&a);
}

TEST(line_pc_names_with_blanks)
{
    struct arena *a = arena_new(4096);
    struct line_import in = read_file(a,
        "2026.11.18 水曜日\n07:02 森下 真由 ありがとう。\n07:03 小早川 恵 スタンプ\n"
        "07:04 森下 真由がメッセージの送信を取り消しました\n07:05 小早川 恵が退出しました。\n07:06 田中 おつかれ\n");

    check_at(&in, 0, "2026-11-18 07:02", "森下 真由", "ありがとう。");
    check_at(&in, 1, "2026-11-18 07:03", "小早川 恵", "スタンプ");
    check_at(&in, 2, "2026-11-18 07:04", "", "森下 真由がメッセージの送信を取り消しました");
    check_at(&in, 3, "2026-11-18 07:05", "", "小早川 恵が退出しました。");
    check_at(&in, 4, "2026-11-18 07:06", "田中", "おつかれ");
    CHECK_INT(in.placeholders, 1);
    CHECK_INT(in.doubtful.n, 1);
    CHECK_STR(in.doubtful.n ? in.doubtful.v[0] : SV(""), SV("田中"));
    arena_free(&a);
}

TEST(line_pc_names_given)
{
    const sv names[] = {SV("森下"), SV("森下 真由")};
    struct arena *a = arena_new(4096);
    struct line_import in;

    CHECK(line_import_read(a, SV("2026.11.18 水曜日\n7:02 森下 真由 はい\n7:03 森下 いいえ\n"), (struct line_names){names, 2}, &in));
    check_at(&in, 0, "2026-11-18 07:02", "森下 真由", "はい");
    check_at(&in, 1, "2026-11-18 07:03", "森下", "いいえ");
    CHECK_INT(in.doubtful.n, 0);
    CHECK(!line_import_read(a, SV("\xFF\xFE"), (struct line_names){0}, &in));
    arena_free(&a);
}

TEST(line_unknown_lines_are_kept)
{
    struct arena *a = arena_new(4096);
    struct line_import in = read_file(a, "なにか\n2026/11/18(水)\n日付のあと\n7:02\tA\tx\n");

    check_at(&in, 0, "2026-11-18 00:00", "", "なにか");
    check_at(&in, 1, "2026-11-18 00:00", "", "日付のあと");
    check_at(&in, 2, "2026-11-18 07:02", "A", "x");
    CHECK_INT(in.unknown, 2);
    arena_free(&a);
}

/* Twice the same file: the same keys; two equal messages of one minute: two keys. */
TEST(line_keys)
{
    const char *text = "2026/11/18(水)\n7:02\tA\tはい\n7:02\tA\tはい\n7:02\tB\tはい\n7:03\tA\tはい\n";
    struct arena *a = arena_new(4096);
    struct line_import one = read_file(a, text), two = read_file(a, text);

    REQUIRE(one.messages.n == 4 && two.messages.n == 4);
    for (size_t i = 0; i < 4; i++) {
        sv key = line_import_key(a, 7, 1795000000000, &one.messages.v[i]);
        CHECK_INT_AT(i, key.n, 36);
        CHECK_AT(i, key.p[14] == '7');
        CHECK_STR_AT(i, line_import_key(a, 7, 1795000000000, &two.messages.v[i]), key);
        CHECK_AT(i, !sv_equal(line_import_key(a, 8, 1795000000000, &two.messages.v[i]), key));
        for (size_t k = 0; k < i; k++)
            CHECK_AT(i, !sv_equal(line_import_key(a, 7, 1795000000000, &one.messages.v[k]), key));
    }
    arena_free(&a);
}

TEST(line_long_bodies_are_cut)
{
    struct arena *a = arena_new(4096);
    struct str text = STR_IN(a);

    str_c(&text, "2026/11/18(水)\n7:02\tA\t");
    for (int i = 0; i < LINE_TEXT_MAX + 1; i++)
        str_c(&text, "あ");
    struct line_import in;
    CHECK(line_import_read(a, str_sv(&text), (struct line_names){0}, &in));
    REQUIRE(in.messages.n == 2);
    CHECK_INT(in.messages.v[0].text.n, 3 * LINE_TEXT_MAX);
    CHECK_STR(in.messages.v[1].text, SV("あ"));
    arena_free(&a);
}
