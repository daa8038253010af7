/* crypt/otp.c: codes of an authenticator app, by liboath. */
#include "crypt/otp.h"
#include "base/rand.h"

#include <liboath/oath.h>
#include <string.h>

void otp_new(struct secret *out)
{
    secret_random(out, OTP_SECRET);
}

void base32_put(struct str *out, sv bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t held = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        held = held << 8 | (unsigned char)bytes.p[i];
        for (bits += 8; bits >= 5; bits -= 5)
            str_char(out, digits[held >> (bits - 5) & 31]);
    }
    if (bits > 0)
        str_char(out, digits[held << (5 - bits) & 31]);
}

static void percent_put(struct str *out, sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')
            str_char(out, (char)c);
        else
            str_printf(out, "%%%02X", c);
    }
}

void otp_uri(struct str *out, sv secret, sv issuer, sv label)
{
    str_put(out, SV("otpauth://totp/"));
    percent_put(out, issuer);
    str_char(out, ':');
    percent_put(out, label);
    str_put(out, SV("?secret="));
    base32_put(out, secret);
    str_put(out, SV("&issuer="));
    percent_put(out, issuer);
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
