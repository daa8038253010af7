/* store/search_list.c: sets of positions as bytes: 'b' and bits, the low one first, without the zeros at the end; or 'g' and
 * distances, seven bits a byte, the low ones first. */
#include "store/search_list.h"
#include "base/utf8.h"
#include "store/search.h"

#include <string.h>

#define HALF  21                                          /* bits of one character in a key */
#define BYTES (SEARCH_PART / 8)

/* ---- sets ---- */

void search_set_add(struct search_set *s, size_t at)
{
    s->bits[at / 64] |= UINT64_C(1) << at % 64;
}

bool search_set_has(const struct search_set *s, size_t at)
{
    return s->bits[at / 64] >> at % 64 & 1;
}

bool search_set_none(const struct search_set *s)
{
    uint64_t any = 0;

    for (size_t i = 0; i < COUNT(s->bits); i++)
        any |= s->bits[i];
    return any == 0;
}

size_t search_set_count(const struct search_set *s, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(s->bits) && n < max; i++)
        for (uint64_t word = s->bits[i]; word && n < max; word &= word - 1)
            n++;
    return n;
}

bool search_set_below(const struct search_set *s, size_t *at)
{
    for (size_t i = (*at + 63) / 64; i > 0; i--) {
        uint64_t word = s->bits[i - 1];
        if (*at < i * 64)
            word &= (UINT64_C(1) << *at % 64) - 1;
        if (word) {
            *at = (i - 1) * 64 + 63 - (size_t)__builtin_clzll(word);
            return true;
        }
    }
    return false;
}

/* ---- distances ---- */

void search_gap_write(struct str *out, int64_t from, int64_t n)
{
    uint64_t gap = (uint64_t)(n - from);

    for (; gap >= 0x80; gap >>= 7)
        str_char(out, (char)(gap | 0x80));
    str_char(out, (char)gap);
}

bool search_gap_read(sv *rest, int64_t *n)
{
    uint64_t gap = 0;

    for (size_t i = 0; i < rest->n && i < 5; i++) {
        unsigned char c = (unsigned char)rest->p[i];
        gap |= (uint64_t)(c & 0x7F) << 7 * i;
        if (c & 0x80)
            continue;
        *rest = sv_from(*rest, i + 1);
        *n += (int64_t)gap;
        return gap > 0;
    }
    return false;
}

/* Byte by byte, for a search reads some 100,000 of them. */
bool search_gaps_read(sv gaps, uint64_t *bits, uint64_t below)
{
    uint64_t n = UINT64_MAX, gap = 0;
    unsigned shift = 0;

    for (const unsigned char *p = (const unsigned char *)gaps.p, *end = p + gaps.n; p < end; p++) {
        gap |= (uint64_t)(*p & 0x7F) << shift;
        if (*p & 0x80) {
            shift += 7;
            if (shift == 5 * 7)
                return false;
            continue;
        }
        n += gap;
        if (gap == 0 || n >= below)
            return false;
        bits[n / 64] |= UINT64_C(1) << n % 64;
        gap = shift = 0;
    }
    return shift == 0;
}

/* ---- lists ---- */

static void bits_write(struct str *out, const struct search_set *s)
{
    unsigned char b[BYTES];
    size_t n = 0;

    for (size_t i = 0; i < BYTES; i++) {
        b[i] = (unsigned char)(s->bits[i / 8] >> 8 * (i % 8));
        n = b[i] ? i + 1 : n;
    }
    str_char(out, 'b');
    str_bytes(out, b, n);
}

void search_list_write(struct str *out, const struct search_set *s)
{
    size_t before = out->n, last = 0;
    int64_t from = -1;

    str_char(out, 'g');
    for (size_t i = 0; i < COUNT(s->bits); i++)
        for (uint64_t word = s->bits[i]; word; word &= word - 1) {
            last = i * 64 + (size_t)__builtin_ctzll(word);
            search_gap_write(out, from, (int64_t)last);
            from = (int64_t)last;
        }
    if (out->n - before - 1 <= last / 8 + 1)
        return;
    out->n = before;
    bits_write(out, s);
}

/* The low byte first: one load where the machine has it so. */
static uint64_t word_of(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
           (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static void bits_read(sv bits, struct search_set *s)
{
    const unsigned char *p = (const unsigned char *)bits.p;
    size_t i = 0;

    for (; i + 8 <= bits.n; i += 8)
        s->bits[i / 8] |= word_of(p + i);
    for (; i < bits.n; i++)
        s->bits[i / 8] |= (uint64_t)p[i] << 8 * (i % 8);
}

bool search_list_read(sv list, struct search_set *s)
{
    sv rest = sv_from(list, 1);

    if (sv_starts(list, SV("b")) && rest.n <= BYTES) {
        bits_read(rest, s);
        return true;
    }
    return sv_starts(list, SV("g")) && search_gaps_read(rest, s->bits, SEARCH_PART);
}

bool search_list_and(sv list, struct search_set *s)
{
    struct search_set other;

    memset(&other, 0, sizeof(other));
    if (!search_list_read(list, &other))
        return false;
    for (size_t i = 0; i < COUNT(s->bits); i++)
        s->bits[i] &= other.bits[i];
    return true;
}

/* ---- keys ---- */

/* FNV-1a, folded. */
static int64_t short_hash(sv s)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return (h ^ h >> HALF) & ((1 << HALF) - 1);
}

int64_t search_key(sv token)
{
    size_t at = 0, next;
    uint32_t first, second;

    if (!utf8_next(token, &at, &first))
        return 0;
    next = at;
    if (!utf8_next(token, &next, &second))
        return (int64_t)first << HALF;
    return (int64_t)first << HALF | (next == token.n ? (int64_t)second : short_hash(sv_from(token, at)));
}

static bool key_known(const struct search_keys *k, int64_t key)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i] == key)
            return true;
    return false;
}

void search_keys_of(struct search_keys *out, sv query)
{
    size_t open, end;

    while (sv_find(query, SV("\""), &open)) {
        query = sv_from(query, open + 1);
        if (!sv_find(query, SV("\""), &end))
            return;
        sv token = sv_upto(query, end);
        query = sv_from(query, end + 1);
        int64_t key = search_key(sv_starts(query, SV("*")) ? utf8_upto(token, SEARCH_FIRST) : token);
        if (out->n < SEARCH_KEYS && !key_known(out, key))
            out->v[out->n++] = key;
    }
}
