/* svc/contract/contract_test.c: opening once, and settings that are checked, stored and in force after the commit. */
#include "base/json.h"
#include "core/core_test.h"
#include "svc/contract/contract.h"

static size_t row(const char *key)
{
    size_t i;

    CHECK(policy_find(sv_c(key), &i));
    return i;
}

TEST_BOTH(contract_opens_once)
{
    CHECK(!contract_open(&f->x, SV("second"), 3));        /* the fixture's tenant is open */
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    fixture_call(f);
    CHECK(db_exec(f->d, "DELETE FROM tenant"));
    CHECK(tenant_load(f->t, &f->x));
    CHECK(!f->t->opened);
    CHECK(contract_open(&f->x, SV("first"), 3));
    CHECK(tenant_load(f->t, &f->x));
    CHECK(f->t->opened);
    CHECK_STR(str_sv(&f->t->workgroup), SV("first"));
    CHECK_INT(f->t->password_ops, 3);
    CHECK(!contract_open(&f->x, SV("again"), 3));
    CHECK_INT(f->x.failure.code, E_CONFLICT);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM tenant WHERE workgroup = 'first'"), 1);
}

TEST_BOTH(contract_setting_is_stored_and_in_force)
{
    size_t i = row("account.password.min_length");
    struct policy *p;

    for (int n = 0; n < 2; n++) {
        sv value = n ? SV("20") : SV("15");

        fixture_call(f);
        fixture_begin(f);
        CHECK(contract_setting_store(&f->x, i, value));
        p = tenant_policy(f->t);
        CHECK_INT(policy_int(p, "account.password.min_length"), n ? 15 : 12);     /* not before the commit */
        policy_unref(&p);
        CHECK(fixture_commit(f));
        for (int restart = 0; restart < 2; restart++) {
            p = tenant_policy(f->t);
            CHECK_STR(policy_value(p, i), value);
            policy_unref(&p);
            if (restart == 0)
                fixture_restart(f);
        }
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM setting"), 1);
    ROWS r = db_query(f->d, "SELECT value FROM setting");
    REQUIRE(rows_next(&r));
    CHECK_INT(sv_equal(row_blob(&r, 0), SV("20")), !f->sealed);
}

TEST_BOTH(contract_setting_refuses_what_is_not_allowed)
{
    static const struct { const char *key, *value; } t[] = {
        { "account.password.min_length", "7" }, { "account.password.min_length", "8..64" }, { "tenant.default_language", "fr" },
        { "account.idle_logout.console", "PT1M" }, { "tenant.company_name", "" }, { "member.invite.enabled", "yes" },
    };

    for (size_t k = 0; k < COUNT(t); k++) {
        fixture_call(f);
        fixture_begin(f);
        CHECK_AT(k, !contract_setting_store(&f->x, row(t[k].key), sv_c(t[k].value)));
        CHECK_INT_AT(k, f->x.failure.code, E_INVALID_VALUE);
        CHECK_STR_AT(k, sv_c(f->x.failure.field), SV("value"));
        CHECK_INT_AT(k, f->x.effects.n, 0);
        fixture_rollback(f);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM setting"), 0);
}

/* Settings that do not fit together are refused, also within one operation, and pass in an order that fits. */
TEST_BOTH(contract_settings_must_agree)
{
    PROVES("ACC-14");
    fixture_call(f);
    fixture_begin(f);
    CHECK(contract_setting_store(&f->x, row("account.password.max_length"), SV("20")));
    CHECK(contract_setting_store(&f->x, row("account.password.min_length"), SV("20")));
    CHECK(!contract_setting_store(&f->x, row("account.password.min_length"), SV("21")));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    CHECK_STR(sv_c(f->x.failure.field), SV("value"));
    failure_clear(&f->x.failure);
    CHECK(contract_setting_store(&f->x, row("account.password.max_length"), SV("64")));
    CHECK(contract_setting_store(&f->x, row("account.password.min_length"), SV("21")));
    CHECK(fixture_commit(f));
    fixture_setting(f, "account.password.min_length", "21");   /* what the next call finds */
    fixture_call(f);
    fixture_begin(f);
    CHECK(!contract_setting_store(&f->x, row("account.password.max_length"), SV("20")));
    fixture_rollback(f);
}

/* Every setting at each of its presets goes to the store and back: no two rows share a number there. */
TEST_BOTH(contract_settings_of_the_presets)
{
    size_t stored = 0;

    fixture_begin(f);
    for (size_t i = 0; i < policy_count(); i++) {
        struct failure bad = { 0 };
        const char *strict = policy_def(i)->strict;

        if (!policy_check(i, sv_c(strict), &bad))
            continue;
        fixture_call(f);
        CHECK_AT(i, contract_setting_store(&f->x, i, sv_c(strict)));
        stored++;
    }
    fixture_call(f);
    CHECK(fixture_commit(f));
    CHECK(stored > 200);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM setting"), stored);
    fixture_restart(f);
    for (size_t i = 0; i < policy_count(); i++) {
        struct failure bad = { 0 };

        if (policy_check(i, sv_c(policy_def(i)->strict), &bad))
            CHECK_STR_AT(i, policy_value(f->x.policy, i), sv_c(policy_def(i)->strict));
    }
}

static struct setting_changes *changes(struct fixture *f, const char *const *pairs, size_t n)
{
    struct setting_changes *c = ANEW(f->a, struct setting_changes);

    for (size_t k = 0; k < n; k++)
        *PUSH(f->a, c) = (struct setting_change){.i = row(pairs[2 * k]), .value = sv_c(pairs[2 * k + 1])};
    return c;
}
#define CHANGES(f, ...) changes(f, (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})) / 2)

static sv detail(struct fixture *f, size_t n, const char *name)
{
    struct json_value v;

    CHECK(json_read(f->a, f->x.audits.v[n].detail, &v, NULL));
    const struct json_value *m = json_get(&v, sv_c(name));
    return m ? m->text : SV_NONE;
}

TEST_BOTH(contract_changes_write_old_and_new)
{
    PROVES("AUD-08");
    fixture_call(f);
    fixture_begin(f);
    CHECK(contract_setting_store(&f->x, row("tenant.company_name"), SV("縁側 \"商店\"")));
    CHECK(fixture_commit(f));
    fixture_call(f);
    fixture_begin(f);
    struct setting_changes *c = CHANGES(f, "tenant.company_name", "別\\名", "tenant.default_language", "ja",
                                        "account.password.min_length", "15");
    CHECK(contract_settings_change(&f->x, c));
    CHECK_INT(c->n, 2);                                   /* the language was Japanese already */
    CHECK_INT(f->x.audits.n, 2);
    CHECK_STR(detail(f, 0, "key"), SV("tenant.company_name"));
    CHECK_STR(detail(f, 0, "old"), SV("縁側 \"商店\""));
    CHECK_STR(detail(f, 0, "new"), SV("別\\名"));
    CHECK_STR(detail(f, 1, "key"), SV("account.password.min_length"));
    CHECK_STR(detail(f, 1, "old"), SV("12"));
    CHECK(fixture_commit(f));
    fixture_restart(f);
    CHECK_STR(policy_text(f->x.policy, "tenant.company_name"), SV("別\\名"));
    CHECK_INT(policy_int(f->x.policy, "account.password.min_length"), 15);
}

/* All or none, and judged as a whole: each order of two that fit together only afterwards is fine. */
TEST_BOTH(contract_changes_are_judged_together)
{
    static const struct { const char *pairs[4]; enum err code; const char *field; } t[] = {
        { { "tenant.company_name", "x", "account.password.min_length", "7" }, E_INVALID_VALUE, "account.password.min_length" },
        { { "tenant.default_language", "xx", "account.password.min_length", "15" }, E_INVALID_VALUE, "tenant.default_language" },
        { { "account.password.min_length", "40", "account.password.max_length", "20" }, E_INVALID_VALUE, "account.password.min_length" },
        { { "tenant.company_name", "x", "monitor.talk.report_cycle", "daily" }, E_NOT_YET, NULL },
        { { "tenant.company_name", "x", "tenant.workgroup_name", "other" }, E_DENIED, NULL },
        { { "account.password.min_length", "40", "account.password.max_length", "64" }, E_NONE, NULL },
        { { "account.password.max_length", "20", "account.password.min_length", "12" }, E_NONE, NULL },
    };

    for (size_t k = 0; k < COUNT(t); k++) {
        fixture_call(f);
        fixture_begin(f);
        bool ok = contract_settings_change(&f->x, changes(f, t[k].pairs, 2));
        CHECK_INT_AT(k, ok, t[k].code == E_NONE);
        CHECK_INT_AT(k, f->x.failure.code, t[k].code);
        CHECK_STR_AT(k, sv_c(f->x.failure.field), sv_c(t[k].field));
        if (ok) {
            CHECK_AT(k, fixture_commit(f));
            continue;
        }
        CHECK_INT_AT(k, f->x.effects.n, 0);
        CHECK_INT_AT(k, FIXTURE_INT(f, "SELECT COUNT(*) FROM setting"), 0);
        fixture_rollback(f);
    }
}

/* Two changes of one transaction see each other, though the first holds only from its commit on. */
TEST_BOTH(contract_changes_see_those_before_them)
{
    fixture_call(f);
    fixture_begin(f);
    CHECK(contract_settings_change(&f->x, CHANGES(f, "account.password.min_length", "40")));
    CHECK(!contract_settings_change(&f->x, CHANGES(f, "account.password.max_length", "20")));
    CHECK_INT(f->x.failure.code, E_INVALID_VALUE);
    fixture_rollback(f);
    fixture_call(f);
    fixture_begin(f);
    CHECK(contract_settings_change(&f->x, CHANGES(f, "tenant.company_name", "一")));
    CHECK(contract_settings_change(&f->x, CHANGES(f, "tenant.company_name", "二")));
    CHECK_STR(detail(f, 1, "old"), SV("一"));
    CHECK(fixture_commit(f));
}

static void make_change(struct fixture *f, id64 by, const char *key, const char *value)
{
    struct tree t = f->t->tree;

    fixture_as(f, by);
    fixture_begin(f);
    CHECK(contract_settings_change(&f->x, CHANGES(f, key, value)));
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &t, f->x.audits.v, f->x.audits.n));
    CHECK(fixture_commit(f));
    f->t->tree = t;
}

TEST_BOTH(contract_history_of_a_setting)
{
    id64 mori = fixture_member(f, "mori", ROLE_SUPER_ADMIN);
    struct setting_pasts past = {0};
    struct setting_touches touches = {0};
    int64_t next = -1;

    for (int n = 0; n < 250; n++)                         /* more than a page of other settings' rows between */
        make_change(f, mori, "tenant.company_name", sv_cstr(f->a, sv_printf(f->a, "社名%d", n)));
    make_change(f, mori, "tenant.default_language", "en");
    make_change(f, mori, "tenant.company_name", "終");
    CHECK(contract_setting_history(&f->x, row("tenant.default_language"), 0, 0, 50, &past, &next));
    REQUIRE(past.n == 1);
    CHECK_INT(next, 0);
    CHECK_STR(past.v[0].old, SV("ja"));
    CHECK_STR(past.v[0].value, SV("en"));
    CHECK_STR(past.v[0].by_name, SV("mori"));
    CHECK_INT(past.v[0].by.n, mori.n);
    past.n = 0;
    CHECK(contract_setting_history(&f->x, row("tenant.company_name"), 0, 0, 50, &past, &next));
    CHECK_INT(past.n, 50);
    CHECK_INT(next, past.v[49].seq);
    CHECK_STR(past.v[0].value, SV("終"));
    CHECK_STR(past.v[0].old, SV("社名249"));
    int64_t last = next;
    past.n = 0;
    CHECK(contract_setting_history(&f->x, row("tenant.company_name"), 0, last, 500, &past, &next));
    CHECK_INT(past.n, 201);
    CHECK_INT(next, 0);
    CHECK_STR(past.v[200].value, SV("社名0"));
    past.n = 0;
    CHECK(contract_setting_history(&f->x, row("tenant.time_zone"), 0, 0, 50, &past, &next));
    CHECK_INT(past.n, 0);
    CHECK(contract_setting_touches(&f->x, &touches));
    CHECK_INT(touches.n, 2);
    for (size_t k = 0; k < touches.n; k++)
        CHECK_STR_AT(k, touches.v[k].by_name, SV("mori"));
}

/* Rows of any setting's change without the store of it: what a log of years holds. */
static void make_rows(struct fixture *f, size_t n, const char *key)
{
    struct audit_row *v = ANEWN(f->a, struct audit_row, n);
    struct tree t = f->t->tree;

    fixture_call(f);
    fixture_begin(f);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct audit_row){.kind = AUDIT_SETTING, .time_ms = f->x.now_ms, .ip = SV(""), .count = 1,
                                  .detail = sv_printf(f->a, "{\"key\":\"%s\",\"old\":\"a\",\"new\":\"b\"}", key)};
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &t, v, n));
    CHECK(fixture_commit(f));
    f->t->tree = t;
}

TEST_BOTH(contract_history_looks_at_so_many_rows_and_within_its_time)
{
    size_t i = row("tenant.time_zone");
    struct setting_pasts past = {0};
    int64_t next, calls = 0;

    make_rows(f, 1, "tenant.time_zone");
    int64_t later = ++f->x.now_ms;
    make_rows(f, 1, "tenant.time_zone");
    make_rows(f, 2 * HISTORY_LOOKS, "tenant.company_name");
    CHECK(contract_setting_history(&f->x, i, 0, 0, 50, &past, &next));
    CHECK_INT(past.n, 0);
    CHECK(next > 2);                                      /* it stopped on the way, and says where */
    for (calls = 1; next && calls < 10; calls++)
        CHECK(contract_setting_history(&f->x, i, 0, next, 50, &past, &next));
    CHECK_INT(calls, 3);
    CHECK_INT(past.n, 2);
    past.n = 0;
    CHECK(contract_setting_history(&f->x, i, later, 10, 50, &past, &next));
    CHECK_INT(past.n, 1);                                 /* the older one is beyond the term */
    CHECK_INT(next, 0);
}
