/* base/ip_range.h: addresses and ranges of them as people write them: "192.0.2.1", "192.0.2.0/24", "2001:db8::/32",
 * "192.0.2.10-192.0.2.20". An IPv4 address and the same address mapped into IPv6 are one address (RFC 4291, 2.5.5.2).
 * Nothing else is understood: no name, no port, no zone, no shortened or octal IPv4 (RFC 6943, 3.1.1: they are read in two ways). */
#ifndef ENGAWA_BASE_IP_RANGE_H
#define ENGAWA_BASE_IP_RANGE_H

#include "base/str.h"

struct ip {
    uint8_t b[16];                                        /* network order; IPv4 as ::ffff:a.b.c.d */
};

struct ip_range {
    struct ip first, last;                                /* both in it */
};

bool ip_parse(sv text, struct ip *out);
void ip_put(struct str *out, struct ip a);                /* as ip_parse() reads it; IPv4 as a.b.c.d */
/* The bits of an address behind its prefix do not count: 192.0.2.7/24 is 192.0.2.0/24. False: malformed, or its first is behind its
 * last, or the two are of different families. */
bool ip_range_parse(sv text, struct ip_range *out);
bool ip_in(struct ip a, const struct ip_range *r);

#endif
