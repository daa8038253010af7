/* base/str.c: borrowed and built strings. */
#include "base/str.h"
#include "base/mem.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

sv sv_c(const char *s)
{
    return s ? (sv){s, strlen(s)} : SV_NONE;
}

sv sv_n(const void *p, size_t n)
{
    return (sv){p, n};
}

bool sv_equal(sv a, sv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool sv_equal_nocase(sv a, sv b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int sv_compare(sv a, sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool sv_starts(sv s, sv with)
{
    return s.n >= with.n && sv_equal(sv_upto(s, with.n), with);
}

bool sv_ends(sv s, sv with)
{
    return s.n >= with.n && sv_equal(sv_from(s, s.n - with.n), with);
}

bool sv_find(sv s, sv what, size_t *at)
{
    const char *hit = what.n ? memmem(s.p ? s.p : "", s.n, what.p, what.n) : s.p;

    if (!hit)
        return false;
    if (at)
        *at = (size_t)(hit - s.p);
    return true;
}

sv sv_from(sv s, size_t at)
{
    return at >= s.n ? (sv){s.p ? s.p + s.n : NULL, 0} : (sv){s.p + at, s.n - at};
}

sv sv_upto(sv s, size_t n)
{
    return n < s.n ? (sv){s.p, n} : s;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

sv sv_trim(sv s)
{
    while (s.n && blank(s.p[0]))
        s = sv_from(s, 1);
    while (s.n && blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool sv_cut(sv *rest, char sep, sv *part)
{
    if (!rest->p)
        return false;
    const char *hit = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!hit) {
        *part = *rest;
        *rest = SV_NONE;
        return true;
    }
    *part = (sv){rest->p, (size_t)(hit - rest->p)};
    *rest = (sv){hit + 1, rest->n - part->n - 1};
    return true;
}

bool sv_int(sv s, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    uint64_t v = 0;

    if (minus)
        s = sv_from(s, 1);
    if (s.n == 0 || s.n > 19)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    if (v > (uint64_t)INT64_MAX + minus)
        return false;
    *out = !minus ? (int64_t)v : v ? -(int64_t)(v - 1) - 1 : 0;
    return true;
}

bool sv_id(sv s, id64 *out)
{
    int64_t n;

    if (s.n == 0 || s.p[0] < '1' || s.p[0] > '9' || !sv_int(s, &n))
        return false;
    out->n = n;
    return true;
}

sv sv_dup(struct arena *a, sv s)
{
    return (sv){arena_dup(a, s.p, s.n), s.n};
}

char *sv_cstr(struct arena *a, sv s)
{
    char *p = arena_alloc(a, s.n + 1);

    if (s.n)
        memcpy(p, s.p, s.n);
    return p;
}

sv sv_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    ENSURE(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (sv){p, (size_t)n};
}

uint64_t sv_hash(sv s, uint64_t seed)
{
    uint64_t h = 14695981039346656037u ^ seed;                /* FNV-1a, then a final mix */

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

char *str_more(struct str *s, size_t n)
{
    ENSURE(n <= SIZE_MAX / 4 && s->n <= SIZE_MAX / 4);
    size_t cap = s->cap ? s->cap * 2 : 64;
    if (cap < s->n + n)
        cap = s->n + n;
    if (s->arena) {
        char *p = arena_raw(s->arena, cap);
        if (s->n)
            memcpy(p, s->p, s->n);
        s->p = p;
    } else {
        s->p = xrealloc_n(s->p, cap, 1);
    }
    s->cap = cap;
    return s->p + s->n;
}

void str_bytes(struct str *s, const void *p, size_t n)
{
    if (n == 0)
        return;
    memcpy(str_room(s, n), p, n);
    s->n += n;
}

void str_put(struct str *s, sv add)
{
    str_bytes(s, add.p, add.n);
}

void str_c(struct str *s, const char *add)
{
    str_bytes(s, add, strlen(add));
}

void str_percent(struct str *s, sv text, const char *also)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr(also, c));
        if (plain)
            str_char(s, (char)c);
        else
            str_printf(s, "%%%02X", c);
    }
}

void str_char(struct str *s, char c)
{
    *str_room(s, 1) = c;
    s->n++;
}

#define EIGHT UINT64_C(100000000)                         /* ten to the power of eight */

/* The eight digits of a number below EIGHT, a byte each, the first one lowest: parted into halves, quarters and digits, all
 * parts of a step at once in lanes of one word. (x * 10486) >> 20 is x / 100 for four digits, (x * 103) >> 10 is x / 10 for two. */
static inline uint64_t eight_digits(uint64_t v)
{
    uint64_t x = v / 10000 | v % 10000 << 32;
    uint64_t tens = (x * 10486 >> 20) & UINT64_C(0x0000007F0000007F);

    x = tens | (x - tens * 100) << 16;
    tens = (x * 103 >> 10) & UINT64_C(0x000F000F000F000F);
    return tens | (x - tens * 10) << 8;
}

/* Writes eight bytes, of which those behind `skip` digits count. */
static inline char *eight_put(char *to, uint64_t digits, unsigned skip)
{
    uint64_t text = htole64((digits + UINT64_C(0x3030303030303030)) >> (8 * skip));

    memcpy(to, &text, sizeof(text));
    return to + 8 - skip;
}

/* Without the zeros in front. */
static inline char *head_put(char *to, uint64_t v)
{
    uint64_t digits = eight_digits(v);

    return eight_put(to, digits, digits ? (unsigned)__builtin_ctzll(digits) / 8 : 7);
}

/* Answers are full of numbers: without printf or a division for each digit. */
char *digits_put(char *to, int64_t n)
{
    uint64_t v = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    if (n < 0)
        *to++ = '-';
    if (v < EIGHT)
        return head_put(to, v);
    if (v < EIGHT * EIGHT) {
        to = head_put(to, v / EIGHT);
    } else {
        to = head_put(to, v / (EIGHT * EIGHT));
        to = eight_put(to, eight_digits(v / EIGHT % EIGHT), 0);
    }
    return eight_put(to, eight_digits(v % EIGHT), 0);
}

void str_int(struct str *s, int64_t n)
{
    char *to = str_room(s, DIGITS_ROOM);

    str_grew(s, (size_t)(digits_put(to, n) - to));
}

void str_printf(struct str *s, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    ENSURE(n >= 0);
    char *p = str_room(s, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    s->n += (size_t)n;
}

void str_drop(struct str *s, size_t n)
{
    ENSURE(n <= s->n);
    s->n -= n;
    if (s->n)
        memmove(s->p, s->p + n, s->n);
}

void str_reset(struct str *s)
{
    s->n = 0;
}

void str_release(struct str *s)
{
    if (!s->arena)
        xfree(s->p);
    *s = (struct str){.arena = s->arena};
}

sv str_sv(const struct str *s)
{
    return (sv){s->p ? s->p : "", s->n};
}
