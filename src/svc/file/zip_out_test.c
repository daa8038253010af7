/* svc/file/zip_out_test.c: the records to the byte. That other programs read them: test/api/export_test.mjs. */
#include "base/test.h"
#include "svc/file/zip_out.h"

#include <string.h>

TEST(zip_out_crc)
{
    uint32_t half = zip_crc(0, SV("12345"));

    CHECK_INT(zip_crc(0, SV("123456789")), 0xcbf43926);
    CHECK_INT(zip_crc(half, SV("6789")), 0xcbf43926);
    CHECK_INT(zip_crc(0, SV("")), 0);
}

TEST(zip_out_time)
{
    static const struct { int64_t ms; uint32_t year, month, day, hour, minute, second; } t[] = {
        {INT64_C(1795877071000), 2026, 11, 28, 14, 44, 30}, {INT64_C(1709251199000), 2024, 2, 29, 23, 59, 58}, {INT64_C(315532800000), 1980, 1, 1, 0, 0, 0},
        {INT64_C(315532799000), 1980, 1, 1, 0, 0, 0}, {-5, 1980, 1, 1, 0, 0, 0}, {INT64_C(951782400000), 2000, 2, 29, 0, 0, 0},
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, zip_time(t[i].ms), (t[i].year - 1980) << 25 | t[i].month << 21 | t[i].day << 16 | t[i].hour << 11 | t[i].minute << 5 | t[i].second / 2);
}

/* Their lengths are what is said before, on both sides of where Zip64 begins. */
TEST(zip_out_sizes)
{
    static const int64_t places[] = {0, 100, INT64_C(0xfffffffe), INT64_C(0xffffffff), INT64_C(1) << 40};
    static const int64_t counts[] = {0, 1, 65534, 65535, 100000};
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(places); i++) {
        struct zip_entry e = {.name = SV("files/\xe8\xa6\x8b.pdf"), .crc = 5, .size = 7, .at = places[i]};
        struct str head = STR_IN(a), central = STR_IN(a);
        zip_head(&head, &e);
        zip_central(&central, &e);
        CHECK_INT_AT(i, head.n, zip_head_size(&e));
        CHECK_INT_AT(i, central.n, zip_central_size(&e));
        CHECK_AT(i, (unsigned char)head.p[7] == 8);       /* bit 11: the name is UTF-8 */
        for (size_t k = 0; k < COUNT(counts); k++) {
            struct str end = STR_IN(a);
            zip_end(&end, counts[k], places[i], 50);
            CHECK_INT_AT(i, end.n, zip_end_size(counts[k], places[i], 50));
            CHECK_INT_AT(i, end.n > 22, counts[k] >= 65535 || places[i] >= INT64_C(0xffffffff));
        }
    }
    arena_free(&a);
}
