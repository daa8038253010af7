/* core/policy_test.c: the compiled table of settings is the specification's, row by row (test/golden/settings.tsv). */
#include "base/test.h"
#include "core/policy.h"

#include <stdio.h>
#include <string.h>

/* The next of the tab-separated columns; `same` stands for "=", which means: as the default. */
static sv column(sv *rest, sv same)
{
    sv part = SV_NONE;

    CHECK(sv_cut(rest, '\t', &part));
    return part.n == 1 && part.p[0] == '=' ? same : part;
}

static sv plan_name(enum policy_plan p)
{
    return p == ALL ? SV("all") : p == PAID ? SV("paid") : SV("advanced");
}

/* One line of the golden file against its row, which is found by key: the table is grouped by menu. */
static void compare(size_t line, sv text)
{
    sv key = column(&text, SV_NONE), dflt;
    const struct policy_def *d;
    size_t i;

    CHECK_AT(line, policy_find(key, &i));
    if (i == policy_count())
        return;
    d = policy_def(i);
    CHECK_STR_AT(line, sv_c(d->requirement), column(&text, SV_NONE));
    CHECK_STR_AT(line, sv_c(policy_type_name(d->type)), column(&text, SV_NONE));
    CHECK_STR_AT(line, sv_c(d->allowed), column(&text, SV_NONE));
    dflt = column(&text, SV_NONE);
    CHECK_STR_AT(line, sv_c(d->dflt), dflt);
    CHECK_STR_AT(line, sv_c(d->strict), column(&text, dflt));
    CHECK_STR_AT(line, sv_c(d->paper), column(&text, dflt));
    CHECK_STR_AT(line, plan_name(d->plan), column(&text, SV_NONE));
    CHECK_STR_AT(line, sv_c(d->menu), column(&text, SV_NONE));
    CHECK_STR_AT(line, sv_c(d->ja), column(&text, SV_NONE));
    CHECK_STR_AT(line, sv_c(d->en), column(&text, SV_NONE));
    CHECK_INT_AT(line, text.n, 0);
}

TEST(policy_table_is_the_specification)
{
    FILE *f = fopen("test/golden/settings.tsv", "r");
    char line[4096];
    size_t n = 0;

    REQUIRE(f != NULL);
    while (fgets(line, sizeof line, f)) {
        sv text = sv_upto(sv_c(line), strcspn(line, "\n"));

        if (n++ > 0)
            compare(n, text);
    }
    fclose(f);
    CHECK_INT(n - 1, policy_count());
    CHECK_INT(policy_count(), 209);
}

TEST(policy_keys_are_unique)
{
    for (size_t i = 0; i < policy_count(); i++) {
        size_t first;

        CHECK_AT(i, policy_find(sv_c(policy_def(i)->key), &first));
        CHECK_INT_AT(i, first, i);
    }
}

/* A default that the check itself refuses could never be put back. An empty text means: not set. */
TEST(policy_defaults_are_allowed)
{
    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);
        const char *const values[] = { d->dflt, d->strict, d->paper };

        for (size_t k = 0; k < COUNT(values); k++) {
            struct failure f = { 0 };

            if (strcmp(values[k], "given at opening") == 0 || (d->type == TEXT_ && values[k][0] == '\0'))
                continue;
            if (!CHECK_AT(i, policy_check(i, sv_c(values[k]), &f)))
                printf("    %s does not allow its own \"%s\" (%s)\n", d->key, values[k], d->allowed);
        }
    }
}

TEST(policy_check_refuses_what_is_not_allowed)
{
    static const struct { const char *key, *value; bool ok; } t[] = {
        { "network.country.allowed", "JP|US", true }, { "network.country.allowed", "JP|us", false },
        { "network.country.allowed", "JPN", false }, { "network.country.allowed", "JP|JP", false },
        { "platform.home_country", "JP", true }, { "platform.home_country", "", false },
        { "tenant.default_language", "en", true }, { "tenant.default_language", "fr", false },
        { "tenant.time_zone", "Europe/Berlin", true }, { "tenant.time_zone", "a b", false },
        { "member.invite.enabled", "true", true }, { "member.invite.enabled", "1", false },
        { "tenant.company_name", "", false }, { "tenant.company_name", "縁側", true },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct failure f = { 0 };
        size_t row;

        CHECK_AT(i, policy_find(sv_c(t[i].key), &row));
        CHECK_INT_AT(i, policy_check(row, sv_c(t[i].value), &f), t[i].ok);
        CHECK_INT_AT(i, f.code == E_NONE, t[i].ok);
    }
}
