/* svc/talk/search_pack_test.c: what is packed is found as before, whatever happens between two pieces, and leaves the store when
 * it is taken back. Parts are of 64 numbers here: how many they are is written in the store. */
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_pack.h"
#include "svc/talk/talk_fixture.h"
#include "svc/talk/talk_sql.h"

#include <string.h>

static id64 say_later(struct fixture *f, id64 who, id64 room, sv text)
{
    f->x.now_ms += 1000;
    return say_words(f, who, room, text);
}

static bool small_parts(struct fixture *f)
{
    return CHECK(db_exec(f->d, "UPDATE search_pack SET part = 64 WHERE id = 1"));
}

/* One piece; whether there is another. */
static bool piece(struct fixture *f, bool keep)
{
    bool more = false;

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_search_index(&f->x, &more));
    if (keep)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return more;
}

static void index_all(struct fixture *f)
{
    while (piece(f, true))
        ;
}

static int tidy_all(struct fixture *f)
{
    int pieces = 0;

    for (bool more = true; more && pieces < 1000; pieces++) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        if (!CHECK(talk_search_tidy(&f->x, &more)) || !CHECK(fixture_commit(f)))
            break;
    }
    return pieces;
}

static sv found(struct fixture *f, id64 who, struct talk_question q)
{
    struct talk_hits hits = {0};
    struct str s = STR_IN(f->a);

    fixture_as(f, who);
    if (!CHECK(talk_search(&f->x, &q, &hits)))
        return SV("-");
    for (size_t i = 0; i < hits.n; i++)
        str_printf(&s, i ? " %" PRId64 : "%" PRId64, hits.v[i].message.seq);
    return str_sv(&s);
}

static sv find(struct fixture *f, id64 who, const char *words)
{
    return found(f, who, (struct talk_question){.words = sv_c(words), .limit = 500});
}

static sv down(struct fixture *f, int from, int to)
{
    struct str s = STR_IN(f->a);

    for (int i = from; i >= to; i--)
        str_printf(&s, i == from ? "%d" : " %d", i);
    return str_sv(&s);
}

TEST_BOTH(search_finds_what_is_packed_after_every_piece)
{
    enum { SAID = 70 };
    id64 a = fixture_member(f, "a", ROLE_MEMBER), b = fixture_member(f, "b", ROLE_MEMBER);
    id64 mine = room_new(f, &a, 1), other = room_new(f, &b, 1);
    bool more = true;
    int pieces = 0;

    REQUIRE(small_parts(f));
    for (int i = 1; i <= SAID; i++) {
        say_later(f, a, mine, sv_printf(f->a, "%d番目のconfiguration", i));
        say_later(f, b, other, SV("番目のconfiguration"));
    }
    for (; more && pieces < 500; pieces++) {
        piece(f, false);                                  /* comes to nothing, and is done again */
        more = piece(f, true);
        if (pieces % 9 == 0)
            fixture_restart(f);
        if (pieces % 3 == 0 && (!CHECK_STR_AT(pieces, find(f, a, "番目のc"), down(f, SAID, 1)) ||
                                !CHECK_STR_AT(pieces, find(f, b, "目の"), down(f, SAID, 1))))
            break;
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT packed FROM search_pack"), 2 * SAID / 64);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM talk_search_docsize"), 2 * SAID + 1 - 2 * SAID / 64 * 64);
    CHECK_STR(find(f, a, "7番目"), SV("7"));
    CHECK_STR(find(f, a, "configur"), down(f, SAID, 1));
    CHECK_STR(find(f, a, "configure"), SV(""));
    CHECK_STR(find(f, a, "目番"), SV(""));
    CHECK_STR(found(f, a, (struct talk_question){.sender = a, .limit = 500}), down(f, SAID, 1));
    CHECK_STR(found(f, a, (struct talk_question){.sender = b, .limit = 500}), SV(""));
    CHECK_STR(found(f, a, (struct talk_question){.words = SV("番目"), .room = mine, .limit = 3}), down(f, SAID, SAID - 2));
}

/* What is taken back is in no list any more after the night; what is changed is found as it is now. */
TEST_BOTH(search_packed_and_taken_back_leaves_the_store)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1), ids[140];

    REQUIRE(small_parts(f));
    for (int i = 0; i < 140; i++)
        ids[i] = say_later(f, a, room, i == 9 || i == 10 ? SV("秘密の話") : SV("普通の話"));
    index_all(f);
    int64_t lists = FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list");
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list WHERE id = $1", INT(search_list_id(0, search_key(SV("秘密"))))), 1);
    CHECK_STR(find(f, a, "秘密"), SV("11 10"));
    fixture_as(f, a);
    fixture_begin(f);
    CHECK(talk_take_back(&f->x, ids[9]) && talk_edit(&f->x, ids[10], SV("公開の話"), (struct list){0}));
    CHECK(fixture_commit(f));
    for (int round = 0; round < 3; round++) {
        CHECK_STR_AT(round, find(f, a, "秘密"), SV(""));
        CHECK_STR_AT(round, find(f, a, "公開"), SV("11"));
        CHECK_INT_AT(round, FIXTURE_INT(f, "SELECT COUNT(*) FROM search_hole"), round == 1 ? 2 : 0);
        if (round == 0)
            index_all(f);
        else if (round == 1)
            CHECK(tidy_all(f) > 1);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT removed FROM search_format"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list WHERE id = $1", INT(search_list_id(0, search_key(SV("秘密"))))), 0);
    CHECK(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list") < lists);
    struct search_set s;
    memset(&s, 0, sizeof(s));
    {
        ROWS r = db_query(f->d, "SELECT list FROM search_list WHERE id = $1", INT(search_list_id(0, search_key(SV("の")))));
        if (CHECK(rows_next(&r)))
            CHECK(search_list_read(row_blob(&r, 0), &s));
    }
    CHECK(search_set_has(&s, 9) && !search_set_has(&s, 10) && !search_set_has(&s, 11) && search_set_has(&s, 12));
    CHECK_STR(find(f, a, "の話"), sv_printf(f->a, "%.*s %.*s", SV_ARG(down(f, 140, 11)), SV_ARG(down(f, 9, 1))));
}

/* A number that was packed is not given again, though everything behind it is gone. */
TEST(search_gives_no_packed_number_again)
{
    struct fixture *f = fixture_new(false);
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1), ids[70];

    REQUIRE(small_parts(f));
    for (int i = 0; i < 70; i++)
        ids[i] = say_later(f, a, room, SV("会議"));
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT packed FROM search_pack"), 1);
    fixture_as(f, a);
    fixture_begin(f);
    for (int i = 60; i < 70; i++)
        CHECK(talk_take_back(&f->x, ids[i]));
    CHECK(fixture_commit(f));
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT MAX(n) FROM search_place"), 60);
    say_later(f, a, room, SV("別の会議"));
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT MAX(n) FROM search_place"), 64);
    CHECK_STR(find(f, a, "別の"), SV("71"));
    tidy_all(f);
    CHECK_STR(find(f, a, "会議"), sv_printf(f->a, "71 %.*s", SV_ARG(down(f, 60, 1))));
    fixture_free(&f);
}

TEST(search_says_when_a_list_is_damaged)
{
    struct fixture *f = fixture_new(false);
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);
    struct talk_hits hits = {0};

    REQUIRE(small_parts(f));
    for (int i = 0; i < 70; i++)
        say_later(f, a, room, SV("会議"));
    index_all(f);
    CHECK(db_exec(f->d, "UPDATE search_list SET list = $1", BLOB(SV("g\x80"))));
    fixture_as(f, a);
    CHECK(!talk_search(&f->x, &(struct talk_question){.words = SV("会議"), .limit = 500}, &hits));
    CHECK_INT(f->x.failure.code, E_INTERNAL);
    fixture_call(f);
    CHECK(db_exec(f->d, "UPDATE search_pack SET part = 100"));
    fixture_as(f, a);
    CHECK(!talk_search(&f->x, &(struct talk_question){.words = SV("会議"), .limit = 500}, &hits));
    fixture_free(&f);
}
