/* svc/monitor/audit_search_test.c: a search over many rows gives in pages what one look over all of them would. */
#include "svc/monitor/audit_log.h"

#include "base/rand.h"
#include "core/core_test.h"

#include <stdio.h>

#define ROWS_N 3000

/* Rows of two logs and of talk, of four members, with gaps of time and some disorder. */
static void fill(struct fixture *f, id64 *who)
{
    static const enum audit_kind kinds[] = {AUDIT_SETTING, AUDIT_MEMBER_SUSPEND, AUDIT_SESSION_OPEN, AUDIT_SESSION_END, AUDIT_MSG_POST};
    static const char *const ips[] = {"192.0.2.1", "192.0.2.2", "2001:db8::1"};
    struct audit_row *v = ANEWN(f->a, struct audit_row, ROWS_N);
    struct tree t = f->t->tree;

    for (size_t i = 0; i < ROWS_N; i++)
        v[i] = (struct audit_row){
            .kind = kinds[rand_u64() % COUNT(kinds)],
            .time_ms = f->x.now_ms - (int64_t)(ROWS_N - i) * 60000 - (int64_t)(rand_u64() % 5000),
            .actor = who[rand_u64() % 4],
            .channel = (int)(1 + rand_u64() % 2),
            .ip = sv_c(ips[rand_u64() % COUNT(ips)]),
            .object = who[rand_u64() % 4],
            .result = rand_u64() % 3 ? E_NONE : E_DENIED,
            .count = 1,
            .detail = rand_u64() % 2 ? SV("{\"key\":\"account.password.min_length\",\"old\":\"1\",\"new\":\"2\"}") : SV("{\"key\":\"tenant.company_name\"}"),
        };
    fixture_begin(f);
    REQUIRE(audit_store(f->d, f->a, FIXTURE_TENANT, &t, v, ROWS_N));
    REQUIRE(fixture_commit(f));
    f->t->tree = t;
}

static bool fits(const struct audit_query *q, const struct audit_entry *e)
{
    enum audit_kind k;

    return audit_find(e->act, &k) && sv_equal(sv_c(audit_def(k)->log), sv_c(q->log->log)) &&
           (!q->actor.n || q->actor.n == e->actor.n) && (!q->object.n || q->object.n == e->object.n) && (!q->room.n || q->room.n == e->object.n) &&
           (!q->act.n || sv_equal(q->act, e->act)) && (!q->ip.n || sv_equal(q->ip, e->ip)) &&
           (!q->channel.n || sv_equal(q->channel, sv_c(channel_name(e->channel)))) &&
           (!q->result.n || sv_equal(q->result, e->result) || (sv_equal(q->result, SV("refused")) && !sv_equal(e->result, SV("ok"))));
}

/* All pages of a search against all rows of the log one by one. */
static void same(struct fixture *f, int n, const struct audit_query *q, const struct audit_entries *whole)
{
    size_t at = 0;
    int64_t before = 0;

    do {
        struct audit_entries page = {0};
        fixture_call(f);
        if (!CHECK_AT(n, audit_log_search(&f->x, q, before, 37, &page, &before)))
            return;
        for (size_t i = 0; i < page.n; i++) {
            while (at < whole->n && !fits(q, &whole->v[at]))
                at++;
            if (!CHECK_AT(n, at < whole->n))
                return;
            CHECK_INT_AT(n, page.v[i].seq, whole->v[at++].seq);
        }
    } while (before);
    while (at < whole->n && !fits(q, &whole->v[at]))
        at++;
    CHECK_INT_AT(n, (int64_t)at, (int64_t)whole->n);
}

TEST_BOTH(audit_search_pages_give_what_the_whole_has)
{
    PROVES("AUD-04");
    const struct audit_log_def *console = audit_log_def(SV("console")), *login = audit_log_def(SV("login")), *talk = audit_log_def(SV("talk"));
    id64 who[4];
    struct audit_entries whole = {0};
    bool more;

    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof(name), "m%d", i);
        who[i] = fixture_member(f, name, ROLE_MEMBER);
    }
    fill(f, who);
    REQUIRE(audit_log_page(&f->x, 0, ROWS_N + 10, &whole, &more));
    CHECK_INT((int64_t)whole.n, ROWS_N);
    const struct audit_query t[] = {
        {.log = console},
        {.log = login},
        {.log = console, .actor = who[1]},
        {.log = login, .act = SV("session.end")},
        {.log = console, .act = SV("setting.change"), .actor = who[2]},
        {.log = console, .object = who[3]},
        {.log = login, .ip = SV("2001:db8::1")},
        {.log = login, .channel = SV("MW"), .result = SV("ok")},
        {.log = console, .result = SV("refused")},
        {.log = console, .result = SV("denied"), .actor = who[0], .object = who[0]},
        {.log = login, .ip = SV("198.51.100.1")},
        {.log = talk},
        {.log = talk, .actor = who[3], .ip = SV("192.0.2.2")},
        {.log = talk, .room = who[2]},
    };
    for (int i = 0; i < (int)COUNT(t); i++)
        same(f, i, &t[i], &whole);
    PROVES("AUD-07");
    CHECK(!audit_log_def(SV("mail")));
}

TEST_BOTH(audit_search_by_word)
{
    id64 who[4];
    struct audit_entries page = {0};
    int64_t next;

    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof(name), "name%c", 'a' + i);
        who[i] = fixture_member(f, name, ROLE_MEMBER);
    }
    fill(f, who);
    struct audit_query q = {.log = audit_log_def(SV("console")), .word = SV("ＮＡＭＥＢ")};
    size_t hits = 0;
    for (int64_t before = 0;; before = next) {
        page.n = 0;
        REQUIRE(audit_log_search(&f->x, &q, before, 100, &page, &next));
        for (size_t i = 0; i < page.n; i++)
            CHECK_AT(i, page.v[i].actor.n == who[1].n || page.v[i].object.n == who[1].n);
        hits += page.n;
        if (!next)
            break;
    }
    CHECK(hits > 100);
    page.n = 0;
    q = (struct audit_query){.log = q.log, .act = SV("setting.change"), .word = SV("パスワード")};
    REQUIRE(audit_log_search(&f->x, &q, 0, 10, &page, &next));
    CHECK_INT((int64_t)page.n, 10);
    for (size_t i = 0; i < page.n; i++)
        CHECK_AT(i, sv_find(page.v[i].detail, SV("min_length"), NULL));
}

TEST(audit_query_is_read_as_written)
{
    struct fixture *f = fixture_new(false);
    const struct audit_query q = {.log = audit_log_def(SV("talk")), .from = SV("2026-01-01"), .to = SV("2026-02-01"), .actor = {5}, .object = {6}, .room = {7}, .receiver = {8},
                                  .act = SV("talk.post"), .ip = SV("::1"), .channel = SV("W"), .result = SV("refused"), .word = SV("森\"下")};
    struct audit_query back;
    struct str s = STR_IN(f->a), again = STR_IN(f->a);
    struct json j = JSON_TO(&s), k = JSON_TO(&again);

    json_open(&j, NULL);
    audit_query_write(&j, &q);
    json_close(&j);
    REQUIRE(audit_query_read(&f->x, str_sv(&s), &back));
    CHECK(audit_query_check(&f->x, &back));
    json_open(&k, NULL);
    audit_query_write(&k, &back);
    json_close(&k);
    CHECK_STR(str_sv(&again), str_sv(&s));
    fixture_free(&f);
}
