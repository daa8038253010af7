/* core/policy_test.c: the compiled table of settings is the specification's, row by row (test/golden/settings.tsv). */
#include "base/test.h"
#include "core/policy.h"

#include <stdio.h>
#include <string.h>

#define TEN "012345678901234567890123456789"

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
    CHECK_INT(policy_count(), 211);
}

TEST(policy_keys_are_unique)
{
    for (size_t i = 0; i < policy_count(); i++) {
        size_t first;

        CHECK_AT(i, policy_find(sv_c(policy_def(i)->key), &first));
        CHECK_INT_AT(i, first, i);
    }
}

/* "given at opening" and an empty text are no values but words for: not set. These rows and no others have them. */
static const char *const placeholders[] = {
    "tenant.workgroup_name", "tenant.company_name", "mobile.mdm.third_party_secret", "monitor.drive.policy.keyword",
};

static bool is_placeholder(const char *key)
{
    for (size_t i = 0; i < COUNT(placeholders); i++)
        if (strcmp(placeholders[i], key) == 0)
            return true;
    return false;
}

/* A default that the check itself refuses could never be put back; nor could a preset be chosen. */
TEST(policy_defaults_are_allowed)
{
    size_t exceptions = 0;

    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);
        const char *const values[] = { d->dflt, d->strict, d->paper };

        for (size_t k = 0; k < COUNT(values); k++) {
            struct failure f = { 0 };

            bool given = strcmp(values[k], "given at opening") == 0;
            if (is_placeholder(d->key)) {
                CHECK_AT(i, given || !policy_check(i, sv_c(values[k]), &f));
                exceptions += k == 0;
                continue;
            }
            CHECK_AT(i, !given);
            if (!CHECK_AT(i, policy_check(i, sv_c(values[k]), &f)))
                printf("    %s does not allow its own \"%s\" (%s)\n", d->key, values[k], d->allowed);
        }
    }
    CHECK_INT(exceptions, COUNT(placeholders));
}

TEST(policy_check_refuses_what_is_not_allowed)
{
    static const struct { const char *key, *value; bool ok; } t[] = {
        { "network.country.allowed", "JP|US", true }, { "network.country.allowed", "JP|us", false },
        { "network.country.allowed", "JPN", false }, { "network.country.allowed", "JP|JP", false },
        { "platform.home_country", "JP", true }, { "platform.home_country", "", false },
        { "tenant.default_language", "en", true }, { "tenant.default_language", "fr", false },
        { "tenant.time_zone", "Europe/Berlin", true }, { "tenant.time_zone", "a b", false },
        { "tenant.time_zone", "Mars/Base", false },
        { "member.field.editable", "sns:member", true }, { "member.field.editable", "*:unused,sns:member,birthday:admin", true },
        { "member.field.editable", "", false }, { "member.field.editable", "sns", false }, { "member.field.editable", "sns:", false },
        { "member.field.editable", "sns:all", false }, { "member.field.editable", "family:member", false },
        { "member.field.editable", "sns:member,sns:admin", false }, { "member.field.editable", "*:admin,*:member", false },
        { "member.field.editable", "sns:member,", false }, { "member.field.editable", ":member", false },
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

/* What stands in `allowed` describes values; a range, a remark or the whole list is none. */
TEST(policy_check_refuses_its_own_description)
{
    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);
        sv rest = sv_c(d->allowed), part;
        struct failure f = { 0 };

        if (d->type == LIST || d->type == TEXT_)
            continue;
        if (sv_find(rest, SV("|"), NULL) && d->type != SET)
            CHECK_AT(i, !policy_check(i, rest, &f));
        while (sv_cut(&rest, '|', &part))
            if (sv_find(part, SV(".."), NULL) || sv_find(part, SV(" "), NULL))
                CHECK_AT(i, !policy_check(i, part, &f));
        CHECK_AT(i, !policy_check(i, SV(""), &f));
        CHECK_AT(i, !policy_check(i, SV_NONE, &f));
        CHECK_AT(i, !policy_check(i, SV("true\n"), &f));
    }
}

TEST(policy_check_bounds)
{
    static const struct { const char *key, *value; bool ok; } t[] = {
        { "account.password.min_length", "8", true }, { "account.password.min_length", "64", true },
        { "account.password.min_length", "7", false }, { "account.password.min_length", "65", false },
        { "account.password.min_length", "-8", false }, { "account.password.min_length", "12x", false },
        { "account.password.min_length", "12.0", false }, { "account.password.min_length", " 12", false },
        { "account.password.min_length", "none", false }, { "account.password.min_length", "P1D", false },
        { "account.password.min_length", "99999999999999999999", false },
        { "account.password.reuse_generations", "0", true }, { "account.password.reuse_generations", "6", false },
        { "account.password.max_length", "64", true }, { "account.password.max_length", "65", false },
        { "plan.seats", "none", true }, { "plan.seats", "1", true }, { "plan.seats", "1000000", true },
        { "plan.seats", "0", false }, { "plan.seats", "1000001", false },
        { "platform.throttle.login_per_ip", "5", true }, { "platform.throttle.login_per_ip", "1000", true },
        { "platform.throttle.login_per_ip", "1001", false }, { "platform.throttle.login_per_ip", "4", false },
        { "account.idle_logout.console", "PT15M", true }, { "account.idle_logout.console", "PT12H", true },
        { "account.idle_logout.console", "PT14M59S", false }, { "account.idle_logout.console", "PT12H1S", false },
        { "account.idle_logout.console", "PT90M", true }, { "account.idle_logout.console", "none", false },
        { "account.idle_logout.console", "PT15M..PT12H", false }, { "account.idle_logout.console", "15M", false },
        { "account.idle_logout.browser", "none", true }, { "account.idle_logout.browser", "P7D", true },
        { "account.idle_logout.browser", "P8D", false }, { "account.idle_logout.browser", "PT30M", true },
        { "talk.take_back", "PT0S", true }, { "talk.take_back", "P7D", true }, { "talk.take_back", "P7DT1S", false },
        { "account.two_step.remember", "P0D", true }, { "account.two_step.remember", "P91D", false },
        { "talk.file_retention", "P3M", true }, { "talk.file_retention", "P4M", false },
        { "plan.storage_quota", "1GB", true }, { "plan.storage_quota", "1PB", true },
        { "plan.storage_quota", "1023MB", false }, { "plan.storage_quota", "2PB", false },
        { "talk.room_storage_quota", "none", true }, { "talk.room_storage_quota", "1GB", true }, { "talk.room_storage_quota", "2GB", false },
        { "plan.storage_quota", "1gb", false }, { "plan.storage_quota", "0GB", false }, { "plan.storage_quota", "GB", false },
        { "talk.file_max_size", "5MB", true }, { "talk.file_max_size", "6MB", false },
        { "monitor.drive.policy.min_bytes", "none", true }, { "monitor.drive.policy.min_bytes", "1TB", true },
        { "monitor.drive.policy.min_bytes", "2TB", false },
        { "network.ip.allowed", "{}", true }, { "network.ip.allowed", "192.0.2.1", true },
        { "network.ip.allowed", "192.0.2.0/24 \xe6\x9c\xac\xe7\xa4\xbe\n2001:db8::/32\n192.0.2.1-192.0.2.9 VPN out", true },
        { "network.ip.allowed", "", false }, { "network.ip.allowed", "192.0.2.1\n", false }, { "network.ip.allowed", "\n192.0.2.1", false },
        { "network.ip.allowed", "192.0.2.1\n\n192.0.2.2", false }, { "network.ip.allowed", "192.0.2.1/33", false },
        { "network.ip.allowed", " 192.0.2.1", false }, { "network.ip.allowed", "192.0.2.1\tnote", false },
        { "network.ip.allowed", "192.0.2.1 a\x01", false }, { "network.ip.allowed", "192.0.2.1 a\xff", false },
        { "network.ip.allowed", "{}\n192.0.2.1", false }, { "network.ip.allowed", "192.0.2.1 0123456789" TEN TEN TEN, true },
        { "network.ip.allowed", "192.0.2.1 0123456789x" TEN TEN TEN, false },
        { "network.ip.exempt_members", "{}", true }, { "network.ip.exempt_members", "12|13", true },
        { "network.ip.exempt_members", "mori", false },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct failure f = { 0 };
        size_t row;

        CHECK_AT(i, policy_find(sv_c(t[i].key), &row));
        CHECK_INT_AT(i, policy_check(row, sv_c(t[i].value), &f), t[i].ok);
        CHECK_INT_AT(i, f.code, t[i].ok ? E_NONE : E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f.field), sv_c(t[i].ok ? NULL : "value"));
    }
}

TEST(policy_check_sets_and_texts)
{
    static const struct { const char *key, *value; bool ok; } t[] = {
        { "mail.external_clients", "{}", true }, { "mail.external_clients", "imap", true },
        { "mail.external_clients", "pop3|imap", true }, { "mail.external_clients", "imap|imap", false },
        { "mail.external_clients", "imap|", false }, { "mail.external_clients", "|imap", false },
        { "mail.external_clients", "imap|ftp", false }, { "mail.external_clients", "{}|imap", false },
        { "mail.external_clients", "IMAP", false }, { "mail.external_clients", "imap, smtp", false },
        { "account.two_step.methods", "app", true }, { "account.two_step.methods", "{}", false },
        { "account.two_step.methods", "mail (one or more)", false },
        { "file.type.extensions", "exe|7z", true }, { "file.type.extensions", "EXE", false },
        { "file.type.extensions", ".exe", false }, { "file.type.extensions", "abcdefghij", true },
        { "file.type.extensions", "abcdefghijk", false }, { "file.type.extensions", "{}", true },
        { "external.line.members", "12|9223372036854775807", true }, { "external.line.members", "0", false },
        { "external.line.members", "member ids of the tenant", false }, { "external.line.members", "12|12", false },
        { "monitor.talk.policy.words", "\n", true }, { "monitor.talk.policy.words", "a\x1b", false },
        { "external.line.greeting_text", "", true }, { "external.line.greeting_text", "縁側\nです", true },
        { "external.line.greeting_text", "a\tb", false },
        { "mobile.mdm.third_party_secret", "0123456789012345678901234567890", false },
        { "mobile.mdm.third_party_secret", "01234567890123456789012345678901", true },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct failure f = { 0 };
        size_t row;

        CHECK_AT(i, policy_find(sv_c(t[i].key), &row));
        CHECK_INT_AT(i, policy_check(row, sv_c(t[i].value), &f), t[i].ok);
    }
}

/* A list of words is as long as its words together, not as one of them. */
TEST(policy_check_lengths_of_texts_and_lists)
{
    static const struct { const char *key; size_t n; bool ok; } t[] = {
        { "external.line.greeting_text", 500, true }, { "external.line.greeting_text", 501, false },
        { "tenant.company_name", 100, true }, { "tenant.company_name", 101, false },
        { "monitor.talk.policy.words", 2019, true }, { "monitor.talk.policy.words", 10001, false },
        { "file.type.extensions", 201 * 4, false },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct failure f = { 0 };
        struct str s = STR_IN(a);
        size_t row;

        while (strcmp(t[i].key, "file.type.extensions") != 0 && s.n < 3 * t[i].n)
            str_c(&s, "縁");                              /* three bytes, one character */
        for (int k = 0; s.n < t[i].n; k++)
            str_printf(&s, k ? "|%03d" : "%03d", k);
        CHECK_AT(i, policy_find(sv_c(t[i].key), &row));
        CHECK_INT_AT(i, policy_check(row, str_sv(&s), &f), t[i].ok);
    }
    arena_free(&a);
}

/* Every value that the process reads by its type is one that can be read: nothing that was let in ends it. */
TEST(policy_defaults_are_read_by_type)
{
    struct policy *p = policy_new();

    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);

        CHECK_STR_AT(i, policy_value(p, i), sv_c(d->dflt));
        CHECK_STR_AT(i, policy_text(p, d->key), sv_c(d->dflt));
        if (d->type == INT)
            CHECK_AT(i, policy_int(p, d->key) >= -1);
        if (d->type == DURATION)
            CHECK_INT_AT(i, policy_ms(p, d->key) == -1, strcmp(d->dflt, "none") == 0);
        if (d->type == BOOL)
            CHECK_INT_AT(i, policy_bool(p, d->key), strcmp(d->dflt, "true") == 0);
    }
    policy_unref(&p);
    CHECK(p == NULL);
    policy_unref(&p);                                     /* of nothing: fine */
}

TEST(policy_unobeyed_list_names_rows)
{
    FILE *f = fopen("src/core/policy_unobeyed.txt", "r");
    char line[256];
    size_t listed = 0, unobeyed = 0;

    REQUIRE(f != NULL);
    for (size_t i; fgets(line, sizeof(line), f);) {
        line[strcspn(line, " \n")] = 0;                 /* "partly" may follow */
        if (line[0] == '#' || line[0] == 0)
            continue;
        listed++;
        if (!CHECK(policy_find(sv_c(line), &i)) || !CHECK(!policy_obeyed(i)))
            printf("    %s\n", line);
    }
    fclose(f);
    for (size_t i = 0; i < policy_count(); i++)
        unobeyed += !policy_obeyed(i);
    CHECK_INT(unobeyed, listed);
    size_t i;
    CHECK(policy_find(SV("account.idle_logout.console"), &i) && policy_obeyed(i));
}

/* A snapshot never changes under its reader and lives as long as anybody holds it. */
TEST(policy_snapshots)
{
    struct policy *p, *q, *held;
    size_t name, length;

    REQUIRE(policy_find(SV("tenant.company_name"), &name));
    REQUIRE(policy_find(SV("account.password.min_length"), &length));
    p = policy_new();
    policy_set(p, name, SV("縁側"));
    policy_set(p, name, SV("縁側商店"));
    held = policy_ref(p);
    q = policy_copy(p);
    policy_set(q, length, SV("20"));
    policy_unref(&p);
    CHECK_STR(policy_value(held, name), SV("縁側商店"));  /* the other reference was given up, this one holds */
    CHECK_INT(policy_int(held, "account.password.min_length"), 12);
    CHECK_STR(policy_value(q, name), SV("縁側商店"));
    CHECK_INT(policy_int(q, "account.password.min_length"), 20);
    policy_set(q, name, SV(""));                          /* empty is a value of its own, not "as default" */
    CHECK_STR(policy_value(q, name), SV(""));
    policy_unref(&held);
    CHECK_INT(policy_int(q, "account.password.min_length"), 20);
    policy_unref(&q);
}

TEST(policy_ranges_are_read_once_and_whole)
{
    struct str v = { 0 };
    struct failure f = { 0 };
    struct ip in, out;
    size_t row;

    REQUIRE(policy_find(SV("network.ip.allowed"), &row) && ip_parse(SV("10.3.231.1"), &in) && ip_parse(SV("10.3.232.1"), &out));
    for (int i = 0; i < 1000; i++)
        str_printf(&v, "%s10.%d.%d.0/24 no. %d", i ? "\n" : "", i / 256, i % 256, i);
    CHECK(policy_check(row, str_sv(&v), &f));
    struct policy *p = policy_new();
    CHECK_INT(policy_ranges(p, "network.ip.allowed"), 0);
    CHECK(!policy_in_ranges(p, "network.ip.allowed", in));
    policy_set(p, row, str_sv(&v));
    struct policy *copy = policy_copy(p);
    CHECK_INT(policy_ranges(copy, "network.ip.allowed"), 1000);
    CHECK(policy_in_ranges(copy, "network.ip.allowed", in));
    CHECK(!policy_in_ranges(copy, "network.ip.allowed", out));
    policy_set(p, row, SV("10.3.232.0/24"));
    CHECK(!policy_in_ranges(p, "network.ip.allowed", in) && policy_in_ranges(p, "network.ip.allowed", out));
    policy_set(p, row, SV("{}"));
    CHECK_INT(policy_ranges(p, "network.ip.allowed"), 0);
    str_put(&v, SV("\n10.4.0.1"));
    CHECK(!policy_check(row, str_sv(&v), &f));            /* one too many */
    policy_unref(&p);
    policy_unref(&copy);
    str_release(&v);
}
