/* crypt/otp_test.c: codes against the vectors of RFC 6238 appendix B, and which steps count. */
#include "crypt/otp.h"

#include "base/test.h"

static sv text_of(struct arena *a, void (*put)(struct str *, sv), sv bytes)
{
    struct str s = STR_IN(a);

    put(&s, bytes);
    return str_sv(&s);
}

TEST(otp_is_that_of_the_standard)
{
    /* The last six of the vectors' eight digits. */
    static const struct { int64_t s; const char *digits; } at[] = {
        { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" }, { 2000000000, "279037" },
        { 20000000000, "353130" },
    };
    sv secret = SV("12345678901234567890");

    for (size_t i = 0; i < COUNT(at); i++) {
        CHECK_INT_AT(i, otp_step(secret, sv_c(at[i].digits), at[i].s * 1000, 0), at[i].s / 30);
        CHECK_INT_AT(i, otp_step(secret, SV("000000"), at[i].s * 1000, 0), -1);
    }
}

TEST(otp_of_the_step_before_and_after_counts_and_each_once)
{
    sv secret = SV("12345678901234567890"), code = SV("081804");
    int64_t step = 1111111109 / 30, ms = step * OTP_STEP_MS;

    PROVES("B2.01");
    CHECK_INT(otp_step(secret, code, ms - OTP_STEP_MS - 1, 0), -1);
    CHECK_INT(otp_step(secret, code, ms - OTP_STEP_MS, 0), step);
    CHECK_INT(otp_step(secret, code, ms, 0), step);
    CHECK_INT(otp_step(secret, code, ms + 2 * OTP_STEP_MS - 1, 0), step);
    CHECK_INT(otp_step(secret, code, ms + 2 * OTP_STEP_MS, 0), -1);
    CHECK_INT(otp_step(secret, code, ms, step - 1), step);
    CHECK_INT(otp_step(secret, code, ms, step), -1);       /* it was used, or a later one */
    CHECK_INT(otp_step(secret, code, ms, step + 1), -1);
    CHECK_INT(otp_step(secret, SV("81804"), ms, 0), -1);
    CHECK_INT(otp_step(secret, SV("0081804"), ms, 0), -1);
    CHECK_INT(otp_step(SV(""), code, ms, 0), -1);
}

TEST(otp_secret_is_written_as_the_apps_read_it)
{
    struct arena *a = arena_new(1024);
    SECRET one = {0}, two = {0};
    struct str uri = STR_IN(a);

    CHECK_STR(text_of(a, base32_put, SV("f")), sv_c("MY"));
    CHECK_STR(text_of(a, base32_put, SV("foob")), sv_c("MZXW6YQ"));
    CHECK_STR(text_of(a, base32_put, SV("foobar")), sv_c("MZXW6YTBOI"));
    otp_uri(&uri, SV("foobar"), SV("ヒヨドリ & Co"), SV("mori@hiyodori"));
    CHECK_STR(str_sv(&uri), sv_c("otpauth://totp/%E3%83%92%E3%83%A8%E3%83%89%E3%83%AA%20%26%20Co:mori%40hiyodori"
                           "?secret=MZXW6YTBOI&issuer=%E3%83%92%E3%83%A8%E3%83%89%E3%83%AA%20%26%20Co"));
    otp_new(&one);
    otp_new(&two);
    CHECK_INT(one.n, OTP_SECRET);
    CHECK(!secret_equal(&one, &two));
    arena_free(&a);
}
