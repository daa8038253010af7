/* base/ip_range.c: reading addresses with inet_pton(3), which takes one spelling of IPv4 alone. */
#include "base/ip_range.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const struct ip *a)
{
    return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool ip_parse(sv text, struct ip *out)
{
    char s[INET6_ADDRSTRLEN];

    if (text.n == 0 || text.n >= sizeof(s) || memchr(text.p, 0, text.n))
        return false;
    memcpy(s, text.p, text.n);
    s[text.n] = 0;
    memcpy(out->b, mapped, sizeof(mapped));
    return inet_pton(AF_INET, s, out->b + sizeof(mapped)) == 1 || inet_pton(AF_INET6, s, out->b) == 1;
}

void ip_put(struct str *out, struct ip a)
{
    char s[INET6_ADDRSTRLEN];

    if (is_v4(&a))
        inet_ntop(AF_INET, a.b + sizeof(mapped), s, sizeof(s));
    else
        inet_ntop(AF_INET6, a.b, s, sizeof(s));
    str_put(out, sv_c(s));
}

/* `bits` from the front stay; behind them are zeros in the first address and ones in the last. */
static void spread(struct ip_range *r, unsigned bits)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
        uint8_t host = kept >= 8 ? 0 : (uint8_t)(0xff >> kept);
        r->first.b[i] &= (uint8_t)~host;
        r->last.b[i] |= host;
    }
}

static bool prefix(sv text, const struct ip *a, unsigned *bits)
{
    unsigned most = is_v4(a) ? 32 : 128;
    int64_t n;

    if (text.n == 0 || text.n > 3 || text.p[0] == '+' || !sv_int(text, &n) || n < 0 || n > most)
        return false;
    *bits = (unsigned)n + (128 - most);
    return true;
}

bool ip_range_parse(sv text, struct ip_range *out)
{
    size_t at;
    unsigned bits;

    if (sv_find(text, SV("-"), &at))
        return ip_parse(sv_trim(sv_upto(text, at)), &out->first) && ip_parse(sv_trim(sv_from(text, at + 1)), &out->last) &&
               is_v4(&out->first) == is_v4(&out->last) && memcmp(out->first.b, out->last.b, 16) <= 0;
    sv address = sv_find(text, SV("/"), &at) ? sv_upto(text, at) : text;
    if (!ip_parse(address, &out->first))
        return false;
    out->last = out->first;
    if (address.n == text.n)
        return true;
    if (!prefix(sv_from(text, at + 1), &out->first, &bits))
        return false;
    spread(out, bits);
    return true;
}

bool ip_in(struct ip a, const struct ip_range *r)
{
    return memcmp(a.b, r->first.b, 16) >= 0 && memcmp(a.b, r->last.b, 16) <= 0;
}
