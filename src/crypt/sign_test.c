/* crypt/sign_test.c: RFC 8032 for Ed25519; RFC 6979 and a signature made by WebCrypto for P-256. */
#include "crypt/sign.h"

#include "base/test.h"
#include "crypt/hash.h"

static sv un(struct arena *a, const char *hex)
{
    sv out = SV_NONE;

    ENSURE(hex_read(a, sv_c(hex), &out));
    return out;
}

TEST(sign_rfc8032)
{
    static const struct { const char *seed, *public_key, *message, *signature; } t[] = {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
          "d25bf5f0595bbe24655141438e7a100b" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
          "4a7c15e9716ed28dc027beceea1ec40a" },
    };
    struct arena *a = arena_new(4096);

    crypt_warm();
    for (size_t i = 0; i < COUNT(t); i++) {
        unsigned char public_key[SIGN_PUBLIC], signature[SIGN_BYTES];
        SECRET seed = {0};
        secret_set(&seed, un(a, t[i].seed));
        sign_public(&seed, public_key);
        sign_bytes(&seed, un(a, t[i].message), signature);
        CHECK_STR_AT(i, sv_n(public_key, sizeof(public_key)), un(a, t[i].public_key));
        CHECK_STR_AT(i, sv_n(signature, sizeof(signature)), un(a, t[i].signature));
        CHECK_AT(i, sign_verify(un(a, t[i].public_key), un(a, t[i].message), sv_n(signature, sizeof(signature))));
        CHECK_AT(i, !sign_verify(un(a, t[i].public_key), SV("other"), sv_n(signature, sizeof(signature))));
        CHECK_AT(i, !sign_verify(un(a, t[i].public_key), un(a, t[i].message), sv_n(signature, 63)));
        signature[10] ^= 1;
        CHECK_AT(i, !sign_verify(un(a, t[i].public_key), un(a, t[i].message), sv_n(signature, sizeof(signature))));
    }
    arena_free(&a);
}

TEST(sign_new_keys_differ)
{
    SECRET one = {0};
    SECRET two = {0};

    crypt_warm();
    sign_new(&one);
    sign_new(&two);
    CHECK_INT(one.n, 32);
    CHECK(!secret_equal(&one, &two));
}

TEST(p256_verifies_what_others_signed)
{
    static const struct { const char *point, *message, *signature; } t[] = {
        /* RFC 6979 A.2.5, SHA-256, "sample" */
        { "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
          "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "sample",
          "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
          "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8" },
        /* crypto.subtle.sign() with ECDSA, P-256, SHA-256; key exported as "raw" */
        { "04be98e5eb59401a6df9a0ad05e0da1bfbecd54dcd1df46e708acca9aa3e9bffb4"
          "c9fcfe85720a17ae1b6d3f164007a1398f2aec63cbd1ad7c040cc2abb3cc373a", "engawa device proof",
          "61d6e967a4ddc92130d6a9672ef8f302e7f8d6b7947cb7fae207d6c978d14dda"
          "b70d9fa5fcfb4481ffc41c8c8b4fd33555321d1f5f30dbf5f555c59880b8c7ef" },
    };
    struct arena *a = arena_new(64 * 1024);

    crypt_warm();
    for (size_t i = 0; i < COUNT(t); i++) {
        sv point = un(a, t[i].point), signature = un(a, t[i].signature), message = sv_c(t[i].message);
        CHECK_INT_AT(i, point.n, 65);
        CHECK_AT(i, p256_verify(point, message, signature));
        CHECK_AT(i, !p256_verify(point, SV("another message"), signature));
        CHECK_AT(i, !p256_verify(sv_upto(point, 64), message, signature));
        CHECK_AT(i, !p256_verify(point, message, sv_upto(signature, 63)));
        for (size_t k = 0; k < 64; k += 7) {
            char *p = arena_dup(a, signature.p, signature.n);
            p[k] = (char)(p[k] ^ 4);
            CHECK_AT(k, !p256_verify(point, message, sv_n(p, 64)));
        }
        char *off = arena_dup(a, point.p, point.n);
        off[64] = (char)(off[64] ^ 1);                    /* no point of the curve */
        CHECK_AT(i, !p256_verify(sv_n(off, 65), message, signature));
        off[0] = 2;
        CHECK_AT(i, !p256_verify(sv_n(off, 65), message, signature));
        char *zero = arena_alloc(a, 64);
        CHECK_AT(i, !p256_verify(point, message, sv_n(zero, 64)));
    }
    CHECK(!p256_verify(un(a, t[0].point), sv_c(t[0].message), un(a, t[1].signature)));
    arena_free(&a);
}
