/* crypt/aead_test.c: vectors of McGrew and Viega's GCM paper (also NIST's), and that nothing altered opens. */
#include "crypt/aead.h"

#include "base/test.h"
#include "crypt/hash.h"

#include <string.h>

static sv un(struct arena *a, const char *hex)
{
    sv out = SV_NONE;

    ENSURE(hex_read(a, sv_c(hex), &out));
    return out;
}

TEST(aead_opens_the_vectors_of_gcm)
{
    static const struct { const char *key, *aad, *plain, *sealed; } t[] = {
        /* cases 13, 14, 16; sealed = nonce | ciphertext | tag */
        { "0000000000000000000000000000000000000000000000000000000000000000", "", "",
          "000000000000000000000000" "530f8afbc74536b9a963b4f1c4cb738b" },
        { "0000000000000000000000000000000000000000000000000000000000000000", "", "00000000000000000000000000000000",
          "000000000000000000000000" "cea7403d4d606b6e074ec5d3baf39d18" "d0d1c8a799996bf0265b98b5d48ab919" },
        { "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
          "feedfacedeadbeeffeedfacedeadbeefabaddad2",
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5"
          "aa0de657ba637b39",
          "cafebabefacedbaddecaf888"
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63"
          "93ba7a0abcc9f662" "76fc6ece0f4e1768cddf8853bb2d551b" },
    };
    struct arena *a = arena_new(4096);

    crypt_warm();
    for (size_t i = 0; i < COUNT(t); i++) {
        SECRET key = {0};
        struct str plain = STR_IN(a);
        secret_set(&key, un(a, t[i].key));
        CHECK_AT(i, aead_open(&key, un(a, t[i].aad), un(a, t[i].sealed), &plain));
        CHECK_STR_AT(i, str_sv(&plain), un(a, t[i].plain));
    }
    arena_free(&a);
}

TEST(aead_refuses_what_was_altered)
{
    struct arena *a = arena_new(64 * 1024);
    struct str sealed = STR_IN(a), plain = STR_IN(a);
    SECRET key = {0};
    SECRET other = {0};

    crypt_warm();
    secret_random(&key, 32);
    secret_random(&other, 32);
    str_c(&sealed, "before:");
    aead_seal(&key, SV("place"), SV("会議は3時から"), &sealed);
    CHECK_INT(sealed.n, 7 + sizeof("会議は3時から") - 1 + AEAD_EXTRA);
    sv piece = sv_from(str_sv(&sealed), 7);
    CHECK(aead_open(&key, SV("place"), piece, &plain));
    CHECK_STR(str_sv(&plain), SV("会議は3時から"));
    CHECK(!aead_open(&key, SV("Place"), piece, &plain));
    CHECK(!aead_open(&key, SV_NONE, piece, &plain));
    CHECK(!aead_open(&other, SV("place"), piece, &plain));
    for (size_t i = 0; i < piece.n; i++) {
        char *p = arena_dup(a, piece.p, piece.n);
        p[i] = (char)(p[i] ^ 1);
        CHECK_AT(i, !aead_open(&key, SV("place"), sv_n(p, piece.n), &plain));
        CHECK_AT(i, !aead_open(&key, SV("place"), sv_upto(piece, i), &plain));
    }
    CHECK_STR(str_sv(&plain), SV("会議は3時から"));      /* a refusal appends nothing */
    arena_free(&a);
}

/* Half of the nonce is looked at: two of a million are equal there once in 37 million runs. */
#define SEALS 1000000
#define SLOTS (1u << 21)

TEST(aead_never_repeats_a_nonce)
{
    struct arena *big = arena_new(SLOTS * sizeof(uint64_t));
    uint64_t *seen = ANEWN(big, uint64_t, SLOTS);
    struct arena *a = arena_new(4096);
    struct str out = STR_IN(a);
    size_t twice = 0;
    SECRET key = {0};

    PROVES("B11.07");
    crypt_warm();
    secret_random(&key, 32);
    for (size_t i = 0; i < SEALS; i++) {
        uint64_t nonce;
        str_reset(&out);
        aead_seal(&key, SV_NONE, SV("same"), &out);
        memcpy(&nonce, out.p, sizeof(nonce));
        size_t at = nonce % SLOTS;
        for (; seen[at] && seen[at] != nonce; at = (at + 1) % SLOTS)
            ;
        twice += seen[at] == nonce;
        seen[at] = nonce;
    }
    CHECK_INT(twice, 0);
    arena_free(&big);
    arena_free(&a);
}

TEST(aead_wraps_keys)
{
    struct arena *a = arena_new(4096);
    struct str wrapped = STR_IN(a), empty = STR_IN(a);
    SECRET master = {0};
    SECRET key = {0};
    SECRET back = {0};

    crypt_warm();
    secret_random(&master, 32);
    secret_random(&key, 32);
    aead_wrap(&master, SV("tenant 5"), &key, &wrapped);
    CHECK(aead_unwrap(&master, SV("tenant 5"), str_sv(&wrapped), &back));
    CHECK(secret_equal(&back, &key));
    CHECK(!aead_unwrap(&master, SV("tenant 6"), str_sv(&wrapped), &back));
    CHECK_INT(back.n, 0);
    CHECK(!aead_unwrap(&master, SV("tenant 5"), sv_upto(str_sv(&wrapped), 27), &back));
    /* Longer than a secret can be: refused, not cut. */
    char big[SECRET_MAX + 1] = {0};
    aead_seal(&master, SV_NONE, sv_n(big, sizeof(big)), &empty);
    CHECK(!aead_unwrap(&master, SV_NONE, str_sv(&empty), &back));
    arena_free(&a);
}
