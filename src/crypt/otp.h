/* crypt/otp.h: the six digits of an authenticator app: TOTP of RFC 6238 with HMAC-SHA-1, steps of 30 seconds from 1970 on, as every
 * such app knows it. liboath computes a step's digits; which steps count, and that none counts twice, is decided here.
 *     otp_new() -> otp_uri() for the app's camera … otp_step() at each code */
#ifndef ENGAWA_CRYPT_OTP_H
#define ENGAWA_CRYPT_OTP_H

#include "base/str.h"
#include "crypt/secret.h"

#define OTP_SECRET 20                                     /* bytes: RFC 4226 section 4, R6 */
#define OTP_DIGITS 6
#define OTP_STEP_MS 30000

void otp_new(struct secret *out);
/* RFC 4648 base32 without padding, upper case: how a secret is written for being typed. Of one byte or more. */
void base32_put(struct str *out, sv bytes);
/* "otpauth://totp/…" (the key URI that the apps' cameras read); `label` and `issuer` are percent-encoded here. */
void otp_uri(struct str *out, sv secret, sv issuer, sv label);
/* The step whose digits `code` is, of the present one and its two neighbours, if it is later than `used`; -1: none. */
int64_t otp_step(sv secret, sv code, int64_t now_ms, int64_t used);

#endif
