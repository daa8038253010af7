/* svc/talk/search_earlier_test.c: a store whose index an earlier version made, under numbers of time and room: after the
 * upgrade it is made anew without anybody writing, and all that was said is found. */
#include "core/core_test.h"
#include "core/schema_sql.h"
#include "store/migrate.h"
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_pack.h"
#include "svc/talk/talk_fixture.h"
#include "svc/talk/talk_sql.h"

#include <stdio.h>
#include <string.h>

#define EARLIER  104                                      /* the last migration before numbers one after the other */
#define MESSAGES 300                                      /* more than a piece */

static const id64 room = {5};

/* The fixture's store from now on: what the earlier version made. */
static bool earlier_opened(struct fixture *f)
{
    struct db_options o = {.path = f->path, .key = &f->key, .flags = DB_CREATE, .tenant = FIXTURE_TENANT,
                           .seal_key = f->sealed ? &f->seal : NULL};

    db_close(&f->d);
    snprintf(f->path, sizeof(f->path), "%s/earlier.db", f->dir);
    f->x.db = f->d = db_open(&o, &f->x.failure);
    if (!CHECK(f->d != NULL))
        return false;
    fixture_call(f);
    return CHECK(migrate(f->d, tenant_migrations, EARLIER)) &&
           CHECK(db_exec(f->d, "INSERT INTO tenant (id, workgroup, opened_ms, password_ops) VALUES (1, 'engawa', 0, 2)"));
}

static bool earlier_room(struct fixture *f, id64 member)
{
    return CHECK(db_exec(f->d, "INSERT INTO room (id, name, kind, made_ms, made_by, version, members, last_seq)"
                               " VALUES ($1, '間', 0, 0, 0, 1, 1, $2)", ID(room), INT(MESSAGES))) &&
           CHECK(db_exec(f->d, "INSERT INTO room_member (room, member, first_seq, joined_pos, joined_ms) VALUES ($1, $2, 1, 0, 0)",
                         ID(room), ID(member)));
}

/* 41 bits of time, 12 of the room's hash, 10 of a count. */
static int64_t earlier_number(int64_t sent_ms)
{
    return (sent_ms - INT64_C(946684800000)) << 22 | (int64_t)((uint32_t)room.n * UINT32_C(2654435761) >> 20) << 10;
}

static bool earlier_message(struct fixture *f, id64 author, int64_t seq)
{
    id64 id = talk_message_id(room, seq);
    int64_t sent_ms = FIXTURE_NOW - (MESSAGES - seq) * 1000, n = earlier_number(sent_ms);
    sv text = sv_printf(f->a, "%" PRId64 "番目の話", seq);
    struct folded folded = fold_places(f->a, text);
    struct str tokens = STR_IN(f->a);

    search_tokens(&tokens, &folded);
    search_label(&tokens, 'r', room.n);
    search_label(&tokens, 'a', author.n);
    return CHECK(db_exec(f->d, "INSERT INTO message (id, ckey, author, author_name, kind, sent_ms, text)"
                               " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                         ID(id), BLOB(sv_printf(f->a, "%016" PRId64, seq)), ID(author), SEALED("message.author_name", id.n, SV("")),
                         INT(MESSAGE_TEXT), INT(sent_ms), SEALED("message.text", id.n, text))) &&
           CHECK(db_exec(f->d, "INSERT INTO search_place (n, message) VALUES ($1, $2)", INT(n), ID(id))) &&
           CHECK(db_exec(f->d, "INSERT INTO talk_search (rowid, tokens) VALUES ($1, $2)", INT(n), TEXT(str_sv(&tokens))));
}

/* How many are found, and whether the answer says that it is all. */
static int found(struct fixture *f, id64 who, const char *words, bool *complete)
{
    struct talk_hits hits = {0};

    fixture_as(f, who);
    if (!CHECK(talk_search(&f->x, &(struct talk_question){.words = sv_c(words), .limit = 500}, &hits)))
        return -1;
    *complete = hits.complete;
    return (int)hits.n;
}

static bool waits(struct fixture *f)
{
    bool any = false;

    CHECK(talk_search_waits(&f->x, &any));
    return any;
}

TEST_BOTH(search_finds_what_an_earlier_version_put_into_its_index)
{
    bool complete = false, more;
    id64 a;

    CHECK(!waits(f));                                     /* a new store has nothing to make anew */
    REQUIRE(earlier_opened(f));
    a = fixture_member(f, "a", ROLE_MEMBER);
    REQUIRE(earlier_room(f, a));
    for (int64_t seq = 1; seq <= MESSAGES; seq++)
        REQUIRE(earlier_message(f, a, seq));
    fixture_restart(f);
    CHECK_INT(FIXTURE_INT(f, "SELECT n FROM schema_version"), tenant_migration_count);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_todo"), 0);
    CHECK_INT(found(f, a, "番目の話", &complete), 0);
    CHECK(!complete);
    for (int pieces = 0; pieces < 7 && waits(f); pieces++) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        REQUIRE(talk_search_index(&f->x, &more) && fixture_commit(f));
    }
    CHECK(!waits(f));
    CHECK_INT(found(f, a, "番目の話", &complete), MESSAGES);
    CHECK(complete);
    CHECK_INT(found(f, a, "299番目", &complete), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT MIN(n) FROM search_place"), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT MAX(n) FROM search_place"), MESSAGES);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM talk_search_docsize"), MESSAGES);       /* nothing stands under old numbers */
}

static bool piece(struct fixture *f, bool *more)
{
    fixture_as(f, ID_NONE);
    fixture_begin(f);
    return CHECK(talk_search_index(&f->x, more)) && CHECK(fixture_commit(f));
}

/* Lists of an earlier version are never read as those of this one, and go piece by piece; meanwhile what is said is found. */
TEST_BOTH(search_makes_packed_lists_of_an_earlier_version_anew)
{
    enum { SAID = 2200 };                                  /* more than a span */
    id64 a = fixture_member(f, "a", ROLE_MEMBER), mine = room_new(f, &a, 1);
    bool complete = false, more = true;
    int pieces = 0;

    REQUIRE(CHECK(db_exec(f->d, "UPDATE search_pack SET part = 64 WHERE id = 1")));
    for (int i = 1; i <= SAID; i++) {
        f->x.now_ms += 1000;
        say_words(f, a, mine, sv_printf(f->a, "%d番目の話", i));
    }
    while (more && piece(f, &more))
        ;
    int64_t lists = FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list"), packed = FIXTURE_INT(f, "SELECT packed FROM search_pack");
    CHECK(lists > 1000 && packed > SEARCH_SPAN);
    CHECK(db_exec(f->d, "UPDATE search_list SET list = $1", BLOB(SV("x"))));
    CHECK(db_exec(f->d, "UPDATE search_format SET version = 2"));
    say_words(f, a, mine, SV("新しい知らせ"));
    for (more = true; more && pieces < 1000; pieces++) {
        if (!piece(f, &more))
            break;
        if (pieces % 9 == 0)
            fixture_restart(f);
        if (pieces % 5 && pieces > 30)
            continue;
        CHECK_INT_AT(pieces, found(f, a, "新しい知らせ", &complete), 1);
        CHECK_INT_AT(pieces, complete, FIXTURE_INT(f, "SELECT version FROM search_format") == SEARCH_VERSION);
    }
    CHECK(pieces > 30 && pieces < 1000 && !waits(f));
    CHECK_INT(found(f, a, "1番目の話", &complete), 1);
    CHECK(complete);
    CHECK_INT(found(f, a, "番目の話", &complete), 500);
    CHECK_INT(FIXTURE_INT(f, "SELECT packed FROM search_pack"), packed);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_list"), lists);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM search_place"), SAID + 1);
}
