/* svc/account/password_test.c: what a password may be, and that one made here always may. */
#include "base/utf8.h"
#include "core/core_test.h"
#include "svc/account/account.h"

static const struct password_about who = {
    .login = SV("taro.yamada"), .mail = SV("taro.y@example.co.jp"), .nickname = SV("たろちゃん"), .family = SV("山田"),
    .given = SV("太郎"), .family_reading = SV("やまだ"), .given_reading = SV("タロウ"), .birthday = SV("1990-04-15"),
    .phone = SV("+81335551234"), .mobile = SV("+819012345678"), .employee_number = SV("E-204817"),
};

static bool allowed(struct fixture *f, sv password)
{
    fixture_call(f);
    bool ok = account_password_check(&f->x, "password", password, &who);
    CHECK_INT(f->x.failure.code, ok ? E_NONE : E_INVALID_VALUE);
    CHECK_STR(sv_c(f->x.failure.field), sv_c(ok ? NULL : "password"));
    return ok;
}

static void set_up(struct fixture *f)
{
    fixture_setting(f, "account.password.min_length", "8");
    fixture_setting(f, "tenant.company_name", "株式会社ひよどり商店");
}

TEST_BOTH(password_list_is_refused_whole)
{
    size_t long_enough = 0;

    PROVES("B1.01");
    PROVES("ACC-14");
    set_up(f);
    CHECK(account_common_count() >= 3000);
    for (size_t i = 0; i < account_common_count(); i++) {
        if (i)
            CHECK_AT(i, sv_compare(account_common(i - 1), account_common(i)) < 0);
        if (utf8_count(account_common(i)) < 8)
            continue;
        long_enough++;
        CHECK_AT(i, !allowed(f, account_common(i)));
    }
    CHECK(long_enough >= 3000);
}

TEST_BOTH(password_guesses_are_refused)
{
    static const char *const bad[] = {
        "password", "12345678", "PASSWORD", "ｐａｓｓｗｏｒｄ", "P@ssw0rd", "Password2026!", "p4$$w0rd-2026", "passwordpassword",
        "sakura20260401", "iloveyou!!", "さくらさくら2026", "サクラ202604", "aaaaaaaaaaaa", "abababababab", "123412341234",
        "abcdefghijkl", "98765432109876", "あいうえおかきくけこ", "qwertyuiop123", "1qaz2wsx3edc", "letmein12345",
        /* the company, the workgroup */
        "ひよどり商店2026", "engawa2026", "Engawa-2026!", "engawaengawa12", "engawapassword",
        /* the person */
        "taro.yamada", "TaroYamada1990", "yamada-taro-99", "やまだたろう", "ヤマダタロウ1", "山田太郎20260401", "たろちゃん12345",
        "taro.y@example.co.jp", "19900415", "199004150000", "90-0415-1234 81335551234", "+819012345678", "1990-04-15-1990",
    };
    static const char *const good[] = {
        "縁側の長い合言葉です", "correct horse battery staple", "ゆうやけ こやけの あかとんぼ", "kx7-vm2q-tz9w", "482910573826",
        "sakura no ki no shita de", "山田さんの犬は白い", "タロイモ畑でつかまえて", "engawa ni suwaru neko",
    };

    PROVES("B1.01");
    PROVES("ACC-14");
    set_up(f);
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK_AT(i, !allowed(f, sv_c(bad[i])));
    for (size_t i = 0; i < COUNT(good); i++)
        CHECK_AT(i, allowed(f, sv_c(good[i])));
}

TEST_BOTH(password_formats)
{
    static const struct { const char *format, *password; bool ok; } t[] = {
        { "none", "vkwtzmqhdjrl", true }, { "none", "Abcdefg12345", true }, { "alnum", "vkwtzmqhdjrl", false },
        { "alnum", "vkwtzmqhdjr1", true }, { "alnum", "482910573826", false }, { "alnum", "vkwtz1-qhdjr", true },
        { "alnum_special", "Abcdefg12345", false }, { "alnum_special", "vkwtzmqhdjr1", false },
        { "alnum_special", "vkwtz1-qhdjr", true }, { "alnum_special", "vkwtz1縁qhdjr", true },
    };

    PROVES("ACC-13");
    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_setting(f, "account.password.format", t[i].format);
        CHECK_INT_AT(i, allowed(f, sv_c(t[i].password)), t[i].ok);
    }
}

/* Where a second step is each member's choice, the password may stand alone. */
TEST_BOTH(password_alone_is_longer)
{
    PROVES("ACC-14");
    PROVES("B1.03");
    CHECK(allowed(f, SV("kx7vm2qtz9wr")));
    CHECK(!allowed(f, SV("kx7vm2qtz9w")));
    fixture_setting(f, "account.two_step.mode", "optional");
    CHECK(!allowed(f, SV("kx7vm2qtz9wrbh")));
    CHECK(allowed(f, SV("kx7vm2qtz9wrbhs")));
}

TEST_BOTH(password_made_here_is_allowed)
{
    static const struct { const char *min, *max, *format; size_t n; } t[] = {
        { "8", "20", "none", 19 }, { "12", "128", "alnum_special", 19 }, { "20", "20", "alnum", 20 }, { "64", "64", "none", 64 },
    };

    PROVES("MEM-11");
    for (size_t i = 0; i < COUNT(t); i++) {
        SECRET a = { 0 }, b = { 0 };
        fixture_setting(f, "account.password.min_length", t[i].min);
        fixture_setting(f, "account.password.max_length", t[i].max);
        fixture_setting(f, "account.password.format", t[i].format);
        fixture_call(f);
        CHECK(account_password_make(&f->x, &a) && account_password_make(&f->x, &b));
        CHECK_INT_AT(i, a.n, t[i].n);
        CHECK_AT(i, allowed(f, secret_view(&a)));
        CHECK_AT(i, !secret_equal(&a, &b));
    }
}
