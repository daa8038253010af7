/* core/session_test.c: the ends of a session by the fake clock, revocation that binds at once, and what the store holds. */
#include "core/core_test.h"

#include "base/fault.h"

#include <string.h>

#define SECOND 1000
#define HOUR   (INT64_C(3600) * SECOND)
#define DAY    (24 * HOUR)

static struct session *find(struct fixture *f, const struct secret *token, bool console)
{
    fixture_call(f);
    return session_find(&f->x, f->t->sessions, secret_view(token), console);
}

/* What a request gets: found and good, or the code of its refusal. */
static enum err enter(struct fixture *f, const struct secret *token, bool console)
{
    struct session *s = find(f, token, console);
    bool ok = s && session_check(&f->x, s);

    session_unref(&s);
    CHECK_INT(ok, f->x.failure.code == E_NONE);
    return f->x.failure.code;
}

TEST_BOTH(session_is_found_as_it_began)
{
    SECRET token = { 0 }, other = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUB_ADMIN), id;

    f->x.actor.channel = CH_MW;
    id = fixture_session(f, m, ID_NONE, false, &token);
    f->x.actor.channel = CH_W;
    struct session *s = find(f, &token, false), *again = find(f, &token, false);
    REQUIRE(s && again);
    CHECK(s == again);                                    /* the map's */
    CHECK_INT(s->id.n, id.n);
    CHECK_INT(s->member.n, m.n);
    CHECK_INT(s->role, ROLE_SUB_ADMIN);
    CHECK_INT(s->channel, CH_MW);                         /* fixed when it began */
    CHECK_INT(s->proof_ms, FIXTURE_NOW);
    CHECK(!s->console && !s->english);
    session_unref(&s);
    session_unref(&again);
    token_new(&other);
    CHECK_INT(enter(f, &other, false), E_SESSION_ENDED);
    CHECK_INT(enter(f, &token, true), E_REAUTH);          /* no console session */
    fixture_restart(f);
    CHECK_INT(enter(f, &token, true), E_REAUTH);          /* nor from the store */
    CHECK_INT(enter(f, &token, false), E_NONE);
}

TEST_BOTH(session_of_a_malformed_token)
{
    static const char *const t[] = { "", "x", "0123456789012345678901234567890123456789012",
                                     "' OR 1=1 --" };

    for (size_t i = 0; i < COUNT(t); i++)
        for (int console = 0; console < 2; console++) {
            fixture_call(f);
            CHECK_AT(i, !session_find(&f->x, f->t->sessions, sv_c(t[i]), console));
            CHECK_INT_AT(i, f->x.failure.code, console ? E_REAUTH : E_SESSION_ENDED);
        }
}

/* T - 1 s: good. T + 1 s: ended. In the map and read from the store alike. */
TEST_BOTH(session_ends_when_idle_and_at_its_end)
{
    static const struct { bool console; const char *key, *value; int64_t idle_ms; } t[] = {
        { false, "account.idle_logout.browser", "P7D", 7 * DAY }, { false, "account.idle_logout.browser", "PT30M", HOUR / 2 },
        { true, "account.idle_logout.console", "PT30M", HOUR / 2 }, { true, "account.idle_logout.console", "PT12H", 12 * HOUR },
    };
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN);

    PROVES("B4.03");
    for (size_t i = 0; i < COUNT(t); i++)
        for (int restart = 0; restart < 2; restart++) {
            SECRET token = { 0 };
            enum err ended = t[i].console ? E_REAUTH : E_SESSION_ENDED;

            f->x.now_ms = FIXTURE_NOW;
            fixture_setting(f, t[i].key, t[i].value);
            fixture_session(f, m, (id64){ t[i].console }, t[i].console, &token);
            f->x.now_ms += t[i].idle_ms - SECOND;
            CHECK_INT_AT(i, enter(f, &token, t[i].console), E_NONE);
            if (t[i].idle_ms < 12 * HOUR) {               /* activity counts: the idle time begins anew */
                f->x.now_ms += t[i].idle_ms - SECOND;
                CHECK_INT_AT(i, enter(f, &token, t[i].console), E_NONE);
            }
            if (restart) {                                /* the last activity was not stored: from the beginning on */
                fixture_restart(f);
                fixture_setting(f, t[i].key, t[i].value);
                f->x.now_ms = FIXTURE_NOW;
            }
            f->x.now_ms += t[i].idle_ms + SECOND;
            CHECK_INT_AT(i, enter(f, &token, t[i].console), ended);
            f->x.now_ms = FIXTURE_NOW;
        }
}

TEST_BOTH(session_ends_whatever_its_activity)
{
    SECRET token = { 0 }, console = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN), id;

    PROVES("B4.03");
    fixture_setting(f, "account.idle_logout.browser", "none");
    fixture_setting(f, "account.idle_logout.console", "PT12H");
    id = fixture_session(f, m, ID_NONE, false, &token);
    fixture_session(f, m, id, true, &console);
    for (int64_t h = 1; h < CONSOLE_LIFE_HOURS; h++) {
        f->x.now_ms = FIXTURE_NOW + h * HOUR;
        CHECK_INT_AT(h, enter(f, &console, true), E_NONE);
    }
    f->x.now_ms = FIXTURE_NOW + CONSOLE_LIFE_HOURS * HOUR - SECOND;
    CHECK_INT(enter(f, &console, true), E_NONE);
    f->x.now_ms += 2 * SECOND;
    CHECK_INT(enter(f, &console, true), E_REAUTH);
    CHECK_INT(enter(f, &token, false), E_NONE);           /* the talk session lives on */
    f->x.now_ms = FIXTURE_NOW + SESSION_LIFE_DAYS * DAY - SECOND;
    CHECK_INT(enter(f, &token, false), E_NONE);
    f->x.now_ms += 2 * SECOND;
    CHECK_INT(enter(f, &token, false), E_SESSION_ENDED);
}

TEST_BOTH(session_revocation_binds_at_once)
{
    SECRET token = { 0 }, console = { 0 }, other = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN), id = fixture_session(f, m, ID_NONE, false, &token);

    fixture_session(f, m, id, true, &console);
    fixture_session(f, m, ID_NONE, false, &other);
    struct session *held = find(f, &token, false), *door = find(f, &console, true);
    REQUIRE(held && door);
    CHECK_INT(enter(f, &other, false), E_NONE);
    fixture_call(f);
    fixture_begin(f);
    CHECK(session_delete(&f->x, id));
    CHECK_INT(f->x.effects.n, 1);
    CHECK(!atomic_load(&held->ended));                    /* not before COMMIT */
    CHECK(fixture_commit(f));
    CHECK(atomic_load(&held->ended));                     /* what waited in a queue hears it too */
    CHECK(atomic_load(&door->ended));                     /* and the console session on it */
    fixture_call(f);
    CHECK(!session_check(&f->x, held));
    CHECK_INT(f->x.failure.code, E_SESSION_ENDED);
    fixture_call(f);
    CHECK(!session_check(&f->x, door));
    CHECK_INT(f->x.failure.code, E_REAUTH);
    CHECK_INT(enter(f, &token, false), E_SESSION_ENDED);
    CHECK_INT(enter(f, &console, true), E_REAUTH);
    CHECK_INT(enter(f, &other, false), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session"), 1);
    session_unref(&held);
    session_unref(&door);
    fixture_restart(f);
    CHECK_INT(enter(f, &token, false), E_SESSION_ENDED);
    CHECK_INT(enter(f, &other, false), E_NONE);
}

TEST_BOTH(session_revocation_that_is_rolled_back)
{
    SECRET token = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), id = fixture_session(f, m, ID_NONE, false, &token);

    CHECK_INT(enter(f, &token, false), E_NONE);
    fixture_begin(f);
    CHECK(session_delete(&f->x, id));
    fixture_rollback(f);
    CHECK_INT(enter(f, &token, false), E_NONE);
}

TEST_BOTH(session_member_revocation_may_spare_one)
{
    SECRET mine = { 0 }, door = { 0 }, old = { 0 }, old_door = { 0 }, others = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN), o = fixture_member(f, "oka", ROLE_MEMBER);
    id64 keep = fixture_session(f, m, ID_NONE, false, &mine), gone = fixture_session(f, m, ID_NONE, false, &old);

    fixture_session(f, m, keep, true, &door);
    fixture_session(f, m, gone, true, &old_door);
    fixture_session(f, o, ID_NONE, false, &others);
    for (int restart = 0; restart < 2; restart++) {
        CHECK_INT(enter(f, &mine, false), E_NONE);        /* all of them in the map */
        CHECK_INT(enter(f, &door, true), E_NONE);
        CHECK_INT(enter(f, &old, false), restart ? E_SESSION_ENDED : E_NONE);
        CHECK_INT(enter(f, &old_door, true), restart ? E_REAUTH : E_NONE);
        CHECK_INT(enter(f, &others, false), E_NONE);
        fixture_call(f);
        fixture_begin(f);
        CHECK(session_delete_member(&f->x, m, keep));
        CHECK(fixture_commit(f));
        CHECK_INT(enter(f, &old, false), E_SESSION_ENDED);
        CHECK_INT(enter(f, &old_door, true), E_REAUTH);
        CHECK_INT(enter(f, &mine, false), E_NONE);
        CHECK_INT(enter(f, &door, true), E_NONE);
        fixture_restart(f);
    }
    fixture_begin(f);
    CHECK(session_delete_member(&f->x, m, ID_NONE));
    CHECK(fixture_commit(f));
    CHECK_INT(enter(f, &mine, false), E_SESSION_ENDED);
    CHECK_INT(enter(f, &door, true), E_REAUTH);
    CHECK_INT(enter(f, &others, false), E_NONE);
}

/* A revocation came between the row's reading and its keeping: the caller gets a session that can be told that it ended. */
TEST_BOTH(session_read_before_a_revocation_is_not_kept)
{
    SECRET token = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), id = fixture_session(f, m, ID_NONE, false, &token);

    fault_set("session.revoked_meanwhile", 1, FAULT_FAIL);
    struct session *s = find(f, &token, false), *again = find(f, &token, false);
    CHECK_INT(fault_count("session.revoked_meanwhile"), 2);
    fault_clear();
    REQUIRE(s && again);
    CHECK(s == again);
    sessions_end(f->t->sessions, id);
    CHECK(atomic_load(&s->ended));
    session_unref(&s);
    session_unref(&again);
}

TEST_BOTH(session_of_a_suspended_or_deleted_member)
{
    static const struct { enum member_status s; enum err err; } t[] = {
        { MEMBER_SUSPENDED, E_SUSPENDED }, { MEMBER_DELETED, E_SESSION_ENDED }, { (enum member_status)9, E_SESSION_ENDED },
        { MEMBER_ACTIVE, E_NONE },
    };
    SECRET token = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);

    fixture_session(f, m, ID_NONE, false, &token);
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_status(f, m, t[i].s);
        CHECK_INT_AT(i, enter(f, &token, false), t[i].err);
    }
}

TEST_BOTH(session_that_a_suspension_ended_says_so_and_works_never_again)
{
    SECRET token = { 0 }, other = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);

    PROVES("MEM-41");
    fixture_session(f, m, ID_NONE, false, &token);
    CHECK_INT(enter(f, &token, false), E_NONE);
    fixture_call(f);
    fixture_begin(f);
    CHECK(session_suspend_member(&f->x, m));
    CHECK(fixture_commit(f));
    fixture_status(f, m, MEMBER_SUSPENDED);
    CHECK_INT(enter(f, &token, false), E_SUSPENDED);
    fixture_status(f, m, MEMBER_ACTIVE);
    CHECK_INT(enter(f, &token, false), E_SESSION_ENDED);
    fixture_session(f, m, ID_NONE, false, &other);
    CHECK_INT(enter(f, &other, false), E_NONE);
}

/* From tomorrow for one day, and no nightly work passes. */
TEST_BOTH(session_over_a_leave_that_suspends)
{
    SECRET before = { 0 }, behind = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUB_ADMIN);
    struct session *s;

    PROVES("MEM-40");
    CHECK(db_exec(f->d, "UPDATE member SET leave_from_ms = $1, leave_until_ms = $2, leave_suspends = 1 WHERE id = $3",
                  INT(FIXTURE_NOW + DAY), INT(FIXTURE_NOW + 2 * DAY), ID(m)));
    fixture_session(f, m, ID_NONE, false, &before);
    s = find(f, &before, false);
    REQUIRE(s);
    CHECK_INT(s->role, ROLE_SUB_ADMIN);                   /* today nothing is taken away */
    CHECK(!session_suspended(s, FIXTURE_NOW + DAY - 1));
    CHECK(session_suspended(s, FIXTURE_NOW + DAY));       /* as its WebSocket is asked */
    CHECK(session_suspended(s, FIXTURE_NOW + 2 * DAY));   /* over, and the session is older */
    session_unref(&s);
    for (int restart = 0; restart < 2; restart++) {       /* by the map, and by the store */
        f->x.now_ms = FIXTURE_NOW + DAY - 1;
        CHECK_INT_AT(restart, enter(f, &before, false), E_NONE);
        f->x.now_ms = FIXTURE_NOW + DAY;
        CHECK_INT_AT(restart, enter(f, &before, false), E_SUSPENDED);
        f->x.now_ms = FIXTURE_NOW + 2 * DAY;
        CHECK_INT_AT(restart, enter(f, &before, false), E_SESSION_ENDED);
        fixture_restart(f);
    }
    f->x.now_ms = FIXTURE_NOW + 2 * DAY;
    fixture_session(f, m, ID_NONE, false, &behind);
    CHECK_INT(enter(f, &behind, false), E_NONE);
    s = find(f, &behind, false);
    REQUIRE(s);
    CHECK_INT(s->role, ROLE_MEMBER);                      /* the admin role waits for the super admin */
    session_unref(&s);
}

TEST_BOTH(session_the_21st_ends_the_one_unused_longest)
{
    struct secret token[SESSIONS_PER_MEMBER] = { 0 };
    SECRET more = { 0 }, others = { 0 }, console = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_SUPER_ADMIN), o = fixture_member(f, "oka", ROLE_MEMBER), id;

    id = fixture_session(f, o, ID_NONE, false, &others);
    for (int i = 0; i < SESSIONS_PER_MEMBER; i++, f->x.now_ms += SECOND)
        id = fixture_session(f, m, ID_NONE, false, &token[i]);
    fixture_session(f, m, id, true, &console);            /* does not count */
    for (int i = 0; i < SESSIONS_PER_MEMBER; i++)
        CHECK_INT_AT(i, enter(f, &token[i], false), E_NONE);
    fixture_session(f, m, ID_NONE, false, &more);
    CHECK_INT(enter(f, &token[0], false), E_SESSION_ENDED);
    for (int i = 1; i < SESSIONS_PER_MEMBER; i++)
        CHECK_INT_AT(i, enter(f, &token[i], false), E_NONE);
    CHECK_INT(enter(f, &more, false), E_NONE);
    CHECK_INT(enter(f, &console, true), E_NONE);
    CHECK_INT(enter(f, &others, false), E_NONE);
    for (int i = 0; i < 200; i++)
        fixture_session(f, m, ID_NONE, false, &more);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE member = $1 AND console = 0", ID(m)), SESSIONS_PER_MEMBER);
    for (int i = 0; i < SESSIONS_PER_MEMBER; i++)
        secret_wipe(&token[i]);
}

/* The store has the token's SHA-256 and nothing of the token, in no column. */
TEST_BOTH(session_store_holds_only_the_hash)
{
    SECRET token = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), id = fixture_session(f, m, ID_NONE, false, &token);
    struct sha256 h = sha256(secret_view(&token));
    ROWS r = db_query(f->d, "SELECT hash, ip, agent, id, member, parent, made_ms, seen_ms, proof_ms FROM session");

    PROVES("B4.01");
    CHECK_INT(token.n, TOKEN_CHARS);                      /* 43 of base64url: 256 bits */
    REQUIRE(rows_next(&r));
    CHECK_STR(row_blob(&r, 0), sv_n(h.b, 32));
    for (int c = 1; c < 9; c++)
        for (size_t at = 0; at + 8 <= token.n; at++)
            CHECK_AT(c, !sv_find(row_blob(&r, c), sv_n(token.b + at, 8), NULL));
    CHECK_STR(row_sealed(&r, 2, "session.agent", id.n), SV("縁側 test"));
    CHECK_INT(sv_find(row_blob(&r, 2), SV("test"), NULL), !f->sealed);
    CHECK(!rows_next(&r) && rows_ok(&r));
}

/* The last activity goes to the store once a minute at most, and only where there was one. */
TEST_BOTH(session_activity_is_stored_once_a_minute)
{
    SECRET token = { 0 };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), id = fixture_session(f, m, ID_NONE, false, &token);
    struct session_seen seen[4];

    CHECK_INT(enter(f, &token, false), E_NONE);
    f->x.now_ms = FIXTURE_NOW + 59 * SECOND;
    CHECK_INT(enter(f, &token, false), E_NONE);
    CHECK_INT(sessions_seen(f->t->sessions, f->x.now_ms, seen, 4), 0);
    f->x.now_ms = FIXTURE_NOW + 60 * SECOND;
    CHECK_INT(sessions_seen(f->t->sessions, f->x.now_ms, seen, 0), 0);
    REQUIRE(sessions_seen(f->t->sessions, f->x.now_ms, seen, 4) == 1);
    CHECK_INT(seen[0].session.n, id.n);
    CHECK_INT(seen[0].ms, FIXTURE_NOW + 59 * SECOND);
    f->x.now_ms += HOUR;
    CHECK_INT(sessions_seen(f->t->sessions, f->x.now_ms, seen, 4), 0);
    CHECK_INT(enter(f, &token, false), E_NONE);
    CHECK_INT(sessions_seen(f->t->sessions, f->x.now_ms, seen, 4), 1);
}

/* The language of answers: of all sessions of the member, and of one that is just being read. */
TEST_BOTH(session_language_of_a_member)
{
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), ueno = fixture_member(f, "ueno", ROLE_MEMBER);
    SECRET token = {0}, other = {0};

    fixture_session(f, mori, ID_NONE, false, &token);
    fixture_session(f, ueno, ID_NONE, false, &other);
    fixture_call(f);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&token), false);
    struct session *o = session_find(&f->x, f->t->sessions, secret_view(&other), false);
    REQUIRE(s && o);
    CHECK(!s->english && !o->english);
    sessions_language_member(f->t->sessions, mori, true);
    CHECK(s->english && !o->english);
    sessions_language_member(f->t->sessions, mori, false);
    CHECK(!s->english);
    session_unref(&s);
    session_unref(&o);
}
