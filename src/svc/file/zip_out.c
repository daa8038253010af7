/* svc/file/zip_out.c: little-endian records. */
#include "svc/file/zip_out.h"
#include "base/clock.h"

#define HEAD     30
#define CENTRAL  46
#define END      22
#define EXTRA64  12                                       /* tag, length, where the head begins */
#define END64    (56 + 20)                                /* the record, and what tells where it is */
#define UTF8     0x0800
#define OLD      20                                       /* version 2.0 */
#define NEW      45
#define MADE_BY  (3 << 8 | NEW)                           /* Unix: names are as they are written */
#define MODE     ((int64_t)0100644 << 16)
#define MAX32    INT64_C(0xffffffff)
#define MAX16    INT64_C(0xffff)

static void put(struct str *s, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        str_char(s, (char)(unsigned char)(v >> (8 * i)));
}

uint32_t zip_crc(uint32_t crc, sv bytes)
{
    static const uint32_t quarter[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };

    crc = ~crc;
    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (unsigned char)bytes.p[i];
        crc = quarter[crc & 15] ^ crc >> 4;
        crc = quarter[crc & 15] ^ crc >> 4;
    }
    return ~crc;
}

uint32_t zip_time(int64_t local_ms)
{
    int64_t seconds = local_ms / 1000, rest = seconds % 86400;
    int64_t days = seconds / 86400 + 719468, era = days / 146097, day = days % 146097;
    int64_t of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365, of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t m = (5 * of_year + 2) / 153, d = of_year - (153 * m + 2) / 5 + 1, month = m < 10 ? m + 3 : m - 9;
    int64_t year = of_era + era * 400 + (month <= 2);

    if (local_ms < 0 || year < 1980)
        return 1 << 21 | 1 << 16;
    return (uint32_t)((year - 1980) << 25 | month << 21 | d << 16 | rest / 3600 << 11 | rest / 60 % 60 << 5 | rest % 60 / 2);
}

static bool far(const struct zip_entry *e)
{
    return e->at >= MAX32;
}

size_t zip_head_size(const struct zip_entry *e)
{
    return HEAD + e->name.n;
}

/* What both records say of a file. */
static void common(struct str *out, const struct zip_entry *e)
{
    ENSURE(e->name.n <= MAX16 && e->size >= 0 && e->size < MAX32);
    put(out, UTF8, 2);
    put(out, 0, 2);                                       /* stored */
    put(out, e->time, 4);
    put(out, e->crc, 4);
    put(out, (uint64_t)e->size, 4);
    put(out, (uint64_t)e->size, 4);
    put(out, e->name.n, 2);
}

void zip_head(struct str *out, const struct zip_entry *e)
{
    str_bytes(out, "PK\3\4", 4);
    put(out, OLD, 2);
    common(out, e);
    put(out, 0, 2);
    str_put(out, e->name);
}

size_t zip_central_size(const struct zip_entry *e)
{
    return CENTRAL + e->name.n + (far(e) ? EXTRA64 : 0);
}

void zip_central(struct str *out, const struct zip_entry *e)
{
    str_bytes(out, "PK\1\2", 4);
    put(out, MADE_BY, 2);
    put(out, far(e) ? NEW : OLD, 2);
    common(out, e);
    put(out, far(e) ? EXTRA64 : 0, 2);
    put(out, 0, 6);                                       /* no comment, the one disk, no text */
    put(out, (uint64_t)MODE, 4);
    put(out, (uint64_t)(far(e) ? MAX32 : e->at), 4);
    str_put(out, e->name);
    if (far(e)) {
        put(out, 1, 2);
        put(out, 8, 2);
        put(out, (uint64_t)e->at, 8);
    }
}

static bool long_end(int64_t n, int64_t at, int64_t size)
{
    return n >= MAX16 || at >= MAX32 || size >= MAX32;
}

size_t zip_end_size(int64_t n, int64_t at, int64_t size)
{
    return END + (long_end(n, at, size) ? END64 : 0);
}

static uint64_t least(int64_t v, int64_t max)
{
    return (uint64_t)(v < max ? v : max);
}

void zip_end(struct str *out, int64_t n, int64_t at, int64_t size)
{
    if (long_end(n, at, size)) {
        str_bytes(out, "PK\6\6", 4);
        put(out, 44, 8);                                  /* of what follows in this record */
        put(out, MADE_BY, 2);
        put(out, NEW, 2);
        put(out, 0, 8);
        put(out, (uint64_t)n, 8);
        put(out, (uint64_t)n, 8);
        put(out, (uint64_t)size, 8);
        put(out, (uint64_t)at, 8);
        str_bytes(out, "PK\6\7", 4);
        put(out, 0, 4);
        put(out, (uint64_t)(at + size), 8);
        put(out, 1, 4);
    }
    str_bytes(out, "PK\5\6", 4);
    put(out, 0, 4);
    put(out, least(n, MAX16), 2);
    put(out, least(n, MAX16), 2);
    put(out, least(size, MAX32), 4);
    put(out, least(at, MAX32), 4);
    put(out, 0, 2);
}
