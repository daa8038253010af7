/* svc/talk/mattermost_import_test.c: exports in the shape that Mattermost writes, and lines that are none. */
#include "base/test.h"
#include "svc/talk/mattermost_import.h"

#define HEAD                                                                                                                   \
    "{\"type\":\"version\",\"version\":1}\n{\"type\":\"emoji\",\"emoji\":{\"name\":\"x\"}}\n"                                  \
    "{\"type\":\"team\",\"team\":{\"name\":\"acme\"}}\n"                                                                       \
    "{\"type\":\"channel\",\"channel\":{\"team\":\"acme\",\"name\":\"ofuna\",\"display_name\":\"大船店\",\"type\":\"O\"}}\n"      \
    "{\"type\":\"user\",\"user\":{\"username\":\"mayu\",\"email\":\"mayu@acme\",\"first_name\":\"真由\",\"last_name\":\"森下\","  \
    "\"teams\":[{\"name\":\"acme\",\"channels\":[{\"name\":\"ofuna\"},{\"name\":\"other\"}]}]}}\n"                             \
    "{\"type\":\"user\",\"user\":{\"username\":\"satsuki\",\"email\":\"s@a.example\",\"nickname\":\"さつき\"}}\n"

static struct chat_import read_file(struct arena *a, const char *text)
{
    struct chat_import out;

    CHECK(mattermost_import_read(a, sv_c(text), &out));
    return out;
}

TEST(mattermost_posts)
{
    struct arena *a = arena_new(4096);
    struct chat_import in = read_file(a, HEAD
        "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"ofuna\",\"user\":\"satsuki\",\"message\":\"後\","
        "\"create_at\":1762998129000,\"attachments\":[{\"path\":\"data/../x/表.xlsx\"}],\"is_pinned\":true}}\r\n"
        "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"ofuna\",\"user\":\"mayu\",\"message\":\"**先** です\","
        "\"create_at\":1762998123001,\"edit_at\":1762998123002,\"reactions\":[{\"user\":\"mayu\",\"emoji_name\":\"ok\"}],"
        "\"replies\":[{\"user\":\"satsuki\",\"message\":\"はい\",\"create_at\":1762998130000}]}}\n"
        "not json\n"
        "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"ofuna\",\"user\":\"mayu\",\"message\":\"x joined\","
        "\"create_at\":1762998123009,\"type\":\"system_join_channel\"}}\n"
        "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"new\",\"user\":\"gone\",\"message\":\"別室\",\"create_at\":1}}\n"
        "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"new\",\"user\":\"gone\",\"message\":\"いつ\",\"create_at\":\"1\"}}\n"
        "{\"type\":\"direct_channel\",\"direct_channel\":{\"members\":[\"satsuki\",\"mayu\"]}}\n"
        "{\"type\":\"direct_post\",\"direct_post\":{\"channel_members\":[\"mayu\",\"satsuki\"],\"user\":\"mayu\",\"message\":\"二人\","
        "\"create_at\":2}}\n{\"type\":\"later\",\"later\":{}}\n");

    REQUIRE(in.rooms.n == 3);
    const struct chat_room *r = &in.rooms.v[0];
    CHECK_STR(r->name, SV("大船店"));
    REQUIRE(r->messages.n == 3);
    CHECK_STR(r->messages.v[0].text, SV("*先* です"));
    CHECK_STR(r->messages.v[0].sender_name, SV("森下 真由"));
    CHECK_INT(r->messages.v[0].at_us, INT64_C(1762998123001000));
    CHECK_STR(r->messages.v[1].text, SV("後\n[ファイル] 表.xlsx"));
    CHECK_STR(r->messages.v[2].sender_name, SV("さつき"));
    CHECK_STR(r->messages.v[2].root, r->messages.v[0].id);
    CHECK_INT(r->members.n, 2);
    CHECK_STR(in.rooms.v[1].name, SV("new"));
    CHECK_STR(in.rooms.v[1].messages.v[0].sender_name, SV("gone"));
    CHECK_STR(in.rooms.v[2].name, SV("森下 真由、さつき"));
    CHECK_INT(in.rooms.v[2].messages.n, 1);
    CHECK_INT(in.counts.messages, 5);
    CHECK_INT(in.counts.system_lines, 1);
    CHECK_INT(in.counts.files, 1);
    CHECK_INT(in.counts.reactions, 1);
    CHECK_INT(in.counts.edits, 1);
    CHECK_INT(in.counts.pins, 1);
    CHECK_INT(in.counts.unknown_lines, 3);
    CHECK_INT(in.counts.threads_flattened, 0);
    arena_free(&a);
}

#define POST(user, text, at)                                                                                                   \
    "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"ofuna\",\"user\":\"" user "\",\"message\":\"" text                  \
    "\",\"create_at\":" at "}}\n"

/* The same post in a later export, edited meanwhile, is the same; what differs in room, time or user is another. */
TEST(mattermost_identity)
{
    struct arena *a = arena_new(4096);
    struct chat_import first = read_file(a, HEAD POST("mayu", "七時です", "5") POST("satsuki", "はい", "5") POST("mayu", "八時です", "6"));
    struct chat_import later = read_file(a, HEAD POST("mayu", "七時半です", "5") POST("satsuki", "はい、", "5") POST("mayu", "七時です", "6"));

    for (size_t i = 0; i < 3; i++) {
        const struct chat_message *was = &first.rooms.v[0].messages.v[i], *now = &later.rooms.v[0].messages.v[i];
        CHECK_STR_AT(i, now->id, was->id);
        CHECK_INT_AT(i, now->at_us, was->at_us);
        CHECK_INT_AT(i, now->person, was->person);
        for (size_t k = 0; k < i; k++)
            CHECK_AT(i, !sv_equal(first.rooms.v[0].messages.v[k].id, was->id));
    }
    /* A program may say several things in one millisecond; what stands in the file twice is one. */
    struct chat_import many = read_file(a, HEAD POST("mayu", "一", "5") POST("mayu", "二", "5") POST("mayu", "一", "5") POST("mayu", "三", "5")
                                        POST("mayu", "二", "5"));
    CHECK_INT(many.rooms.v[0].messages.n, 3);
    CHECK_INT(many.counts.repeated, 2);
    CHECK_STR(many.rooms.v[0].messages.v[2].text, SV("三"));
    CHECK_STR(many.rooms.v[0].messages.v[0].id, first.rooms.v[0].messages.v[0].id);
    arena_free(&a);
}

TEST(mattermost_text)
{
    static const struct { const char *in, *out; } t[] = {
        {"**太字** と *斜体* ~~消す~~", "*太字* と *斜体* ~~消す~~"}, {"`a**b**` **c**", "`a**b**` *c*"},
        {"```\\n**x**\\n``` **y**", "```\n**x**\n``` *y*"}, {"`開いたまま\\n**z**", "`開いたまま\n*z*"}, {"**", "*"}, {"[a](https://b)", "[a](https://b)"},
    };
    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(4096);
        struct chat_import in = read_file(a, sv_cstr(a, sv_printf(a, HEAD
            "{\"type\":\"post\",\"post\":{\"team\":\"acme\",\"channel\":\"ofuna\",\"user\":\"mayu\",\"message\":\"%s\",\"create_at\":5}}", t[i].in)));
        if (CHECK_INT_AT(i, in.rooms.v[0].messages.n, 1))
            CHECK_STR_AT(i, in.rooms.v[0].messages.v[0].text, sv_c(t[i].out));
        arena_free(&a);
    }
}

TEST(mattermost_something_else)
{
    static const char *const t[] = {"", "\n", "{}", "7\n", "{\"type\":\"post\",\"post\":{}}", "[{\"type\":\"version\"}]"};

    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(4096);
        struct chat_import in;
        CHECK_AT(i, !mattermost_import_read(a, sv_c(t[i]), &in));
        arena_free(&a);
    }
}
