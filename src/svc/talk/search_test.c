/* svc/talk/search_test.c: what a member finds is what it could read in its rooms, and all of it, whether the index knows it
 * already or not; with and without sealed columns. */
#include "base/rand.h"
#include "base/utf8.h"
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_block.h"
#include "svc/talk/search_place.h"
#include "svc/talk/talk_fixture.h"
#include "svc/talk/talk_sql.h"

#include <stdio.h>
#include <string.h>

/* Until there is nothing to do; how many pieces it took. */
static int index_all(struct fixture *f)
{
    bool more = true;
    int pieces = 0;

    for (; more; pieces++) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        if (!CHECK(talk_search_index(&f->x, &more)) || !CHECK(fixture_commit(f)))
            break;
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_todo"), 0);
    return pieces;
}

static void tidy_pieces(struct fixture *f, uint64_t max)
{
    for (bool more = true; more && max > 0; max--) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        CHECK(talk_search_tidy(&f->x, &more) && fixture_commit(f));
    }
}

/* "3 1": the seqs of what is found; "-" for a refusal, "+" behind when there is more. */
static sv ask(struct fixture *f, id64 who, const struct talk_question *q)
{
    struct talk_hits hits = {0};
    struct str s = STR_IN(f->a);

    fixture_as(f, who);
    if (!talk_search(&f->x, q, &hits))
        return SV("-");
    CHECK(hits.complete);
    for (size_t i = 0; i < hits.n; i++)
        str_printf(&s, i ? " %" PRId64 : "%" PRId64, hits.v[i].message.seq);
    if (hits.more)
        str_c(&s, " +");
    return str_sv(&s);
}

static sv find(struct fixture *f, id64 who, const char *words)
{
    return ask(f, who, &(struct talk_question){.words = sv_c(words), .limit = 50});
}

TEST_BOTH(search_finds_words_however_they_are_written)
{
    static const char *const texts[] = {
        "来週の会議は火曜です", "ｶﾞﾑを買う", "ガムをかむ", "ＡＢＣ商事の見積", "abc 12345", "サーバーが落ちた", "議\n事 録", "Engawa and engine", "了解🙇",
    };
    static const struct { const char *words, *want; } t[] = {
        { "会", "1" }, { "会議", "1" }, { "の会議は", "1" }, { "会議 火曜", "1" }, { "会議 水曜", "" }, { "火曜 会議", "1" },
        { "がむ", "3 2" }, { "ガム", "3 2" }, { "ｶﾞﾑ", "3 2" }, { "かむ", "3" }, { "カム", "3" },
        { "ABC", "5 4" }, { "ａｂｃ", "5 4" }, { "abc商事", "4" }, { "123", "5" }, { "345", "" },
        { "サーバ", "6" }, { "ｻｰﾊﾞｰ", "6" }, { "サーバーが落", "6" },
        { "議事録", "" }, { "\"議 事 録\"", "7" }, { "「議　事」", "7" }, { "\"議事\"", "" }, { "議 録", "7" },
        { "e", "8" }, { "en", "8" }, { "engawa", "8" }, { "engaw", "8" }, { "gawa", "" }, { "\"engawa and\"", "8" }, { "\"and engawa\"", "" },
        { "🙇", "9" }, { "解🙇", "9" }, { "了解 。", "9" },
        { "、。", "-" }, { "", "-" }, { "\"\"", "-" }, { "　", "-" },
        { "a1 a2 a3 a4 a5 a6 a7 a8 a9 b1", "" }, { "a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2", "-" },
    };
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);

    PROVES("TLK-05");
    for (size_t i = 0; i < COUNT(texts); i++) {
        f->x.now_ms += 1000;
        say_words(f, a, room, sv_c(texts[i]));
    }
    for (int known = 0; known < 2; known++) {             /* before the index knows them, and after */
        for (size_t i = 0; i < COUNT(t); i++)
            CHECK_STR_AT(known * 1000 + (int)i, find(f, a, t[i].words), sv_c(t[i].want));
        CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), known ? COUNT(texts) : 0);
        if (!known)
            CHECK_INT(index_all(f), 1);
    }
}

TEST_BOTH(search_finds_in_own_rooms_and_what_could_be_read_there_alone)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), b = fixture_member(f, "b", ROLE_MEMBER), c = fixture_member(f, "c", ROLE_MEMBER);
    id64 both[] = {a, b}, room = room_new(f, both, 2), alone = room_new(f, &a, 1);

    PROVES("TLK-05");
    PROVES("B6.04");
    say_words(f, a, room, SV("合言葉は縁側"));
    say_words(f, a, alone, SV("合言葉は土間"));
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_join(&f->x, room, c));
    CHECK(fixture_commit(f));
    f->x.now_ms += 1000;
    say_words(f, b, room, SV("新しい合言葉"));
    for (int known = 0; known < 2; known++) {
        CHECK_STR(find(f, a, "合言葉"), SV("2 1 1"));
        CHECK_STR(find(f, b, "合言葉"), SV("2 1"));
        CHECK_STR(find(f, b, "土間"), SV(""));
        CHECK_STR(find(f, c, "合言葉"), SV("2"));         /* came later, without history */
        CHECK_STR(find(f, c, "縁側"), SV(""));
        CHECK_STR(ask(f, b, &(struct talk_question){.words = SV("合言葉"), .room = alone, .limit = 9}), SV("-"));
        CHECK_INT(f->x.failure.code, E_NOT_FOUND);
        CHECK_STR(ask(f, a, &(struct talk_question){.words = SV("合言葉"), .room = alone, .limit = 9}), SV("1"));
        CHECK_STR(ask(f, a, &(struct talk_question){.words = SV("合言葉"), .sender = b, .limit = 9}), SV("2"));
        CHECK_STR(ask(f, a, &(struct talk_question){.sender = b, .limit = 9}), SV("2"));
        CHECK_STR(ask(f, b, &(struct talk_question){.sender = a, .limit = 9}), SV("1"));
        CHECK_STR(ask(f, a, &(struct talk_question){.room = room, .limit = 9}), SV("2 1"));
        if (!known)
            index_all(f);
    }
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_leave(&f->x, room, b));
    CHECK(fixture_commit(f));
    CHECK_STR(find(f, b, "合言葉"), SV(""));              /* at once */
    CHECK_STR(find(f, a, "縁側"), SV("1"));
    CHECK(db_exec(f->d, "UPDATE room SET closed_ms = 1 WHERE id = $1", ID(room)));
    CHECK_STR(find(f, a, "合言葉"), SV("1"));
}

TEST_BOTH(search_follows_what_is_changed_taken_back_hidden_and_erased)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), b = fixture_member(f, "b", ROLE_MEMBER);
    id64 both[] = {a, b}, room = room_new(f, both, 2);
    id64 changed = say_words(f, a, room, SV("九時から会議")), back = say_words(f, a, room, SV("会議は中止"));
    id64 hidden = say_words(f, b, room, SV("会議室"));
    struct list none = {0};

    index_all(f);
    CHECK_STR(find(f, a, "会議"), SV("3 2 1"));
    fixture_as(f, a);
    fixture_begin(f);
    CHECK(talk_edit(&f->x, changed, SV("十時から打合せ"), none) && talk_take_back(&f->x, back) && talk_hide(&f->x, hidden));
    CHECK(fixture_commit(f));
    for (int known = 0; known < 2; known++) {
        CHECK_STR(find(f, a, "会議"), SV(""));
        CHECK_STR(find(f, b, "会議"), SV("3"));
        CHECK_STR(find(f, b, "打合せ"), SV("1"));
        CHECK_STR(find(f, b, "中止"), SV(""));
        CHECK_STR(find(f, b, "九時"), SV(""));
        if (!known)
            index_all(f);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), 2);
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_sql_room_erase(&f->x, room));
    CHECK(fixture_commit(f));
    CHECK_STR(find(f, b, "会議"), SV(""));
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM talk_search_docsize"), 0);
}

TEST_BOTH(search_marks_what_was_written)
{
    static const struct { const char *text, *words, *want; } t[] = {
        { "来週の会議と会議室", "会議", "3+2 6+2" },
        { "ｶﾞﾑとガム", "がむ", "0+3 4+2" },
        { "ＡＢＣ abc", "abc", "0+3 4+3" },
        { "会議室", "会議 議室", "0+3" },
        { "議　\n事", "\"議 事\"", "0+4" },
        { "🙇会議", "会", "1+1" },
        { "ああああ", "ああ", "0+4" },
    };
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct talk_question q = {.words = sv_c(t[i].words), .limit = 1};
        struct talk_hits hits = {0};
        struct str s = STR_IN(f->a);

        f->x.now_ms += 1000;
        say_words(f, a, room, sv_c(t[i].text));
        fixture_as(f, a);
        if (!CHECK_AT(i, talk_search(&f->x, &q, &hits)) || !CHECK_INT_AT(i, hits.n, 1))
            continue;
        CHECK_STR_AT(i, hits.v[0].message.text, sv_c(t[i].text));
        for (size_t k = 0; k < hits.v[0].n; k++)
            str_printf(&s, k ? " %" PRId64 "+%" PRId64 : "%" PRId64 "+%" PRId64, hits.v[0].marks[k].at, hits.v[0].marks[k].length);
        CHECK_STR_AT(i, str_sv(&s), sv_c(t[i].want));
    }
}

/* Page after page, the seqs of all of them. */
static sv pages(struct fixture *f, id64 who, struct talk_question q, int *count)
{
    struct str s = STR_IN(f->a);
    struct talk_hits hits;

    *count = 0;
    do {
        hits = (struct talk_hits){0};
        fixture_as(f, who);
        if (!CHECK(talk_search(&f->x, &q, &hits)) || !CHECK(hits.n <= q.limit))
            break;
        for (size_t i = 0; i < hits.n; i++)
            str_printf(&s, s.n ? " %" PRId64 : "%" PRId64, hits.v[i].message.seq);
        q.before = hits.last;
    } while (++*count < 100 && hits.more);
    return str_sv(&s);
}

TEST_BOTH(search_pages_through_equal_times_and_days)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);
    int64_t begin = f->x.now_ms;
    int count;

    for (int i = 0; i < 20; i++) {                        /* five at a time */
        f->x.now_ms = begin + i / 5 * 60000;
        say_words(f, a, room, SV("同じ時刻"));
    }
    for (int known = 0; known < 2; known++) {
        CHECK_STR(pages(f, a, (struct talk_question){.words = SV("時刻"), .limit = 3}, &count),
                  SV("20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"));
        CHECK_INT(count, 7);
        CHECK_STR(pages(f, a, (struct talk_question){.words = SV("時"), .limit = 5, .from_ms = begin + 60000, .to_ms = begin + 180000}, &count),
                  SV("15 14 13 12 11 10 9 8 7 6"));
        CHECK_INT(count, 2);
        CHECK_STR(find(f, a, "同じ"), SV("20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"));
        if (!known)
            index_all(f);
    }
}

/* Old talk that comes late; more of it in a second than has a number there: the next seconds take it, and it is found and
 * forgotten as any other. */
TEST(search_takes_many_old_messages_of_one_moment)
{
    struct fixture *f = fixture_new(false);
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);
    size_t n = SEARCH_COUNTS + 300;
    id64 last = ID_NONE;

    say_words(f, a, room_new(f, &a, 1), SV("今の一言"));
    index_all(f);
    fixture_as(f, a);
    fixture_begin(f);
    for (size_t i = 0; i < n; i++) {
        struct message m = {.room = room, .text = i == 0 ? SV("最初の一言") : SV("一言"), .author_name = SV(""), .author = a,
                            .kind = MESSAGE_TEXT, .sent_ms = FIXTURE_NOW - 60000};
        bool repeat;
        memcpy(m.key, &i, sizeof(i));
        if (!CHECK(talk_import(&f->x, &m, &repeat)))
            break;
        last = talk_message_id(room, m.seq);
    }
    CHECK(fixture_commit(f));
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place WHERE n >= $1", INT(SEARCH_LATE)), n);
    CHECK_INT(FIXTURE_INT(f, "SELECT MAX(n) - MIN(n) FROM search_place WHERE n >= $1", INT(SEARCH_LATE)), n - 1);
    CHECK_STR(find(f, a, "最初"), SV("1"));
    CHECK_STR(ask(f, a, &(struct talk_question){.words = SV("一言"), .limit = 3}), SV("1 1324 1323 +"));
    fixture_as(f, a);
    fixture_begin(f);
    CHECK(talk_edit(&f->x, last, SV("改めて"), (struct list){0}));
    CHECK(fixture_commit(f));
    index_all(f);
    CHECK_STR(ask(f, a, &(struct talk_question){.words = SV("一言"), .limit = 3}), SV("1 1323 1322 +"));
    CHECK_STR(find(f, a, "改め"), SV("1324"));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), n + 1);
    fixture_free(&f);
}

/* A piece that is rolled back leaves all to be done; a restart goes on; another version begins anew. */
TEST_BOTH(search_index_stands_or_falls_with_what_it_did)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), room = room_new(f, &a, 1);
    bool more;

    for (int i = 0; i < 300; i++)
        say_words(f, a, room, sv_printf(f->a, "%d番目の話", i));
    fixture_begin(f);
    CHECK(talk_search_index(&f->x, &more) && more);
    fixture_rollback(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_todo"), 300);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), 0);
    fixture_begin(f);
    CHECK(talk_search_index(&f->x, &more) && more);
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_todo"), 44);
    fixture_restart(f);
    CHECK_STR(find(f, a, "299番目"), SV("300"));
    CHECK_STR(find(f, a, "100番目"), SV("101"));
    CHECK_INT(index_all(f), 1);
    CHECK_STR(find(f, a, "299番目"), SV("300"));
    CHECK(db_exec(f->d, "UPDATE search_format SET version = 0"));
    CHECK_INT(index_all(f), 5);                           /* cleared, all to be done, no more of that, two of messages */
    CHECK_INT(FIXTURE_INT(f, "SELECT version FROM search_format"), SEARCH_VERSION);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), 300);
    CHECK_STR(find(f, a, "299番目"), SV("300"));
}

/* ---- against a model that looks through everything ---- */

struct said {
    id64 id, author;
    int64_t sent_ms;
    sv text;
    bool gone, hidden[4];
};
struct model {
    struct fixture *f;
    id64 people[4], rooms[14];
    int64_t first[14][4];                                 /* 0: not in the room */
    struct { struct said *v; size_t n, cap; } said;
    uint64_t state;
    int64_t sent_ms;                                      /* of what was imported just now; 0: it was said */
};

static uint64_t next(struct model *m, uint64_t n)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (m->state >> 33) % n;
}

static sv words_random(struct model *m, size_t max)
{
    static const char *const pieces[] = {"会", "議", "事", "か", "が", "ｶﾞ", "ア", "あ", "a", "Ab", "１", "2", " ", "、", "ー"};
    struct str s = STR_IN(m->f->a);

    for (size_t n = 1 + next(m, max); n > 0; n--)
        str_c(&s, pieces[next(m, COUNT(pieces))]);
    return str_sv(&s);
}

/* Of seconds and hours ago. */
static id64 import(struct model *m, size_t r, size_t p, sv text)
{
    static int keys;
    struct fixture *f = m->f;
    struct message one = {.room = m->rooms[r], .author = m->people[p], .author_name = SV(""), .kind = MESSAGE_TEXT, .text = text};
    bool repeat;

    m->sent_ms = one.sent_ms = f->x.now_ms - (int64_t)(next(m, 2) ? next(m, 20000) : 3600000 * next(m, 100));
    memset(one.key, 0x71, sizeof(one.key));
    memcpy(one.key, &keys, sizeof(keys));
    keys++;
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_import(&f->x, &one, &repeat) && !repeat);
    CHECK(fixture_commit(f));
    return talk_message_id(one.room, one.seq);
}

static void model_change(struct model *m)
{
    struct fixture *f = m->f;
    size_t r = next(m, COUNT(m->rooms)), p = next(m, 4), k = m->said.n ? next(m, m->said.n) : 0;
    uint64_t what = next(m, 10);

    f->x.now_ms += (int64_t)(next(m, 20) ? next(m, 3) : next(m, 9000));
    if (what < 6 && m->first[r][p]) {
        sv text = words_random(m, 10);
        if (sv_trim(text).n == 0)
            return;
        id64 id = next(m, 4) ? say_words(f, m->people[p], m->rooms[r], text) : import(m, r, p, text);
        *PUSH(f->a, &m->said) = (struct said){.id = id, .author = m->people[p], .sent_ms = m->sent_ms ? m->sent_ms : f->x.now_ms, .text = text};
        m->sent_ms = 0;
        return;
    }
    fixture_as(f, m->people[p]);
    fixture_begin(f);
    bool ok = true;
    if (what == 6 && m->said.n && !m->said.v[k].gone && m->said.v[k].author.n == m->people[p].n) {
        sv text = words_random(m, 10);
        ok = talk_edit(&f->x, m->said.v[k].id, text, (struct list){0});
        if (ok)
            m->said.v[k].text = text;
    } else if (what == 7 && m->said.n && !m->said.v[k].gone && m->said.v[k].author.n == m->people[p].n) {
        ok = talk_take_back(&f->x, m->said.v[k].id);
        m->said.v[k].gone |= ok;
    } else if (what == 8 && m->said.n) {
        ok = talk_hide(&f->x, m->said.v[k].id);
        m->said.v[k].hidden[p] |= ok;
    } else if (what == 9) {
        int64_t seq;
        fixture_as(f, ID_NONE);
        ok = m->first[r][p] ? talk_room_leave(&f->x, m->rooms[r], m->people[p])
                            : talk_next_seq(&f->x, m->rooms[r], &seq) && talk_room_join(&f->x, m->rooms[r], m->people[p]);
        if (ok)
            m->first[r][p] = m->first[r][p] ? 0 : seq;
    }
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
}

static bool model_sees(const struct model *m, const struct said *s, size_t p)
{
    for (size_t r = 0; r < COUNT(m->rooms); r++)
        if (m->rooms[r].n == talk_room_of(s->id).n)
            return m->first[r][p] && talk_seq_of(s->id) >= m->first[r][p] && !s->gone && !s->hidden[p];
    return false;
}

static sv model_finds(struct model *m, size_t p, sv word, size_t limit)
{
    struct folded w = fold_places(m->f->a, word);
    struct str s = STR_IN(m->f->a);
    bool *taken = ANEWN(m->f->a, bool, m->said.n + 1);

    for (size_t n = 0;; n++) {
        const struct said *best = NULL;
        for (size_t i = 0; i < m->said.n; i++) {
            const struct said *one = &m->said.v[i];
            struct folded t;
            size_t at;
            if (taken[i] || !model_sees(m, one, p) ||
                (best && (one->sent_ms != best->sent_ms ? one->sent_ms < best->sent_ms : one->id.n < best->id.n)))
                continue;
            t = fold_places(m->f->a, one->text);
            if (search_match(&t, &w, 0, &at))
                best = one;
        }
        if (!best)
            return str_sv(&s);
        if (n == limit) {
            str_c(&s, " +");
            return str_sv(&s);
        }
        taken[best - m->said.v] = true;
        str_printf(&s, s.n ? " %" PRId64 : "%" PRId64, talk_seq_of(best->id));
    }
}

/* What is known of the rooms of numbers narrows down and decides nothing: all of it, too little, nothing. */
static bool blocks_left(struct fixture *f, size_t much)
{
    static const char zeros[2 * SEARCH_BLOCK];

    return much == 0 ? true :
           much == 1 ? db_exec(f->d, "UPDATE search_block SET rooms = $1 WHERE id = 0", BLOB(sv_n(zeros, sizeof(zeros)))) :
           much == 2 ? db_exec(f->d, "UPDATE search_block SET rooms = $1", BLOB(sv_n(zeros, 3))) :
                       db_exec(f->d, "DELETE FROM search_block");
}

TEST_BOTH(search_passes_over_other_rooms_and_nothing_else)
{
    enum { SAID = 700 };                                  /* more than a block, and than two pieces of the writer's work */
    id64 a = fixture_member(f, "a", ROLE_MEMBER), b = fixture_member(f, "b", ROLE_MEMBER);
    id64 rooms[] = {room_new(f, &a, 1), room_new(f, &b, 1)};
    struct str want[2] = {STR_IN(f->a), STR_IN(f->a)};

    for (int i = SAID; i > 0; i--) {
        f->x.now_ms += 1000;
        say_words(f, i % 3 ? a : b, rooms[i % 3 == 0], SV("同じ言葉"));
    }
    for (int who = 0; who < 2; who++)
        for (int seq = who ? SAID / 3 : SAID - SAID / 3; seq > 0; seq--)
            str_printf(&want[who], want[who].n ? " %d" : "%d", seq);
    index_all(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_block"), SAID / SEARCH_BLOCK + 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT SUM(LENGTH(rooms)) FROM search_block"), 2 * (SAID + 1));    /* numbers count from 1 */
    for (size_t i = 0; i < 4; i++) {
        CHECK(blocks_left(f, i));
        for (int who = 0; who < 2; who++)
            CHECK_STR_AT(i, ask(f, who ? b : a, &(struct talk_question){.words = SV("言葉"), .limit = SAID}), str_sv(&want[who]));
    }
}

/* With parts of 64 numbers, `packed`, most of what is found stands in lists. */
static void look_through_everything(struct fixture *f, bool packed)
{
    uint64_t seed = rand_u64();
    struct model m = {.f = f, .state = seed};
    int wrong = 0, found = 0;
    bool more;

    PROVES("TLK-05");
    if (packed)
        CHECK(db_exec(f->d, "UPDATE search_pack SET part = 64 WHERE id = 1"));
    for (size_t p = 0; p < 4; p++)
        m.people[p] = fixture_member(f, (const char *[]){"a", "b", "c", "d"}[p], ROLE_MEMBER);
    for (size_t r = 0; r < COUNT(m.rooms); r++) {
        id64 in[4];
        size_t n = 0;
        for (size_t p = 0; p < 4; p++)
            if (p == 0 || next(&m, 3)) {
                in[n++] = m.people[p];
                m.first[r][p] = 1;
            }
        m.rooms[r] = room_new(f, in, n);
    }
    for (int round = 0; round < 1200 && wrong < 3; round++) {
        model_change(&m);
        if (packed && next(&m, 40) == 0) {
            index_all(f);
            tidy_pieces(f, next(&m, 4));
        } else if (next(&m, 40) == 0) {
            fixture_as(f, ID_NONE);
            fixture_begin(f);
            CHECK(talk_search_index(&f->x, &more));
            CHECK(fixture_commit(f));
        }
        if (round % 3)
            continue;
        size_t p = next(&m, 4);
        sv bare = sv_trim(words_random(&m, 3)), word = sv_printf(f->a, "\"%.*s\"", SV_ARG(bare));
        struct talk_question q = {.words = word, .limit = 5};
        sv got = ask(f, m.people[p], &q);
        if (sv_equal(got, SV("-")))
            continue;                                     /* marks alone */
        sv want = model_finds(&m, p, bare, 5);
        found += want.n > 0;
        if (!CHECK_STR(got, want)) {
            printf("seed %" PRIu64 ", round %d: \"%.*s\"\n", seed, round, SV_ARG(bare));
            wrong++;
        }
    }
    CHECK(found > 50);
    CHECK_INT(FIXTURE_INT(f, "SELECT packed FROM search_pack") > 2, packed);
}

TEST(search_finds_what_a_look_through_everything_finds)
{
    struct fixture *f = fixture_new(false);

    look_through_everything(f, false);
    fixture_free(&f);
}

TEST(search_finds_in_packed_parts_what_a_look_through_everything_finds)
{
    struct fixture *f = fixture_new(false);

    look_through_everything(f, true);
    fixture_free(&f);
}
