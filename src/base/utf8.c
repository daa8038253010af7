/* base/utf8.c: one decoder; validity, counting and walking are built on it. */
#include "base/utf8.h"

/* Length of the sequence at p (n > 0 bytes there) and its code point; 0 when malformed. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *cp)
{
    unsigned char c = p[0];

    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || n < len)
        return 0;
    uint32_t v = c & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3Fu);
    }
    if ((len == 3 && v < 0x800) || (len == 4 && v < 0x10000) || v > 0x10FFFF ||
        (v >= 0xD800 && v <= 0xDFFF))
        return 0;
    *cp = v;
    return len;
}

bool utf8_next(sv s, size_t *at, uint32_t *cp)
{
    if (*at >= s.n)
        return false;
    size_t len = decode((const unsigned char *)s.p + *at, s.n - *at, cp);
    ENSURE(len);
    *at += len;
    return true;
}

bool utf8_valid(sv s)
{
    uint32_t cp;

    for (size_t i = 0; i < s.n;) {
        size_t len = decode((const unsigned char *)s.p + i, s.n - i, &cp);
        if (!len)
            return false;
        i += len;
    }
    return true;
}

bool utf8_is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

size_t utf8_count(sv s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

void utf8_put(struct str *out, uint32_t cp)
{
    ENSURE(cp <= 0x10FFFF && !(cp >= 0xD800 && cp <= 0xDFFF));
    if (cp < 0x80) {
        str_char(out, (char)cp);
    } else if (cp < 0x800) {
        str_char(out, (char)(0xC0 | cp >> 6));
        str_char(out, (char)(0x80 | (cp & 0x3F)));
    } else if (cp < 0x10000) {
        str_char(out, (char)(0xE0 | cp >> 12));
        str_char(out, (char)(0x80 | (cp >> 6 & 0x3F)));
        str_char(out, (char)(0x80 | (cp & 0x3F)));
    } else {
        str_char(out, (char)(0xF0 | cp >> 18));
        str_char(out, (char)(0x80 | (cp >> 12 & 0x3F)));
        str_char(out, (char)(0x80 | (cp >> 6 & 0x3F)));
        str_char(out, (char)(0x80 | (cp & 0x3F)));
    }
}

sv utf8_upto(sv s, size_t code_points)
{
    size_t at = 0;
    uint32_t cp;

    while (code_points-- > 0 && utf8_next(s, &at, &cp))
        ;
    return sv_upto(s, at);
}
