/* crypt/token_test.c: form of tokens, and secrets that compare and wipe. */
#include "crypt/token.h"

#include "base/test.h"

#include <string.h>

TEST(token_is_43_characters_and_kept_as_a_hash)
{
    SECRET one = {0};
    SECRET two = {0};
    char text[TOKEN_CHARS + 1] = {0};

    PROVES("PLT-09");
    crypt_warm();
    token_new(&one);
    token_new(&two);
    CHECK_INT(one.n, TOKEN_CHARS);
    CHECK(!secret_equal(&one, &two));
    CHECK(token_well_formed(secret_view(&one)));
    struct sha256 h = token_hash(secret_view(&one)), other = token_hash(secret_view(&two));
    CHECK(memcmp(&h, &other, sizeof(h)) != 0);
    CHECK(memmem(h.b, sizeof(h.b), one.b, 8) == NULL);
    memcpy(text, one.b, TOKEN_CHARS);
    CHECK(!token_well_formed(sv_n(text, TOKEN_CHARS - 1)));
    CHECK(!token_well_formed(sv_n(text, TOKEN_CHARS + 1)));
    text[5] = '+';
    CHECK(!token_well_formed(sv_n(text, TOKEN_CHARS)));
    memset(text, 'A', TOKEN_CHARS);
    CHECK(token_well_formed(sv_n(text, TOKEN_CHARS)));
    text[TOKEN_CHARS - 1] = 'B';                          /* bits beyond the 256th */
    CHECK(!token_well_formed(sv_n(text, TOKEN_CHARS)));
    CHECK(!token_well_formed(SV_NONE));
}

TEST(secret_is_wiped_and_compared_whole)
{
    struct secret s = {0};
    SECRET a = {0};
    SECRET b = {0};
    static const char long_text[SECRET_MAX + 1] = {0};

    crypt_warm();
    CHECK(secret_set(&a, SV("himitsu")));
    CHECK(secret_set(&b, SV("himitsu")));
    CHECK(secret_equal(&a, &b));
    b.b[6] ^= 1;
    CHECK(!secret_equal(&a, &b));
    CHECK(secret_set(&b, SV("himits")));
    CHECK(!secret_equal(&a, &b));
    CHECK(!secret_set(&b, sv_n(long_text, sizeof(long_text))));
    CHECK_INT(b.n, 0);
    CHECK(secret_equal_bytes(SV_NONE, SV("")));
    secret_random(&s, SECRET_MAX);
    CHECK_INT(s.n, SECRET_MAX);
    secret_wipe(&s);
    CHECK_BYTES(&s, &(struct secret){0}, sizeof(s));
}
