/* crypt/hash_test.c: FIPS 180-4 and RFC 4231 vectors, bytes as text and back. */
#include "crypt/hash.h"

#include "base/test.h"

#include <pthread.h>
#include <string.h>

static sv hex_of(struct arena *a, struct sha256 h)
{
    struct str s = STR_IN(a);

    hex_put(&s, sv_n(h.b, sizeof(h.b)));
    return str_sv(&s);
}

TEST(sha256_vectors)
{
    static const struct { const char *in, *want; } t[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    struct arena *a = arena_new(4096);

    crypt_warm();
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, hex_of(a, sha256(sv_c(t[i].in))), sv_c(t[i].want));
    CHECK_STR(hex_of(a, sha256(SV_NONE)), sv_c(t[0].want));
    sv parts[] = {SV("a"), SV(""), SV_NONE, SV("bc")};
    CHECK_STR(hex_of(a, sha256_of(parts, COUNT(parts))), sv_c(t[1].want));
    arena_free(&a);
}

TEST(hmac_sha256_rfc4231)
{
    struct arena *a = arena_new(4096);
    char key[131];

    crypt_warm();
    memset(key, 0x0b, 20);
    CHECK_STR(hex_of(a, hmac_sha256(sv_n(key, 20), SV("Hi There"))),
              SV("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    CHECK_STR(hex_of(a, hmac_sha256(SV("Jefe"), SV("what do ya want for nothing?"))),
              SV("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    memset(key, 0xaa, 131);
    CHECK_STR(hex_of(a, hmac_sha256(sv_n(key, 131), SV("Test Using Larger Than Block-Size Key - Hash Key First"))),
              SV("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    CHECK_STR(hex_of(a, hmac_sha256(SV_NONE, SV_NONE)),
              SV("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
    SECRET k = {0};
    SECRET out = {0};
    secret_set(&k, SV("Jefe"));
    hmac_secret(&k, SV("what do ya want for nothing?"), &out);
    struct sha256 same = hmac_sha256(SV("Jefe"), SV("what do ya want for nothing?"));
    CHECK(secret_equal_bytes(secret_view(&out), sv_n(same.b, sizeof(same.b))));
    arena_free(&a);
}

TEST(hex_and_base64)
{
    struct arena *a = arena_new(4096);
    static const struct { const char *bytes, *url, *plain, *hex; } t[] = {
        { "", "", "", "" },
        { "f", "Zg", "Zg==", "66" },
        { "fo", "Zm8", "Zm8=", "666f" },
        { "foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172" },
        { "\xfb\xff\xbf", "-_-_", "+/+/", "fbffbf" },
    };
    static const char *const bad_url[] = { "Zg==", "Z", "Zh", "Zm9=", "Zm 8", "+/+/", "Zm8\n", "Zm9vY" };
    static const char *const bad_hex[] = { "6", "6g", "0x", "66 6", " 66" };
    sv got;

    crypt_warm();
    for (size_t i = 0; i < COUNT(t); i++) {
        struct str url = STR_IN(a), plain = STR_IN(a), hex = STR_IN(a);
        base64url_put(&url, sv_c(t[i].bytes));
        base64_put(&plain, sv_c(t[i].bytes));
        hex_put(&hex, sv_c(t[i].bytes));
        CHECK_STR_AT(i, str_sv(&url), sv_c(t[i].url));
        CHECK_STR_AT(i, str_sv(&plain), sv_c(t[i].plain));
        CHECK_STR_AT(i, str_sv(&hex), sv_c(t[i].hex));
        CHECK_AT(i, base64url_read(a, sv_c(t[i].url), &got) && sv_equal(got, sv_c(t[i].bytes)));
        CHECK_AT(i, hex_read(a, sv_c(t[i].hex), &got) && sv_equal(got, sv_c(t[i].bytes)));
    }
    CHECK(hex_read(a, SV("FBfF"), &got) && sv_equal(got, SV("\xfb\xff")));
    for (size_t i = 0; i < COUNT(bad_url); i++)
        CHECK_AT(i, !base64url_read(a, sv_c(bad_url[i]), &got));
    for (size_t i = 0; i < COUNT(bad_hex); i++)
        CHECK_AT(i, !hex_read(a, sv_c(bad_hex[i]), &got));
    arena_free(&a);
}

static void *hash_often(void *p)
{
    const struct sha256 *want = p;
    intptr_t wrong = 0;

    for (int i = 0; i < 2000; i++) {
        struct sha256 h = sha256(SV("threads"));
        wrong += memcmp(&h, want, sizeof(h)) != 0;
    }
    return (void *)wrong;
}

TEST(hash_on_several_threads)
{
    struct sha256 want = sha256(SV("threads"));
    pthread_t t[4];

    for (size_t i = 0; i < COUNT(t); i++)
        REQUIRE(pthread_create(&t[i], NULL, hash_often, &want) == 0);
    for (size_t i = 0; i < COUNT(t); i++) {
        void *wrong = NULL;
        pthread_join(t[i], &wrong);
        CHECK_AT(i, wrong == NULL);
    }
}

TEST(sha256_bit_by_bit)
{
    struct sha256_run *r = sha256_begin(), *none = NULL;
    struct sha256 whole = sha256(SV("abcdef")), parts;

    sha256_add(r, SV("ab"));
    sha256_add(r, SV(""));
    sha256_add(r, SV("cdef"));
    parts = sha256_end(&r);
    CHECK(!r);
    CHECK_BYTES(parts.b, whole.b, 32);
    whole = sha256(SV(""));
    parts = sha256_end(&none);
    CHECK_BYTES(parts.b, whole.b, 32);
}
