/* svc/talk/talk_test.c: rooms, messages and sync, with and without sealed columns: the same key is the same message, seqs
 * have no gap, a member reads from where it joined, and who is no member learns nothing. */
#include "svc/talk/talk_fixture.h"

#include <string.h>

static enum err leave(struct fixture *f, id64 room, id64 member)
{
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    bool ok = talk_room_leave(&f->x, room, member);
    enum err code = f->x.failure.code;
    CHECK_INT(ok, code == E_NONE);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

/* "5 4 3" (+ when there are more), or "-" for a refusal. */
static sv history(struct fixture *f, id64 who, id64 room, int64_t before, int64_t limit)
{
    struct messages v = { 0 };
    struct str s = STR_IN(f->a);
    bool more = false;

    fixture_as(f, who);
    if (!talk_history(&f->x, room, before, limit, &v, &more)) {
        CHECK_INT(f->x.failure.code, E_NOT_FOUND);
        CHECK_INT(v.n, 0);
        return SV("-");
    }
    for (size_t i = 0; i < v.n; i++)
        str_printf(&s, i ? " %" PRId64 : "%" PRId64, v.v[i].seq);
    if (more)
        str_c(&s, " +");
    return str_sv(&s);
}

TEST_BOTH(talk_keys)
{
    static const struct { const char *text; bool ok; } t[] = {
        { "01938f5e-0000-7000-8000-00000000abcd", true }, { "01938F5E-0000-7000-8000-00000000ABCD", true },
        { "ffffffff-ffff-7fff-ffff-ffffffffffff", true },
        { "01938f5e-0000-4000-8000-00000000abcd", false }, { "01938f5e-0000-7000-8000-00000000abc", false },
        { "01938f5e-0000-7000-8000-00000000abcde", false }, { "01938f5e00000-7000-8000-00000000abcd", false },
        { "01938f5e-0000-7000-8000-00000000abcg", false }, { "", false }, { "{1938f5e-0000-7000-8000-00000000abcd", false },
        { "01938f5e-0000-7000-8000_00000000abcd", false },
    };
    unsigned char key[TALK_KEY_BYTES], again[TALK_KEY_BYTES];

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, talk_key_read(sv_c(t[i].text), key), t[i].ok);
        if (!t[i].ok)
            continue;
        sv text = talk_key_text(f->a, key);
        CHECK_AT(i, sv_equal_nocase(text, sv_c(t[i].text)));
        CHECK_AT(i, talk_key_read(text, again) && memcmp(key, again, sizeof(key)) == 0);
    }
}

TEST_BOTH(talk_post_and_read)
{
    struct house h = house_new(f);
    struct messages v = { 0 };
    bool more;

    CHECK_INT(say(f, h.a, h.room, 1, "おはよう\n縁側"), 1);
    f->x.now_ms += 5;
    CHECK_INT(say(f, h.b, h.room, 2, "はい"), 2);
    fixture_as(f, h.b);
    REQUIRE(talk_history(&f->x, h.room, 0, 50, &v, &more) && v.n == 2);
    CHECK(!more);
    CHECK_INT(v.v[1].seq, 1);
    CHECK_INT(v.v[1].author.n, h.a.n);
    CHECK_INT(v.v[1].room.n, h.room.n);
    CHECK_INT(v.v[1].sent_ms, FIXTURE_NOW);
    CHECK_INT(v.v[1].kind, MESSAGE_TEXT);
    CHECK_STR(v.v[1].text, SV("おはよう\n縁側"));
    CHECK_STR(v.v[1].author_name, SV(""));
    CHECK_INT(v.v[1].key[1], 1);
    CHECK_INT(v.v[0].sent_ms, FIXTURE_NOW + 5);
    CHECK_INT(talk_message_id(h.room, 2).n, h.room.n << 32 | 2);
    ROWS r = db_query(f->d, "SELECT text FROM message WHERE id = $1", ID(talk_message_id(h.room, 1)));
    REQUIRE(rows_next(&r));
    CHECK_INT(sv_find(row_blob(&r, 0), SV("縁側"), NULL), !f->sealed);
}

/* The same key of one author is the same message, after a restart too; another content under it is refused. */
TEST_BOTH(talk_same_key_is_the_same_message)
{
    struct house h = house_new(f);
    struct message m = message(h.room, 1, "一"), other;
    const id64 ids[] = { h.a };
    id64 second;
    bool repeat;

    PROVES("TLK-02");
    CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
    CHECK(!repeat);
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("別"), ids, 1, &second));
    CHECK(fixture_commit(f));
    for (int restart = 0; restart < 2; restart++) {
        f->x.now_ms += 60000;
        m = message(h.room, 1, "一");
        CHECK_INT(post(f, h.a, &m, &repeat), E_NONE);
        CHECK(repeat);
        CHECK_INT(m.seq, 1);                              /* each answer names the first */
        CHECK_INT(m.sent_ms, FIXTURE_NOW);
        CHECK_INT(m.author.n, h.a.n);
        CHECK_STR(m.text, SV("一"));
        other = message(h.room, 1, "二");
        CHECK_INT(post(f, h.a, &other, &repeat), E_KEY_REUSED);
        other = message(second, 1, "一");                 /* in another room it is another message */
        CHECK_INT(post(f, h.a, &other, &repeat), E_KEY_REUSED);
        fixture_restart(f);
    }
    CHECK_INT(say(f, h.b, h.room, 1, "二"), 2);           /* another author's key is another key */
    CHECK_INT(say(f, h.a, h.room, 2, "一"), 3);
    CHECK_STR(history(f, h.a, h.room, 0, 50), SV("3 2 1"));
    CHECK_STR(history(f, h.a, second, 0, 50), SV(""));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 3);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM event"), 3);
}

/* What is rolled back leaves no gap: neither an operation's savepoint nor the whole batch. */
TEST_BOTH(talk_seq_has_no_gap)
{
    struct house h = house_new(f);
    struct message lost = message(h.room, 90, "失われた"), m;
    bool repeat;

    CHECK_INT(say(f, h.a, h.room, 1, "1"), 1);
    fixture_as(f, h.a);
    fixture_begin(f);
    CHECK(talk_post(&f->x, &lost, &repeat));
    CHECK_INT(lost.seq, 2);
    fixture_rollback(f);                                  /* the batch */
    CHECK_INT(say(f, h.b, h.room, 2, "2"), 2);
    fixture_as(f, h.a);
    fixture_begin(f);
    {
        TX tx = tx_begin(f->d);
        CHECK(tx.open);
        lost = message(h.room, 90, "失われた");
        CHECK(talk_post(&f->x, &lost, &repeat));
    }                                                     /* the operation */
    fixture_call(f);
    m = message(h.room, 3, "3");
    CHECK(talk_post(&f->x, &m, &repeat));
    CHECK_INT(m.seq, 3);
    CHECK(fixture_commit(f));
    fixture_restart(f);
    CHECK_INT(say(f, h.b, h.room, 4, "4"), 4);            /* the last seq comes from the store */
    CHECK_INT(say(f, h.a, h.room, 90, "失われなかった"), 5);        /* and its key was never used */
    CHECK_STR(history(f, h.a, h.room, 0, 50), SV("5 4 3 2 1"));
}

TEST_BOTH(talk_history_pages)
{
    static const struct { int64_t before, limit; const char *want; } t[] = {
        { 0, 50, "7 6 5 4 3 2 1" }, { 0, 7, "7 6 5 4 3 2 1" }, { 0, 6, "7 6 5 4 3 2 +" }, { 0, 1, "7 +" }, { 7, 2, "6 5 +" },
        { 3, 2, "2 1" }, { 2, 2, "1" }, { 1, 2, "" }, { 8, 1, "7 +" }, { UINT32_MAX, 1, "7 +" },
    };
    struct house h = house_new(f);

    for (int i = 1; i <= 7; i++)
        CHECK_INT(say(f, i % 2 ? h.a : h.b, h.room, i, "x"), i);
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, history(f, h.b, h.room, t[i].before, t[i].limit), sv_c(t[i].want));
}

/* Who is no member of a room gets the same as for a room that does not exist, in every call. */
TEST_BOTH(talk_outsiders_learn_nothing)
{
    struct house h = house_new(f);
    const id64 rooms[] = { h.room, { h.room.n + 1 }, { 0 }, { -1 }, { INT64_MAX }, { h.room.n + (INT64_C(1) << 32) } };

    say(f, h.a, h.room, 1, "x");
    for (size_t i = 0; i < COUNT(rooms); i++) {
        struct message m = message(rooms[i], 2, "x");
        struct room r;
        bool repeat;

        fixture_as(f, h.out);
        CHECK_AT(i, !talk_room_visible(&f->x, rooms[i]));
        CHECK_INT_AT(i, f->x.failure.code, E_NOT_FOUND);
        fixture_as(f, h.out);
        CHECK_AT(i, !talk_room_find(&f->x, rooms[i], &r));
        CHECK_INT_AT(i, f->x.failure.code, E_NOT_FOUND);
        CHECK_INT_AT(i, post(f, h.out, &m, &repeat), E_NOT_FOUND);
        CHECK_STR_AT(i, history(f, h.out, rooms[i], 0, 50), SV("-"));
        CHECK_STR_AT(i, history(f, ID_NONE, rooms[i], 0, 50), SV("-"));
        CHECK_INT_AT(i, leave(f, rooms[i], h.out), E_NOT_FOUND);
    }
    CHECK_STR(history(f, h.b, h.room, 0, 50), SV("1"));   /* the twin: a member reads it */
    CHECK(talk_room_visible(&f->x, h.room));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message"), 1);
}

TEST_BOTH(talk_newcomers_see_what_comes)
{
    struct house h = house_new(f);
    id64 c = fixture_member(f, "c", ROLE_MEMBER);
    struct room r;

    say(f, h.a, h.room, 1, "前");
    say(f, h.a, h.room, 2, "前");
    CHECK_INT(join(f, h.room, c), E_NONE);
    CHECK_STR(history(f, c, h.room, 0, 50), SV(""));
    CHECK_STR(history(f, c, h.room, 2, 50), SV(""));      /* nor by asking for what was before */
    fixture_as(f, c);
    REQUIRE(talk_room_find(&f->x, h.room, &r));
    CHECK_INT(r.first_seq, 3);
    CHECK_INT(r.last_seq, 0);
    CHECK(r.last == NULL);
    CHECK_INT(r.members, 3);
    CHECK_INT(r.version, 2);
    say(f, h.b, h.room, 3, "後");
    CHECK_STR(history(f, c, h.room, 0, 50), SV("3"));
    CHECK_STR(history(f, h.a, h.room, 0, 50), SV("3 2 1"));
    CHECK_INT(join(f, h.room, c), E_NONE);                /* again: nothing changes */
    CHECK_STR(history(f, c, h.room, 0, 50), SV("3"));
    fixture_as(f, c);
    REQUIRE(talk_room_find(&f->x, h.room, &r));
    CHECK_INT(r.members, 3);
    CHECK_INT(r.version, 2);
    REQUIRE(r.last != NULL);
    CHECK_STR(r.last->text, SV("後"));
    CHECK_INT(join(f, h.room, (id64){ 99 }), E_NOT_FOUND);
    CHECK_INT(join(f, (id64){ 99 }, c), E_NOT_FOUND);
    fixture_status(f, h.out, MEMBER_DELETED);
    CHECK_INT(join(f, h.room, h.out), E_NOT_FOUND);
}

/* From the next call on a room that was left is not there; coming back shows what comes from then on. */
TEST_BOTH(talk_leaving)
{
    struct house h = house_new(f);
    struct message m = message(h.room, 9, "x");
    struct list ids;
    bool repeat;

    say(f, h.b, h.room, 1, "x");
    CHECK_INT(leave(f, h.room, h.b), E_NONE);
    CHECK_STR(history(f, h.b, h.room, 0, 50), SV("-"));
    CHECK_INT(post(f, h.b, &m, &repeat), E_NOT_FOUND);
    m = message(h.room, 1, "x");
    CHECK_INT(post(f, h.b, &m, &repeat), E_NOT_FOUND);    /* a repeat of one's own, too */
    CHECK_INT(leave(f, h.room, h.b), E_NOT_FOUND);
    fixture_as(f, h.a);
    REQUIRE(talk_room_members(&f->x, h.room, &ids) && ids.n == 1);
    CHECK_INT(((const id64 *)ids.v)[0].n, h.a.n);
    say(f, h.a, h.room, 2, "ない間");
    CHECK_INT(join(f, h.room, h.b), E_NONE);
    say(f, h.a, h.room, 3, "また");
    CHECK_STR(history(f, h.b, h.room, 0, 50), SV("3"));
    CHECK_INT(FIXTURE_INT(f, "SELECT members FROM room WHERE id = $1", ID(h.room)), 2);
    CHECK_INT(FIXTURE_INT(f, "SELECT version FROM room WHERE id = $1", ID(h.room)), 3);
}

TEST_BOTH(talk_room_add_rules)
{
    id64 a = fixture_member(f, "a", ROLE_MEMBER), gone = fixture_member(f, "gone", ROLE_MEMBER), room;
    static id64 many[TALK_ROOM_MEMBERS_MAX + 1];
    const struct { id64 ids[2]; size_t n; enum err want; } t[] = {
        { { a }, 1, E_NONE }, { { { 0 } }, 0, E_NONE }, { { a, a }, 2, E_INVALID_VALUE },
        { { a, { 99 } }, 2, E_INVALID_VALUE }, { { a, gone }, 2, E_INVALID_VALUE },
    };

    fixture_status(f, gone, MEMBER_DELETED);
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        CHECK_INT_AT(i, talk_room_add(&f->x, SV("店"), t[i].ids, t[i].n, &room), t[i].want == E_NONE);
        CHECK_INT_AT(i, f->x.failure.code, t[i].want);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(t[i].want ? "members" : NULL));
        CHECK_INT_AT(i, f->x.effects.n == t[i].n, t[i].want == E_NONE);
        CHECK_AT(i, room.n > 0 && room.n <= INT32_MAX);
        fixture_rollback(f);
    }
    CHECK(!talk_room_add(&f->x, SV("店"), many, COUNT(many), &room));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room"), 0);
}

/* 500 members are a full room: the 501st is refused. */
TEST(talk_room_is_bounded)
{
    struct fixture *f = fixture_new(false);
    static id64 ids[TALK_ROOM_MEMBERS_MAX];
    id64 last, room;

    fixture_begin(f);
    for (int i = 0; i < TALK_ROOM_MEMBERS_MAX; i++)
        ids[i] = fixture_member(f, sv_printf(f->a, "m%d", i).p, ROLE_MEMBER);
    last = fixture_member(f, "last", ROLE_MEMBER);
    CHECK(talk_room_add(&f->x, SV("店"), ids, COUNT(ids) - 1, &room));
    CHECK(fixture_commit(f));
    CHECK_INT(join(f, room, ids[COUNT(ids) - 1]), E_NONE);
    CHECK_INT(join(f, room, last), E_CONFLICT);
    CHECK_INT(leave(f, room, ids[0]), E_NONE);
    CHECK_INT(join(f, room, last), E_NONE);
    fixture_free(&f);
}

TEST_BOTH(talk_room_list_newest_first)
{
    struct house h = house_new(f);
    const id64 ids[] = { h.a }, others[] = { h.b };
    struct rooms v = { 0 };
    id64 quiet, busy, foreign;

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_room_add(&f->x, SV("静"), ids, 1, &quiet));
    CHECK(talk_room_add(&f->x, SV("忙"), ids, 1, &busy));
    CHECK(talk_room_add(&f->x, SV("他"), others, 1, &foreign));
    CHECK(fixture_commit(f));
    say(f, h.a, busy, 1, "一");
    f->x.now_ms++;
    say(f, h.a, h.room, 2, "二");
    say(f, h.b, foreign, 3, "他");
    fixture_as(f, h.a);
    REQUIRE(talk_room_list(&f->x, &v) && v.n == 3);
    CHECK_INT(v.v[0].id.n, h.room.n);
    CHECK_INT(v.v[1].id.n, busy.n);
    CHECK_INT(v.v[2].id.n, quiet.n);
    CHECK_INT(v.v[0].last_seq, 1);
    CHECK_STR(v.v[0].name, SV("店"));
    REQUIRE(v.v[0].last && v.v[1].last);
    CHECK_STR(v.v[1].last->text, SV("一"));
    CHECK(v.v[2].last == NULL);
    CHECK_INT(v.v[0].kind, ROOM_SEVERAL);
    v = (struct rooms){ 0 };
    fixture_as(f, h.out);
    CHECK(talk_room_list(&f->x, &v));
    CHECK_INT(v.n, 0);
}

/* ---- sync ---- */

/* "1 2 / 3": the positions heard, and where the client is now; "reset / 3". */
static sv sync_of(struct fixture *f, id64 who, int64_t since)
{
    struct tolds v = { 0 };
    struct str s = STR_IN(f->a);
    int64_t pos = -1;
    bool reset = false;

    fixture_as(f, who);
    CHECK(talk_sync(&f->x, since, &v, &pos, &reset));
    for (size_t i = 0; i < v.n; i++) {
        CHECK_STR(v.v[i].data, SV("{\"posted\":1}"));
        CHECK_STR(v.v[i].name, SV("talk.message.posted"));
        str_printf(&s, "%" PRId64 " ", v.v[i].pos);
    }
    str_printf(&s, "%s/ %" PRId64, reset ? "reset " : "", pos);
    return str_sv(&s);
}

TEST_BOTH(talk_sync_gives_what_came)
{
    struct house h = house_new(f);

    CHECK_STR(sync_of(f, h.a, 0), SV("/ 0"));
    CHECK_STR(sync_of(f, h.a, 1), SV("reset / 0"));       /* a position that never was */
    for (int i = 1; i <= 3; i++)
        say(f, h.a, h.room, i, "x");
    CHECK_STR(sync_of(f, h.b, 0), SV("1 2 3 / 3"));
    CHECK_STR(sync_of(f, h.b, 2), SV("3 / 3"));
    CHECK_STR(sync_of(f, h.b, 3), SV("/ 3"));
    CHECK_STR(sync_of(f, h.b, 4), SV("reset / 3"));
    CHECK_STR(sync_of(f, h.b, INT64_MAX), SV("reset / 3"));
    CHECK_STR(sync_of(f, h.out, 0), SV("/ 3"));           /* under the rights of now */
    CHECK_INT(leave(f, h.room, h.b), E_NONE);
    CHECK_STR(sync_of(f, h.b, 0), SV("/ 3"));
    say(f, h.a, h.room, 4, "x");
    CHECK_INT(join(f, h.room, h.b), E_NONE);
    say(f, h.a, h.room, 5, "x");
    CHECK_STR(sync_of(f, h.b, 0), SV("5 / 5"));           /* nothing of before it came back */
    fixture_restart(f);
    CHECK_STR(sync_of(f, h.b, 0), SV("5 / 5"));
    int64_t pos = -1;
    CHECK(talk_pos(&f->x, &pos));
    CHECK_INT(pos, 5);
}

/* What is older than the kept days is gone, the newest position never: a position is not given twice. */
TEST_BOTH(talk_sync_after_forgetting)
{
    struct house h = house_new(f);

    say(f, h.a, h.room, 1, "x");
    say(f, h.a, h.room, 2, "x");
    f->x.now_ms += EVENT_DAYS * INT64_C(86400000) - 1000;
    CHECK(talk_events_forget(&f->x));
    CHECK_STR(sync_of(f, h.b, 0), SV("1 2 / 2"));
    say(f, h.a, h.room, 3, "x");
    f->x.now_ms += 2000;
    CHECK(talk_events_forget(&f->x));
    CHECK_STR(sync_of(f, h.b, 0), SV("reset / 3"));
    CHECK_STR(sync_of(f, h.b, 1), SV("reset / 3"));
    CHECK_STR(sync_of(f, h.b, 2), SV("3 / 3"));
    f->x.now_ms += 30 * INT64_C(86400000);
    CHECK(talk_events_forget(&f->x));
    CHECK_STR(sync_of(f, h.b, 3), SV("/ 3"));
    fixture_restart(f);
    CHECK_INT(f->t->pos, 3);
    say(f, h.a, h.room, 4, "x");
    CHECK_STR(sync_of(f, h.b, 3), SV("4 / 4"));
}

/* Too much to catch up with: load anew. */
TEST(talk_sync_is_bounded)
{
    struct fixture *f = fixture_new(false);
    struct house h = house_new(f);

    fixture_as(f, h.a);
    fixture_begin(f);
    for (int i = 0; i < 501; i++)
        event_room(&f->x, EV_MSG_POSTED, h.room, SV("{\"posted\":1}"));
    CHECK(fixture_commit(f));
    CHECK_STR(sync_of(f, h.b, 0), SV("reset / 501"));
    CHECK(sv_ends(sync_of(f, h.b, 1), SV(" 501 / 501")));
    CHECK_STR(sync_of(f, h.out, 0), SV("/ 501"));
    fixture_as(f, h.a);
    fixture_begin(f);
    for (int i = 0; i < 5000; i++)                        /* others' own: nobody looks through all of them for one */
        event_member(&f->x, EV_ROOM_LEFT, h.a, SV("{\"posted\":1}"));
    CHECK(fixture_commit(f));
    CHECK_STR(sync_of(f, h.b, 501), SV("/ 5501"));
    CHECK_STR(sync_of(f, h.b, 500), SV("reset / 5501"));
    fixture_free(&f);
}

/* ---- saved history ---- */

static enum err import(struct fixture *f, struct message *m, bool *repeat)
{
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    bool ok = talk_import(&f->x, m, repeat);
    enum err code = f->x.failure.code;
    CHECK_INT(ok, code == E_NONE);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

static struct message saved(id64 room, int key, id64 author, const char *name)
{
    struct message m = message(room, key, "昔");

    m.author = author;
    m.author_name = sv_c(name);
    m.kind = author.n || name[0] ? MESSAGE_TEXT : MESSAGE_SYSTEM;
    m.sent_ms = 1000 + key;
    return m;
}

TEST_BOTH(talk_import_is_idempotent)
{
    struct house h = house_new(f);
    struct messages v = { 0 };
    bool repeat, more;

    for (int again = 0; again < 3; again++) {
        struct message m[] = { saved(h.room, 1, h.a, ""), saved(h.room, 2, ID_NONE, "小早川 恵"), saved(h.room, 3, ID_NONE, ""),
                               saved(h.room, 4, h.out, "") };   /* no right of the author is asked */

        for (size_t i = 0; i < COUNT(m); i++) {
            CHECK_INT_AT(i, import(f, &m[i], &repeat), E_NONE);
            CHECK_INT_AT(i, repeat, again > 0);
            CHECK_INT_AT(i, m[i].seq, i + 1);
        }
        if (again == 1)
            fixture_restart(f);
    }
    fixture_as(f, h.b);
    REQUIRE(talk_history(&f->x, h.room, 0, 50, &v, &more) && v.n == 4);
    CHECK_INT(v.v[3].author.n, h.a.n);
    CHECK_INT(v.v[3].sent_ms, 1001);                      /* keeps its time */
    CHECK_STR(v.v[2].author_name, SV("小早川 恵"));
    CHECK_INT(v.v[2].author.n, 0);
    CHECK_INT(v.v[1].kind, MESSAGE_SYSTEM);
    CHECK_INT(v.v[0].author.n, h.out.n);
    struct message later = saved(h.room, 2, h.b, "");      /* who wrote it became known, and what it says was changed */
    later.text = SV("今");
    CHECK_INT(import(f, &later, &repeat), E_NONE);
    CHECK(repeat);
    CHECK_INT(later.seq, 2);
    struct message wrong = saved(h.room, 9, (id64){ 99 }, "");
    CHECK_INT(import(f, &wrong, &repeat), E_INVALID_VALUE);
    wrong = saved((id64){ 99 }, 9, h.a, "");
    CHECK_INT(import(f, &wrong, &repeat), E_NOT_FOUND);
}

TEST_BOTH(talk_import_finds_its_room_and_roots)
{
    struct house h = house_new(f);
    struct message m = saved(h.room, 7, h.a, ""), n = saved(h.room, 8, h.a, "");
    bool repeat;
    id64 found = {5};
    int64_t seq = 9;

    CHECK_INT(import(f, &m, &repeat), E_NONE);
    CHECK_INT(import(f, &n, &repeat), E_NONE);
    fixture_as(f, ID_NONE);
    CHECK(talk_import_reply(&f->x, h.room, talk_key_text(f->x.arena, n.key), &seq));
    CHECK_INT(seq, 2);
    CHECK(!talk_import_reply(&f->x, (id64){h.room.n + 1}, talk_key_text(f->x.arena, n.key), &seq));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_as(f, ID_NONE);
    CHECK(!talk_import_reply(&f->x, h.room, SV("none"), &seq));
    fixture_as(f, ID_NONE);
    CHECK(talk_room_made(&f->x, SV("00000000-0000-7abc-8000-00000000000a"), &found));
    CHECK_INT(found.n, 0);
    fixture_begin(f);
    CHECK(talk_room_made_under(&f->x, h.room, SV("00000000-0000-7abc-8000-00000000000a")));
    CHECK(fixture_commit(f));
    CHECK(talk_room_made(&f->x, SV("00000000-0000-7ABC-8000-00000000000A"), &found));
    CHECK_INT(found.n, h.room.n);
    CHECK(talk_room_made(&f->x, SV("00000000-0000-7abc-8000-00000000000b"), &found));
    CHECK_INT(found.n, 0);
    CHECK(!talk_room_made(&f->x, SV("x"), &found));
}

/* Many messages of one operation get their seqs one after the other before any of them is committed. */
TEST_BOTH(talk_import_in_one_operation)
{
    struct house h = house_new(f);
    bool repeat;

    say(f, h.a, h.room, 500, "x");
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    for (int i = 1; i <= 20; i++) {
        struct message m = saved(h.room, i, h.a, "");
        CHECK_AT(i, talk_import(&f->x, &m, &repeat));
        CHECK_INT_AT(i, m.seq, i + 1);
    }
    CHECK(fixture_commit(f));
    CHECK_INT(say(f, h.b, h.room, 501, "x"), 22);
}

TEST(talk_names_of_kinds)
{
    enum message_kind k;

    CHECK_STR(sv_c(talk_room_kind_name(ROOM_DIRECT)), SV("direct"));
    CHECK_STR(sv_c(talk_room_kind_name(ROOM_SEVERAL)), SV("several"));
    CHECK_STR(sv_c(talk_room_kind_name(ROOM_UNIT)), SV("unit"));
    CHECK_STR(sv_c(talk_room_kind_name(ROOM_NOTICE)), SV("notice"));
    CHECK_STR(sv_c(talk_room_kind_name(ROOM_GROUP)), SV("group"));
    CHECK_STR(sv_c(talk_room_kind_name((enum room_kind)9)), SV(""));
    CHECK_STR(sv_c(talk_message_kind_name((enum message_kind)9)), SV(""));
    CHECK(talk_message_kind_find(SV("system"), &k) && k == MESSAGE_SYSTEM);
    CHECK(talk_message_kind_find(SV("text"), &k) && k == MESSAGE_TEXT);
    CHECK(!talk_message_kind_find(SV(""), &k));
}
