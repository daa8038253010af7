/* svc/talk/talk_check_test.c: what agrees is left in peace, whatever happens to a talk; what does not agree is named. */
#include "svc/talk/talk_check.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/talk_fixture.h"

static void index_all(struct fixture *f)
{
    for (bool more = true; more;) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        if (!CHECK(talk_search_index(&f->x, &more)) || !CHECK(fixture_commit(f)))
            return;
    }
}

static sv counts(struct fixture *f)
{
    struct talk_faults out = { 0 };

    fixture_as(f, ID_NONE);
    CHECK(talk_check_counts(&f->x, 5, &out));
    CHECK(out.n <= 1);
    return out.n ? out.v[0] : SV("");
}

static sv search(struct fixture *f, int64_t sample, int64_t want)
{
    struct talk_faults out = { 0 };
    int64_t looked = -1;

    fixture_as(f, ID_NONE);
    CHECK(talk_check_search(&f->x, sample, 5, &out, &looked));
    CHECK_INT(looked, want);
    CHECK(out.n <= 1);
    return out.n ? out.v[0] : SV("");
}

/* A thread, one taken back, one in which nothing can be looked for; words of each kind. */
static struct house filled(struct fixture *f)
{
    static const char *const texts[] = { "縁側の朝です", "Engawa is a veranda", "「引用」と、続き", "!? ♪", "サーバー3台", "a b c d ef" };
    struct house h = house_new(f);

    for (int i = 0; i < 6; i++)
        say(f, h.a, h.room, i + 1, texts[i]);
    for (int i = 0; i < 3; i++) {
        struct message m = message(h.room, 50 + i, "返事です");
        bool repeat;
        m.thread = 1;
        CHECK_INT(post(f, h.b, &m, &repeat), E_NONE);
    }
    return h;
}

TEST_BOTH(talk_check_leaves_in_peace_what_agrees)
{
    struct house h = filled(f);

    CHECK_STR(counts(f), SV(""));
    CHECK_STR(search(f, 0, 8), SV(""));                   /* the index has not come to any of them */
    index_all(f);
    CHECK_STR(search(f, 0, 8), SV(""));
    CHECK_STR(search(f, 1000, 8), SV(""));
    fixture_as(f, h.b);
    fixture_begin(f);
    CHECK(talk_take_back(&f->x, talk_message_id(h.room, 8)) && fixture_commit(f));
    CHECK_INT(join(f, h.room, h.out), E_NONE);
    CHECK_STR(counts(f), SV(""));
    CHECK_STR(search(f, 0, 7), SV(""));
}

TEST_BOTH(talk_check_names_what_does_not_agree)
{
    struct house h = filled(f);
    struct sv_pair { const char *found; sv want; } t[] = {
        { "members", sv_printf(f->a, "members of room %" PRId64 ": it says 3, there are 2", h.room.n) },
        { "replies", sv_printf(f->a, "replies to message %" PRId64 ": it says 2, there are 3", talk_message_id(h.room, 1).n) },
        { "reaction", SV("reactions to message 77: it says 1, there are 0") },
        { "room", SV("a room of messages: 5: it says 1, there are 0") },
    };

    index_all(f);
    CHECK(db_exec(f->d, "UPDATE room SET members = 3 WHERE id = $1", ID(h.room)));
    CHECK_STR(counts(f), t[0].want);
    CHECK(db_exec(f->d, "UPDATE room SET members = 2 WHERE id = $1", ID(h.room)));
    CHECK(db_exec(f->d, "UPDATE message SET replies = 2 WHERE id = $1", ID(talk_message_id(h.room, 1))));
    CHECK_STR(counts(f), t[1].want);
    CHECK(db_exec(f->d, "UPDATE message SET replies = 3 WHERE id = $1", ID(talk_message_id(h.room, 1))));
    CHECK(db_exec(f->d, "INSERT INTO reaction (message, member, mark, made_ms) VALUES (77, 1, 'x', 1)"));
    CHECK_STR(counts(f), t[2].want);
    CHECK(db_exec(f->d, "DELETE FROM reaction WHERE message = 77"));
    CHECK(db_exec(f->d, "UPDATE message SET id = (5 << 32) + 6 WHERE id = $1", ID(talk_message_id(h.room, 6))));
    CHECK_STR(counts(f), t[3].want);
    CHECK(db_exec(f->d, "UPDATE message SET id = $1 WHERE id = (5 << 32) + 6", ID(talk_message_id(h.room, 6))));
    CHECK_STR(counts(f), SV(""));
    /* A message that the index lost, and one that it has under another's number. */
    CHECK(db_exec(f->d, "DELETE FROM search_place WHERE message = $1", ID(talk_message_id(h.room, 5))));
    CHECK_STR(search(f, 0, 8), sv_printf(f->a, "message 5 of room %" PRId64 " is not found by its own word", h.room.n));
}
