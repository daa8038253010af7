/* crypt/password_test.c: what is kept of a password, and that all of it counts. */
#include "crypt/password.h"

#include "base/clock.h"
#include "base/test.h"
#include "base/utf8.h"
#include "crypt/hash.h"

#include <string.h>

/* keyd's part. */
static void pepper(const struct secret *key, const struct secret *prehash, struct secret *out)
{
    hmac_secret(key, secret_view(prehash), out);
}

static void peppered(const char *key, int64_t tenant, sv password, struct secret *out)
{
    SECRET k = {0};
    SECRET pre = {0};

    secret_set(&k, sv_c(key));
    password_prehash(tenant, password, &pre);
    pepper(&k, &pre, out);
}

TEST(password_text_is_argon2id_with_its_floor)
{
    struct arena *a = arena_new(4096);
    struct str one = STR_IN(a), two = STR_IN(a), three = STR_IN(a);
    SECRET p = {0};
    sv salt = SV_NONE, hash = SV_NONE, part, rest;

    PROVES("ACC-12");
    PROVES("PLT-09");
    crypt_warm();
    peppered("pepper", 5, SV("correct horse"), &p);
    password_hash(&p, 2, &one);
    password_hash(&p, 2, &two);
    password_hash(&p, 3, &three);
    CHECK(sv_starts(str_sv(&one), SV("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(sv_starts(str_sv(&three), SV("$argon2id$v=19$m=19456,t=3,p=1$")));
    CHECK(!sv_equal(str_sv(&one), str_sv(&two)));         /* a salt of its own */
    rest = str_sv(&one);
    for (int i = 0; sv_cut(&rest, '$', &part); i++) {
        salt = i == 4 ? part : salt;
        hash = i == 5 ? part : hash;
    }
    CHECK_INT(salt.n, 22);                                /* 16 bytes */
    CHECK_INT(hash.n, 43);                                /* 32 bytes */
    CHECK(!sv_find(str_sv(&one), SV("horse"), NULL));
    CHECK(password_check(&p, str_sv(&one)));
    CHECK(password_check(&p, str_sv(&two)));
    CHECK(password_check(&p, str_sv(&three)));
    arena_free(&a);
}

TEST(password_copy_of_the_database_alone_verifies_nothing)
{
    struct arena *a = arena_new(4096);
    struct str stored = STR_IN(a);
    SECRET right = {0};
    SECRET wrong_pepper = {0};
    SECRET other_tenant = {0};
    SECRET unpeppered = {0};
    SECRET other = {0};

    PROVES("ACC-12");
    crypt_warm();
    peppered("pepper", 5, SV("correct horse"), &right);
    peppered("Pepper", 5, SV("correct horse"), &wrong_pepper);
    peppered("pepper", 6, SV("correct horse"), &other_tenant);
    peppered("pepper", 5, SV("correct horsf"), &other);
    password_prehash(5, SV("correct horse"), &unpeppered);
    password_hash(&right, 2, &stored);
    CHECK(password_check(&right, str_sv(&stored)));
    CHECK(!password_check(&wrong_pepper, str_sv(&stored)));
    CHECK(!password_check(&other_tenant, str_sv(&stored)));
    CHECK(!password_check(&unpeppered, str_sv(&stored)));
    CHECK(!password_check(&other, str_sv(&stored)));
    arena_free(&a);
}

/* 128 characters with blanks, kana and emoji; byte 100 and the last are changed in turn. */
TEST(password_counts_whole)
{
    struct arena *a = arena_new(8192);
    struct str text = STR_IN(a), stored = STR_IN(a);
    SECRET p = {0};
    static const size_t changed[] = { 0, 63, 71, 72, 100, 127, 255 };

    PROVES("ACC-12");
    crypt_warm();
    while (utf8_count(str_sv(&text)) < 128)
        str_c(&text, utf8_count(str_sv(&text)) % 2 ? "えん" : "a 🏠");
    sv password = utf8_upto(str_sv(&text), 128);
    REQUIRE(password.n > 256);
    peppered("pepper", 5, password, &p);
    password_hash(&p, 2, &stored);
    CHECK(password_check(&p, str_sv(&stored)));
    for (size_t i = 0; i <= COUNT(changed); i++) {
        char *other = arena_dup(a, password.p, password.n);
        size_t at = i < COUNT(changed) ? changed[i] : password.n - 1;
        other[at] = (char)(other[at] ^ 1);
        SECRET q = {0};
        peppered("pepper", 5, sv_n(other, password.n), &q);
        CHECK_AT(at, !password_check(&q, str_sv(&stored)));
    }
    SECRET cut = {0};
    peppered("pepper", 5, sv_upto(password, password.n - 1), &cut);
    CHECK(!password_check(&cut, str_sv(&stored)));
    arena_free(&a);
}

TEST(password_check_refuses_other_texts)
{
    static const char *const t[] = {
        "", "$argon2id$v=19$", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA", "plain",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$",
        ("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    };
    SECRET p = {0};

    crypt_warm();
    peppered("pepper", 5, SV("x"), &p);
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_AT(i, !password_check(&p, sv_c(t[i])));
}

/* For unknown members: the work of a check, the answer of none. Bounds wide enough for a busy machine. */
TEST(password_decoy_costs_a_check)
{
    struct arena *a = arena_new(4096);
    struct str stored = STR_IN(a);
    int64_t check = INT64_MAX, decoy = INT64_MAX;
    SECRET p = {0};

    crypt_warm();
    peppered("pepper", 5, SV("correct horse"), &p);
    password_hash(&p, 4, &stored);
    for (int i = 0; i < 7; i++) {
        int64_t t0 = clock_mono_us();
        CHECK(password_check(&p, str_sv(&stored)));
        int64_t t1 = clock_mono_us();
        CHECK(!password_decoy(&p, 4));
        int64_t t2 = clock_mono_us();
        check = t1 - t0 < check ? t1 - t0 : check;
        decoy = t2 - t1 < decoy ? t2 - t1 : decoy;
    }
    CHECK(decoy * 2 > check);
    CHECK(check * 2 > decoy);
    CHECK(check > 3000);                                  /* 19 MiB, four passes: no shortcut was taken */
    arena_free(&a);
}

TEST(password_calibrates_upwards)
{
    crypt_warm();
    CHECK_INT(password_calibrate(0), PASSWORD_OPS_MIN);
    unsigned ops = password_calibrate(60);
    CHECK(ops >= PASSWORD_OPS_MIN && ops < 1000);
}
