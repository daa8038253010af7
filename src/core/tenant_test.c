/* core/tenant_test.c: tickets of WebSockets, and what the memory holds after loading. */
#include "core/core_test.h"

#define OWN SV("https://localhost:8443")

struct opened {
    struct session *s;
    id64 id;
};

static struct opened opened(struct fixture *f, const char *login)
{
    SECRET token = { 0 };
    struct opened o = { .id = fixture_session(f, fixture_member(f, login, ROLE_MEMBER), ID_NONE, false, &token) };

    o.s = session_find(&f->x, f->t->sessions, secret_view(&token), false);
    CHECK(o.s != NULL);
    return o;
}

static bool use(struct fixture *f, const struct secret *ticket, sv origin, int64_t after_ms, id64 session)
{
    struct session *s = ticket_use(f->t, secret_view(ticket), origin, FIXTURE_NOW + after_ms);
    bool ok = s && s->id.n == session.n;

    session_unref(&s);
    return ok;
}

TEST_BOTH(ticket_works_once_in_time_for_its_origin)
{
    static const struct { int64_t first_ms; const char *origin; bool first; } t[] = {
        { 0, "https://localhost:8443", true }, { TICKET_SECONDS * 1000, "https://localhost:8443", true },
        { TICKET_SECONDS * 1000 + 1, "https://localhost:8443", false }, { 0, "https://evil.example", false },
        { 0, "", false }, { 0, "null", false }, { 0, "https://localhost:8443/", false },
    };
    struct opened o = opened(f, "mori");

    PROVES("B4.08");
    for (size_t i = 0; i < COUNT(t); i++) {
        SECRET ticket = { 0 };

        CHECK_AT(i, ticket_new(f->t, o.s, OWN, FIXTURE_NOW, &ticket));
        CHECK_INT_AT(i, use(f, &ticket, sv_c(t[i].origin), t[i].first_ms, o.id), t[i].first);
        CHECK_AT(i, !use(f, &ticket, OWN, 0, o.id));      /* used up by asking, whatever the answer was */
    }
    session_unref(&o.s);
}

TEST_BOTH(ticket_is_bound_to_its_session)
{
    struct opened a = opened(f, "mori"), b = opened(f, "oka");
    SECRET one = { 0 }, two = { 0 }, gone = { 0 }, unknown = { 0 };

    PROVES("B4.08");
    CHECK(ticket_new(f->t, a.s, OWN, FIXTURE_NOW, &one) && ticket_new(f->t, b.s, OWN, FIXTURE_NOW, &two));
    CHECK(ticket_new(f->t, b.s, OWN, FIXTURE_NOW, &gone));
    CHECK(!secret_equal(&one, &two));
    CHECK(use(f, &two, OWN, 0, b.id));
    sessions_end(f->t->sessions, b.id);
    CHECK(!use(f, &gone, OWN, 0, b.id));                  /* an ended session has no ticket */
    CHECK(use(f, &one, OWN, 0, a.id));
    token_new(&unknown);
    CHECK(!use(f, &unknown, OWN, 0, a.id));
    CHECK(ticket_use(f->t, SV(""), OWN, FIXTURE_NOW) == NULL);
    CHECK(ticket_use(f->t, SV("x"), OWN, FIXTURE_NOW) == NULL);
    session_unref(&a.s);
    session_unref(&b.s);
}

/* The box is bounded: the oldest gives way, the newest work. */
TEST(ticket_oldest_gives_way)
{
    struct fixture *f = fixture_new(false);
    struct opened o = opened(f, "mori");
    SECRET oldest = { 0 }, second = { 0 }, more = { 0 };

    CHECK(ticket_new(f->t, o.s, OWN, FIXTURE_NOW, &oldest) && ticket_new(f->t, o.s, OWN, FIXTURE_NOW, &second));
    for (int i = 0; i < 4095; i++)
        CHECK(ticket_new(f->t, o.s, OWN, FIXTURE_NOW, &more));
    CHECK(!use(f, &oldest, OWN, 0, o.id));
    CHECK(use(f, &second, OWN, 0, o.id));
    CHECK(use(f, &more, OWN, 0, o.id));
    session_unref(&o.s);
    fixture_free(&f);
}

TEST_BOTH(tenant_load_reads_what_was_committed)
{
    size_t i;
    int64_t seq;

    CHECK(f->t->opened);
    CHECK_STR(str_sv(&f->t->workgroup), SV("engawa"));
    CHECK_INT(f->t->password_ops, 2);
    CHECK_INT(f->t->pos, 0);
    CHECK(policy_find(SV("tenant.company_name"), &i));
    CHECK(db_exec(f->d, "INSERT INTO setting (id, key, value, changed_ms, changed_by) VALUES (9, 'tenant.company_name', $1, 0, 0)",
                  SEALED("setting.value", 9, SV("縁側商店"))));
    CHECK(db_exec(f->d, "INSERT INTO setting (id, key, value, changed_ms, changed_by) VALUES (10, 'no.such.setting', $1, 0, 0)",
                  SEALED("setting.value", 10, SV("x"))));
    CHECK(db_exec(f->d, "INSERT INTO event (pos, made_ms, topic, kind, data) VALUES (41, 0, 1, 'x', $1)",
                  SEALED("event.data", 41, SV("{}"))));
    tenant_seq_set(f->t, 5, 99);                          /* ahead of the store, as after a failed COMMIT */
    f->t->pos = 1000;
    CHECK(tenant_load(f->t, &f->x));
    CHECK_INT(f->t->pos, 41);
    CHECK(!tenant_seq(f->t, 5, &seq));
    struct policy *p = tenant_policy(f->t);
    CHECK_STR(policy_value(p, i), SV("縁側商店"));
    CHECK_STR(policy_value(f->x.policy, i), SV("given at opening"));      /* a snapshot stays as it was taken */
    tenant_setting(f->t, i, SV("別の商店"));
    CHECK_STR(policy_value(p, i), SV("縁側商店"));
    policy_unref(&p);
    p = tenant_policy(f->t);
    CHECK_STR(policy_value(p, i), SV("別の商店"));
    policy_unref(&p);
}

TEST_BOTH(tenant_seqs)
{
    int64_t seq = -1;

    CHECK(!tenant_seq(f->t, 1, &seq));
    for (int64_t room = 1; room <= 500; room++)
        tenant_seq_set(f->t, room, room * 2);
    tenant_seq_set(f->t, 7, 1);
    for (int64_t room = 1; room <= 500; room++) {
        CHECK_AT(room, tenant_seq(f->t, room, &seq));
        CHECK_INT_AT(room, seq, room == 7 ? 1 : room * 2);
    }
}
