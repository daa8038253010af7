/* svc/talk/slack_import_test.c: exports in the shapes that Slack writes, and what fools a reader. */
#include "base/test.h"
#include "base/utf8.h"
#include "svc/talk/slack_import.h"

#define USERS                                                                                                                  \
    "[{\"id\":\"U1\",\"name\":\"mayu\",\"profile\":{\"real_name\":\"森下 真由\",\"display_name\":\"\",\"email\":\"mayu@acme\"}},"  \
    "{\"id\":\"U2\",\"name\":\"satsuki\",\"real_name\":\"柳 さつき\",\"profile\":{\"display_name\":\"さつき\"}},{\"name\":\"none\"},{\"id\":\"U7\",\"is_bot\":true}]"
#define CHANNELS "[{\"id\":\"C1\",\"name\":\"大船店\",\"members\":[\"U1\",\"U9\"]},{\"id\":\"C2\",\"name\":\"general\",\"members\":[]}]"

static struct chat_import read_day(struct arena *a, const char *day)
{
    const struct slack_file files[] = {
        {SV("大船店/2026-11-18.json"), sv_c(day)}, {SV("channels.json"), SV(CHANNELS)}, {SV("users.json"), SV(USERS)},
    };
    struct chat_import out;
    size_t unreadable = 9;

    CHECK(slack_import_read(a, files, COUNT(files), &out, &unreadable));
    CHECK_INT(unreadable, 0);
    CHECK_INT(out.rooms.n, 2);
    return out;
}

TEST(slack_text)
{
    static const struct { const char *in, *out; } t[] = {
        {"*太字* ~消す~ `コード` :smile::skin-tone-2:", "*太字* ~消す~ `コード` :smile::skin-tone-2:"},
        {"<@U2> と <@U9|誰か> と <@U8>", "@さつき と @誰か と @U8"},
        {"<#C2> <#C7|別の店> <#C8>", "#general #別の店 #C8"},
        {"<!here> <!channel> <!subteam^S1|@店長> <!subteam^S2> <!date^1^{date}|18日>", "@here @channel @店長 @S2 18日"},
        {"<https://a.example/?a=1&amp;b=2|資料> <https://a.example>", "https://a.example/?a=1&b=2 (資料) https://a.example"},
        {"<https://a.example|a.example> <mailto:x@a.example|x@a.example>", "https://a.example x@a.example"},
        {"&lt;@U1&gt; &amp;amp; &quot;", "<@U1> &amp; &quot;"},
        {"a < b", "a < b"}, {"<", "<"}, {"<> <@", "<> <@"}, {"x<https://a", "x<https://a"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(4096);
        struct chat_import in = read_day(a, sv_cstr(a, sv_printf(a,
            "[{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"1762998123.000200\",\"text\":\"%s\"}]",
            t[i].in)));
        if (CHECK_INT_AT(i, in.rooms.v[0].messages.n, 1))
            CHECK_STR_AT(i, in.rooms.v[0].messages.v[0].text, sv_c(t[i].out));
        arena_free(&a);
    }
}

TEST(slack_messages)
{
    struct arena *a = arena_new(4096);
    struct chat_import in = read_day(a,
        "[{\"type\":\"message\",\"user\":\"U2\",\"ts\":\"1762998124.000100\",\"thread_ts\":\"1762998123.000200\",\"text\":\"見ました\"},"
        "{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"1762998123.000200\",\"thread_ts\":\"1762998123.000200\",\"text\":\"開店前に\","
        "\"edited\":{\"user\":\"U1\",\"ts\":\"1762998200.000000\"},\"pinned_to\":[\"C1\"],"
        "\"reactions\":[{\"name\":\"ok\",\"count\":2,\"users\":[\"U1\",\"U2\"]}]},"
        "{\"type\":\"message\",\"subtype\":\"channel_join\",\"user\":\"U2\",\"ts\":\"1762998120.000000\",\"text\":\"<@U2> joined\"},"
        "{\"type\":\"message\",\"subtype\":\"file_share\",\"user\":\"U1\",\"ts\":\"1762998125.000000\",\"text\":\"\","
        "\"files\":[{\"name\":\"表.xlsx\"},{\"mode\":\"tombstone\"}]},"
        "{\"type\":\"message\",\"subtype\":\"bot_message\",\"username\":\"温度計\",\"bot_id\":\"B1\",\"ts\":\"1762998126\",\"text\":\"\","
        "\"attachments\":[{\"title\":\"7℃\",\"fallback\":\"7\"}]},"
        "{\"type\":\"message\",\"subtype\":\"new_thing\",\"user\":\"U9\",\"ts\":\"1762998127.5\",\"text\":\"未知\"},"
        "{\"type\":\"message\",\"user\":\"U2\",\"ts\":\"1762998128.000000\",\"thread_ts\":\"1700000000.000000\",\"text\":\"根なし\"},"
        "{\"type\":\"message\",\"user\":\"U2\",\"ts\":\"1762998128.000000\",\"text\":\"根なし\"},"
        "{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"soon\",\"text\":\"x\"},{\"type\":\"other\"},7]");
    const struct chat_room *r = &in.rooms.v[0];

    REQUIRE(r->messages.n == 6);
    CHECK_STR(r->name, SV("大船店"));
    CHECK_STR(r->id, SV("C1"));
    CHECK_STR(r->messages.v[0].text, SV("開店前に"));
    CHECK_STR(r->messages.v[0].sender_name, SV("森下 真由"));
    CHECK_INT(r->messages.v[0].at_us, INT64_C(1762998123000200));
    CHECK_STR(r->messages.v[1].root, r->messages.v[0].id);
    CHECK_INT(r->messages.v[1].root_us, r->messages.v[0].at_us);
    CHECK_STR(r->messages.v[2].text, SV("[ファイル] 表.xlsx\n[ファイル]"));
    CHECK_STR(r->messages.v[3].text, SV("7℃"));
    CHECK_STR(r->messages.v[3].sender_name, SV("温度計"));
    CHECK_INT(r->messages.v[3].person == CHAT_NONE, true);
    CHECK_STR(r->messages.v[4].text, SV("未知"));
    CHECK_STR(r->messages.v[4].sender_name, SV("U9"));
    CHECK_INT(r->messages.v[5].root.n, 0);
    REQUIRE(in.people.n == 3);
    CHECK(!in.people.v[0].program && in.people.v[2].program);
    CHECK_STR(in.people.v[2].name, SV("U7"));
    CHECK_INT(r->members.n, 2);                           /* U1 of the list, U2 because she wrote */
    CHECK_INT(in.counts.messages, 6);
    CHECK_INT(in.counts.system_lines, 1);
    CHECK_INT(in.counts.files, 2);
    CHECK_INT(in.counts.attachments, 1);
    CHECK_INT(in.counts.reactions, 2);
    CHECK_INT(in.counts.edits, 1);
    CHECK_INT(in.counts.pins, 1);
    CHECK_INT(in.counts.threads_flattened, 1);
    CHECK_INT(in.counts.repeated, 1);
    CHECK_INT(in.counts.unknown_lines, 4);
    arena_free(&a);
}

TEST(slack_keys_and_long_texts)
{
    struct arena *a = arena_new(4096);
    struct str day = STR_IN(a);

    str_c(&day, "[{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"1762998123.000200\",\"text\":\"");
    for (int i = 0; i < 2 * CHAT_TEXT_MAX + 1; i++)
        str_c(&day, "長");
    str_c(&day, "\"}]");
    str_char(&day, 0);
    struct chat_import in = read_day(a, day.p);
    const struct chat_message *m = in.rooms.v[0].messages.v;
    REQUIRE(in.rooms.v[0].messages.n == 3);
    CHECK_INT(utf8_count(m[0].text), CHAT_TEXT_MAX);
    CHECK_STR(m[2].text, SV("長"));
    CHECK_INT(in.counts.cut_texts, 1);
    sv first = chat_message_key(a, in.source, 5, m[0].at_us, m[0].id, m[0].part);
    CHECK_INT(first.n, 36);
    CHECK_STR(sv_upto(first, 13), SV("019a7ae0-79f8"));   /* 1762998123000 ms */
    CHECK_STR(chat_message_key(a, "slack", 5, m[0].at_us, SV("1762998123.000200"), 0), first);
    CHECK(!sv_equal(chat_message_key(a, in.source, 5, m[1].at_us, m[1].id, m[1].part), first));
    CHECK(!sv_equal(chat_message_key(a, in.source, 6, m[0].at_us, m[0].id, m[0].part), first));
    CHECK(!sv_equal(chat_room_key(a, "slack", SV("C1")), chat_room_key(a, "mattermost", SV("C1"))));
    arena_free(&a);
}

TEST(slack_files)
{
    struct arena *a = arena_new(4096);
    const struct slack_file whole[] = {
        {SV("old/users.json"), SV(USERS)}, {SV("old/dms.json"), SV("[{\"id\":\"D1\",\"members\":[\"U1\",\"U2\"]}]")},
        {SV("old/D1/2026-11-18.json"), SV("[{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"1.0\",\"text\":\"a\"}]")},
        {SV("old/D1/2026-11-19.json"), SV("{broken")}, {SV("old/../../etc/x.json"), SV("[]")},
        {SV("old/gone/2026-11-18.json"), SV("[{\"type\":\"message\",\"user\":\"U2\",\"ts\":\"2.0\",\"text\":\"b\"}]")},
    };
    const struct slack_file no_users[] = {{SV("channels.json"), SV(CHANNELS)}};
    struct chat_import in;
    size_t unreadable;

    REQUIRE(slack_import_read(a, whole, COUNT(whole), &in, &unreadable));
    CHECK_INT(unreadable, 1);
    REQUIRE(in.rooms.n == 2);
    CHECK_STR(in.rooms.v[0].name, SV("森下 真由、さつき"));
    CHECK_STR(in.rooms.v[1].name, SV("gone"));
    CHECK_STR(in.rooms.v[1].messages.v[0].text, SV("b"));
    CHECK(!slack_import_read(a, no_users, 1, &in, &unreadable));
    CHECK(!slack_import_read(a, whole, 1, &in, &unreadable));
    CHECK(!slack_import_read(a, NULL, 0, &in, &unreadable));
    arena_free(&a);
}

TEST(slack_times)
{
    static const struct { const char *in; int64_t us; } t[] = {
        {"1762998123.000200", INT64_C(1762998123000200)}, {"5", 5000000}, {"5.1", 5100000}, {"", -1}, {".5", -1}, {"-5.0", -1},
        {"5.1234567", -1}, {"5.12x", -1}, {"12345678901.0", -1}, {"1e5", -1},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        int64_t us = -1;
        CHECK_INT_AT(i, slack_time(sv_c(t[i].in), &us), t[i].us >= 0);
        CHECK_INT_AT(i, us, t[i].us);
    }
}
