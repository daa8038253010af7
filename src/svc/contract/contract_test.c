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

TEST_BOTH(contract_setting_change_says_old_and_new)
{
    struct json_value v;

    fixture_setting(f, "tenant.company_name", "縁側 \"商店\"");
    CHECK(json_read(f->a, contract_setting_change(&f->x, row("tenant.company_name"), SV("別\\名")), &v, NULL));
    CHECK_STR(json_get(&v, SV("key"))->text, SV("tenant.company_name"));
    CHECK_STR(json_get(&v, SV("old"))->text, SV("縁側 \"商店\""));
    CHECK_STR(json_get(&v, SV("new"))->text, SV("別\\名"));
}
