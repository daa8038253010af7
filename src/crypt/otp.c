/* crypt/otp.c: codes of an authenticator app, by liboath. */
#include "crypt/otp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

void otp_new(struct secret *out)
{
    secret_random(out, OTP_SECRET);
}

void base32_put(struct str *out, sv bytes)
{
    char *text;
    size_t n;

    ENSURE(oath_base32_encode(bytes.p, bytes.n, &text, &n) == OATH_OK);
    str_put(out, sv_upto(sv_n(text, n), strcspn(text, "=")));
    wipe(text, n);
    free(text);
}

void otp_uri(struct str *out, sv secret, sv issuer, sv label)
{
    str_put(out, SV("otpauth://totp/"));
    str_percent(out, issuer, "-._");
    str_char(out, ':');
    str_percent(out, label, "-._");
    str_put(out, SV("?secret="));
    base32_put(out, secret);
    str_put(out, SV("&issuer="));
    str_percent(out, issuer, "-._");
}

int64_t otp_step(sv secret, sv code, int64_t now_ms, int64_t used)
{
    int64_t now = now_ms / OTP_STEP_MS, found = -1;

    if (code.n != OTP_DIGITS || secret.n == 0 || now < 1)
        return -1;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char digits[OTP_DIGITS + 1];
        if (oath_hotp_generate(secret.p, secret.n, (uint64_t)step, OTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, digits) != OATH_OK)
            return -1;
        if (step > used && secret_equal_bytes(code, sv_n(digits, OTP_DIGITS)))
            found = step;                                 /* all three are computed: the time says nothing of which it was */
    }
    return found;
}
