/* core/policy_help_test.c: every setting has its words in both languages, each its own; every value has a name. */
#include "base/test.h"
#include "base/utf8.h"
#include "core/policy_help.h"

#include <stdio.h>

#define PARTS 6

static void parts(const struct policy_help *h, sv out[PARTS])
{
    const char *const all[PARTS] = {h->ja.help, h->ja.risk, h->ja.example, h->en.help, h->en.risk, h->en.example};

    for (size_t k = 0; k < PARTS; k++)
        out[k] = sv_c(all[k]);
}

static bool has_kana(sv text)
{
    uint32_t cp;

    for (size_t at = 0; utf8_next(text, &at, &cp);)
        if (cp >= 0x3041 && cp <= 0x30FA)
            return true;
    return false;
}

static bool is_latin(sv text)
{
    uint32_t cp;

    for (size_t at = 0; utf8_next(text, &at, &cp);)
        if (cp > 0x2E80)
            return false;
    return true;
}

TEST(policy_help_has_six_texts_of_every_setting)
{
    CHECK_INT(policy_help_count(), policy_count());
    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_help *h = policy_help(i);
        sv text[PARTS];

        parts(h, text);
        CHECK_STR_AT(i, sv_c(h->key), sv_c(policy_def(i)->key));
        CHECK_AT(i, h->words[0]);
        for (size_t k = 0; k < PARTS; k++) {
            bool ja = k < PARTS / 2;
            bool sound = utf8_valid(text[k]) && utf8_count(text[k]) >= 10 && utf8_count(text[k]) <= (ja ? 100 : 180) &&
                         sv_ends(text[k], ja ? SV("。") : SV(".")) && (ja ? has_kana(text[k]) : is_latin(text[k]));
            if (!CHECK_AT(i, sound))
                printf("    %s: %.*s\n", h->key, SV_ARG(text[k]));
        }
    }
}

TEST(policy_help_texts_are_written_once)
{
    size_t n = policy_count() * PARTS;
    struct arena *a = arena_new(4096);
    sv *all = ANEWN(a, sv, n);

    for (size_t i = 0; i < policy_count(); i++)
        parts(policy_help(i), &all[i * PARTS]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (sv_equal(all[i], all[k]) && !CHECK(false))
                printf("    twice: %.*s\n", SV_ARG(all[i]));
    CHECK_INT(n, 211 * PARTS);
    arena_free(&a);
}

/* ui.md, section 7: no blame, no cheer, the product's own words. */
TEST(policy_help_keeps_to_the_products_words)
{
    static const char *const never[] = {"！", "!", "あなた", "サインイン", "下さい", "出来", "全て", "他の", "フォルダー", "ユーザ ", "サーバ ",
                                        "様", "不正な", "無効な"};

    for (size_t i = 0; i < policy_count(); i++) {
        sv text[PARTS];

        parts(policy_help(i), text);
        for (size_t k = 0; k < PARTS / 2; k++)
            for (size_t w = 0; w < COUNT(never); w++)
                if (sv_find(text[k], sv_c(never[w]), NULL) && !CHECK_AT(i, false))
                    printf("    %s: %s: %.*s\n", policy_def(i)->key, never[w], SV_ARG(text[k]));
    }
    CHECK(policy_count() > 0);
}

/* 「弱くなります」 stands where, and only where, a value is weaker. */
TEST(policy_help_says_which_values_are_weaker)
{
    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_help *h = policy_help(i);
        sv rule = sv_c(h->weaker), value;
        bool weaker = rule.n > 0;

        CHECK_INT_AT(i, sv_find(sv_c(h->en.risk), SV("weaker"), NULL), weaker);
        if (!CHECK_INT_AT(i, sv_find(sv_c(h->ja.risk), SV("弱く"), NULL), weaker))
            printf("    %s: %s\n", h->key, h->ja.risk);
        if (!weaker)
            continue;
        if (rule.p[0] == '=') {
            rule = sv_from(rule, 1);
            while (sv_cut(&rule, '|', &value)) {
                struct failure f = {0};
                if (!CHECK_AT(i, policy_check(i, value, &f)))
                    printf("    %s: %.*s\n", h->key, SV_ARG(value));
            }
            continue;
        }
        enum policy_type t = policy_def(i)->type;
        bool numbers = sv_equal(rule, SV("up")) || sv_equal(rule, SV("down"));
        bool sets = sv_equal(rule, SV("+")) || sv_equal(rule, SV("-"));
        CHECK_AT(i, numbers || sets);
        CHECK_INT_AT(i, sets, t == SET || t == LIST);
    }
}

static bool named(size_t i, sv value)
{
    const struct policy_word *w = policy_word_find(i, value);

    return w && w->ja[0] && w->en[0] && is_latin(sv_c(w->en));
}

static bool is_number(sv v)
{
    return v.n && ((v.p[0] >= '0' && v.p[0] <= '9') || v.p[0] == 'P');
}

/* Every value that an admin may choose from a list has a name in both languages; numbers and durations are written by rule. */
TEST(policy_words_name_every_value)
{
    size_t values = 0;

    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);
        sv rest = sv_c(d->allowed), part;
        size_t end;

        if (d->type == LIST || d->type == TEXT_)
            continue;
        if (sv_find(rest, SV(" ("), &end))
            rest = sv_upto(rest, end);
        while (sv_cut(&rest, '|', &part)) {
            struct failure f = {0};
            if (!policy_check(i, part, &f) || (d->type != ENUM && d->type != SET && is_number(part)))
                continue;
            values++;
            if (!CHECK_AT(i, named(i, part)))
                printf("    %s: no name for %.*s\n", d->key, SV_ARG(part));
        }
        if (d->type == SET)
            CHECK_AT(i, named(i, SV("{}")));
    }
    CHECK(values > 250);
}

TEST(policy_words_are_of_settings)
{
    for (size_t n = 0; n < policy_word_count(); n++) {
        const struct policy_word *w = policy_word(n);
        struct failure f = {0};
        size_t i = 0;

        for (size_t k = n + 1; k < policy_word_count(); k++)
            CHECK_AT(n, !sv_equal(sv_c(w->key), sv_c(policy_word(k)->key)) || !sv_equal(sv_c(w->value), sv_c(policy_word(k)->value)));
        if (sv_equal(sv_c(w->key), SV("*")))
            continue;
        if (!CHECK_AT(n, policy_find(sv_c(w->key), &i) && policy_check(i, sv_c(w->value), &f)))
            printf("    %s %s\n", w->key, w->value);
    }
    CHECK(policy_word_find(0, SV("no such value")) == NULL);
}

TEST(policy_menus_of_a_setting)
{
    enum menu m[POLICY_MENUS];
    size_t i, one = 0, two = 0, none = 0;

    PROVES("FIL-08");
    for (i = 0; i < policy_count(); i++) {
        size_t n = policy_menus(i, m);
        bool operator = sv_equal(sv_c(policy_def(i)->menu), SV("operator"));

        CHECK_INT_AT(i, n == 0, operator);
        none += n == 0;
        one += n == 1;
        two += n == 2;
        CHECK_INT_AT(i, policy_reached(i, reach_of(ROLE_SUPER_ADMIN, SV_NONE)), !operator);
        CHECK_AT(i, !policy_reached(i, reach_of(ROLE_MEMBER, SV_NONE)));
    }
    CHECK(none > 20 && one > 100);
    CHECK_INT(two, 7);
    REQUIRE(policy_find(SV("external.line.files"), &i));
    CHECK_INT(policy_menus(i, m), 2);
    CHECK_INT(m[0], M_SECURITY_FILE);
    CHECK_INT(m[1], M_SERVICE_OUTSIDE);
    CHECK(policy_reached(i, reach_of(ROLE_OPERATOR_ADMIN, SV_NONE)));        /* by the second of them */
    REQUIRE(policy_find(SV("account.password.min_length"), &i));
    CHECK(!policy_reached(i, reach_of(ROLE_OPERATOR_ADMIN, SV_NONE)));
    REQUIRE(policy_find(SV("mobile.mdm.third_party_secret"), &i));
    CHECK(policy_secret(i));
    REQUIRE(policy_find(SV("tenant.company_name"), &i));
    CHECK(!policy_secret(i));
}

TEST(policy_each_tells_what_has_a_value_of_its_own)
{
    static const struct { const char *key, *each; } t[] = {
        {"orgunit.public", "unit"}, {"group.public", "group"}, {"room.link_share", "room"}, {"note.comments_allowed", "room"},
        {"mail.list.senders", "room"}, {"template.talk.pc", "template"}, {"drive.shared.scope", "drive"},
        {"monitor.talk.policy.words", "policy"}, {"monitor.drive.policy.end", "policy"}, {"member.app_suspended", "member"},
        {"monitor.talk.report_cycle", ""}, {"note.trash_retention", ""}, {"drive.link.enabled", ""}, {"member.title.enabled", ""},
    };

    for (size_t k = 0; k < COUNT(t); k++) {
        size_t i;

        CHECK_AT(k, policy_find(sv_c(t[k].key), &i));
        CHECK_STR_AT(k, sv_c(policy_each(i)), sv_c(t[k].each));
    }
}
