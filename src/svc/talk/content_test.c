/* svc/talk/content_test.c: what a message holds beside its text, with and without sealed columns. */
#include "svc/talk/talk_fixture.h"

static struct message of_kind(id64 room, int key, enum message_kind kind)
{
    struct message m = message(room, key, "");

    m.kind = kind;
    return m;
}

TEST_BOTH(talk_each_kind_has_what_it_is_made_of_and_nothing_else)
{
    struct house h = house_new(f);
    const struct talk_choice choices[] = { {SV("早番")}, {SV("遅番")} };
    const struct talk_poll poll = { .choices = { choices, 2 } };
    const struct talk_location place = { .latitude = 35319000, .longitude = 139546000, .label = SV("鎌倉店") };
    struct message m, again;
    bool repeat;

    m = of_kind(h.room, 1, MESSAGE_STAMP);
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    m.content.stamp = SV("no such stamp");
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    m.content.stamp = SV("ryokai");
    CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
    m = of_kind(h.room, 2, MESSAGE_POLL);
    m.content.poll.v = &poll;
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    m.text = SV("土曜はどちらですか");
    CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
    again = m;
    CHECK_INT(post(f, h.a, &again, &repeat), E_NONE);
    CHECK(repeat);
    const struct talk_poll *kept = again.content.poll.v;
    CHECK(kept && kept->choices.n == 2);
    m.content.poll.v = &(struct talk_poll){ .choices = { choices, 2 }, .many = true };
    CHECK_INT(post(f, h.a, &m, &repeat), E_KEY_REUSED);
    m = of_kind(h.room, 3, MESSAGE_LOCATION);
    m.content.location.v = &place;
    m.content.stamp = SV("ryokai");
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    m.content.stamp = SV_NONE;
    CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
}

TEST_BOTH(talk_a_reply_and_a_thread_need_a_message_that_the_author_sees)
{
    struct house h = house_new(f);
    struct message m, root;
    int64_t first = say(f, h.a, h.room, 1, "最初");
    bool repeat;

    CHECK_INT(join(f, h.room, h.out), E_NONE);           /* without the history */
    m = message(h.room, 2, "返事");
    m.reply = first;
    CHECK_INT(post(f, h.out, &m, &repeat), E_NOT_FOUND);
    CHECK_INT(post(f, h.b, &m, &repeat), E_NONE);
    m = message(h.room, 3, "続き");
    m.thread = first;
    CHECK_INT(post(f, h.out, &m, &repeat), E_NOT_FOUND);
    CHECK_INT(post(f, h.b, &m, &repeat), E_NONE);
    int64_t under = m.seq;
    m = message(h.room, 4, "もっと続き");
    m.thread = under;
    CHECK_INT(post(f, h.b, &m, &repeat), E_INVALID_VALUE);
    fixture_as(f, h.a);
    CHECK(talk_message(&f->x, h.room, first, &root));
    CHECK_INT(root.replies, 1);
}

TEST_BOTH(talk_a_mention_names_a_member_of_the_room_by_words_of_the_text)
{
    struct house h = house_new(f);
    struct talk_mention who = { .kind = SV("member"), .id = h.b, .at = 0, .length = 2 };
    struct message m = message(h.room, 1, "@b 明日");
    bool repeat;

    m.content.mentions = (struct list){ &who, 1 };
    who.length = 6;
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    who.length = 2;
    who.id = h.out;
    CHECK_INT(post(f, h.a, &m, &repeat), E_INVALID_VALUE);
    who.id = h.b;
    CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
    fixture_as(f, h.a);
    CHECK(talk_message(&f->x, h.room, m.seq, &m));
    const struct talk_mention *kept = m.content.mentions.v;
    CHECK(m.content.mentions.n == 1 && kept->id.n == h.b.n && kept->length == 2);
}
