/* crypt/page_test.c: a page opens as it was sealed, and no bit of it, no other number and no other salt is taken. */
#include "crypt/page.h"

#include "base/rand.h"
#include "base/test.h"

#include <string.h>

#define N 4016

TEST(page_opens_as_it_was_sealed_alone)
{
    unsigned char plain[N], page[N + PAGE_TAIL], other[N + PAGE_TAIL], salt[PAGE_SALT] = "another salt";
    SECRET key = {0};

    secret_random(&key, 32);
    rand_bytes(plain, N);
    memcpy(page, plain, N);
    struct page_key *k = page_key_new(&key, (const unsigned char *)"salt of the file"), *wrong = page_key_new(&key, salt);
    page_seal(k, 7, page, N);
    CHECK(memcmp(page, plain, N) != 0);
    memcpy(other, plain, N);
    page_seal(k, 7, other, N);
    CHECK(memcmp(page, other, N) != 0 && memcmp(page + N, other + N, 16) != 0);   /* an IV of its own */
    CHECK(page_open(k, 7, other, N) && memcmp(other, plain, N) == 0);
    for (size_t i = 0; i < 300; i++) {
        size_t at = i < 80 ? N + i : rand_below(N);       /* the whole tail, and some of the rest */
        memcpy(other, page, sizeof(page));
        other[at] ^= (unsigned char)(1 << rand_below(8));
        bool taken = page_open(k, 7, other, N);
        other[at] = page[at];
        CHECK_AT(at, !taken && memcmp(other, page, sizeof(page)) == 0);
    }
    memcpy(other, page, sizeof(page));
    CHECK(!page_open(k, 8, other, N) && !page_open(k, 7 + 256, other, N) && !page_open(wrong, 7, other, N));
    CHECK(page_open(k, 7, page, N) && memcmp(page, plain, N) == 0);
    page_key_free(&k);
    page_key_free(&k);
    page_key_free(&wrong);
}
