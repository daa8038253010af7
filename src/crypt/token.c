/* crypt/token.c: 32 bytes of the kernel as 43 characters. */
#include "crypt/token.h"

#include <sodium.h>

_Static_assert(sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == TOKEN_CHARS + 1,
               "256 bits are 43 characters and the terminating zero");

void token_new(struct secret *token)
{
    SECRET raw = {0};

    secret_wipe(token);
    secret_random(&raw, 32);
    sodium_bin2base64((char *)token->b, TOKEN_CHARS + 1, raw.b, raw.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    token->n = TOKEN_CHARS;
}

bool token_well_formed(sv text)
{
    unsigned char raw[32];
    size_t n = 0;
    bool ok = text.n == TOKEN_CHARS
        && sodium_base642bin(raw, sizeof(raw), text.p, text.n, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
        && n == sizeof(raw);

    wipe(raw, sizeof(raw));
    return ok;
}

struct sha256 token_hash(sv text)
{
    return sha256(text);
}
